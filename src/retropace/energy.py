"""Energy: what moving on foot costs, by gait, direction, speed and slope; rival models under one name.

Every model gives *net* metabolic power: above resting, per kilogram of body mass [W/kg]. Gross is net plus resting. Which
models there are for a gait and direction, best first, says `MODELS`; `net_power_wpkg(..., method=None)` takes the first.
Outside the speeds and slopes a model was made for the answer is NaN, never a guess. What no paper decides has its reasons in
docs/decisions/0004-energy-and-knee.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import starmap

import numpy as np
import numpy.typing as npt

from retropace.errors import UnusableInput
from retropace.estimate import Estimate
from retropace.gait import ENOUGH
from retropace.person import Person
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray
from retropace.signals import Parts
from retropace.sources import Grade, cited

PowerFunction = Callable[[FloatArray, FloatArray], FloatArray]

#: Thermochemical calorie, exact by definition [J].
JOULES_PER_KCAL = 4184.0
#: Energy of one millilitre of oxygen.
OXYGEN = cited(20.9, "J/ml", "minetti_2002")
#: Resting by convention; measured resting averages 2.6, which is why the band ends there.
RESTING = cited(3.5, "ml/kg/min", "compendium_2011", "byrne_2005", low=2.6, high=3.5)
#: Standing still, in multiples of resting.
STANDING = cited(1.3, "MET", "compendium_2011")

#: Backward ÷ forward net cost at one speed, running. Studies say 1.15, 1.35 and 1.35; the first is the largest.
RUNNING_RATIO = cited(1.30, "ratio", "williford_1998", "wright_2001", "rasica_2020", low=1.15, high=1.45)
#: The same for walking: net 1.40 at 1.34 m/s, 1.52 by the tables, 1.17 to 1.20 gross uphill.
WALKING_RATIO = cited(1.40, "ratio", "williford_1998", "compendium_2011", "hooper_2004", low=1.20, high=1.55)
#: Gross cost of backward walking after `PRACTISED` sessions ÷ before.
PRACTICE = cited(0.81, "ratio", "heath_2001")
PRACTISED = cited(12, "sessions", "heath_2001")
#: Running: nobody measured what practice does; we let it take off a tenth at most, and never from the upper band.
RUNNING_PRACTICE = cited(0.90, "ratio", "design")
#: A ratio measured on the person is repeatable to about this share.
OWN_RATIO_BAND = cited(0.05, "ratio", "design")
#: Standard deviation between runners ÷ mean net cost, forward: 2.51 of 27.15 − 3.5 ml/kg/min.
RUNNERS_DIFFER = cited(2.51 / (27.15 - 3.5), "ratio", "williford_1998")
#: Standard error of the walking equation over level and graded walking.
WALKERS_DIFFER = cited(0.42, "W/kg", "looney_2019")
#: Backward ÷ forward speed at the same effort: the inverse of the cost; boys reached 0.72 to 0.79, one marathoner 0.80.
EQUAL_EFFORT = cited(
    1 / RUNNING_RATIO.value, "ratio", "uthoff_2018", "aretz_site", "journal_frankfurt", low=0.7, high=0.8
)
#: The steepest way down for which a backward figure is given; nobody has measured any.
GENTLE_DOWNHILL = cited(-0.05, "m/m", "design")


def watts_per_kg(oxygen_mlkgmin: float) -> float:
    """Metabolic power [W/kg] of an oxygen uptake [ml/kg/min].

    >>> round(watts_per_kg(3.5), 3)
    1.219
    """
    return oxygen_mlkgmin * OXYGEN.value / 60


RESTING_WPKG = watts_per_kg(RESTING.value)


def forward_running_minetti_2002(speed_mps: FloatArray, slope: FloatArray) -> FloatArray:
    """C = 155.4 i⁵ − 30.4 i⁴ − 43.3 i³ + 46.3 i² + 19.5 i + 3.6 J/kg/m, whatever the speed (Minetti 2002).

    >>> float(forward_running_minetti_2002(np.array([1.0]), np.array([0.0]))[0])
    3.6
    """
    i = slope
    return speed_mps * (((((155.4 * i - 30.4) * i - 43.3) * i + 46.3) * i + 19.5) * i + 3.6)


def forward_running_williford_1998(speed_mps: FloatArray, slope: FloatArray) -> FloatArray:
    """27.15 ml/kg/min at 2.23 m/s, level; per metre the same nearby (Williford 1998)."""
    return _through(27.15, 2.2347, speed_mps, slope)


def forward_walking_looney_2019(speed_mps: FloatArray, slope: FloatArray) -> FloatArray:
    """Gross 1.44 + 1.94 v^0.43 + 0.24 v⁴ + 0.34 v G (1 − 1.05^(1 − 1.1^(G + 32))) W/kg with G in %, minus resting.

    Looney 2019. At no speed it leaves what standing costs above resting.
    """
    grade_pct = 100 * slope
    climbing = 0.34 * speed_mps * grade_pct * (1 - 1.05 ** (1 - 1.1 ** (grade_pct + 32)))
    gross = 1.44 + 1.94 * speed_mps**0.43 + 0.24 * speed_mps**4 + climbing
    return np.maximum(gross - RESTING_WPKG, 0.0)


def forward_walking_minetti_2002(speed_mps: FloatArray, slope: FloatArray) -> FloatArray:
    """C = 280.5 i⁵ − 58.7 i⁴ − 76.8 i³ + 51.9 i² + 19.6 i + 2.5 J/kg/m, whatever the speed (Minetti 2002)."""
    i = slope
    return speed_mps * (((((280.5 * i - 58.7) * i - 76.8) * i + 51.9) * i + 19.6) * i + 2.5)


def forward_walking_williford_1998(speed_mps: FloatArray, slope: FloatArray) -> FloatArray:
    """12.42 ml/kg/min at 1.34 m/s, level (Williford 1998)."""
    return _through(12.42, 1.3408, speed_mps, slope)


def forward_walking_compendium_2011(speed_mps: FloatArray, slope: FloatArray) -> FloatArray:
    """4.3 MET at 1.56 m/s (3.5 mph), level (Compendium 2011)."""
    return _through(4.3 * RESTING.value, 1.5646, speed_mps, slope)


def backward_running_pooled(speed_mps: FloatArray, slope: FloatArray) -> FloatArray:
    """Forward running times `RUNNING_RATIO`: our own pooling of three studies; on slopes our construction."""
    return RUNNING_RATIO.value * forward_running_minetti_2002(speed_mps, slope)


def backward_running_rasica_2020(speed_mps: FloatArray, slope: FloatArray) -> FloatArray:
    """(4.5 + 38.6 i) J/kg/m: 35 % above forward on average and linear uphill (Rasica 2020); the two numbers are our fit."""
    return speed_mps * (4.5 + 38.6 * slope)


def backward_running_wright_2001(speed_mps: FloatArray, slope: FloatArray) -> FloatArray:
    """35 % above forward at 3.0 m/s, level (Wright 2001)."""
    return 1.35 * forward_running_minetti_2002(speed_mps, slope)


def backward_running_williford_1998(speed_mps: FloatArray, slope: FloatArray) -> FloatArray:
    """31.33 ml/kg/min at 2.23 m/s, level (Williford 1998)."""
    return _through(31.33, 2.2347, speed_mps, slope)


def backward_walking_pooled(speed_mps: FloatArray, slope: FloatArray) -> FloatArray:
    """Forward walking times `WALKING_RATIO`: our own pooling."""
    return WALKING_RATIO.value * forward_walking_looney_2019(speed_mps, slope)


def backward_walking_williford_1998(speed_mps: FloatArray, slope: FloatArray) -> FloatArray:
    """15.95 ml/kg/min at 1.34 m/s, level (Williford 1998)."""
    return _through(15.95, 1.3408, speed_mps, slope)


def backward_walking_compendium_2011(speed_mps: FloatArray, slope: FloatArray) -> FloatArray:
    """6.0 MET level and 8.0 MET 5 % uphill at 1.56 m/s, straight between them (Compendium 2011)."""
    mets = 6.0 + (8.0 - 6.0) / 0.05 * slope
    return speed_mps / 1.5646 * (mets - 1) * RESTING_WPKG


def _through(oxygen_mlkgmin: float, at_mps: float, speed_mps: FloatArray, slope: FloatArray) -> FloatArray:
    """Net power in proportion to speed, through one measured point."""
    return speed_mps / at_mps * watts_per_kg(oxygen_mlkgmin - RESTING.value) + 0.0 * slope


@dataclass(frozen=True, slots=True)
class CostModel:
    """A model with the speeds [m/s] and slopes it may be used at, and what it rests on."""

    key: str
    power_wpkg: PowerFunction
    speeds_mps: tuple[float, float]
    slopes: tuple[float, float]
    sources: tuple[str, ...]

    def covers(self, speed_mps: FloatArray, slope: FloatArray) -> npt.NDArray[np.bool_]:
        """Where (n,) speed and slope lie in the model's range; NaN does not."""
        slowest, fastest = self.speeds_mps
        lowest, highest = self.slopes
        fits: npt.NDArray[np.bool_] = (
            (speed_mps >= slowest) & (speed_mps <= fastest) & (slope >= lowest) & (slope <= highest)
        )
        return fits


