"""Form: how somebody moved, at the seconds of a grid, as raw motion showed it; light, for watches bring none of it.

What fills it is in `form_by_motion`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from retropace.recording import FloatArray
from retropace.signals import BoolArray, Grid

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

    def between(self, start_s: float, end_s: float) -> "Form":
        """The part with start_s <= time_s < end_s."""
        part = slice(*np.searchsorted(self.time_s, [start_s, end_s]).tolist())
        arrays = (getattr(self, f.name)[part] for f in fields(self)[3:])
        return Form(self.placement, self.time_s[part], {key: mask[part] for key, mask in self.filled.items()}, *arrays)

    def fills(self, key: str, grid: Grid) -> bool:
        """Whether what `grid` has of the channel `key` comes mostly from motion."""
        by_motion = int(np.count_nonzero(self.filled.get(key, False)))
        return by_motion > 0 and by_motion > MOSTLY * int(np.count_nonzero(np.isfinite(getattr(grid, key))))
