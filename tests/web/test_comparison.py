"""Comparison: a difference is told only where the bands do not touch, and not where a part is unknown."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made import FIRST_DAY, Part, recording
from made_files import FORWARD, backward_run
from retropace.estimate import Estimate
from retropace.quantities import Direction, Gait
from retropace.sources import Grade
from retropace.summary import Summary, summarise
from retropace.web.comparison import Part as Rows
from retropace.web.comparison import Row, Telling, comparison, difference, headline, speed_ratio
from retropace.web.like_speed import heart_rate_at_like_speed

FINITE = st.floats(0, 1000, allow_nan=False)
SPEED = Telling("speed_mps", "metric")


def about(value: float, wide: float) -> Estimate:
    return Estimate.banded(value, value - wide, value + wide, Grade.MEASURED, "device")


def run(parts: tuple[Part, ...], seed: int = 1, **given: bool) -> Summary:
    return summarise(recording(parts, seed=seed, **({"code": True} | given)))  # type: ignore[arg-type]


def row(parts: tuple[Rows, ...], part: str, key: str) -> Row:
    return next(row for found in parts if found.key == part for row in found.rows if row.key == key)


# -- one difference -----------------------------------------------------------------------------------------------------


def test_bands_that_touch_tell_nothing() -> None:
    assert not difference(about(1.5, 0.2), about(1.8, 0.2), SPEED).told
    assert not difference(about(1.5, 0.25), about(2.0, 0.25), SPEED).told, "they touch at 1.75"
    found = difference(about(1.5, 0.1), about(1.8, 0.1), SPEED)
    assert (found.words, found.band, found.sign) == ("0.30 m/s more", "0.10–0.50", 1)
    found = difference(about(1.8, 0.1), about(1.5, 0.1), SPEED)
    assert (found.words, found.band, found.sign) == ("0.30 m/s less", "0.10–0.50", -1)


def test_exact_numbers_differ_or_are_the_same() -> None:
    one, two = (Estimate.exact(seconds, Grade.DERIVED, "device") for seconds in (120.0, 131.0))
    time = Telling("reverse_seconds", "metric")
    assert difference(one, two, time).words == "11 s more"
    assert difference(one, one, time).words == "the same"
    assert difference(one, one, time).told


def test_with_an_unknown_one_the_difference_is_unknown() -> None:
    found = difference(Estimate.unknown("no sensor"), about(1.5, 0.1), SPEED)
    assert (found.words, found.told, found.unknown) == ("unknown", False, True)


@given(FINITE, FINITE, FINITE, FINITE)
def test_a_told_difference_is_there_wherever_in_the_bands(a: float, b: float, wide_a: float, wide_b: float) -> None:
    one, two = about(a, wide_a), about(b, wide_b)
    found = difference(one, two, SPEED)
    there, back = difference(one, two, SPEED), difference(two, one, SPEED)
    assert there.told == back.told
    assert there.sign == -back.sign
    if found.sign:
        assert (b - wide_b > a + wide_a) if found.sign > 0 else (b + wide_b < a - wide_a)


# -- two sessions -------------------------------------------------------------------------------------------------------


def test_more_repeats_and_faster_ones_are_told() -> None:
    parts = comparison(run(backward_run(4)), run(backward_run(8, speed_mps=2.4), seed=2))
    assert row(parts, "backward", "reverse_seconds").difference.words == "1:20 more"
    assert row(parts, "backward", "reverse_bouts").difference.words == "4 bouts more"
    assert row(parts, "backward", "speed_mps").difference.sign == 1
    assert headline(parts) == "1:20 more backward the second time, and faster."


def test_the_same_session_twice_shows_no_difference_in_speed() -> None:
    parts = comparison(run(FIRST_DAY), run(FIRST_DAY, seed=2))
    assert not row(parts, "backward", "speed_mps").difference.told
    assert "no difference in speed can be told" in headline(parts)


def test_forward_by_assumption_is_not_zero_backward() -> None:
    parts = comparison(run(FIRST_DAY), run(FORWARD, code=False))
    found = row(parts, "backward", "reverse_seconds")
    assert not found.second.known
    assert found.second.why_unknown == "nothing in the file saw which way you faced"
    assert headline(parts) == "How long you went backward cannot be compared."


def test_forward_that_was_seen_is_zero_backward() -> None:
    found = row(comparison(run(FIRST_DAY), run(FORWARD)), "backward", "reverse_seconds")
    assert found.second.told == "0 s"
    assert found.difference.words == "2:00 less"


def test_sums_with_an_unknown_part_are_not_told_apart() -> None:
    clear, doubtful = run(backward_run(4)), run(backward_run(8), seed=2)
    partly = replace(doubtful.session["reverse_seconds"], why_unknown="1 bout is left out: the phone was in your hand")
    doubtful = replace(doubtful, session=dict(doubtful.session) | {"reverse_seconds": partly})
    found = row(comparison(clear, doubtful), "backward", "reverse_seconds")
    assert found.difference.words == "none can be told: a part is unknown"
    assert not found.difference.told


def test_two_forward_runs_are_compared_as_such() -> None:
    parts = comparison(run(FORWARD), run((Part(240, 3.4, 170),), seed=2))
    assert not any(part.key == "backward" for part in parts)
    assert row(parts, "forward", "speed_mps").difference.sign == 1
    assert "in distance the second time" in headline(parts)


def test_in_miles_for_whoever_reads_miles() -> None:
    parts = comparison(run(backward_run(4)), run(backward_run(4, speed_mps=2.6), seed=2), "imperial")
    assert row(parts, "backward", "speed_mps").first.unit == "mph"
    assert "mph more" in row(parts, "backward", "speed_mps").difference.words


def test_the_speed_ratio_is_of_running_only() -> None:
    ratio = speed_ratio(run(backward_run(6)))
    assert ratio.value == pytest.approx(1.9 / 2.6, abs=0.06)
    assert (ratio.low or 0.0) < (ratio.value or 0.0) < (ratio.high or 0.0)
    assert speed_ratio(run(FIRST_DAY)).why_unknown == "no forward running in it"
    assert speed_ratio(run(FORWARD)).why_unknown == "no backward running in it"


# -- heart rate at like speed -------------------------------------------------------------------------------------------


def test_a_heart_that_beats_slower_at_the_same_speed_is_told() -> None:
    first, second = run(backward_run(8, heart_rate_bpm=160)), run(backward_run(8, heart_rate_bpm=145), seed=2)
    like = heart_rate_at_like_speed(first, second, Direction.BACKWARD, Gait.RUN)
    assert like is not None
    assert like.first.value == pytest.approx(160, abs=3)
    assert like.second.value == pytest.approx(145, abs=3)
    assert 1.4 <= like.low_mps < like.high_mps <= 2.4
    found = row(comparison(first, second), "like_speed", "heart_rate_at_like_speed")
    assert found.difference.sign == -1
    assert "of each" in found.about


def test_other_speeds_do_not_pass_for_another_heart() -> None:
    """Twice the same heart, once at other speeds as well: only the shared speed is compared."""
    slow, fast = Part(180, 1.6, 170, Direction.BACKWARD, 140), Part(180, 2.6, 180, Direction.BACKWARD, 170)
    first, second = (
        run((slow, Part(60, 1.3, 110)) * 3),
        run((slow, Part(60, 1.3, 110), fast, Part(60, 1.3, 110)) * 3, seed=2),
    )
    like = heart_rate_at_like_speed(first, second, Direction.BACKWARD, Gait.RUN)
    assert like is not None
    assert like.high_mps <= 2.0
    assert like.second.value == pytest.approx(like.first.value, abs=2.5)


@pytest.mark.parametrize(
    "second",
    [
        FORWARD,
        (Part(300, 3.4, 185, Direction.BACKWARD),),
        (Part(20, 1.9, 175, Direction.BACKWARD), Part(300, 1.3, 110)),
    ],
    ids=["no backward", "another speed", "too short"],
)
def test_nothing_shared_is_no_figure(second: tuple[Part, ...]) -> None:
    assert heart_rate_at_like_speed(run(FIRST_DAY), run(second), Direction.BACKWARD, Gait.RUN) is None


def test_without_a_heart_rate_there_is_none() -> None:
    silent = summarise(recording(FIRST_DAY, code=True, without=("heart_rate_bpm",)))
    assert heart_rate_at_like_speed(run(FIRST_DAY), silent, Direction.BACKWARD, Gait.RUN) is None
