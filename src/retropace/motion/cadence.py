"""Cadence: how often somebody stepped, second by second, from what was heard around each: gaps filled, slips mended.

A look judges a second by what lies within the halo. Where packets were lost, a foot turned or a hand did something else, it
finds no stride, or one of twice or two thirds the length; the seconds around know better. Nothing here is odd in time.
"""

from dataclasses import dataclass

import numpy as np

from retropace.motion.frame import rows
from retropace.motion.heard import Heard
from retropace.recording import FloatArray
from retropace.signals import BoolArray, IntArray

#: How far around a second its neighbours are asked [s], and how many of them must step. Who steps on both sides of a
#: silence no longer than the first went on stepping: to stop and set off again takes longer.
AROUND_S, FEWEST = 4, 2
#: A second that differs from those around it by more than this share has slipped.
SLIPPED = 0.15
#: A second without a stride still steps if it moves at least this hard, as a share of those around that step.
AS_HARD = 0.5
#: How far around it a second is compared with others, to tell a slip that lasts [s].
COMPARED_S = 15
#: Steps go on so far [s] from the last stride that was found: three windows in which one is sought, of 4 s each. Whatever
#: spoils them, a turn or a lost packet, is over by then; who shakes a phone in a pause does it for longer (design).
CARRIED_S = 12
#: What must be alike for that: how hard somebody moves up and down, to and fro, and turns. Shaking is as hard as walking in
#: one of them by chance, hardly in all.
_SIZES = ("step_vertical_rms", "step_level_rms", "step_turn_rms")
#: Of a wave that is as large, the acceleration grows with the square of its frequency. Steps that are quicker, but not
#: harder by at least this power of it, contradict each other.
HARDER = 1.0
#: What has no logarithm counts as this.
_LEAST = 1e-6
#: So many seconds are compared with those around them at once: of more the fast memory of a processor holds too little.
_COMPARED_AT_ONCE = 256
#: What is added up or divided in another order differs by less than this share.
_ROUNDING = 1e-9


def steady_hz(heard: Heard) -> FloatArray:
    """(m,) steps of both feet per second; 0 where nothing steps."""
    if not len(heard):
        return np.empty(0)
    walked = _walked(heard)
    return _steady(walked)[walked.at]


def steps_taken(heard: Heard) -> FloatArray:
    """(m,) steps of both feet taken in each second.

    The first and the last second of a walk, and those beside it, count as far as they move. The seconds beside a short
    silence amid steps count what was taken in it as well.
    """
    return steady_and_taken(heard)[1]


def steady_and_taken(heard: Heard) -> tuple[FloatArray, FloatArray]:
    """(m,) `steady_hz` and (m,) `steps_taken`, for little more than one of them takes."""
    if not len(heard):
        return np.empty(0), np.empty(0)
    walked = _walked(heard)
    hz = _steady(walked)
    return hz[walked.at], (_counted(walked, hz) + _unheard(walked, hz))[walked.at]


@dataclass(frozen=True, slots=True)
class _Walked:
    """The rows of a recording on a clock of whole seconds (n,), NaN in silences, of which long ones are shortened.

    `at` (m,) is where on it each row lies; `sizes` (3, n) are logarithms, NaN where a sensor was not there.
    """

    at: IntArray
    found_hz: FloatArray
    trust: FloatArray
    hardness: FloatArray
    share: FloatArray
    sizes: FloatArray

    @property
    def heard(self) -> BoolArray:
        known = np.zeros(self.found_hz.size, bool)
        known[self.at] = True
        return known

    @property
    def beside(self) -> tuple[IntArray, IntArray]:
        """(n,) places of the second that was heard last before each, and of that heard first after it; its own if it was."""
        before = np.repeat(self.at, np.diff(self.at, append=self.at[-1] + 1))
        return before, np.repeat(self.at, np.diff(self.at, prepend=-1))


