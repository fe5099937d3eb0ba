"""Clock: puts a file's times in order, finds the impossible ones, and spreads times that were stamped in batches."""

from bisect import bisect_right

import numpy as np
import numpy.typing as npt

from retropace.recording import FloatArray, Repair

IntArray = npt.NDArray[np.int64]

#: No recording is silent this long: a clock that had not been set yet writes dates years away.
LONGEST_SILENCE_S = 366 * 86_400.0
#: Seconds beyond this (32 000 years) are no time at all; arithmetic on them would overflow.
FARTHEST_S = 1e12
#: A group that such a silence cuts off is kept from this share of the samples on.
SMALLEST_GROUP_SHARE = 0.2
#: One or two samples this many sample intervals away from both neighbours in the file are a slip of the clock, ...
SLIP_SAMPLES = 2
SLIP_INTERVALS = 10.0
#: ... and a sample nearer than this part of an interval to another one overlaps it: the clock ran back.
OVERLAP_INTERVALS = 0.5

#: A clock that was set back, by more than a queue in disorder brings [s], runs on for at least so many samples; they begin
#: so long after those before [s].
LEAST_BACK_S, LEAST_STRETCH, AFTER_BACK_S = 1.0, 100, 2.0

#: A batch: times closer than this part of the mean interval, ...
BATCH_CLOSE = 0.25
#: ... in at least this share of the samples, ...
BATCH_SHARE = 1 / 3
#: ... with a pause longer than this many mean intervals at least every so many samples. A queue in a sensor's chip
#: holds a few hundred samples; a recorder that measures one second a minute sleeps longer than `LONGEST_BATCH_S`.
BATCH_PAUSE = 1.5
BATCH_SAMPLES = 512
LONGEST_BATCH_S = 10.0
#: Pauses longer than this many batch periods are gaps in the recording.
GAP_PERIODS = 5.0
#: Batches that come later and later against a steady sensor, by more than this many periods in all: some never came.
LOST_PERIODS = 2.0
#: The earliest of so many batches in a row tells how late they come.
EARLIEST_OF = 12
#: A sensor's interval is taken this little too short where batches were lost: an error of the other sign would add up.
SHORTENED = 0.998


def in_order(time_s: FloatArray) -> tuple[IntArray, list[Repair]]:
    """Indices (m,) of the samples to keep, by rising time [s] (equal times in the file's order), and what was wrong.

    Drops what has no time (`no_time`), what lies more than a year from the rest (`time_jump`) and one or two samples that
    the clock alone threw far off (`time_jump`). What stands in the wrong place is sorted in, unless it overlaps what is
    there already, as when a clock was set back: then it is dropped (`time_backward`). A clock that jumps ahead for good
    leaves a gap.
    """
    timed = np.flatnonzero(np.isfinite(time_s))
    repairs = _counted("no_time", time_s.size - timed.size)
    near = timed[np.abs(time_s[timed]) <= FARTHEST_S]
    near = near[_near(time_s[near])]
    order, slipped, backward = _sorted_in(time_s[near])
    kept = near[order]
    # A slip or a stray may have bridged two groups a year apart: what is left is asked once more.
    beside = kept[_near(time_s[kept])]
    jumped = timed.size - near.size + kept.size - beside.size
    repairs += _counted("time_jump", jumped + slipped)
    return beside, repairs + backward


def carried_on(time_s: FloatArray) -> tuple[FloatArray, list[Repair]]:
    """Times [s] of a sensor whose clock was set back while it went on: what came after is set behind what came before.

    Only where all stretches between such moments are long; a few samples in the wrong place are another matter, and so
    is a stretch that was written twice. A pause is left between, so that nothing is bridged.

    >>> carried_on(np.concatenate([np.arange(200.0), np.arange(200.0)]))[0][[199, 200]].tolist()
    [199.0, 201.0]
    """
    known = np.flatnonzero(np.isfinite(time_s))
    back = np.flatnonzero(np.diff(time_s[known]) < -LEAST_BACK_S) + 1
    stretches = np.diff(np.concatenate([[0], back, [known.size]]))
    if not back.size or stretches.min() < LEAST_STRETCH:
        return time_s, []
    carried = time_s.copy()
    for at in known[back].tolist():
        before = known[known < at][-1]
        carried[at:] += carried[before] + AFTER_BACK_S - carried[at]
    return carried, _counted("time_backward", back.size, "What came after was set behind what came before.")


def _counted(kind: str, count: int, note: str = "") -> list[Repair]:
    return [Repair(kind, count, note)] if count else []


def _near(time_s: FloatArray) -> npt.NDArray[np.bool_]:
    """Which times lie in a group worth keeping, groups being parted by silences of more than a year."""
    if time_s.size == 0 or np.ptp(time_s) <= LONGEST_SILENCE_S:
        return np.ones(time_s.size, dtype=bool)
    distinct, which = np.unique(time_s, return_inverse=True)
    cuts = np.flatnonzero(np.diff(distinct) > LONGEST_SILENCE_S) + 1
    sizes = np.diff(cuts, prepend=0, append=distinct.size)
    keep = (sizes >= SMALLEST_GROUP_SHARE * distinct.size) | (sizes == sizes.max())
    return np.asarray(np.repeat(keep, sizes)[which])


