"""Felt: what the values of raw sensors tell of their units, by physics that leaves no doubt.

Gravity never stops: averaged over two seconds an accelerometer shows about 1 g, however somebody walks or runs, and whatever
way round it is worn. Rotation has no such mark, so its unit is told where somebody moves: nobody walks below 0.5 rad/s.
"""

from dataclasses import dataclass

import numpy as np

from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.readers.clock import IntArray
from retropace.recording import FloatArray

#: Unit of acceleration → how many of it are 1 g.
_GRAVITIES = {"g": 1.0, "m/s2": STANDARD_GRAVITY_MPS2, "mg": 1000.0}
#: Averages over two seconds, in g: 0.7 to 1.4 on people who walk or run. In most moments the force is 0.5 to 3 g, and not
#: much more than the average: acceleration without gravity averages out (all as seen in ../shared/data, with room).
_MEAN_G, _SIZE_G, _SMALLEST_SHARE = (0.55, 1.7), (0.45, 3.2), 0.4
#: Without gravity the average is below the first [g]; or below the second, where it is near nothing for a while as well.
_LACKING_G, _PERHAPS_LACKING_G, _NOTHING_G = 0.35, 0.6, 0.06
_WINDOW_S = 2.0
#: No way of going averages to more [g].
_HEAVIEST_G = 2.5
WEIGHTLESS = "The acceleration holds no gravity: it was taken out, or the unit is another"
#: The earth's field is 25 to 65 µT. Gauss are not told from a field scaled to 1, which some sensors give.
_FIELDS = {"ut": (20.0, 80.0), "mgauss": (200.0, 800.0)}
#: Whoever walks or runs turns a sensor by 1.7 to 17 rad/s at their quickest, a sprinter's foot 35; 100 °/s and more.
#: Between the two stands either a sprinter's foot or somebody at rest, in degrees: told by how hard it shakes [m/s2].
_SLOWEST_RADPS, _MOST_RADPS, _QUICKEST_RADPS, _MOST_DEGPS = 0.5, 20.0, 75.0, 4500.0
_SLOWEST_DEGPS, _STIRS_MPS2, _SHAKES_MPS2 = 40.0, 0.5, 5.0
#: The liveliest windows speak for the recording: this share of them, and at least so many.
_LIVELY_SHARE, _FEWEST_LIVELY = 0.05, 5


@dataclass(frozen=True, slots=True)
class Windows:
    """Rows in windows of two seconds: `of_row` (n,) is the window of each row, counted from 0."""

    of_row: IntArray
    count: int

    def means(self, values: FloatArray) -> FloatArray:
        """(count,) averages, NaN where nothing is known."""
        known = np.isfinite(values)
        size = np.bincount(self.of_row[known], minlength=self.count)
        total = np.bincount(self.of_row[known], values[known], minlength=self.count)
        return np.asarray(np.where(size > 0, total / np.maximum(size, 1), np.nan))

    def spread(self, values: FloatArray) -> FloatArray:
        """(count,) standard deviations, NaN where nothing is known."""
        return np.asarray(np.sqrt(np.maximum(self.means(values**2) - self.means(values) ** 2, 0.0)))


def windows(moments_s: FloatArray, length_s: float = _WINDOW_S) -> Windows:
    """Windows of `length_s` of rows at `moments_s` (n,), which may be in any order or unknown."""
    known = np.isfinite(moments_s)
    number = np.zeros(moments_s.size)
    number[known] = np.floor(moments_s[known] / length_s)
    distinct, of_row = np.unique(number, return_inverse=True)
    return Windows(of_row, distinct.size)


def force_unit(axes: FloatArray, parts: Windows) -> str | None:
    """The unit of an accelerometer's `axes` (3, n), None where gravity does not tell.

    >>> force_unit(np.tile([[0.0], [600.0], [-800.0]], 400), windows(np.arange(400) / 100))
    'mg'
    """
    mean, size = _mean_size(axes, parts), _middle(_sizes(axes))
    for unit, gravity in _GRAVITIES.items():
        inside = _MEAN_G[0] <= mean / gravity <= _MEAN_G[1] and _SIZE_G[0] <= size / gravity <= _SIZE_G[1]
        if inside and mean >= _SMALLEST_SHARE * size:
            return unit
    return None


