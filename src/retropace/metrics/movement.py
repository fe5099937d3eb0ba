"""Movement: time, way, speed, steps and heart rate, as the sensors saw them."""

from functools import cache

from retropace.estimate import Estimate
from retropace.gait import (
    BLIND_ERROR,
    CADENCE_RESOLUTION_SPM,
    MOTION_CONTACT_MS,
    MOTION_STEPS_ERROR,
    POSITION_ERROR,
    Spread,
)
from retropace.metrics.form import contact_why, not_shown
from retropace.metrics.metric import (
    ALONG,
    ANYWHERE,
    EVERY_DIRECTION,
    EVERY_GAIT,
    MOVING_ON_FOOT,
    NOWHERE,
    ON_FOOT,
    SHOWS_LANDING,
    SHOWS_TRUNK,
    SHOWS_WAY,
    Aggregation,
    Better,
    BoutView,
    Metric,
    Scope,
)
from retropace.quantities import QUANTITIES, Direction
from retropace.sources import Grade

#: Slower than this [m/s] is shuffling about, for which nobody counts minutes per kilometre. Our choice.
SLOWEST_PACED_MPS = 0.1
#: Where a walk begins and ends nobody counts more surely than this [steps].
FEWEST_STEPS_OFF = 2.0
_OFF_MS = MOTION_CONTACT_MS.value


def duration_s(view: BoutView) -> Estimate:
    """Seconds without pauses."""
    return Estimate.exact(view.seconds, Grade.MEASURED, "device")


def _moving_s(view: BoutView) -> Estimate:
    moving = view.figures.moving_s
    return _missing("speed_mps") if moving is None else Estimate.exact(moving, Grade.DERIVED, "device", "design")


def distance_m(view: BoutView) -> Estimate:
    """Path travelled, with the error of sport watches as band."""
    return _by_position(view, view.figures.distance_m)


def _speed_mps(view: BoutView) -> Estimate:
    if view.figures.moving_s == 0:
        return Estimate.unknown("Nothing moved here", Grade.MEASURED)
    return _by_position(view, view.figures.speed_mps)


def _velocity_mps(view: BoutView) -> Estimate:
    speed = _speed_mps(view)
    if view.bout.direction is not Direction.BACKWARD or speed.value is None or speed.low is None or speed.high is None:
        return speed
    return Estimate.banded(-speed.value, -speed.high, -speed.low, speed.grade, *speed.sources)


def _pace(view: BoutView) -> Estimate:
    speed = _speed_mps(view)
    if speed.value is None or speed.low is None or speed.high is None:
        return speed
    if speed.low < SLOWEST_PACED_MPS:
        return Estimate.unknown("Too slow to speak of a pace")
    slow, middle, fast = (1000 / 60 / mps for mps in (speed.low, speed.value, speed.high))
    return Estimate.banded(middle, fast, slow, speed.grade, *speed.sources)


def _cadence_spm(view: BoutView) -> Estimate:
    cadence = view.figures.cadence_spm
    if cadence is None:
        return _missing("cadence_spm")
    if "cadence_spm" in view.figures.by_motion:
        return _within(cadence, cadence * MOTION_STEPS_ERROR.value, Grade.MEASURED, *MOTION_STEPS_ERROR.sources)
    return _within(cadence, CADENCE_RESOLUTION_SPM.value, Grade.MEASURED)


def steps(view: BoutView) -> Estimate:
    """Steps of both feet, with the resolution of cadence as band; by raw motion, with what it was found to miss."""
    counted = view.figures.steps
    if counted is None:
        return _missing("cadence_spm")
    if "cadence_spm" in view.figures.by_motion:
        width = max(counted * MOTION_STEPS_ERROR.value, FEWEST_STEPS_OFF)
        return _within(counted, width, Grade.MEASURED, *MOTION_STEPS_ERROR.sources)
    return _within(counted, CADENCE_RESOLUTION_SPM.value * view.seconds / 60, Grade.DERIVED)


def _step_length_m(view: BoutView) -> Estimate:
    spread, own = view.figures.step_length_m, view.figures.step_length_own
    if spread is None and view.placement is not None:
        why = "No way over ground and no foot told how far a step went"
        return Estimate.unknown(not_shown(view, "how far a step goes", SHOWS_WAY, why), Grade.MEASURED)
    return _spread(spread, "step_length_m", Grade.MEASURED if own else Grade.DERIVED)


def _contact_time_ms(view: BoutView) -> Estimate:
    spread = view.figures.contact_time_ms
    if spread is None and view.placement is not None:
        return Estimate.unknown(contact_why(view), Grade.MEASURED)
    if spread is None or "contact_time_ms" not in view.figures.by_motion:
        return _spread(spread, "contact_time_ms", Grade.MEASURED)
    low, high = min(spread.low, spread.median - _OFF_MS), max(spread.high, spread.median + _OFF_MS)
    return Estimate.banded(spread.median, low, high, Grade.MEASURED, "device", *MOTION_CONTACT_MS.sources)


