"""FIT heart: heart rates that a chest strap stored, under water for instance, and sent to the watch later.

They come as `hr` messages with a clock of their own that ticks 1024 times a second. A message with a timestamp gives its
tick in full; the others give only the low twelve bits, eight heart rates to a message.
"""

import numpy as np
import numpy.typing as npt

from retropace.fit_profile import MESSAGES
from retropace.readers.fit_columns import Block, IntArray, Messages, blocks, table
from retropace.readers.fit_frames import Frames
from retropace.recording import FloatArray

#: A stored heart rate fills a record this near [s].
NEAREST_S = 2.5
_TICKS_PER_SECOND = 1024.0
_ROLLOVER = 4096.0


def stored_heart_rate(frames: Frames, messages: Messages, times: FloatArray) -> FloatArray | None:
    """Heart rates (n,) nearest to `times` (n,) [s since the FIT epoch], NaN where none is near; None without any."""
    beats_s, bpm = _heart_rates(frames, messages)
    if not beats_s.size or not times.size:
        return None
    later = np.minimum(np.searchsorted(beats_s, times), beats_s.size - 1)
    before = np.maximum(later - 1, 0)
    nearest = np.where(np.abs(beats_s[before] - times) <= np.abs(beats_s[later] - times), before, later)
    return np.where(np.abs(beats_s[nearest] - times) <= NEAREST_S, bpm[nearest], np.nan)


def _heart_rates(frames: Frames, messages: Messages) -> tuple[FloatArray, FloatArray]:
    """Times [s since the FIT epoch], ascending, and heart rates of all `hr` messages."""
    parts = [part for block in blocks(frames, "hr") if (part := _ticks(block)) is not None]
    if not parts:
        return np.empty(0), np.empty(0)
    at, ticks, full, bpm = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(at, kind="stable")
    at, ticks, full, bpm = at[order], ticks[order], full[order] > 0, bpm[order]
    run = np.cumsum(np.where(full, 0, np.diff(ticks, prepend=0.0) % _ROLLOVER))
    anchor = np.maximum.accumulate(np.where(full, np.arange(full.size), -1))
    # A message's timestamp is that of its first tick.
    first = ticks[np.searchsorted(at, at[anchor])]
    clock = table(messages, "hr")
    real = clock.column("timestamp") + np.nan_to_num(clock.column("fractional_timestamp"))
    times = (
        real[np.searchsorted(clock.at, at[anchor])] + (ticks[anchor] - first + run - run[anchor]) / _TICKS_PER_SECOND
    )
    told = (anchor >= 0) & np.isfinite(times) & np.isfinite(bpm) & (bpm > 0)
    rising = np.argsort(times[told], kind="stable")
    return times[told][rising], bpm[told][rising]


def _ticks(block: Block) -> tuple[IntArray, FloatArray, FloatArray, FloatArray] | None:
    """Of every heart rate in `block`: offset of its message, tick, 1 where the tick is in full or else 0, and the rate."""
    fields = MESSAGES["hr"].fields
    bpm, seconds = block.numbers(fields["filtered_bpm"]), block.numbers(fields["event_timestamp"])
    packed = block.octets(fields["event_timestamp_12"])
    if bpm is None or (seconds is None and packed is None):
        return None
    ticks = seconds * _TICKS_PER_SECOND if seconds is not None else np.empty((0, 0))
    if packed is not None and np.isnan(ticks).all():
        ticks, seconds = _twelve_bits(packed), None
    width = min(ticks.shape[1], bpm.shape[1])
    at, ticks, bpm = np.repeat(block.at, width), ticks[:, :width].ravel(), bpm[:, :width].ravel()
    told = np.isfinite(ticks)
    return at[told], ticks[told], np.full(int(told.sum()), float(seconds is not None)), bpm[told]


def _twelve_bits(packed: npt.NDArray[np.uint8]) -> FloatArray:
    """Numbers (n, k) of twelve bits each, lowest bits first, from bytes (n, 1.5 k)."""
    triples = packed[:, : packed.shape[1] // 3 * 3].reshape(packed.shape[0], -1, 3).astype(np.float64)
    low = triples[..., 0] + triples[..., 1] % 16 * 256
    high = triples[..., 1] // 16 + triples[..., 2] * 16
    return np.stack([low, high], axis=-1).reshape(packed.shape[0], -1)
