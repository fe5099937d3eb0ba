"""Coached: a session that retropace's own coach played on a phone, as the zip it becomes: what was felt, and what was asked.

`run.json` says what was coached and on what, `motion.csv` and `orientation.csv` hold the phone's sensors as the browser
gave them, `lines.jsonl` everything else as it came: positions, heart rates, pods, belts, and the coach's marks.
`positions.csv` is the same positions once more, for other programs.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np

from retropace.readers.archive import ZIP_MARKS, Bundle, unzipped
from retropace.readers.instants import EPOCH
from retropace.readers.played import Marked, marked
from retropace.readers.streams import Taken, whole
from retropace.readers.table import Table, table_of
from retropace.recording import MOTION_CHANNELS, FloatArray, Origin, Recording, Repair
from retropace.session import Played

#: What `run.json` says it is.
FORMAT = "retropace coached session"
ABOUT, LINES = "run.json", "lines.jsonl"
#: Columns of the sensors' tables: after the time, what a browser gives, by the browser's own axes.
MOTION = ("ax", "ay", "az", "gx", "gy", "gz", "ra", "rb", "rg", "interval_ms")
ORIENTATION = ("alpha", "beta", "gamma", "compass", "compass_accuracy", "absolute")
POSITION = ("lat", "lon", "accuracy_m", "altitude_m", "altitude_accuracy_m", "speed_mps", "heading_deg")
#: Channels of the track, by the kind of line and its field.
_POSITION = {
    "lat": "latitude_deg",
    "lon": "longitude_deg",
    "accuracy_m": "position_error_m",
    "altitude_m": "altitude_m",
    "speed_mps": "speed_mps",
    "heading_deg": "course_deg",
}
_HEART, _BELT = {"bpm": "heart_rate_bpm"}, {"speed_mps": "speed_mps"}
_POD = {"speed_mps": "speed_mps", "cadence_spm": "cadence_spm"}
#: A browser's fields in which a negative value means that it does not know.
_NEGATIVE_IS_UNKNOWN = frozenset({"speed_mps", "heading_deg", "accuracy_m"})
#: Systems whose browsers turn the sign of gravity: resting face up, z is -9.8 there and +9.8 elsewhere and in the standard.
_TURNED = re.compile(r"iPhone|iPad|iPod|iOS|Mac")
_SYSTEMS = ("iPhone", "iPad", "Android", "Windows", "Mac", "Linux")
#: The year 2200 [ms since 1970].
_LATEST_MS = 7.26e12
#: Lines that hold more than this [bytes] were not written by a coach.
LONGEST_LINE = 100_000

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What the lines hold, by kind, and how many of them are broken."""

    by_kind: Mapping[str, Sequence[Line]]
    broken: int = 0

    def of(self, kind: str) -> Sequence[Line]:
        """The lines of one kind, in the order in which they were written."""
        return self.by_kind.get(kind, ())

    @property
    def platform(self) -> str:
        """What the phone said of itself when it began."""
        begun = next((mark for mark in self.of("mark") if mark.get("mark") == "begin"), {})
        return " ".join(str(begun.get(key) or "") for key in ("platform", "agent"))[:1000]

    @property
    def simulated(self) -> bool:
        """Whether the phone said that nobody ran this."""
        return any(mark.get("mark") == "begin" and mark.get("simulated") is True for mark in self.of("mark"))

    @property
    def last_ms(self) -> float:
        """When the last of them was written [ms since 1970]."""
        return max((float(line["at_ms"]) for lines in self.by_kind.values() for line in lines), default=0.0)


def sniff(name: str, data: bytes) -> bool:
    """Whether this is the zip of a coached session."""
    return data[:4] in ZIP_MARKS and is_recording(unzipped(name, data))


def is_recording(bundle: Bundle) -> bool:
    """Whether the outermost files of the bundle are one coached session."""
    return ABOUT in bundle.members and FORMAT.encode() in bundle.members[ABOUT]()[:200]


def read(name: str, data: bytes) -> Recording:
    """The recording in a zip."""
    return read_bundle(unzipped(name, data))


def read_bundle(bundle: Bundle) -> Recording:
    """The recording in a coached session's files. Raises UnreadableFile where nothing was felt."""
    about, repairs = _about(bundle)
    guide = about.get("guide")
    guide = guide if isinstance(guide, Mapping) else {}
    told = lines_of(bundle.members[LINES]() if LINES in bundle.members else b"")
    parts = [*_motion(bundle, told.platform), *_orientation(bundle), *_track(told, _treadmill(guide, told))]
    if parts:
        parts[0] = replace(parts[0], utc_offset=_utc_offset(about.get("offset_min")))
    last_ms = max([told.last_ms, *(1000 * float(np.nanmax(part.moments_s)) for part in parts)], default=0.0)
    asked = marked(told.of("mark"), guide, last_ms)
    origin = Origin(
        bundle.name, "coached", device=_device(told), simulated=about.get("simulated") is True or told.simulated
    )
    recording = whole(
        origin,
        parts,
        marks=[(edge / 1000, "") for edge in asked.edges_ms] if asked else (),
        pauses=[(start / 1000, end / 1000) for start, end in asked.held_ms] if asked else (),
        repairs=[*repairs, *_broken(about, told)],
    )
    return replace(recording, played=_played(asked, recording))