def _vertical_oscillation_mm(view: BoutView) -> Estimate:
    spread = view.figures.vertical_oscillation_mm
    if spread is None and view.placement is not None:
        why = not_shown(view, "how far the trunk rises", SHOWS_TRUNK, "Too few regular steps")
        return Estimate.unknown(why, Grade.MEASURED)
    return _spread(spread, "vertical_oscillation_mm", Grade.MEASURED)


def _heart_rate_bpm(view: BoutView) -> Estimate:
    return _beats(view.figures.heart_rate_bpm)


def _heart_rate_max_bpm(view: BoutView) -> Estimate:
    return _beats(view.figures.heart_rate_max_bpm)


@cache
def _missing(channel: str) -> Estimate:
    return Estimate.unknown(f"The recording has no {QUANTITIES[channel].name} here", Grade.MEASURED)


def _within(value: float, width: float, grade: Grade, *sources: str) -> Estimate:
    return Estimate.banded(value, max(value - width, 0.0), value + width, grade, "device", *sources)


def _beats(rate: float | None) -> Estimate:
    """Files write whole beats, so no figure is surer than one beat either way."""
    if rate is None:
        return _missing("heart_rate_bpm")
    return Estimate.banded(rate, rate - 1, rate + 1, Grade.MEASURED, "device")


def _spread(spread: Spread | None, channel: str, grade: Grade) -> Estimate:
    if spread is None:
        return _missing(channel)
    return Estimate.banded(spread.median, spread.low, spread.high, grade, "device")


def _by_position(view: BoutView, value: float | None) -> Estimate:
    """A length or speed with the error of sport watches around it, or our caution where no position backs it."""
    if value is None:
        return _missing("speed_mps")
    error = POSITION_ERROR if view.figures.positioned else BLIND_ERROR
    low, high = value * (1 - error.value), value * (1 + error.value)
    return Estimate.banded(value, low, high, Grade.MEASURED, "device", *error.sources)


_PATH = ("moved_m", "speed_mps")
_WATCH_ERROR = ("device", *POSITION_ERROR.sources, *BLIND_ERROR.sources)

