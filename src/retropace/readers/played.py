"""Played: what a coach asked for and when, from the marks it left, as a session with the steps as they really were.

A piece lasts until the next mark, not as long as it was planned. In a pause, and after a stop, nothing but standing is
asked. What is left of a piece backward is given up then: whoever goes on walks, unless another piece begins.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any

from retropace.quantities import Direction, Gait
from retropace.session import Session, Step

#: What each piece of a guide asks for.
_DOING: dict[str, tuple[Gait, Direction]] = {
    "reverse_run": (Gait.RUN, Direction.BACKWARD),
    "reverse_walk": (Gait.WALK, Direction.BACKWARD),
    "walk": (Gait.WALK, Direction.FORWARD),
    "run": (Gait.RUN, Direction.FORWARD),
}
_STANDING = (Gait.STAND, Direction.NONE)
_WALKING = (Gait.WALK, Direction.FORWARD)
#: A piece backward is never made longer: without a mark at its end, it ended so much after its time at the latest [s].
_OVERDUE_S = 2.0
#: Ends of steps are rounded to this many digits [s], so that a session written as text is the same session.
_DIGITS = 1
#: What a session file can hold [s, steps, m/s].
_SHORTEST_S, _LONGEST_S, _MOST_STEPS, _FASTEST_MPS = 1.0, 86_400.0, 1000, 12.5
#: Letters; a name that is longer was made to hurt.
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Marked:
    """A session as it was played from `start_ms` [ms since 1970] on; it was held (paused, stopped) from and to [ms]."""

    session: Session
    start_ms: float
    held_ms: tuple[tuple[float, float], ...] = ()

    @property
    def edges_ms(self) -> list[float]:
        """Where its steps begin, and where the last one ends."""
        edges = [self.start_ms]
        for step in self.session.steps:
            edges.append(edges[-1] + 1000 * step.duration_s)
        return edges


@dataclass(frozen=True, slots=True)
class _Span:
    """From `start_ms` until the next span: `step` is asked, None where nothing is; for `longest_s` at most."""

    start_ms: float
    step: Step | None
    longest_s: float = math.inf
    held: bool = False


def marked(marks: Sequence[Mapping[str, Any]], guide: Mapping[str, Any], last_ms: float) -> Marked | None:
    """The session that `marks` show to have been played; None where they show none, or none that anybody can follow.

    Each mark has "mark" and "at_ms" [ms since 1970]; pieces are those of `guide` by index. `last_ms` is when the last thing
    was recorded: a session without an end ends there.
    """
    spans = [*_spans(sorted(marks, key=lambda mark: float(mark["at_ms"])), guide)]
    while spans and spans[0].step is None:
        del spans[0]
    if not spans:
        return None
    end_ms = max(last_ms, spans[-1].start_ms)
    whole = [*_within_time(spans, end_ms)]
    while whole[-1].step is None:
        end_ms = whole.pop().start_ms
    steps = _steps(
        [(_since(span, spans[0]), span.step) for span in whole], round((end_ms - spans[0].start_ms) / 1000, 1)
    )
    if not 0 < len(steps) <= _MOST_STEPS or max(step.duration_s for step in steps) > _LONGEST_S:
        return None
    session = Session(_plain(str(guide.get("name") or "")), tuple(steps))
    return Marked(session, spans[0].start_ms, tuple(_held(whole, end_ms)))


def _spans(marks: Sequence[Mapping[str, Any]], guide: Mapping[str, Any]) -> Iterator[_Span]:
    pieces = guide.get("pieces")
    pieces = pieces if isinstance(pieces, list) else []
    asked = _Span(0.0, None)  # what is asked, and goes on after a pause
    held = ""
    for mark in marks:
        at_ms, kind = float(mark["at_ms"]), mark["mark"]
        if kind == "piece":
            asked = _asked(mark, pieces)
        elif kind in ("pause", "stop"):
            held = kind if asked.step is not None and held != "stop" else held
        elif kind in ("resume", "walk"):
            asked, held = _given_up(asked), ""
        elif kind == "end":
            asked, held = _Span(0.0, None), ""
        else:
            continue
        if held:
            yield _Span(at_ms, _step(_STANDING, "Pause" if held == "pause" else "Stopped"), held=True)
        else:
            yield replace(asked, start_ms=at_ms)


def _asked(mark: Mapping[str, Any], pieces: Sequence[Any]) -> _Span:
    """What a piece asks for: as the guide has it, unless its mark says that something else was asked after all."""
    index = mark.get("index")
    known = isinstance(index, int) and 0 <= index < len(pieces) and isinstance(pieces[index], Mapping)
    piece: Mapping[str, Any] = pieces[index] if known else {}  # type: ignore[index]  # known: it is a whole number
    state = mark.get("state", piece.get("state"))
    if state != piece.get("state"):
        piece = {}
    doing = piece.get("doing") or {"reverse": "reverse_run"}.get(str(state), state)
    way = _DOING.get(str(doing), _STANDING)
    speed = _number(piece.get("speed_mps"))
    step = _step(
        way,
        str(piece.get("words") or str(doing).replace("_", " ").capitalize()),
        speed if 0 < speed <= _FASTEST_MPS else None,
    )
    planned_s = _number(piece.get("end_s")) - _number(piece.get("start_s"))
    if way[1] is not Direction.BACKWARD or not planned_s > 0:
        return _Span(0.0, step)
    return _Span(0.0, step, planned_s + _OVERDUE_S)


def _number(value: object) -> float:
    """A finite number, NaN where it is none."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else math.nan


