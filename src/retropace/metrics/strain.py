"""Strain: what the knee took, and how much of the session was backward at all."""

from dataclasses import replace

from retropace.estimate import Estimate
from retropace.knee import (
    BACKWARD_BW,
    FORWARD_BW,
    FORWARD_SLOW_BW,
    RUNNING_MPS,
    RUNNING_RATIO,
    SLOW_RATIO,
    peak_backward_bw,
    peak_forward_bw,
    relative_per_km,
    relative_per_step,
)
from retropace.load import reverse_part
from retropace.metrics.metric import (
    ALONG,
    KNOWN,
    ON_FOOT,
    SHOWS_DIRECTION,
    SHOWS_WAY,
    Aggregation,
    Better,
    BoutView,
    Metric,
    Scope,
)
from retropace.metrics.movement import distance_m, duration_s, steps
from retropace.quantities import Direction, Gait
from retropace.sources import Grade
from retropace.witness import CADENCE_RATIO

_NO_SPEED = Estimate.unknown("The recording has no speed here")
_ONE = Estimate.exact(1.0, Grade.DERIVED, "device")


def _peak_bw(view: BoutView) -> Estimate:
    speed = view.figures.speed_mps
    if speed is None:
        return _NO_SPEED
    return peak_backward_bw(speed) if view.bout.direction is Direction.BACKWARD else peak_forward_bw(speed)


def _peak_forward_bw(view: BoutView) -> Estimate:
    speed = view.figures.speed_mps
    return _NO_SPEED if speed is None else peak_forward_bw(speed)


def _summed_bw(view: BoutView) -> Estimate:
    return _times_steps(_peak_bw(view), view, 1.0)


def _summed_forward_bw(view: BoutView) -> Estimate:
    """Forward the same way takes fewer steps: by the cadence ratio."""
    peak = _peak_forward_bw(view)
    if view.bout.direction is not Direction.BACKWARD:
        return _times_steps(peak, view, 1.0)
    fewer = _times_steps(peak, view, 1 / CADENCE_RATIO.value)
    return fewer if fewer.value is None else replace(fewer, sources=(*fewer.sources, *CADENCE_RATIO.sources))


def _times_steps(peak: Estimate, view: BoutView, share: float) -> Estimate:
    counted = view.figures.steps
    return steps(view) if counted is None else peak.scaled(counted * share)


def _relative_per_step(view: BoutView) -> Estimate:
    speed = view.figures.speed_mps
    return _NO_SPEED if speed is None else relative_per_step(speed)


def _relative_per_km(view: BoutView) -> Estimate:
    speed = view.figures.speed_mps
    return _NO_SPEED if speed is None else relative_per_km(speed)


def _reverse_seconds(view: BoutView) -> Estimate:
    return reverse_part(view.bout.direction, lambda: duration_s(view))


def _reverse_bouts(view: BoutView) -> Estimate:
    return reverse_part(view.bout.direction, lambda: _ONE)


def _reverse_distance_m(view: BoutView) -> Estimate:
    return reverse_part(view.bout.direction, lambda: distance_m(view))


def _reverse_steps(view: BoutView) -> Estimate:
    return reverse_part(view.bout.direction, lambda: steps(view))


_RATIO = tuple(dict.fromkeys((*SLOW_RATIO.sources, *RUNNING_RATIO.sources, *RUNNING_MPS.sources)))
_PEAK = tuple(dict.fromkeys((*FORWARD_BW.sources, *FORWARD_SLOW_BW.sources, *BACKWARD_BW.sources, *_RATIO)))
_CHANNELS = ("moved_m", "speed_mps", "direction", "gait")
_NOT_YOU = "An average of other people, not measured on you."

