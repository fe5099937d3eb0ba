"""Every quantity retropace speaks of: name, unit, meaning, plausible range and sign.

Names carry their unit. A channel of a `Recording`, a column, an API field and a chart label all take their name from
`QUANTITIES`; `docs/nomenclature.md` is generated from it.

Body axes: x anterior (the way the chest faces), y left, z up. *Forward* and *backward* mean travel relative to facing and
nothing else: velocity along x is negative when running backward. Times are seconds from the recording's start. Missing is
NaN, never zero; zero and negative are values.
"""

import enum
import math
import re
from dataclasses import dataclass
from typing import Literal

System = Literal["metric", "imperial"]

#: Standard gravity, exact by definition (3rd CGPM, 1901) [m/s2].
STANDARD_GRAVITY_MPS2 = 9.80665


class Direction(enum.StrEnum):
    """Travel relative to facing."""

    FORWARD = "forward"
    BACKWARD = "backward"
    SIDEWAYS = "sideways"
    NONE = "none"  # standing: no travel
    UNKNOWN = "unknown"


class Gait(enum.StrEnum):
    """How the feet move, whatever the direction."""

    STAND = "stand"
    WALK = "walk"
    RUN = "run"
    OTHER = "other"  # riding, swimming, climbing a ladder
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One row of the nomenclature. `low` and `high` bound what a person on foot can plausibly show."""

    key: str
    name: str
    unit: str
    meaning: str
    low: float
    high: float
    sign: str = ""

    def plausible(self, value: float) -> bool:
        """Whether `value` [unit] lies in the plausible range; NaN does not."""
        return self.low <= value <= self.high


_INF = math.inf
_TABLE = (
    Quantity("time_s", "time", "s", "seconds from the recording's start", 0, _INF),
    Quantity("latitude_deg", "latitude", "°", "WGS 84 latitude", -90, 90, "north positive"),
    Quantity("longitude_deg", "longitude", "°", "WGS 84 longitude", -180, 180, "east positive"),
    Quantity("position_error_m", "position error", "m", "the receiver's own horizontal 68 % radius", 0, 10_000),
    Quantity("altitude_m", "altitude", "m", "height above sea level", -500, 9000),
    Quantity("distance_m", "distance", "m", "path length travelled, whichever way one faced", 0, 1e6),
    Quantity("speed_mps", "speed", "m/s", "path speed, never negative", 0, 12.5),
    Quantity("velocity_mps", "velocity", "m/s", "speed along facing", -8, 12.5, "negative when backward"),
    Quantity("cadence_spm", "cadence", "steps/min", "steps of both feet per minute", 0, 300),
    Quantity("heart_rate_bpm", "heart rate", "/min", "heart beats per minute", 25, 240),
    Quantity("power_w", "power", "W", "running power as the device reports it", 0, 2500),
    Quantity("temperature_degc", "temperature", "°C", "temperature at the device", -50, 60),
    Quantity("slope", "slope", "m/m", "rise over run along the path of travel", -0.6, 0.6, "uphill positive"),
    Quantity("course_deg", "course", "°", "direction of travel over ground", 0, 360, "clockwise from north"),
    Quantity("heading_deg", "heading", "°", "direction the person faces", 0, 360, "clockwise from north"),
    Quantity(
        "device_heading_deg",
        "device heading",
        "°",
        "direction the device's long axis points; its angle to facing is unknown",
        0,
        360,
        "clockwise from north",
    ),
    Quantity("step_length_m", "step length", "m", "path length from one initial contact to the next", 0.05, 2.5),
    Quantity("contact_time_ms", "contact time", "ms", "initial to final contact of one foot", 60, 2000),
    Quantity("contact_balance_pct", "contact balance", "%", "left foot's share of contact time", 0, 100),
    Quantity("vertical_oscillation_mm", "vertical oscillation", "mm", "rise of the trunk in one step", 5, 250),
    Quantity(
        "direction_code",
        "direction code",
        "",
        "-1 backward, 0 none, 1 forward, 2 sideways, as declared",
        -1,
        2,
    ),
    Quantity("acceleration_x_mps2", "acceleration x", "m/s²", "specific force on the sensor's x axis", -400, 400),
    Quantity("acceleration_y_mps2", "acceleration y", "m/s²", "specific force on the sensor's y axis", -400, 400),
    Quantity("acceleration_z_mps2", "acceleration z", "m/s²", "specific force on the sensor's z axis", -400, 400),
    Quantity("rotation_x_radps", "rotation x", "rad/s", "angular velocity about the sensor's x axis", -80, 80),
    Quantity("rotation_y_radps", "rotation y", "rad/s", "angular velocity about the sensor's y axis", -80, 80),
    Quantity("rotation_z_radps", "rotation z", "rad/s", "angular velocity about the sensor's z axis", -80, 80),
    Quantity("magnetic_x_ut", "magnetic field x", "µT", "magnetic flux density on the sensor's x axis", -5000, 5000),
    Quantity("magnetic_y_ut", "magnetic field y", "µT", "magnetic flux density on the sensor's y axis", -5000, 5000),
    Quantity("magnetic_z_ut", "magnetic field z", "µT", "magnetic flux density on the sensor's z axis", -5000, 5000),
    Quantity("quaternion_w", "orientation w", "", "sensor-to-earth unit quaternion, scalar part", -1, 1),
    Quantity("quaternion_x", "orientation x", "", "sensor-to-earth unit quaternion, x part", -1, 1),
    Quantity("quaternion_y", "orientation y", "", "sensor-to-earth unit quaternion, y part", -1, 1),
    Quantity("quaternion_z", "orientation z", "", "sensor-to-earth unit quaternion, z part", -1, 1),
    Quantity("mass_kg", "body mass", "kg", "body mass with clothes", 20, 300),
    Quantity("height_m", "height", "m", "standing height", 0.9, 2.5),
    Quantity("age_years", "age", "years", "age in full years", 5, 110),
    Quantity("energy_kcal", "energy", "kcal", "metabolic energy, 1 kcal = 4184 J", 0, 30_000),
    Quantity("knee_force_bw", "knee force", "× body weight", "peak patellofemoral compression of a step", 0, 15),
    Quantity("knee_stress_mpa", "knee stress", "MPa", "peak patellofemoral stress of a step", 0, 60),
)

#: Every quantity by its key.
QUANTITIES: dict[str, Quantity] = {quantity.key: quantity for quantity in _TABLE}

#: unit shown in metric → (unit shown in imperial, factor).
_IMPERIAL = {
    "m": ("ft", 1 / 0.3048),
    "km": ("mi", 1 / 1.609344),
    "km/h": ("mph", 1 / 1.609344),
    "min/km": ("min/mi", 1.609344),
    "m/s": ("mph", 3.6 / 1.609344),
    "kg": ("lb", 1 / 0.45359237),
    "cm": ("in", 1 / 2.54),
}


def elapsed(seconds: float) -> str:
    """A duration, or a point on a recording's clock, in minutes and seconds.

    >>> elapsed(8), elapsed(808), elapsed(4000)
    ('0:08', '13:28', '1:06:40')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def shown(value: float, unit: str, system: System = "metric") -> tuple[float, str]:
    """`value` in the unit a reader of `system` expects.

    >>> shown(5.0, "km", "imperial")[1], round(shown(5.0, "km", "imperial")[0], 3)
    ('mi', 3.107)
    """
    if system == "imperial" and unit in _IMPERIAL:
        name, factor = _IMPERIAL[unit]
        return value * factor, name
    return value, unit


