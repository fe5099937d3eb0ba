"""Level motion of a made-up thigh in closed form, and recordings of virtual ones on captured people."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

import made_trunks as trunks
from retropace.mocap import library
from retropace.mocap.clip import Clip
from retropace.mocap.loop import looped
from retropace.mocap.truth import truth
from retropace.mocap.virtual import sense
from retropace.motion import placement, pocket, steps
from retropace.motion.heard import Heard
from retropace.motion.level import Levelled
from retropace.motion.listener import listen
from retropace.quantities import Direction
from retropace.recording import FloatArray

DATA = Path(__file__).parents[1] / "../shared/data"
#: What looks at virtual motion here.
LOOKS = (steps.look, pocket.look, placement.look)
#: Seconds of a clip that goes round and round, and those at both ends that are left out.
LOOP_S, EDGE_S = 14, 3
#: How far below the hip a made-up thigh carries its sensor.
LEVER_M = 0.2


def thigh(stride_hz: float, swing_rad: float, ahead: float, axis_rad: float = 0.7, backward: bool = False) -> Levelled:
    """A walker's thigh in closed form, on level axes; played backward in time where it goes backward.

    It is most in front `ahead` of a stride before its own foot lands, and flexes more quickly than it extends. The trunk is
    lowest, and the lift greatest, as either foot lands; it is pushed against its velocity of rising, as a pendulum.
    """
    phase = 2 * np.pi * stride_hz * trunks.clock()
    rate, before = 2 * np.pi * stride_hz, phase + 2 * np.pi * ahead
    flexing = -swing_rad * rate * (np.sin(before) + 0.4 * np.cos(2 * before))
    lift, pushed = 2.0 * np.cos(2 * phase), -2.0 * np.sin(2 * phase)
    hanging = -LEVER_M * swing_rad * rate**2 * np.cos(before)
    axis = np.array([np.cos(axis_rad), np.sin(axis_rad)])
    front = np.array([-axis[1], axis[0]])
    motion = replace(
        trunks.level(np.column_stack([(pushed + hanging)[:, None] * front, lift])),
        rotation_radps=np.column_stack([flexing[:, None] * axis, np.zeros_like(lift)]),
    )
    return trunks.reversed_in_time(motion) if backward else motion


def rough(seed: int, seconds: int = 12) -> Levelled:
    """Motion without any order, far from symmetric in time."""
    random = np.random.default_rng(seed)
    hits = random.normal(0, 4, (seconds * 100 + 60, 6))
    decay = np.exp(-np.arange(60) / 15)
    smooth = np.stack([np.convolve(hits[:, k], decay, "valid")[: seconds * 100] for k in range(6)], axis=1)
    wander = np.cumsum(random.normal(0, 0.01, seconds * 100))
    return replace(trunks.level(smooth[:, :3], wander), rotation_radps=smooth[:, 3:] / 5)


@cache
def worn(source: str, place: str) -> tuple[tuple[str, str, str, Heard], ...]:
    """Performer, clip, direction and what is heard of every looping clip of a source; empty where it is absent."""
    found: list[tuple[str, str, str, Heard]] = []
    for clip, direction in _round_and_round(source):
        heard = listen(sense(clip, place, seed=len(found)).motion, LOOKS, {})
        found.append((f"{clip.performer} {clip.style}".strip(), clip.name, direction.value, inner(heard)))
    return tuple(found)


@cache
def _round_and_round(source: str) -> tuple[tuple[Clip, Direction], ...]:
    """Every looping clip of a source that goes one way, long enough; closing it costs more than all sensors on it."""
    found = []
    for clip in library.clips(DATA / "mocap" / source):
        longer = looped(clip, LOOP_S + 2 * EDGE_S)
        if longer is None:
            continue
        moving = {bout.direction for bout in truth(clip).bouts} & {Direction.FORWARD, Direction.BACKWARD}
        if len(moving) == 1:
            found.append((longer, moving.pop()))
    return tuple(found)


def inner(heard: Heard) -> Heard:
    """`heard` without the seconds at both ends."""
    kept = (heard.time_s >= heard.time_s[0] + EDGE_S) & (heard.time_s <= heard.time_s[-1] - EDGE_S)
    columns = {name: values[kept] for name, values in heard.columns.items()}
    return replace(heard, time_s=heard.time_s[kept], piece=heard.piece[kept], columns=columns)


def share(values: FloatArray, wanted: float) -> float:
    """Share of the values that were said whose sign is that of `wanted`."""
    said = values[np.isfinite(values)]
    return float(np.mean(said * wanted > 0)) if said.size else float("nan")
