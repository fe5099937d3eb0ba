"""Virtual: recordings of sensors that the people of motion captures did not wear.

The sensor sits on the skin beside its joint, turned any way, slips a little, rides on soft tissue that rings, and has the
errors of a real one (`simulate.sensors`). Everything made here says that it is simulated.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from retropace.bout import Bout
from retropace.errors import UnusableInput
from retropace.mocap.clip import SIDES, Clip
from retropace.mocap.parts import anatomical, length_m, origin_m, part_axes
from retropace.mocap.path import Path, felt, joined, path
from retropace.mocap.truth import Truth, truth
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray, Origin, Recording
from retropace.simulate.place import Place
from retropace.simulate.runner import Device
from retropace.simulate.sensors import written

#: Placement → part of the body (or of its side), and where on it the sensor sits [m]: forward, outward, up (design; the
#: sizes of a grown person). Up a wrist it is a share of the forearm.
_SPOTS: dict[str, tuple[str, tuple[float, float, float]]] = {
    "foot": ("foot", (0.08, 0.0, 0.02)),
    "lower back": ("trunk", (-0.10, 0.0, 0.05)),
    "front belt": ("trunk", (0.10, 0.08, 0.03)),
    "side belt": ("trunk", (0.0, 0.16, 0.03)),
    "pocket": ("thigh", (0.07, 0.03, -0.20)),
    "wrist": ("forearm", (0.0, 0.03, -0.9)),
    "lower leg": ("shank", (0.03, 0.04, -0.22)),
    "upper arm": ("upper arm", (0.0, 0.04, -0.15)),
}
#: Places on the body a clip's person may wear a sensor at.
PLACES = tuple(_SPOTS)
#: Place on the body → the placement as the simulated devices and the engine call it.
_DEVICES = {
    "lower back": "waist",
    "front belt": "waist",
    "side belt": "waist",
    "lower leg": "foot",
    "upper arm": "wrist",
}
#: How far a sensor sits from where it should [m], and how far it turns on the skin meanwhile [degrees] (design).
_SPOT_SPREAD_M, _SLIP_DEG = 0.01, 3.0
#: Slowest and quickest slip [Hz] (design).
_SLIP_HZ = (0.05, 0.4)
#: A sensor as phones and pods have it, without soft tissue, lost samples or jitter.
PLAIN_HZ = 100.0
PLAIN = Device(kind="pod", rate_hz=PLAIN_HZ)
#: How long somebody takes to come to rest or set off, and stands between two clips [s] (design).
EASE_S, REST_S = 1.0, 4.0


@dataclass(frozen=True, slots=True)
class Worn:
    """A virtual recording and the truth behind it, on the same clock.

    `steady` is per whole second, (m,): 1.0 where the second and half a second either side of it lie inside straight, even
    walking or running in one direction.
    """

    recording: Recording
    bouts: tuple[Bout, ...]
    time_s: FloatArray
    steady: FloatArray


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a sensor sits: on which `part`, whose anatomical axes are `axes` (3, 3) in it, `offset_m` (3,) from its joint.

    It slips by turning about three axes in two slow waves each, (3, 2); zero where it does not.
    """

    part: str
    axes: FloatArray
    offset_m: FloatArray
    slip_hz: FloatArray
    slip_phase_rad: FloatArray


def sense(
    clip: Clip,
    place: str,
    side: str = "left",
    mount: str | tuple[float, float, float] = "random",
    device: Device = PLAIN,
    seed: int = 0,
    *,
    slips: bool = True,
) -> Recording:
    """What `device` at `place` (see `PLACES`; "waist" is the lower back) on the `side` of the clip's person writes.

    `mount` is yaw, pitch, roll [degrees] of the sensor on the part's anatomical axes, or "random": any turn at all. The
    same seed gives the same bytes. Without `slips` it sits exactly where it should. Raises UnusableInput for an unknown
    place, or one that the clip does not show.
    """
    return in_a_row([clip], place, side, mount, device, seed, slips=slips).recording


def in_a_row(
    clips: Sequence[Clip],
    place: str,
    side: str = "left",
    mount: str | tuple[float, float, float] = "random",
    device: Device = PLAIN,
    seed: int = 0,
    rest_s: float = REST_S,
    *,
    slips: bool = True,
) -> Worn:
    """The clips of one performer one after another, standing between them, in one recording with one mount.

    Each clip begins facing the way the one before ended. The way between them is made up: coming to rest, standing
    still, setting off.
    """
    if not clips:
        raise UnusableInput("There is no clip to wear a sensor in", field="clips")
    random, spot = (np.random.default_rng([seed, part]) for part in range(2))
    truths = [truth(clip) for clip in clips]
    where = seat(clips[0], place, side, spot if slips else None)
    ways = [worn_path(clip, where, device.rate_hz or PLAIN_HZ) for clip in clips]
    whole, begins, faces = ways[0], [0.0], float(truths[0].facing_rad[-1])
    for way, told in zip(ways[1:], truths[1:], strict=True):
        whole, begin_s = joined(whole, way, faces - float(told.facing_rad[0]), rest_s, EASE_S)
        begins.append(begin_s)
        faces += float(told.facing_rad[-1] - told.facing_rad[0])
    recording = _recorded(whole, clips, _mounted(device, place, side, mount, random), random)
    return told_together(recording, truths, begins)


