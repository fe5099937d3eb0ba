"""GPX: tracks of every writer; routes and clockless tracks are refused in words."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from retropace.errors import UnreadableFile, UnsupportedFile
from retropace.readers.gpx import read
from retropace.recording import Recording

START = datetime(2026, 5, 4, 7, tzinfo=UTC)
NAMESPACES = (
    'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v2" '
    'xmlns:gpxdata="http://www.cluetrust.com/XML/GPXDATA/1/0" xmlns:o="http://opentracksapp.com/xmlschemas/v1"'
)


def point(second: float, inner: str = "", speed: float = 2.5) -> str:
    when = (START + timedelta(seconds=second)).isoformat()
    latitude = 47 + speed * second / 111_195
    return f'<trkpt lat="{latitude:.8f}" lon="8"><ele>400</ele><time>{when}</time>{inner}</trkpt>'


def garmin(**values: float) -> str:
    body = "".join(f"<gpxtpx:{name}>{value}</gpxtpx:{name}>" for name, value in values.items())
    return f"<extensions><gpxtpx:TrackPointExtension>{body}</gpxtpx:TrackPointExtension></extensions>"


def track(*segments: list[str], name: str = "", kind: str = "") -> str:
    told = (f"<name>{name}</name>" if name else "") + (f"<type>{kind}</type>" if kind else "")
    return f"<trk>{told}{''.join('<trkseg>' + ''.join(points) + '</trkseg>' for points in segments)}</trk>"


def document(body: str, version: str = "1/1") -> bytes:
    return (
        f'<?xml version="1.0"?><gpx version="1.1" creator="A watch" xmlns="http://www.topografix.com/GPX/{version}" '
        f"{NAMESPACES}><metadata><time>2020-01-01T00:00:00Z</time></metadata>{body}</gpx>"
    ).encode()


def kinds(recording: Recording) -> dict[str, int]:
    return {repair.kind: repair.count for repair in recording.repairs}


@pytest.mark.parametrize(
    ("inner", "channel", "value"),
    [
        (garmin(hr=140), "heart_rate_bpm", 140),
        (garmin(atemp=21.5), "temperature_degc", 21.5),
        (garmin(speed=2.5), "speed_mps", 2.5),
        (garmin(course=271.5), "course_deg", 271.5),
        ("<speed>2.5</speed><course>90</course>", "course_deg", 90),
        ("<extensions><power>250</power></extensions>", "power_w", 250),
        ("<extensions><gpxdata:hr>139</gpxdata:hr></extensions>", "heart_rate_bpm", 139),
        ("<extensions><gpxdata:distance>12.5</gpxdata:distance></extensions>", "distance_m", 12.5),
        ("<extensions><gpxtpx:hr>139</gpxtpx:hr></extensions>", "heart_rate_bpm", 139),
        ("<extensions><o:accuracy_horizontal>4.5</o:accuracy_horizontal></extensions>", "position_error_m", 4.5),
    ],
)
def test_extensions(inner: str, channel: str, value: float) -> None:
    recording = read("a.gpx", document(track([point(i, inner) for i in range(5)])))
    assert recording.track.channels[channel].tolist() == [value] * 5
    assert recording.start == START
    assert recording.origin.device == "A watch"
    assert recording.repairs == ()


def test_distance_since_the_last_point_is_not_distance() -> None:
    inner = "<extensions><o:distance>2.5</o:distance></extensions>"
    assert "distance_m" not in read("a.gpx", document(track([point(i, inner) for i in range(5)]))).track.channels


def test_a_course_below_zero_is_none() -> None:
    recording = read("a.gpx", document(track([point(0, garmin(course=-1)), point(1, garmin(course=10))])))
    assert np.array_equal(recording.track.channels["course_deg"], [np.nan, 10], equal_nan=True)
    assert recording.repairs == ()


def test_gpx_1_0_and_fractions_and_offsets() -> None:
    body = track([point(0, "<speed>2.5</speed>"), point(0.25), point(1.5)]).replace("+00:00", "-03:00")
    recording = read("a.gpx", document(body, version="1/0"))
    assert recording.track.time_s.tolist() == [0, 0.25, 1.5]
    assert recording.utc_offset == timedelta(hours=-3)
    assert recording.start == START + timedelta(hours=3)


def test_a_silence_between_segments_is_a_pause() -> None:
    body = track([point(i) for i in range(10)], [point(i) for i in range(70, 80)], [point(i) for i in range(80, 90)])
    assert [(pause.start_s, pause.end_s) for pause in read("a.gpx", document(body)).pauses] == [(9, 70)]


@pytest.mark.parametrize(
    ("name", "kind", "sport"),
    [
        ("", "running", "running"),
        ("", "9", "running"),
        ("", "trail_running", "running"),
        ("", "RUNNING", "running"),
        ("", "Ride", "cycling"),
        ("Running 10/2/17 10:49 am", "", "running"),
        ("Walking home from the ride", "", None),
        ("", "the category", None),
    ],
)
def test_sports(name: str, kind: str, sport: str | None) -> None:
    recording = read("a.gpx", document(track([point(i) for i in range(5)], name=name, kind=kind)))
    assert [span.sport for span in recording.sports] == ([sport] if sport else [])


@pytest.mark.parametrize(
    ("cadence", "speed", "expected"), [(83, 2.8, 166), (166, 2.8, 166), (52, 1.2, 104), (108, 1.2, 108)]
)
def test_ambiguous_cadence_is_judged_by_speed(cadence: int, speed: float, expected: int) -> None:
    points = [point(i, garmin(cad=cadence), speed) for i in range(60)]
    recording = read("a.gpx", document(track(points)))
    assert np.median(recording.track.channels["cadence_spm"]) == expected
    assert kinds(recording) == ({"cadence_doubled": 60} if expected != cadence else {})


def test_several_tracks_are_named_stretches_but_one_track_is_the_recording() -> None:
    first, second = [point(i) for i in range(10)], [point(i) for i in range(60, 70)]
    recording = read("a.gpx", document(track(first, name="Forward") + track(second, name="Backward")))
    assert [(lap.start_s, lap.end_s, lap.name) for lap in recording.laps] == [(0, 9, "Forward"), (60, 69, "Backward")]
    assert read("a.gpx", document(track(first, name="Backward intervals"))).laps == ()


def test_points_without_time_are_dropped_and_said() -> None:
    clockless = [point(i).replace("<time>", "<when>").replace("</time>", "</when>") for i in range(3)]
    recording = read("a.gpx", document(track(clockless, [point(i) for i in range(10)])))
    assert len(recording.track) == 10
    assert kinds(recording) == {"no_time": 3}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<rte><rtept lat="1" lon="2"/></rte>', "route or waypoints"),
        ('<wpt lat="1" lon="2"/>', "route or waypoints"),
        (track(['<trkpt lat="1" lon="2"/>'] * 5), "no times"),
        (track([point(3)] * 5), "no times"),
    ],
)
def test_routes_and_clockless_tracks_are_refused(body: str, words: str) -> None:
    with pytest.raises(UnsupportedFile, match=words):
        read("a.gpx", document(body))


def test_no_track_at_all() -> None:
    with pytest.raises(UnreadableFile, match="no track"):
        read("a.gpx", document(""))


def test_an_undeclared_prefix_does_no_harm() -> None:
    body = document(track([point(i, garmin(hr=140)) for i in range(5)])).replace(NAMESPACES.encode(), b"")
    recording = read("a.gpx", body)
    assert recording.track.channels["heart_rate_bpm"].tolist() == [140] * 5
    assert recording.repairs == ()


def test_broken_off_in_a_point() -> None:
    whole = document(track([point(i, garmin(hr=140)) for i in range(50)]))
    recording = read("a.gpx", whole[: whole.index(b"07:00:40") + 4])
    assert recording.duration_s == 39
    assert kinds(recording) == {"truncated": 1}