MOVEMENT: tuple[Metric, ...] = (
    Metric(
        key="duration_s",
        name="time",
        unit="s",
        meaning="Length without pauses.",
        needs=("paused",),
        scope=Scope.BOUT,
        aggregation=Aggregation.SUM,
        better=Better.NEITHER,
        grade=Grade.MEASURED,
        sources=("device",),
        gaits=EVERY_GAIT,
        directions=EVERY_DIRECTION,
        placements=ANYWHERE,
        decimals=0,
        compute=duration_s,
    ),
    Metric(
        key="moving_s",
        name="moving time",
        unit="s",
        meaning="Seconds faster than 0.2 m/s; where no speed is known, seconds with steps.",
        needs=(*_PATH, "cadence_spm"),
        scope=Scope.BOUT,
        aggregation=Aggregation.SUM,
        better=Better.NEITHER,
        grade=Grade.DERIVED,
        sources=("device", "design"),
        gaits=EVERY_GAIT,
        directions=EVERY_DIRECTION,
        placements=ANYWHERE,
        decimals=0,
        compute=_moving_s,
    ),
    Metric(
        key="distance_m",
        name="distance",
        unit="m",
        meaning="Path travelled, whichever way you faced. Band: 6.1 %, the mean error of the worst of eight watches; "
        "10 % where no position backs it.",
        needs=_PATH,
        scope=Scope.BOUT,
        aggregation=Aggregation.SUM,
        better=Better.NEITHER,
        grade=Grade.MEASURED,
        sources=_WATCH_ERROR,
        gaits=EVERY_GAIT,
        directions=EVERY_DIRECTION,
        placements=SHOWS_WAY,
        decimals=0,
        compute=distance_m,
    ),
    Metric(
        key="speed_mps",
        name="speed",
        unit="m/s",
        meaning="Distance over moving time. Band as for distance.",
        needs=_PATH,
        scope=Scope.BOUT,
        aggregation=Aggregation.MOVING_MEAN,
        better=Better.NEITHER,
        grade=Grade.MEASURED,
        sources=_WATCH_ERROR,
        gaits=MOVING_ON_FOOT,
        directions=EVERY_DIRECTION,
        placements=SHOWS_WAY,
        decimals=2,
        compute=_speed_mps,
    ),
    Metric(
        key="pace_min_per_km",
        name="pace",
        unit="min/km",
        meaning="Moving time of a kilometre. Band as for distance.",
        needs=_PATH,
        scope=Scope.BOUT,
        aggregation=Aggregation.DISTANCE_MEAN,
        better=Better.NEITHER,
        grade=Grade.MEASURED,
        sources=_WATCH_ERROR,
        gaits=MOVING_ON_FOOT,
        directions=EVERY_DIRECTION,
        placements=SHOWS_WAY,
        decimals=2,
        compute=_pace,
    ),
    Metric(
        key="velocity_mps",
        name="velocity",
        unit="m/s",
        meaning="Speed along facing: negative when backward. Band as for distance.",
        needs=(*_PATH, "direction"),
        scope=Scope.BOUT,
        aggregation=Aggregation.MOVING_MEAN,
        better=Better.NEITHER,
        grade=Grade.MEASURED,
        sources=_WATCH_ERROR,
        gaits=MOVING_ON_FOOT,
        directions=ALONG,
        placements=SHOWS_WAY,
        decimals=2,
        compute=_velocity_mps,
    ),
    Metric(
        key="cadence_spm",
        name="cadence",
        unit="steps/min",
        meaning="Steps of both feet per minute while moving. Band: files write whole cycles of one leg; where raw motion "
        f"told, {100 * MOTION_STEPS_ERROR.value:.0f} %.",
        needs=("cadence_spm",),
        scope=Scope.BOUT,
        aggregation=Aggregation.MOVING_MEAN,
        better=Better.NEITHER,
        grade=Grade.MEASURED,
        sources=("device", *MOTION_STEPS_ERROR.sources),
        gaits=MOVING_ON_FOOT,
        directions=EVERY_DIRECTION,
        placements=ANYWHERE,
        decimals=0,
        compute=_cadence_spm,
    ),
    Metric(
        key="steps",
        name="steps",
        unit="steps",
        meaning="Cadence added up over its seconds. Band as for cadence; where raw motion told, "
        f"{100 * MOTION_STEPS_ERROR.value:.0f} %, which nine of ten counted walks and runs stayed within.",
        needs=("cadence_spm",),
        scope=Scope.BOUT,
        aggregation=Aggregation.SUM,
        better=Better.NEITHER,
        grade=Grade.DERIVED,
        sources=("device", *MOTION_STEPS_ERROR.sources),
        gaits=ON_FOOT,
        directions=EVERY_DIRECTION,
        placements=ANYWHERE,
        decimals=0,
        compute=steps,
    ),
    Metric(
        key="step_length_m",
        name="step length",
        unit="m",
        meaning="Path of one step: the device's own, that of a foot's raw motion, else speed over cadence. Band: the "
        "middle half of the seconds.",
        needs=("step_length_m", *_PATH, "cadence_spm"),
        scope=Scope.BOUT,
        aggregation=Aggregation.STEPS_MEAN,
        better=Better.NEITHER,
        grade=Grade.DERIVED,
        sources=("device",),
        gaits=MOVING_ON_FOOT,
        directions=EVERY_DIRECTION,
        placements=SHOWS_WAY,
        decimals=2,
        compute=_step_length_m,
    ),
    Metric(
        key="contact_time_ms",
        name="contact time",
        unit="ms",
        meaning="Initial to final contact of one foot, as the device gives it: made for forward running, unchecked "
        "backward; else from raw motion, valid both ways. Band: the middle half of the seconds, from raw motion at least "
        f"{MOTION_CONTACT_MS.value:.0f} ms, the worst of 36 walks with a sensor on the foot; running and the trunk were "
        "checked on virtual runs only.",
        needs=("contact_time_ms",),
        scope=Scope.BOUT,
        aggregation=Aggregation.STEPS_MEAN,
        better=Better.NEITHER,
        grade=Grade.MEASURED,
        sources=("device", *MOTION_CONTACT_MS.sources),
        gaits=MOVING_ON_FOOT,
        directions=EVERY_DIRECTION,
        placements=SHOWS_LANDING,
        decimals=0,
        compute=_contact_time_ms,
    ),
    Metric(
        key="vertical_oscillation_mm",
        name="vertical oscillation",
        unit="mm",
        meaning="Rise of the trunk in one step, as the device gives it: made for forward running, unchecked backward; "
        "else from raw motion at the trunk, checked on nobody. Band: the middle half of the seconds.",
        needs=("vertical_oscillation_mm",),
        scope=Scope.BOUT,
        aggregation=Aggregation.STEPS_MEAN,
        better=Better.NEITHER,
        grade=Grade.MEASURED,
        sources=("device",),
        gaits=MOVING_ON_FOOT,
        directions=EVERY_DIRECTION,
        placements=SHOWS_TRUNK,
        decimals=0,
        compute=_vertical_oscillation_mm,
    ),
    Metric(
        key="heart_rate_bpm",
        name="heart rate",
        unit="/min",
        meaning="Mean over all seconds. Band: files write whole beats; what the sensor misread it cannot show.",
        needs=("heart_rate_bpm",),
        scope=Scope.BOUT,
        aggregation=Aggregation.DURATION_MEAN,
        better=Better.NEITHER,
        grade=Grade.MEASURED,
        sources=("device",),
        gaits=EVERY_GAIT,
        directions=EVERY_DIRECTION,
        placements=NOWHERE,
        decimals=0,
        compute=_heart_rate_bpm,
    ),
    Metric(
        key="heart_rate_max_bpm",
        name="highest heart rate",
        unit="/min",
        meaning="The highest second. Band as for heart rate.",
        needs=("heart_rate_bpm",),
        scope=Scope.BOUT,
        aggregation=Aggregation.MAX,
        better=Better.NEITHER,
        grade=Grade.MEASURED,
        sources=("device",),
        gaits=EVERY_GAIT,
        directions=EVERY_DIRECTION,
        placements=NOWHERE,
        decimals=0,
        compute=_heart_rate_max_bpm,
    ),
)
