"""TCX: activities of Garmin's Training Center and of the many applications that copied its format.

`NAMES` is the whole map from the file's elements to our channels. Cadence in TCX counts one foot.
"""

import math
from dataclasses import dataclass

import numpy as np

from retropace.errors import UnreadableFile, UnsupportedFile
from retropace.readers.cadence import both_feet
from retropace.readers.instants import Instants, Timeline, instant, instants, timeline, track_from
from retropace.readers.markup import Element, local, walk
from retropace.readers.rows import Rows, number
from retropace.readers.spans import pauses_between, sport_spans
from retropace.readers.sports import sport_of
from retropace.recording import FloatArray, Lap, Origin, Recording, Repair, Stream

#: Element of a track point → channel. `Value` stands only inside HeartRateBpm.
NAMES = {
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
_TAGS = ("Activity", "Lap", "Track", "Trackpoint", "Course", "Workout")


def read(name: str, data: bytes) -> Recording:
    """All activities of a TCX file as one recording, one after the other.

    Raises UnsupportedFile for courses and workouts, UnreadableFile where no point carries a time.
    """
    found = _Activities()
    repairs = walk(name, data, _TAGS, "Trackpoint", found.visit)
    if any(repair.kind == "truncated" for repair in repairs):
        found.rows.drop_last()
    _refuse_plans(found, name)
    moments = instants(found.rows.times)
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
    end_s = zero_s + float(track.time_s[-1])
    parts = [(_begin(part.begin_s, part.first_row, moments.epoch_s, zero_s), part.sport) for part in found.activities]
    sports = sport_spans(sorted(parts, key=lambda part: part[0]), end_s, clock)
    track, doubled = both_feet(track, frozenset(span.sport for span in sports), format_says_one=True)
    if len(found.activities) - found.legs > 1:
        repairs = [*repairs, Repair("chained", len(found.activities) - found.legs)]
    return Recording(
        Origin(name, "tcx", device=found.device),
        clock.start,
        utc_offset=moments.utc_offset,
        track=track,
        laps=_laps(found.laps, moments.epoch_s, end_s, clock),
        pauses=pauses_between(found.track_rows, moments.epoch_s, clock),
        sports=sports,
        reported=_reported(found.laps),
        repairs=tuple(repairs + doubled),
    )


def _begin(begin_s: float, first_row: int, epoch_s: FloatArray, zero_s: float) -> float:
    """When a part begins: as it says, else with its first point."""
    own = epoch_s[first_row:]
    known = own[np.isfinite(own)]
    return begin_s if math.isfinite(begin_s) else float(known.min()) if known.size else zero_s


@dataclass(slots=True)
class _Part:
    """An activity, or a leg of one with several sports."""

    sport: tuple[str, str | None] | None
    first_row: int
    begin_s: float = math.nan


@dataclass(slots=True)
class _LapFound:
    begin_s: float
    first_row: int
    end_row: int = 0
    timer_s: float = math.nan
    distance_m: float = math.nan
    energy_kcal: float = math.nan
    intensity: str | None = None
    notes: str | None = None


class _Activities:
    """What a walk through the file has found so far."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.activities: list[_Part] = []
        self.laps: list[_LapFound] = []
        self.track_rows: list[int] = []
        self.device: str | None = None
        self.courses = self.workouts = self.legs = 0
        self._planning = False
        self._channels: dict[object, str | None] = {}

    def visit(self, event: str, name: str, element: Element) -> None:
        if name in ("Course", "Workout"):
            self._planning = event == "start"
            self.courses += self._planning and name == "Course"
            self.workouts += self._planning and name == "Workout"
        elif self._planning:
            return
        elif name == "Trackpoint":
            if event == "end":
                self._point(element)
        elif name == "Track":
            if event == "start":
                self.track_rows.append(len(self.rows))
        elif name == "Lap":
            self._lap(event, element)
        elif name == "Activity":
            self._activity(event, element)

    def _point(self, element: Element) -> None:
        rows = self.rows
        rows.begin()
        for child in element.iter():
            tag = child.tag
            if tag not in self._channels:
                word = local(tag)
                self._channels[tag] = "time" if word == "Time" else NAMES.get(word)
            key = self._channels[tag]
            if key is None:
                continue
            if key == "time":
                rows.times[-1] = child.text
            else:
                rows.put(key, number(child.text))

    def _lap(self, event: str, element: Element) -> None:
        if event == "start":
            begin_s = instant(element.get("StartTime"))
            self.laps.append(_LapFound(begin_s, len(self.rows)))
            if self.activities and math.isnan(self.activities[-1].begin_s):
                self.activities[-1].begin_s = begin_s
            return
        lap = self.laps[-1]
        told = {local(child.tag): child.text for child in element}
        lap.end_row = len(self.rows)
        lap.timer_s = number(told.get("TotalTimeSeconds"))
        lap.distance_m = number(told.get("DistanceMeters"))
        lap.energy_kcal = number(told.get("Calories"))
        lap.intensity = INTENSITIES.get((told.get("Intensity") or "").strip())
        lap.notes = (told.get("Notes") or "").strip() or None

    def _activity(self, event: str, element: Element) -> None:
        if event == "start":
            self.activities.append(_Part(sport_of(element.get("Sport")), len(self.rows)))
            parent = element.getparent()
            self.legs += parent is not None and local(parent.tag) == "NextSport"
            return
        for child in element:
            if local(child.tag) == "Creator":
                self.device = next((c.text for c in child if local(c.tag) == "Name" and c.text), self.device)


def _laps(found: list[_LapFound], epoch_s: FloatArray, end_s: float, clock: Timeline) -> tuple[Lap, ...]:
    """Laps from their start as far as their points or their timer reach, but not into the next lap."""
    laps = []
    for lap, following in zip(found, [*found, None][1:], strict=True):
        own = epoch_s[lap.first_row : lap.end_row]
        own = own[np.isfinite(own)]
        begin_s = lap.begin_s if math.isfinite(lap.begin_s) else float(own[0]) if own.size else math.nan
        reach_s = begin_s + lap.timer_s
        if own.size:
            # A timer may say more than the track holds (cut files), and stops in pauses that the lap includes.
            reach_s = max(float(own.max()), min(reach_s, end_s)) if math.isfinite(reach_s) else float(own.max())
        if following is not None and begin_s < following.begin_s < reach_s:
            reach_s = following.begin_s
        if reach_s > begin_s:
            laps.append(Lap(max(0.0, clock.since(begin_s)), clock.since(reach_s), None, lap.intensity, lap.notes))
    return tuple(laps)


def _reported(found: list[_LapFound]) -> dict[str, float]:
    """Totals of the device's own laps, where every lap tells them and they are not all zero."""
    totals = {}
    for key in ("energy_kcal", "distance_m"):
        values = [getattr(lap, key) for lap in found]
        if values and all(math.isfinite(value) and value >= 0 for value in values) and sum(values) > 0:
            totals[key] = float(sum(values))
    return totals
