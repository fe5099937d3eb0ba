"""Body map: a person from the front and from behind, in the style of our figures, with every part of the log on it.

The drawing is for the eyes; what is tapped or typed into are the page's own controls, laid over it by `body_stylesheet`.
Each part is there once on each side, front or back, where its owner feels it. How much is told by number and pattern.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from retropace.log import Part, Side, Where
from retropace.saying import place_words
from retropace.views.drawing import escaped, image, path, short, text

#: Size of the drawing. One unit is one pixel where a telephone is 320 pixels wide; nothing to tap may be smaller there.
WIDTH, HEIGHT = 276.0, 516.0
LEAST_TOUCH = 44.0
#: Where the middle of each figure stands.
_AXIS = {"front": 69.0, "back": 207.0}
SIDES = (Side.LEFT, Side.RIGHT)
#: The patterns of marks, weakest first: how much is beyond the edge. The edges are those of the rules for pain.
LEVELS = ((0.0, 1), (2.0, 2), (5.0, 3))


@dataclass(frozen=True, slots=True)
class Spot:
    """One part on the drawing: on which `view`, where its middle is (`out` from the axis), what one may tap around it.

    `shape` are the points of its outline, `out` and y, on the side of positive x; rounded where they are drawn.
    """

    part: Part
    view: str
    out: float
    y: float
    width: float
    height: float
    shape: tuple[tuple[float, float], ...]


def _limb(x0: float, y0: float, x1: float, y1: float, wide: float, narrow: float) -> tuple[tuple[float, float], ...]:
    """The outline of a stretch of a limb, `wide` at its first end and `narrow` at the other, round at both."""
    angle = math.atan2(y1 - y0, x1 - x0)
    points = []
    for x, y, half, first in ((x0, y0, wide / 2, 90.0), (x1, y1, narrow / 2, -90.0)):
        for step in range(9):
            turn = angle + math.radians(first + 22.5 * step)
            points.append((x + half * math.cos(turn), y + half * math.sin(turn)))
    return tuple(points)


def _round(x: float, y: float, width: float, height: float) -> tuple[tuple[float, float], ...]:
    turns = [math.radians(20 * step) for step in range(18)]
    return tuple((x + width / 2 * math.cos(turn), y + height / 2 * math.sin(turn)) for turn in turns)


#: Joints that are drawn as points, as in our other figures: `out` from the axis and y.
_JOINTS = ((33.5, 84.0), (46.0, 145.0), (56.5, 206.0), (26.0, 324.0), (33.0, 431.0))

#: Every part, from the head down: each is there once.
SPOTS = (
    Spot(Part.NECK, "back", 22, 66, 44, 44, ((6, 52), (8, 60), (12, 68), (20, 72), (33, 74), (22, 80), (5, 84))),
    Spot(Part.SHOULDER, "front", 34, 84, 52, 48, ((24, 78), (32, 71), (44, 78), (47, 96), (38, 101), (28, 96))),
    Spot(Part.LOW_BACK, "back", 22, 170, 44, 50, ((3, 150), (25, 150), (27, 168), (29, 190), (3, 190))),
    Spot(Part.HIP, "front", 22, 210, 44, 52, ((20, 196), (34, 192), (36, 208), (34, 226), (22, 224))),
    Spot(Part.GLUTE, "back", 22, 222, 44, 52, ((3, 208), (16, 201), (33, 208), (35, 228), (22, 243), (5, 236))),
    Spot(
        Part.THIGH_FRONT, "front", 22, 267, 44, 62, ((16, 246), (30, 246), (33, 266), (29, 303), (20, 303), (14, 270))
    ),
    Spot(Part.HAMSTRING, "back", 23, 282, 46, 68, ((15, 256), (31, 256), (34, 276), (30, 312), (20, 312), (14, 280))),
    Spot(Part.KNEE, "front", 26, 324, 50, 52, _round(26, 324, 21, 25)),
    Spot(Part.SHIN, "front", 29, 378, 54, 56, ((23, 346), (31, 346), (35, 370), (35, 407), (29, 407), (25, 376))),
    Spot(Part.CALF, "back", 28, 366, 56, 60, ((21, 342), (34, 342), (39, 364), (34, 396), (26, 396), (19, 366))),
    Spot(Part.ANKLE, "front", 33, 430, 60, 48, _round(33, 431, 16, 17)),
    Spot(Part.ACHILLES, "back", 33, 421, 60, 50, ((29, 402), (35, 402), (36, 422), (37, 446), (29, 446), (30, 422))),
    Spot(Part.FOOT, "front", 38, 477, 60, 46, ((30, 454), (40, 454), (48, 474), (48, 490), (36, 490), (31, 472))),
)
_BY_PART = {spot.part: spot for spot in SPOTS}
#: What is drawn around the parts: half the trunk, and arm, thigh, lower leg and foot of one side.
_TRUNK = (
    (0, 66),
    (16, 68),
    (32, 71),
    (45, 76),
    (42, 104),
    (33, 134),
    (31, 160),
    (35, 196),
    (37, 222),
    (18, 244),
    (0, 240),
)
_LIMBS = (
    _limb(38, 86, 46, 145, 18, 15),
    _limb(46.5, 149, 56.5, 204, 14, 10),
    _limb(20, 232, 26, 322, 32, 23),
    ((16, 318), (36, 318), (41, 360), (38, 400), (39, 440), (28, 440), (25, 400), (17, 362)),
)
_FOOT = {
    "front": ((25, 430), (42, 430), (50, 470), (53, 495), (33, 497), (27, 470)),
    "back": ((26, 430), (40, 430), (43, 456), (40, 474), (29, 474), (25, 456)),
}
_HEAD_Y, _HEAD = 35.0, 17.0


@dataclass(frozen=True, slots=True)
class Words:
    """What is written on the drawing."""

    front: str = "front"
    back: str = "back"
    left: str = "your left"
    right: str = "your right"


_ENGLISH = Words()


def level(value: float) -> int:
    """Which pattern marks `value`, 0 for none.

    >>> level(0), level(2), level(2.5), level(6)
    (0, 1, 2, 3)
    """
    return max((number for edge, number in LEVELS if value > edge), default=0)


def place_name(where: Where) -> str:
    """A part and side as it is read out.

    >>> place_name((Part.CALF, Side.LEFT)), place_name((Part.NECK, Side.RIGHT))
    ('left calf', 'neck, right side')
    """
    part, side = where
    words = place_words(where).removeprefix("Your ")
    middle = part in (Part.NECK, Part.LOW_BACK)
    return f"{words}, {side} side" if middle and side is not Side.BOTH else words[:1].lower() + words[1:]


def spot_key(where: Where) -> str:
    """A part and side as one word, for classes and fields.

    >>> spot_key((Part.LOW_BACK, Side.LEFT))
    'low_back-left'
    """
    return f"{where[0]}-{where[1]}"


def area(where: Where) -> tuple[float, float, float, float]:
    """What may be tapped for a part and side (not both): x, y, width and height on the drawing.

    The person's own left is on the right of the front view, as in somebody who faces you.
    """
    part, side = where
    spot = _BY_PART[part]
    x = _AXIS[spot.view] + _sign(spot.view, side) * spot.out
    return x - spot.width / 2, spot.y - spot.height / 2, spot.width, spot.height


def body_svg(values: Mapping[Where, float], *, label: str = "", name: str = "b", words: Words = _ENGLISH) -> str:
    """The figures with `values` marked on them. Without `label` it is hidden from those who read by ear.

    `name` must be its own where several stand on one page. A value of both sides marks both. Numbers are drawn where there
    is a label; else the controls over the drawing show them.
    """
    marks = "".join((*_patterns(name), *_figure("front", name, values), *_figure("back", name, values), *_words(words)))
    if label:
        return image(WIDTH, HEIGHT, label, (marks, *_numbers(values)), "bodymap")
    box = f'viewBox="0 0 {short(WIDTH)} {short(HEIGHT)}" width="{short(WIDTH)}" height="{short(HEIGHT)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} class="bodymap" aria-hidden="true">{marks}</svg>'


@cache
def body_stylesheet() -> str:
    """How the drawing looks, and where the controls over it stand: `.at-PART-SIDE` sets shares --x, --y, --w, --h."""
    css = resources.files("retropace.views").joinpath("bodymap.css").read_text(encoding="utf-8")
    return css + "".join(_placed((spot.part, side)) for spot in SPOTS for side in SIDES)


def _placed(where: Where) -> str:
    x, y, width, height = area(where)
    shares = (("x", x / WIDTH), ("y", y / HEIGHT), ("w", width / WIDTH), ("h", height / HEIGHT))
    return f".at-{spot_key(where)}{{{''.join(f'--{name}:{100 * share:.3f}%;' for name, share in shares)}}}"


def _sign(view: str, side: Side) -> int:
    """To which side of a figure's axis a side lies: seen from the front, somebody's left is on your right."""
    return 1 if (view == "front") is (side is Side.LEFT) else -1


# -- drawing ------------------------------------------------------------------------------------------------------------


def _figure(view: str, name: str, values: Mapping[Where, float]) -> Iterator[str]:
    """Outlines, the parts one can tell of with what is marked, and joints as points, as in our other figures."""
    axis = _AXIS[view]
    yield path(_outline(_limb(0, 50, 0, 72, 15, 18), axis, 1), "bm-body")
    for half in (-1, 1):
        yield from (path(_outline(shape, axis, half), "bm-body") for shape in (_FOOT[view], *_LIMBS))
    yield path(_outline(_whole(_TRUNK), axis, 1), "bm-body")
    yield f'<circle cx="{short(axis)}" cy="{short(_HEAD_Y)}" r="{short(_HEAD)}" class="bm-body"/>'
    if view == "back":
        yield path(f"M{short(axis)} 88V198", "bm-fold")
    for spot in SPOTS:
        if spot.view == view:
            yield from (_part(spot, side, name, values) for side in SIDES)
    for half in (-1, 1):
        yield from (_dot(axis + half * x, y) for x, y in _JOINTS)


def _part(spot: Spot, side: Side, name: str, values: Mapping[Where, float]) -> str:
    """One part, and its mark above it: the page's script changes only the mark's class and fill."""
    where = (spot.part, side)
    value = values.get(where, values.get((spot.part, Side.BOTH), 0.0))
    data = _outline(spot.shape, _AXIS[spot.view], _sign(spot.view, side))
    number = level(value)
    fill = f' fill="url(#{name}{number})"' if number else ""
    mark = f'<path d="{data}" class="bm-mark lv{number}" data-mark="{spot_key(where)}"{fill}/>'
    return path(data, "bm-part") + mark


def _whole(half: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """An outline that crosses the axis, from its half."""
    return (*half, *((-x, y) for x, y in reversed(half) if x > 0))


def _outline(points: tuple[tuple[float, float], ...], axis: float, half: int) -> str:
    """A closed smooth line through the middles of the edges, with the points as its bends."""
    at = [(axis + half * x, y) for x, y in points]
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in zip(at, (*at[1:], at[0]), strict=True)]
    start = f"M{short(middles[-1][0])} {short(middles[-1][1])}"
    bends = (f"Q{short(x)} {short(y)} {short(to[0])} {short(to[1])}" for (x, y), to in zip(at, middles, strict=True))
    return f"{start}{''.join(bends)}Z"


def _dot(x: float, y: float) -> str:
    return f'<circle cx="{short(x)}" cy="{short(y)}" r="2.4" class="pose-joint"/>'


def _patterns(name: str) -> Iterator[str]:
    """Few dots, many dots, solid: told apart without colour, and from the hatch that means backward."""
    yield "<defs>"
    for number, pitch, radius in ((1, 6.0, 1.2), (2, 4.4, 1.6)):
        size = f'width="{pitch}" height="{pitch}" patternUnits="userSpaceOnUse"'
        dots = f'<circle cx="{pitch / 2}" cy="{pitch / 2}" r="{radius}" class="pose-joint"/>'
        yield f'<pattern id="{name}{number}" {size}>{dots}</pattern>'
    yield f'<pattern id="{name}3" width="8" height="8" patternUnits="userSpaceOnUse">'
    yield '<rect width="8" height="8" class="pose-joint"/></pattern></defs>'


def _words(words: Words) -> Iterator[str]:
    """Front and back, and whose left and right it is: the left sides of both figures meet in the middle."""
    yield text(_AXIS["front"], HEIGHT - 1, words.front, "bm-word", "middle")
    yield text(_AXIS["back"], HEIGHT - 1, words.back, "bm-word", "middle")
    yield text(1, 13, words.right, "lab")
    yield text(WIDTH / 2, 13, words.left, "lab", "middle")
    yield text(WIDTH - 1, 13, words.right, "lab", "end")


def _numbers(values: Mapping[Where, float]) -> Iterator[str]:
    for spot in SPOTS:
        for side in SIDES:
            value = values.get((spot.part, side), values.get((spot.part, Side.BOTH), 0.0))
            if level(value):
                x, y, width, height = area((spot.part, side))
                middle = (short(x + width / 2), short(y + height / 2))
                yield f'<circle cx="{middle[0]}" cy="{middle[1]}" r="13" class="bm-badge lv{level(value)}"/>'
                yield text(x + width / 2, y + height / 2 + 5, f"{value:g}", f"bm-number lv{level(value)}", "middle")


def told_marks(values: Mapping[Where, float]) -> str:
    """What is marked, in words.

    >>> told_marks({(Part.CALF, Side.LEFT): 4.0, (Part.KNEE, Side.BOTH): 2.0})
    'left calf 4 of 10, both knees 2 of 10'
    """
    return ", ".join(escaped(f"{place_name(where)} {value:g} of 10") for where, value in values.items() if level(value))