_LEVEL = (-0.005, 0.005)
_DOWN = GENTLE_DOWNHILL.value
_WR, _RR = WALKING_RATIO.sources, RUNNING_RATIO.sources

#: Every model by gait and direction, best first. Speed ranges reach what was measured; those that start at 0 do so because
#: a bout's slow seconds hardly count, not because anybody ran at 0.
MODELS: dict[tuple[Gait, Direction], tuple[CostModel, ...]] = {
    (Gait.RUN, Direction.FORWARD): (
        CostModel("minetti_2002", forward_running_minetti_2002, (0.0, 7.0), (-0.45, 0.45), ("minetti_2002",)),
        CostModel("williford_1998", forward_running_williford_1998, (1.9, 2.6), _LEVEL, ("williford_1998",)),
    ),
    (Gait.WALK, Direction.FORWARD): (
        CostModel("looney_2019", forward_walking_looney_2019, (0.0, 2.2), (-0.40, 0.45), ("looney_2019",)),
        CostModel("minetti_2002", forward_walking_minetti_2002, (0.0, 2.0), (-0.45, 0.45), ("minetti_2002",)),
        CostModel("williford_1998", forward_walking_williford_1998, (1.2, 1.5), _LEVEL, ("williford_1998",)),
        CostModel("compendium_2011", forward_walking_compendium_2011, (1.4, 1.7), _LEVEL, ("compendium_2011",)),
    ),
    (Gait.RUN, Direction.BACKWARD): (
        CostModel("pooled", backward_running_pooled, (0.0, 3.5), (_DOWN, 0.25), ("minetti_2002", *_RR)),
        CostModel(
            "rasica_2020", backward_running_rasica_2020, (0.0, 3.5), (0.0, 0.25), ("rasica_2020", "minetti_2002")
        ),
        CostModel("wright_2001", backward_running_wright_2001, (1.75, 3.5), _LEVEL, ("wright_2001", "minetti_2002")),
        CostModel("williford_1998", backward_running_williford_1998, (1.9, 2.6), _LEVEL, ("williford_1998",)),
    ),
    (Gait.WALK, Direction.BACKWARD): (
        CostModel("pooled", backward_walking_pooled, (0.0, 2.0), (_DOWN, 0.10), ("looney_2019", *_WR)),
        CostModel("williford_1998", backward_walking_williford_1998, (1.2, 1.5), _LEVEL, ("williford_1998",)),
        CostModel("compendium_2011", backward_walking_compendium_2011, (1.4, 1.7), (0.0, 0.05), ("compendium_2011",)),
    ),
}