def _lacks_gravity(force_mps2: FloatArray, mean_g: float) -> bool:
    """Whether (3, n) acceleration whose averages are `mean_g` cannot be specific force: gravity was taken out of it."""
    if mean_g >= _PERHAPS_LACKING_G:
        return False
    sizes = _sizes(force_mps2)
    least_g = float(np.quantile(sizes, 0.05)) / STANDARD_GRAVITY_MPS2 if sizes.size else 0.0
    return mean_g < _LACKING_G or least_g < _NOTHING_G


def contradicts(stream: str, axes: FloatArray, parts: Windows) -> str | None:
    """Why (3, n) readings in our units cannot be of that sensor as their unit says, None where they can.

    >>> contradicts("accelerometer", np.full((3, 400), 60.0), windows(np.arange(400) / 100))
    'The acceleration averages to 10.6 g: its unit is another'
    """
    if stream == "accelerometer":
        mean_g = _mean_size(axes, parts) / STANDARD_GRAVITY_MPS2
        if _lacks_gravity(axes, mean_g):
            return WEIGHTLESS
        return f"The acceleration averages to {mean_g:.1f} g: its unit is another" if mean_g > _HEAVIEST_G else None
    sizes = _sizes(axes) if stream == "gyroscope" else np.empty(0)
    if sizes.size and float(np.quantile(sizes, 0.99)) > _QUICKEST_RADPS:
        return "The rotation is quicker than anybody's: its unit is another"
    return None


def turning_unit(axes: FloatArray, force_mps2: FloatArray | None, parts: Windows) -> str | None:
    """The unit of a gyroscope's `axes` (3, n), None where nobody moved enough to tell.

    `force_mps2` (3, n) is the accelerometer beside it, None where there is none.
    """
    if force_mps2 is None:
        lively, shakes = np.ones(parts.of_row.size, dtype=bool), np.inf
    else:
        strength = np.nan_to_num(parts.spread(np.sqrt(np.sum(force_mps2**2, axis=0))))
        most = max(_FEWEST_LIVELY, int(_LIVELY_SHARE * strength.size))
        best = np.argsort(-strength, kind="stable")[:most]
        lively, shakes = np.isin(parts.of_row, best), float(np.median(strength[best]))
    sizes = _sizes(axes[:, lively])
    quickest = float(np.quantile(sizes, 0.99)) if sizes.size else 0.0
    if shakes < _STIRS_MPS2:
        return "deg/s" if quickest > _QUICKEST_RADPS else None
    if _SLOWEST_RADPS <= quickest <= _MOST_RADPS:
        return "rad/s"
    if _MOST_RADPS < quickest <= _QUICKEST_RADPS and _SHAKES_MPS2 < shakes < np.inf:
        return "rad/s"
    return "deg/s" if _SLOWEST_DEGPS <= quickest <= _MOST_DEGPS else None


def field_unit(axes: FloatArray) -> str | None:
    """The unit of a magnetometer's `axes` (3, n), None where the earth's field does not tell."""
    typical = _middle(_sizes(axes))
    return next((unit for unit, (low, high) in _FIELDS.items() if low <= typical <= high), None)


def _mean_size(axes: FloatArray, parts: Windows) -> float:
    """Size of the averages over two seconds; the middle one of all."""
    return _middle(_sizes(np.stack([parts.means(axis) for axis in axes])))


def _middle(values: FloatArray) -> float:
    return float(np.median(values)) if values.size else np.nan


def _sizes(axes: FloatArray) -> FloatArray:
    """Magnitudes of the columns of (3, n) that are known."""
    sizes = np.sqrt(np.sum(np.square(axes), axis=0))
    return np.asarray(sizes[np.isfinite(sizes)])
