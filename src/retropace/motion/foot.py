"""Foot: forward or backward from a sensor on a foot, whichever way round it sits and on whichever foot.

Two cues, both odd under time reversal and blind to the mounting. `foot_path.sweep` and `reach`: where the foot went between
two rests, against which end of it is the toe. And `push`, which needs no rests: a foot that pitches toe down is
being pushed towards where it goes. Both rest on one anatomical fact, that a foot swings hanging toe down, in either
direction; they are two measurements of it, not two witnesses, so that together they say little more than one alone. Where
they contradict each other they cancel.

Silent where the foot does not step: standing, marching on the spot, half steps from or into standing (in which the foot
need not hang toe down), steps across the foot.
"""

import numpy as np

from retropace.motion import foot_path, synchrony
from retropace.motion.constancy import constant
from retropace.motion.foot_path import Strides
from retropace.motion.foot_steps import RUNNING_RADPS, averaged, squared, stepping, turning_radps
from retropace.motion.frame import HALO_S, WINDOW_S, Frame, windows
from retropace.motion.heard import Columns, Heard
from retropace.motion.parameters import fitted, odd_nats
from retropace.motion.said import Said
from retropace.motion.samples import RATE_HZ
from retropace.recording import FloatArray
from retropace.signals import BoolArray

#: The odd columns.
ODD = ("foot_push", "foot_way")
#: Every column of `look`.
NAMES = (
    "foot_push",
    "foot_strides",
    "foot_way",
    "foot_across",
    "foot_travel_rad",
    "foot_kappa",
    "foot_turned_rad",
    "foot_stride_s",
    "foot_stride_m",
    "foot_speed_mps",
    "foot_lift_m",
    "foot_impact_mps2",
    "foot_turning_radps",
)
#: Fewer strides than this in a window, by weight, have no mean.
_LEAST_WEIGHT = 0.05
#: A full cue: about half of what captured walkers show (accad, cmu: c1 0.2 to 0.4, sweep 0.4 to 0.6, reach 0.3 to 0.5).
_FULL_PUSH, _FULL_SWEEP, _FULL_REACH = 0.12, 0.3, 0.27
#: From how much turning up to how much a stride begins to count [rad]. Half steps: of virtual strides beside standing
#: (accad, cmu, simulate) 1 in 7 of those that turn 0.7 to 0.95 tells the wrong way, none of 111 that turn more. Among
#: other strides, where there is no half step, none of 1457 does; those that turn less than 0.25 are no steps (0.2 m).
_HALF_RAD, _WHOLE_RAD = 0.7, 0.95
_TURNS_RAD, _TURNED_RAD = 0.25, 0.6
#: The same of its length [m].
_SPOT_M, _STEP_M = 0.2, 0.5
#: Nor is the push heard where a sensor is at the end of its range for this share of a window (design).
_NUMB_SHARE = 0.6
#: Samples over which the even part of an acceleration is taken: what is quicker than about 10 Hz is impact.
_SUDDEN = 9
#: The most a second says [nats]; how the two cues share it is fitted (parameters.toml). None of some 2400 seconds of 8 real
#: people's, 5 captured people's and 8 simulated runs' feet said more than 0.3 nats for the wrong way in a row
#: (validation/foot_events.md): 1200 windows that share nothing, so that one says 7 nats by the rule of succession and each
#: of its two seconds half. Of 226 seconds acted walking backward (bandai-namco) 4 did, 2.3 nats in a row at most. Where
#: a foot is unusual all its seconds are so together: that is `_INVERTED_NATS`.
MOST_NATS = 4.0
#: What the push may say of it where a foot swings and no rest was found, as a share. A window with half a stride in it
#: is no fair sample, so the seconds before and after must swing as well.
_ALONE = 0.5
#: Steps are sideways rather than along the foot from this angle on; spread of the angle [rad].
_ACROSS_RAD, _ACROSS_SPREAD_RAD = np.radians(55.0), np.radians(12.0)
MOST_SIDEWAYS_NATS = 3.0
#: What push and turning are at least [m/s2, rad/s], so that silence is zero and not a quotient of noises.
_LEAST = 0.01
#: Cosine of displacement against the foot below which its direction along it begins to say less, and says nothing.
_ALONG, _ASIDE = 0.5, 0.2
#: Where the toe lies is known from this many seconds on, of strides as sure as this, that agree as well as this.
_TOE_S, _SURE_WAY, _AGREED = 5.0, 0.7, 0.8
#: Log-odds that a foot is the wrong way round in all it does: its knee would have to bend the other way. Of 8 real people
#: and 8 captured ones nobody was (validation/foot_events.md); that alone would be worth 3 nats, the rest is anatomy. It has
#: to outweigh what a session backward from end to end costs (13.5), for else such a session could never be told.
_INVERTED_NATS = -20.0
#: A foot stands still in every stride it walks, a lower leg goes over it all the while: the quietest tenth of its rotation
#: over the usual (`placement`), median of all walking seconds, if so many. Of 36 walks of 6 real people's feet 0.03 to 0.13;
#: of real and captured lower legs 0.19 and more, but for one that walks as on stilts.
_SHIN_REST, _FEWEST_S = 0.17, 5


