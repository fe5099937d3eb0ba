"""Truth: which way the person of a clip faced and went, told from where the joints were.

Facing is square to the lines through the hips and through the shoulders; travel is where the pelvis goes. Both are freed of
the sway of single steps. Nothing here needs an acceleration, so it holds for clips whose accelerations are wrong.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from retropace.bout import Bout
from retropace.mocap.clip import SIDES, Clip
from retropace.mocap.smooth import low_passed
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray
from retropace.signals import BoolArray

#: What is slower than this is travel, what is quicker is the sway of a step [Hz].
_TRAVEL_HZ = 0.8
#: Slower than this nobody gets anywhere [m/s].
STANDING_MPS = 0.3
#: Up to this angle from facing, travel is forward; beyond its supplement backward; sideways between [degrees].
AHEAD_DEG = 50.0
#: Quicker than this, somebody is turning [degrees/s].
TURNING_DEGPS = 35.0
#: Lift of a foot's ankle and toe above their lowest places by which it has left the ground [m]. Walkers of the sources to
#: fit on never lift both feet by more than 0.017, runners always by more than 0.03.
_LIFTED_M = 0.025
#: No stride lasts longer [s].
_STRIDE_S = 1.4
#: A walker's pelvis is lowest where the feet are furthest apart, a runner's highest: from this correlation of the two the
#: person bounces, and runs if both feet leave the ground for this share of a stride or nobody walks as fast [m/s].
_BOUNCES, _FLIES, _TOO_FAST_MPS = 0.2, 0.02, 1.6
#: Labels shorter than this are taken for what stands around them [s].
_SHORTEST_S = 0.5


@dataclass(frozen=True, slots=True)
class Truth:
    """What was done in a clip, frame by frame.

    Each (n,): `facing_rad` anticlockwise from the room's x, unwrapped; `along_mps` the speed along
    facing, negative backward, and `across_mps` to its left; `turning_radps` of facing; `flight` where both feet are off
    the ground. `bouts` cover the clip without gaps; `steady` (n,) is where the person goes straight at an even pace.
    """

    time_s: FloatArray
    facing_rad: FloatArray
    along_mps: FloatArray
    across_mps: FloatArray
    turning_radps: FloatArray
    flight: BoolArray
    steady: BoolArray
    bouts: tuple[Bout, ...]

    @property
    def speed_mps(self) -> FloatArray:
        """(n,) over the ground, whatever the direction."""
        return np.hypot(self.along_mps, self.across_mps)

    def at(self, time_s: float) -> Bout:
        """What was done at `time_s`; the last bout beyond the end."""
        return next((bout for bout in self.bouts if time_s < bout.end_s), self.bouts[-1])

    def doing(self, gait: Gait) -> BoolArray:
        """(n,) where the gait is `gait`."""
        inside = np.zeros(self.time_s.size, bool)
        for bout in self.bouts:
            if bout.gait is gait:
                inside |= (self.time_s >= bout.start_s) & (self.time_s < bout.end_s)
        return inside


def truth(clip: Clip) -> Truth:
    """Facing, travel, flight and bouts of `clip`."""
    time_s, facing = clip.time_s, facing_rad(clip)
    travel = np.gradient(low_passed(clip.position_m["pelvis"][:, :2], clip.rate_hz, _TRAVEL_HZ), time_s, axis=0)
    along = travel[:, 0] * np.cos(facing) + travel[:, 1] * np.sin(facing)
    across = travel[:, 1] * np.cos(facing) - travel[:, 0] * np.sin(facing)
    turning = np.gradient(facing, time_s)
    flight = airborne(clip)
    labels = _even(_labels(clip, along, across, flight), clip.rate_hz)
    steady = _steady(labels, along, across, turning, time_s)
    return Truth(time_s, facing, along, across, turning, flight, steady, _bouts(labels, clip))


def facing_rad(clip: Clip) -> FloatArray:
    """(n,) angle of facing in the room, unwrapped, without the twist of each step."""
    at = clip.position_m
    left = np.zeros((len(clip), 2))
    for joint in ("hip", "shoulder"):
        if f"{joint}_left" in at and f"{joint}_right" in at:
            line = (at[f"{joint}_left"] - at[f"{joint}_right"])[:, :2]
            left += line / np.maximum(np.linalg.norm(line, axis=1, keepdims=True), 1e-9)
    angle = np.unwrap(np.arctan2(-left[:, 0], left[:, 1]))
    return low_passed(angle[:, None], clip.rate_hz, _TRAVEL_HZ)[:, 0]


def airborne(clip: Clip) -> BoolArray:
    """(n,) where both feet are off the ground: neither ankle nor toe near where it stands when it stands."""
    up = np.ones(len(clip), bool)
    for side in SIDES:
        for joint in (f"ankle_{side}", f"toe_{side}"):
            if joint in clip.position_m:
                height = clip.position_m[joint][:, 2]
                up &= height > _floor(height, clip.rate_hz) + _LIFTED_M
    return up


def _floor(height: FloatArray, rate_hz: float) -> FloatArray:
    """(n,) the lowest that a foot comes in the stride around each frame: floors of captures are not all level."""
    from scipy.ndimage import minimum_filter1d

    return np.asarray(minimum_filter1d(height, 2 * round(_STRIDE_S * rate_hz / 2) + 1, mode="nearest"))


_Label = tuple[Gait, Direction]


def _labels(clip: Clip, along: FloatArray, across: FloatArray, flight: BoolArray) -> list[_Label]:
    runs = _runs(clip, flight, np.hypot(along, across))
    angle = np.degrees(np.abs(np.arctan2(across, along)))
    moving = np.hypot(along, across) >= STANDING_MPS
    labels: list[_Label] = []
    for goes, run, off in zip(moving.tolist(), runs.tolist(), angle.tolist(), strict=True):
        if not goes:
            labels.append((Gait.STAND, Direction.NONE))
            continue
        way = (
            Direction.FORWARD
            if off <= AHEAD_DEG
            else Direction.BACKWARD
            if off >= 180 - AHEAD_DEG
            else Direction.SIDEWAYS
        )
        labels.append((Gait.RUN if run else Gait.WALK, way))
    return labels


def _runs(clip: Clip, flight: BoolArray, speed_mps: FloatArray) -> BoolArray:
    """(n,) where the person runs, if at all on the way: how the pelvis rises and falls between the feet."""
    from scipy.ndimage import uniform_filter1d

    def mean(values: FloatArray) -> FloatArray:
        return np.asarray(uniform_filter1d(values, max(1, round(_STRIDE_S * clip.rate_hz)), mode="nearest"))

    at = clip.position_m
    apart = np.hypot(*(at["ankle_left"] - at["ankle_right"])[:, :2].T)
    height, apart = (values - mean(values) for values in (at["pelvis"][:, 2], apart))
    bounce = mean(height * apart) / np.maximum(np.sqrt(mean(height**2) * mean(apart**2)), 1e-12)
    return np.asarray((bounce > _BOUNCES) & ((mean(flight.astype(float)) > _FLIES) | (speed_mps > _TOO_FAST_MPS)))


def _even(labels: list[_Label], rate_hz: float) -> list[_Label]:
    """`labels` with those that last no time given to the longer neighbour."""
    while True:
        edges = [0, *(i for i in range(1, len(labels)) if labels[i] != labels[i - 1]), len(labels)]
        runs = list(pairwise(edges))
        short = min(runs, key=lambda run: run[1] - run[0])
        if len(runs) == 1 or short[1] - short[0] >= _SHORTEST_S * rate_hz:
            return labels
        n = runs.index(short)
        beside = [runs[k] for k in (n - 1, n + 1) if 0 <= k < len(runs)]
        longer = max(beside, key=lambda run: run[1] - run[0])
        labels = [*labels[: short[0]], *[labels[longer[0]]] * (short[1] - short[0]), *labels[short[1] :]]


def _steady(
    labels: list[_Label], along: FloatArray, across: FloatArray, turning: FloatArray, time_s: FloatArray
) -> BoolArray:
    """Where the person goes straight ahead or straight back, without turning, starting or stopping."""
    speed = np.hypot(along, across)
    going = np.array([way in (Direction.FORWARD, Direction.BACKWARD) for _, way in labels])
    straight = np.abs(across) < 0.4 * np.abs(along)
    even = np.abs(np.gradient(speed, time_s)) < np.maximum(0.5, 0.25 * speed)
    return np.asarray(going & straight & even & (np.abs(turning) < np.radians(TURNING_DEGPS)))


def _bouts(labels: list[_Label], clip: Clip) -> tuple[Bout, ...]:
    edges = [0, *(i for i in range(1, len(labels)) if labels[i] != labels[i - 1]), len(labels)]
    return tuple(
        Bout(a / clip.rate_hz, min(b / clip.rate_hz, clip.duration_s), *labels[a], 1.0, ("geometry",))
        for a, b in pairwise(edges)
        if a / clip.rate_hz < clip.duration_s
    )
