"""Track: the way on the ground, north up, without a map. The neighbourhood of start and end stays hidden.

A hidden circle is centred on the middle of a square of a fixed net, not on the door: every outing from one door hides the
same circle, and the circle tells no more than the square. What lies in a circle is not drawn, whenever it was passed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from retropace.bout import Bout
from retropace.quantities import System
from retropace.recording import FloatArray
from retropace.signals import EARTH_RADIUS_M, STEP_S, Grid
from retropace.views import drawing, ribbon
from retropace.views.story import repeats
from retropace.views.timeline import BoolArray

#: Radius hidden around start and end [m] unless the reader asks otherwise.
HIDE_RADIUS_M = 200.0
#: An end that lies within this share of the radius from the first circle's centre needs no circle of its own.
ONE_CIRCLE_SHARE = 0.75
#: Points closer than this [px] look like one, and no kind of line ever has more than so many.
_LEAST_STEP_PX, _MOST_POINTS = 0.7, 1600
#: A chevron every so many pixels of way, fewer where there would be more than so many.
_CHEVRON_PX, _MOST_CHEVRONS = 70.0, 60
_MARGIN_PX = 22.0
#: A backward stretch runs this far [px] beside the way, so that going to and fro stays readable.
_BESIDE_PX = 7.0
_FOOT_M, _MILE_M = 0.3048, 1609.344


@dataclass(frozen=True, slots=True)
class Track:
    """An SVG element, or None and the sentence that says why nothing is drawn.

    `x` and `y` say where each second of the grid stands on the drawing [px] (n,), NaN where it is not drawn.
    """

    svg: str | None
    words: str
    x: FloatArray = field(default_factory=lambda: np.empty(0), compare=False)
    y: FloatArray = field(default_factory=lambda: np.empty(0), compare=False)


@dataclass(frozen=True, slots=True)
class _Ground:
    """Positions in metres east and north (n,), NaN where unknown or hidden, and the hidden circles' centres (k, 2).

    `around` names what is hidden.
    """

    east_m: FloatArray
    north_m: FloatArray
    circles_m: FloatArray
    radius_m: float
    around: str


def track(
    grid: Grid,
    bouts: Sequence[Bout],
    *,
    width: float = 340,
    height: float = 220,
    hide_radius_m: float = HIDE_RADIUS_M,
    home: tuple[float, float] | None = None,
    system: System = "metric",
    name: str = "k",
) -> Track:
    """The way as an SVG element, backward stretches hatched beside it; the words say what was left out or why.

    Hidden is what lies within `hide_radius_m` of a point near `home` (latitude, longitude); of start and end where home is
    not known.
    """
    known = np.isfinite(grid.latitude_deg) & np.isfinite(grid.longitude_deg)
    if not known.any():
        return Track(None, "No track: the file holds no position.")
    ground = _hidden(grid.latitude_deg, grid.longitude_deg, known, hide_radius_m, home)
    seen = np.isfinite(ground.east_m)
    if seen.sum() < 2:
        reach = _length_words(hide_radius_m, system)
        return Track(
            None,
            f"No track: all of it lies within {reach} of {_HIDDEN[ground.around]}. A smaller radius shows more.",
        )
    if max(np.ptp(ground.east_m[seen]), np.ptp(ground.north_m[seen])) < 1.0:
        return Track(None, "No track: the position never moves.")
    return _drawn(ground, grid, bouts, (width, height), system, name)


def circle_centre(latitude_deg: float, longitude_deg: float, radius_m: float) -> tuple[float, float]:
    """Centre [degrees] of the circle that hides a place: the middle of its square of a net with squares one radius wide.

    The place lies anywhere in the square, so at least 0.29 of the radius inside the circle.

    >>> circle_centre(54.3001, 10.1002, 200.0) == circle_centre(54.3003, 10.1004, 200.0)
    True
    """
    rows = math.degrees(radius_m / EARTH_RADIUS_M)
    latitude = (math.floor(latitude_deg / rows) + 0.5) * rows
    lines = rows / max(math.cos(math.radians(latitude)), 0.01)
    return latitude, (math.floor(longitude_deg / lines) + 0.5) * lines


#: What is hidden, by what the circles stand around.
_HIDDEN = {"ends": "its start or end, which are hidden", "home": "home, which is hidden"}


def _hidden(
    latitude: FloatArray, longitude: FloatArray, known: BoolArray, radius_m: float, home: tuple[float, float] | None
) -> _Ground:
    ends = np.flatnonzero(known)[[0, -1]]
    origin = float(latitude[ends[0]]), float(longitude[ends[0]])
    around = "ends" if home is None else "home"

    def metres(lat: FloatArray, lon: FloatArray) -> tuple[FloatArray, FloatArray]:
        turn = np.mod(lon - origin[1] + 180.0, 360.0) - 180.0
        scale = EARTH_RADIUS_M * np.cos(np.deg2rad(origin[0]))
        return np.deg2rad(turn) * scale, np.deg2rad(lat - origin[0]) * EARTH_RADIUS_M

    east, north = metres(latitude, longitude)
    if radius_m <= 0:
        return _Ground(east, north, np.empty((0, 2)), 0.0, around)
    doors = [home] if home is not None else [(float(latitude[i]), float(longitude[i])) for i in ends]
    places = [circle_centre(*door, radius_m) for door in doors]
    circles = np.stack(metres(*np.array(places).T), axis=1)
    # Two overlapping circles would betray the border between two squares, and a door close to it.
    if math.hypot(east[ends[1]] - circles[0, 0], north[ends[1]] - circles[0, 1]) <= ONE_CIRCLE_SHARE * radius_m:
        circles = circles[:1]
    distance = np.hypot(east[:, None] - circles[:, 0], north[:, None] - circles[:, 1])
    gone = ~known | (distance <= radius_m).any(axis=1)
    return _Ground(np.where(gone, np.nan, east), np.where(gone, np.nan, north), circles, radius_m, around)


def _drawn(
    ground: _Ground, grid: Grid, bouts: Sequence[Bout], size: tuple[float, float], system: System, name: str
) -> Track:
    width, height = size
    px_per_m, x, y = _placed(ground, width, height)
    strands = ribbon.strand_codes(grid, bouts)
    times = len(repeats(bouts))
    backward = np.isin(strands, [ribbon.STRANDS.index(s) for s in ("backward run", "backward walk")])
    unknown = np.isin(strands, [ribbon.STRANDS.index(s) for s in ("unknown", "other")])
    marks = [drawing.rectangle(0, 0, width, height, "sunk", radius=10), *_circles(ground, px_per_m, x, y, name, size)]
    pieces = {css: _pieces(grid, x, y, chosen) for css, chosen in (("way", ~backward & ~unknown), ("wayu", unknown))}
    for css, found in pieces.items():
        marks.append(drawing.path("".join(drawing.polyline(a, b) for a, b in found), css))
    marks.append(_chevrons(pieces["way"], "chevf"))
    beside = [_moved_aside(a, b) for a, b in _pieces(grid, x, y, backward) if a.size > 1]
    ribbons = "".join(drawing.polyline(a, b) for a, b in beside)
    marks += [drawing.path(ribbons, "back-wash"), drawing.path(ribbons, "back-ticks"), _chevrons(beside, "chev")]
    marks += _words(times, height) if beside else []
    marks += _scale_bar(px_per_m, width, height, system)
    svg = drawing.image(width, height, _label(ground, times), marks, "track")
    return Track(svg, _left_out(ground, system), x, y)


def _placed(ground: _Ground, width: float, height: float) -> tuple[float, FloatArray, FloatArray]:
    """Scale [px/m] and the places on the drawing; the visible way fills it."""
    east_low, east_high = float(np.nanmin(ground.east_m)), float(np.nanmax(ground.east_m))
    north_low, north_high = float(np.nanmin(ground.north_m)), float(np.nanmax(ground.north_m))
    space_x, space_y = width - 2 * _MARGIN_PX, height - 2 * _MARGIN_PX - 20
    scale = min(space_x / max(east_high - east_low, 1e-9), space_y / max(north_high - north_low, 1e-9), 8.0)
    x = width / 2 + (ground.east_m - (east_low + east_high) / 2) * scale
    y = _MARGIN_PX + space_y / 2 - (ground.north_m - (north_low + north_high) / 2) * scale
    return scale, x, y


def _circles(
    ground: _Ground, scale: float, x: FloatArray, y: FloatArray, name: str, size: tuple[float, float]
) -> list[str]:
    """The hidden circles, clipped to the drawing, placed by any point that is seen."""
    seen = int(np.flatnonzero(np.isfinite(x))[0])
    marks = []
    for east, north in ground.circles_m.tolist():
        at_x = float(x[seen]) + (east - float(ground.east_m[seen])) * scale
        at_y = float(y[seen]) - (north - float(ground.north_m[seen])) * scale
        spot = f'cx="{drawing.short(at_x)}" cy="{drawing.short(at_y)}" r="{drawing.short(ground.radius_m * scale)}"'
        marks.append(f'<circle {spot} class="hidden"/>')
    box = drawing.rectangle(0, 0, *size, "", radius=10)
    return [f'<clipPath id="{name}c">{box}</clipPath><g clip-path="url(#{name}c)">', *marks, "</g>"]


def _pieces(grid: Grid, x: FloatArray, y: FloatArray, chosen: BoolArray) -> list[tuple[FloatArray, FloatArray]]:
    """Unbroken lines of the chosen seconds, thinned to what can be seen; each joins on to the second after it."""
    present = chosen & np.isfinite(x)
    jumps = np.flatnonzero(np.diff(grid.time_s) > STEP_S) + 1
    found = []
    for first, last in drawing.runs(present):
        inner = jumps[(jumps > first) & (jumps < last)].tolist()
        for start, end in zip([first, *inner], [*inner, last], strict=True):
            joined = end < x.size and np.isfinite(x[end]) and end not in jumps
            found.append(_thinned(x[start : end + joined], y[start : end + joined]))
    stride = 1 + sum(a.size for a, _ in found) // _MOST_POINTS
    return [(a[::stride], b[::stride]) for a, b in found]


def _thinned(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Without points that fall on the pixel of the point before; the last one stays."""
    step = np.hypot(np.diff(x), np.diff(y))
    travelled = np.floor(np.concatenate([[0.0], np.cumsum(step)]) / _LEAST_STEP_PX)
    kept = np.append(np.diff(travelled) > 0, [True])
    kept[0] = True
    return x[kept], y[kept]


