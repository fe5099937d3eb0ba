"""Correcting: which stretch is asked about, how it is drawn larger, and what the person says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retropace.bout import Bout
from retropace.correction import WORDS, elapsed_s
from retropace.errors import UnusableInput
from retropace.plan import FollowedStep
from retropace.quantities import Direction
from retropace.recording import Declared
from retropace.summary import Summary
from retropace.views import charts, story
from retropace.views.figures import clock, moment
from retropace.views.ribbon import thumbnail
from retropace.web.language import say
from retropace.web.pages.chart import View, as_json, places, written
from retropace.web.visit import Visit

#: By size the width of the enlargement [px], and its height. The grips stand below.
_SIZES = {"s": 316.0, "l": 566.0}
_HEIGHT_PX = 88.0
#: What is shown on either side of the stretch: at least so many seconds, and this share of it.
_MARGIN_S, _MARGIN = 12.0, 1.0
#: One recording can be corrected so often; each is laid over all before it.
MOST_CORRECTIONS = 500


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a recording, [start_s, end_s)."""

    start_s: float
    end_s: float

    @property
    def start(self) -> str:
        """As a form has it."""
        return written(self.start_s)

    @property
    def end(self) -> str:
        """As a form has it."""
        return written(self.end_s)

    @property
    def length(self) -> str:
        """In words."""
        return clock(self.end_s - self.start_s)

    @property
    def query(self) -> str:
        """As an address asks for it."""
        return f"fix={self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about direction: a `stretch`, and what is known of it.

    `kind` is "doubt" where nobody knows it, "assumed" where all was taken as forward, "chosen" where the person came to
    correct it, "none" where nothing is in doubt. `number` of `count` stretches in doubt, `previous` and `following` them.
    """

    kind: str
    stretch: Stretch
    reasons: tuple[str, ...] = ()
    number: int = 0
    count: int = 0
    previous: Stretch | None = None
    following: Stretch | None = None


def question(visit: Visit, summary: Summary, view: View) -> Question:
    """The stretch that the address asks for (`fix`), else the first in doubt, else what is shown.

    Raises UnusableInput for a stretch that cannot be read.
    """
    open_ = doubtful(summary) if story.doubt_matters(summary) else []
    asked = _asked(visit, view)
    if asked is None and not open_:
        bouts = story.all_bouts(summary)
        return Question("assumed" if any(b.assumed for b in bouts) else "none", Stretch(view.start_s, view.end_s))
    stretch = asked or open_[0]
    return _about(stretch, open_, summary)


def _about(stretch: Stretch, open_: Sequence[Stretch], summary: Summary) -> Question:
    if stretch not in open_:
        return Question("chosen", stretch, tuple(_ways(stretch, summary)), count=len(open_))
    at = open_.index(stretch)
    return Question(
        "doubt",
        stretch,
        tuple(_reasons(stretch, summary)),
        number=at + 1,
        count=len(open_),
        previous=open_[at - 1] if at else None,
        following=open_[at + 1] if at + 1 < len(open_) else None,
    )


def doubtful(summary: Summary) -> list[Stretch]:
    """Stretches on foot whose direction nobody knows and the person has not left open; those that touch are one."""
    found: list[Stretch] = []
    for bout in story.in_doubt(story.all_bouts(summary)):
        if bout.known_by == ("person",):
            continue
        if found and bout.start_s - found[-1].end_s < 1.0:
            found[-1] = Stretch(found[-1].start_s, bout.end_s)
        else:
            found.append(Stretch(bout.start_s, bout.end_s))
    return found


def _asked(visit: Visit, view: View) -> Stretch | None:
    text = visit.asked("fix")
    if not text:
        return None
    start, _, end = text.partition("-")
    begin, finish = sorted((elapsed_s(start, field="fix"), elapsed_s(end, field="fix")))
    begin, finish = max(begin, view.low_s), min(finish, view.high_s)
    return Stretch(begin, finish) if finish > begin else None


def _inside(stretch: Stretch, summary: Summary) -> list[Bout]:
    return [b for b in story.all_bouts(summary) if b.end_s > stretch.start_s and b.start_s < stretch.end_s]


def _reasons(stretch: Stretch, summary: Summary) -> list[str]:
    """Why it is not known, and what the plan says."""
    reasons = list(dict.fromkeys(bout.reason for bout in _inside(stretch, summary) if bout.reason))
    followed = summary.followed.steps if summary.followed else ()
    told = [f"{reason[:1].upper()}{reason[1:]}." for reason in reasons]
    planned = _planned(stretch, followed)
    if planned is not None:
        told.append(say("The plan says {direction} here.", direction=say(planned.value)))
    return told


def _planned(stretch: Stretch, followed: Sequence[FollowedStep]) -> Direction | None:
    """The direction that was planned for most of the stretch."""
    shares: dict[Direction, float] = {}
    for step in followed:
        shared = min(step.end_s, stretch.end_s) - max(step.start_s, stretch.start_s)
        if shared > 0:
            shares[step.step.direction] = shares.get(step.step.direction, 0.0) + shared
    most = max(shares, key=lambda direction: shares[direction], default=None)
    return most if most in (Direction.FORWARD, Direction.BACKWARD) else None


def _ways(stretch: Stretch, summary: Summary) -> list[str]:
    """What is known of a stretch at present."""
    seconds: dict[str, float] = {}
    for bout in _inside(stretch, summary):
        shared = min(bout.end_s, stretch.end_s) - max(bout.start_s, stretch.start_s)
        seconds[_way(bout)] = seconds.get(_way(bout), 0.0) + shared
    parts = [f"{way} {clock(length)}" for way, length in seconds.items()]
    return [say("At present: {parts}.", parts=", ".join(parts))] if parts else []


def _way(bout: Bout) -> str:
    if bout.direction is Direction.UNKNOWN:
        return say("unknown")
    if bout.direction is Direction.NONE:
        return say("standing")
    words = say(bout.direction.value)
    return say("{direction} (assumed)", direction=words) if bout.assumed else words


# -- the enlargement ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Enlarged:
    """A stretch and what surrounds it, by size; `grips` is JSON for the page's script, `start` and `end` of the drawing."""

    drawings: dict[str, str]
    grips: str
    start: str
    end: str


