"""GPX 1.0 and 1.1: tracks with the extensions of Garmin, Cluetrust, Strava, OpenTracks and others.

`NAMES` is the whole map from the file's elements to our channels. Whether cadence counts one foot or both is not said in
GPX: `cadence.both_feet` judges.
"""

from dataclasses import dataclass

import numpy as np

from retropace.errors import UnreadableFile, UnsupportedFile
from retropace.readers.cadence import both_feet
from retropace.readers.instants import Instants, Timeline, instants, timeline, track_from
from retropace.readers.markup import Element, Walk, local, walk
from retropace.readers.rows import Cell, Rows
from retropace.readers.spans import clipped, pauses_between, sport_spans
from retropace.readers.sports import sport_in_name, sport_of
from retropace.recording import FloatArray, Lap, Origin, Recording, Repair, Stream

#: Element of a track point, wherever it stands in the point → channel.
NAMES = {
    "time": "time",
    "ele": "altitude_m",
    "speed": "speed_mps",
    "course": "course_deg",
    "hr": "heart_rate_bpm",
    "heartrate": "heart_rate_bpm",
    "cad": "cadence_spm",
    "cadence": "cadence_spm",
    "RunCadence": "cadence_spm",
    "atemp": "temperature_degc",
    "temp": "temperature_degc",
    "temperature": "temperature_degc",
    "power": "power_w",
    "watts": "power_w",
    "PowerInWatts": "power_w",
    "accuracy_horizontal": "position_error_m",
}
#: Attribute of a track point → channel.
POSITION = {"lat": "latitude_deg", "lon": "longitude_deg"}
#: Cluetrust's distance grows along the track; other applications mean other things by the word.
_DISTANCE = "{http://www.cluetrust.com/XML/GPXDATA/1/0}distance"
_TAGS = ("gpx", "trk", "trkseg", "rte", "wpt")


def read(name: str, data: bytes) -> Recording:
    """All tracks of a GPX file as one recording, with pauses between their segments.

    Raises UnsupportedFile for routes, waypoints and tracks without times, UnreadableFile for a file without points.
    """
    found = _Tracks()
    repairs = walk(name, data, Walk("trkpt", found.point, _TAGS, found.visit))
    if any(repair.kind == "truncated" for repair in repairs):
        found.rows.cut(len(found.rows) - 1)
    _refuse_routes(found, name)
    moments = instants(found.rows.times())
    track, zero_s, mended = track_from(moments.epoch_s, _channels(found.rows))
    if len(track) < 2:
        raise UnsupportedFile(
            "The track's points carry no times, or all the same: without a clock there is no speed",
            file=name,
            remedy="Export the recorded activity, not the route.",
        )
    return _recording(name, found, moments, track, zero_s, repairs + moments.repairs + mended)


def _refuse_routes(found: "_Tracks", name: str) -> None:
    if len(found.rows):
        return
    if found.plans:
        raise UnsupportedFile(
            "The file holds a route or waypoints, not a recording", file=name, remedy="Export the recorded activity."
        )
    raise UnreadableFile("The file holds no track", file=name, remedy="Export the recorded activity again.")


def _channels(rows: Rows) -> dict[str, FloatArray]:
    """Columns of the points; a course below zero means unknown (iOS)."""
    channels = rows.channels()
    if "course_deg" in channels:
        course = channels["course_deg"]
        channels["course_deg"] = np.where(course < 0, np.nan, course)
    return channels


def _recording(
    name: str, found: "_Tracks", moments: Instants, track: Stream, zero_s: float, repairs: list[Repair]
) -> Recording:
    clock = timeline(zero_s, absolute=True)
    duration_s = float(track.time_s[-1])
    begun = [(part, _begin(part, moments.epoch_s)) for part in found.parts]
    parts = sorted([(begin, part.sport) for part, begin in begun if np.isfinite(begin)], key=lambda part: part[0])
    sports = sport_spans(parts, clock, duration_s)
    track, doubled = both_feet(track, frozenset(span.sport for span in sports), format_says_one=False)
    return Recording(
        Origin(name, "gpx", device=found.creator),
        clock.start,
        utc_offset=moments.utc_offset,
        track=track,
        laps=_laps(found.parts, moments.epoch_s, clock, duration_s),
        pauses=pauses_between(found.segment_rows, moments.epoch_s, clock, duration_s),
        sports=sports,
        repairs=tuple(repairs + doubled),
    )


@dataclass(frozen=True, slots=True)
class _Track:
    first_row: int
    end_row: int
    name: str | None
    sport: tuple[str, str | None] | None


class _Tracks:
    """What a walk through the file has found so far."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.parts: list[_Track] = []
        self.segment_rows: list[int] = []
        self.creator: str | None = None
        self.plans = 0
        self._track_row = 0
        self._cells: dict[object, Cell | None] = {_DISTANCE: self.rows.cell("distance_m")}

    def point(self, element: Element) -> None:
        row, cells = self.rows.begin(), self._cells
        for name, key in POSITION.items():
            rows, texts = self.rows.cell(key)
            rows.append(row)
            texts.append(element.get(name))
        for child in element.iterdescendants():
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
        if name == "trkseg":
            self.segment_rows.append(len(self.rows))  # where the next one begins
        elif name == "trk":
            self._track(element)
        elif name == "gpx":
            self.creator = element.get("creator") or self.creator
        else:
            self.plans += 1

    def _track(self, element: Element) -> None:
        told = {local(child.tag): child.text for child in element}
        name = (told.get("name") or "").strip() or None
        sport = sport_of(told.get("type")) or sport_in_name(name)
        self.parts.append(_Track(self._track_row, len(self.rows), name, sport))
        self._track_row = len(self.rows)


def _known(part: _Track, epoch_s: FloatArray) -> FloatArray:
    own = epoch_s[part.first_row : part.end_row]
    return own[np.isfinite(own)]


def _begin(part: _Track, epoch_s: FloatArray) -> float:
    own = _known(part, epoch_s)
    return float(own.min()) if own.size else np.nan


def _laps(parts: list[_Track], epoch_s: FloatArray, clock: Timeline, duration_s: float) -> tuple[Lap, ...]:
    """Several tracks in one file are stretches that somebody named; a single one is the recording itself."""
    timed = [(part, own) for part in parts if (own := _known(part, epoch_s)).size > 1 and np.ptp(own) > 0]
    if len(timed) < 2:
        return ()
    spans = [clipped(clock.since(float(own.min())), clock.since(float(own.max())), duration_s) for _, own in timed]
    return tuple(Lap(*span, part.name) for span, (part, _) in zip(spans, timed, strict=True) if span)
