"""TCX: activities of Garmin's Training Center and of the many applications that copied its format.

`NAMES` is the whole map from the file's elements to our channels. Cadence in TCX counts one foot.
"""

import math
from dataclasses import dataclass

import numpy as np

from retropace.errors import UnreadableFile, UnsupportedFile
from retropace.readers.cadence import both_feet
from retropace.readers.instants import Instants, Timeline, instant, instants, timeline, track_from
from retropace.readers.markup import Element, Walk, local, walk
from retropace.readers.rows import Cell, Rows, number
from retropace.readers.spans import clipped, pauses_between, sport_spans
from retropace.readers.sports import sport_of
from retropace.recording import FloatArray, Lap, Origin, Recording, Repair, Stream

#: Element of a track point → channel. `Value` stands only inside HeartRateBpm.
NAMES = {
    "Time": "time",
    "LatitudeDegrees": "latitude_deg",
    "LongitudeDegrees": "longitude_deg",
    "AltitudeMeters": "altitude_m",
    "DistanceMeters": "distance_m",
    "Value": "heart_rate_bpm",
    "Cadence": "cadence_spm",
    "RunCadence": "cadence_spm",
    "Speed": "speed_mps",
    "Watts": "power_w",
}
INTENSITIES = {"Active": "active", "Resting": "rest"}
_TAGS = ("Activity", "Lap", "Track", "Course", "Workout")


def read(name: str, data: bytes) -> Recording:
    """All activities of a TCX file as one recording, one after the other.

    Raises UnsupportedFile for courses and workouts, UnreadableFile where no point carries a time.
    """
    found = _Activities()
    repairs = walk(name, data, Walk("Trackpoint", found.point, _TAGS, found.visit))
    if any(repair.kind == "truncated" for repair in repairs):
        found.rows.cut(len(found.rows) - 1)
    _refuse_plans(found, name)
    moments = instants(found.rows.times())
    track, zero_s, mended = track_from(moments.epoch_s, found.rows.channels())
    if len(track) < 2:
        raise UnreadableFile(
            "The activity holds no track points with different times",
            file=name,
            remedy="Export it with its track, or as FIT.",
        )
    return _recording(name, found, moments, track, zero_s, repairs + moments.repairs + mended)


def _refuse_plans(found: "_Activities", name: str) -> None:
    if found.activities or len(found.rows):
        return
    if found.courses:
        raise UnsupportedFile(
            "The file holds a course to follow, not a recording", file=name, remedy="Export the activity instead."
        )
    if found.workouts:
        raise UnsupportedFile(
            "The file holds a planned workout, not a recording", file=name, remedy="Export the activity instead."
        )
    raise UnreadableFile("The file holds no activity", file=name, remedy="Export the activity again.")


def _recording(
    name: str, found: "_Activities", moments: Instants, track: Stream, zero_s: float, repairs: list[Repair]
) -> Recording:
    clock = timeline(zero_s, absolute=True)
    duration_s = float(track.time_s[-1])
    parts = [(_begin(part, moments.epoch_s, zero_s), part.sport) for part in found.activities]
    sports = sport_spans(sorted(parts, key=lambda part: part[0]), clock, duration_s)
    track, doubled = both_feet(track, frozenset(span.sport for span in sports), format_says_one=True)
    if len(found.activities) - found.legs > 1:
        repairs = [*repairs, Repair("chained", len(found.activities) - found.legs)]
    return Recording(
        Origin(name, "tcx", device=found.device),
        clock.start,
        utc_offset=moments.utc_offset,
        track=track,
        laps=_laps(found.laps, moments.epoch_s, clock, duration_s),
        pauses=pauses_between(found.track_rows, moments.epoch_s, clock, duration_s),
        sports=sports,
        reported=_reported(found.laps),
        repairs=tuple(repairs + doubled),
    )


def _begin(part: "_Part", epoch_s: FloatArray, zero_s: float) -> float:
    """When a part begins: as its first lap says, else with its first point."""
    own = epoch_s[part.first_row : part.end_row]
    known = own[np.isfinite(own)]
    return part.begin_s if math.isfinite(part.begin_s) else float(known.min()) if known.size else zero_s


@dataclass(frozen=True, slots=True)
class _Part:
    """An activity, or a leg of one with several sports."""

    sport: tuple[str, str | None] | None
    first_row: int
    end_row: int
    begin_s: float