def _sorted_in(time_s: FloatArray) -> tuple[IntArray, int, list[Repair]]:
    """Order of the samples to keep, how many slipped, and the repair of a clock that ran back."""
    everything = np.arange(time_s.size, dtype=np.int64)
    if np.all(np.diff(time_s) >= 0):
        return everything, 0, []
    chain = _longest_rising(time_s)
    stray = np.setdiff1d(everything, chain)
    interval = _usual_interval(time_s[chain])
    slipped = _slipped(time_s, chain, stray, interval)
    stray = stray[~slipped]
    steady = np.sort(np.concatenate([chain, stray]))
    runs_back = int(np.count_nonzero(np.diff(time_s[steady]) < 0))
    stray = stray[_fits(time_s[chain], time_s[stray], interval)]
    kept = np.sort(np.concatenate([chain, stray]))
    dropped = steady.size - kept.size
    told = [f"{stray.size} put in order"] * bool(stray.size) + [f"{dropped} dropped"] * bool(dropped)
    note = f"({', '.join(told)}.)" if told else ""
    order = kept[np.argsort(time_s[kept], kind="stable")]
    return order, int(np.count_nonzero(slipped)), _counted("time_backward", runs_back, note)


def _longest_rising(time_s: FloatArray) -> IntArray:
    """Indices of a longest non-decreasing subsequence.

    Where everything before is no later than everything after, the search begins anew: only the stretches in disorder,
    which are short, are searched.
    """
    highest = np.maximum.accumulate(time_s)
    lowest = np.minimum.accumulate(time_s[::-1])[::-1]
    bounds = np.concatenate([[0], np.flatnonzero(highest[:-1] <= lowest[1:]) + 1, [time_s.size]])
    disordered = np.flatnonzero(np.diff(bounds) > 1)
    keep = np.ones(time_s.size, dtype=bool)
    for first, last in zip(bounds[disordered], bounds[disordered + 1], strict=True):
        keep[first:last] = False
        keep[first + _rising_in(time_s[first:last])] = True
    return np.flatnonzero(keep)


def _rising_in(time_s: FloatArray) -> IntArray:
    """Indices of a longest non-decreasing subsequence, by patience sorting: O(n log n)."""
    ends: list[float] = []  # smallest time that ends a subsequence of each length
    at: list[int] = []
    before = np.full(time_s.size, -1, dtype=np.int64)
    for index, instant in enumerate(time_s.tolist()):
        length = bisect_right(ends, instant)
        if length:
            before[index] = at[length - 1]
        if length == len(ends):
            ends.append(instant)
            at.append(index)
        else:
            ends[length], at[length] = instant, index
    chain = np.empty(len(ends), dtype=np.int64)
    index = at[-1]
    for position in range(len(ends) - 1, -1, -1):
        chain[position] = index
        index = int(before[index])
    return chain


def _usual_interval(time_s: FloatArray) -> float:
    steps = np.diff(time_s)
    steps = steps[steps > 0]
    return float(np.median(steps)) if steps.size else 1.0


def _slipped(time_s: FloatArray, chain: IntArray, stray: IntArray, interval: float) -> npt.NDArray[np.bool_]:
    """Which strays stand alone or in pairs and far from their neighbours in the file."""
    if stray.size == 0:
        return np.zeros(0, dtype=bool)
    starts = np.flatnonzero(np.diff(stray, prepend=-2) != 1)
    sizes = np.diff(starts, append=stray.size)
    lone = np.repeat(sizes <= SLIP_SAMPLES, sizes)
    later = np.searchsorted(chain, stray)
    previous = np.where(later > 0, time_s[chain[np.maximum(later - 1, 0)]], np.nan)
    following = np.where(later < chain.size, time_s[chain[np.minimum(later, chain.size - 1)]], np.nan)
    apart = np.fmin(np.abs(time_s[stray] - previous), np.abs(time_s[stray] - following))
    return np.asarray(lone & (apart > SLIP_INTERVALS * interval))


def _fits(chain_s: FloatArray, stray_s: FloatArray, interval: float) -> npt.NDArray[np.bool_]:
    """Which strays fall beside the chain's samples, or exactly on one (to be merged with it), not in between."""
    later = np.clip(np.searchsorted(chain_s, stray_s), 1, max(chain_s.size - 1, 1))
    nearest = np.minimum(
        np.abs(stray_s - chain_s[later - 1]), np.abs(stray_s - chain_s[np.minimum(later, chain_s.size - 1)])
    )
    return np.asarray((nearest == 0) | (nearest >= OVERLAP_INTERVALS * interval))


