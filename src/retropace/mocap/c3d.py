"""C3D: motion capture as points in the room, a file format of biomechanics laboratories; read by the library c3d.

Points have the makers' names. Known are the joints of Vicon's models (LFEP, LFEO, LTIO: where thigh bone and shin bone begin
and end) and, where there are none, the skin markers of its full-body set. How a part is turned follows from where its joints
are, or from the axes that the model writes beside them (qLTHX and so on).
"""

import struct
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from retropace.errors import UnreadableFile
from retropace.mocap.breaks import unbroken
from retropace.mocap.clip import NEEDED, PARTS, SIDES, Clip
from retropace.mocap.truth import facing_rad
from retropace.recording import FloatArray, Repair

_AGAIN = "Export the capture again as C3D, with named joints."
_LARGEST_BYTES = 400_000_000
#: What the library raises of files that are damaged (tried on thousands).
_DAMAGE = (
    AssertionError,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    NameError,
    OSError,
    OverflowError,
    TypeError,
    ValueError,
    struct.error,
)
_UNITS_M = {"mm": 0.001, "cm": 0.01, "m": 1.0}
#: Our joint → Vicon's names for it, best first; {S} is the side's letter. Several in a row are averaged.
_POINTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "pelvis": (("MIDPEL",), ("PELO",), ("LASI", "RASI", "LPSI", "RPSI"), ("LASI", "RASI", "SACR")),
    "neck": (("TRXO",), ("C7", "CLAV")),
    "head": (("HEDO",), ("LFHD", "RFHD", "LBHD", "RBHD")),
    "hip": (("{S}FEP",), ("{S}HJC",)),
    "knee": (("{S}FEO",), ("{S}KJC",), ("{S}KNE",)),
    "ankle": (("{S}TIO",), ("{S}AJC",), ("{S}ANK",)),
    "toe": (("{S}TOE",),),
    "shoulder": (("{S}SJC",), ("{S}HUP",), ("{S}SHO",)),
    "elbow": (("{S}EJC",), ("{S}HUO",), ("{S}ELB",)),
    "wrist": (("{S}WJC",), ("{S}RAO",), ("{S}WRA", "{S}WRB")),
}
#: Part → name under which Vicon's models write the tips of its axes.
_AXES = {"trunk": "RPV", "thigh": "{S}TH", "shank": "{S}SK", "foot": "{S}FT"}


def read(path: Path) -> Clip:
    """The clip in a C3D file. Raises UnreadableFile where there is none."""
    if path.stat().st_size > _LARGEST_BYTES:
        raise UnreadableFile("The motion capture is too large", file=path.name, remedy="Cut it into shorter clips.")
    rate_hz, points = _points(path)
    position = _joints(points)
    missing = [joint for joint in NEEDED if joint not in position]
    if missing:
        raise UnreadableFile(f"The capture names no {', '.join(missing)}", file=path.name, remedy=_AGAIN)
    seen = np.all([np.isfinite(values).all(axis=1) for values in position.values()], axis=0)
    clip = unbroken(Clip(path.name, rate_hz, position, {}), ~seen)
    return _turned(clip, points, position)


