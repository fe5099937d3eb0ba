"""Signals: a recording's once-a-second channels on one uniform grid; marks what is missing, never invents it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import numpy.typing as npt

from retropace.recording import FloatArray, Pause, Recording, Stream

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
#: Metres north and east (n,) around each second, and in how many seconds.
_Travelled = tuple[FloatArray, FloatArray, IntArray]

#: Grid step [s]. Watches write once a second or less often; direction evidence is weighed at this rate.
STEP_S = 1.0
#: A silence of more than this many sample intervals, but at least 30 s and at most 300 s, ends a stretch: smart
#: recording leaves gaps of about 10 s between turns, hiking apps a minute. Our choice (source: design).
BRIDGED_INTERVALS, SHORTEST_BRIDGE_S, LONGEST_BRIDGE_S = 4.0, 30.0, 300.0
#: Half-width [m] over which slope is measured: a height step of 1 m, the resolution of many watches, is then 1.25 %.
SLOPE_HALF_WINDOW_M = 40.0
#: Steeper slopes than this [m/m] lie outside the range of the slope polynomial (minetti_2002) and are taken as missing.
STEEPEST_SLOPE = 0.45
#: Half-width [s] over which speed and course are taken from positions alone; GPS noise of 3 m is 0.4 m/s over it.
POSITION_HALF_WINDOW_S = 4
#: Below this speed [m/s] a course over ground is noise.
SLOWEST_COURSE_MPS = 0.7
#: Mean radius of the Earth (IUGG) [m].
EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Grid:
    """Channels at whole seconds, each (n,), NaN where missing.

    `time_s` may skip: long silences are left out, and `stretch` (n,) numbers the parts between them. Values between
    samples are interpolated, codes held. `paused` (n,) marks seconds in which the timer was stopped. `moved_m` is the
    path travelled in the second that begins at `time_s`. `moving_nats` and `running_nats` are the log-odds of moving and of
    running that raw motion gives, NaN where it was not heard.
    """

    time_s: FloatArray
    stretch: IntArray
    paused: BoolArray
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
    moving_nats: FloatArray
    running_nats: FloatArray

    def __len__(self) -> int:
        return int(self.time_s.size)

    def between(self, start_s: float, end_s: float) -> "Grid":
        """The part with start_s <= time_s < end_s."""
        part = slice(*np.searchsorted(self.time_s, [start_s, end_s]).tolist())
        return Grid(*[getattr(self, name)[part] for name in CHANNELS])


#: Every field of a `Grid`, in order.
CHANNELS = tuple(field.name for field in fields(Grid))


@dataclass(frozen=True, slots=True)
class Parts:
    """Seconds of a grid in parts, as of its bouts, so that what is asked of every part is worked out for all at once.

    `rows` (k,) are the seconds' places in the grid, part after part; `number` (k,) says which part each is of, `size` (p,)
    how many seconds each part has.
    """

    rows: IntArray
    number: IntArray
    size: IntArray

    @classmethod
    def between(cls, time_s: FloatArray, starts_s: Sequence[float], ends_s: Sequence[float]) -> Self:
        """One part for every start_s <= time_s < end_s (p,), which may leave seconds out.

        >>> Parts.between(np.arange(6.0), [0, 4], [2, 9]).rows
        array([0, 1, 4, 5])
        """
        first, last = np.searchsorted(time_s, starts_s), np.searchsorted(time_s, ends_s)
        size = np.maximum(last - first, 0)
        number = np.repeat(np.arange(size.size), size)
        return cls(np.arange(number.size) + (first - np.cumsum(size) + size)[number], number, size)

    def __len__(self) -> int:
        return int(self.size.size)

    def only(self, kept: BoolArray) -> "Parts":
        """The same parts with those of their seconds that are `kept` (k,)."""
        number = self.number[kept]
        return Parts(self.rows[kept], number, np.bincount(number, minlength=len(self)))

    def chosen(self, numbers: Sequence[int]) -> "Parts":
        """Those of the parts, whole."""
        place = np.full(len(self), -1)
        place[numbers] = np.arange(len(numbers))
        number = place[self.number]
        return Parts(self.rows[number >= 0], number[number >= 0], self.size[numbers])

    def count(self, which: BoolArray) -> IntArray:
        """(p,) how many of the seconds of each part are `which` (k,)."""
        return np.bincount(self.number[which], minlength=len(self))

    def total(self, values: FloatArray) -> FloatArray:
        """(p,) sum of `values` (k,) over each part."""
        return np.asarray(np.bincount(self.number, values, len(self)), float)


def grid(recording: Recording) -> Grid:
    """The recording on whole seconds. Empty where it has neither track nor motion."""
    sampled_s = _sampled_times(recording)
    bridge_s = _bridge_s(sampled_s)
    time_s, stretch = _covered_seconds(sampled_s, bridge_s)
    track = _Laid.on(time_s, recording.track, bridge_s)
    heading = recording.motion.get("heading")
    pointed = _Laid.on(time_s, heading, bridge_s) if heading else track
    latitude, longitude = track.interpolated("latitude_deg"), track.interpolated("longitude_deg")
    travelled = _displacement(stretch, *_local_metres(latitude, longitude))
    speed, moved = _speed_and_path(track, stretch, travelled)
    altitude = track.interpolated("altitude_m")
    return Grid(
        time_s=time_s,
        stretch=stretch,
        paused=_paused(time_s, recording.pauses),
        speed_mps=speed,
        moved_m=moved,
        cadence_spm=track.interpolated("cadence_spm"),
        heart_rate_bpm=track.interpolated("heart_rate_bpm"),
        altitude_m=altitude,
        slope=_slope(altitude, moved),
        course_deg=_course(speed, travelled),
        heading_deg=track.circular("heading_deg"),
        device_heading_deg=pointed.circular("device_heading_deg"),
        latitude_deg=latitude,
        longitude_deg=longitude,
        direction_code=track.held("direction_code"),
        contact_time_ms=track.interpolated("contact_time_ms"),
        vertical_oscillation_mm=track.interpolated("vertical_oscillation_mm"),
        step_length_m=track.interpolated("step_length_m"),
        moving_nats=np.full(time_s.size, np.nan),
        running_nats=np.full(time_s.size, np.nan),
    )


def silent_grid(time_s: FloatArray) -> Grid:
    """A grid of the seconds `time_s` and those between them, in which nothing is known yet."""
    seconds, stretch = _covered_seconds(time_s, SHORTEST_BRIDGE_S)
    silent = np.full(seconds.size, np.nan)
    known = {"time_s": seconds, "stretch": stretch, "paused": np.zeros(seconds.size, bool)}
    return Grid(*(known.get(name, silent) for name in CHANNELS))


def running_mean(values: FloatArray, half_width: int) -> FloatArray:
    """Mean of the finite values within `half_width` samples either side, NaN where there is none."""
    known = np.isfinite(values)
    total = np.concatenate([[0.0], np.cumsum(np.where(known, values, 0.0))])
    count = np.concatenate([[0], np.cumsum(known)])
    index = np.arange(values.size)
    first, last = np.maximum(index - half_width, 0), np.minimum(index + half_width + 1, values.size)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: FloatArray = (total[last] - total[first]) / (count[last] - count[first])
    return mean


def wrapped_deg(angle: FloatArray) -> FloatArray:
    """`angle` [degrees] brought to -180 <= angle < 180."""
    return np.mod(angle + 180.0, 360.0) - 180.0


def _sampled_times(recording: Recording) -> FloatArray:
    if len(recording.track):
        return recording.track.time_s
    motion = [np.floor(stream.time_s) for stream in recording.motion.values() if len(stream)]
    if not motion:
        return np.empty(0)
    # Each is in order already: only what is left of each is sorted.
    return np.unique(np.concatenate([whole[np.flatnonzero(np.diff(whole, prepend=-np.inf))] for whole in motion]))


def _bridge_s(sampled_s: FloatArray) -> float:
    if sampled_s.size < 2:
        return SHORTEST_BRIDGE_S
    return float(np.clip(BRIDGED_INTERVALS * np.median(np.diff(sampled_s)), SHORTEST_BRIDGE_S, LONGEST_BRIDGE_S))


def _covered_seconds(sampled_s: FloatArray, bridge_s: float) -> tuple[FloatArray, IntArray]:
    """Whole seconds from each stretch's first sample to its last, and the number of the stretch of each."""
    if not sampled_s.size:
        return np.empty(0), np.empty(0, np.int64)
    breaks = np.flatnonzero(np.diff(sampled_s) > bridge_s)
    first = np.floor(sampled_s[np.concatenate([[0], breaks + 1])])
    last = np.floor(sampled_s[np.concatenate([breaks, [sampled_s.size - 1]])])
    length = (last - first + 1).astype(np.int64)
    stretch = np.repeat(np.arange(first.size), length)
    within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    return first[stretch] + within * STEP_S, stretch