def spread(time_s: FloatArray) -> tuple[FloatArray, list[Repair]]:
    """Non-decreasing times [s] with batches spread at the sensor's mean rate; unchanged where there are none.

    Some recorders stamp a whole batch of samples when it leaves the sensor's queue: many samples within a few
    milliseconds, then a pause. Between gaps (pauses of more than `GAP_PERIODS` batch periods) the sample number against
    the stamped time is a straight line; its least-squares fit gives the times. Where the radio lost batches it is a
    staircase instead: what was lost then leaves a gap of its own.
    """
    rests = _batch_pauses(time_s)
    if rests is None:
        return time_s, []
    starts = np.concatenate([[0], np.flatnonzero(rests) + 1])
    apart = np.diff(time_s[starts])
    period = float(np.median(apart))
    whole = apart <= GAP_PERIODS * period
    usual = float(np.sum(apart[whole]) / np.sum(np.diff(starts)[whole]))
    gaps = starts[1:][~whole]
    lasting = _interval_between_losses(np.where(whole, apart, period), np.diff(starts, append=time_s.size)[1:], period)
    spread_s = np.empty_like(time_s)
    for first, last in zip([0, *gaps], [*gaps, time_s.size], strict=True):
        within = starts[(starts >= first) & (starts < last)] - first
        part_s = time_s[first:last]
        spread_s[first:last] = _straight(part_s, within, usual) if lasting is None else _staircase(part_s, lasting)
    _keep_apart(spread_s, gaps, usual if lasting is None else lasting)
    return spread_s, [Repair("time_batched", starts.size, _batch_note(usual, lasting, period))]


def _batch_note(usual: float, lasting: float | None, period: float) -> str:
    lost = "" if lasting is None else f" {100 * (1 - lasting / usual):.0f} % of the samples were lost."
    return f"{1 / (lasting or usual):.1f} Hz, batches every {period:.2f} s.{lost}"


def _interval_between_losses(apart: FloatArray, sizes: IntArray, period: float) -> float | None:
    """The sensor's interval [s] where some batches never came, told by those that did; None where all did.

    `apart` [s] is how long each batch came after the one before, gaps taken out, and `sizes` how many samples it brought:
    what the sensor gave meanwhile, or less. Against the sensor's interval the earliest
    batch of every few comes as late as that of the few before, unless some were lost between; a clock that runs a little
    slow makes it later too, but never by much at once.
    """
    if sizes.size < 2 * EARLIEST_OF:
        return None
    interval = SHORTENED * float(np.median(np.repeat(apart / sizes, sizes)))
    late = np.cumsum(apart) - interval * np.cumsum(sizes)
    earliest = late[: late.size // EARLIEST_OF * EARLIEST_OF].reshape(-1, EARLIEST_OF).min(axis=1)
    rises = np.diff(np.minimum.accumulate(earliest[::-1])[::-1])
    return interval if np.sum(rises[rises > period]) > LOST_PERIODS * period else None


def _staircase(part_s: FloatArray, interval: float) -> FloatArray:
    """Times of samples `interval` apart but for what was lost between: each as late as the earliest that follows allows.

    >>> _staircase(np.array([0.2, 0.2, 0.4, 0.4, 0.8, 0.8]), 0.1).round(1)
    array([0.1, 0.2, 0.3, 0.4, 0.7, 0.8])
    """
    number = np.arange(part_s.size)
    late = part_s - interval * number
    return np.asarray(interval * number + np.minimum.accumulate(late[::-1])[::-1])


def _batch_pauses(time_s: FloatArray) -> npt.NDArray[np.bool_] | None:
    """Which steps (n - 1,) are pauses between batches; None where times do not come in batches."""
    window = min(BATCH_SAMPLES, time_s.size // 2)
    if window < 4:
        return None
    interval = float(np.median(time_s[window:] - time_s[:-window])) / window
    steps = np.diff(time_s)
    rests: npt.NDArray[np.bool_] = steps > BATCH_PAUSE * interval
    close = steps < BATCH_CLOSE * interval
    if np.count_nonzero(rests) < max(3, time_s.size // BATCH_SAMPLES) or np.mean(close) < BATCH_SHARE:
        return None
    if np.mean(close[:-1][rests[1:]]) < 0.5:  # pauses that follow pauses: the rate was changed
        return None
    return rests if np.median(steps[rests]) <= LONGEST_BATCH_S else None


def _straight(part_s: FloatArray, starts: IntArray, usual: float) -> FloatArray:
    """Line through the batches of one part (each at its mean number and stamp); too few batches get the usual slope."""
    sizes = np.diff(starts, append=part_s.size)
    number = starts + (sizes - 1) / 2
    stamp = np.add.reduceat(part_s - part_s[0], starts) / sizes
    middle, at = np.average(number, weights=sizes), np.average(stamp, weights=sizes)
    slope = usual
    if starts.size > GAP_PERIODS:
        slope = np.sum(sizes * (number - middle) * (stamp - at)) / np.sum(sizes * (number - middle) ** 2)
    line: FloatArray = part_s[0] + at + slope * (np.arange(part_s.size) - middle)
    return line


def _keep_apart(spread_s: FloatArray, cuts: IntArray, usual: float) -> None:
    """Move a part later, in place, where its line begins before the previous part's line ends."""
    for cut in cuts:
        late = spread_s[cut - 1] + usual - spread_s[cut]
        if late > 0:
            spread_s[cut:] += late
