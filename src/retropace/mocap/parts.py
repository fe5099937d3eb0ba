"""Parts: where each part of the body points, on axes that mean the same in every capture: x anterior, y left, z up.

The axes of a capture's joints are the maker's own. What turns them into anatomical ones is one constant turn a part, told
from the long axis of the part and from where the person's left is on average over the clip.
"""

import numpy as np

from retropace.errors import UnusableInput
from retropace.mocap.clip import Clip
from retropace.mocap.truth import facing_rad
from retropace.recording import FloatArray

#: Part → the joints from which its long axis points up to its near end.
_LONG = {
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
    "upper arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "wrist"),
}
#: The slowest share of a clip's frames, in which a foot stands flat.
_FLAT_SHARE = 0.2


def part_axes(clip: Clip, part: str, like: FloatArray | None = None) -> FloatArray:
    """(n, 3, 3) turns from the part's anatomical axes to the room, by `like` where it is given (see `anatomical`)."""
    own = anatomical(clip, part) if like is None else like
    return _turn(clip, part) @ own


def anatomical(clip: Clip, part: str) -> FloatArray:
    """(3, 3) the constant turn from the part's anatomical axes to those that the capture gave it.

    It is the same in all clips of one performer by one maker. Raises UnusableInput for a part that the clip does not show.
    """
    turn, left, up = _turn(clip, part), _left(clip), np.tile([0.0, 0.0, 1.0], (len(clip), 1))
    kind, _, side = part.partition("_")
    if kind == "foot":
        ahead = clip.position_m.get(f"toe_{side}", clip.position_m[f"ankle_{side}"]) - clip.position_m[f"ankle_{side}"]
        flat = _flat(clip, side)
        z = _mean(turn[flat], up[flat])
        x = _unit(_across(_mean(turn, ahead) if np.any(ahead) else _mean(turn, np.cross(left, up)), z))
        return np.stack([x, np.cross(z, x), z], axis=1)
    z = _mean(turn, up) if kind == "trunk" else _mean(turn, _long(clip, kind, side))
    y = _unit(_across(_mean(turn, left), z))
    return np.stack([np.cross(y, z), y, z], axis=1)


def _turn(clip: Clip, part: str) -> FloatArray:
    if part not in clip.turn:
        raise UnusableInput(f"The clip does not show the {part.replace('_', ' ')}", file=clip.name)
    return clip.turn[part]


def origin_m(clip: Clip, part: str) -> FloatArray:
    """(n, 3) where the part begins: its near joint; the trunk between the hips."""
    kind, _, side = part.partition("_")
    at = clip.position_m
    if kind == "trunk":
        return (at["hip_left"] + at["hip_right"]) / 2
    return at[f"ankle_{side}" if kind == "foot" else f"{_LONG[kind][0]}_{side}"]


def length_m(clip: Clip, part: str) -> float:
    """Length of a limb."""
    kind, _, side = part.partition("_")
    return float(np.median(np.linalg.norm(_long(clip, kind, side), axis=1)))


def _long(clip: Clip, kind: str, side: str) -> FloatArray:
    near, far = (f"{joint}_{side}" for joint in _LONG[kind])
    if far not in clip.position_m:
        raise UnusableInput(f"The clip does not show where the {kind} ends", file=clip.name)
    return clip.position_m[near] - clip.position_m[far]


def _left(clip: Clip) -> FloatArray:
    facing = facing_rad(clip)
    return np.stack([-np.sin(facing), np.cos(facing), np.zeros_like(facing)], axis=1)


def _flat(clip: Clip, side: str) -> FloatArray:
    """Numbers of the frames in which the foot moves least."""
    ankle = clip.position_m[f"ankle_{side}"]
    speed = np.linalg.norm(np.gradient(ankle, axis=0), axis=1)
    return np.asarray(np.argsort(speed, kind="stable")[: max(1, round(_FLAT_SHARE * len(clip)))])


def _mean(turn: FloatArray, vector: FloatArray) -> FloatArray:
    """The unit vector, fixed in the part, that lies along `vector` (n, 3) on average."""
    return _unit(np.einsum("nij,ni->j", turn, vector / np.maximum(np.linalg.norm(vector, axis=1, keepdims=True), 1e-9)))


def _across(vector: FloatArray, axis: FloatArray) -> FloatArray:
    return vector - (vector @ axis) * axis


def _unit(vector: FloatArray) -> FloatArray:
    return np.asarray(vector / np.maximum(np.linalg.norm(vector), 1e-12))