def _moved_aside(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The line shifted to the right of its overall course."""
    along = np.array([x[-1] - x[0], y[-1] - y[0]])
    length = float(np.hypot(*along))
    if length < 1e-6:
        return x, y
    return x - _BESIDE_PX * along[1] / length, y + _BESIDE_PX * along[0] / length


def _chevrons(lines: list[tuple[FloatArray, FloatArray]], css: str) -> str:
    """Small arrowheads along the lines, pointing the way that was travelled."""
    paths = [np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))]) for x, y in lines]
    counts = [max(int(p[-1] // _CHEVRON_PX), int(p[-1] > _CHEVRON_PX / 2)) for p in paths]
    stride = 1 + sum(counts) // _MOST_CHEVRONS
    shapes = []
    for (x, y), path, count in zip(lines, paths, counts, strict=True):
        for place in ((np.arange(count) + 0.5) * path[-1] / max(count, 1)).tolist():
            here, ahead = np.interp([place, place + 2], path, x), np.interp([place, place + 2], path, y)
            shapes.append(
                _arrowhead(float(here[0]), float(ahead[0]), float(here[1] - here[0]), float(ahead[1] - ahead[0]))
            )
    return drawing.path("".join(shapes[::stride]), css)


def _arrowhead(x: float, y: float, dx: float, dy: float) -> str:
    length = math.hypot(dx, dy) or 1.0
    ux, uy = 4 * dx / length, 4 * dy / length
    tail = (x - ux - uy, y - uy + ux), (x - ux + uy, y - uy - ux)
    points = [f"{drawing.short(a)} {drawing.short(b)}" for a, b in (tail[0], (x + ux * 0.5, y + uy * 0.5), tail[1])]
    return f"M{points[0]}L{points[1]}L{points[2]}"


def _words(backward: int, height: float) -> list[str]:
    times = "once" if backward == 1 else f"{backward} times"
    return [drawing.text(14, height - 14, f"‹ backward, {times}", "lb")]


def _scale_bar(px_per_m: float, width: float, height: float, system: System) -> list[str]:
    """A bar of a round length at the lower right, and north."""
    metres, words = _round_length(90 / px_per_m, system)
    end, y = width - 14.0, height - 16.0
    start = end - metres * px_per_m
    bar = f"M{drawing.short(start)} {drawing.short(y - 4)}v4H{drawing.short(end)}v-4"
    north = f"M{drawing.short(end)} 30V14l-3.5 5M{drawing.short(end)} 14l3.5 5"
    return [
        drawing.path(bar, "scale"),
        drawing.text((start + end) / 2, y - 7, words, "lab", "middle"),
        drawing.path(north, "scale"),
        drawing.text(end - 8, 28, "N", "lab", "end"),
    ]


def _round_length(most_m: float, system: System) -> tuple[float, str]:
    """The longest 1-2-5 length that fits into `most_m`: metres and words.

    >>> _round_length(90, "metric"), _round_length(3000, "imperial")
    ((50.0, '50 m'), (1609.344, '1 mi'))
    """
    if system == "metric":
        unit_m, word = (1.0, "m") if most_m < 1000 else (1000.0, "km")
    else:
        unit_m, word = (_FOOT_M, "ft") if most_m < _MILE_M else (_MILE_M, "mi")
    power = 10.0 ** math.floor(math.log10(most_m / unit_m))
    count = next(c for c in (5 * power, 2 * power, power) if c * unit_m <= most_m)
    return count * unit_m, f"{count:g} {word}"


def _length_words(metres: float, system: System) -> str:
    if system == "imperial":
        return f"{metres / _FOOT_M:.0f} ft"
    return f"{metres:.0f} m"


def _left_out(ground: _Ground, system: System) -> str:
    if not ground.radius_m:
        return "The whole track is shown, start and end too: think before you pass it on."
    reach = _length_words(ground.radius_m, system)
    if ground.around == "home":
        return f"Home is hidden: nothing is drawn within {reach} of a point near it."
    return f"Start and end are hidden: nothing is drawn within {reach} of a point near them."


def _label(ground: _Ground, backward: int) -> str:
    times = "no backward stretch" if not backward else f"{backward} backward stretches, hatched beside the way"
    hidden = "; home hidden." if ground.around == "home" else "; start and end hidden."
    return f"Track, north up: {times}" + (hidden if ground.radius_m else ".")