STRAIN: tuple[Metric, ...] = (
    Metric(
        key="knee_peak_force_bw",
        name="peak knee force",
        unit="× body weight",
        meaning=f"Highest force behind the kneecap in a step. {_NOT_YOU} Band: one standard deviation between people.",
        needs=_CHANNELS,
        scope=Scope.BOUT,
        aggregation=Aggregation.STEPS_MEAN,
        better=Better.LOWER,
        grade=Grade.MODELLED,
        sources=_PEAK,
        gaits=(Gait.RUN,),
        directions=ALONG,
        placements=SHOWS_WAY,
        decimals=1,
        compute=_peak_bw,
        forward_twin="knee_peak_force_forward_bw",
    ),
    Metric(
        key="knee_peak_force_forward_bw",
        name="peak knee force, forward",
        unit="× body weight",
        meaning=f"The same at the same speed forward. {_NOT_YOU} Band: one standard deviation between people.",
        needs=_CHANNELS,
        scope=Scope.BOUT,
        aggregation=Aggregation.STEPS_MEAN,
        better=Better.LOWER,
        grade=Grade.MODELLED,
        sources=_PEAK,
        gaits=(Gait.RUN,),
        directions=ALONG,
        placements=SHOWS_WAY,
        decimals=1,
        compute=_peak_forward_bw,
    ),
    Metric(
        key="knee_summed_force_bw",
        name="knee force, all steps",
        unit="× body weight",
        meaning=f"Peak force times steps of both legs. {_NOT_YOU} Band as for the peak.",
        needs=(*_CHANNELS, "cadence_spm"),
        scope=Scope.BOUT,
        aggregation=Aggregation.SUM,
        better=Better.LOWER,
        grade=Grade.MODELLED,
        sources=(*_PEAK, *CADENCE_RATIO.sources),
        gaits=(Gait.RUN,),
        directions=ALONG,
        placements=SHOWS_WAY,
        decimals=0,
        compute=_summed_bw,
        forward_twin="knee_summed_force_forward_bw",
    ),
    Metric(
        key="knee_summed_force_forward_bw",
        name="knee force, all steps, forward",
        unit="× body weight",
        meaning=f"The same for the same way forward, which takes fewer steps. {_NOT_YOU} Band as for the peak.",
        needs=(*_CHANNELS, "cadence_spm"),
        scope=Scope.BOUT,
        aggregation=Aggregation.SUM,
        better=Better.LOWER,
        grade=Grade.MODELLED,
        sources=(*_PEAK, *CADENCE_RATIO.sources),
        gaits=(Gait.RUN,),
        directions=ALONG,
        placements=SHOWS_WAY,
        decimals=0,
        compute=_summed_forward_bw,
    ),
    Metric(
        key="knee_relative_per_step",
        name="knee force per step against forward",
        unit="×",
        meaning="Peak force of a step ÷ forward at the same speed. An average of other people; some had no less.",
        needs=_CHANNELS,
        scope=Scope.BOUT,
        aggregation=Aggregation.STEPS_MEAN,
        better=Better.LOWER,
        grade=Grade.MODELLED,
        sources=_RATIO,
        gaits=(Gait.RUN,),
        directions=(Direction.BACKWARD,),
        placements=SHOWS_WAY,
        decimals=2,
        compute=_relative_per_step,
    ),
    Metric(
        key="knee_relative_per_km",
        name="knee force per kilometre against forward",
        unit="×",
        meaning="Peak force times steps of a kilometre ÷ forward at the same speed. An average of other people.",
        needs=_CHANNELS,
        scope=Scope.BOUT,
        aggregation=Aggregation.DISTANCE_MEAN,
        better=Better.LOWER,
        grade=Grade.MODELLED,
        sources=(*_RATIO, *CADENCE_RATIO.sources),
        gaits=(Gait.RUN,),
        directions=(Direction.BACKWARD,),
        placements=SHOWS_WAY,
        decimals=2,
        compute=_relative_per_km,
    ),
    Metric(
        key="reverse_seconds",
        name="backward time",
        unit="s",
        meaning="Time going backward, pauses not counted.",
        needs=("paused", "direction"),
        scope=Scope.SESSION,
        aggregation=Aggregation.SUM,
        better=Better.NEITHER,
        grade=Grade.DERIVED,
        sources=("device",),
        gaits=ON_FOOT,
        directions=KNOWN,
        placements=SHOWS_DIRECTION,
        decimals=0,
        compute=_reverse_seconds,
    ),
    Metric(
        key="reverse_distance_m",
        name="backward distance",
        unit="m",
        meaning="Path gone backward. Band as for distance.",
        needs=("moved_m", "speed_mps", "direction"),
        scope=Scope.SESSION,
        aggregation=Aggregation.SUM,
        better=Better.NEITHER,
        grade=Grade.DERIVED,
        sources=("device", "gilgen_ammann_2020", "design"),
        gaits=ON_FOOT,
        directions=KNOWN,
        placements=SHOWS_WAY,
        decimals=0,
        compute=_reverse_distance_m,
    ),
    Metric(
        key="reverse_steps",
        name="backward steps",
        unit="steps",
        meaning="Steps of both feet taken backward. Band as for cadence.",
        needs=("cadence_spm", "direction"),
        scope=Scope.SESSION,
        aggregation=Aggregation.SUM,
        better=Better.NEITHER,
        grade=Grade.DERIVED,
        sources=("device",),
        gaits=ON_FOOT,
        directions=KNOWN,
        placements=SHOWS_DIRECTION,
        decimals=0,
        compute=_reverse_steps,
    ),
    Metric(
        key="reverse_bouts",
        name="backward bouts",
        unit="bouts",
        meaning="Stretches of walking backward and of running backward, each counted.",
        needs=("direction",),
        scope=Scope.SESSION,
        aggregation=Aggregation.COUNT,
        better=Better.NEITHER,
        grade=Grade.DERIVED,
        sources=("device",),
        gaits=ON_FOOT,
        directions=KNOWN,
        placements=SHOWS_DIRECTION,
        decimals=0,
        compute=_reverse_bouts,
    ),
    Metric(
        key="longest_reverse_bout_s",
        name="longest backward bout",
        unit="s",
        meaning="The longest stretch of walking or of running backward.",
        needs=("paused", "direction"),
        scope=Scope.SESSION,
        aggregation=Aggregation.MAX,
        better=Better.NEITHER,
        grade=Grade.DERIVED,
        sources=("device",),
        gaits=ON_FOOT,
        directions=KNOWN,
        placements=SHOWS_DIRECTION,
        decimals=0,
        compute=_reverse_seconds,
    ),
)