@dataclass(frozen=True, slots=True)
class _Laid:
    """A stream laid on the seconds `time_s` (n,) of a grid, of which its samples reach those that are `reached` (n,)."""

    time_s: FloatArray
    stream: Stream
    bridge_s: float
    reached: BoolArray

    @classmethod
    def on(cls, time_s: FloatArray, stream: Stream, bridge_s: float) -> Self:
        return cls(time_s, stream, bridge_s, _reached(time_s, stream.time_s, bridge_s))

    @property
    def silent(self) -> FloatArray:
        return np.full(self.time_s.size, np.nan)

    def interpolated(self, key: str) -> FloatArray:
        """(n,) a channel, straight between its samples."""
        values = self.stream.channel(key)
        return self.silent if values is None else self.bridged(values, np.isfinite(values))

    def bridged(self, values: FloatArray, known: BoolArray) -> FloatArray:
        """(n,) straight between those `values` of the samples that are `known`, NaN where these do not reach."""
        if known.all():
            return np.where(self.reached, np.interp(self.time_s, self.stream.time_s, values), np.nan)
        known_s = self.stream.time_s[known]
        reached = _reached(self.time_s, known_s, self.bridge_s)
        return np.where(reached, np.interp(self.time_s, known_s, values[known]), np.nan)

    def held(self, key: str) -> FloatArray:
        """(n,) the last known value, for codes that must not be averaged."""
        values = self.stream.channel(key)
        if values is None:
            return self.silent
        preceding = np.searchsorted(self.stream.time_s, self.time_s + STEP_S / 2, side="right") - 1
        clipped = np.maximum(preceding, 0)
        stale = (preceding < 0) | (self.time_s - self.stream.time_s[clipped] > self.bridge_s)
        return np.where(stale, np.nan, values[clipped])

    def circular(self, key: str) -> FloatArray:
        """(n,) angles [degrees, 0 to 360] interpolated on the circle."""
        values = self.stream.channel(key)
        if values is None:
            return self.silent
        known = np.isfinite(values)
        unwrapped = np.full(values.size, np.nan)
        unwrapped[known] = np.rad2deg(np.unwrap(np.deg2rad(values[known])))
        return np.mod(self.bridged(unwrapped, known), 360.0)


