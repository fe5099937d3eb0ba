"""Metric: one figure a person may be shown, declared with all that it takes to believe it or not.

There are no defaults for unit, needs, aggregation, grade and sources: a metric that lacks one does not load.
"""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from retropace.bout import Bout
from retropace.energy import net_energies_jpkg, resting_energy_jpkg
from retropace.errors import UncitedValue
from retropace.estimate import Estimate
from retropace.form import Form
from retropace.gait import GaitFigures, figures, path_speed_mps
from retropace.person import Person
from retropace.quantities import Direction, Gait
from retropace.signals import Grid, Parts
from retropace.sources import Grade, require_known


class Aggregation(enum.StrEnum):
    """How the figures of several bouts become one. Means are weighted by what they are named after."""

    SUM = "sum"
    COUNT = "count"
    MAX = "max"
    DURATION_MEAN = "duration-mean"
    MOVING_MEAN = "moving-mean"
    DISTANCE_MEAN = "distance-mean"
    STEPS_MEAN = "steps-mean"


class Better(enum.StrEnum):
    """Which way is progress, if any."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Scope(enum.StrEnum):
    """Where a figure means something: of each bout and the session, or of the session only."""

    BOUT = "bout"
    SESSION = "session"


#: Gaits and directions a metric may apply to, by the names used in the lists of metrics.
EVERY_GAIT = tuple(Gait)
MOVING_ON_FOOT = (Gait.WALK, Gait.RUN)
ON_FOOT = (Gait.STAND, *MOVING_ON_FOOT)
EVERY_DIRECTION = tuple(Direction)
KNOWN = tuple(direction for direction in Direction if direction is not Direction.UNKNOWN)
ALONG = (Direction.FORWARD, Direction.BACKWARD)

#: Where a sensor may sit, by the names of `motion.placement.Placement`: anywhere, where it shows the way, the landing, the
#: trunk or the direction, or nowhere, because raw motion does not show such a thing.
ANYWHERE = ("foot", "waist", "pocket", "wrist", "hand", "other")
SHOWS_WAY = SHOWS_LANDING = ("foot", "waist")
SHOWS_TRUNK = ("waist",)
SHOWS_DIRECTION = ("foot", "waist", "pocket")
NOWHERE: tuple[str, ...] = ()

#: What a metric may need besides channels of the grid.
FACTS = ("direction", "gait", "mass_kg", "motion")

UNKNOWN_MASS = "Your body mass is not known: write mass_kg in the person file"
UNKNOWN_GAIT = "How the feet moved is not known"
UNKNOWN_DIRECTION = "Nothing in the recording saw which way you faced"


@dataclass(frozen=True, slots=True)
class BoutView:
    """What a metric may look at: the bout, the person, and the figures shared between metrics.

    `placement` is where the sensor of raw motion was, None where the recording holds none. `seconds` is the length without
    pauses [s]. `net_jpkg` and `net_forward_jpkg` are net energy as travelled and had the same way been gone forward [J/kg].
    """

    bout: Bout
    person: Person
    placement: str | None
    figures: GaitFigures
    seconds: float
    resting_jpkg: Estimate
    net_jpkg: Estimate
    net_forward_jpkg: Estimate


def views(bouts: Sequence[Bout], grid: Grid, person: Person, form: Form | None = None) -> list[BoutView]:
    """The view of each of `bouts`, which lie on `grid`; `form` is what raw motion showed, None where there was none."""
    parts = Parts.between(grid.time_s, [bout.start_s for bout in bouts], [bout.end_s for bout in bouts])
    placement = None if form is None else form.placement
    net = _net_jpkg(bouts, grid, parts, person)
    forward = _had_it_been_forward(net, bouts, grid, parts, person)
    found = []
    for bout, seen, own, ahead in zip(bouts, figures(grid, parts, form), net, forward, strict=True):
        seconds = max(bout.duration_s - seen.paused_s, 0.0)
        resting = resting_energy_jpkg(seconds, bout.gait)
        found.append(BoutView(bout, person, placement, seen, seconds, resting, own, ahead))
    return found


def _net_jpkg(bouts: Sequence[Bout], grid: Grid, parts: Parts, person: Person) -> list[Estimate]:
    """Net energy of each of `bouts`, whose seconds are `parts`: those of one gait and direction all at once."""
    going, path_mps = parts.only(~grid.paused[parts.rows]), path_speed_mps(grid)
    alike: dict[tuple[Gait, Direction], list[int]] = {}
    for number, bout in enumerate(bouts):
        alike.setdefault((bout.gait, bout.direction), []).append(number)
    found: dict[int, Estimate] = {}
    for (gait, direction), numbers in alike.items():
        if direction is Direction.UNKNOWN or gait in (Gait.UNKNOWN, Gait.OTHER):
            found |= {number: Estimate.unknown(bouts[number].reason or UNKNOWN_DIRECTION) for number in numbers}
        else:
            some = going.chosen(numbers)
            net = net_energies_jpkg(gait, direction, path_mps[some.rows], grid.slope[some.rows], some, person)
            found |= zip(numbers, net, strict=True)
    return [found[number] for number in range(len(bouts))]


def _had_it_been_forward(
    net: Sequence[Estimate], bouts: Sequence[Bout], grid: Grid, parts: Parts, person: Person
) -> list[Estimate]:
    """`net` energy of each bout, that of the backward ones as if the same way had been gone forward."""
    backward = [number for number, bout in enumerate(bouts) if bout.direction is Direction.BACKWARD]
    turned = [replace(bouts[number], direction=Direction.FORWARD) for number in backward]
    forward = dict(zip(backward, _net_jpkg(turned, grid, parts.chosen(backward), person), strict=True))
    return [forward.get(number, own) for number, own in enumerate(net)]


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure. `needs` names channels of the grid and `FACTS`; `forward_twin` is the metric of the same way gone forward.

    A bout that did not go backward has one figure for both.
    `meaning` says what the number is and what its band covers. `compute` gives the figure of one bout. `placements` says
    where a sensor of raw motion may sit to give the figure by itself; empty where raw motion never does.
    """

    key: str
    name: str
    unit: str
    meaning: str
    needs: tuple[str, ...]
    scope: Scope
    aggregation: Aggregation
    better: Better
    grade: Grade
    sources: tuple[str, ...]
    gaits: tuple[Gait, ...]
    directions: tuple[Direction, ...]
    decimals: int
    compute: Callable[[BoutView], Estimate]
    placements: tuple[str, ...]
    forward_twin: str | None = None

    def __post_init__(self) -> None:
        require_known(self.sources, f"The metric {self.key}")
        if not self.meaning or not self.needs:
            raise UncitedValue(f"The metric {self.key} does not say what it means or needs")

    def applies(self, gait: Gait, direction: Direction) -> bool:
        """Whether the figure means anything for such a bout; what is unknown of a bout might apply."""
        gait_fits = gait in self.gaits or gait is Gait.UNKNOWN
        return gait_fits and (direction in self.directions or direction is Direction.UNKNOWN)

    def of(self, view: BoutView) -> Estimate:
        """The figure of one bout; unknown, with the reason, where the bout's direction or gait is."""
        bout = view.bout
        if bout.direction is Direction.UNKNOWN and Direction.UNKNOWN not in self.directions:
            return Estimate.unknown(bout.reason or UNKNOWN_DIRECTION, self.grade)
        if bout.gait is Gait.UNKNOWN and Gait.UNKNOWN not in self.gaits:
            return Estimate.unknown(UNKNOWN_GAIT, self.grade)
        return self.compute(view)
