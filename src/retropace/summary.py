"""Summary: what happened in one recording, with every number's band, grade and sources. The pipeline on one screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from retropace.bout import Bout
from retropace.direction import corrected, recognise
from retropace.estimate import Estimate
from retropace.form import Form
from retropace.metrics import Gap, aggregate, compute_bouts, gaps, same_forward
from retropace.person import Person
from retropace.plan import Followed
from retropace.quantities import Direction, Gait, elapsed
from retropace.recording import Declared, FloatArray, Recording
from retropace.session import Session
from retropace.signals import Grid, grid

if TYPE_CHECKING:  # a watch's file holds no raw motion, and must not wait for what reads it
    from retropace.motion.heard import Heard
    from retropace.motion.placement import Placed, Placement
    from retropace.motion_witness import Moved


@dataclass(frozen=True, slots=True)
class BoutSummary:
    """A bout and its metrics by key (see `metrics.METRICS`)."""

    bout: Bout
    metrics: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Summary:
    """What happened.

    `session` holds metrics over the whole recording, `by_direction` over all bouts of one direction, `same_forward` the
    metrics of the same session had every backward bout been run forward at the same speed; `unknowns` is what a person
    would want to know and does not learn here. `local_start` is in the
    recording's own time zone; `zone_known_by` says how that zone is known ("file", "position", or "not known: UTC").
    `followed` is the planned session as it was found, None where nothing was planned or it was not found. `probability`
    (n, 7) is that of each of `witness.STATES` in each second of the grid, before the person's corrections. `heard` is what
    the raw motion said and `placed` where its sensor was, None where there was none.
    """

    recording: Recording
    grid: Grid
    person: Person
    bouts: tuple[BoutSummary, ...]
    session: Mapping[str, Estimate]
    by_direction: Mapping[Direction, Mapping[str, Estimate]]
    same_forward: Mapping[str, Estimate]
    unknowns: tuple[Gap, ...]
    corrections: tuple[Declared, ...]
    local_start: datetime | None
    zone_known_by: str
    planned: Session | None = None
    followed: Followed | None = None
    probability: FloatArray | None = None
    heard: "Heard | None" = None
    placed: "Placed | None" = None


def summarise(
    recording: Recording,
    person: Person | None = None,
    session: Session | None = None,
    corrections: Sequence[Declared] = (),
    placement: "Placement | None" = None,
) -> Summary:
    """What happened in `recording`, run by `person`, following `session`, where the person's `corrections` win.

    `placement` is where they said that the sensor was, None where its name in the file or the motion is to tell it.
    """
    person = (person or Person()).with_wearer(recording.wearer)
    own = grid(recording)
    moved = _moved(recording, own, placement)
    seconds = own if moved is None else moved.grid
    recognised = recognise(recording, seconds, person, session, None if moved is None else moved.evidence)
    bouts = corrected(recognised.bouts, corrections)
    form = None
    if moved is not None and len(moved.heard):
        seconds, form = _formed(moved, own, bouts)
    measured = compute_bouts(bouts, seconds, person, form)
    totals = aggregate(measured)
    started, zone_known_by = local_start(recording, seconds)
    return Summary(
        recording=recording,
        grid=seconds,
        person=person,
        bouts=tuple(BoutSummary(bout, metrics) for bout, metrics in measured),
        session=totals,
        by_direction={d: aggregate(part) for d in Direction if (part := [m for m in measured if m[0].direction == d])},
        same_forward=same_forward(totals),
        unknowns=(
            *_plan_gap(session, recognised.followed),
            *_direction_gaps(bouts),
            *_sensor_gap(recording),
            *gaps(seconds, person),
        ),
        corrections=tuple(corrections),
        local_start=started,
        zone_known_by=zone_known_by,
        planned=session,
        followed=recognised.followed,
        probability=recognised.probability,
        heard=None if moved is None else moved.heard,
        placed=None if moved is None else moved.placed,
    )


def _moved(recording: Recording, seconds: Grid, placement: "Placement | None") -> "Moved | None":
    """What raw motion says, None where there is none."""
    if not len(recording.motion.get("accelerometer", ())):
        return None
    from retropace.motion.listener import listen
    from retropace.motion.placement import Placement
    from retropace.motion_witness import moved

    named = recording.chosen.placement
    told = Placement(named) if placement is None and named is not None else placement
    return moved(listen(recording.motion), seconds, told)


def _formed(moved: "Moved", own: Grid, bouts: Sequence[Bout]) -> tuple[Grid, Form]:
    """The grid with what motion knows beside the recording's `own` channels, and the form it shows."""
    from retropace.form_by_motion import formed

    return formed(moved.heard, moved.placed.placement, own, moved.grid, bouts)


