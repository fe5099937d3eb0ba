"""Days: what was gone backward day by day, from recordings where there are any, else from what the person told."""

import datetime as dt
import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from retropace.digest import Digest, Stretch
from retropace.log import Done, LogEntry
from retropace.quantities import Direction, Gait
from retropace.session import Session

#: Bouts closer than this [s] touch.
_TOUCHING_S = 1.0


class Known(enum.StrEnum):
    """How the minutes of a day are known."""

    RECORDED = "recorded"
    TOLD = "told"
    AS_PLANNED = "as_planned"  # all of it was done, by the person's word, and nobody measured
    UNKNOWN = "unknown"  # something was done; how much nobody said


@dataclass(frozen=True, slots=True)
class Trained:
    """One day that went backward. `reverse_s` is None where nobody knows how long; 0 is a value.

    `longest` is the longest stretch in one go [s] by gait. `effort` runs from 0 to 10. `simulated`: a recording of that day
    was made up. `recordings` are the ids it rests on.
    """

    day: dt.date
    reverse_s: float | None
    longest: Mapping[Gait, float]
    gait: Gait
    known: Known
    effort: float | None = None
    simulated: bool = False
    recordings: tuple[str, ...] = ()


def counted(digests: Iterable[Digest]) -> list[Digest]:
    """The recordings that count: those that could be read, each outing once."""
    return [one for one in digests if one.trouble is None and one.same_as is None]


def trained(
    entries: Iterable[LogEntry],
    digests: Iterable[Digest],
    planned: Mapping[dt.date, Session],
    usual: Gait = Gait.RUN,
) -> tuple[Trained, ...]:
    """Every day that went backward, oldest first.

    `planned` are the sessions as they were planned, by day: they stand for a session that was done in full and not measured.
    `usual` is the gait of somebody's programme, for sessions of which only the person tells.
    """
    told = {entry.day: entry for entry in entries}
    recorded: dict[dt.date, list[Digest]] = {}
    for one in counted(digests):
        recorded.setdefault(one.day, []).append(one)
    days = sorted({*told, *recorded})
    found = (_trained(day, told.get(day), recorded.get(day, []), planned.get(day), usual) for day in days)
    return tuple(day for day in found if day is not None)


def _trained(
    day: dt.date, entry: LogEntry | None, recorded: Sequence[Digest], planned: Session | None, usual: Gait
) -> Trained | None:
    effort = None if entry is None else entry.effort
    measured_s = sum(one.reverse_s for one in recorded)
    if measured_s > 0:
        backward = [one for one in recorded if one.reverse_s > 0]
        return Trained(
            day,
            measured_s,
            longest_by_gait(backward),
            Gait.RUN if any(one.reverse_run_s > one.reverse_walk_s for one in backward) else Gait.WALK,
            Known.RECORDED,
            effort,
            simulated=any(one.simulated for one in backward),
            recordings=tuple(one.id for one in backward),
        )
    if entry is None or entry.done is Done.NOT:
        return None
    return _as_told(entry, planned, usual)


def _as_told(entry: LogEntry, planned: Session | None, usual: Gait) -> Trained:
    gait = Gait.WALK if entry.backward_walk else _gait_of(planned, usual)
    if entry.reverse_s is not None:
        longest = {} if entry.reverse_longest_s is None else {gait: min(entry.reverse_longest_s, entry.reverse_s)}
        known = Known.RECORDED if entry.measured else Known.TOLD
        return Trained(entry.day, entry.reverse_s, longest, gait, known, entry.effort)
    backward = [] if planned is None else [s.duration_s for s in planned.steps if s.direction is Direction.BACKWARD]
    if entry.done is Done.ALL and backward:
        return Trained(entry.day, sum(backward), {}, gait, Known.AS_PLANNED, entry.effort)
    return Trained(entry.day, None, {}, gait, Known.UNKNOWN, entry.effort)


def _gait_of(planned: Session | None, usual: Gait) -> Gait:
    gaits = {step.gait for step in planned.steps if step.direction is Direction.BACKWARD} if planned else set()
    if not gaits:
        return usual
    return Gait.RUN if Gait.RUN in gaits else Gait.WALK


def longest_by_gait(digests: Iterable[Digest]) -> dict[Gait, float]:
    """The longest stretch backward in one go [s], run and walked."""
    longest: dict[Gait, float] = {}
    for one in digests:
        for piece in pieces(one):
            longest[piece.gait] = max(longest.get(piece.gait, 0.0), piece.lasts_s)
    return longest


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch backward in one go: the gait of most of it, mean speed and heart rate; None where a part has none."""

    lasts_s: float
    gait: Gait
    speed_mps: float | None
    heart_rate_bpm: float | None

    @property
    def distance_m(self) -> float | None:
        """Way gone [m]."""
        return None if self.speed_mps is None else self.speed_mps * self.lasts_s


def pieces(digest: Digest) -> list[Piece]:
    """Stretches backward in one go, in order; bouts that touch belong together, whichever gait they are."""
    groups: list[list[Stretch]] = []
    backward = (s for s in digest.stretches if s.direction is Direction.BACKWARD and s.gait in (Gait.RUN, Gait.WALK))
    for stretch in sorted(backward, key=lambda s: s.start_s):
        if groups and stretch.start_s - groups[-1][-1].end_s < _TOUCHING_S:
            groups[-1].append(stretch)
        else:
            groups.append([stretch])
    return [_piece(group) for group in groups]


def _piece(group: Sequence[Stretch]) -> Piece:
    lasts = [stretch.end_s - stretch.start_s for stretch in group]
    run_s = sum(s for stretch, s in zip(group, lasts, strict=True) if stretch.gait is Gait.RUN)
    return Piece(
        sum(lasts),
        Gait.RUN if 2 * run_s >= sum(lasts) else Gait.WALK,
        by_time([stretch.speed_mps for stretch in group], lasts),
        by_time([stretch.heart_rate_bpm for stretch in group], lasts),
    )


def by_time(values: Sequence[float | None], lasts_s: Sequence[float]) -> float | None:
    """The mean of values weighed by how long each lasted; None where one is missing.

    >>> by_time([1.0, 2.0], [10.0, 30.0]), by_time([1.0, None], [10.0, 30.0])
    (1.75, None)
    """
    known = [value for value in values if value is not None]
    if len(known) < len(values) or not known or sum(lasts_s) <= 0:
        return None
    return sum(value * s for value, s in zip(known, lasts_s, strict=True)) / sum(lasts_s)
