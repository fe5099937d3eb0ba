"""Metric: one figure a person may be shown, declared with all that it takes to believe it or not.

There are no defaults for unit, needs, aggregation, grade and sources: a metric that lacks one does not load.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass, field

from retropace.bout import Bout
from retropace.energy import net_energy_jpkg, resting_energy_jpkg
from retropace.errors import UncitedValue
from retropace.estimate import Estimate
from retropace.form import Form
from retropace.gait import GaitFigures, figures
from retropace.person import Person
from retropace.quantities import Direction, Gait
from retropace.signals import Grid
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
    """What a metric may look at: the bout, its part of the grid, the person, and the figures shared between metrics.

    `form` is the bout's part of what raw motion showed, None where the recording holds none.
    `net_jpkg` and `net_forward_jpkg` are net energy as travelled and had the same way been gone forward [J/kg].
    """

    bout: Bout
    grid: Grid
    person: Person
    form: Form | None = None
    figures: GaitFigures = field(init=False)
    net_jpkg: Estimate = field(init=False)
    net_forward_jpkg: Estimate = field(init=False)
    resting_jpkg: Estimate = field(init=False)

    def __post_init__(self) -> None:
        seen = figures(self.grid, self.form)
        object.__setattr__(self, "figures", seen)
        object.__setattr__(self, "resting_jpkg", resting_energy_jpkg(self.seconds, self.bout.gait))
        object.__setattr__(self, "net_jpkg", self._net_jpkg(self.bout.direction))
        turned = self.bout.direction is Direction.BACKWARD
        forward = self._net_jpkg(Direction.FORWARD) if turned else self.net_jpkg
        object.__setattr__(self, "net_forward_jpkg", forward)

    def _net_jpkg(self, direction: Direction) -> Estimate:
        if direction is Direction.UNKNOWN or self.bout.gait in (Gait.UNKNOWN, Gait.OTHER):
            return Estimate.unknown(self.bout.reason or UNKNOWN_DIRECTION)
        return net_energy_jpkg(self.bout.gait, direction, self.figures.path_mps, self.figures.slope, self.person)

    @property
    def seconds(self) -> float:
        """Length of the bout without its pauses [s]."""
        return max(self.bout.duration_s - self.figures.paused_s, 0.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure. `needs` names channels of the grid and `FACTS`; `forward_twin` is the metric of the same way gone forward.

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