# -- when -------------------------------------------------------------------------------------------------------------


def local_start(recording: Recording, seconds: Grid) -> tuple[datetime | None, str]:
    """The start in the recording's own time zone, and how that zone is known."""
    if recording.start is None:
        return None, "not known: the file gives no date"
    if recording.utc_offset is not None:
        return recording.start.astimezone(timezone(recording.utc_offset)), "file"
    zone = _zone_of_position(seconds)
    if zone is None:
        return recording.start, "not known: UTC"
    return recording.start.astimezone(zone), "position"


def _zone_of_position(seconds: Grid) -> ZoneInfo | None:
    known = np.flatnonzero(np.isfinite(seconds.latitude_deg) & np.isfinite(seconds.longitude_deg))
    if not known.size:
        return None
    import tzfpy

    name = tzfpy.get_tz(float(seconds.longitude_deg[known[0]]), float(seconds.latitude_deg[known[0]]))
    return ZoneInfo(name) if name else None


# -- what is not known ------------------------------------------------------------------------------------------------

_TELL_US = "Say so, for example --backward {}; or name your laps, or give the session you followed."


def _plan_gap(session: Session | None, followed: Followed | None) -> list[Gap]:
    if session is None or followed is not None:
        return []
    why = "your speed and cadence do not show its steps, so it says nothing about direction"
    return [Gap(f"Where you followed “{session.name}”", why, "Check that it is the right session.")]


def _tell_us(bout: Bout) -> str:
    """What to do about an open direction, by the example of this bout, so that it lies inside the recording."""
    return _TELL_US.format("-".join(elapsed(int(edge_s)) for edge_s in (bout.start_s, bout.end_s)))


def _direction_gaps(bouts: Sequence[Bout]) -> list[Gap]:
    """What stays open about direction: assumed throughout, or unknown here and there, by reason."""
    moving = [bout for bout in bouts if bout.gait in (Gait.WALK, Gait.RUN, Gait.UNKNOWN)]
    found = []
    assumed = next((bout for bout in moving if bout.assumed), None)
    if assumed is not None:
        everywhere = all(bout.assumed for bout in moving)
        what = "Which way you faced" if everywhere else "Which way you faced in the rest of the session"
        found.append(Gap(what, "nothing in this file saw it, so it is taken as forward", _tell_us(assumed)))
    reasons: dict[str, list[Bout]] = {}
    for bout in bouts:
        if bout.direction == Direction.UNKNOWN and bout.gait != Gait.OTHER and bout.reason:
            reasons.setdefault(bout.reason, []).append(bout)
    for reason, open_bouts in reasons.items():
        length = _length(sum(bout.duration_s for bout in open_bouts))
        places = "1 stretch" if len(open_bouts) == 1 else f"{len(open_bouts)} stretches"
        found.append(Gap(f"Direction for {length} in {places}", reason, _tell_us(open_bouts[0])))
    return found


def _sensor_gap(recording: Recording) -> list[Gap]:
    """What an accelerometer without its gyroscope costs."""
    if not len(recording.motion.get("accelerometer", ())) or len(recording.motion.get("gyroscope", ())):
        return []
    why = "no gyroscope was recorded; a foot and a thigh show by their turning which way you go, and acceleration alone less"
    return [Gap("How the sensor turned", why, "Record both sensors, or give the gyroscope's file as well.")]


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02} min" if minutes else f"{rest} s"