def methods(gait: Gait, direction: Direction) -> tuple[str, ...]:
    """Keys of the models for `gait` and `direction`, best first; empty where nobody has measured.

    >>> methods(Gait.RUN, Direction.BACKWARD)[0]
    'pooled'
    """
    return tuple(model.key for model in MODELS.get((gait, direction), ()))


def cost_model(gait: Gait, direction: Direction, method: str | None = None) -> CostModel:
    """The model called `method`, or the best. Raises UnusableInput naming those there are."""
    models = MODELS.get((gait, direction), ())
    for model in models:
        if method in (None, model.key):
            return model
    known = ", ".join(model.key for model in models) or "none: nobody has measured it"
    what = f"No energy model {method or ''} for {gait} {direction}".replace("  ", " ")
    raise UnusableInput(what, field="method", remedy=f"There is {known}.")


def net_power_wpkg(
    speed_mps: FloatArray, slope: FloatArray, gait: Gait, direction: Direction, method: str | None = None
) -> FloatArray:
    """Net metabolic power (n,) [W/kg] at path speed (n,) [m/s] and slope (n,), uphill positive in the way of travel.

    NaN outside the model's range. Raises UnusableInput for an unknown `method`.

    >>> float(net_power_wpkg(np.array([2.5]), np.array([0.0]), Gait.RUN, Direction.FORWARD)[0])
    9.0
    """
    model = cost_model(gait, direction, method)
    inside = model.covers(speed_mps, slope)
    power = model.power_wpkg(np.where(inside, speed_mps, 0.0), np.where(inside, slope, 0.0))
    return np.where(inside, power, np.nan)


