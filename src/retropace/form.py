"""Form: how somebody moved, at the seconds of a grid, as raw motion showed it; light, for watches bring none of it.

What fills it is in `form_by_motion`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from retropace.recording import FloatArray
from retropace.signals import BoolArray, Grid, Parts

#: A bout's figure rests on motion where motion filled more than this share of what is known of its channel.
MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Form:
    """Per second of a grid, (n,), NaN where silent.

    `placement` is where the sensor was, one of `motion.placement.Placement`. `filled` holds, by channel of the grid, the
    seconds that motion filled because the recording itself was silent. `steps` are those of both feet. `impact` is the
    landing against the median of the same session forward in the same gait, `lean_deg` the trunk against standing, forward
    positive, `symmetry` the likeness of steps over that of strides, `smoothness` the log of dimensionless jerk.
    """

    placement: str
    time_s: FloatArray
    filled: Mapping[str, BoolArray]
    steps: FloatArray
    impact: FloatArray
    lean_deg: FloatArray
    symmetry: FloatArray
    smoothness: FloatArray

    def mostly(self, key: str, grid: Grid, parts: Parts) -> BoolArray:
        """(p,) of which parts what `grid` has of the channel `key` comes mostly from motion."""
        by_motion = parts.count(self.filled[key][parts.rows])
        known = parts.count(np.isfinite(getattr(grid, key))[parts.rows])
        return (by_motion > 0) & (by_motion > MOSTLY * known)
