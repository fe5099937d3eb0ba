"""North: where magnetic north lies on level axes, second by second, and when a magnetometer is not to be believed.

Iron and currents nearby change how strong the field is and how steeply it dips. Where either is off what it lately was, the
second is not believed. A new field that stays for `_NEW_S` is taken for another place (indoors, another street). The first
field seen needs `_FIRST_S`. Limits as in VQF (Laidig and Seel 2023).
"""

import math
from dataclasses import dataclass

import numpy as np

from retropace.recording import FloatArray

#: Off by more than this share in strength, or this angle in dip [rad], is another field.
_STRENGTH, _DIP_RAD = 0.10, math.radians(10)
#: How long a field must stay to be believed: the first one, and another one [s].
_FIRST_S, _NEW_S = 3, 20
#: How fast what is lately usual follows [1/s].
_FOLLOWS = 1 / 20
#: Share of a second in which the magnetometer must have been heard.
_LEAST_HEARD = 0.2


@dataclass(slots=True)
class _Field:
    """A field seen for `seconds`: strength [µT] and dip [rad], as they lately were."""

    strength: float
    dip_rad: float
    seconds: int = 1

    def is_like(self, strength: float, dip_rad: float) -> bool:
        return abs(strength - self.strength) < _STRENGTH * self.strength and abs(dip_rad - self.dip_rad) < _DIP_RAD

    def follow(self, strength: float, dip_rad: float) -> None:
        self.strength += _FOLLOWS * (strength - self.strength)
        self.dip_rad += _FOLLOWS * (dip_rad - self.dip_rad)
        self.seconds += 1


class Compass:
    """Remembers which field is usual."""

    def __init__(self) -> None:
        self._usual: _Field | None = None
        self._other: _Field | None = None

    def north_rad(self, field_ut: FloatArray) -> FloatArray:
        """(s,) where north lies in each of s seconds, anticlockwise from x, NaN where unknown; `field_ut` (3, s, r)."""
        heard = np.isfinite(field_ut).all(axis=0)
        often = heard.mean(axis=1)
        with np.errstate(invalid="ignore"):
            x, y, z = np.where(heard, field_ut, 0.0).sum(axis=2) / np.maximum(heard.sum(axis=1), 1)
        level = np.hypot(x, y)
        strength, dip, angle = np.hypot(level, z), np.arctan2(-z, level), np.arctan2(y, x)
        told = (often >= _LEAST_HEARD) & (strength > 0)
        pairs = zip(told.tolist(), strength.tolist(), dip.tolist(), strict=True)
        believed = np.array([there and self._believed(*seen) for there, *seen in pairs], bool)
        return np.where(believed, angle, np.nan)

    def _believed(self, strength: float, dip_rad: float) -> bool:
        """Whether this second's field is the usual one, which it then adds to."""
        if self._usual is not None and self._usual.is_like(strength, dip_rad):
            self._usual.follow(strength, dip_rad)
            self._other = None
            return True
        if self._other is None or not self._other.is_like(strength, dip_rad):
            self._other = _Field(strength, dip_rad)
            return False
        self._other.follow(strength, dip_rad)
        if self._other.seconds < (_FIRST_S if self._usual is None else _NEW_S):
            return False
        self._usual, self._other = self._other, None
        return True