@dataclass(frozen=True, slots=True)
class _Ratio:
    value: float
    low: float
    high: float
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sums:
    """What one bout adds up to: its seconds, those that have a speed, and those of them inside its model.

    `forward_jpkg` is what the seconds inside cost forward, `dearest_jpkg` the same if the way down saved nothing.
    """

    seconds: int
    known: int
    inside: int
    way_m: float
    way_inside_m: float
    forward_jpkg: float
    dearest_jpkg: float

    @property
    def grow(self) -> float:
        """What the whole bout has for each part that is inside its model."""
        return (self.way_m / self.way_inside_m if self.way_inside_m > 0 else 1.0) * self.seconds / self.known


def net_energy_jpkg(
    gait: Gait, direction: Direction, speed_mps: FloatArray, slope: FloatArray, person: Person
) -> Estimate:
    """Net energy [J/kg] of a bout given second by second: path speed (n,) [m/s] and slope (n,), NaN where missing.

    A missing slope counts as level. At least `ENOUGH` of the way must lie in the model's range; the rest counts as alike.
    The band of a backward figure is that of the backward ÷ forward ratio alone: how much runners differ forward moves both
    figures together. Unknown, with the reason, where no model reaches.

    >>> five_km = net_energy_jpkg(Gait.RUN, Direction.BACKWARD, np.full(2000, 2.5), np.zeros(2000), Person())
    >>> [round(70 * figure / JOULES_PER_KCAL) for figure in (five_km.value, five_km.low, five_km.high)]
    [391, 346, 437]
    """
    whole = Parts.between(np.arange(speed_mps.size, dtype=float), [0], [speed_mps.size])
    return net_energies_jpkg(gait, direction, speed_mps, slope, whole, person)[0]


def net_energies_jpkg(
    gait: Gait, direction: Direction, speed_mps: FloatArray, slope: FloatArray, bouts: Parts, person: Person
) -> list[Estimate]:
    """`net_energy_jpkg` of several `bouts` of one gait and direction, whose seconds (k,) lie bout after bout."""
    if gait is Gait.STAND or direction is Direction.NONE:
        return [_standing(seconds) for seconds in bouts.size.tolist()]
    if not methods(gait, direction):
        return [Estimate.unknown(f"Nobody has measured what a {gait} {direction} costs")] * len(bouts)
    model, seen = cost_model(gait, direction), np.isfinite(speed_mps)
    known, speed, level = bouts.only(seen), speed_mps[seen], slope[seen]
    level[np.isnan(level)] = 0.0
    found = []
    for number, sums in enumerate(_sums(model, gait, bouts, known, speed, level)):
        if not sums.known or sums.known < ENOUGH.value * sums.seconds:
            found.append(Estimate.unknown("The recording has no speed for most of this stretch"))
        elif not sums.inside or sums.way_inside_m < ENOUGH.value * sums.way_m:
            own = known.number == number
            found.append(Estimate.unknown(_beyond(model, gait, direction, speed[own], level[own])))
        elif direction is Direction.FORWARD:
            found.append(_forward(gait, sums).scaled(sums.grow))
        else:
            found.append(_practised(_backward(gait, sums, person).scaled(sums.grow), gait, person, sums.seconds))
    return found


def resting_energy_jpkg(seconds: float, gait: Gait) -> Estimate:
    """Resting energy [J/kg] over `seconds`; standing reaches up to what the tables say for it.

    >>> round(resting_energy_jpkg(3600, Gait.RUN).value / JOULES_PER_KCAL, 2)
    1.05
    """
    value = RESTING_WPKG * seconds
    high = value * STANDING.value if gait is Gait.STAND else value
    return Estimate.banded(value, watts_per_kg(RESTING.low) * seconds, high, Grade.MODELLED, *RESTING.sources)


def _standing(seconds: int) -> Estimate:
    above_resting = (STANDING.value - 1) * RESTING_WPKG * seconds
    return Estimate.banded(0.0, 0.0, above_resting, Grade.MODELLED, *STANDING.sources)


