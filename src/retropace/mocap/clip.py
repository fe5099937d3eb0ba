"""Clip: a stretch of motion capture, the same whatever file it came in: metres, z up, joints by one set of names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from retropace.errors import OutOfRange
from retropace.recording import FloatArray, Repair

SIDES = ("left", "right")
#: The joints a clip may know. The first are needed: without them nobody can say where somebody faced.
NEEDED = ("pelvis", *(f"{joint}_{side}" for joint in ("hip", "knee", "ankle") for side in SIDES))
JOINTS = (
    *NEEDED,
    "neck",
    "head",
    *(f"{joint}_{side}" for joint in ("toe", "shoulder", "elbow", "wrist") for side in SIDES),
)
#: The joint whose turning carries each part that may wear a sensor.
PARTS = {"trunk": "pelvis"} | {
    f"{part}_{side}": f"{joint}_{side}"
    for part, joint in (
        ("thigh", "hip"),
        ("shank", "knee"),
        ("foot", "ankle"),
        ("upper arm", "shoulder"),
        ("forearm", "elbow"),
    )
    for side in SIDES
}


@dataclass(frozen=True, slots=True)
class Clip:
    """One unbroken stretch of one person, sampled evenly at `rate_hz`.

    `position_m` by joint, each (n, 3), z up; `turn` by part, each (n, 3, 3), takes vectors fixed in the part to the
    room, on whatever axes the capture gave it. `source`, `performer` and `style` say whose motion it is, "" where the file
    does not.
    """

    name: str
    rate_hz: float
    position_m: Mapping[str, FloatArray]
    turn: Mapping[str, FloatArray]
    source: str = ""
    performer: str = ""
    style: str = ""
    repairs: tuple[Repair, ...] = ()

    def __post_init__(self) -> None:
        missing = [joint for joint in NEEDED if joint not in self.position_m]
        if missing:
            raise OutOfRange(f"The clip lacks {', '.join(missing)}", file=self.name)

    def __len__(self) -> int:
        return int(self.position_m["pelvis"].shape[0])

    @property
    def duration_s(self) -> float:
        """From the first frame to the last."""
        return (len(self) - 1) / self.rate_hz

    @property
    def time_s(self) -> FloatArray:
        """(n,) from the first frame."""
        return np.arange(len(self)) / self.rate_hz

    def cut(self, first: int, end: int) -> "Clip":
        """Frames `first` to `end` (not with it)."""
        return self._each(lambda values: values[first:end])

    def time_reversed(self) -> "Clip":
        """The same film run the other way."""
        return self._each(lambda values: values[::-1].copy())

    def _each(self, change: Callable[[FloatArray], FloatArray]) -> "Clip":
        return replace(
            self,
            position_m={joint: change(values) for joint, values in self.position_m.items()},
            turn={part: change(values) for part, values in self.turn.items()},
        )
