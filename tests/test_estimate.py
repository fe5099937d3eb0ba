"""Estimate: never a number without band and sources, never an unknown without a reason."""

import pickle
from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.errors import UncitedValue
from retropace.estimate import Estimate
from retropace.sources import Grade

NUMBER = st.floats(-1e6, 1e6)


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    low, value, high = sorted(draw(st.tuples(NUMBER, NUMBER, NUMBER)))
    return Estimate.banded(value, low, high, draw(st.sampled_from(Grade)), "design")


@pytest.mark.parametrize(
    ("value", "low", "high", "sources"),
    [(1.0, 0.0, 2.0, ()), (1.0, None, 2.0, ("design",)), (1.0, 1.5, 2.0, ("design",)), (1.0, 0.0, 0.5, ("design",))],
)
def test_a_number_needs_sources_and_a_band_around_it(
    value: float, low: float | None, high: float | None, sources: tuple[str, ...]
) -> None:
    with pytest.raises(UncitedValue):
        Estimate(value, low, high, Grade.MODELLED, sources)


def test_nan_is_not_a_number_to_show() -> None:
    with pytest.raises(UncitedValue):
        Estimate.exact(float("nan"), Grade.MEASURED, "device")


def test_an_unknown_says_why() -> None:
    with pytest.raises(UncitedValue):
        Estimate(None, None, None, Grade.MODELLED, ())
    assert Estimate.unknown("no sensor").why_unknown == "no sensor"


def test_a_number_stays_as_it_was_made() -> None:
    one = Estimate.banded(2.0, 1.0, 3.0, Grade.MODELLED, "design")
    with pytest.raises(FrozenInstanceError):
        one.value = 1.0  # type: ignore[misc]
    assert replace(one, sources=("device",)) == Estimate(2.0, 1.0, 3.0, Grade.MODELLED, ("device",), None)
    assert pickle.loads(pickle.dumps(one)) == one
    assert len({one, Estimate.banded(2.0, 1.0, 3.0, Grade.MODELLED, "design")}) == 1


def test_zero_and_negative_are_numbers() -> None:
    assert Estimate.exact(0.0, Grade.MEASURED, "device").value == 0.0
    assert Estimate.banded(-1.6, -1.7, -1.5, Grade.MEASURED, "device").scaled(2).low == -3.4


@given(estimates(), st.floats(0, 100))
def test_scaling_keeps_the_band_around_the_value(estimate: Estimate, factor: float) -> None:
    scaled = estimate.scaled(factor)
    assert scaled.value is not None
    assert estimate.value is not None
    assert scaled.value == estimate.value * factor


@given(estimates(), estimates())
def test_sums_add_bands_and_are_as_sure_as_the_less_sure(a: Estimate, b: Estimate) -> None:
    both = a.plus(b)
    assert (both.value, both.low, both.high) == tuple(
        getattr(a, side) + getattr(b, side) for side in ("value", "low", "high")
    )
    assert list(Grade).index(both.grade) == max(list(Grade).index(a.grade), list(Grade).index(b.grade))


@given(estimates())
def test_with_an_unknown_part_the_sum_is_unknown(a: Estimate) -> None:
    gap = Estimate.unknown("no mass")
    assert a.plus(gap) is gap
    assert gap.plus(a) is gap
    assert gap.scaled(3) is gap


def test_what_is_missing_from_a_number_is_kept() -> None:
    partly = Estimate(1.0, 0.5, 1.5, Grade.DERIVED, ("device",), "1 bout is left out: no mass")
    assert partly.scaled(2).why_unknown == partly.why_unknown
    assert partly.plus(partly).why_unknown == partly.why_unknown
