"""Days, digests and log entries made for tests of progress: exactly what one asks for, and nothing else."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from retropace.digest import Digest, Stretch, Way
from retropace.estimate import Estimate
from retropace.log import Done, LogEntry, Where
from retropace.progress.days import Known, Trained
from retropace.quantities import Direction, Gait
from retropace.sources import Grade

MONDAY = dt.date(2026, 10, 5)
TODAY = dt.date(2026, 11, 22)


def estimate(value: float, share: float = 0.06) -> Estimate:
    """A number with a band of `share` to each side."""
    return Estimate.banded(value, value * (1 - share), value * (1 + share), Grade.MEASURED, "device")


def stretch(
    start_s: float,
    end_s: float,
    direction: Direction = Direction.BACKWARD,
    gait: Gait = Gait.RUN,
    speed_mps: float | None = 1.6,
    heart_rate_bpm: float | None = 140.0,
) -> Stretch:
    return Stretch(start_s, end_s, gait, direction, speed_mps, heart_rate_bpm)


def digest(day: dt.date, *stretches: Stretch, simulated: bool = False, **changed: object) -> Digest:
    """A recording of these stretches and nothing else."""
    backward = [s for s in stretches if s.direction is Direction.BACKWARD]
    ways = tuple(
        _way([s for s in stretches if (s.gait, s.direction) == kind])
        for kind in dict.fromkeys((s.gait, s.direction) for s in stretches)
    )
    known: dict[str, Any] = {
        "start": None,
        "reverse_run_s": sum(s.end_s - s.start_s for s in backward if s.gait is Gait.RUN),
        "reverse_walk_s": sum(s.end_s - s.start_s for s in backward if s.gait is not Gait.RUN),
        "ways": ways,
        "stretches": tuple(stretches),
    }
    lasts = max((s.end_s for s in stretches), default=0.0)
    return Digest(
        f"{day}-{len(stretches)}", "made.fit", day, duration_s=lasts, simulated=simulated, **(known | changed)
    )


def _way(same: list[Stretch]) -> Way:
    lasts = [s.end_s - s.start_s for s in same]
    way_m = sum((s.speed_mps or 0.0) * seconds for s, seconds in zip(same, lasts, strict=True))
    speed = estimate(way_m / sum(lasts)) if way_m else Estimate.unknown("no speed")
    return Way(
        same[0].gait, same[0].direction, sum(lasts), estimate(way_m), speed, estimate(same[0].heart_rate_bpm or 100.0)
    )


def entry(day: dt.date, done: Done = Done.ALL, **told: object) -> LogEntry:
    return LogEntry(day, done, **told)  # type: ignore[arg-type]


def sore(day: dt.date, after_24h: Mapping[Where, float], after_48h: Mapping[Where, float] | None = None) -> LogEntry:
    """An entry whose soreness was asked a day after, and two days after where `after_48h` is given."""
    nothing = [] if after_24h else ["soreness_24h"]
    nothing += ["soreness_48h"] if after_48h == {} else []
    return entry(day, soreness_24h=after_24h, soreness_48h=after_48h or {}, nothing=tuple(nothing))


def trained_day(day: dt.date, reverse_s: float | None, **changed: object) -> Trained:
    usual: dict[str, object] = {"longest": {}, "gait": Gait.RUN, "known": Known.RECORDED}
    return Trained(day, reverse_s, **(usual | changed))  # type: ignore[arg-type]


days = st.dates(MONDAY, TODAY)
lasts = st.floats(1, 600).map(lambda s: round(s, 1))
speeds = st.floats(0.3, 4).map(lambda v: round(v, 2))


@st.composite
def digests(draw: st.DrawFn, day: dt.date | None = None) -> Digest:
    """Any recording: stretches one after the other, of any gait and direction, some without speed or heart rate."""
    start, stretches = 0.0, []
    for _ in range(draw(st.integers(0, 8))):
        end = start + draw(lasts)
        stretches.append(
            Stretch(
                start,
                end,
                draw(st.sampled_from([Gait.RUN, Gait.WALK, Gait.STAND])),
                draw(st.sampled_from(list(Direction))),
                draw(st.none() | speeds),
                draw(st.none() | st.floats(50, 200)),
            )
        )
        start = end + draw(st.sampled_from([0.0, 5.0]))
    return digest(day or draw(days), *stretches, simulated=draw(st.booleans()))
