"""Records: the best of everything so far, each with its day and how it is known; and what a kilometre costs both ways.

One more session never lowers a record.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retropace.digest import Digest
from retropace.estimate import Estimate
from retropace.progress.days import Known, Piece, Trained, counted, pieces
from retropace.progress.weeks import Week
from retropace.quantities import Direction, Gait
from retropace.sources import Grade

#: The distance that backward runners are timed over [m].
SPRINT_M = 100.0


@dataclass(frozen=True, slots=True)
class Best:
    """A best so far: `figure` in seconds. `lasts_m` is the way it is averaged over, where it is a time per 100 m."""

    key: str
    day: dt.date
    figure: Estimate
    known: Known
    simulated: bool = False
    lasts_m: float | None = None
    recording: str | None = None


def records(days: Sequence[Trained], weeks: Sequence[Week], digests: Iterable[Digest]) -> tuple[Best, ...]:
    """Longest stretch run and walked, most in a session and in a week, fastest 100 m; what there is none of is left out."""
    found = [
        _longest("longest_run", days, Gait.RUN),
        _longest("longest_walk", days, Gait.WALK),
        _most_in_a_session(days),
        _most_in_a_week(weeks),
        fastest_100_m(digests),
    ]
    return tuple(best for best in found if best is not None)


def _longest(key: str, days: Sequence[Trained], gait: Gait) -> Best | None:
    with_one = [day for day in days if day.longest.get(gait, 0.0) > 0]
    if not with_one:
        return None
    best = max(with_one, key=lambda day: (day.longest[gait], -day.day.toordinal()))
    return _of_day(key, best, best.longest[gait])


def _most_in_a_session(days: Sequence[Trained]) -> Best | None:
    with_time = [day for day in days if day.reverse_s and day.known is not Known.AS_PLANNED]
    if not with_time:
        return None
    best = max(with_time, key=lambda day: (day.reverse_s or 0.0, -day.day.toordinal()))
    return _of_day("most_session", best, best.reverse_s or 0.0)


def _of_day(key: str, day: Trained, seconds: float) -> Best:
    figure = Estimate.exact(seconds, Grade.MEASURED, "device" if day.known is Known.RECORDED else "design")
    recording = day.recordings[0] if day.recordings else None
    return Best(key, day.day, figure, day.known, day.simulated, recording=recording)


def _most_in_a_week(weeks: Sequence[Week]) -> Best | None:
    with_time = [week for week in weeks if week.reverse_s > 0]
    if not with_time:
        return None
    best = max(with_time, key=lambda week: (week.reverse_s, -week.start.toordinal()))
    known = Known.TOLD if best.told_s else Known.RECORDED
    figure = Estimate.exact(best.reverse_s, Grade.MEASURED, "device" if known is Known.RECORDED else "design")
    return Best("most_week", best.start, figure, known, best.simulated)


def fastest_100_m(digests: Iterable[Digest]) -> Best | None:
    """The fastest mean over any stretch of at least 100 m run backward in one go, as time per 100 m [s] with its band.

    Only measured stretches whose speed has a band count; the band is that of the recording's backward speed.
    """
    found = [best for one in counted(digests) if (best := _fastest(one)) is not None]
    return min(found, key=lambda best: (best.figure.value or 0.0, best.day), default=None)


def _fastest(one: Digest) -> Best | None:
    share = _share(one)
    if share is None:
        return None
    long = [p for p in pieces(one) if p.gait is Gait.RUN and p.speed_mps and (p.distance_m or 0.0) >= SPRINT_M]
    if not long:
        return None
    best = max(long, key=_speed)
    value = SPRINT_M / _speed(best)
    figure = Estimate.banded(value, value / (1 + share), value / (1 - share), Grade.MEASURED, *_sources(one))
    return Best(
        "fastest_100_m", one.day, figure, Known.RECORDED, one.simulated, lasts_m=best.distance_m, recording=one.id
    )


def _speed(piece: Piece) -> float:
    return piece.speed_mps or 0.0


def _backward_speed(one: Digest) -> Estimate | None:
    return next((w.speed_mps for w in one.ways if w.gait is Gait.RUN and w.direction is Direction.BACKWARD), None)


def _share(one: Digest) -> float | None:
    """How far the recording's backward speed may be off, as a share of it."""
    speed = _backward_speed(one)
    if speed is None or not speed.value or speed.low is None or speed.high is None:
        return None
    share = max(speed.high - speed.value, speed.value - speed.low) / speed.value
    return share if share < 1 else None


def _sources(one: Digest) -> tuple[str, ...]:
    speed = _backward_speed(one)
    return () if speed is None else speed.sources


# -- what a kilometre costs ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """Energy a kilometre as gone backward, and had the same way been gone forward at the same speed, resting left out.

    In kcal where `mass_kg` is known, else in kcal per kilogram. `distance_m` and `sessions` say what it rests on.
    """

    backward: Estimate
    forward: Estimate
    mass_kg: float | None
    distance_m: float
    sessions: int
    simulated: bool


def cost_per_km(digests: Iterable[Digest], mass_kg: float | None) -> Cost | None:
    """What the kilometres gone backward cost; None where nothing of it is known. Modelled from speed, not measured."""
    found = [
        (one.backward["energy_net_kcal_per_kg"], one.backward["energy_net_forward_kcal_per_kg"], _way(one), one)
        for one in counted(digests)
        if {"energy_net_kcal_per_kg", "energy_net_forward_kcal_per_kg"} <= one.backward.keys()
    ]
    known = [(b, f, way, one) for b, f, way, one in found if b.value is not None and f.value is not None and way]
    if not known:
        return None
    way_m = sum(way for _, _, way, _ in known)
    per = (mass_kg or 1.0) * 1000 / way_m
    return Cost(
        _summed([b for b, *_ in known]).scaled(per),
        _summed([f for _, f, *_ in known]).scaled(per),
        mass_kg,
        way_m,
        len(known),
        any(one.simulated for *_, one in known),
    )


def _way(one: Digest) -> float:
    """Metres gone backward, 0 where that is not known."""
    way = one.whole.get("reverse_distance_m")
    return 0.0 if way is None or way.value is None else way.value


def _summed(parts: Sequence[Estimate]) -> Estimate:
    total = parts[0]
    for part in parts[1:]:
        total = total.plus(part)
    return total
