"""Summary: the whole pipeline on made recordings."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from made import FIRST_DAY, REVERSE, Part, recording, session_of
from retropace.correction import span
from retropace.metrics import BY_KEY
from retropace.person import Person
from retropace.quantities import Direction
from retropace.recording import Declared, Origin, Recording
from retropace.summary import Summary, summarise

PERSON = Person(mass_kg=70.0)


def value(summary: Summary, key: str) -> float:
    found = summary.session[key].value
    assert found is not None
    return found


def test_parts_add_up_to_the_whole() -> None:
    summary = summarise(recording(FIRST_DAY, code=True), PERSON)
    for key in ("duration_s", "distance_m", "energy_net_kcal", "steps"):
        parts = [item.metrics[key].value for item in summary.bouts if key in item.metrics]
        assert sum(part for part in parts if part is not None) == pytest.approx(value(summary, key), rel=1e-9)
        by = [part[key].value for part in summary.by_direction.values() if key in part]
        assert sum(part for part in by if part is not None) == pytest.approx(value(summary, key), rel=1e-9)


def test_reverse_exposure_is_what_was_run() -> None:
    summary = summarise(recording(FIRST_DAY, code=True), PERSON)
    assert value(summary, "reverse_seconds") == pytest.approx(120, abs=8)
    assert value(summary, "reverse_distance_m") == pytest.approx(6 * 20 * 1.9, rel=0.1)
    assert value(summary, "reverse_bouts") == 6


def test_backward_costs_more_than_the_same_session_forward() -> None:
    summary = summarise(recording(FIRST_DAY, code=True), PERSON)
    forward = summary.same_forward["energy_net_kcal"].value
    assert forward is not None
    assert value(summary, "energy_net_kcal") > forward
    all_forward = summarise(recording(FIRST_DAY), PERSON)
    assert value(all_forward, "energy_net_kcal") == pytest.approx(
        all_forward.same_forward["energy_net_kcal"].value or 0.0
    )


def test_a_correction_changes_figures_and_can_be_undone() -> None:
    made = recording(FIRST_DAY)
    before = summarise(made, PERSON)
    after = summarise(made, PERSON, corrections=[Declared(300, 320, Direction.BACKWARD, "person")])
    assert value(before, "reverse_seconds") == 0
    assert value(after, "reverse_seconds") == pytest.approx(20)
    assert summarise(made, PERSON).session == before.session


def test_unknown_stretches_have_no_direction_figures() -> None:
    summary = summarise(recording(FIRST_DAY), PERSON, corrections=[Declared(0, 900, Direction.UNKNOWN, "person")])
    for item in summary.bouts:
        for key in ("energy_net_kcal", "knee_peak_force_bw", "velocity_mps"):
            if key in item.metrics:
                assert item.metrics[key].value is None


def test_what_is_unknown_is_said() -> None:
    whats = [gap.what for gap in summarise(recording(FIRST_DAY, without=("heart_rate_bpm",))).unknowns]
    assert any("faced" in what for what in whats)
    assert any("Heart rate" in what for what in whats)
    assert any("kcal" in what for what in whats)


def test_the_example_of_what_to_say_lies_inside_the_recording() -> None:
    """And is one that the option takes."""
    read = recording((Part(33, 2.5, 165.0),))
    remedies = [gap.remedy for gap in summarise(read).unknowns if gap.remedy and "--backward" in gap.remedy]
    assert remedies
    for remedy in remedies:
        told = span(remedy.split("--backward ")[1].split(";")[0], Direction.BACKWARD)
        assert 0 <= told.start_s < told.end_s <= 34


def test_a_session_that_was_not_followed_is_said_not_to_be() -> None:
    made = recording((Part(1200, 2.8, 168),))
    summary = summarise(made, PERSON, session_of(FIRST_DAY, "First day"))
    assert summary.followed is None
    assert any("First day" in gap.what for gap in summary.unknowns)
    assert all(item.bout.direction != Direction.BACKWARD for item in summary.bouts)


def test_every_figure_is_a_declared_metric_with_sources() -> None:
    summary = summarise(recording(FIRST_DAY, code=True), PERSON)
    for metrics in (summary.session, *(item.metrics for item in summary.bouts)):
        assert set(metrics) <= set(BY_KEY)
        assert all(e.sources for e in metrics.values() if e.value is not None)


def test_local_time_from_the_file_then_the_position_then_not_at_all() -> None:
    made = replace(recording((REVERSE,)), start=datetime(2026, 5, 9, 7, 30, tzinfo=UTC))
    by_position = summarise(made)
    assert by_position.zone_known_by == "position"
    assert by_position.local_start is not None
    assert by_position.local_start.hour == 9
    by_file = summarise(replace(made, utc_offset=timedelta(hours=-4)))
    assert (by_file.zone_known_by, by_file.local_start and by_file.local_start.hour) == ("file", 3)
    nowhere = summarise(replace(recording((REVERSE,), without=("latitude_deg", "longitude_deg")), start=made.start))
    assert nowhere.zone_known_by == "not known: UTC"
    assert summarise(recording((REVERSE,))).local_start is None


def test_an_empty_recording_is_a_summary_of_nothing() -> None:
    summary = summarise(Recording(Origin("x", "made"), None))
    assert summary.bouts == ()


def test_splitting_a_recording_changes_nothing_about_its_sums() -> None:
    """Chunks equal the whole: two halves of a field-marked recording add up."""
    made = recording(FIRST_DAY, code=True)
    whole = value(summarise(made, PERSON), "reverse_seconds")
    cut = 460
    halves = []
    for part in (slice(0, cut), slice(cut, None)):
        channels = {key: values[part] for key, values in made.track.channels.items()}
        time_s = made.track.time_s[part]
        track = type(made.track)(time_s - time_s[0], channels)
        halves.append(value(summarise(replace(made, track=track, laps=()), PERSON), "reverse_seconds"))
    assert np.sum(halves) == pytest.approx(whole, abs=4)


def test_acceleration_alone_is_told_what_it_costs() -> None:
    from made_motion import felt

    read, _ = felt(placement="foot")
    alone = replace(read, motion={"accelerometer": read.motion["accelerometer"]})
    assert any("gyroscope" in gap.why for gap in summarise(alone).unknowns)
    assert not any("gyroscope" in gap.why for gap in summarise(read).unknowns)