def look(frame: Frame) -> Columns:
    """What a foot does in each second, by `NAMES`."""
    columns = {name: np.full(frame.count, np.nan) for name in NAMES}
    steps = stepping(frame)
    if steps.any():
        columns["foot_turning_radps"][steps] = turning_radps(frame)[steps]
        columns["foot_push"][steps] = push(frame.slow_windows[steps])
        columns["foot_push"][_numb(frame)] = np.nan
        columns |= {name: np.where(steps, values, np.nan) for name, values in _by_second(frame).items()}
    return columns


def _numb(frame: Frame) -> BoolArray:
    """(count,) where a sensor was at the end of its range for most of the window."""
    if not frame.clipped.any():
        return np.zeros(frame.count, bool)
    share = windows(frame.clipped[:, None].astype(float), int(RATE_HZ), frame.count)[:, 0].mean(axis=1)
    return np.asarray(share > _NUMB_SHARE)


def _by_second(frame: Frame) -> Columns:
    """Means over the strides whose middle lies in the window of each second."""
    found = foot_path.seen(frame)
    felt = foot_path.felt(found, frame.known, frame.clipped)
    travelled = np.arctan2(found.travel_m[:, 1], found.travel_m[:, 0]) - _heading(frame, found)
    went = felt * _went(found)
    whole = went * _turned(found)
    own = _Windows(frame, found)
    way_of, across, turned, duration, length, lift, impact = _means(
        own,
        whole,
        way(found),
        np.sqrt(np.maximum(0.0, 1 - np.square(found.along))),
        found.turned_rad,
        found.duration_s,
        found.length_m,
        found.lift_m.max(axis=1, initial=0.0),
        _impact(frame, found),
    )
    east, north = _means(own, went, np.cos(travelled), np.sin(travelled))
    return {
        "foot_strides": own(whole) * _share(own, felt),
        "foot_way": way_of,
        "foot_across": across,
        "foot_travel_rad": np.arctan2(north, east),
        "foot_kappa": _concentration(np.hypot(north, east)) * np.minimum(1.0, own(went)),
        "foot_turned_rad": turned,
        "foot_stride_s": duration,
        "foot_stride_m": length,
        "foot_speed_mps": length / duration,
        "foot_lift_m": lift,
        "foot_impact_mps2": impact,
    }


def push(windows: FloatArray) -> FloatArray:
    """(n,) how the foot turns while it is pushed, of `windows` (n, 6, length) of level motion: positive forward, at most 1.

    The mean of z . (a x w), level parts a of acceleration and w of rotation without their means over the window, divided by
    the sizes of both. It is the lowest order in which anything is left that changes its sign when time runs backward, and
    knows neither where the level axes point nor which side of the body is worn.
    """
    centred = windows[:, [0, 1, 3, 4]]
    centred -= centred.mean(axis=2, keepdims=True)
    push_x, push_y, turn_x, turn_y = np.moveaxis(centred, 1, 0)
    pushed, turned = (np.sqrt((x * x + y * y).mean(axis=1)) + _LEAST for x, y in ((push_x, push_y), (turn_x, turn_y)))
    return np.asarray((push_x * turn_y - push_y * turn_x).mean(axis=1) / (pushed * turned))


