"""Loop: a longer clip from a short one, by going through whole strides again and again.

Clean only where the pose at the end of a stretch is that at its start, a whole number of strides before, with the same
velocities; what little is missing is spread over the loop, so that neither place nor speed jumps. Each round goes on from
where, and facing where, the one before ended.
"""

from dataclasses import dataclass, replace

import numpy as np

from retropace.mocap.clip import Clip
from retropace.mocap.truth import Truth, truth
from retropace.recording import FloatArray

#: No loop is shorter than a stride of the quickest runner [s] (design).
_SHORTEST_S = 0.5
#: How far the joints may be apart where the loop closes, and how differently they may move (root mean square; design).
LARGEST_GAP_M, LARGEST_GAP_MPS = 0.07, 0.45
#: Whoever turns quicker than this would go round in a circle [degrees/s] (design).
STRAIGHT_DEGPS = 6.0
#: A longer loop is worth this much of a gap, for it holds more of the person's own variety [m per s] (design).
_WORTH_MPS = 0.01


@dataclass(frozen=True, slots=True)
class Seam:
    """Frames `first` to `last` are a whole number of strides; how far apart their poses are, root mean square."""

    first: int
    last: int
    gap_m: float
    gap_mps: float


def looped(clip: Clip, seconds: float) -> Clip | None:
    """At least `seconds` of the steady part of `clip`, None where it does not close on itself."""
    told = truth(clip)
    found = seam(clip, told)
    if found is None:
        return None
    rounds = int(np.ceil(seconds * clip.rate_hz / (found.last - found.first)))
    position, turn = _closed(clip, told, found)
    yaw, shift = _move(clip, told, found)
    places = {joint: _repeated(values, yaw, shift, rounds) for joint, values in position.items()}
    turns = {part: _repeated_turn(values, yaw, rounds) for part, values in turn.items()}
    return replace(clip, position_m=places, turn=turns)


def seam(clip: Clip, told: Truth) -> Seam | None:
    """Where the steady part of `clip` closes on itself best, None where it does not."""
    poses = _poses(clip, told)
    rates = np.gradient(poses, 1 / clip.rate_hz, axis=0)
    shortest = max(1, round(_SHORTEST_S * clip.rate_hz))
    apart_m, apart_mps = (_apart(values) for values in (poses, rates))
    frames = np.arange(len(clip))
    length = (frames[None, :] - frames[:, None]) / clip.rate_hz
    cost = apart_m + 0.1 * apart_mps - _WORTH_MPS * length
    steady = np.concatenate(([0], np.cumsum(told.steady)))
    whole = steady[frames + 1][None, :] - steady[frames][:, None] == frames[None, :] - frames[:, None] + 1
    fits = whole & (length * clip.rate_hz >= shortest) & (apart_m <= LARGEST_GAP_M) & (apart_mps <= LARGEST_GAP_MPS)
    fits &= np.abs(told.facing_rad[None, :] - told.facing_rad[:, None]) <= np.radians(STRAIGHT_DEGPS) * np.abs(length)
    fits[0] = False  # a first frame has none before it to move from
    if not np.any(fits):
        return None
    first, last = np.unravel_index(int(np.argmin(np.where(fits, cost, np.inf))), cost.shape)
    return Seam(int(first), int(last), float(apart_m[first, last]), float(apart_mps[first, last]))


def _poses(clip: Clip, told: Truth) -> FloatArray:
    """(n, k) all joints, seen from the pelvis on axes that turn with facing; heights as they are."""
    c, s = np.cos(told.facing_rad), np.sin(told.facing_rad)
    pelvis = clip.position_m["pelvis"] * [1, 1, 0]
    seen = []
    for values in clip.position_m.values():
        x, y, z = (values - pelvis).T
        seen += [c * x + s * y, c * y - s * x, z]
    return np.stack(seen, axis=1)


def _apart(values: FloatArray) -> FloatArray:
    """(n, n) distance of every frame to every other, root mean square over joints. `values` (n, 3 x joints)."""
    squares = np.sum(values**2, axis=1)
    square = np.maximum(squares[:, None] + squares[None, :] - 2 * values @ values.T, 0.0)
    return np.asarray(np.sqrt(square / (values.shape[1] / 3)))


def _move(clip: Clip, told: Truth, found: Seam) -> tuple[float, FloatArray]:
    """Turn about the vertical and shift (3,) that take the loop's first frame to where its last is."""
    yaw = float(told.facing_rad[found.last] - told.facing_rad[found.first])
    pelvis = clip.position_m["pelvis"]
    shift = pelvis[found.last] - _about_z(yaw) @ pelvis[found.first]
    return yaw, np.asarray(shift * [1, 1, 0])


def _about_z(yaw: float) -> FloatArray:
    c, s = np.cos(yaw), np.sin(yaw)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def _closed(clip: Clip, told: Truth, found: Seam) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Places and turns of the loop's frames (the last left out), mended so that the last would meet the first moved."""
    from scipy.spatial.transform import Rotation

    yaw, shift = _move(clip, told, found)
    back = _about_z(yaw)
    inside = slice(found.first, found.last)
    places, turns = {}, {}
    for joint, values in clip.position_m.items():
        rates = np.gradient(values, 1 / clip.rate_hz, axis=0)
        missing = values[found.last] - (back @ values[found.first] + shift)
        missing_rate = rates[found.last] - back @ rates[found.first]
        places[joint] = values[inside] - _ramp(missing, missing_rate, found, clip.rate_hz)
    for part, matrices in clip.turn.items():
        drift = Rotation.from_matrix(
            np.swapaxes(back @ matrices[[found.first - 1, found.first]], 1, 2) @ matrices[[found.last - 1, found.last]]
        ).as_rotvec()
        ramp = _ramp(drift[1], (drift[1] - drift[0]) * clip.rate_hz, found, clip.rate_hz)
        turns[part] = matrices[inside] @ Rotation.from_rotvec(-ramp).as_matrix()
    return places, turns


def _ramp(value: FloatArray, rate: FloatArray, found: Seam, rate_hz: float) -> FloatArray:
    """(n, 3) from nothing, at rest, to `value` at `rate` where the loop closes."""
    count = found.last - found.first
    u = (np.arange(count) / count)[:, None]
    span = count / rate_hz
    return np.asarray(value * (3 - 2 * u) * u**2 + rate * span * (u - 1) * u**2)


def _repeated(values: FloatArray, yaw: float, shift: FloatArray, rounds: int) -> FloatArray:
    parts, turn, moved = [], np.eye(3), np.zeros(3)
    for _ in range(rounds):
        parts.append(values @ turn.T + moved)
        moved = turn @ shift + moved
        turn = turn @ _about_z(yaw)
    return np.concatenate(parts)


def _repeated_turn(values: FloatArray, yaw: float, rounds: int) -> FloatArray:
    return np.concatenate([_about_z(n * yaw) @ values for n in range(rounds)])