def _given_up(asked: _Span) -> _Span:
    """What is asked of somebody who goes on: walking where it was backward, else what it was."""
    backward = asked.step is not None and asked.step.direction is Direction.BACKWARD
    return _Span(0.0, _step(_WALKING, "Walk")) if backward else asked


def _step(way: tuple[Gait, Direction], name: str, speed_mps: float | None = None) -> Step:
    """A step whose time is not known yet."""
    return Step(*way, 0.0, _plain(name), speed_mps)


def _plain(name: str) -> str:
    """A name of letters that can be shown and written."""
    return re.sub(r"\s+", " ", "".join(sign for sign in name if sign.isprintable()))[:_LONGEST_NAME]


def _within_time(spans: Sequence[_Span], end_ms: float) -> Iterator[_Span]:
    """The spans, each followed by one of standing where it could not have lasted until the next."""
    ends = [*(span.start_ms for span in spans[1:]), end_ms]
    for span, until_ms in zip(spans, ends, strict=True):
        yield span
        over_ms = span.start_ms + 1000 * span.longest_s
        if over_ms < until_ms:
            yield _Span(over_ms, None)


def _since(span: _Span, first: _Span) -> float:
    return round((span.start_ms - first.start_ms) / 1000, _DIGITS)


def _steps(begun: Sequence[tuple[float, Step | None]], end_s: float) -> list[Step]:
    """Steps with their times, from when each began [s]: equal ones that touch are one, and none is too short to be one."""
    waiting = _step(_STANDING, "Pause")
    ends = [*(at for at, _ in begun[1:]), end_s]
    lasting = [(at, step or waiting) for (at, step), end in zip(begun, ends, strict=True) if end - at >= _SHORTEST_S]
    if not lasting:
        return []
    lasting[0] = (begun[0][0], lasting[0][1])  # what was too short belongs to what came before, else after
    begins = [next(same) for _, same in groupby(lasting, key=lambda one: one[1])]
    return [
        replace(step, duration_s=round(until - at, _DIGITS))
        for (at, step), (until, _) in pairwise([*begins, (end_s, waiting)])
    ]


def _held(spans: Sequence[_Span], end_ms: float) -> Iterator[tuple[float, float]]:
    """Where nothing went on [ms], stretches that touch as one."""
    ends = [*(span.start_ms for span in spans[1:]), end_ms]
    for held, together in groupby(zip(spans, ends, strict=True), key=lambda one: one[0].held):
        stretch = list(together)
        if held:
            yield stretch[0][0].start_ms, stretch[-1][1]