def _points(path: Path) -> tuple[float, dict[str, FloatArray]]:
    """Rate [Hz] and every named point (n, 3) [m], NaN where it was not seen."""
    import c3d

    try:
        with path.open("rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file = c3d.Reader(stream)
            rate_hz = float(file.point_rate)
            frames = np.array([points[:, :4] for _, points, _ in file.read_frames(copy=True)], dtype=float)
            names = [str(name).strip().rpartition(":")[2].upper() for name in file.point_labels]
            unit = file.get("POINT:UNITS")
            unit_m = _UNITS_M.get("mm" if unit is None else unit.string_value.strip().lower(), 0.001)
    except _DAMAGE as error:
        raise UnreadableFile("The C3D file is damaged", file=path.name, remedy=_AGAIN) from error
    if frames.ndim != 3 or not 1 <= rate_hz <= 10_000:
        raise UnreadableFile("The C3D file holds no points", file=path.name, remedy=_AGAIN)
    places = np.where(frames[:, :, 3:] < 0, np.nan, frames[:, :, :3] * unit_m)
    return rate_hz, {name: places[:, number] for number, name in enumerate(names[: places.shape[1]])}


def _joints(points: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    found = {}
    for joint, ways in _POINTS.items():
        sides = SIDES if any("{S}" in name for way in ways for name in way) else ("",)
        for side in sides:
            named = [[name.format(S=side[:1].upper()) for name in way] for way in ways]
            whole = [way for way in named if all(name in points for name in way)]
            if whole:
                found[f"{joint}_{side}" if side else joint] = np.mean([points[name] for name in whole[0]], axis=0)
    if "hip_left" not in found and {"LASI", "RASI"} <= points.keys():
        found |= {f"hip_{side}": points[f"{side[0].upper()}ASI"] for side in SIDES}
    return found


def _turned(clip: Clip, points: Mapping[str, FloatArray], whole: Mapping[str, FloatArray]) -> Clip:
    """`clip` with the turns of its parts; `whole` are the joints before anything was cut."""
    first = int(np.flatnonzero(np.all(whole["pelvis"] == clip.position_m["pelvis"][0], axis=1))[0])
    kept = slice(first, first + len(clip))
    turn = {}
    for part, joint in PARTS.items():
        kind, _, side = part.partition("_")
        tips = [f"Q{_AXES[kind].format(S=side[:1].upper())}{axis}" for axis in "XYZ"] if kind in _AXES else []
        axes = [points[tip][kept] for tip in tips if tip in points]
        built = _from_axes(axes) if len(axes) == 3 else _from_joints(clip, kind, side, joint)
        if built is not None:
            turn[part] = built
    size = float(np.median(np.linalg.norm(clip.position_m["hip_left"] - clip.position_m["ankle_left"], axis=1)))
    said = Repair("units_assumed", 1, f"Hip and ankle are {size:.2f} m apart.")
    return Clip(clip.name, clip.rate_hz, clip.position_m, turn, repairs=(*clip.repairs, said))


def _from_axes(tips: list[FloatArray]) -> FloatArray | None:
    """(n, 3, 3) turns from the tips of three equal axes, of which the origin is the corner at right angles to all."""
    x, y, z = tips
    normal = np.cross(y - x, z - x)
    size = np.linalg.norm(normal, axis=1, keepdims=True)
    if np.any(~np.isfinite(size)) or np.any(size < 1e-9):
        return None
    middle, side = (x + y + z) / 3, np.linalg.norm(y - x, axis=1, keepdims=True)
    corner = middle - normal / size * side / np.sqrt(6)
    return _square(np.stack([(tip - corner) for tip in tips], axis=2))


def _square(axes: FloatArray) -> FloatArray:
    """The turns nearest to `axes` (n, 3, 3)."""
    u, _, v = np.linalg.svd(axes)
    u[:, :, 2] *= np.linalg.det(u @ v)[:, None]
    return np.asarray(u @ v)


_FAR = {"thigh": "knee", "shank": "ankle", "foot": "toe", "upper arm": "elbow", "forearm": "wrist"}


def _from_joints(clip: Clip, kind: str, side: str, joint: str) -> FloatArray | None:
    """(n, 3, 3) turns from the part's long axis and where the person's left is; None where an end is missing."""
    at = clip.position_m
    facing = facing_rad(clip)
    left = np.stack([-np.sin(facing), np.cos(facing), np.zeros_like(facing)], axis=1)
    if kind == "trunk":
        left = at["hip_left"] - at["hip_right"]
        long = np.tile([0.0, 0.0, 1.0], (len(clip), 1))
    elif joint in at and f"{_FAR[kind]}_{side}" in at:
        long = at[joint] - at[f"{_FAR[kind]}_{side}"]
    else:
        return None
    z = long / np.linalg.norm(long, axis=1, keepdims=True)
    y = left - np.sum(left * z, axis=1, keepdims=True) * z
    y = y / np.linalg.norm(y, axis=1, keepdims=True)
    return np.stack([np.cross(y, z), y, z], axis=2)
