"""Figures: value, unit, band; unknown with its reason."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.estimate import Estimate
from retropace.sources import Grade
from retropace.views import charts, drawing, figures, palette, picture, story, terminal, track
from retropace.views.figures import clock, figure, plain, share_words


@pytest.mark.parametrize("module", [charts, figures, drawing, palette, story, terminal, track, picture])
def test_worked_examples(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0


def banded(value: float, low: float, high: float) -> Estimate:
    return Estimate.banded(value, low, high, Grade.MODELLED, "design")


@pytest.mark.parametrize(
    ("key", "estimate", "text"),
    [
        ("energy_gross_kcal", banded(392, 346, 437), "392 kcal (346–437)"),
        ("distance_m", banded(167.2, 160, 175), "167 m (160–175)"),
        ("distance_m", banded(9380, 8440, 10310), "9.38 km (8.44–10.31)"),
        ("duration_s", Estimate.exact(1240, Grade.MEASURED, "device"), "20:40"),
        ("velocity_mps", banded(-1.64, -1.74, -1.54), "−1.64 m/s (−1.74 to −1.54)"),
        ("pace_min_per_km", banded(6.3, 5.72, 7.0), "6:18 min/km (5:43–7:00)"),
        ("heart_rate_bpm", Estimate.unknown("No sensor recorded it"), "unknown: no sensor recorded it"),
    ],
)
def test_in_words(key: str, estimate: Estimate, text: str) -> None:
    assert figure(key, estimate).text == text


def test_in_the_readers_units() -> None:
    assert figure("distance_m", banded(5000, 4900, 5100), "imperial").text == "3.11 mi (3.04–3.17)"
    assert figure("speed_mps", banded(2, 1.9, 2.1), "imperial").unit == "mph"
    assert figure("pace_min_per_km", banded(5, 5, 5), "imperial").text == "8:03 min/mi"


def test_zero_is_a_number() -> None:
    assert figure("distance_m", Estimate.exact(0.0, Grade.MEASURED, "device")).text == "0 m"
    assert figure("reverse_seconds", Estimate.exact(0.0, Grade.DERIVED, "device")).text == "0 s"


def test_a_number_may_say_what_it_leaves_out() -> None:
    partly = Estimate(10.0, 9.0, 11.0, Grade.MODELLED, ("design",), "1 bout is left out: it was dark")
    told = figure("energy_gross_kcal", partly)
    assert told.known
    assert told.text == "10 kcal (9–11)"
    assert told.why_unknown == "1 bout is left out: it was dark"


@given(st.floats(0, 1e7))
def test_clock_rounds_once(seconds: float) -> None:
    parts = clock(seconds).removesuffix(" s").split(":")
    total = 0
    for part in parts:
        total = 60 * total + int(part)
    assert total == round(seconds)
    assert all(int(part) < 60 for part in parts[1:])


@given(st.floats(0.2, 3), st.floats(0, 0.5), st.floats(0, 0.5))
def test_share_words_keep_their_sign(value: float, below: float, above: float) -> None:
    told = share_words(banded(value, value - below * 0.2, value + above))
    if value > 1.01:
        assert "more" in told
    if value < 0.99:
        assert "less" in told


def test_totals_of_the_device() -> None:
    assert plain(7253.0, "m") == "7.25 km"
    assert plain(1931.13, "s") == "32:11"
    assert plain(0.0, "m") == "0.0 m"
