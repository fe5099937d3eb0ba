"""Trends: how speed, heart rate and effort changed from session to session, and what can be said of that honestly.

A change is only called one where the first sessions and the last ones do not overlap.
"""

import datetime as dt
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retropace.digest import Digest, ratio
from retropace.estimate import Estimate
from retropace.progress.days import Piece, Trained, counted, pieces
from retropace.quantities import Direction, Gait

#: Fewer sessions than this make no trend. Our choice.
LEAST_SESSIONS = 3
#: Of each way so much [s] before one is compared with the other; less is a few steps. Our choice.
LEAST_COMPARED_S = 60.0
#: A forward run of the weeks before may stand beside a backward one for so many days. Our choice.
BESIDE_DAYS = 56
#: Heart rate follows effort within half a minute or so: shorter stretches say little of it. Our choice.
LEAST_HEART_S = 45.0
#: Heart rates at speeds within this share of one another are compared. Our choice.
SPEED_WINDOW = 0.10
#: Backward times within this share of one another are the same dose. Our choice.
DOSE_WINDOW = 0.15


@dataclass(frozen=True, slots=True)
class Point:
    """One session's figure with its spread [low, high]. `beside` says that what it is compared with is another session."""

    day: dt.date
    value: float
    low: float
    high: float
    simulated: bool = False
    beside: bool = False
    sources: tuple[str, ...] = ("device",)


@dataclass(frozen=True, slots=True)
class Change:
    """First and last figure, each the mean of up to three sessions; `real` where they lie apart.

    That is where each of the last sessions lies beyond each of the first; with fewer than six, their bands must, too.
    """

    first: float
    last: float
    real: bool

    @property
    def up(self) -> bool:
        """Whether the last is higher."""
        return self.last > self.first


