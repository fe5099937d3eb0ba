"""Calendars: a second and a third reader find every event at its instant; identities last; lines are folded."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judge_readers import needs_node, run_node
from made_plans import CLEARANCE, MONDAY, programme
from retropace.errors import UnusableInput
from retropace.place import Place, Surface, Watcher
from retropace.programme import Day, Kind, Programme
from retropace.writers import Options, write
from retropace.writers.time_zone import time_zone

BERLIN = Options(zone="Europe/Berlin", person="Ada", where="Track; Park Lane, north", alarm_min=30)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "UTC")


def events(content: bytes) -> list[Any]:
    calendar = icalendar.Calendar.from_ical(content)
    assert isinstance(calendar, icalendar.Calendar)
    assert not calendar.errors
    return calendar.walk("VEVENT")


def planned(made: Programme) -> list[tuple[dt.date, str, float]]:
    """Day, title and length of everything with a session."""
    return [
        (day.date, day.session.name, day.session.duration_s) for week in made.weeks for day in week.days if day.session
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_a_second_reader_finds_every_session_at_its_time(zone: str) -> None:
    made = programme(20)  # over the change of the clocks
    found = [e for e in events(write(made, "ics", replace(BERLIN, zone=zone)).content) if "session" in e["uid"]]
    assert [(e.start.date(), str(e["summary"])) for e in found] == [(date, name) for date, name, _ in planned(made)]
    for event, (date, _, seconds) in zip(found, planned(made), strict=True):
        begin = dt.datetime.combine(date, dt.time(18), ZoneInfo(zone))
        assert event.start.timestamp() == begin.timestamp()
        assert 0 <= (event.end - event.start).total_seconds() - seconds < 60


@needs_node
@pytest.mark.parametrize("zone", ZONES)
def test_a_third_reader_in_javascript_reckons_the_same_instants(zone: str, tmp_path: Path) -> None:
    content = write(programme(20), "ics", replace(BERLIN, zone=zone)).content
    (tmp_path / "plan.ics").write_bytes(content)
    theirs = run_node("read_ics.mjs", [tmp_path / "plan.ics"])
    ours = events(content)
    assert [one["uid"] for one in theirs] == [str(e["uid"]) for e in ours]
    for one, event in zip(theirs, ours, strict=True):
        assert (one["summary"], one["description"]) == (str(event["summary"]), str(event["description"]))
        assert (one["location"] or "") == str(event.get("location", ""))
        assert one["sequence"] == 0
        assert one["stamp"] == "2026-01-01T00:00:00Z"
        if not one["allDay"]:
            assert (one["startUnix"], one["endUnix"]) == (event.start.timestamp(), event.end.timestamp())
            assert one["alarms"] == ["-PT30M"]


def test_lines_end_and_fold_as_the_standard_says() -> None:
    content = write(programme(12), "ics", replace(BERLIN, where="ü" * 300)).content
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    for line in content.split(b"\r\n"):
        line.decode()  # no character is torn apart
    required = {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE"}
    assert all(required <= set(event) for event in events(content))


def test_identities_last_and_never_clash() -> None:
    first = [str(e["uid"]) for e in events(write(programme(12), "ics", BERLIN).content)]
    assert len(set(first)) == len(first)
    changed = write(programme(12), "ics", replace(BERLIN, zone="Asia/Tokyo", sequence=3, where="elsewhere"))
    again = events(changed.content)
    assert [str(e["uid"]) for e in again] == first
    assert {e["sequence"] for e in again} == {3}
    other = events(write(programme(12), "ics", replace(BERLIN, person="Bob")).content)
    assert not {str(e["uid"]) for e in other} & set(first)


def test_what_an_event_says() -> None:
    place = Place(surface=Surface.TRACK, watcher=Watcher.SPOTTER)
    found = events(write(programme(1), "ics", replace(BERLIN, place=place)).content)
    session, workout = str(found[0]["description"]), str(found[1]["description"])
    for told in (
        "18:20, of which 2:20 backward",
        "6 × (reverse run 20 s; walk 60 s)",
        "Place: Track; Park Lane, north, track, looking out: a spotter who faces the way you go",
        "Look behind every 4 s",
        "never above 6.5 km/h",
        "Why:\n6 repeats of 20 seconds.",
    ):
        assert told in session
    assert "Calf raise: 3 × 12, 2-0-3 s, rest 60 s" in workout
    assert str(found[0]["location"]) == "Track; Park Lane, north"
    assert [str(e["summary"]) for e in found] == [
        "Reverse 6 × 20 s",
        "Home A: calves and balance",
        "Backward walk 5 × 1 min",
        "Reverse 6 × 20 s",
        "Easy day",
    ]
    easy = found[-1]
    assert easy.start == dt.date(2026, 11, 28)
    assert easy["transp"] == "TRANSPARENT"


def test_the_busy_feed_gives_nothing_away() -> None:
    full = write(programme(4), "ics", BERLIN)
    busy = write(programme(4), "ics", replace(BERLIN, busy_only=True))
    assert busy.file_name.endswith("-busy.ics")
    for word in (b"Reverse", b"backward", b"Track", b"Home", b"VALARM", b"DESCRIPTION", b"Ada", b"retropace:"):
        assert word not in busy.content
    timed = [(e.start, e.end) for e in events(full.content) if isinstance(e.start, dt.datetime)]
    assert [(e.start, e.end) for e in events(busy.content)] == timed
    assert {str(e["summary"]) for e in events(busy.content)} == {"Busy"}


def test_without_a_zone_times_float_and_it_is_said() -> None:
    written = write(programme(1), "ics")
    assert b"VTIMEZONE" not in written.content
    assert b"DTSTART:20261123T180000\r\n" in written.content
    assert "No time zone" in written.notes[0]
    assert write(programme(1), "ics", BERLIN).notes == ()


def test_a_session_over_the_change_of_the_clocks_lasts_as_long_as_planned() -> None:
    made = programme(1)
    night = Day(dt.date(2027, 3, 28), Kind.REVERSE, made.weeks[0].days[0].session)
    late = replace(made, weeks=(replace(made.weeks[0], days=(night,)),))
    (event,) = events(write(late, "ics", replace(BERLIN, at=dt.time(1, 50))).content)
    assert event.end.timestamp() - event.start.timestamp() == 19 * 60
    assert event.end.hour == 3


@pytest.mark.parametrize("zone", [*ZONES, "Africa/Casablanca", "Antarctica/Troll"])
def test_a_zone_is_described_to_the_second(zone: str) -> None:
    described: Any = time_zone(ZoneInfo(zone), dt.date(2026, 6, 1), dt.date(2027, 6, 1))
    onsets = sorted(
        (part["dtstart"].dt - part["tzoffsetfrom"].td, part["tzoffsetto"].td) for part in described.subcomponents
    )
    for hour in range(4 * 365 * 24):
        moment = dt.datetime(2025, 1, 1, 0, 30) + dt.timedelta(hours=hour)
        told = [offset for onset, offset in onsets if onset <= moment][-1]
        assert told == moment.replace(tzinfo=dt.UTC).astimezone(ZoneInfo(zone)).utcoffset()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (Options(zone="Mars/Olympus"), "No time zone is called 'Mars/Olympus'"),
        (Options(zone="../../etc/passwd"), "No time zone"),
        (Options(zone=""), "No time zone"),
        (Options(alarm_min=-5), "alarm -5 min"),
        (Options(sequence=-1), "sequence -1"),
        (Options(made=dt.datetime(2026, 1, 1)), "needs a time zone"),
    ],
)
def test_what_no_calendar_takes_is_refused(options: Options, says: str) -> None:
    with pytest.raises(UnusableInput, match=says):
        write(programme(1), "ics", options)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.times(),
    st.dates(dt.date(2020, 1, 1), dt.date(2035, 1, 1)),
    st.text(max_size=80),
    st.text(max_size=80),
)
def test_any_day_place_and_name_come_back(zone: str, at: dt.time, day: dt.date, where: str, note: str) -> None:
    made = programme(1)
    one = Day(day, Kind.REVERSE, made.weeks[0].days[0].session, note=note)
    made = replace(made, weeks=(replace(made.weeks[0], days=(one,)),), calendar=replace(made.calendar, start=day))
    content = write(made, "ics", Options(zone=zone, at=at, where=where)).content
    (event,) = events(content)
    assert event.start.date() == day
    assert max(map(len, content.split(b"\r\n"))) <= 75
    lines = content.split(b"\r\n")
    assert sum(line.startswith(b"BEGIN:") for line in lines) == sum(line.startswith(b"END:") for line in lines) <= 12


def test_the_programme_is_the_right_one() -> None:
    assert MONDAY.weekday() == 0
    assert CLEARANCE.valid_until > MONDAY
