"""Readers by other people that judge what we write, each giving the same plain shape."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fitdecode
import pytest
from fit_tool.fit_file import FitFile
from fit_tool.profile.messages.workout_message import WorkoutMessage
from fit_tool.profile.messages.workout_step_message import WorkoutStepMessage

JUDGES = Path(__file__).parent / "judges"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(
    NODE is None or not (JUDGES / "node_modules").is_dir(),
    reason="Node or its packages are absent: run npm ci --prefix tests/judges",
)

INTENSITIES = ("active", "rest", "warmup", "cooldown", "recovery")


@dataclass(frozen=True)
class ReadStep:
    """A workout_step as a reader understood it. A repeat has `times` and `first`, a step its seconds."""

    index: int
    name: str
    notes: str
    intensity: str | None = None
    seconds: float | None = None
    first: int | None = None
    times: int | None = None


@dataclass(frozen=True)
class ReadWorkout:
    name: str
    about: str
    sport: str
    sub_sport: str
    declared: int
    steps: tuple[ReadStep, ...]

    def written_out(self) -> list[ReadStep]:
        """Every step in the order it is done."""
        done: list[ReadStep] = []
        group: list[ReadStep] = []
        for step in self.steps:
            if step.times is None:
                group.append(step)
                continue
            assert step.first is not None
            again = [s for s in group if s.index >= step.first]
            done += [*(s for s in group if s.index < step.first), *again * step.times]
            group = []
        return done + group


def strictly(data: bytes) -> dict[str, list[dict[str, Any]]]:
    """Every message as fitdecode reads it when it forgives nothing, without reading subfields."""
    found: dict[str, list[dict[str, Any]]] = {}
    strict = {"check_crc": fitdecode.CrcCheck.RAISE, "error_handling": fitdecode.ErrorHandling.RAISE}
    with fitdecode.FitReader(data, **strict) as reader:
        for frame in reader:
            if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                fields = {
                    field.field_def.field.name if field.field_def.field else field.name: field for field in frame.fields
                }
                found.setdefault(frame.name, []).append({name: field.value for name, field in fields.items()})
    return found


def by_fitdecode(data: bytes) -> ReadWorkout:
    found = strictly(data)
    return _workout(found["workout"], [_from_fitdecode(message) for message in found["workout_step"]])


def _from_fitdecode(message: dict[str, Any]) -> ReadStep:
    # fitdecode renames the main fields by what they mean here, and scales a time to seconds.
    repeat = message["duration_type"] == "repeat_until_steps_cmplt"
    return ReadStep(
        message["message_index"],
        message["wkt_step_name"] or "",
        message["notes"] or "",
        message["intensity"],
        None if repeat else message["duration_value"],
        int(message["duration_value"]) if repeat else None,
        int(message["target_value"]) if repeat else None,
    )


def _workout(messages: Sequence[dict[str, Any]], steps: Sequence[ReadStep]) -> ReadWorkout:
    assert len(messages) == 1
    told = messages[0]
    sports = {1: "running"}, {0: "generic", 1: "treadmill"}
    sport, sub_sport = told["sport"], told["sub_sport"]
    return ReadWorkout(
        told["wkt_name"],
        told["wkt_description"],
        sports[0].get(sport, sport),
        sports[1].get(sub_sport, sub_sport),
        told["num_valid_steps"],
        tuple(steps),
    )


def by_fit_tool(data: bytes) -> ReadWorkout:
    messages = [record.message for record in FitFile.from_bytes(data).records]
    heads = [m for m in messages if isinstance(m, WorkoutMessage)]
    keys = ("wkt_name", "wkt_description", "sport", "sub_sport", "num_valid_steps")
    told = [{key: value(head, key) for key in keys} for head in heads]
    return _workout(told, [_from_fit_tool(m) for m in messages if isinstance(m, WorkoutStepMessage)])


def value(message: Any, name: str) -> Any:
    """The main field's stored value, whatever subfield it stands for here."""
    stored = next(field.encoded_values for field in message.fields if field.name == name)
    return stored[0] if stored else None


def _from_fit_tool(message: Any) -> ReadStep:
    repeat = value(message, "duration_type") == 6
    intensity = value(message, "intensity")
    duration = value(message, "duration_value")
    return ReadStep(
        value(message, "message_index"),
        value(message, "wkt_step_name") or "",
        value(message, "notes") or "",
        INTENSITIES[intensity] if intensity < len(INTENSITIES) else None,
        None if repeat else duration / 1000,
        duration if repeat else None,
        value(message, "target_value") if repeat else None,
    )


def by_fit_file_parser(files: Sequence[bytes], folder: Path) -> list[ReadWorkout]:
    """Several files at once, as starting Node takes longer than reading."""
    paths = [folder / f"{number}.fit" for number in range(len(files))]
    for path, data in zip(paths, files, strict=True):
        path.write_bytes(data)
    found = run_node("read_fit.mjs", paths)
    return [_workout(one["workout"], [_from_parser(step) for step in one["workout_step"]]) for one in found]


def _from_parser(message: dict[str, Any]) -> ReadStep:
    repeat = message["duration_type"] == "repeat_until_steps_cmplt"
    return ReadStep(
        message["message_index"]["value"],
        message["wkt_step_name"],
        message["notes"],
        message.get("intensity"),
        None if repeat else message["duration_value"] / 1000,
        message["duration_value"] if repeat else None,
        message["target_value"] if repeat else None,
    )


def run_node(script: str, paths: Sequence[Path]) -> Any:
    assert NODE is not None
    done = subprocess.run([NODE, JUDGES / script, *paths], capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)