def _sums(
    model: CostModel, gait: Gait, bouts: Parts, known: Parts, speed_mps: FloatArray, slope: FloatArray
) -> Iterator[_Sums]:
    """The sums of each of `bouts`, whose seconds with a speed are `known`, with their speed and slope (k,)."""
    covered = model.covers(speed_mps, slope)
    inside, speed, level = known.only(covered), speed_mps[covered], slope[covered]
    forward = cost_model(gait, Direction.FORWARD)
    power = forward.power_wpkg(speed, level)
    dearest = power
    if np.any(level < 0):
        dearest = np.maximum(power, forward.power_wpkg(speed, np.maximum(level, 0.0)))
    ways = known.total(speed_mps), inside.total(speed)
    columns = (bouts.size, known.size, inside.size, *ways, inside.total(power), inside.total(dearest))
    return starmap(_Sums, zip(*(column.tolist() for column in columns), strict=True))


def _forward(gait: Gait, sums: _Sums) -> Estimate:
    value, differ = sums.forward_jpkg, RUNNERS_DIFFER if gait is Gait.RUN else WALKERS_DIFFER
    spread = value * differ.value if gait is Gait.RUN else differ.value * sums.inside
    sources = tuple(dict.fromkeys((*cost_model(gait, Direction.FORWARD).sources, *differ.sources)))
    return Estimate.banded(value, max(value - spread, 0.0), value + spread, Grade.MODELLED, *sources)


def _backward(gait: Gait, sums: _Sums, person: Person) -> Estimate:
    """Forward times the ratio. Downhill nobody has measured: the upper band lets the way down save nothing."""
    ratio, forward = _ratio(gait, person), cost_model(gait, Direction.FORWARD)
    low, high = ratio.low * sums.forward_jpkg, ratio.high * sums.dearest_jpkg
    sources = dict.fromkeys((*ratio.sources, *forward.sources))
    return Estimate.banded(ratio.value * sums.forward_jpkg, low, high, Grade.MODELLED, *sources)


def _ratio(gait: Gait, person: Person) -> _Ratio:
    own = person.backward_energy_ratio
    if own is not None:
        return _Ratio(own, own * (1 - OWN_RATIO_BAND.value), own * (1 + OWN_RATIO_BAND.value), OWN_RATIO_BAND.sources)
    pooled = RUNNING_RATIO if gait is Gait.RUN else WALKING_RATIO
    return _Ratio(pooled.value, pooled.low, pooled.high, pooled.sources)


def practice_factor(sessions: int, gait: Gait) -> float:
    """What earlier sessions of backward walking leave of the cost: gross for walking, net for running.

    Straight from 1 to the measured end (Heath 2001, walking); the straight line is our assumption, and so is any effect on
    running, which is capped.

    >>> practice_factor(12, Gait.WALK), practice_factor(12, Gait.RUN), practice_factor(0, Gait.RUN)
    (0.81, 0.9, 1.0)
    """
    walked = 1 - (1 - PRACTICE.value) * min(sessions, PRACTISED.value) / PRACTISED.value
    return walked if gait is Gait.WALK else max(walked, RUNNING_PRACTICE.value)


def _practised(novice: Estimate, gait: Gait, person: Person, seconds: int) -> Estimate:
    """`novice` after the person's practice; the upper band stays, for practice may not have worked here."""
    if person.backward_sessions is None or person.backward_energy_ratio is not None:
        return novice
    if novice.value is None or novice.low is None or novice.high is None:
        return novice
    factor = practice_factor(person.backward_sessions, gait)
    resting = RESTING_WPKG * seconds if gait is Gait.WALK else 0.0
    value, low = (max((net + resting) * factor - resting, 0.0) for net in (novice.value, novice.low))
    sources = dict.fromkeys((*novice.sources, *PRACTICE.sources))
    return Estimate.banded(value, low, novice.high, novice.grade, *sources)


def _beyond(model: CostModel, gait: Gait, direction: Direction, speed_mps: FloatArray, slope: FloatArray) -> str:
    """The sentence that says where most of the bout leaves the model."""
    doing = f"{'running' if gait is Gait.RUN else 'walking'} {direction}"
    fastest, (lowest, highest) = model.speeds_mps[1], model.slopes
    if np.median(speed_mps) > fastest:
        return f"Faster than our model of {doing} reaches ({fastest:g} m/s)"
    if np.count_nonzero(slope < lowest) >= np.count_nonzero(slope > highest):
        return f"The way led down more than {-100 * lowest:g} %; no study we read measured {doing} there"
    return f"The way led up more than {100 * highest:g} %; no study we read measured {doing} there"