def _reached(time_s: FloatArray, known_s: FloatArray, bridge_s: float) -> BoolArray:
    """(n,) seconds whose two neighbouring samples lie no more than `bridge_s` apart, and those within a step of a sample.

    A sample counts for the seconds beside it, so that a lone one is not lost.
    """
    if not known_s.size:
        return np.zeros(time_s.size, bool)
    following = np.minimum(np.searchsorted(known_s, time_s), known_s.size - 1)
    preceding = np.maximum(following - (known_s[following] > time_s), 0)
    after_s, before_s = known_s[following], known_s[preceding]
    beside = np.minimum(np.abs(time_s - before_s), np.abs(after_s - time_s)) < STEP_S
    reached: BoolArray = beside | ((after_s - before_s <= bridge_s) & (preceding != following))
    return reached


def _paused(time_s: FloatArray, pauses: tuple[Pause, ...]) -> BoolArray:
    paused = np.zeros(time_s.size, bool)
    for pause in pauses:
        first, last = np.searchsorted(time_s, [pause.start_s, pause.end_s])
        paused[first:last] = True
    return paused


def _local_metres(latitude: FloatArray, longitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Metres north and east of the first position (equirectangular; exact enough within one outing)."""
    known = np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude))
    if not known.size:
        return np.full(latitude.size, np.nan), np.full(latitude.size, np.nan)
    north = np.deg2rad(latitude - latitude[known[0]]) * EARTH_RADIUS_M
    east = np.deg2rad(wrapped_deg(longitude - longitude[known[0]])) * EARTH_RADIUS_M
    return north, east * np.cos(np.deg2rad(latitude))


def _speed_and_path(track: _Laid, stretch: IntArray, travelled: _Travelled) -> tuple[FloatArray, FloatArray]:
    """Speed [m/s] and path per second [m]: the device's own where given, then its distance, then positions."""
    by_distance = _steps(_monotonic_distance(track), stretch)
    ends = np.append(np.diff(stretch) != 0, [True])[: by_distance.size]
    speed = track.interpolated("speed_mps")
    smooth_distance = running_mean(np.where(ends, np.nan, by_distance), 2)
    for substitute in (smooth_distance, _speed_from_positions(travelled)):
        speed = np.where(np.isfinite(speed), speed, substitute)
    moved = np.where(np.isfinite(by_distance), by_distance, speed * STEP_S)
    return speed, moved


def _monotonic_distance(track: _Laid) -> FloatArray:
    """Cumulative distance on the grid; a reading below an earlier one (a device restart) is taken as missing."""
    values = track.stream.channel("distance_m")
    if values is None:
        return track.silent
    return track.bridged(values, values >= np.fmax.accumulate(values))


def _steps(cumulative: FloatArray, stretch: IntArray) -> FloatArray:
    """Increase from each second to the next of the same stretch; nothing follows a stretch's last second: 0."""
    if cumulative.size < 2:
        return np.where(np.isfinite(cumulative), 0.0, np.nan)
    step = np.diff(cumulative, append=np.nan)
    last = np.flatnonzero(np.append(np.diff(stretch) != 0, [True]))
    step[last] = 0.0
    step[last[np.isnan(cumulative[last])]] = np.nan
    return step


def _speed_from_positions(travelled: _Travelled) -> FloatArray:
    north_m, east_m, seconds = travelled
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.hypot(north_m, east_m) / np.where(seconds > 0, seconds, np.nan)


def _course(speed: FloatArray, travelled: _Travelled) -> FloatArray:
    north_m, east_m, _ = travelled
    course = np.mod(np.rad2deg(np.arctan2(east_m, north_m)), 360.0)
    with np.errstate(invalid="ignore"):
        return np.where(speed >= SLOWEST_COURSE_MPS, course, np.nan)


def _displacement(stretch: IntArray, north_m: FloatArray, east_m: FloatArray) -> _Travelled:
    """Movement across the window around each second, cut at the edges of its stretch: north, east [m], seconds."""
    index = np.arange(stretch.size)
    begins = np.searchsorted(stretch, np.arange(stretch[-1] + 2 if stretch.size else 1))
    first = np.maximum(index - POSITION_HALF_WINDOW_S, begins[stretch])
    last = np.minimum(index + POSITION_HALF_WINDOW_S, begins[stretch + 1] - 1)
    return north_m[last] - north_m[first], east_m[last] - east_m[first], last - first


def _slope(altitude_m: FloatArray, moved_m: FloatArray) -> FloatArray:
    """Rise over run within `SLOPE_HALF_WINDOW_M` of path either side; NaN where height or path is missing or too short."""
    known = np.isfinite(altitude_m)
    path = np.cumsum(np.where(np.isfinite(moved_m), moved_m, 0.0))
    if known.sum() < 2 or path[-1] < 2 * SLOPE_HALF_WINDOW_M:
        return np.full(altitude_m.size, np.nan)
    low = np.maximum(path - SLOPE_HALF_WINDOW_M, 0.0)
    high = np.minimum(path + SLOPE_HALF_WINDOW_M, path[-1])
    rise = np.interp(high, path[known], altitude_m[known]) - np.interp(low, path[known], altitude_m[known])
    slope = rise / (high - low)
    return np.where(known & (np.abs(slope) <= STEEPEST_SLOPE), slope, np.nan)
