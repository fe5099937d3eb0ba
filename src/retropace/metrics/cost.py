"""Cost: what the way took in energy, as travelled and had it been gone forward at the same speed."""

from retropace.energy import (
    EQUAL_EFFORT,
    JOULES_PER_KCAL,
    OWN_RATIO_BAND,
    PRACTICE,
    RESTING,
    RUNNING_RATIO,
    STANDING,
    WALKING_RATIO,
)
from retropace.estimate import Estimate
from retropace.metrics.metric import (
    KNOWN,
    MOVING_ON_FOOT,
    ON_FOOT,
    SHOWS_WAY,
    UNKNOWN_MASS,
    Aggregation,
    Better,
    BoutView,
    Metric,
    Scope,
)
from retropace.quantities import Direction, Gait
from retropace.sources import Grade

#: Over less than this [m] a cost per kilometre says nothing: it is within any sensor's error. Our choice.
LEAST_DISTANCE_M = 1.0
#: What a metre costs at the least [J/kg]; a ratio to less than it is a ratio to nothing. Our choice.
LEAST_ENERGY_JPKG = 1.0


_NO_MASS = Estimate.unknown(UNKNOWN_MASS)


def _kcal(view: BoutView, per_kg: Estimate, times: float = 1.0) -> Estimate:
    if per_kg.value is None:
        return per_kg
    return _NO_MASS if view.person.mass_kg is None else per_kg.scaled(times * view.person.mass_kg / JOULES_PER_KCAL)


def _per_km(view: BoutView, per_kg: Estimate) -> Estimate:
    distance_m = view.figures.distance_m
    if per_kg.value is None:
        return per_kg
    if distance_m is None or distance_m < LEAST_DISTANCE_M:
        return Estimate.unknown("The recording shows no distance here")
    return _kcal(view, per_kg, 1000 / distance_m)


def _net_kcal(view: BoutView) -> Estimate:
    return _kcal(view, view.net_jpkg)


def _net_forward_kcal(view: BoutView) -> Estimate:
    return _kcal(view, view.net_forward_jpkg)


def _gross_kcal(view: BoutView) -> Estimate:
    return _kcal(view, view.net_jpkg.plus(view.resting_jpkg))


def _gross_forward_kcal(view: BoutView) -> Estimate:
    return _kcal(view, view.net_forward_jpkg.plus(view.resting_jpkg))


def _net_per_km(view: BoutView) -> Estimate:
    return _per_km(view, view.net_jpkg)


def _net_forward_per_km(view: BoutView) -> Estimate:
    return _per_km(view, view.net_forward_jpkg)


def _net_per_kg(view: BoutView) -> Estimate:
    return view.net_jpkg.scaled(1 / JOULES_PER_KCAL)


def _net_forward_per_kg(view: BoutView) -> Estimate:
    return view.net_forward_jpkg.scaled(1 / JOULES_PER_KCAL)


def _relative(view: BoutView) -> Estimate:
    forward = view.net_forward_jpkg
    if view.net_jpkg.value is None:
        return view.net_jpkg
    if forward.value is None:
        return forward
    if forward.value < LEAST_ENERGY_JPKG:
        return Estimate.unknown("Nothing moved here")
    return view.net_jpkg.scaled(1 / forward.value)


def _equal_effort_mps(view: BoutView) -> Estimate:
    speed = view.figures.speed_mps
    if speed is None:
        return Estimate.unknown("The recording has no speed here")
    low, high = speed / EQUAL_EFFORT.high, speed / EQUAL_EFFORT.low
    return Estimate.banded(speed / EQUAL_EFFORT.value, low, high, Grade.MODELLED, *EQUAL_EFFORT.sources)


#: A ratio of the person's own rests on "design" and the forward model; standing on the tables.
_FORWARD = ("minetti_2002", "looney_2019", "williford_1998", *STANDING.sources)
_BACKWARD = (*RUNNING_RATIO.sources, *WALKING_RATIO.sources, *PRACTICE.sources, *OWN_RATIO_BAND.sources)
_NET = tuple(dict.fromkeys((*_FORWARD, *_BACKWARD)))
_GROSS = tuple(dict.fromkeys((*_NET, *RESTING.sources)))
_GROSS_FORWARD = tuple(dict.fromkeys((*_FORWARD, *RESTING.sources)))
_CHANNELS = ("moved_m", "speed_mps", "slope", "direction", "gait")
_BAND = "Band: backward that of the backward ÷ forward ratio, forward one standard deviation between people."
_SAME_WAY = "the same way at the same speed, all of it forward. Band: one standard deviation between people."

