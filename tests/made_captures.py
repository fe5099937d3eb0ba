"""A stick figure as BVH text, moved as a test says, so that every place and acceleration is known in closed form."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retropace.mocap import Clip
from retropace.mocap.bvh import parse
from retropace.recording import FloatArray

#: Joint, its parent, and where it lies from there [m]: forward, left, up.
_FIGURE: tuple[tuple[str, str, tuple[float, float, float]], ...] = (
    ("Hips", "", (0, 0, 0)),
    ("Neck", "Hips", (0, 0, 0.5)),
    ("Head", "Neck", (0, 0, 0.15)),
    *(
        (f"{side}{joint}", parent if parent in ("Hips", "Neck") else f"{side}{parent}", (x, sign * y, z))
        for side, sign in (("Left", 1), ("Right", -1))
        for joint, parent, (x, y, z) in (
            ("Arm", "Neck", (0, 0.18, 0)),
            ("ForeArm", "Arm", (0, 0, -0.28)),
            ("Hand", "ForeArm", (0, 0, -0.26)),
            ("UpLeg", "Hips", (0, 0.1, 0)),
            ("Leg", "UpLeg", (0, 0, -0.42)),
            ("Foot", "Leg", (0, 0, -0.42)),
            ("ToeBase", "Foot", (0.14, 0, -0.06)),
        )
    ),
)
#: Height of the hips over the ground when the figure stands [m].
HIP_M = 0.92


@dataclass(frozen=True)
class Moves:
    """What the figure does, each (n,) or for places (n, 3); angles in rad: yaw left, thighs forward."""

    place_m: FloatArray
    yaw_rad: FloatArray
    left_rad: FloatArray
    right_rad: FloatArray

    @classmethod
    def still(cls, count: int) -> "Moves":
        """Standing, as still as anybody: no two frames of a capture are equal in every digit."""
        zero = np.zeros(count)
        place = np.tile([0.0, 0.0, HIP_M], (count, 1))
        place[:, 0] += 1e-9 * np.arange(count)
        return cls(place, zero, zero, zero)


def capture_text(moves: Moves, rate_hz: float, per_m: float = 100.0) -> str:
    """The BVH file, y up as most makers have it, `per_m` units a metre."""
    lines = [
        "HIERARCHY",
        *_joints("", per_m),
        "MOTION",
        f"Frames: {len(moves.yaw_rad)}",
        f"Frame Time: {1 / rate_hz!r}",
    ]
    for place, yaw, left, right in zip(moves.place_m, moves.yaw_rad, moves.left_rad, moves.right_rad, strict=True):
        lines.append(" ".join(repr(float(value)) for value in _row(place * per_m, yaw, {"Left": left, "Right": right})))
    return "\n".join(lines) + "\n"


def captured(moves: Moves, rate_hz: float = 120.0, name: str = "made.bvh", per_m: float = 100.0) -> Clip:
    """The clip of `moves`."""
    return parse(capture_text(moves, rate_hz, per_m), name)


def _row(place: FloatArray, yaw: float, thighs: dict[str, float]) -> list[float]:
    row = [place[0], place[2], -place[1]]
    for joint in _below(""):
        turn = float(np.degrees(thighs[joint.removesuffix("UpLeg")])) if joint.endswith("UpLeg") else 0.0
        row += [turn, 0.0, float(np.degrees(yaw)) if joint == "Hips" else 0.0]
    return row


def _below(parent: str) -> list[str]:
    """Joints under `parent` in the order of the file: each followed by its own."""
    return [name for joint, above, _ in _FIGURE if above == parent for name in (joint, *_below(joint))]


def _joints(parent: str, per_m: float) -> Sequence[str]:
    lines: list[str] = []
    for joint, above, (x, y, z) in _FIGURE:
        if above == parent:
            shifts = "6 Xposition Yposition Zposition" if not parent else "3"
            lines += [f"{'JOINT' if parent else 'ROOT'} {joint}", "{", f"OFFSET {x * per_m} {z * per_m} {-y * per_m}"]
            lines += [f"CHANNELS {shifts} Zrotation Xrotation Yrotation", *_joints(joint, per_m)]
            lines += ["}"]
    return lines
