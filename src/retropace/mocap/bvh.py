"""BVH: motion capture as text, a skeleton of joints and, frame by frame, how each is turned.

A channel turns or shifts its joint, in the order the file names them; shifts take the place of the joint's offset, as all
three kinds of file at hand have it. The file says neither its unit nor which way is up: the legs and the head do.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retropace.errors import UnreadableFile
from retropace.mocap.breaks import unbroken
from retropace.mocap.clip import JOINTS, NEEDED, PARTS, Clip
from retropace.mocap.skeleton import named, unit_m, upright
from retropace.recording import FloatArray, Repair

#: Larger files hold no clip of a person that anybody would read in one piece.
_LARGEST_BYTES = 400_000_000
_MOST_JOINTS = 1000
_CHANNELS = {f"{axis}{kind}": (kind, i) for i, axis in enumerate("xyz") for kind in ("position", "rotation")}
_AGAIN = "Export the capture again as BVH."


@dataclass(frozen=True, slots=True)
class Joint:
    """A joint: `parent` by its number, -1 for the root; `offset` (3,) from it; `channels` in the file's order."""

    name: str
    parent: int
    offset: FloatArray
    channels: tuple[str, ...]


def read(path: Path) -> Clip:
    """The clip in a BVH file. Raises UnreadableFile where there is none."""
    if path.stat().st_size > _LARGEST_BYTES:
        raise UnreadableFile("The motion capture is too large", file=path.name, remedy="Cut it into shorter clips.")
    return parse(path.read_bytes().decode("utf-8", "replace"), path.name)


def parse(text: str, name: str) -> Clip:
    """The clip in the text of a BVH file called `name`."""
    with np.errstate(all="ignore"):  # numbers beyond all bounds end as none, and are cut
        return _parse(text, name)


def _parse(text: str, name: str) -> Clip:
    head, found, tail = text.partition("MOTION")
    if not found or not head.lstrip("\ufeff \t\r\n").upper().startswith("HIERARCHY"):
        raise UnreadableFile("The file has no HIERARCHY and MOTION", file=name, remedy=_AGAIN)
    joints = _skeleton(head, name)
    rate_hz, values, repairs = _motion(tail, sum(len(joint.channels) for joint in joints), name)
    names = named(joint.name for joint in joints)
    missing = [joint for joint in NEEDED if joint not in names]
    if missing:
        raise UnreadableFile(f"The skeleton has no {', '.join(missing)}", file=name, field="HIERARCHY", remedy=_AGAIN)
    places, turns = posed(joints, values)
    ours = {joint.name: number for number, joint in reversed(list(enumerate(joints)))}
    position = {joint: places[ours[names[joint]]] for joint in JOINTS if joint in names}
    turn = {part: turns[ours[names[joint]]] for part, joint in PARTS.items() if joint in names}
    frozen = np.concatenate(([False], np.all(values[1:] == values[:-1], axis=1)))
    empty = np.all(values == 0, axis=1)
    return unbroken(_in_metres(Clip(name, rate_hz, position, turn, repairs=repairs)), frozen | empty)


def _skeleton(head: str, name: str) -> list[Joint]:
    joints: list[Joint] = []
    within: list[int] = []
    offsets: dict[int, list[str]] = {}
    channels: dict[int, tuple[str, ...]] = {}
    called: list[tuple[str, int]] = []
    last = -1
    for line in head.splitlines()[1:]:
        words = line.split()
        if not words:
            continue
        key = words[0].upper()
        if key in ("ROOT", "JOINT", "END"):
            last = len(called)
            called.append(("" if key == "END" else " ".join(words[1:]), within[-1] if within else -1))
        elif key == "{":
            within.append(last)
        elif key == "}" and within:
            within.pop()
        elif key == "OFFSET" and within:
            offsets[within[-1]] = words[1:4]
        elif key == "CHANNELS" and within:
            channels[within[-1]] = tuple(word.lower() for word in words[2:])
        else:
            raise UnreadableFile(
                f"The skeleton holds {line.strip()[:40]!r}", file=name, field="HIERARCHY", remedy=_AGAIN
            )
    joints = [
        Joint(joint, parent, _offset(offsets.get(number, []), name), _known(channels.get(number, ()), name))
        for number, (joint, parent) in enumerate(called)
    ]
    if within or not 0 < len(joints) <= _MOST_JOINTS:
        raise UnreadableFile("The skeleton is not whole", file=name, field="HIERARCHY", remedy=_AGAIN)
    return joints


def _offset(words: list[str], name: str) -> FloatArray:
    try:
        offset = np.array([float(word) for word in words])
    except ValueError:
        offset = np.empty(0)
    if offset.shape != (3,) or not np.all(np.isfinite(offset)):
        raise UnreadableFile("An offset is not three numbers", file=name, field="OFFSET", remedy=_AGAIN)
    return offset