def told_together(recording: Recording, truths: Sequence[Truth], begins_s: Sequence[float]) -> Worn:
    """`recording` with the truths of its clips, each from its moment; standing (easing included) between them."""
    bouts: list[Bout] = []
    for told, begin_s in zip(truths, begins_s, strict=True):
        if bouts and begin_s > bouts[-1].end_s:
            rest = (Gait.STAND, Direction.NONE, 1.0, ("geometry",))
            bouts.append(Bout(bouts[-1].end_s, begin_s, *rest))
        bouts += [replace(b, start_s=b.start_s + begin_s, end_s=b.end_s + begin_s) for b in told.bouts]
    time_s = np.arange(0.0, math.floor(bouts[-1].end_s))
    steady = np.array([_steady_second(second, truths, begins_s) for second in time_s.tolist()], dtype=float)
    return Worn(recording, tuple(bouts), time_s, steady)


def _steady_second(second: float, truths: Sequence[Truth], begins_s: Sequence[float]) -> bool:
    """Whether the window of 2 s around the middle of `second` is steady throughout, in one bout."""
    for told, begin_s in zip(truths, begins_s, strict=True):
        at = told.time_s + begin_s
        inside = (at >= second - 0.5) & (at <= second + 1.5)
        if at[0] <= second - 0.5 and second + 1.5 <= at[-1]:
            return bool(np.all(told.steady[inside])) and told.at(second - 0.5 - begin_s) == told.at(
                second + 1.5 - begin_s
            )
    return False


def seat(clip: Clip, place: str, side: str, random: np.random.Generator | None) -> Seat:
    """Where the sensor sits on the clip's person; with `random` a little off, and slipping."""
    name = "lower back" if place == "waist" else place
    if name not in _SPOTS or side not in SIDES:
        known = ", ".join(PLACES)
        raise UnusableInput(f"Nobody wears a sensor at {side} {place}", field="place", remedy=f"Use one of: {known}.")
    kind, spot = _SPOTS[name]
    part = kind if kind == "trunk" else f"{kind}_{side}"
    axes = anatomical(clip, part)
    offset = np.array(spot) * [1.0, 1.0 if side == "left" else -1.0, length_m(clip, part) if kind == "forearm" else 1.0]
    if random is None:
        return Seat(part, axes, offset, np.zeros((3, 2)), np.zeros((3, 2)))
    offset = offset + random.normal(0.0, _SPOT_SPREAD_M, 3)
    return Seat(part, axes, offset, random.uniform(*_SLIP_HZ, (3, 2)), random.uniform(0, 2 * np.pi, (3, 2)))


def worn_path(clip: Clip, where: Seat, rate_hz: float) -> Path:
    """The way of the sensor, on the part's anatomical axes."""
    axes = part_axes(clip, where.part, where.axes)
    if np.any(where.slip_hz):
        axes = axes @ _slip(clip.time_s, where)
    return path(origin_m(clip, where.part) + axes @ where.offset_m, axes, clip.rate_hz, rate_hz)


def _slip(time_s: FloatArray, where: Seat) -> FloatArray:
    """(n, 3, 3) small turns of a sensor on the skin, slow and smooth."""
    from scipy.spatial.transform import Rotation

    waves = np.sin(2 * np.pi * time_s[:, None, None] * where.slip_hz + where.slip_phase_rad).sum(axis=2)
    return np.asarray(Rotation.from_rotvec(math.radians(_SLIP_DEG) * waves).as_matrix())


def _mounted(
    device: Device, place: str, side: str, mount: str | tuple[float, float, float], random: np.random.Generator
) -> Device:
    """`device` at its placement, turned as `mount` says."""
    if isinstance(mount, str):
        if mount != "random":
            raise UnusableInput(f"The mount is {mount!r}", field="mount", remedy="Give three angles, or random.")
        w, x, y, z = (turn := random.standard_normal(4)) / np.linalg.norm(turn)
        yaw = math.atan2(2 * (x * y + w * z), 1 - 2 * (y * y + z * z))
        roll = math.atan2(2 * (y * z + w * x), 1 - 2 * (x * x + y * y))
        pitch = math.asin(min(1.0, max(-1.0, 2 * (w * y - x * z))))
        mount = (math.degrees(yaw), math.degrees(pitch), math.degrees(roll))
    placement = _DEVICES.get(place, place)
    return replace(device, placement=placement, side=side, mount_deg=mount)  # type: ignore[arg-type]


def _recorded(way: Path, clips: Sequence[Clip], device: Device, random: np.random.Generator) -> Recording:
    perfect = felt(way, device.resonance_hz, device.resonance_damping)
    name = "virtual sensor on a motion capture (simulated)"
    return Recording(
        origin=Origin(name=clips[0].name, format="simulated", device=name, simulated=True),
        start=None,
        motion=written(perfect, Place(), device, random),
        repairs=tuple(repair for clip in clips for repair in clip.repairs),
    )
