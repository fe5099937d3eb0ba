"""Form: how the body moved, where raw motion or a watch shows it; and why not, where the sensor sat in the wrong place."""

from dataclasses import replace

from retropace.estimate import Estimate
from retropace.gait import ENOUGH, MOTION_CONTACT_MS, Spread
from retropace.metrics.metric import (
    ALONG,
    EVERY_DIRECTION,
    MOVING_ON_FOOT,
    SHOWS_LANDING,
    SHOWS_TRUNK,
    Aggregation,
    Better,
    BoutView,
    Metric,
    Scope,
)
from retropace.quantities import Direction, Gait
from retropace.sources import Grade

#: What each placement is called where it cannot show something.
SITES = {
    "foot": "A foot",
    "waist": "A trunk",
    "pocket": "A thigh",
    "wrist": "A wrist",
    "hand": "A hand or an upper arm",
}
UNKNOWN_SITE = "It is not known where the sensor was worn"
NO_MOTION = "The recording has no raw motion here"


def not_shown(view: BoutView, what: str, placements: tuple[str, ...], else_why: str) -> str:
    """Why `what` is not known: no motion, worn where it does not show, or, where it might, `else_why`."""
    if view.placement is None:
        return NO_MOTION
    if view.placement in placements:
        return else_why
    return f"{SITES[view.placement]} does not show {what}" if view.placement in SITES else UNKNOWN_SITE


def contact_why(view: BoutView) -> str:
    """Why contact time is not known."""
    walks = view.placement == "waist" and view.bout.gait is Gait.WALK
    why = (
        "A trunk shows contact of the feet only in running"
        if walks
        else "Too few steps were seen from landing to leaving"
    )
    return not_shown(view, "when a foot lands", SHOWS_LANDING, why)


def _of_contact(view: BoutView, spread: Spread | None) -> Estimate:
    if view.figures.contact_time_ms is None:
        why = contact_why(view) if view.placement is not None else "The recording has no contact time here"
        return Estimate.unknown(why, Grade.DERIVED)
    if spread is None:
        return Estimate.unknown("A foot was always on the ground, or the steps were not counted", Grade.DERIVED)
    sources = ("device", *MOTION_CONTACT_MS.sources) if "contact_time_ms" in view.figures.by_motion else ("device",)
    return Estimate.banded(spread.median, spread.low, spread.high, Grade.DERIVED, *sources)


def _flight_time_ms(view: BoutView) -> Estimate:
    return _of_contact(view, view.figures.flight_time_ms)


def _duty_factor(view: BoutView) -> Estimate:
    return _of_contact(view, view.figures.duty_factor)


def _impact(view: BoutView) -> Estimate:
    why = f"Too little {view.bout.gait} forward in this session to compare with"
    return _middle(view.figures.impact, not_shown(view, "how hard a foot lands", SHOWS_LANDING, why))


def _lean_deg(view: BoutView) -> Estimate:
    why = "Nobody stood still for long enough to compare with, or where your front was is not known"
    return _middle(view.figures.lean_deg, not_shown(view, "how the trunk leans", SHOWS_TRUNK, why))


def _symmetry(view: BoutView) -> Estimate:
    return _middle(view.figures.symmetry, not_shown(view, "both legs", SHOWS_TRUNK, _FEW))


def _smoothness(view: BoutView) -> Estimate:
    return _middle(view.figures.smoothness, not_shown(view, "how smoothly the trunk moves", SHOWS_TRUNK, _FEW))


_FEW = "Too few regular steps"


def _middle(spread: Spread | None, why: str) -> Estimate:
    """Median of a channel of form over the bout, the middle half of its seconds around it; or `why` there is none."""
    if spread is None:
        return Estimate.unknown(why, Grade.DERIVED)
    return Estimate.banded(spread.median, spread.low, spread.high, Grade.DERIVED, "device", *ENOUGH.sources)


_MIDDLE = "Band: the middle half of the seconds; nobody has checked it against a laboratory."

#: What a trunk shows; its other rows differ from this in what is theirs.
_TRUNK_LEAN = Metric(
    key="trunk_lean_deg",
    name="trunk lean",
    unit="°",
    meaning=f"How far the trunk leans against how it stood still, forward positive. {_MIDDLE}",
    needs=("motion", "direction"),
    scope=Scope.BOUT,
    aggregation=Aggregation.MOVING_MEAN,
    better=Better.NEITHER,
    grade=Grade.DERIVED,
    sources=("device", *ENOUGH.sources),
    gaits=MOVING_ON_FOOT,
    directions=ALONG,
    placements=SHOWS_TRUNK,
    decimals=1,
    compute=_lean_deg,
)

FORM: tuple[Metric, ...] = (
    Metric(
        key="flight_time_ms",
        name="flight time",
        unit="ms",
        meaning="What contact leaves of a step: neither foot on the ground. Band as for contact time.",
        needs=("contact_time_ms", "cadence_spm"),
        scope=Scope.BOUT,
        aggregation=Aggregation.STEPS_MEAN,
        better=Better.NEITHER,
        grade=Grade.DERIVED,
        sources=("device", *MOTION_CONTACT_MS.sources),
        gaits=(Gait.RUN,),
        directions=EVERY_DIRECTION,
        placements=SHOWS_LANDING,
        decimals=0,
        compute=_flight_time_ms,
    ),
    Metric(
        key="duty_factor",
        name="duty factor",
        unit="of stride",
        meaning="Share of a stride that one foot is on the ground: below a half there is flight. Band as for contact time.",
        needs=("contact_time_ms", "cadence_spm"),
        scope=Scope.BOUT,
        aggregation=Aggregation.STEPS_MEAN,
        better=Better.NEITHER,
        grade=Grade.DERIVED,
        sources=("device", *MOTION_CONTACT_MS.sources),
        gaits=MOVING_ON_FOOT,
        directions=EVERY_DIRECTION,
        placements=SHOWS_LANDING,
        decimals=2,
        compute=_duty_factor,
    ),
    Metric(
        key="impact_relative",
        name="landing against forward",
        unit="×",
        meaning="How hard the sensor was hit at landing ÷ the median of your own forward in this session and gait, at "
        f"whatever speed each was. It is no force. {_MIDDLE}",
        needs=("motion", "direction", "gait"),
        scope=Scope.BOUT,
        aggregation=Aggregation.STEPS_MEAN,
        better=Better.LOWER,
        grade=Grade.DERIVED,
        sources=("device", *ENOUGH.sources),
        gaits=MOVING_ON_FOOT,
        directions=(Direction.BACKWARD,),
        placements=SHOWS_LANDING,
        decimals=2,
        compute=_impact,
    ),
    _TRUNK_LEAN,
    replace(
        _TRUNK_LEAN,
        key="step_symmetry",
        name="evenness of left and right",
        unit="ratio",
        meaning=f"How alike one step and the next are ÷ how alike two strides are: 1 is even. {_MIDDLE}",
        needs=("motion",),
        aggregation=Aggregation.STEPS_MEAN,
        directions=EVERY_DIRECTION,
        decimals=2,
        compute=_symmetry,
    ),
    replace(
        _TRUNK_LEAN,
        key="smoothness",
        name="smoothness",
        unit="log",
        meaning=f"Minus the log of dimensionless jerk of the trunk: a pure wave has −3.7, less is jerkier. {_MIDDLE}",
        needs=("motion",),
        aggregation=Aggregation.STEPS_MEAN,
        better=Better.HIGHER,
        directions=EVERY_DIRECTION,
        compute=_smoothness,
    ),
)
