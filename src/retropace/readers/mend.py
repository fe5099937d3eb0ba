"""Mend: from whatever a file held to a `Stream` that keeps its promises, and a list of what had to be mended.

Every reader hands its raw columns to `mend_track` (about one row a second) or `mend_motion` (raw sensors) and adds the
repairs to its recording. Nothing is invented: a wrong value becomes missing, a sample without a place in time is dropped,
and what stood in the wrong order is put in order.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from retropace.quantities import QUANTITIES
from retropace.readers.clock import IntArray, carried_on, in_order, spread
from retropace.recording import FloatArray, Repair, Stream

Channels = dict[str, FloatArray]

#: No sport on foot, wheels or snow is faster over ground; a receiver that lost its satellites is [m/s].
FASTEST_TRAVEL_MPS = 150.0
#: Below this distance [m] a jump between two positions is noise, however short the time between them.
SMALLEST_JUMP_M = 100.0
#: A longer run of positions between two jumps is a place where somebody was.
LONGEST_SPIKE = 5
#: Positions at exactly 0° N 0° E are missing ones when the rest lies farther than this from there [degrees].
NULL_ISLAND_DEG = 0.1
#: So many moments at which a clock runs back are asked whether they repeat what was written before.
_MOST_ASKED = 20
_METRES_PER_DEGREE = 111_195.0  # 1/360 of the mean circumference of the earth


def mend_track(time_s: FloatArray, channels: Channels) -> tuple[Stream, list[Repair], IntArray]:
    """A clean track, the repairs, and the index (m,) of the input row that each of its rows rests on.

    `time_s` (n,) [s] may be NaN, disordered or repeated; `channels` are (n,), in our names and units. Rows of one time are
    merged: the last of those with the most values stays, its gaps filled from the others (some devices write position and
    heart rate as separate rows). Values outside the plausible range of their quantity, heart rates of exactly zero and
    impossible positions become NaN; channels without any value are left out. Inputs are not changed.

    >>> stream, repairs, kept = mend_track(np.array([0.0, 1.0, 1.0]), {"cadence_spm": np.array([160.0, np.nan, 162.0])})
    >>> stream.channels["cadence_spm"].tolist(), repairs[0].kind, kept.tolist()
    ([160.0, 162.0], 'time_repeated', [0, 2])
    """
    order, repairs = in_order(time_s)
    kept, merged = _merged(time_s[order], {key: values[order] for key, values in channels.items()})
    repairs += _counted("time_repeated", order.size - kept.size)
    sound, wrong = _sound(time_s[order[kept]], merged)
    return Stream(time_s[order[kept]], sound), repairs + wrong, order[kept]


def mend_motion(time_s: FloatArray, channels: Channels) -> tuple[Stream, list[Repair]]:
    """A clean stream of one raw sensor, and the repairs.

    As `mend_track`, but where the clock was set back for long, what came after is set behind what came before; and times
    that come in batches are spread at the sensor's mean rate (`time_batched`) before any row counts as repeated.

    >>> stamps = np.repeat(np.arange(20.0), 10)  # ten samples at once, every second
    >>> stream, repairs = mend_motion(stamps, {"acceleration_x_mps2": np.sin(np.arange(200.0))})
    >>> len(stream), repairs[0].note
    (200, '10.0 Hz, batches every 1.00 s.')
    """
    set_back: list[Repair] = []
    if not _written_twice(time_s, channels):
        time_s, set_back = carried_on(time_s)
    order, repairs = in_order(time_s)
    repairs += set_back
    rows = {key: values[order] for key, values in channels.items()}
    instants = time_s[order]
    first = _first_of_equal(instants, rows)
    instants, rows = instants[first], {key: values[first] for key, values in rows.items()}
    instants, batched = spread(instants)
    kept, merged = _merged(instants, rows)
    repairs += _counted("time_repeated", order.size - kept.size)
    sound, wrong = _sound(instants[kept], merged)
    return Stream(instants[kept], sound), repairs + batched + wrong


def _written_twice(time_s: FloatArray, channels: Channels) -> bool:
    """Whether some sample stands again where the clock runs back, time and values."""
    known = np.flatnonzero(np.isfinite(time_s))
    for at in known[1:][np.diff(time_s[known]) < 0][:_MOST_ASKED].tolist():
        before = np.flatnonzero(time_s[:at] == time_s[at])
        if any(all(values[row] == values[at] for values in channels.values()) for row in before.tolist()):
            return True
    return False


def added_up(repairs: Sequence[Repair]) -> tuple[Repair, ...]:
    """One repair of each kind; notes that differ are joined."""
    together = []
    for kind in dict.fromkeys(repair.kind for repair in repairs):
        alike = [repair for repair in repairs if repair.kind == kind]
        notes = list(dict.fromkeys(repair.note for repair in alike if repair.note))
        together.append(Repair(kind, sum(repair.count for repair in alike), " ".join(notes[:4])))
    return tuple(together)


def _counted(kind: str, count: int, note: str = "") -> list[Repair]:
    return [Repair(kind, count, note)] if count else []


def _first_of_equal(time_s: FloatArray, rows: Channels) -> npt.NDArray[np.bool_]:
    """Which rows are not the exact repetition, time and values, of the row before."""
    same = np.diff(time_s, prepend=np.nan) == 0
    if same.any():
        for values in rows.values():
            before = np.concatenate([[np.nan], values[:-1]])
            same &= (values == before) | (np.isnan(values) & np.isnan(before))
    return np.asarray(~same)


def _merged(time_s: FloatArray, rows: Channels) -> tuple[IntArray, Channels]:
    """Index of the row that stays of each run of equal times, and the channels with its gaps filled from the others."""
    starts = np.flatnonzero(np.diff(time_s, prepend=-np.inf) > 0)
    if starts.size == time_s.size:
        return starts, rows
    number = np.arange(time_s.size)
    filled = np.zeros(time_s.size, dtype=np.int64)
    for values in rows.values():
        filled += np.isfinite(values)
    # The largest of (values, position) in each run is the last row among those with the most values.
    stays = np.maximum.reduceat(filled * time_s.size + number, starts) % time_s.size
    merged = {}
    for key, values in rows.items():
        last = np.maximum.reduceat(np.where(np.isfinite(values), number, -1), starts)
        merged[key] = np.where(np.isfinite(values[stays]) | (last < 0), values[stays], values[last])
    return stays, merged


def _sound(time_s: FloatArray, rows: Channels) -> tuple[Channels, list[Repair]]:
    """Channels with what cannot be true taken as missing, empty ones left out."""
    stopped = _heart_stopped(rows)
    repairs = _counted("heart_rate_zero", stopped)
    rows, implausible = _plausible(rows)
    repairs += implausible
    rows, lost = _possible_positions(time_s, rows)
    return {key: values for key, values in rows.items() if np.isfinite(values).any()}, repairs + lost


def _heart_stopped(rows: Channels) -> int:
    return int(np.count_nonzero(rows["heart_rate_bpm"] == 0)) if "heart_rate_bpm" in rows else 0


def _plausible(rows: Channels) -> tuple[Channels, list[Repair]]:
    kept: Channels = {}
    wrong: dict[str, int] = {}
    for key, values in rows.items():
        quantity = QUANTITIES[key]
        # A heart rate of zero has its own repair.
        absent = np.isnan(values) | (values == 0) if key == "heart_rate_bpm" else np.isnan(values)
        outside = ~absent & ~((values >= quantity.low) & (values <= quantity.high) & np.isfinite(values))
        kept[key] = np.where(outside | absent, np.nan, values) if (outside | absent).any() else values
        if outside.any():
            wrong[quantity.name] = int(np.count_nonzero(outside))
    note = ", ".join(f"{name}: {count}" for name, count in wrong.items())
    return kept, _counted("implausible", sum(wrong.values()), f"({note}.)")


def _possible_positions(time_s: FloatArray, rows: Channels) -> tuple[Channels, list[Repair]]:
    """Positions without halves, zeros and spikes; both coordinates are missing or neither."""
    latitude, longitude = rows.get("latitude_deg"), rows.get("longitude_deg")
    if latitude is None or longitude is None:
        alone = [key for key in ("latitude_deg", "longitude_deg") if key in rows]
        halves = sum(int(np.isfinite(rows[key]).sum()) for key in alone)
        return {key: rows[key] for key in rows if key not in alone}, _counted("position", halves)
    known = np.isfinite(latitude) & np.isfinite(longitude)
    half = np.isfinite(latitude) ^ np.isfinite(longitude)
    wrong = half | _zeros(latitude, longitude, known)
    wrong |= _spikes(time_s, latitude, longitude, known & ~wrong)
    if not wrong.any():
        return rows, []
    first = f"The first at {time_s[np.argmax(wrong)] - time_s[0]:.0f} s."
    mended = {key: np.where(wrong, np.nan, rows[key]) for key in ("latitude_deg", "longitude_deg")}
    return rows | mended, _counted("position", int(np.count_nonzero(wrong)), first)


def _zeros(latitude: FloatArray, longitude: FloatArray, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Positions at exactly 0, 0 in a track that is elsewhere (or nowhere else)."""
    zero: npt.NDArray[np.bool_] = known & (latitude == 0) & (longitude == 0)
    rest = known & ~zero
    if not zero.any() or not rest.any():
        return zero
    nearest = np.min(np.maximum(np.abs(latitude[rest]), np.abs(longitude[rest])))
    return zero if nearest > NULL_ISLAND_DEG else np.zeros_like(zero)


def _spikes(
    time_s: FloatArray, latitude: FloatArray, longitude: FloatArray, known: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Runs of at most `LONGEST_SPIKE` positions that nobody could have reached from before and after."""
    spike = np.zeros_like(known)
    at = np.flatnonzero(known)
    if at.size <= LONGEST_SPIKE:
        return spike
    east = np.abs((np.diff(longitude[at]) + 180) % 360 - 180) * np.cos(np.radians(latitude[at][:-1]))
    moved_m = _METRES_PER_DEGREE * np.hypot(np.diff(latitude[at]), east)
    jump = (moved_m > SMALLEST_JUMP_M) & (moved_m > FASTEST_TRAVEL_MPS * np.diff(time_s[at]))
    runs = np.split(at, np.flatnonzero(jump) + 1)
    if max(run.size for run in runs) > LONGEST_SPIKE:
        for run in runs:
            spike[run] = run.size <= LONGEST_SPIKE
    return spike
