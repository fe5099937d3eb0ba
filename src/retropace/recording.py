"""Recording: what the sensors gave, in SI units, whatever file it came in.

One shape for all readers. A recording keeps streams of different rates apart: `track` holds what a watch writes about
once a second, `motion` holds raw sensors by name. Nothing here knows a file format.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from retropace.errors import OutOfRange
from retropace.quantities import QUANTITIES, Direction
from retropace.session import Played

FloatArray = npt.NDArray[np.float64]

#: The raw sensors a recording may hold, and their channels.
MOTION_CHANNELS: dict[str, tuple[str, ...]] = {
    "accelerometer": ("acceleration_x_mps2", "acceleration_y_mps2", "acceleration_z_mps2"),
    "gyroscope": ("rotation_x_radps", "rotation_y_radps", "rotation_z_radps"),
    "magnetometer": ("magnetic_x_ut", "magnetic_y_ut", "magnetic_z_ut"),
    "orientation": ("quaternion_w", "quaternion_x", "quaternion_y", "quaternion_z"),
    "heading": ("device_heading_deg",),
}


@dataclass(frozen=True, slots=True)
class Stream:
    """Channels sampled together: `time_s` (n,) strictly increasing, each channel (n,) float64 with NaN for missing."""

    time_s: FloatArray
    channels: Mapping[str, FloatArray]

    def __post_init__(self) -> None:
        if self.time_s.size and not (np.all(np.isfinite(self.time_s)) and np.all(np.diff(self.time_s) > 0)):
            raise OutOfRange("Times must be finite and strictly increasing", field="time_s")
        for key, values in self.channels.items():
            if key not in QUANTITIES:
                raise OutOfRange(f"Unknown channel {key!r}: name it in quantities.py first", field=key)
            if values.shape != self.time_s.shape:
                raise OutOfRange(f"Expected {self.time_s.size} values, got {values.size}", field=key)

    def __len__(self) -> int:
        return int(self.time_s.size)

    def channel(self, key: str) -> FloatArray | None:
        """Values of `key`, or None where the stream has no such channel or only missing values."""
        values = self.channels.get(key)
        return None if values is None or not np.any(np.isfinite(values)) else values


EMPTY_STREAM = Stream(np.empty(0), {})


@dataclass(frozen=True, slots=True)
class Lap:
    """A stretch the device or the person marked. `name`, `notes` and `intensity` are as in the file, None where silent.

    `intensity` is one of active, rest, warmup, cooldown, recovery, interval, other.
    """

    start_s: float
    end_s: float
    name: str | None = None
    intensity: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """The timer was stopped from `start_s` to `end_s`."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class SportSpan:
    """A stretch of one sport, in the file's own words, lower case: running, walking, hiking, cycling, swimming, ..."""

    start_s: float
    end_s: float
    sport: str
    sub_sport: str | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """Somebody said so: this stretch was `direction`. `by` is who: "person", "lap", "file"."""

    start_s: float
    end_s: float
    direction: Direction
    by: str


@dataclass(frozen=True, slots=True)
class Repair:
    """Something a reader found wrong and mended: `kind` from `REPAIRS`, how often, and where or how in words."""

    kind: str
    count: int
    note: str = ""


