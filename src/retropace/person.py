"""Person: what a model needs to know of the runner; everything may be missing, nothing is guessed silently."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from retropace.errors import UnusableInput
from retropace.files import read_table
from retropace.quantities import QUANTITIES
from retropace.recording import Wearer


@dataclass(frozen=True, slots=True)
class ForwardBaseline:
    """How this person runs forward: cadence = `cadence_spm_at_3` + `cadence_slope` (speed − 3 m/s), and heart rate alike.

    `minutes` of forward running it was fitted on; the spreads are standard deviations over 10 s (cadence) and 60 s (heart
    rate). None where the recordings had no such channel.
    """

    minutes: float
    cadence_spm_at_3: float | None = None
    cadence_slope: float | None = None
    cadence_sd_spm: float | None = None
    heart_rate_bpm_at_3: float | None = None
    heart_rate_slope: float | None = None
    heart_rate_sd_bpm: float | None = None
    speed_low_mps: float = 1.5
    speed_high_mps: float = 5.0


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of the runner; None where nobody said.

    `backward_energy_ratio` is the person's own backward ÷ forward cost at one speed, where it was ever measured (the
    calibration hook of `energy`). `backward_sessions` counts earlier sessions of at least 15 minutes backward walking.
    """

    mass_kg: float | None = None
    height_m: float | None = None
    age_years: float | None = None
    sex: str | None = None
    resting_heart_rate_bpm: float | None = None
    backward_energy_ratio: float | None = None
    backward_sessions: int | None = None
    baseline: ForwardBaseline | None = None

    def with_wearer(self, wearer: Wearer) -> "Person":
        """This person, gaps filled from the device's own profile; what the person said wins."""
        said = {f.name: getattr(self, f.name) for f in fields(self)}
        for name in ("mass_kg", "height_m", "age_years", "sex", "resting_heart_rate_bpm"):
            if said[name] is None:
                said[name] = getattr(wearer, name)
        return Person(**said)


_RANGES = {
    "mass_kg": (QUANTITIES["mass_kg"].low, QUANTITIES["mass_kg"].high),
    "height_m": (QUANTITIES["height_m"].low, QUANTITIES["height_m"].high),
    "age_years": (QUANTITIES["age_years"].low, QUANTITIES["age_years"].high),
    "resting_heart_rate_bpm": (25, 120),
    "backward_energy_ratio": (0.9, 2.0),
    "backward_sessions": (0, 10_000),
}


def checked(name: str, value: Any, file: str | None = None) -> float:
    """`value` as a number in the plausible range of `name`. Raises UnusableInput otherwise."""
    low, high = _RANGES[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise UnusableInput(
            f"{name} is {value!r}", file=file, field=name, remedy=f"Give a number from {low:g} to {high:g}."
        )
    return float(value)


def load_person(path: Path) -> Person:
    """The person described in a TOML file. Raises UnusableInput naming the field that cannot be used."""
    content = read_table(path, "The person file")
    known: dict[str, Any] = {}
    for name, value in content.items():
        if name in _RANGES:
            number = checked(name, value, path.name)
            known[name] = int(number) if name == "backward_sessions" else number
        elif name == "sex" and value in ("female", "male"):
            known[name] = value
        elif name == "baseline" and isinstance(value, dict):
            known[name] = _baseline(value, path.name)
        else:
            remedy = f"Known fields: {', '.join((*_RANGES, 'sex (female or male)', '[baseline]'))}."
            raise UnusableInput(f"{name} = {value!r} is not known here", file=path.name, field=name, remedy=remedy)
    return Person(**known)


#: No figure of a baseline comes near it; it keeps out infinity and numbers that no float holds.
_LARGEST_FIGURE = 1e6


def _baseline(content: dict[str, Any], file: str) -> ForwardBaseline:
    names = {f.name for f in fields(ForwardBaseline)}
    for name, value in content.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if name not in names or not number or not abs(value) <= _LARGEST_FIGURE:
            raise UnusableInput(f"baseline.{name} = {value!r} cannot be used", file=file, field=f"baseline.{name}")
    if "minutes" not in content:
        raise UnusableInput(
            "The baseline does not say how many minutes it rests on", file=file, field="baseline.minutes"
        )
    return ForwardBaseline(**{name: float(value) for name, value in content.items()})