def way(found: Strides) -> FloatArray:
    """(k,) forward (to 1) or backward (to -1) by each stride; zero where it was no step along the foot."""
    parts = foot_path.sweep(found) / _FULL_SWEEP + foot_path.reach(found) / _FULL_REACH
    return np.asarray(np.clip(parts / 2, -1.0, 1.0))


def _turned(found: Strides) -> FloatArray:
    """(k,) how far each stride is from a half step, 0 to 1: by how far the foot turned, less of it among other strides."""
    least = np.where(found.steady, _TURNS_RAD, _HALF_RAD)
    most = np.where(found.steady, _TURNED_RAD, _WHOLE_RAD)
    return np.asarray(np.clip((found.turned_rad - least) / (most - least), 0.0, 1.0))


def _went(found: Strides) -> FloatArray:
    """(k,) how much of a step each stride is, 0 to 1, in any direction."""
    return np.clip((found.length_m - _SPOT_M) / (_STEP_M - _SPOT_M), 0.0, 1.0)


def _impact(frame: Frame, found: Strides) -> FloatArray:
    """(k,) the most that acceleration departs from its own mean over 90 ms, in the second half of each stride [m/s2]."""
    size = np.sqrt(squared(frame.acceleration_mps2))
    sudden = np.append(size - averaged(size, _SUDDEN), 0.0)
    if not found.first.size:
        return np.empty(0)
    halves = np.stack([(found.first + found.last) // 2, found.last + 1], axis=1).ravel()
    return np.asarray(np.maximum.reduceat(sudden, halves)[::2])


def _heading(frame: Frame, found: Strides) -> FloatArray:
    """(k,) where the device's axis pointed, midway between how it lay at the two rests."""
    first, last = frame.heading_rad[found.first], frame.heading_rad[found.last]
    return np.asarray(np.angle(np.exp(1j * first) + np.exp(1j * last)))


def _concentration(resultant: FloatArray) -> FloatArray:
    """Concentration of directions with mean `resultant`, no more than 20 (13 degrees)."""
    r = np.minimum(resultant, 0.975)
    return np.asarray(r * (2 - r * r) / (1 - r * r))


class _Windows:
    """Sums over the strides whose middle lies in the window of each second: (..., k) to (..., count)."""

    def __init__(self, frame: Frame, found: Strides) -> None:
        middle_s = (found.first + found.last) / (2 * RATE_HZ) - HALO_S
        first, seconds = np.floor(middle_s + 0.5), np.arange(frame.count)
        self._begins, self._ends = (np.searchsorted(first, seconds + after) for after in (0, WINDOW_S))

    def __call__(self, values: FloatArray) -> FloatArray:
        total = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
        np.cumsum(values, axis=-1, out=total[..., 1:])
        return np.asarray(total[..., self._ends] - total[..., self._begins])


def _share(own: _Windows, felt: FloatArray) -> FloatArray:
    """(count,) mean of `felt` (k,) over the strides of each second, NaN where there are none.

    What makes strides drift is the sensor's, not theirs: among many that drift one that does not, does so by chance.
    """
    strides = own(np.ones_like(felt))
    mean: FloatArray = np.divide(own(felt), strides, out=np.full_like(strides, np.nan), where=strides > 0)
    return mean


def _means(own: _Windows, weight: FloatArray, *values: FloatArray) -> FloatArray:
    """Means of `values` (k,) by `weight` (k,) over the windows: one row each, NaN where there is hardly any weight."""
    total, *sums = own(weight * np.stack([np.ones_like(weight), *values]))
    mean: FloatArray = np.divide(sums, total, out=np.full((len(sums), total.size), np.nan), where=total > _LEAST_WEIGHT)
    return mean


def say(heard: Heard) -> Said:
    """What a foot says of direction.

    Steps across the foot say nothing of forward and backward, and sideways instead. Where the toe lies on the device is
    known once some sure strides of the piece agree on it. It then tells what is across, for a step to the side may turn the
    foot about any axis; and a stride that says otherwise is silent, for a toe does not wander.
    """
    ahead = _ahead(heard)
    across = np.where(np.isfinite(ahead), np.sqrt(np.maximum(0.0, 1 - np.square(ahead))), heard["foot_across"])
    along = np.sqrt(np.maximum(0.0, 1 - np.square(np.nan_to_num(across))))
    backward = -MOST_NATS * _forward(heard, ahead) * np.clip((along - _ASIDE) / (_ALONG - _ASIDE), 0.0, 1.0)
    apart = synchrony.out_of_step(heard)
    backward, sideways, travel, kappa = (
        np.where(apart, np.nan, told)
        for told in (backward, _sideways(across), heard["foot_travel_rad"], heard["foot_kappa"])
    )
    said = Said("foot", backward, sideways, travel, kappa, _INVERTED_NATS)
    return constant(said, heard, np.inf) if _shin_like(heard) else said


def _shin_like(heard: Heard) -> bool:
    """Whether what walked never stood still: no foot, but the leg above it. Who only runs leaves it open, as a foot does.

    Its knee bends one way only as well; but where it never rests a stride has no clear ends, and among good ones some point
    the wrong way: of captured people's 33 of 1137 walking seconds, all of one person amid good ones, and none that
    `constancy` leaves.
    """
    rest = heard.columns.get("place_rest", np.empty(0))
    walked = rest[np.isfinite(rest) & _walked(heard)] if rest.size else rest
    return walked.size >= _FEWEST_S and float(np.median(walked)) > _SHIN_REST


def _forward(heard: Heard, ahead: FloatArray) -> FloatArray:
    """(m,) forward (to 1) or backward (to -1) by both cues; NaN where neither was there.

    Where they contradict each other for three seconds they cancel: who jogs on the toes, lifting the foot little, goes
    further toe up than toe down against how it stands; who shuffles or turns is pushed otherwise.
    """
    push = np.clip(heard["foot_push"] / _FULL_PUSH, -1.0, 1.0)
    steadily = _neighbours(np.nan_to_num(push)).mean(axis=0)
    apart = np.maximum(0.0, -steadily * np.nan_to_num(heard["foot_way"]))
    contradicted = np.nan_to_num(heard["foot_way"]) * ahead < 0
    both = -odd_nats("foot", "walk", heard.columns) / fitted()["foot", "walk"].limit_nats
    strides = np.where(contradicted, 0.0, np.minimum(1.0, heard["foot_strides"]))
    swings = (heard["foot_turning_radps"] > RUNNING_RADPS) & ~_walked(heard)
    alone = np.where(_neighbours(swings).all(axis=0), _ALONE * _neighbours(push).mean(axis=0), np.nan)
    return np.where(np.isnan(strides), alone, strides * both * (1 - apart))


def _walked(heard: Heard) -> BoolArray:
    """(m,) seconds that were walked: whose foot never rests then is none, or its sensors have axes that contradict."""
    return np.asarray(heard.columns.get("step_run_nats", np.full(len(heard), np.nan)) < 0)


def _neighbours(values: FloatArray | BoolArray) -> FloatArray:
    """(3, m) `values` (m,) of the second before, the second itself and the one after; zero beyond the ends."""
    padded = np.pad(values, 1)
    return np.stack([padded[:-2], padded[1:-1], padded[2:]])


def _ahead(heard: Heard) -> FloatArray:
    """(m,) cosine of each second's displacement against the toe, as it lies on the device; NaN where that is unknown."""
    ahead = np.full(len(heard), np.nan)
    travel = heard["foot_travel_rad"]
    for piece in np.unique(heard.piece):
        here = heard.piece == piece
        toe = _toe(heard["foot_way"][here], travel[here])
        if toe is not None:
            ahead[here] = np.cos(travel[here] - toe)
    return ahead


def _toe(way_of: FloatArray, travel_rad: FloatArray) -> float | None:
    """Where the toe lies on the device's axes, as the sure ones among some seconds agree; None where they do not."""
    sure = (np.abs(way_of) >= _SURE_WAY) & np.isfinite(travel_rad)
    total = complex((np.sign(way_of[sure]) * np.exp(1j * travel_rad[sure])).sum())
    agreed = abs(total) >= max(_AGREED * np.count_nonzero(sure), _TOE_S)
    return float(np.angle(total)) if agreed else None


def _sideways(across: FloatArray) -> FloatArray:
    angle = np.arcsin(np.clip(across, 0.0, 1.0))
    most = MOST_SIDEWAYS_NATS
    nats: FloatArray = np.clip((angle - _ACROSS_RAD) / _ACROSS_SPREAD_RAD, -most, most)
    return nats