def _walked(heard: Heard) -> _Walked:
    apart = np.minimum(np.diff(heard.time_s), 2 * AROUND_S + 1)
    at = np.concatenate([[0], np.cumsum(apart)]).astype(np.int64)

    def laid(values: FloatArray) -> FloatArray:
        room = np.full(int(at[-1]) + 1, np.nan)
        room[at] = values
        return room

    hardness = laid(np.hypot(heard["step_vertical_rms"], heard["step_level_rms"]))
    found, trust = laid(heard["step_hz"]), laid(heard["step_trust"])
    sizes = [np.log(np.maximum(laid(heard[name]), _LEAST)) for name in _SIZES]
    unslipped = _unslipped(found, trust, hardness)
    return _Walked(at, unslipped, trust, hardness, laid(heard["step_share"]), np.stack(sizes))


def _unslipped(found: FloatArray, trust: FloatArray, hardness: FloatArray) -> FloatArray:
    """`found` (n,) where the seconds around bear it out rather than contradict it, from those that stay elsewhere.

    Quicker steps are harder: seconds with other steps that moved accordingly say nothing against each other.
    """
    pitch, force = np.log(found), np.log(np.maximum(hardness, _LEAST))
    stepping = np.isfinite(found)
    weight = np.where(stepping, trust, 0.0)
    pitches, forces, weights = (_around(values, COMPARED_S) for values in (pitch, force, weight))
    doubtful = np.flatnonzero(stepping & _outweighed(pitch, pitches, weights))
    slipped = np.zeros(found.size, bool)
    for first in range(0, doubtful.size, _COMPARED_AT_ONCE):
        some = doubtful[first : first + _COMPARED_AT_ONCE]
        slipped[some] = _against(pitch[some], force[some], pitches[some], forces[some], weights[some]) > 0
    kept = np.flatnonzero(stepping & ~slipped)
    if not kept.size:
        return found
    return np.where(slipped, np.interp(np.arange(found.size), kept, found[kept]), found)


def _outweighed(pitch: FloatArray, pitches: FloatArray, weights: FloatArray) -> BoolArray:
    """(n,) whether those around each that do not agree with it could outweigh those that do; quickly, for few could."""
    agree = np.zeros(pitch.size)
    for other, weight in zip(pitches.T, weights.T, strict=True):
        agree += np.where(np.abs(other - pitch) <= SLIPPED, weight, 0.0)
    could: BoolArray = np.nansum(weights, axis=1) > 2 * agree * (1 - _ROUNDING)  # none beyond the ends
    return could


def _against(
    pitch: FloatArray, force: FloatArray, pitches: FloatArray, forces: FloatArray, weights: FloatArray
) -> FloatArray:
    """(n,) by how much the seconds around, and each itself, (n, 2 COMPARED_S + 1) speak rather against than for it."""
    quicker, harder = pitches - pitch[:, None], forces - force[:, None]
    apart = np.abs(quicker)
    contradict = (apart > SLIPPED) & (np.sign(quicker) * harder < HARDER * apart)
    agree = apart <= SLIPPED
    against: FloatArray = np.where(contradict, weights, 0.0).sum(axis=1) - np.where(agree, weights, 0.0).sum(axis=1)
    return against


def _steady(walked: _Walked) -> FloatArray:
    """(n,) steps per second on the clock of `walked`; 0 where nothing steps, or nobody knows."""
    found = walked.found_hz
    usual = _usual(found, walked.trust)
    with np.errstate(invalid="ignore", divide="ignore"):
        agrees: BoolArray = np.abs(np.log(found / usual)) <= SLIPPED
    hz = np.where(agrees, found, 0.0)
    others = np.flatnonzero(~agrees & np.isfinite(usual))
    hz[others] = np.where(_as_hard(walked, others), usual[others], 0.0)
    return _bridged(walked, _carried(walked, hz))


def _usual(found: FloatArray, trust: FloatArray) -> FloatArray:
    """(n,) the median of the seconds around each; where these are all alike, what was found, which agrees with it."""
    around = _around(found)
    span = np.fmax.reduce(around.T) / np.fmin.reduce(around.T)
    steps = np.count_nonzero(np.isfinite(around.T), axis=0)
    alike = np.isfinite(found) & (steps >= FEWEST) & (np.log(span) < SLIPPED * (1 - _ROUNDING))
    rows, usual = np.flatnonzero(~alike), found.copy()
    usual[rows] = _median(around[rows], _around(trust)[rows])
    return usual