@dataclass(frozen=True, slots=True)
class _LapFound:
    begin_s: float
    first_row: int
    end_row: int
    timer_s: float
    distance_m: float
    energy_kcal: float
    intensity: str | None
    notes: str | None


class _Activities:
    """What a walk through the file has found so far."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.activities: list[_Part] = []
        self.laps: list[_LapFound] = []
        self.track_rows: list[int] = []
        self.device: str | None = None
        self.courses = self.workouts = self.legs = 0
        self._part_row = self._part_lap = self._lap_row = 0
        self._cells: dict[object, Cell | None] = {}

    def point(self, element: Element) -> None:
        row, cells = self.rows.begin(), self._cells
        for child in element.iter():
            tag = child.tag
            if tag not in cells:
                cells[tag] = self._cell(local(tag))
            cell = cells[tag]
            if cell is not None:
                cell[0].append(row)
                cell[1].append(child.text)

    def _cell(self, word: str) -> Cell | None:
        key = NAMES.get(word)
        return self.rows.cell(key) if key else None

    def visit(self, name: str, element: Element) -> None:
        if name == "Track":
            self.track_rows.append(len(self.rows))  # where the next one begins
        elif name == "Lap":
            self._lap(element)
        elif name == "Activity":
            self._activity(element)
        else:
            self._plan(name)

    def _lap(self, element: Element) -> None:
        told = {local(child.tag): child.text for child in element}
        self.laps.append(
            _LapFound(
                instant(element.get("StartTime")),
                self._lap_row,
                len(self.rows),
                number(told.get("TotalTimeSeconds")),
                number(told.get("DistanceMeters")),
                number(told.get("Calories")),
                INTENSITIES.get((told.get("Intensity") or "").strip()),
                (told.get("Notes") or "").strip() or None,
            )
        )
        self._lap_row = len(self.rows)

    def _activity(self, element: Element) -> None:
        begins = [lap.begin_s for lap in self.laps[self._part_lap :] if math.isfinite(lap.begin_s)]
        sport = sport_of(element.get("Sport"))
        self.activities.append(_Part(sport, self._part_row, len(self.rows), min(begins, default=math.nan)))
        parent = element.getparent()
        self.legs += parent is not None and local(parent.tag) == "NextSport"
        for child in element:
            if local(child.tag) == "Creator":
                self.device = next((c.text for c in child if local(c.tag) == "Name" and c.text), self.device)
        self._next_part()

    def _plan(self, name: str) -> None:
        """A course or workout: what was found in it is no recording."""
        self.courses += name == "Course"
        self.workouts += name == "Workout"
        self.rows.cut(self._part_row)
        del self.laps[self._part_lap :]
        self._next_part()

    def _next_part(self) -> None:
        self._part_row = self._lap_row = len(self.rows)
        self._part_lap = len(self.laps)


def _laps(found: list[_LapFound], epoch_s: FloatArray, clock: Timeline, duration_s: float) -> tuple[Lap, ...]:
    """Laps from their start as far as their points or their timer reach, but not into the next lap.

    A timer may say more than the track holds, where a file was cut, and it stops in pauses that the lap includes.
    """
    laps = []
    for lap, following in zip(found, [*found, None][1:], strict=True):
        own = epoch_s[lap.first_row : lap.end_row]
        own = own[np.isfinite(own)]
        begin_s = lap.begin_s if math.isfinite(lap.begin_s) else float(own[0]) if own.size else math.nan
        reach = [begin_s + lap.timer_s, float(own.max()) if own.size else math.nan]
        reach_s = max((moment for moment in reach if math.isfinite(moment)), default=math.nan)
        if following is not None and begin_s < following.begin_s < reach_s:
            reach_s = following.begin_s
        span = clipped(clock.since(begin_s), clock.since(reach_s), duration_s)
        if span:
            laps.append(Lap(*span, None, lap.intensity, lap.notes))
    return tuple(laps)


def _reported(found: list[_LapFound]) -> dict[str, float]:
    """Totals of the device's own laps, where every lap tells them and they are not all zero."""
    totals = {}
    for key in ("energy_kcal", "distance_m"):
        values = [getattr(lap, key) for lap in found]
        if values and all(math.isfinite(value) and value >= 0 for value in values) and sum(values) > 0:
            totals[key] = float(sum(values))
    return totals