COST: tuple[Metric, ...] = (
    Metric(
        key="energy_net_kcal",
        name="energy above resting",
        unit="kcal",
        meaning=f"What moving cost, resting taken off. A missing slope counts as level. {_BAND}",
        needs=(*_CHANNELS, "mass_kg"),
        scope=Scope.BOUT,
        aggregation=Aggregation.SUM,
        better=Better.NEITHER,
        grade=Grade.MODELLED,
        sources=_NET,
        gaits=ON_FOOT,
        directions=KNOWN,
        placements=SHOWS_WAY,
        decimals=0,
        compute=_net_kcal,
        forward_twin="energy_net_forward_kcal",
    ),
    Metric(
        key="energy_net_forward_kcal",
        name="energy above resting, forward",
        unit="kcal",
        meaning=f"Energy above resting for {_SAME_WAY}",
        needs=(*_CHANNELS, "mass_kg"),
        scope=Scope.BOUT,
        aggregation=Aggregation.SUM,
        better=Better.NEITHER,
        grade=Grade.MODELLED,
        sources=_FORWARD,
        gaits=ON_FOOT,
        directions=KNOWN,
        placements=SHOWS_WAY,
        decimals=0,
        compute=_net_forward_kcal,
    ),
    Metric(
        key="energy_gross_kcal",
        name="energy",
        unit="kcal",
        meaning=f"Energy above resting plus resting: what a watch calls calories. {_BAND}",
        needs=(*_CHANNELS, "mass_kg"),
        scope=Scope.BOUT,
        aggregation=Aggregation.SUM,
        better=Better.NEITHER,
        grade=Grade.MODELLED,
        sources=_GROSS,
        gaits=ON_FOOT,
        directions=KNOWN,
        placements=SHOWS_WAY,
        decimals=0,
        compute=_gross_kcal,
        forward_twin="energy_gross_forward_kcal",
    ),
    Metric(
        key="energy_gross_forward_kcal",
        name="energy, forward",
        unit="kcal",
        meaning=f"Energy for {_SAME_WAY}",
        needs=(*_CHANNELS, "mass_kg"),
        scope=Scope.BOUT,
        aggregation=Aggregation.SUM,
        better=Better.NEITHER,
        grade=Grade.MODELLED,
        sources=_GROSS_FORWARD,
        gaits=ON_FOOT,
        directions=KNOWN,
        placements=SHOWS_WAY,
        decimals=0,
        compute=_gross_forward_kcal,
    ),
    Metric(
        key="energy_net_kcal_per_km",
        name="energy per kilometre",
        unit="kcal/km",
        meaning=f"Energy above resting of one kilometre. {_BAND}",
        needs=(*_CHANNELS, "mass_kg"),
        scope=Scope.BOUT,
        aggregation=Aggregation.DISTANCE_MEAN,
        better=Better.NEITHER,
        grade=Grade.MODELLED,
        sources=_NET,
        gaits=MOVING_ON_FOOT,
        directions=KNOWN,
        placements=SHOWS_WAY,
        decimals=0,
        compute=_net_per_km,
        forward_twin="energy_net_forward_kcal_per_km",
    ),
    Metric(
        key="energy_net_forward_kcal_per_km",
        name="energy per kilometre, forward",
        unit="kcal/km",
        meaning=f"Energy above resting of one kilometre for {_SAME_WAY}",
        needs=(*_CHANNELS, "mass_kg"),
        scope=Scope.BOUT,
        aggregation=Aggregation.DISTANCE_MEAN,
        better=Better.NEITHER,
        grade=Grade.MODELLED,
        sources=_FORWARD,
        gaits=MOVING_ON_FOOT,
        directions=KNOWN,
        placements=SHOWS_WAY,
        decimals=0,
        compute=_net_forward_per_km,
    ),
    Metric(
        key="energy_net_kcal_per_kg",
        name="energy per kilogram",
        unit="kcal/kg",
        meaning=f"Energy above resting per kilogram of body mass, for when the mass is not known. {_BAND}",
        needs=_CHANNELS,
        scope=Scope.BOUT,
        aggregation=Aggregation.SUM,
        better=Better.NEITHER,
        grade=Grade.MODELLED,
        sources=_NET,
        gaits=ON_FOOT,
        directions=KNOWN,
        placements=SHOWS_WAY,
        decimals=2,
        compute=_net_per_kg,
        forward_twin="energy_net_forward_kcal_per_kg",
    ),
    Metric(
        key="energy_net_forward_kcal_per_kg",
        name="energy per kilogram, forward",
        unit="kcal/kg",
        meaning=f"Energy above resting per kilogram of body mass for {_SAME_WAY}",
        needs=_CHANNELS,
        scope=Scope.BOUT,
        aggregation=Aggregation.SUM,
        better=Better.NEITHER,
        grade=Grade.MODELLED,
        sources=_FORWARD,
        gaits=ON_FOOT,
        directions=KNOWN,
        placements=SHOWS_WAY,
        decimals=2,
        compute=_net_forward_per_kg,
    ),
    Metric(
        key="energy_relative",
        name="energy against forward",
        unit="×",
        meaning="Energy above resting of the same way ÷ forward at the same speed. Band: what studies found.",
        needs=_CHANNELS,
        scope=Scope.BOUT,
        aggregation=Aggregation.DISTANCE_MEAN,
        better=Better.NEITHER,
        grade=Grade.MODELLED,
        sources=_NET,
        gaits=MOVING_ON_FOOT,
        directions=(Direction.BACKWARD,),
        placements=SHOWS_WAY,
        decimals=2,
        compute=_relative,
    ),
    Metric(
        key="equal_effort_forward_mps",
        name="forward speed of equal effort",
        unit="m/s",
        meaning="How fast forward would have been as hard. Band: backward runners reach 0.70 to 0.80 of forward speed.",
        needs=("moved_m", "speed_mps", "direction", "gait"),
        scope=Scope.BOUT,
        aggregation=Aggregation.MOVING_MEAN,
        better=Better.HIGHER,
        grade=Grade.MODELLED,
        sources=EQUAL_EFFORT.sources,
        gaits=(Gait.RUN,),
        directions=(Direction.BACKWARD,),
        placements=SHOWS_WAY,
        decimals=2,
        compute=_equal_effort_mps,
    ),
)
