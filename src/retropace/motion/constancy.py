"""Constancy: within one unbroken stretch of one gait nobody turns from forward to backward, and all seconds err together.

Who goes the other way has to lose all speed and gain it anew: for a moment the body moves far less than before and after; or
spins half round on the way, which the gyroscope feels. Where neither is so, what a body part says must stay the same. If it
does not, it is its phase that wanders (stairs, a loose belt, a limp), and none of it may be believed: what contradicts the
rest of a stretch takes from what all of it says, the more the more there is of it.

Nor are the seconds of a stretch independent: a phase that is wrong in one is so in the next. Of windows that are right in
p of all stretches, however long these are, a stretch says log(p / (1 - p)) in all, not in each second. How large that is
for people unlike those who were measured nobody knows; so the least bound is set that lets a stretch tell anything at all:
twice what a backward bout costs beforehand (13.5 nats). Two stretches that contradict each other then weigh alike, and a
third decides, rather than the longest.

Whatever is counted here is the same when time runs the other way.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from retropace.motion.frame import once
from retropace.motion.heard import Heard
from retropace.motion.said import Said
from retropace.recording import FloatArray
from retropace.signals import BoolArray, IntArray

ComplexArray = npt.NDArray[np.complex128]

#: How much of a stretch lies within earshot of a second, either way [s]. All of an hour would do as well; but what is told
#: while somebody still runs must not wait for it (design).
REACH_S = 50
#: A second in which somebody moves less than this share as hard as in the seconds around it, `AROUND_S` of them either way,
#: is where they may have stopped. Steps on uneven ground vary by less (design).
SLACK, AROUND_S = 0.6, 4
#: Who turns by so much [rad] from the second before to the second after spins: round a corner people turn half as quickly
#: while they walk on (design).
SPUN_RAD = float(np.deg2rad(110.0))
#: Rows that are further apart than this [s] belong to two stretches.
APART_S = 3.0
#: Share of a stretch for what a second says, less the share against it: from where it counts nothing to where it counts in
#: full. 0.9 is one second in twenty that says otherwise, as of the worst real thighs; 0.6 one in five (design).
AGREED_FROM, AGREED_FULLY = 0.6, 0.9
#: What a stretch says at most [nats], a travel's concentrations counted as nats: they come to a little less.
MOST_NATS = 30.0


def constant(said: Said, heard: Heard, most_nats: float = MOST_NATS) -> Said:
    """`said` of `heard`, each second weighed by how far the stretch around it agrees, none louder than `most_nats`."""
    if not len(heard):
        return said
    first, last = _stretches(heard)
    nats, kappa, travel_rad = (
        np.where(np.isnan(told), 0.0, told) for told in (said.backward_nats, said.travel_kappa, said.travel_rad)
    )
    way = _share(np.sign(nats) + 0j, np.abs(nats), first, last, most_nats) if nats.any() else np.zeros(nats.size)
    along = _share(np.exp(1j * travel_rad), kappa, first, last, most_nats)
    return replace(said, backward_nats=said.backward_nats * way, travel_kappa=said.travel_kappa * along)


@once
def broken(heard: Heard) -> BoolArray:
    """(m,) seconds in which somebody may have come to rest, or spun round: one stretch ends and another begins."""
    hardness = np.nan_to_num(np.hypot(_told(heard, "step_vertical_rms"), _told(heard, "step_level_rms")))
    around = np.concatenate([np.full(AROUND_S, hardness[0]), hardness, np.full(AROUND_S, hardness[-1])])
    usual = np.sort(np.stack([around[k : k + around.size - AROUND_S + 1] for k in range(AROUND_S)]), axis=0)
    middle = (usual[(AROUND_S - 1) // 2] + usual[AROUND_S // 2]) / 2
    before, after = middle[: hardness.size], middle[AROUND_S + 1 :]
    usual = np.where(np.isfinite(_told(heard, "step_hz")), np.minimum(before, after), np.maximum(before, after))
    return np.asarray((hardness < SLACK * usual) | _spun(heard))


def _spun(heard: Heard) -> BoolArray:
    heading = np.concatenate([[np.nan], _told(heard, "turn_heading_rad"), [np.nan]])
    with np.errstate(invalid="ignore"):
        return np.asarray(np.abs(heading[2:] - heading[:-2]) > SPUN_RAD)


def _told(heard: Heard, name: str) -> FloatArray:
    """The column `name` (m,), NaN where nobody looked for it."""
    return np.asarray(heard.columns.get(name, np.full(len(heard), np.nan)))


@once
def begun(heard: Heard) -> BoolArray:
    """(m,) rows with which a stretch begins; a broken second is one by itself."""
    breaks = broken(heard)
    after = np.concatenate([[True], breaks[:-1]])
    return np.asarray(breaks | after | (np.diff(heard.time_s, prepend=-np.inf) > APART_S))


@once
def _stretches(heard: Heard) -> tuple[IntArray, IntArray]:
    """(m,) first and last row (not counted) of what lies within earshot of each, all of it in its own stretch."""
    number, begins = np.arange(len(heard)), begun(heard)
    first = np.maximum.accumulate(np.where(begins, number, 0))
    ends = np.where(np.append(begins[1:], True), number + 1, number.size)
    last = np.minimum.accumulate(ends[::-1])[::-1]
    return np.maximum(first, number - REACH_S), np.minimum(last, number + REACH_S + 1)


def _share(towards: ComplexArray, weight: FloatArray, first: IntArray, last: IntArray, most_nats: float) -> FloatArray:
    """(m,) what is to be believed of each second that points `towards` (m,) with `weight` (m,): 0 to 1."""
    total = np.concatenate([[0.0], np.cumsum(weight * towards)])
    sizes = np.concatenate([[0.0], np.cumsum(weight)])
    size = np.maximum(sizes[last] - sizes[first], 1e-9)
    agreed = ((total[last] - total[first]) * np.conj(towards)).real / size
    believed = np.clip((agreed - AGREED_FROM) / (AGREED_FULLY - AGREED_FROM), 0.0, 1.0)
    return np.asarray(believed * np.minimum(1.0, most_nats / size))