def _carried(walked: _Walked, hz: FloatArray) -> FloatArray:
    """`hz` (n,), carried on into seconds that find no stride but follow or precede steps without a break, and are as hard.

    As hard as the last stride found (`SLIPPED`) in all `_SIZES`, no farther from it than `CARRIED_S`; between two that step
    the nearer counts more.
    """
    number, steps, weight = np.arange(hz.size), np.zeros(hz.size), np.zeros(hz.size)
    for way in (slice(None), slice(None, None, -1)):
        on, pace, sizes = hz[way] > 0, hz[way], walked.sizes[:, way]
        last = np.maximum.accumulate(np.where(on, number, -1))
        found = np.maximum.accumulate(np.where(on & np.isfinite(walked.found_hz[way]), number, -1))
        asked = np.flatnonzero(~on & (found >= 0) & (number - found <= CARRIED_S) & walked.heard[way])
        apart = np.abs(sizes[:, asked] - sizes[:, found[asked]])
        goes_on = np.zeros(hz.size, bool)
        goes_on[asked] = ~np.any(apart > 2 * SLIPPED, axis=0)
        broken = np.cumsum(~on & ~goes_on)
        near = np.where(goes_on & (broken == broken[last]), 1 / np.maximum(number - last, 1), 0.0)
        steps[way] += near * pace[last]
        weight[way] += near
    return np.where(weight > 0, steps / np.maximum(weight, 1e-9), hz)


def _bridged(walked: _Walked, hz: FloatArray) -> FloatArray:
    """`hz` (n,) with the short silences between two seconds that step filled from these."""
    number = np.arange(hz.size)
    before, after = walked.beside
    amid = (after - before <= AROUND_S + 1) & (hz[before] > 0) & (hz[after] > 0)
    share = (number - before) / np.maximum(after - before, 1)
    return np.where(amid, hz[before] + share * (hz[after] - hz[before]), hz)


def _counted(walked: _Walked, hz: FloatArray) -> FloatArray:
    """(n,) steps in the seconds that were heard."""
    room = np.concatenate([[0.0], hz, [0.0]])
    beside = np.stack([room[:-2], hz, room[2:]])
    taken = np.where(np.all(beside > 0, axis=0), hz, beside.max(axis=0) * walked.share)
    return np.where(walked.heard, taken, 0.0)


def _unheard(walked: _Walked, hz: FloatArray) -> FloatArray:
    """(n,) steps in silences, half of them for the second before and half for that after."""
    before, after = walked.beside
    taken, silent = np.zeros(hz.size), ~walked.heard
    for beside in (before, after):
        np.add.at(taken, beside[silent], 0.5 * hz[silent])
    return taken


def _around(values: FloatArray, reach_s: int = AROUND_S) -> FloatArray:
    """(n, 2 reach_s + 1) `values` (n,) around each, NaN beyond the ends."""
    room = np.full(values.size + 2 * reach_s, np.nan)
    room[reach_s : reach_s + values.size] = values
    return rows(room, 2 * reach_s + 1, 1, values.size)


def _median(values: FloatArray, weight: FloatArray) -> FloatArray:
    """Of each row (n, k) the value with half the weight on either side; NaN where fewer than `FEWEST` are finite."""
    known = np.isfinite(values)
    number, width = np.arange(values.shape[0]), values.shape[1]
    order = np.argsort(np.where(known, values, np.inf), axis=1)
    below = np.cumsum(np.where(known, weight, 0.0).ravel()[order + width * number[:, None]], axis=1)
    half = np.argmax(below >= 0.5 * below[:, -1:], axis=1)
    return np.where(known.sum(axis=1) >= FEWEST, values[number, order[number, half]], np.nan)


def _as_hard(walked: _Walked, which: IntArray) -> BoolArray:
    """Whether the seconds numbered `which` move about as hard as those around them that step."""
    stepping = _around(np.where(np.isfinite(walked.found_hz), walked.hardness, np.nan))[which]
    with np.errstate(invalid="ignore"):
        return np.asarray(walked.hardness[which] >= AS_HARD * _median(stepping, np.ones(stepping.shape)))