def _about(bundle: Bundle) -> tuple[Line, list[Repair]]:
    """What `run.json` says; nothing, and that it is damaged, where it cannot be read."""
    try:
        about = json.loads(bundle.members[ABOUT]())
    except (ValueError, RecursionError):
        about = None
    if isinstance(about, Mapping):
        return about, []
    return {}, [Repair("corrupt", 1, f"({ABOUT}: what was coached is not known.)")]


def lines_of(data: bytes) -> Told:
    r"""The lines of a stream; those that are no JSON, of no kind or at no time count as broken.

    >>> told = lines_of(b'{"k": "heart", "at_ms": 1795338000000, "bpm": 120}\n{"k": "hea')
    >>> len(told.of("heart")), told.broken
    (1, 1)
    """
    by_kind: dict[str, list[Line]] = {}
    broken = 0
    for text in data.split(b"\n"):
        line = line_of(text)
        if line is not None:
            by_kind.setdefault(line["k"], []).append(line)
        elif text.strip():
            broken += 1
    return Told(by_kind, broken)


def line_of(text: bytes) -> Line | None:
    """One line, None where it is broken."""
    try:
        line = json.loads(text) if len(text) <= LONGEST_LINE else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(line, dict) or not isinstance(line.get("k"), str):
        return None
    if line["k"] == "mark" and not isinstance(line.get("mark"), str):
        return None
    at_ms = line.get("at_ms")
    timed = isinstance(at_ms, int | float) and not isinstance(at_ms, bool) and 0 < at_ms < _LATEST_MS
    return line if timed else None


def _broken(about: Line, told: Told) -> Iterator[Repair]:
    """What did not arrive whole: as the zip tells, and what is broken in it now."""
    counts = about.get("broken")
    known = counts if isinstance(counts, Mapping) else {}
    found = {str(stream): count for stream, count in known.items() if isinstance(count, int) and 0 < count < 10**9}
    if told.broken:
        found["lines"] = found.get("lines", 0) + told.broken
    if found:
        note = ", ".join(f"{stream[:20]}: {count}" for stream, count in sorted(found.items())[:4])
        yield Repair("corrupt", sum(found.values()), f"({note}.)")


def _utc_offset(minutes: object) -> timedelta | None:
    known = isinstance(minutes, int | float) and abs(minutes) <= 15 * 60
    return timedelta(minutes=float(minutes)) if known else None  # type: ignore[arg-type]  # a number, as just seen


def _device(told: Told) -> str | None:
    """The phone's kind in a word, and what the coach ran in."""
    words = next((system for system in _SYSTEMS if system in told.platform), None)
    return f"{words or 'A phone'} (simulated)" if told.simulated else words


def _played(asked: Marked | None, recording: Recording) -> Played | None:
    """The session on the recording's clock."""
    if asked is None or recording.start is None:
        return None
    return Played(asked.session, asked.start_ms / 1000 - (recording.start - EPOCH).total_seconds())


# -- sensors of the phone -----------------------------------------------------------------------------------------------


def _table(bundle: Bundle, stem: str) -> Table | None:
    data = bundle.named(stem)
    return table_of(data) if data else None


def _columns(table: Table, names: Sequence[str]) -> list[FloatArray]:
    """Columns by name, NaN where the table lacks one."""
    missing = np.full(table.count, np.nan)
    return [table.numbers(table.header.index(name)) if name in table.header else missing for name in names]


def _moments(at_ms: FloatArray) -> FloatArray:
    """Moments [s since 1970], NaN for what is none."""
    return np.where((at_ms > 0) & (at_ms < _LATEST_MS), at_ms, np.nan) / 1000


def _motion(bundle: Bundle, platform: str) -> Iterator[Taken]:
    """Specific force and rotation. Browsers name the rates about x, y, z alpha, beta, gamma, whatever angles are called."""
    table = _table(bundle, "motion")
    if table is None:
        return
    (at_ms,) = _columns(table, ("at_ms",))
    sign = -1.0 if _TURNED.search(platform) else 1.0
    force = [sign * axis for axis in _columns(table, ("gx", "gy", "gz"))]
    turning = [np.deg2rad(axis) for axis in _columns(table, ("ra", "rb", "rg"))]
    felt = {"accelerometer": force, "gyroscope": turning}
    motion = {
        key: dict(zip(MOTION_CHANNELS[key], axes, strict=True))
        for key, axes in felt.items()
        if np.isfinite(np.sum(axes, axis=0)).any()
    }
    if motion and np.isfinite(_moments(at_ms)).any():
        yield Taken(_moments(at_ms), motion=motion, absolute=True, repairs=table.repairs)


