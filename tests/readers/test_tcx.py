"""TCX: what stands in the file, and nothing else, whoever wrote it."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from retropace.errors import UnreadableFile, UnsupportedFile
from retropace.readers.tcx import read
from retropace.recording import Recording

START = datetime(2026, 5, 4, 7, tzinfo=UTC)


def point(second: float, **values: object) -> str:
    told = {"Time": (START + timedelta(seconds=second)).isoformat().replace("+00:00", "Z")} | values
    body = ""
    for name, value in told.items():
        if name == "at" and isinstance(value, tuple):
            latitude, longitude = value
            position = f"<LatitudeDegrees>{latitude}</LatitudeDegrees><LongitudeDegrees>{longitude}</LongitudeDegrees>"
            body += f"<Position>{position}</Position>"
        elif name == "HeartRateBpm":
            body += f"<HeartRateBpm><Value>{value}</Value></HeartRateBpm>"
        elif name in ("Speed", "RunCadence", "Watts"):
            body += f"<Extensions><x:TPX><x:{name}>{value}</x:{name}></x:TPX></Extensions>"
        else:
            body += f"<{name}>{value}</{name}>"
    return f"<Trackpoint>{body}</Trackpoint>"


def lap(start: float, *tracks: list[str], seconds: float = 10, notes: str = "", intensity: str = "Active") -> str:
    begin = (START + timedelta(seconds=start)).isoformat()
    note = f"<Notes>{notes}</Notes>" if notes else ""
    body = "".join(f"<Track>{''.join(points)}</Track>" for points in tracks)
    return (
        f'<Lap StartTime="{begin}"><TotalTimeSeconds>{seconds}</TotalTimeSeconds><DistanceMeters>30</DistanceMeters>'
        "<Calories>5</Calories><AverageHeartRateBpm><Value>99</Value></AverageHeartRateBpm>"
        f"<Intensity>{intensity}</Intensity>{body}{note}</Lap>"
    )


def activity(*laps: str, sport: str = "Running") -> str:
    creator = "<Creator><Name>Forerunner 55</Name></Creator>"
    return f'<Activity Sport="{sport}"><Id>2026-05-04T07:00:00Z</Id>{"".join(laps)}{creator}</Activity>'


def document(*activities: str, around: str = "Activities") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><TrainingCenterDatabase xmlns:x="http://www.garmin.com/xmlschemas/'
        'ActivityExtension/v2" xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">'
        f"<{around}>{''.join(activities)}</{around}></TrainingCenterDatabase>"
    ).encode()


def steady(first: int, last: int, **values: object) -> list[str]:
    return [point(i, DistanceMeters=2.5 * i, **values) for i in range(first, last)]


def kinds(recording: Recording) -> dict[str, int]:
    return {repair.kind: repair.count for repair in recording.repairs}


def test_everything_that_a_point_says() -> None:
    first = point(0, at=(47.5, 8.25), AltitudeMeters=401.5, DistanceMeters=0, HeartRateBpm=140, Speed=2.5, Watts=250)
    recording = read("a.tcx", document(activity(lap(0, [first, point(1, HeartRateBpm=141)]))))
    assert recording.start == START
    assert recording.track.time_s.tolist() == [0, 1]
    assert {key: values[0] for key, values in recording.track.channels.items()} == {
        "latitude_deg": 47.5,
        "longitude_deg": 8.25,
        "altitude_m": 401.5,
        "distance_m": 0,
        "heart_rate_bpm": 140,
        "speed_mps": 2.5,
        "power_w": 250,
    }
    assert np.isnan(recording.track.channels["speed_mps"][1])
    assert recording.track.channels["heart_rate_bpm"][1] == 141  # and not the lap's average
    assert recording.origin.device == "Forerunner 55"
    assert [(span.sport, span.start_s, span.end_s) for span in recording.sports] == [("running", 0, 1)]
    assert recording.reported == {"energy_kcal": 5, "distance_m": 30}
    assert recording.repairs == ()


def test_laps_keep_notes_and_intensity_and_meet_each_other() -> None:
    laps = lap(0, steady(0, 10), notes="Backward 1"), lap(10, steady(10, 20), intensity="Resting")
    first, second = read("a.tcx", document(activity(*laps))).laps
    assert (first.start_s, first.end_s, first.notes, first.intensity) == (0, 10, "Backward 1", "active")
    assert (second.start_s, second.end_s, second.notes, second.intensity) == (10, 19, None, "rest")


def test_a_lap_with_a_pause_lasts_longer_than_its_timer() -> None:
    recording = read("a.tcx", document(activity(lap(0, steady(0, 10), steady(70, 80), seconds=20))))
    assert [(pause.start_s, pause.end_s) for pause in recording.pauses] == [(9, 70)]
    assert recording.laps[0].end_s == 79


def test_spans_stay_within_the_recording_whatever_the_file_says() -> None:
    laps = lap(-1e9, steady(0, 10)), lap(10, steady(10, 20), seconds=5000), lap(2e9, steady(20, 30))
    bogus = point(-1.1e9, DistanceMeters=1)
    recording = read("a.tcx", document(activity(*laps), activity(lap(30, [bogus], steady(30, 40)))))
    assert recording.duration_s == 39
    assert all(0 <= lap.start_s < lap.end_s <= 39 for lap in recording.laps)
    assert all(0 <= span.start_s < span.end_s <= 39 for span in recording.sports)
    assert all(0 <= pause.start_s < pause.end_s <= 39 for pause in recording.pauses)
    assert kinds(recording) == {"chained": 2, "time_jump": 1}


def test_a_new_track_without_a_silence_is_no_pause() -> None:
    assert read("a.tcx", document(activity(lap(0, steady(0, 10), steady(10, 20))))).pauses == ()


@pytest.mark.parametrize(
    ("cadence", "speed", "expected"),
    [(83, 2.8, 166), (166, 2.8, 166), (55, 1.3, 110), (112, 1.3, 112), (60, 0.6, 120)],
)
def test_cadence_counts_both_feet(cadence: int, speed: float, expected: int) -> None:
    points = [point(i, DistanceMeters=speed * i, RunCadence=cadence) for i in range(60)]
    recording = read("a.tcx", document(activity(lap(0, points))))
    assert np.median(recording.track.channels["cadence_spm"]) == expected
    assert recording.repairs == ()


def test_turns_of_a_crank_are_no_steps() -> None:
    recording = read("a.tcx", document(activity(lap(0, steady(0, 20, Cadence=90)), sport="Biking")))
    assert "cadence_spm" not in recording.track.channels
    assert recording.sports[0].sport == "cycling"


def test_a_treadmill_without_positions_is_read() -> None:
    recording = read("a.tcx", document(activity(lap(0, steady(0, 20, HeartRateBpm=130)))))
    assert set(recording.track.channels) == {"distance_m", "heart_rate_bpm"}


def test_several_sports_are_one_recording() -> None:
    legs = (
        f"<FirstSport>{activity(lap(0, steady(0, 10)), sport='Other')}</FirstSport>"
        f"<NextSport><Transition/>{activity(lap(10, steady(10, 20)), sport='Biking')}</NextSport>"
        f"<NextSport>{activity(lap(20, steady(20, 30)))}</NextSport>"
    )
    recording = read("a.tcx", document(f"<MultiSportSession>{legs}</MultiSportSession>"))
    assert [(span.sport, span.start_s, span.end_s) for span in recording.sports] == [
        ("cycling", 10, 20),
        ("running", 20, 29),
    ]
    assert recording.repairs == ()
    assert len(recording.laps) == 3


def test_unrelated_activities_are_joined_and_said_so() -> None:
    recording = read("a.tcx", document(activity(lap(0, steady(0, 10))), activity(lap(3600, steady(3600, 3610)))))
    assert kinds(recording) == {"chained": 2}
    assert recording.duration_s == 3609
    assert [(pause.start_s, pause.end_s) for pause in recording.pauses] == [(9, 3600)]


def test_two_documents_in_one_file_are_joined() -> None:
    twice = document(activity(lap(0, steady(0, 10)))) + b"\n" + document(activity(lap(60, steady(60, 70))))
    recording = read("a.tcx", twice)
    assert kinds(recording) == {"chained": 2}
    assert len(recording.track) == 20


@pytest.mark.parametrize(("around", "word"), [("Courses", "course"), ("Workouts", "workout")])
def test_plans_are_no_recordings(around: str, word: str) -> None:
    inner = around[:-1]
    body = f"<{inner}><Name>x</Name><Track>{''.join(steady(0, 10))}</Track></{inner}>"
    with pytest.raises(UnsupportedFile, match=f"{word}.*Export the activity"):
        read("a.tcx", document(body, around=around))


def test_a_course_beside_an_activity_is_passed_over() -> None:
    course = f"<Courses><Course><Lap/><Track>{''.join(steady(500, 600))}</Track></Course></Courses>".encode()
    whole = document(activity(lap(0, steady(0, 10)))).replace(b"<Activities>", course + b"<Activities>")
    recording = read("a.tcx", whole)
    assert len(recording.track) == 10
    assert len(recording.laps) == 1


def test_a_file_that_breaks_off_gives_what_came_before() -> None:
    whole = document(activity(lap(0, steady(0, 100, HeartRateBpm=140))))
    cut = read("a.tcx", whole[: whole.index(b"2026-05-04T07:01:20")])
    assert kinds(cut) == {"truncated": 1}
    assert cut.duration_s == 79
    assert cut.sports[0].sport == "running"
    half_a_number = read("a.tcx", whole[: whole.index(b"<DistanceMeters>200.0") + len(b"<DistanceMeters>20")])
    assert half_a_number.track.channels["distance_m"][-1] == 197.5


def test_a_hole_in_the_middle_costs_only_what_is_in_it() -> None:
    whole = document(activity(lap(0, steady(0, 100))))
    middle = len(whole) // 2
    recording = read("a.tcx", whole[:middle] + b"\0" * 100 + whole[middle + 100 :])
    assert len(recording.track) >= 97
    assert "corrupt" in kinds(recording)


def test_points_without_times_or_with_odd_ones() -> None:
    odd = [point(0), "<Trackpoint/>", "<Trackpoint><Time>soon</Time></Trackpoint>", point(1), point(2), point(2)]
    recording = read("a.tcx", document(activity(lap(0, odd))))
    assert recording.track.time_s.tolist() == [0, 1, 2]
    assert kinds(recording) == {"no_time": 2, "time_repeated": 1}


def test_local_times_keep_their_offset_and_missing_zones_are_said() -> None:
    local = document(activity(lap(0, steady(0, 5)))).replace(b"Z</Time>", b"+05:30</Time>")
    recording = read("a.tcx", local)
    assert recording.utc_offset == timedelta(hours=5, minutes=30)
    assert recording.start == START - timedelta(hours=5, minutes=30)
    bare = read("a.tcx", document(activity(lap(0, steady(0, 5)))).replace(b"Z</Time>", b"</Time>"))
    assert bare.start == START
    assert kinds(bare) == {"zone_assumed": 1}


def test_encodings_marks_and_prefixes() -> None:
    whole = document(activity(lap(0, steady(0, 10, Speed=2.5), notes="Rückwärts")))
    expected = read("a.tcx", whole)
    assert expected.laps[0].notes == "Rückwärts"
    text = whole.decode()
    others = [
        b"\xef\xbb\xbf" + whole,
        b"\r\n " + whole,
        text.encode("utf-16"),
        text.replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        text.replace(' xmlns:x="http://www.garmin.com/xmlschemas/ActivityExtension/v2"', "").encode(),
        text.replace("xmlns=", "xmlns:tcd=").replace("<", "<tcd:").replace("<tcd:/", "</tcd:").replace("tcd:?", "?")
        .replace("tcd:x:", "x:").encode(),
    ]  # fmt: skip
    for other in others:
        recording = read("a.tcx", other)
        assert recording.laps == expected.laps
        assert recording.track.channels["speed_mps"].tolist() == [2.5] * 10
        assert recording.repairs == ()


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    with pytest.raises(UnreadableFile, match="entities"):
        read("a.tcx", document(activity(lap(0, steady(0, 10)))).replace(b"?>", b"?>" + bomb, 1))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        activity(lap(0, [])).encode(),
        activity(lap(0, [point(3)])).encode(),
        activity(lap(0, [point(3)] * 9)).encode(),
    ],
)
def test_nothing_to_measure_is_a_sentence(body: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"a\.tcx"):
        read("a.tcx", document(body.decode()))
