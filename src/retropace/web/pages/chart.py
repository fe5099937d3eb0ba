"""Chart: the drawings of a session's page and the part of the recording they show. The same drawings as the report's."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from retropace.correction import elapsed_s
from retropace.quantities import System
from retropace.signals import Grid
from retropace.summary import Summary
from retropace.views import charts, story
from retropace.views.figures import clock, moment
from retropace.views.page import PHONE_PX, WIDE_PX
from retropace.views.ribbon import GUTTER_PX, strand_of, thumbnail
from retropace.views.timeline import columns, timeline
from retropace.views.track import Track, track
from retropace.web.language import say
from retropace.web.visit import Visit

#: Nothing shorter than this is drawn large [s].
LEAST_S = 10.0
#: By size the width of a drawing [px]: a phone of 390 px with its margins, and everything wider.
SIZES: Mapping[str, float] = {"s": PHONE_PX, "l": WIDE_PX}
_TRACK_PX = (320.0, 220.0)


@dataclass(frozen=True, slots=True)
class View:
    """The part [start_s, end_s) of a recording, from low_s to high_s, that is drawn large."""

    start_s: float
    end_s: float
    low_s: float
    high_s: float

    @property
    def length_s(self) -> float:
        """How much is shown [s]."""
        return self.end_s - self.start_s

    @property
    def whole(self) -> bool:
        """Whether all of the recording is shown."""
        return self.start_s <= self.low_s and self.end_s >= self.high_s

    @property
    def start(self) -> str:
        """As a form has it."""
        return written(self.start_s)

    @property
    def end(self) -> str:
        """As a form has it."""
        return written(self.end_s)

    @property
    def query(self) -> str:
        """As an address asks for it."""
        return f"from={self.start}&to={self.end}"

    def showing(self, start_s: float, end_s: float) -> "View":
        """The same recording from start_s to end_s, moved and widened where that reaches beyond it or is too short.

        >>> View(0, 100, 0, 100).showing(95, 97).query
        'from=1:30&to=1:40'
        """
        length = np.ceil(max(end_s - start_s, LEAST_S))
        if length >= self.high_s - self.low_s:
            return replace(self, start_s=self.low_s, end_s=self.high_s)
        begin = np.floor((start_s + end_s - length) / 2 + 0.5)
        begin = float(min(max(begin, self.low_s), self.high_s - length))
        return replace(self, start_s=begin, end_s=float(begin + length))

    def scaled(self, factor: float) -> "View":
        """`factor` times as long, about the same middle."""
        middle, half = (self.start_s + self.end_s) / 2, self.length_s * factor / 2
        return self.showing(middle - half, middle + half)

    def moved(self, share: float) -> "View":
        """Later by a share of its length; earlier where negative."""
        return self.showing(self.start_s + share * self.length_s, self.end_s + share * self.length_s)


def written(seconds: float) -> str:
    """A moment as a form or an address has it; `correction.elapsed_s` reads it back exactly.

    >>> written(808), written(808.5)
    ('13:28', '13:28.5')
    """
    whole, thousandths = divmod(round(1000 * seconds), 1000)
    return moment(whole) + f".{thousandths:03d}".rstrip("0").rstrip(".")


def view_of(visit: Visit, summary: Summary) -> View | None:
    """What the address asks to see (`from`, `to`): else the repeats, else all; None where nothing was recorded.

    Raises UnusableInput for a time that cannot be read.
    """
    return _view(summary, visit.asked("from"), visit.asked("to"))


def view_kept(visit: Visit, summary: Summary) -> View | None:
    """What was shown when a form was sent."""
    return _view(summary, visit.text("view_from", 40), visit.text("view_to", 40))


def _view(summary: Summary, start: str, end: str) -> View | None:
    if not len(summary.grid):
        return None
    low, high = float(summary.grid.time_s[0]), float(summary.grid.time_s[-1]) + 1.0
    everything = View(low, high, low, high)
    if start and end:
        begin, finish = sorted((elapsed_s(start, field="from"), elapsed_s(end, field="to")))
        asked = everything.showing(begin, finish)
        return asked if len(summary.grid.between(asked.start_s, asked.end_s)) else everything
    usual = story.zoom_span(summary)
    return everything if usual is None else everything.showing(*usual)


@dataclass(frozen=True, slots=True)
class Step:
    """A way to see another part: `view` is None where there is no more that way."""

    key: str
    words: str
    view: View | None


def steps(view: View) -> list[Step]:
    """Closer, wider, earlier, later, everything."""
    closer, wider, earlier, later = view.scaled(0.5), view.scaled(2.0), view.moved(-0.5), view.moved(0.5)
    everything = replace(view, start_s=view.low_s, end_s=view.high_s)
    offered = [
        Step("closer", say("Closer"), closer),
        Step("wider", say("Wider"), wider),
        Step("earlier", say("Earlier"), earlier),
        Step("later", say("Later"), later),
        Step("whole", say("The whole recording"), everything),
    ]
    return [step if step.view != view else replace(step, view=None) for step in offered]


@dataclass(frozen=True, slots=True)
class Drawn:
    """By size the view, large.

    `cursor` is JSON for the page's script; `range` and `of` say what is shown of how much; `legend` explains the shapes that
    are there.
    """

    figure: dict[str, str]
    cursor: str
    range: str
    of: str
    legend: list[str]


def drawn(summary: Summary, view: View, way: Track, system: System, sizes: Sequence[str] = tuple(SIZES)) -> Drawn:
    """The drawings of `view`; `way` is the track that the cursor stands on too."""
    part = charts.frame_of(summary).between(view.start_s, view.end_s)
    label = story.ribbon_label(len(part.grid), part.bouts)
    return Drawn(
        {size: _large(part, label, size, system) for size in sizes},
        as_json(_cursor(summary, part, view, way, system)),
        *_range(view, len(summary.grid)),
        _legend(part),
    )


def form_drawn(summary: Summary, view: View) -> dict[str, str]:
    """By size the charts of form in `view`; empty where nothing is known of it."""
    part = charts.frame_of(summary).between(view.start_s, view.end_s)
    if not charts.form_channels(part):
        return {}
    label = say("Time on the ground, rise and step length, by direction; their middle values are in the numbers below.")
    return {size: charts.form_figure(part, label=label, width=width) for size, width in SIZES.items()}


def overview(summary: Summary, view: View) -> dict[str, str]:
    """By size: the whole recording small, with a frame round the view where it is a part of it."""
    frame = charts.frame_of(summary)
    selected = None if view.whole else (view.start_s, view.end_s)
    label = _overview_label(view)
    return {
        size: thumbnail(frame.grid, frame.bouts, label=label, width=width, selected_s=selected, name=f"o{size}")
        for size, width in SIZES.items()
    }


def _large(part: charts.Frame, label: str, size: str, system: System) -> str:
    return charts.figure(part, label=label, width=SIZES[size], name=f"m{size}", system=system, speed=True)


def track_of(
    summary: Summary, hide_radius_m: float, home: tuple[float, float] | None, system: System = "metric"
) -> Track:
    """The way on the ground; a radius of 0 shows all of it."""
    width, height = _TRACK_PX
    bouts = story.all_bouts(summary)
    return track(
        summary.grid,
        bouts,
        width=width,
        height=height,
        hide_radius_m=hide_radius_m,
        home=home,
        system=system,
    )


def as_json(told: Mapping[str, Any]) -> str:
    """For a script element: no sign in it can end the element."""
    return json.dumps(told, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _range(view: View, recorded_s: float) -> tuple[str, str]:
    if view.whole:
        return say("All of it,"), clock(recorded_s)
    shown = say("{start} to {end}", start=moment(view.start_s), end=moment(view.end_s))
    return shown, say("of {end}", end=moment(view.high_s))


def _overview_label(view: View) -> str:
    if view.whole:
        return say("The whole recording.")
    return say(
        "The whole recording; framed: {start} to {end}, drawn larger below.",
        start=moment(view.start_s),
        end=moment(view.end_s),
    )


def _cursor(summary: Summary, part: charts.Frame, view: View, way: Track, system: System) -> dict[str, Any]:
    told = charts.cursor(part, tuple(SIZES.values()), system, speed=True)
    return told | {
        "track": _track_places(summary, part, way),
        "track_size": _TRACK_PX,
        "view": [view.start_s, view.end_s],
        "bounds": [view.low_s, view.high_s],
        "least": LEAST_S,
        "overview": places(summary.grid, 1.0, WIDE_PX - 1.0),
        "overview_px": WIDE_PX,
        "words": _words(told),
    }


def places(grid: Grid, left: float, right: float) -> list[list[float]]:
    """Pieces of time between two x [px]: [start s, end s, x from, x to] each."""
    line = timeline(grid, left, right)
    if line is None:
        return []
    rows: list[list[float]] = np.stack([line.start_s, line.end_s, line.left, line.right], axis=1).round(1).tolist()
    return rows


def _words(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "hint": say("Point at it, or use the arrow keys, to read it; drag over a part to see more of it."),
        "hint_touch": say("Touch the drawing to read it. Pinch it to see more."),
        "heart_rate": say("heart rate {number} /min"),
        "cadence": say("cadence {number} steps/min"),
        "none": say("nothing recorded"),
        "ways": [way.strip("‹› ").replace(" ›", "") for way in told.get("ways", ())],
    }


def _track_places(summary: Summary, part: charts.Frame, way: Track) -> list[list[int] | None]:
    """Where each column of the cursor stands on the track."""
    line = timeline(part.grid, GUTTER_PX, WIDE_PX)
    if line is None or not way.x.size:
        return []
    shared = columns(line, part.grid)
    first = int(np.searchsorted(summary.grid.time_s, part.grid.time_s[0]))
    inside = slice(first, first + len(part.grid))
    x, y = shared.mean(way.x[inside]), shared.mean(way.y[inside])
    return [
        [round(a), round(b)] if np.isfinite(a) and np.isfinite(b) else None
        for a, b in zip(x.tolist(), y.tolist(), strict=True)
    ]


def _legend(frame: charts.Frame) -> list[str]:
    """Sentences for the shapes that need one, only for those that are there."""
    said = []
    if any(bout.assumed for bout in frame.bouts):
        said.append(say("Pale with a dashed edge: forward, assumed."))
    if story.in_doubt(frame.bouts):
        said.append(say("Dashed outline to both sides: unknown which way."))
    if any(strand_of(bout) == "other" for bout in frame.bouts):
        said.append(say("Dots on the line: sideways, or another sport."))
    return said
