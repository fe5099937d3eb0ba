"""Place: where somebody means to run backward; everything may be unknown."""

import enum
from dataclasses import dataclass

from retropace.errors import require_within


class Surface(enum.StrEnum):
    """What is underfoot."""

    TRACK = "track"
    GRASS = "grass"
    ASPHALT = "asphalt"
    GRAVEL = "gravel"
    TRAIL = "trail"
    SAND = "sand"
    HALL = "hall"
    TREADMILL = "treadmill"


class Watcher(enum.StrEnum):
    """Who or what looks behind the runner."""

    SPOTTER = "spotter"  # a person facing forward beside or behind the runner
    MIRROR = "mirror"
    RAIL = "rail"  # a handrail or counter within reach
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Place:
    """One place at the time of day it is used; None where nobody said.

    `clear_length_m` is the straight that was walked and found clear, `clear_width_m` its narrowest. `others` says whether
    people, bicycles or dogs may cross. `treadmill_clip` and `treadmill_helper`: safety clip worn, a person at the stop.
    """

    surface: Surface | None = None
    slope: float | None = None
    clear_length_m: float | None = None
    clear_width_m: float | None = None
    dry: bool | None = None
    daylight: bool | None = None
    others: bool | None = None
    watcher: Watcher | None = None
    treadmill_clip: bool | None = None
    treadmill_helper: bool | None = None
    treadmill_harness: bool | None = None


#: What a place can be like, by field; beyond it somebody slipped.
RANGES = {"slope": (-0.6, 0.6), "clear_length_m": (0.0, 10_000.0), "clear_width_m": (0.0, 1000.0)}


def require_plausible(place: Place, file: str | None = None) -> None:
    """Raise UnusableInput for a slope, length or width that no place has."""
    for name, (low, high) in RANGES.items():
        require_within(getattr(place, name), low, high, f"place.{name}", file)
