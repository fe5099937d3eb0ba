"""North: where magnetic north lies on level axes, second by second, and when a magnetometer is not to be believed.

Iron and currents nearby change how strong the field is and how steeply it dips. Where either is off what it lately was, the
second is not believed. A new field that stays for `_NEW_S` is taken for another place (indoors, another street). The first
field seen needs `_FIRST_S`. Limits as in VQF (Laidig and Seel 2023).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retropace.recording import FloatArray
from retropace.signals import BoolArray

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

    strength: float = math.nan
    dip_rad: float = math.nan
    seconds: int = 0

    def follow(self, seen: Sequence[tuple[float, float]], first: int, last: int) -> int:
        """How many seconds of what is `seen`, from `first` on and before `last`, are this field, which follows them."""
        usual, usual_rad = self.strength, self.dip_rad
        second = first
        while second < last:
            strength, dip_rad = seen[second]
            off, off_rad, near = strength - usual, dip_rad - usual_rad, _STRENGTH * usual
            if not (-near < off < near and -_DIP_RAD < off_rad < _DIP_RAD):
                break
            usual += _FOLLOWS * off
            usual_rad += _FOLLOWS * off_rad
            second += 1
        if second > first:
            self.strength, self.dip_rad = usual, usual_rad
            self.seconds += second - first
        return second - first


class Compass:
    """Remembers which field is usual."""

    def __init__(self) -> None:
        self._usual = _Field()
        self._other = _Field()

    def north_rad(self, field_ut: FloatArray) -> FloatArray:
        """(s,) where north lies in each of s seconds, anticlockwise from x, NaN where unknown; `field_ut` (3, s, r)."""
        x, y, z = _means(field_ut)
        level = np.sqrt(x * x + y * y)
        strength, dip = np.sqrt(level * level + z * z), np.arctan2(-z, level)
        believed = self._believed(list(zip(strength.tolist(), dip.tolist(), strict=True)))
        return np.where(believed, np.arctan2(y, x), np.nan)

    def _believed(self, seen: list[tuple[float, float]]) -> BoolArray:
        """Whether each second's field is the usual one, which they then add to."""
        believed = np.zeros(len(seen), bool)
        second = 0
        while second < len(seen):
            followed = self._usual.follow(seen, second, len(seen))
            believed[second : second + followed] = True
            second += followed
            if followed:
                self._other.seconds = 0
            if second < len(seen):
                believed[second] = self._another(seen, second)
                second += 1
        return believed

    def _another(self, seen: Sequence[tuple[float, float]], second: int) -> bool:
        """Whether a `second` that is not of the usual field makes another field the usual one."""
        strength, dip_rad = seen[second]
        if not strength > 0:
            return False
        if not (self._other.seconds and self._other.follow(seen, second, second + 1)):
            self._other = _Field(strength, dip_rad, 1)
        if self._other.seconds < (_NEW_S if self._usual.seconds else _FIRST_S):
            return False
        self._usual, self._other = self._other, _Field()
        return True


def _means(field_ut: FloatArray) -> FloatArray:
    """(3, s) mean field of each second, NaN where too little of it was heard."""
    mean: FloatArray = field_ut @ np.full(field_ut.shape[2], 1 / field_ut.shape[2])
    silent = ~np.isfinite(mean[0])
    if silent.any():
        part = field_ut[:, silent]
        heard = np.isfinite(part).all(axis=0)
        often = heard.sum(axis=1)
        total = np.where(heard, part, 0.0).sum(axis=2) / np.maximum(often, 1)
        mean[:, silent] = np.where(often >= _LEAST_HEARD * part.shape[2], total, np.nan)
    return mean
