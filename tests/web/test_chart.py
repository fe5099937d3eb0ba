"""Chart: the part that is shown stays inside the recording, and addresses read back what they say."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made import FIRST_DAY, recording
from retropace.correction import elapsed_s
from retropace.errors import UnusableInput
from retropace.readers import read_bytes
from retropace.summary import Summary, summarise
from retropace.views.track import track
from retropace.web.pages import chart
from retropace.web.pages.chart import LEAST_S, View, drawn, overview, steps, track_of, written
from retropace.writers.fit import activity_bytes


@pytest.fixture(scope="module")
def summary() -> Summary:
    return summarise(read_bytes("made.fit", activity_bytes(recording(FIRST_DAY, code=True))))


@given(st.integers(0, 400_000_000))
def test_a_moment_is_read_back_as_it_is_written(thousandths: int) -> None:
    assert elapsed_s(written(thousandths / 1000)) == pytest.approx(thousandths / 1000, abs=1e-6)


_LENGTH = st.integers(1, 100_000).map(float)
_TIME = st.floats(-1e5, 2e5)


@given(_LENGTH, _TIME, _TIME)
def test_a_view_lies_inside_the_recording(length: float, one: float, other: float) -> None:
    shown = View(0.0, length, 0.0, length).showing(min(one, other), max(one, other))
    assert 0.0 <= shown.start_s < shown.end_s <= length
    assert shown.length_s >= min(LEAST_S, length)
    assert shown.showing(shown.start_s, shown.end_s) == shown
    assert shown.whole or shown.start_s == round(shown.start_s)


@given(_LENGTH, _TIME, _TIME)
def test_steps_lead_somewhere_else_or_nowhere(length: float, one: float, other: float) -> None:
    view = View(0.0, length, 0.0, length).showing(min(one, other), max(one, other))
    for step in steps(view):
        assert step.view != view
        if step.view is not None and step.key in ("earlier", "later"):
            assert step.view.length_s == pytest.approx(view.length_s)
    by_key = {step.key: step.view for step in steps(view)}
    if view.whole:
        assert {key for key, to in by_key.items() if to} <= {"closer"}
    else:
        assert by_key["whole"] is not None
        assert by_key["whole"].whole


def test_first_the_repeats_are_shown(summary: Summary) -> None:
    view = chart._view(summary, "", "")
    assert view is not None
    assert (view.start_s, view.end_s) == (270.0, 750.0)
    assert not view.whole


def test_an_address_may_ask_for_any_part(summary: Summary) -> None:
    view = chart._view(summary, "5:00", "6:00")
    assert view is not None
    assert view.query == "from=5:00&to=6:00"
    back_to_front = chart._view(summary, "6:00", "5:00")
    assert back_to_front == view
    beyond = chart._view(summary, "0", "99:00:00")
    assert beyond is not None
    assert beyond.whole


def test_a_time_that_is_none_is_refused_in_words(summary: Summary) -> None:
    with pytest.raises(UnusableInput, match="is not a time"):
        chart._view(summary, "half past", "9")


def test_both_sizes_and_the_cursor(summary: Summary) -> None:
    view = chart._view(summary, "5:00", "6:00")
    assert view is not None
    way = track_of(summary, 0.0, None)
    made = drawn(summary, view, way, "metric")
    told = json.loads(made.cursor)
    assert set(made.figure) == set(overview(summary, view)) == {"s", "l"}
    assert told["view"] == [300.0, 360.0]
    assert told["bounds"] == [0.0, 900.0]
    assert len(told["track"]) == len(told["t"]) == len(told["heart_rate"])
    assert set(told["places"]) == {"350", "600"}
    assert made.range == "5:00 to 6:00"
    assert made.of == "of 15:00"
    assert set(drawn(summary, view, way, "metric", ("s",)).figure) == {"s"}


def test_the_cursor_on_the_track_is_where_the_runner_was(summary: Summary) -> None:
    view = chart._view(summary, "0", "15:00")
    assert view is not None
    whole = track(summary.grid, [item.bout for item in summary.bouts], width=320.0, hide_radius_m=0.0)
    told = json.loads(drawn(summary, view, track_of(summary, 0.0, None), "metric").cursor)
    for t, spot in list(zip(told["t"], told["track"], strict=True))[::50]:
        assert spot == pytest.approx((whole.x[int(t)], whole.y[int(t)]), abs=2.0)


def test_hidden_places_have_no_cursor(summary: Summary) -> None:
    view = chart._view(summary, "0", "15:00")
    assert view is not None
    told = json.loads(drawn(summary, view, track_of(summary, 200.0, None), "metric").cursor)
    assert told["track"][0] is None
    assert any(spot is not None for spot in told["track"])


def test_no_word_can_end_the_script_element() -> None:
    assert "<" not in chart.as_json({"word": "</script><b>"})
    assert json.loads(chart.as_json({"word": "</script>"})) == {"word": "</script>"}
