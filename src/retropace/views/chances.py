"""Chances: how probable each direction is, second by second, as a strip under the ribbon and as lines of a table.

In the strip forward fills from above, backward (hatched) from below, as in the ribbon; what neither fills was standing or
sideways. Where the answer is unknown or only assumed, nothing is filled: a probability that rests on habit is no sight.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retropace.bout import Bout
from retropace.quantities import Direction
from retropace.recording import FloatArray
from retropace.signals import BoolArray, Grid
from retropace.views import drawing, ribbon
from retropace.views.figures import span
from retropace.witness import BACKWARD, FORWARD, SIDEWAYS

#: Height of the strip and of its title [px].
STRIP_PX, TITLE_PX = 30.0, 22.0
#: Shares are drawn in steps of this size: finer ones nobody sees.
_STEP = 0.05


@dataclass(frozen=True, slots=True)
class Chances:
    """Probability (n,) of going forward, backward and sideways in each second; what is missing to 1 is standing.

    `open_` (n,) marks seconds in which nothing shows which way: forward is a habit there, and no sight. `doubtful` (n,):
    something does, but not surely.
    """

    forward: FloatArray
    backward: FloatArray
    sideways: FloatArray
    open_: BoolArray
    doubtful: BoolArray

    def between(self, first: int, last: int) -> "Chances":
        """Those of the seconds first..last-1."""
        part = slice(first, last)
        return Chances(
            self.forward[part], self.backward[part], self.sideways[part], self.open_[part], self.doubtful[part]
        )


def chances(grid: Grid, bouts: Sequence[Bout], probability: FloatArray | None) -> Chances | None:
    """What `probability` (n, 7) of `witness.STATES` says of each second; None where nothing shows which way anywhere.

    Where the person said which way, that is so.
    """
    if probability is None or not len(grid):
        return None
    shares = [probability[:, states].sum(axis=1) for states in (FORWARD, BACKWARD, SIDEWAYS)]
    open_, doubtful = np.ones(len(grid), bool), np.zeros(len(grid), bool)
    for bout in bouts:
        part = slice(*np.searchsorted(grid.time_s, [bout.start_s, bout.end_s]).tolist())
        unknown = bout.direction is Direction.UNKNOWN
        unseen = bout.assumed or (unknown and not set(bout.known_by) - {"none", "sport", "assumed"})
        open_[part], doubtful[part] = unseen, unknown and not unseen
        if "person" in bout.known_by:
            for share, way in zip(shares, (Direction.FORWARD, Direction.BACKWARD, Direction.SIDEWAYS), strict=True):
                share[part] = float(bout.direction is way)
    return None if open_.all() else Chances(shares[0], shares[1], shares[2], open_, doubtful)


def strip_marks(found: Chances, drawn: ribbon.Profile, top: float, name: str) -> list[str]:
    """The strip with its title, from y = `top` [px] down, over the same time as the ribbon `drawn`.

    `name` is that of the figure: its hatch is used.
    """
    left, right = float(drawn.line.left[0]), float(drawn.line.right[-1])
    begin = top + TITLE_PX - 12
    seen = ~found.open_
    forward, backward, sideways, shown, doubt = (
        drawn.columns.mean(np.where(seen, values, 0.0))
        for values in (found.forward, found.backward, found.sideways, seen * 1.0, found.doubtful * 1.0)
    )
    marks = [
        drawing.text(left, top, "How probable, which way", "strong"),
        drawing.text(right, top, _said(found), "lab", "end"),
        drawing.path(_area(drawn, forward, begin, 1.0), "fr"),
        drawing.path(_area(drawn, backward, begin + STRIP_PX, -1.0), "bb", f"url(#{name}h)"),
        drawing.path(_area(drawn, sideways, begin + STRIP_PX, -1.0, backward), "se", f"url(#{name}d)"),
        drawing.path(_boxes(drawn, shown < 0.5, begin), "un"),
        drawing.path(_boxes(drawn, doubt >= 0.5, begin), "edge"),
    ]
    edges = [drawing.level(left, right, y) for y in (begin, begin + STRIP_PX)]
    middle = drawing.level(left, right, begin + STRIP_PX / 2)
    return [drawing.path(middle, "grid"), *marks, drawing.path("".join(edges), "grid")]


def _said(found: Chances) -> str:
    share = 100 * float(np.mean(found.open_ | found.doubtful))
    return f"unsure for {share:.0f} % of it" if share >= 1 else "0 to 100 %"


def _area(drawn: ribbon.Profile, share: FloatArray, zero: float, down: float, base: FloatArray | None = None) -> str:
    """Steps as tall as `share` (m,) from y = `zero` on, downwards where `down` is 1; on top of `base` where given."""
    height = np.round(np.nan_to_num(share) / _STEP) * _STEP * STRIP_PX
    start = np.zeros_like(height) if base is None else np.round(np.nan_to_num(base) / _STEP) * _STEP * STRIP_PX
    pieces = []
    for first, last in ribbon.stretches(drawn, height > 0):
        cuts = first + 1 + np.flatnonzero((np.diff(height[first:last]) != 0) | (np.diff(start[first:last]) != 0))
        for a, b in zip([first, *cuts.tolist()], [*cuts.tolist(), last], strict=True):
            x0, x1 = float(drawn.line.x(drawn.columns.start_s[a])), float(drawn.line.x(drawn.columns.end_s[b - 1]))
            y, tall = zero + down * float(start[a]), down * float(height[a])
            pieces.append(_box(x0, x1, y, tall))
    return "".join(pieces)


def _boxes(drawn: ribbon.Profile, where: BoolArray, top: float) -> str:
    """An outline round each stretch in which nothing shows which way."""
    boxes = []
    for first, last in ribbon.stretches(drawn, where & np.isfinite(where)):
        x0 = float(drawn.line.x(drawn.columns.start_s[first]))
        x1 = float(drawn.line.x(drawn.columns.end_s[last - 1]))
        boxes.append(_box(x0, x1, top, STRIP_PX))
    return "".join(boxes)


def _box(x0: float, x1: float, y: float, tall: float) -> str:
    return f"M{drawing.short(x0)} {drawing.short(y)}H{drawing.short(x1)}v{drawing.short(tall)}H{drawing.short(x0)}z"


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch in words: when, and how probable each way was on average, in percent; all empty where nothing showed it."""

    span: str
    start_s: float
    end_s: float
    forward: str
    backward: str
    neither: str


def lines(found: Chances, grid: Grid, bouts: Sequence[Bout]) -> list[Line]:
    """The strip as a table, a line for each bout."""
    told = []
    for bout in bouts:
        part = slice(*np.searchsorted(grid.time_s, [bout.start_s, bout.end_s]).tolist())
        if part.stop <= part.start:
            continue
        forward, backward = float(found.forward[part].mean()), float(found.backward[part].mean())
        shares = (forward, backward, 1 - forward - backward)
        words = ("", "", "") if found.open_[part].all() else tuple(_percent(share) for share in shares)
        told.append(Line(span(bout.start_s, bout.end_s), bout.start_s, bout.end_s, *words))
    return told


def _percent(share: float) -> str:
    """Never 0 or 100 % of what is only nearly so.

    >>> _percent(0.999), _percent(0.0004), _percent(0.5), _percent(0.0)
    ('over 99 %', 'under 1 %', '50 %', '0 %')
    """
    if 0.99 < share < 1:
        return "over 99 %"
    return "under 1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"