def _orientation(bundle: Bundle) -> Iterator[Taken]:
    """Orientation from the phone to the earth, and which way its long axis points where it has a compass.

    Some phones give two orientations, of which only one knows where north is: that one counts.
    """
    table = _table(bundle, "orientation")
    if table is None:
        return
    at_ms, *angles, compass, accuracy, absolute = _columns(table, ("at_ms", *ORIENTATION))
    north = absolute == 1
    chosen = north if north.any() else np.ones(table.count, bool)
    moments_s = np.where(chosen, _moments(at_ms), np.nan)[chosen]
    turned = [np.deg2rad(angle[chosen]) for angle in angles]
    if not np.isfinite(moments_s + np.sum(turned, axis=0)).any():
        return
    quaternion = dict(zip(MOTION_CHANNELS["orientation"], quaternions(*turned), strict=True))
    motion = {"orientation": quaternion}
    known = (compass >= 0) & (compass <= 360) & ~(accuracy < 0)
    heading = np.where(known, compass, np.nan)[chosen]
    if not np.isfinite(heading).any() and north.any():
        heading = _axis_heading(turned)
    if np.isfinite(heading).any():
        motion["heading"] = {"device_heading_deg": heading % 360}
    yield Taken(moments_s, motion=motion, absolute=True, repairs=table.repairs)


def quaternions(alpha: FloatArray, beta: FloatArray, gamma: FloatArray) -> list[FloatArray]:
    """W, x, y, z (n,) of the turns [rad] about z, then the new x, then the new y, as browsers give them.

    >>> [float(part.round(4)[0]) for part in quaternions(np.array([np.pi / 2]), np.zeros(1), np.zeros(1))]
    [0.7071, 0.0, 0.0, 0.7071]
    """
    (ca, cb, cg), (sa, sb, sg) = ([turn(angle / 2) for angle in (alpha, beta, gamma)] for turn in (np.cos, np.sin))
    return [
        ca * cb * cg - sa * sb * sg,
        ca * sb * cg - sa * cb * sg,
        ca * cb * sg + sa * sb * cg,
        ca * sb * sg + sa * cb * cg,
    ]


def _axis_heading(turned: Sequence[FloatArray]) -> FloatArray:
    """Which way [°] one axis of the phone points, seen from above: the long one, or the one through the screen.

    In a pocket or on an arm the long one points up or down, and says nothing; the one that lies flatter counts throughout.
    """
    alpha, beta, gamma = turned
    ca, cb, cg, sa, sb, sg = (turn(angle) for turn in (np.cos, np.sin) for angle in (alpha, beta, gamma))
    long_axis = -sa * cb, ca * cb
    through = ca * sg + sa * sb * cg, sa * sg - ca * sb * cg
    flat = [float(np.nanmedian(np.hypot(*axis))) for axis in (long_axis, through)]
    east, north = long_axis if flat[0] >= flat[1] else through
    heading_deg: FloatArray = np.rad2deg(np.arctan2(east, north))
    return heading_deg


# -- the track ----------------------------------------------------------------------------------------------------------


def _treadmill(guide: Line, told: Told) -> bool:
    """Whether the belt moved and not the person: positions then say nothing."""
    safety = guide.get("safety")
    return bool(told.of("belt")) or (isinstance(safety, Mapping) and safety.get("treadmill") is True)


def _track(told: Told, treadmill: bool) -> Iterator[Taken]:  # noqa: FBT001 (a fact of the place)
    """Positions, heart, pod and belt, in the order in which a speed is believed."""
    kinds = [("belt", _BELT), ("pod", _POD)] if treadmill else [("position", _POSITION), ("pod", _POD)]
    for kind, channels in (*kinds, ("heart", _HEART)):
        lines = told.of(kind)
        if not lines:
            continue
        moments_s = np.array([float(line["at_ms"]) for line in lines]) / 1000
        track = {channel: _values(lines, field) for field, channel in channels.items()}
        yield Taken(moments_s, track=track, absolute=True)


def _values(lines: Sequence[Line], field: str) -> FloatArray:
    """A field of every line (n,), NaN where it is silent."""
    least = 0.0 if field in _NEGATIVE_IS_UNKNOWN else -np.inf
    values = [line.get(field) for line in lines]
    told = [float(v) if isinstance(v, int | float) and least <= v < 1e15 else np.nan for v in values]
    return np.array(told, dtype=np.float64)
