"""Drawing: SVG marks as text, every number short and every word escaped."""

import html
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from retropace.recording import FloatArray
from retropace.views.palette import resolved

#: Characters XML 1.0 does not allow, even escaped.
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def escaped(words: str) -> str:
    """`words` safe inside SVG text and attributes.

    >>> escaped('a<b>"')
    'a&lt;b&gt;&quot;'
    """
    return html.escape(_UNWRITABLE.sub("", words))


def short(number: float) -> str:
    """A coordinate with at most one decimal.

    >>> short(12.04), short(-0.04), short(3.25)
    ('12', '0', '3.2')
    """
    return (
        f"{number:.1f}".removesuffix(".0").replace("-0", "0")
        if abs(number) < 0.05
        else f"{number:.1f}".removesuffix(".0")
    )


def text(x: float, y: float, words: str, css: str = "lab", anchor: str = "start") -> str:
    """Words at a point. `anchor`: start, middle or end."""
    side = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{short(x)}" y="{short(y)}"{side} class="{css}">{escaped(words)}</text>'


def rectangle(x: float, y: float, width: float, height: float, css: str, fill: str = "", radius: float = 0) -> str:
    """A box; `fill` names a pattern where it has one."""
    paint = f' fill="{fill}"' if fill else ""
    corner = f' rx="{short(radius)}"' if radius else ""
    size = f'width="{short(width)}" height="{short(height)}"'
    return f'<rect x="{short(x)}" y="{short(y)}" {size}{corner} class="{css}"{paint}/>'


def path(data: str, css: str, fill: str = "") -> str:
    """A path with ready-made path data; nothing where there is none."""
    paint = f' fill="{fill}"' if fill else ""
    return f'<path d="{data}" class="{css}"{paint}/>' if data else ""


def polyline(x: FloatArray, y: FloatArray) -> str:
    """Path data through the points (n,), n >= 1.

    >>> polyline(np.array([0.0, 1.5]), np.array([2.0, 3.0]))
    'M0 2L1.5 3'
    """
    points = "L".join(f"{short(a)} {short(b)}" for a, b in zip(x.tolist(), y.tolist(), strict=True))
    return f"M{points}"


def level(x0: float, x1: float, y: float) -> str:
    """Path data of a level line."""
    return f"M{short(x0)} {short(y)}H{short(x1)}"


def stroke(x0: float, y0: float, x1: float, y1: float) -> str:
    """Path data of a straight line."""
    return f"M{short(x0)} {short(y0)}L{short(x1)} {short(y1)}"


def runs(present: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and one-past-last index of every unbroken run of True.

    >>> runs(np.array([True, True, False, True]))
    [(0, 2), (3, 4)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], present, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def hatch(name: str, pitch: float = 4.6, weight: float = 1.8) -> str:
    """The pattern of everything backward: diagonal strokes on a light wash."""
    box = f'width="{pitch}" height="{pitch}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"'
    wash = f'<rect width="{pitch}" height="{pitch}" class="hatch-bg"/>'
    stroke = f'<path d="M0 0V{pitch}" class="hatch-ln" stroke-width="{weight}"/>'
    return f'<pattern id="{name}" {box}>{wash}{stroke}</pattern>'


def dots(name: str, pitch: float = 5.0) -> str:
    """The pattern of sideways and other movement."""
    dot = f'<circle cx="{pitch / 2}" cy="{pitch / 2}" r="1.3" class="dot"/>'
    return f'<pattern id="{name}" width="{pitch}" height="{pitch}" patternUnits="userSpaceOnUse">{dot}</pattern>'


def image(width: float, height: float, label: str, marks: Iterable[str], css: str = "") -> str:
    """An SVG element that reads as one picture, described by `label`."""
    box = f'viewBox="0 0 {short(width)} {short(height)}" width="{short(width)}" height="{short(height)}"'
    name = f' class="{css}"' if css else ""
    body = "".join(marks)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}{name} role="img" aria-label="{escaped(label)}">{body}</svg>'


def placed(svg: str, x: float, y: float) -> str:
    """The marks of an SVG element of ours inside another drawing, moved to x, y."""
    start = svg.index(">") + 1
    return f'<g transform="translate({short(x)} {short(y)})">{svg[start:].removesuffix("</svg>")}</g>'


def height_of(svg: str) -> float:
    """Height [px] of an SVG element of ours."""
    found = re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', svg)
    return float(found[1]) if found else 0.0


def brand(x: float, y: float) -> str:
    """The mark of retropace: a line with two short blocks above it and a long one below."""
    line, above, below = (
        path("M0 8h22", "line"),
        path("M2 8V4.5h4V8zM16 8V4.5h4V8z", "fr"),
        path("M8 8h6v8H8z", "brandb"),
    )
    return f'<g transform="translate({short(x)} {short(y)})">{line}{above}{below}</g>'


@cache
def stylesheet() -> str:
    """The drawing's own CSS, colours as custom properties."""
    return resources.files("retropace.views").joinpath("drawing.css").read_text(encoding="utf-8")


def standalone(svg: str, palette: dict[str, str]) -> str:
    """`svg` with its styles inside and its colours written out, for a file of its own."""
    end = svg.index(">") + 1
    return f"{svg[:end]}<style>{resolved(stylesheet(), palette)}</style>{svg[end:]}"