def _known(channels: tuple[str, ...], name: str) -> tuple[str, ...]:
    if any(channel not in _CHANNELS for channel in channels):
        raise UnreadableFile("A channel is neither position nor rotation", file=name, field="CHANNELS", remedy=_AGAIN)
    return channels


def _motion(tail: str, width: int, name: str) -> tuple[float, FloatArray, tuple[Repair, ...]]:
    """Rate [Hz] and values (n, width) of the frames."""
    told = re.match(r"\s*Frames:\s*(\d{1,9})\s+Frame\s+Time:\s*(\S+)[^\S\n]*\n?", tail, flags=re.IGNORECASE)
    try:
        frame_s = float(told.group(2)) if told else 0.0
    except ValueError:
        frame_s = 0.0
    if told is None or not 1e-4 <= frame_s <= 1:
        raise UnreadableFile("The frames have no number or no time", file=name, field="MOTION", remedy=_AGAIN)
    frames, body = int(told.group(1)), tail[told.end() :]
    first = body.split("\n", 1)[0].split() if body.strip() else []
    if first and len(first) != width and "\n" in body.strip():
        what = f"A frame holds {len(first)} values, the skeleton {width} channels"
        raise UnreadableFile(what, file=name, field="MOTION", remedy=_AGAIN)
    values = _numbers(body, width, name)[:frames]
    if len(values) < 8:
        raise UnreadableFile("The capture is too short to see anybody move", file=name, field="MOTION", remedy=_AGAIN)
    short = Repair("truncated", 1, f"{len(values)} of {frames} frames.")
    return 1 / frame_s, values, (short,) if len(values) < frames else ()


def _numbers(body: str, width: int, name: str) -> FloatArray:
    """The whole frames of `body`, (n, width)."""
    words = body.split()
    whole = len(words) // width * width
    try:
        return np.array(words[:whole], dtype=float).reshape(-1, width)
    except ValueError:
        raise UnreadableFile("A frame holds what is no number", file=name, field="MOTION", remedy=_AGAIN) from None


def posed(joints: list[Joint], values: FloatArray) -> tuple[list[FloatArray], list[FloatArray]]:
    """Place (n, 3) and turn (n, 3, 3) of every joint in the room, from the channels (n, w) of the frames."""
    places: list[FloatArray] = []
    turns: list[FloatArray] = []
    column = 0
    for joint in joints:
        own = values[:, column : column + len(joint.channels)]
        column += len(joint.channels)
        shift, turn = _local(joint, own)
        if joint.parent >= 0:
            shift = places[joint.parent] + np.einsum("nij,nj->ni", turns[joint.parent], shift)
            turn = turns[joint.parent] @ turn
        places.append(shift)
        turns.append(turn)
    return places, turns


def _local(joint: Joint, own: FloatArray) -> tuple[FloatArray, FloatArray]:
    shift = np.tile(joint.offset, (len(own), 1))
    turn = np.broadcast_to(np.eye(3), (len(own), 3, 3))
    for channel, column in zip(joint.channels, own.T, strict=True):
        kind, axis = _CHANNELS[channel]
        if kind == "position":
            shift[:, axis] = column
        else:
            turn = turn @ about(axis, np.radians(column))
    return shift, turn


def about(axis: int, angle_rad: FloatArray) -> FloatArray:
    """(n, 3, 3) turns by `angle_rad` (n,) about the axis x, y or z (0, 1, 2)."""
    turn = np.zeros((angle_rad.size, 3, 3))
    turn[:, axis, axis] = 1
    one, two = (axis + 1) % 3, (axis + 2) % 3
    turn[:, one, one] = turn[:, two, two] = np.cos(angle_rad)
    turn[:, two, one] = np.sin(angle_rad)
    turn[:, one, two] = -turn[:, two, one]
    return turn


def _in_metres(clip: Clip) -> Clip:
    """The clip with z up and in metres, as told from the length of the legs and where the head is."""
    at = clip.position_m
    with np.errstate(all="ignore"):
        leg = np.nanmedian(_length(at["hip_left"] - at["knee_left"]) + _length(at["knee_left"] - at["ankle_left"]))
        top = at.get("head", at.get("neck", at["pelvis"]))
        up = upright(top, (at["ankle_left"] + at["ankle_right"]) / 2)
    unit = unit_m(float(leg))
    if unit is None or up is None:
        what = "The legs have no person's length" if unit is None else "Nobody stands upright in the capture"
        raise UnreadableFile(what, file=clip.name, field="HIERARCHY", remedy=_AGAIN)
    size_m, called = unit
    said = Repair("units_assumed", 1, f"The legs are {leg * size_m:.2f} m long in {called}.")
    position = {joint: size_m * values @ up.T for joint, values in at.items()}
    turn = {part: up @ values for part, values in clip.turn.items()}
    return Clip(clip.name, clip.rate_hz, position, turn, repairs=(*clip.repairs, said))


def _length(vector: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.norm(vector, axis=1))
