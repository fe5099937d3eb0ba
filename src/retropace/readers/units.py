"""Units: what a table may be written in, and the factor to ours.

A channel's own unit is the last part of its name: `acceleration_x_mps2` is in m/s².
"""

import math
import re

from retropace.quantities import STANDARD_GRAVITY_MPS2

_DEG = math.pi / 180
#: unit of ours → {unit in a file, lower case and without spaces: factor}.
UNITS: dict[str, dict[str, float]] = {
    "mps2": {
        **dict.fromkeys(("m/s2", "m/s^2", "m/s²", "mps2", "ms-2", "ms^-2", "ms⁻²", "m/s/s", "m/sec^2", "m/sec2"), 1.0),
        "g": STANDARD_GRAVITY_MPS2,
        "mg": STANDARD_GRAVITY_MPS2 / 1000,
        "cm/s2": 0.01,
        "mm/s2": 0.001,
    },
    "radps": {
        **dict.fromkeys(("rad/s", "rad/sec", "radps", "rads", "rads-1", "rads^-1", "rad/second"), 1.0),
        **dict.fromkeys(
            (
                "deg/s",
                "deg/sec",
                "°/s",
                "º/s",
                "°/sec",
                "d/s",
                "dps",
                "degps",
                "degrees/s",
                "degree/s",
                "deg/second",
                "degs-1",
            ),
            _DEG,
        ),
        **dict.fromkeys(("mdps", "mdeg/s"), _DEG / 1000),
        **dict.fromkeys(("rpm", "rev/min"), math.pi / 30),
        "rev/s": 2 * math.pi,
    },
    "ut": {
        **dict.fromkeys(("ut", "µt", "μt", "mut", "microtesla"), 1.0),
        "nt": 1e-3,
        "mt": 1e3,
        "t": 1e6,
        "gauss": 100.0,
        "mgauss": 0.1,
    },
    "mps": {
        **dict.fromkeys(("m/s", "mps"), 1.0),
        **dict.fromkeys(("km/h", "kmh", "kph"), 1 / 3.6),
        "mph": 0.44704,
        **dict.fromkeys(("kn", "kt", "knots"), 1852 / 3600),
    },
    "m": {**dict.fromkeys(("m", "metres", "meters"), 1.0), "km": 1000.0, "cm": 0.01, "ft": 0.3048, "mi": 1609.344},
    "deg": {**dict.fromkeys(("deg", "°", "º", "degrees"), 1.0), "rad": 1 / _DEG},
    "spm": {**dict.fromkeys(("spm", "steps/min", "1/min"), 1.0), "strides/min": 2.0, "hz": 60.0},
    "bpm": {**dict.fromkeys(("bpm", "1/min", "beats/min"), 1.0), "hz": 60.0},
    "w": dict.fromkeys(("w", "watt", "watts"), 1.0),
    "degc": dict.fromkeys(("c", "°c", "degc", "celsius"), 1.0),
    "ms": {"ms": 1.0, "s": 1000.0},
    "mm": {"mm": 1.0, "cm": 10.0, "m": 1000.0},
    "pct": dict.fromkeys(("%", "pct"), 1.0),
}
#: Units of time → seconds. "iso" is text.
TIME_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "seconds"), 1.0),
    **dict.fromkeys(("ms", "msec", "msecs", "milliseconds"), 1e-3),
    **dict.fromkeys(("us", "µs", "μs", "microseconds"), 1e-6),
    **dict.fromkeys(("ns", "nanoseconds"), 1e-9),
}


def own_unit(channel: str) -> str:
    """The unit of ours that a channel's name ends in, "" for a plain number."""
    last = channel.rpartition("_")[2]
    return last if last in UNITS else ""


def factor(channel: str, unit: str) -> float | None:
    """From `unit` to the channel's own, None where the unit is unknown. A leading minus turns the sign, as Apple's is.

    "g/16384" is for counts of which 16384 are 1 g.

    >>> factor("acceleration_x_mps2", "g"), factor("acceleration_x_mps2", "-g"), factor("speed_mps", "furlong")
    (9.80665, -9.80665, None)
    >>> factor("acceleration_x_mps2", "g/10000")
    0.000980665
    """
    plain = _plain(unit)
    counts = re.fullmatch(r"(.+)/(\d{1,9}(?:\.\d{1,9})?)", plain)
    if counts and float(counts[2]) > 0:
        whole = factor(channel, counts[1])
        return None if whole is None else whole / float(counts[2])
    if plain.startswith("-") and plain != "-":
        turned = factor(channel, plain[1:])
        return None if turned is None else -turned
    known = UNITS.get(own_unit(channel), {"": 1.0, "1": 1.0})
    return known.get(plain)


def is_unit(text: str) -> bool:
    """Whether `text` is a unit of whatever, of time too.

    >>> is_unit("m/(s^2)"), is_unit("Acc_X")
    (True, False)
    """
    plain = _plain(text)
    return plain in TIME_UNITS or any(plain in units for units in UNITS.values())


#: How else people write a part of a unit → as it stands above.
_ELSE = (
    (r"[\s()*·]|(?<=[a-z])\.(?=[a-z])", ""),
    (r"^(?:g's|gs|g0|g_0|gee|gravity|g-?force)$", "g"),
    (r"^milli-?g$", "mg"),
    (r"degrees?|°|º", "deg"),
    (r"radians?", "rad"),
    (r"per", "/"),
    (r"/(?:seconds?|secs?)(?![a-z])", "/s"),
    (r"/s(?:\^2|²|/s|\*\*2)$", "/s2"),
)


def _plain(unit: str) -> str:
    """A unit as it stands in `UNITS`, however it is written."""
    plain = unit.strip().lower().replace("**", "^")
    kept = re.sub(r"[\s()*·]", "", plain)
    if any(kept in units for units in UNITS.values()) or kept in TIME_UNITS:
        return kept
    for pattern, instead in _ELSE:
        plain = re.sub(pattern, instead, plain)
    return plain


def plain_unit(unit: str) -> str:
    """The same unit as `factor` knows it.

    >>> plain_unit("Degrees per second"), plain_unit("m/s/s"), plain_unit("G's")
    ('deg/s', 'm/s/s', 'g')
    """
    return _plain(unit)
