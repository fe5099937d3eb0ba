"""Skeleton: whose joint is whose in the files of different makers, and in which unit they count."""

import re
from collections.abc import Iterable

import numpy as np

from retropace.mocap.clip import SIDES
from retropace.recording import FloatArray

#: Our joint → what others call it, in small letters without signs, sides taken off; the first that is there counts.
_NAMES: dict[str, tuple[str, ...]] = {
    "pelvis": ("hips", "pelvis", "hip", "root"),
    "neck": ("neck1", "neck"),
    "head": ("head",),
    "hip": ("upleg", "upperleg", "thigh", "hip"),
    "knee": ("leg", "lowerleg", "shin", "calf", "knee"),
    "ankle": ("foot", "ankle"),
    "toe": ("toebase", "toes", "toe", "ball"),
    "shoulder": ("arm", "upperarm"),
    "elbow": ("forearm", "lowerarm", "elbow"),
    "wrist": ("hand", "wrist"),
}
_MIDDLE = ("pelvis", "neck", "head")
#: Length of a unit [m] → what it is called: the legs tell which. The fourth is that of the CMU captures as they were
#: converted to BVH, an inch ÷ 0.45.
_UNITS_M = {1.0: "metres", 0.01: "centimetres", 0.001: "millimetres", 0.0254 / 0.45: "CMU units", 0.0254: "inches"}
#: Hip to ankle of people from two metres down to small children, for telling units apart [m].
_SHORTEST_LEG_M, _LONGEST_LEG_M = 0.5, 1.15


def named(joints: Iterable[str]) -> dict[str, str]:
    """Our name → the file's, of every joint that is known.

    >>> named(["Hips", "LeftUpLeg", "UpperArm_R"])
    {'pelvis': 'Hips', 'hip_left': 'LeftUpLeg', 'shoulder_right': 'UpperArm_R'}
    """
    plain = {_plain(joint): joint for joint in reversed(list(joints))}
    found = {}
    for ours, theirs in _NAMES.items():
        for side in ("",) if ours in _MIDDLE else SIDES:
            known = [plain[key] for key in ((name, side) for name in theirs) if key in plain]
            if known:
                found[f"{ours}_{side}" if side else ours] = known[0]
    return found


def _plain(joint: str) -> tuple[str, str]:
    """A joint's name without maker's prefix and side, and its side."""
    bare = re.sub(r"^(mixamorig\d*|bip\d+|character\d*_|joint)[:_ ]?", "", joint, flags=re.IGNORECASE)
    side = re.search(r"(?i:left|right)|(?<![A-Za-z])[LRlr](?![A-Za-z])|^[LR](?=[A-Z][a-z])", bare.replace("_", " "))
    if side is None:
        return re.sub(r"[^a-z0-9]", "", bare.lower()), ""
    rest = bare[: side.start()] + bare[side.end() :]
    return re.sub(r"[^a-z0-9]", "", rest.lower()), "left" if side.group()[0] in "lL" else "right"


def unit_m(leg: float) -> tuple[float, str] | None:
    """Length [m] and name of the unit in which a person's leg is `leg` long, None where it is nobody's.

    >>> unit_m(86.0)
    (0.01, 'centimetres')
    """
    fitting = [unit for unit in _UNITS_M if _SHORTEST_LEG_M <= leg * unit <= _LONGEST_LEG_M]
    return (fitting[0], _UNITS_M[fitting[0]]) if fitting else None


def upright(head: FloatArray, feet: FloatArray) -> FloatArray | None:
    """(3, 3) turn that makes the capture's upward axis z, None where people lie. `head`, `feet` (n, 3) in its axes.

    >>> upright(np.array([[0, 1.7, 0.1]]), np.zeros((1, 3))).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]]
    """
    rise = np.nanmedian(head - feet, axis=0)
    axis = int(np.argmax(np.abs(rise)))
    if axis == 0 or rise[axis] <= 0.5 * float(np.linalg.norm(rise)):
        return None
    return np.eye(3) if axis == 2 else np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
