"""Picture: headline, facts and ribbon of one recording as a PNG, the same on every machine: it brings its own font.

The fonts are subsets of Inter (fonts/OFL.txt), made with `pyftsubset --no-hinting` and the layout features kern, ccmp,
locl, mark, mkmk for U+0020-017F and the signs used here.
"""

from contextlib import ExitStack
from importlib import resources

from retropace import __version__
from retropace.quantities import System
from retropace.summary import Summary
from retropace.views import charts, drawing, facts, story
from retropace.views.facts import Fact
from retropace.views.palette import LIGHT
from retropace.views.ribbon import thumbnail
from retropace.views.story import zoom_span

#: The drawing is made this wide [px], with this margin, and then scaled.
_CANVAS_PX, _MARGIN_PX = 720.0, 40.0
_INNER_PX = _CANVAS_PX - 2 * _MARGIN_PX
_HEADLINE_PX, _FACT_PX, _TEXT_PX = 26.0, 20.0, 14.0
#: Advance widths of Inter SemiBold, in em, by letter; others are as wide as most.
_WIDTHS = {
    0.27: " Iijl",
    0.31: "!,.:;|'",
    0.40: '"()/[]frt{}',
    0.57: "*?JLaksxz1^_-",
    0.72: "ADKVXYCGHNOUQ",
    0.90: "%wMm@W",
}
_EM = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_USUAL_EM, _TIGHT = 0.63, 0.97
#: The regular face is narrower by this; space between two facts [px].
_REGULAR, _GAP_PX = 0.95, 22.0


def png_report(summary: Summary, width: int = 1200, *, system: System = "metric") -> bytes:
    """The recording as a PNG `width` pixels wide."""
    import resvg_py

    svg = drawing.standalone(picture_svg(summary, system=system), LIGHT)
    with ExitStack() as unpacked:
        folder = resources.files("retropace.views").joinpath("fonts")
        names = ("Inter-Regular.otf", "Inter-SemiBold.otf")
        fonts = [str(unpacked.enter_context(resources.as_file(folder.joinpath(name)))) for name in names]
        png = resvg_py.svg_to_bytes(
            svg_string=svg, width=width, skip_system_fonts=True, font_files=fonts, font_family="Inter"
        )
    return bytes(png)


def picture_svg(summary: Summary, *, system: System = "metric") -> str:
    """The same as an SVG element."""
    marks: list[str] = []
    y = _MARGIN_PX
    y = _head(marks, summary, y)
    y = _facts(marks, facts.facts(summary, system), y)
    y = _drawings(marks, summary, y, system)
    y = _foot(marks, summary, y)
    ground = drawing.rectangle(0, 0, _CANVAS_PX, y, "ground")
    return drawing.image(_CANVAS_PX, y, story.headline(summary), [ground, *marks])


def _head(marks: list[str], summary: Summary, y: float) -> float:
    """Brand, when, and what happened; returns the y below."""
    marks.append(drawing.brand(_CANVAS_PX - _MARGIN_PX - 98, y))
    marks.append(drawing.text(_CANVAS_PX - _MARGIN_PX, y + 13, "retropace", "brand", "end"))
    when = " · ".join(part for part in (story.occasion(summary), story.zone(summary)) if part)
    marks.append(drawing.text(_MARGIN_PX, y + 13, when))
    y += 22
    if summary.recording.origin.simulated:
        marks.append(drawing.rectangle(_MARGIN_PX, y, _INNER_PX, 30, "frame", radius=8))
        marks.append(drawing.text(_MARGIN_PX + 12, y + 20, "Simulated: nobody ran this.", "strong"))
        y += 40
    for line in balanced(story.headline(summary), _HEADLINE_PX, _INNER_PX):
        y += 1.22 * _HEADLINE_PX
        marks.append(drawing.text(_MARGIN_PX, y, line, "headline"))
    return y + 20


def _facts(marks: list[str], told: list[Fact], y: float) -> float:
    """The facts side by side, in as many rows as they need; returns the y below."""
    x = _MARGIN_PX
    for fact in told:
        under = f"{fact.words} ({fact.band})" if fact.band else fact.words
        wide = max(words_px(fact.value, _FACT_PX), _REGULAR * words_px(under, _TEXT_PX)) + _GAP_PX
        if x > _MARGIN_PX and x + wide - _GAP_PX > _CANVAS_PX - _MARGIN_PX:
            x, y = _MARGIN_PX, y + 56
        marks.append(drawing.text(x, y + 18, fact.value, "fact"))
        marks.append(drawing.text(x, y + 38, under))
        x += wide
    return y + (62 if told else 0)


def _drawings(marks: list[str], summary: Summary, y: float, system: System) -> float:
    frame = charts.Frame(summary.grid, story.all_bouts(summary), summary.followed.steps if summary.followed else ())
    if not len(frame.grid):
        return y
    zoom = zoom_span(summary)
    if zoom is not None:
        small = thumbnail(frame.grid, frame.bouts, label="", width=_INNER_PX, selected_s=zoom, name="p")
        marks.append(drawing.placed(small, _MARGIN_PX, y))
        y += 56
        frame = frame.between(*zoom)
    figure = charts.figure(frame, label="", width=_INNER_PX, name="q", system=system)
    marks.append(drawing.placed(figure, _MARGIN_PX, y))
    return y + drawing.height_of(figure) + 8


def _foot(marks: list[str], summary: Summary, y: float) -> float:
    """How it is known, below a hair line."""
    y += 12
    marks.append(drawing.path(drawing.level(_MARGIN_PX, _CANVAS_PX - _MARGIN_PX, y), "grid"))
    known = ", ".join(f"{name} ({words})" for name, words in story.witness_lines(story.all_bouts(summary)))
    for line in wrapped(f"How it is known: {known}." if known else "", _TEXT_PX, _INNER_PX):
        y += 20
        marks.append(drawing.text(_MARGIN_PX, y, line))
    y += 20
    marks.append(drawing.text(_MARGIN_PX, y, f"retropace {__version__}. Bands in brackets. No medical advice."))
    return y + _MARGIN_PX - 12


def words_px(words: str, size_px: float) -> float:
    """About how wide words are drawn [px]; a little more rather than less.

    >>> 60 < words_px("forward", 16) < 70
    True
    """
    return _TIGHT * size_px * sum(_EM.get(letter, _USUAL_EM) for letter in words)


def wrapped(words: str, size_px: float, width_px: float) -> list[str]:
    """`words` broken into lines no wider than `width_px`.

    >>> wrapped("nothing in the file saw it", 16, 110)
    ['nothing in the', 'file saw it']
    """
    lines: list[str] = []
    for word in words.split():
        if lines and words_px(f"{lines[-1]} {word}", size_px) <= width_px:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def balanced(words: str, size_px: float, width_px: float) -> list[str]:
    """Like `wrapped`, in lines of about equal length: the narrowest that need no more of them."""
    best = wrapped(words, size_px, width_px)
    for narrower in range(int(width_px), int(width_px / 2), -8):
        lines = wrapped(words, size_px, narrower)
        if len(lines) > len(best):
            break
        best = lines
    return best
