"""Breaks: frames that no body moved through (a pose to set up the skeleton, lost markers), and the stretch between them."""

from dataclasses import replace

import numpy as np

from retropace.errors import UnreadableFile
from retropace.mocap.clip import Clip
from retropace.recording import Repair
from retropace.signals import BoolArray

#: Faster than any hand or foot of a runner moves [m/s]: between such frames something else happened. A sprinter's foot
#: reaches about 20 (design).
LARGEST_SPEED_MPS = 22.0
#: No room to capture in is as large [m].
LARGEST_PLACE_M = 10_000.0
#: Fewer frames than this are no stretch to look at.
FEWEST_FRAMES = 8


def unbroken(clip: Clip, damaged: BoolArray) -> Clip:
    """The longest stretch of `clip` without `damaged` (n,) frames, numbers that are none, and leaps.

    What was cut is said as a repair. Raises UnreadableFile where nothing of length is left.
    """
    every = np.concatenate(list(clip.position_m.values()), axis=1)
    bad = damaged | ~np.all(np.abs(every) < LARGEST_PLACE_M, axis=1)
    with np.errstate(invalid="ignore"):
        step = np.diff(every.reshape(len(every), -1, 3), axis=0)
        leap = np.linalg.norm(step, axis=2).max(axis=1) * clip.rate_hz > LARGEST_SPEED_MPS
    first, end = _longest(bad, leap)
    if end - first < FEWEST_FRAMES:
        raise UnreadableFile("No stretch of the capture is whole", file=clip.name, remedy="Export the capture again.")
    if end - first == len(clip):
        return clip
    cut = len(clip) - (end - first)
    note = f"{cut} of {len(clip)} frames were cut; frames {first} to {end - 1} are kept."
    return replace(clip.cut(first, end), repairs=(*clip.repairs, Repair("corrupt", _stretches(bad, leap), note)))


def _longest(bad: BoolArray, leap: BoolArray) -> tuple[int, int]:
    """First frame and end of the longest run of frames that are not bad and do not leap to the next."""
    good = ~bad
    joined = np.concatenate(([False], good[1:] & good[:-1] & ~leap, [False]))
    starts = np.flatnonzero(~joined[:-1])
    ends = np.append(starts[1:], len(bad))
    lengths = np.where(good[starts], ends - starts, 0)
    best = int(np.argmax(lengths))
    return int(starts[best]), int(starts[best] + lengths[best])


def _stretches(bad: BoolArray, leap: BoolArray) -> int:
    """How many runs of bad frames or leaps there are."""
    marks = bad | np.concatenate(([False], leap)) | np.concatenate((leap, [False]))
    return int(np.sum(np.diff(np.concatenate(([False], marks)).astype(int)) == 1))