def enlarged(summary: Summary, stretch: Stretch, view: View) -> Enlarged:
    """The stretch drawn larger, a frame round it, with enough on both sides to move its edges."""
    start_s, end_s = _surrounded(stretch, summary, view)
    part = charts.frame_of(summary).between(start_s, end_s)
    label = say(
        "{start} to {end} enlarged, with an edge to drag on each side of the stretch",
        start=moment(start_s),
        end=moment(end_s),
    )
    edges = (stretch.start_s, stretch.end_s)
    drawings = {
        size: thumbnail(
            part.grid, part.bouts, label=label, width=width, height=_HEIGHT_PX, selected_s=edges, name=f"e{size}"
        )
        for size, width in _SIZES.items()
    }
    by_width = {str(int(width)): places(part.grid, 1.0, width - 1.0) for width in _SIZES.values()}
    return Enlarged(drawings, _grips(by_width, stretch, view, (start_s, end_s)), moment(start_s), moment(end_s))


def folded(stretch: Stretch, view: View) -> Enlarged:
    """Nothing drawn yet: the page's script fetches the drawing when it is wanted."""
    nothing: dict[str, list[list[float]]] = {str(int(width)): [] for width in _SIZES.values()}
    return Enlarged(dict.fromkeys(_SIZES, "<svg></svg>"), _grips(nothing, stretch, view, (0.0, 0.0)), "", "")