#: Units as sentences write them, and how many decimals their numbers get from ten on and below.
_IN_SENTENCES = {
    "m/s": ("m/s", 1, 1),
    "km/h": ("km/h", 1, 1),
    "km": ("km", 1, 1),
    "m": ("m", 0, 1),
    "metres": ("m", 0, 1),
    "cm": ("cm", 0, 0),
    "kg": ("kg", 0, 1),
}
_NUMBER = r"\d+(?:\.\d+)?"
_TOLD = re.compile(rf"(?<![\w.])({_NUMBER})(?:( to | and |–)({_NUMBER}))? ({'|'.join(_IN_SENTENCES)})(?![\w/²·])")


def in_units(sentence: str, system: System = "metric") -> str:
    """`sentence` with its speeds, lengths and masses in the units a reader of `system` expects. Rules speak metric.

    >>> in_units("At most 1.6 m/s; keep 2 m by 1 m free, 40 to 45 cm high.", "imperial")
    'At most 3.6 mph; keep 6.6 ft by 3.3 ft free, 16 to 18 in high.'
    """
    return _TOLD.sub(lambda found: _told_in(system, *found.groups()), sentence) if system == "imperial" else sentence


def _told_in(system: System, number: str, between: str | None, until: str | None, written: str) -> str:
    unit, decimals, of_small = _IN_SENTENCES[written]
    told = [shown(float(each), unit, system) for each in (number, until) if each is not None]
    numbers = [f"{value:.{decimals if value >= 10 else of_small}f}" for value, _ in told]
    return f"{(between or '').join(numbers)} {told[0][1]}"
