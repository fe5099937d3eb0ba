"""Foreign: kinds of file that retropace knows but does not read, and what to export instead.

Only what a file holds counts; a name may be wrong. `UNSUPPORTED` is in the order asked.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from retropace.errors import UnsupportedFile

_ROOT = re.compile(rb"<(?!\?|!)(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_GPX = "Export the activity as FIT, TCX or GPX."


def root_name(data: bytes) -> str:
    """Name of an XML file's outermost element without its prefix, "" where it begins like none.

    >>> root_name(b'<?xml version="1.0"?><!-- a run --><gpx version="1.1">')
    'gpx'
    """
    head = data[:8192].replace(b"\0", b"")
    begin = head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip()
    if not begin.startswith(b"<"):
        return ""
    begin = re.sub(rb"<!--.*?-->|<!DOCTYPE[^>]*>", b"", begin, flags=re.DOTALL)
    found = _ROOT.search(begin)
    return found.group(1).decode("ascii", errors="replace") if found else ""


def _root(*names: str) -> Callable[[bytes], bool]:
    return lambda data: root_name(data).lower() in names


def _starts(*marks: bytes, at: int = 0) -> Callable[[bytes], bool]:
    return lambda data: any(data[at : at + len(mark)] == mark for mark in marks)


def _json(*words: bytes) -> Callable[[bytes], bool]:
    def speaks(data: bytes) -> bool:
        head = data[:65_536].lstrip(b"\xef\xbb\xbf \t\r\n")
        return head[:1] in (b"{", b"[") and any(word in head for word in words)

    return speaks


def _matches(pattern: bytes) -> Callable[[bytes], bool]:
    compiled = re.compile(pattern)
    return lambda data: compiled.match(data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")) is not None


def _is_c3d(data: bytes) -> bool:
    """A capture of a laboratory: its first byte numbers the block of 512 bytes in which it names the kind of machine."""
    begin = 512 * (data[0] - 1) if data else 0
    return begin > 0 and data[1:2] == b"P" and data[begin + 3 : begin + 4] in (b"T", b"U", b"V")


@dataclass(frozen=True, slots=True)
class Foreign:
    """A kind of file: its `name` after "The file is", how its bytes begin, and what to do instead."""

    name: str
    speaks: Callable[[bytes], bool]
    remedy: str


UNSUPPORTED: tuple[Foreign, ...] = (
    Foreign("a web page saved in place of a file", _matches(rb"(?i)<!doctype html|<html"), "Download the file itself."),
    Foreign("a KML map", _root("kml"), "Export the activity as GPX, which keeps the times."),
    Foreign("a Suunto SML log", _root("sml"), "Export the move from the Suunto app as FIT."),
    Foreign("a PWX activity", _root("pwx"), "Export the workout as FIT from TrainingPeaks."),
    Foreign(
        "an Apple Health export", _root("healthdata"), "Export the single workout as GPX or FIT with an export app."
    ),
    Foreign("a planned workout", _root("workout_file"), "Give the recorded activity instead."),
    Foreign("a phyphox experiment without data", _root("phyphox"), "In phyphox, use Export data and choose CSV."),
    Foreign(
        "a FitoTrack backup",
        _root("fito-track"),
        "Export the workout from FitoTrack as GPX.",
    ),
    Foreign("a Polar HRM log", _matches(rb"\[Params\]"), "Export the session from Polar Flow as TCX or GPX."),
    Foreign(
        "an NMEA log of a receiver",
        _matches(rb"\$(?:GP|GN|GL|GA|BD)[A-Z]{3},"),
        "Convert it to GPX, for example with GPSBabel.",
    ),
    Foreign(
        "a Strava stream",
        _json(b'"velocity_smooth"', b'"latlng"', b'"original_size"'),
        "Use Export Original on Strava.",
    ),
    Foreign(
        "a Google location history",
        _json(b'"latitudeE7"', b'"timelineObjects"', b'"semanticSegments"', b'"timelinePath"'),
        "It is too coarse to measure a run. Give the watch's or the running app's own file.",
    ),
    Foreign(
        "a Sensor Logger recording as JSON",
        _json(b'"seconds_elapsed"'),
        "Export it from Sensor Logger as a zip of CSV.",
    ),
    Foreign("a Suunto log as JSON", _json(b'"DeviceLog"'), "Export the move from the Suunto app as FIT."),
    Foreign(
        "a GeoJSON map",
        _json(b'"FeatureCollection"', b'"LineString"'),
        "Export the activity as GPX, which keeps the times.",
    ),
    Foreign(
        "JSON",
        _matches(rb"""[\[{]\s*[\[{"\d]"""),
        "Export the activity as FIT, TCX or GPX, raw motion as CSV with a name over every column.",
    ),
    Foreign("an Axivity recording", _starts(b"MD\xfc\x03"), "Convert it to CSV with OmGui or cwa-convert."),
    Foreign("a GENEActiv recording", _starts(b"Device Identity"), "Convert it to CSV with the GENEActiv software."),
    Foreign(
        "an ActiGraph table of counts",
        lambda data: data.startswith(b"------------ Data") and b"Accelerometer X" not in data[:8192],
        "Export the raw data from ActiLife as CSV, with its header.",
    ),
    Foreign("an image", _starts(b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM"), _GPX),
    Foreign("an image", _starts(b"ftypheic", b"ftypmif1", b"ftypavif", at=4), _GPX),
    Foreign("a PDF document", _starts(b"%PDF"), _GPX),
    Foreign("a video", _starts(b"ftyp", b"moov", b"mdat", at=4), _GPX),
    Foreign("a video or sound", _starts(b"\x1aE\xdf\xa3", b"RIFF", b"OggS", b"ID3", b"fLaC"), _GPX),
    Foreign("an Office document", _starts(b"\xd0\xcf\x11\xe0"), "Save the table as CSV."),
    Foreign("a database", _starts(b"SQLite format 3\0"), _GPX),
    Foreign(
        "an archive of another kind",
        _starts(b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ"),
        "Unpack it, or pack it as zip.",
    ),
    Foreign(
        "a MATLAB file of version 7.3",
        _starts(b"MATLAB 7.3"),
        "In MATLAB, save it with -v7, or write its columns as CSV (writetable, writetimetable).",
    ),
    Foreign(
        "an HDF5 file",
        _starts(b"\x89HDF"),
        "Write acceleration, rotation and time of one sensor as CSV, or as .npz or .mat (-v7).",
    ),
    Foreign("a Parquet table", _starts(b"PAR1"), "Save the columns as CSV."),
    Foreign(
        "a motion capture",
        _matches(rb"HIERARCHY\s"),
        "Make a recording of a virtual sensor from it: ./run virtual CLIP.bvh -o FILE.zip",
    ),
    Foreign(
        "a motion capture",
        _is_c3d,
        "Make a recording of a virtual sensor from it: ./run virtual CLIP.c3d -o FILE.zip",
    ),
    Foreign("a calendar", _starts(b"BEGIN:VCALENDAR"), "Give the recorded activity instead."),
    Foreign("XML of another kind", lambda data: bool(root_name(data)), _GPX),
)

#: Names inside a zip that make it something else: (the kind, a pattern of one member's path, what to do).
FOREIGN_ZIPS: tuple[tuple[str, str, str], ...] = (
    ("a Word or other Office document", r"\[Content_Types\]\.xml", "Save the table as CSV."),
    ("an Office document", r"mimetype", "Save the table as CSV."),
    (
        "an Apple Health export",
        r"apple_health_export/.*",
        "Give the workout routes in its folder workout-routes (GPX).",
    ),
    ("a KMZ map", r".*\.kml", "Export the activity as GPX, which keeps the times."),
    ("an ActiGraph recording", r"log\.bin", "Convert it to CSV with ActiLife."),
    ("an Android application", r"AndroidManifest\.xml", _GPX),
)


def refuse(name: str, data: bytes) -> None:
    """Raise UnsupportedFile where the file is of a known kind that is not read."""
    for kind in UNSUPPORTED:
        if kind.speaks(data):
            raise UnsupportedFile(
                f"The file is {kind.name}, which retropace does not read", file=name, remedy=kind.remedy
            )


def refuse_zip(name: str, members: Collection[str]) -> None:
    """Raise UnsupportedFile where the members make the archive a known kind that is not read."""
    for kind, pattern, remedy in FOREIGN_ZIPS:
        if any(re.fullmatch(pattern, member) for member in members):
            raise UnsupportedFile(f"The file is {kind}, which retropace does not read", file=name, remedy=remedy)