def _grips(by_width: Mapping[str, list[list[float]]], stretch: Stretch, view: View, window: tuple[float, float]) -> str:
    words = {
        "from": say("Beginning of the stretch"),
        "to": say("End of the stretch"),
        "seconds": say("{number} s"),
    }
    edges, bounds = (stretch.start_s, stretch.end_s), (view.low_s, view.high_s)
    return as_json({"places": by_width, "stretch": edges, "bounds": bounds, "window": window, "words": words})


def _surrounded(stretch: Stretch, summary: Summary, view: View) -> tuple[float, float]:
    """The stretch with a margin of recorded seconds on both sides: silences between them do not count."""
    time_s = summary.grid.time_s
    margin = round(max(_MARGIN_S, _MARGIN * (stretch.end_s - stretch.start_s)))
    first, last = (int(i) for i in np.searchsorted(time_s, [stretch.start_s, stretch.end_s]))
    begin, end = max(first - margin, 0), min(last + margin, time_s.size) - 1
    start_s, end_s = float(time_s[begin]), float(time_s[end]) + 1.0
    return min(start_s, stretch.start_s), min(max(end_s, stretch.end_s), view.high_s)


# -- what is said ---------------------------------------------------------------------------------------------------------


def said(visit: Visit, summary: Summary, made: int) -> Declared:
    """The correction in a form of `from`, `to` and `direction`; `made` so far.

    Raises UnusableInput where it cannot be used or lies outside the recording.
    """
    start_s, end_s = (elapsed_s(visit.text(name, 40), field=name) for name in ("from", "to"))
    direction = visit.choice("direction", tuple(WORDS))
    if direction is None:
        raise UnusableInput("You have not said which way", field="direction", remedy="Choose one of the five.")
    if made >= MOST_CORRECTIONS:
        raise UnusableInput(f"There are {made} corrections already", remedy="Take some back first.")
    _require_inside(start_s, end_s, summary)
    return Declared(start_s, end_s, WORDS[direction], "person")


def _require_inside(start_s: float, end_s: float, summary: Summary) -> None:
    if end_s <= start_s:
        what = f"The stretch ends at {written(end_s)}, before it begins at {written(start_s)}"
        raise UnusableInput(what, field="to", remedy="Put the earlier time first.")
    bouts = story.all_bouts(summary)
    if not bouts:
        raise UnusableInput("There is nothing in this recording to correct", field="from")
    low, high = bouts[0].start_s, bouts[-1].end_s
    if start_s < low or end_s > high:
        what = f"{written(start_s)} to {written(end_s)} reaches beyond the recording"
        raise UnusableInput(
            what,
            field="from" if start_s < low else "to",
            remedy=f"Give times from {written(low)} to {written(high)}.",
        )
    if not any(bout.end_s > start_s and bout.start_s < end_s for bout in bouts):
        before, after = next(((a, b) for a, b in pairwise(bouts) if a.end_s <= start_s and end_s <= b.start_s))
        what = f"Nothing was recorded from {written(before.end_s)} to {written(after.start_s)}"
        raise UnusableInput(what, field="from", remedy="Choose a stretch that is drawn.")


@dataclass(frozen=True, slots=True)
class Line:
    """One correction as it is listed."""

    stretch: Stretch
    words: str
    css: str


_CSS = {Direction.FORWARD: "tfwd", Direction.BACKWARD: "tback", Direction.SIDEWAYS: "tside"}


def lines(corrections: Sequence[Declared]) -> list[Line]:
    """Every correction that counts, the latest first."""
    return [
        Line(Stretch(c.start_s, c.end_s), direction_words(c.direction), _CSS.get(c.direction, ""))
        for c in reversed(corrections)
    ]


def direction_words(direction: Direction) -> str:
    """What a person calls it."""
    words = {
        Direction.FORWARD: say("forward"),
        Direction.BACKWARD: say("backward"),
        Direction.SIDEWAYS: say("sideways"),
        Direction.NONE: say("standing"),
        Direction.UNKNOWN: say("left unknown"),
    }
    return words[direction]
