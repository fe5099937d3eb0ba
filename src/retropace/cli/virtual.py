"""`retropace virtual`: what a sensor on the people of motion captures would have written, with the truth beside it."""

import json
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from retropace.bout import Bout
from retropace.cli.output import write_bytes
from retropace.errors import UnusableInput
from retropace.mocap import Clip, Worn, gate, in_a_row, looped, read
from retropace.mocap.virtual import PLAIN
from retropace.recording import repair_sentence
from retropace.simulate.virtual import DEFAULT_START
from retropace.writers.sensor_logger import archive_bytes

#: The longest that a clip is gone through again and again [s].
_LONGEST_S = 3600.0


def run(options: Namespace) -> int:
    """Write the virtual recording as a zip of CSV files, and the truth as JSON."""
    if not 25 <= options.rate <= 800:
        raise UnusableInput(f"{options.rate:g} Hz is no rate", field="--rate", remedy="Give 25 to 800.")
    clips = [_long(_read(path), options.seconds) for path in options.files]
    device = replace(PLAIN, rate_hz=options.rate)
    worn = in_a_row(clips, options.placement, options.side, _mount(options.mount), device, options.seed)
    recording = replace(worn.recording, start=DEFAULT_START)
    out: Path = options.out
    truth = out.with_name(f"{out.stem}-truth.json")
    write_bytes(out, archive_bytes(recording))
    write_bytes(truth, json.dumps(_told(clips, worn, options), indent=1, allow_nan=False).encode() + b"\n")
    sys.stdout.write(f"{out}\n{truth}\n")
    return 0


def _read(path: Path) -> Clip:
    if not path.is_file():
        raise UnusableInput("There is no such file", file=str(path), remedy="Give a BVH or C3D file.")
    return read(path)


def _long(clip: Clip, seconds: float | None) -> Clip:
    """`clip`, or at least `seconds` of its whole strides again and again."""
    if seconds is None:
        return clip
    if not 1 <= seconds <= _LONGEST_S:
        raise UnusableInput(f"{seconds:g} s is no length", field="--seconds", remedy=f"Give 1 to {_LONGEST_S:g}.")
    longer = looped(clip, seconds)
    if longer is None:
        what = "The clip holds no whole strides that could be gone through again"
        raise UnusableInput(what, file=clip.name, field="--seconds", remedy="Leave it out to take the clip as it is.")
    return longer


def _mount(text: str) -> str | tuple[float, float, float]:
    if text == "random":
        return text
    try:
        yaw, pitch, roll = (float(angle) for angle in text.split(","))
        if all(abs(angle) <= 360 for angle in (yaw, pitch, roll)):
            return (yaw, pitch, roll)
    except ValueError:
        pass
    raise UnusableInput(f"{text!r} is no mount", field="--mount", remedy="Give yaw,pitch,roll in degrees, or random.")


def _told(clips: list[Clip], worn: Worn, options: Namespace) -> dict[str, Any]:
    return {
        "note": "Simulated: nobody wore this sensor.",
        "placement": options.placement,
        "side": options.side,
        "clips": [_about(clip) for clip in clips],
        "bouts": [_bout(bout) for bout in worn.bouts],
    }


def _about(clip: Clip) -> dict[str, Any]:
    judged = gate(clip)
    return {
        "name": clip.name,
        "source": clip.source or None,
        "performer": clip.performer or None,
        "style": clip.style or None,
        "trust": judged.trust,
        "why": judged.why or None,
        "repairs": [repair_sentence(repair) for repair in clip.repairs],
    }


def _bout(bout: Bout) -> dict[str, Any]:
    return {
        "start_s": round(bout.start_s, 3),
        "end_s": round(bout.end_s, 3),
        "gait": bout.gait.value,
        "direction": bout.direction.value,
    }
