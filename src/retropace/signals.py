"""Signals: a recording's once-a-second channels on one uniform grid; marks what is missing, never invents it."""

from dataclasses import dataclass, fields

import numpy as np

from retropace.recording import FloatArray

#: Grid step [s]. Watches write once a second or less often; direction evidence is weighed at this rate.
STEP_S = 1.0
#: A silence longer than this [s] ends a stretch: smart recording leaves gaps up to about 10 s between turns.
LONGEST_BRIDGE_S = 30.0
#: Half-width [m] of the window over which slope is measured; barometers and GPS heights are useless below it.
SLOPE_HALF_WINDOW_M = 40.0
#: Below this speed [m/s] a course over ground is noise (imu.md 2.7).
SLOWEST_COURSE_MPS = 0.7
_EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Grid:
    """Channels at whole seconds, each (n,), NaN where missing.

    `time_s` may skip: silences longer than `LONGEST_BRIDGE_S` are left out, and `stretch` (n,) numbers the parts between
    them. Values between two samples no more than `LONGEST_BRIDGE_S` apart are interpolated. `paused` (n,) marks the
    seconds in which the timer was stopped. `moved_m` is the path travelled within the second.
    """

    time_s: FloatArray
    stretch: np.ndarray[tuple[int], np.dtype[np.int64]]
    paused: np.ndarray[tuple[int], np.dtype[np.bool_]]
    speed_mps: FloatArray
    moved_m: FloatArray
    cadence_spm: FloatArray
    heart_rate_bpm: FloatArray
    altitude_m: FloatArray
    slope: FloatArray
    course_deg: FloatArray
    heading_deg: FloatArray
    device_heading_deg: FloatArray
    latitude_deg: FloatArray
    longitude_deg: FloatArray
    direction_code: FloatArray
    contact_time_ms: FloatArray
    vertical_oscillation_mm: FloatArray
    step_length_m: FloatArray

    def __len__(self) -> int:
        return int(self.time_s.size)

    def between(self, start_s: float, end_s: float) -> "Grid":
        """The part with start_s <= time_s < end_s."""
        first, last = np.searchsorted(self.time_s, [start_s, end_s])
        return Grid(*(getattr(self, f.name)[first:last] for f in fields(self)))