def change(points: Sequence[Point]) -> Change | None:
    """What became of a figure; None with fewer than `LEAST_SESSIONS` sessions.

    >>> day = dt.date(2026, 11, 22)
    >>> found = change([Point(day, v, v - 1, v + 1) for v in (150, 151, 149, 140, 141, 139)])
    >>> (found.first, found.last, found.real)
    (150.0, 140.0, True)
    """
    if len(points) < LEAST_SESSIONS:
        return None
    many = max(1, min(3, len(points) // 2))
    first, last = points[:many], points[-many:]
    names = ("value", "value") if many == 3 else ("low", "high")
    above = min(getattr(p, names[0]) for p in last) > max(getattr(p, names[1]) for p in first)
    below = max(getattr(p, names[1]) for p in last) < min(getattr(p, names[0]) for p in first)
    was, now = (statistics.fmean(point.value for point in group) for group in (first, last))
    return Change(was, now, above or below)


# -- speed --------------------------------------------------------------------------------------------------------------


def speed_ratios(digests: Iterable[Digest], gait: Gait) -> tuple[Point, ...]:
    """Backward ÷ forward speed of one gait, session by session, oldest first.

    Both ways come from one recording where it holds enough of both; for running, else from the forward runs of the eight
    weeks before.
    """
    latest: tuple[dt.date, Estimate] | None = None
    points = []
    for one in sorted(counted(digests), key=_when):
        forward = _speed(one, gait, Direction.FORWARD)
        if forward is not None and gait is Gait.RUN:
            latest = one.day, forward
        near = latest is not None and (one.day - latest[0]).days <= BESIDE_DAYS
        beside = latest[1] if latest is not None and near and forward is None else None
        points.append(_speed_ratio(one, gait, forward or beside, beside=beside is not None))
    return tuple(point for point in points if point is not None)


def _when(one: Digest) -> tuple[dt.date, str]:
    return one.day, "" if one.start is None else one.start.isoformat()


def _speed_ratio(one: Digest, gait: Gait, forward: Estimate | None, *, beside: bool) -> Point | None:
    backward = _speed(one, gait, Direction.BACKWARD)
    if backward is None or forward is None:
        return None
    found = ratio(backward, forward)
    if found.value is None or found.low is None or found.high is None:
        return None
    return Point(one.day, found.value, found.low, found.high, one.simulated, beside, found.sources)


def _speed(one: Digest, gait: Gait, direction: Direction) -> Estimate | None:
    """The speed of one way, None where there is too little of it."""
    way = next((way for way in one.ways if (way.gait, way.direction) == (gait, direction)), None)
    if way is None or way.seconds < LEAST_COMPARED_S or way.speed_mps.value is None:
        return None
    return way.speed_mps


# -- heart rate ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Economy:
    """Heart rate at about one speed [m/s], session by session. Empty with fewer than `LEAST_SESSIONS` sessions.

    `sessions` counts those with stretches long enough, at any speed.
    """

    gait: Gait
    direction: Direction
    speed_mps: float
    points: tuple[Point, ...]
    sessions: int


def economy(digests: Iterable[Digest], gait: Gait, direction: Direction) -> Economy:
    """Heart rate at the speed somebody goes most, from stretches that last long enough.

    A point is the mean over its stretches by time, with the lowest and highest of them as spread, at least a beat each way.
    """
    found = sorted(counted(digests), key=_when)
    long = {one.id: _steady(one, gait, direction) for one in found}
    speeds = [(piece.speed_mps, piece.lasts_s) for stretches in long.values() for piece in stretches]
    sessions = sum(bool(stretches) for stretches in long.values())
    if not speeds:
        return Economy(gait, direction, 0.0, (), 0)
    usual = _weighted_median([(speed, s) for speed, s in speeds if speed is not None])
    points = (_heart(one, [p for p in long[one.id] if _near(p, usual)]) for one in found)
    known = tuple(point for point in points if point is not None)
    return Economy(gait, direction, usual, known if len(known) >= LEAST_SESSIONS else (), sessions)


def _steady(one: Digest, gait: Gait, direction: Direction) -> list[Piece]:
    """Stretches with speed and heart rate that last long enough."""
    if direction is Direction.BACKWARD:
        stretches = [piece for piece in pieces(one) if piece.gait is gait]
    else:
        stretches = [
            Piece(s.end_s - s.start_s, s.gait, s.speed_mps, s.heart_rate_bpm)
            for s in one.stretches
            if (s.gait, s.direction) == (gait, direction)
        ]
    return [
        piece
        for piece in stretches
        if piece.lasts_s >= LEAST_HEART_S and piece.speed_mps is not None and piece.heart_rate_bpm is not None
    ]


def _near(piece: Piece, speed_mps: float) -> bool:
    return piece.speed_mps is not None and abs(piece.speed_mps - speed_mps) <= SPEED_WINDOW * speed_mps


def _heart(one: Digest, stretches: Sequence[Piece]) -> Point | None:
    beats = [(piece.heart_rate_bpm, piece.lasts_s) for piece in stretches if piece.heart_rate_bpm is not None]
    if not beats:
        return None
    mean = sum(rate * s for rate, s in beats) / sum(s for _, s in beats)
    low, high = min(rate for rate, _ in beats), max(rate for rate, _ in beats)
    return Point(one.day, mean, min(low, mean - 1), max(high, mean + 1), one.simulated)


def _weighted_median(values: Sequence[tuple[float, float]]) -> float:
    """The value in the middle of the weights."""
    in_order = sorted(values)
    half, so_far = sum(weight for _, weight in in_order) / 2, 0.0
    for value, weight in in_order:
        so_far += weight
        if so_far >= half:
            return value
    return in_order[-1][0]


# -- length and effort --------------------------------------------------------------------------------------------------


def longest(days: Iterable[Trained], gait: Gait) -> tuple[Point, ...]:
    """The longest stretch backward of each day that was mainly of this gait [s]."""
    return tuple(
        Point(day.day, day.longest[gait], day.longest[gait], day.longest[gait], day.simulated)
        for day in days
        if gait in day.longest and day.gait is gait
    )


@dataclass(frozen=True, slots=True)
class SameDose:
    """Effort of the sessions of about one length backward [s]; empty with fewer than `LEAST_SESSIONS`."""

    gait: Gait
    reverse_s: float
    points: tuple[Point, ...]


def same_dose(days: Iterable[Trained], gait: Gait) -> SameDose:
    """Effort at the dose that was done most often; of several, the largest.

    A person's own word has no band that anybody measured: half a point each way is the step of the scale.
    """
    told = [day for day in days if day.gait is gait and day.effort is not None and day.reverse_s]
    doses = sorted({day.reverse_s for day in told if day.reverse_s}, reverse=True)
    usual = max(doses, key=lambda dose: len(_like(dose, told)), default=0.0)
    chosen = _like(usual, told)
    points = tuple(_felt(day) for day in chosen)
    middle = statistics.median([day.reverse_s or 0.0 for day in chosen]) if chosen else 0.0
    return SameDose(gait, middle, points if len(points) >= LEAST_SESSIONS else ())


def _like(dose: float, days: Iterable[Trained]) -> list[Trained]:
    return [day for day in days if abs((day.reverse_s or 0.0) - dose) <= DOSE_WINDOW * dose]


def _felt(day: Trained) -> Point:
    effort = day.effort or 0.0
    return Point(day.day, effort, max(effort - 0.5, 0.0), min(effort + 0.5, 10.0), sources=("design",))