#: Every kind of repair, with the sentence a person reads; {count} and {note} are filled in, [one|many] chosen by the count.
REPAIRS: dict[str, str] = {
    "truncated": "The file ends too early; what came before was kept. {note}",
    "corrupt": "{count} damaged [stretch was|stretches were] skipped. {note}",
    "crc": "The file's checksum is wrong; what could be read was kept. {note}",
    "chained": "The file holds {count} activities in a row; they were joined. {note}",
    "time_repeated": "{count} [sample repeats|samples repeat] the time before; the last of each time was kept.",
    "time_backward": "The clock runs back {count} [time|times]; samples were put in order or dropped. {note}",
    "time_jump": "{count} [sample carries|samples carry] an impossible time and [was|were] dropped. {note}",
    "time_batched": "Times come in batches; they were spread evenly at the sensor's rate. {note}",
    "no_time": "{count} [point carries|points carry] no time and [was|were] dropped.",
    "no_date": "The device's clock was not set; times count from the recording's start only.",
    "position": "{count} impossible [position was|positions were] taken as missing. {note}",
    "heart_rate_zero": "{count} heart [rate of zero was|rates of zero were] taken as missing.",
    "cadence_doubled": "Cadence counted one foot; it was doubled. {note}",
    "cadence_halved": "Cadence was twice too high; it was halved. {note}",
    "implausible": "{count} [value|values] outside the plausible range [was|were] taken as missing. {note}",
    "zone_assumed": "The times name no time zone; they were taken as UTC.",
    "units_assumed": "The file does not say its units; they were told from the values. {note}",
    "joined": "{count} files were read as one recording. {note}",
    "not_joined": "Another file looks like a second sensor of this recording and was not joined to it. {note}",
    "several": "The file holds {count} sensors. {note}",
    "beside": "Beside this file [lies one|lie some] of the same name for another sensor. {note}",
    "unknown_part": "{count} [part|parts] that retropace does not know [was|were] passed over. {note}",
}


def repair_sentence(repair: Repair) -> str:
    """What a person reads about `repair`."""
    sentence = re.sub(r"\[(.*?)\|(.*?)\]", r"\1" if repair.count == 1 else r"\2", REPAIRS[repair.kind])
    return sentence.format(count=repair.count, note=repair.note).strip()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a recording came from. `name` is the file's name without folders (for a zip: archive.zip/member)."""

    name: str
    format: str
    sha256: str = ""
    size_bytes: int = 0
    device: str | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which sensor of a file was read: its `name`, "" where it has none, and those `of` all, the order of the file.

    `placement` is where its name says that it was worn, a value of `motion.placement.Placement`, None where silent.
    """

    name: str = ""
    of: tuple[str, ...] = ()
    placement: str | None = None


UNNAMED = Chosen()


@dataclass(frozen=True, slots=True)
class Wearer:
    """What the device's own profile says of the person; None where silent."""

    mass_kg: float | None = None
    height_m: float | None = None
    age_years: float | None = None
    sex: str | None = None
    resting_heart_rate_bpm: float | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """What the sensors gave.

    `start` is an aware UTC instant, or None where the file gives only relative times. `utc_offset` is the recording's
    local time minus UTC where the file says it. `reported` holds totals the device computed itself (energy_kcal,
    distance_m, ...), for showing beside ours, never for computing. `track` times and all spans are seconds from `start`.
    `played` is the session that a coach played meanwhile, None where none did. `chosen` is which sensor it is of.
    """

    origin: Origin
    start: datetime | None
    utc_offset: timedelta | None = None
    track: Stream = EMPTY_STREAM
    motion: Mapping[str, Stream] = field(default_factory=dict)
    laps: tuple[Lap, ...] = ()
    pauses: tuple[Pause, ...] = ()
    sports: tuple[SportSpan, ...] = ()
    declared: tuple[Declared, ...] = ()
    wearer: Wearer = Wearer()
    reported: Mapping[str, float] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    played: Played | None = None
    chosen: Chosen = UNNAMED

    def __post_init__(self) -> None:
        if self.start is not None and self.start.tzinfo is None:
            raise OutOfRange("A recording's start must carry a time zone", field="start")
        for repair in self.repairs:
            if repair.kind not in REPAIRS:
                raise OutOfRange(f"Unknown repair {repair.kind!r}: describe it in REPAIRS first", field="repairs")

    @property
    def duration_s(self) -> float:
        """Seconds from the start to the last sample of any stream; 0.0 where there is none."""
        ends = [float(s.time_s[-1]) for s in (self.track, *self.motion.values()) if len(s)]
        return max(ends, default=0.0)
