"""Records: one more session never lowers one; what is simulated, told or measured says so; cost per kilometre."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_progress import MONDAY, TODAY, digest, digests, estimate, stretch, trained_day
from retropace.digest import Digest
from retropace.estimate import Estimate
from retropace.progress.days import Known, trained
from retropace.progress.records import Best, cost_per_km, fastest_100_m, records
from retropace.progress.weeks import weeks
from retropace.quantities import Direction, Gait

DAY = dt.timedelta(days=1)


def best_of(found: list[Digest]) -> dict[str, Best]:
    days = trained([], found, {})
    return {best.key: best for best in records(days, weeks(days, found, [], (), MONDAY, TODAY), found)}


@given(st.lists(digests(), max_size=6), digests(TODAY))
def test_one_more_session_never_lowers_a_record(found: list[Digest], more: Digest) -> None:
    earlier = [one for one in found if one.day < TODAY]
    before, after = best_of(earlier), best_of([*earlier, more])
    for key, best in before.items():
        was, now = best.figure.value, after[key].figure.value
        assert was is not None
        assert now is not None
        assert now <= was if key == "fastest_100_m" else now >= was


@given(st.lists(digests(), max_size=6))
def test_every_record_lies_in_its_band_and_on_a_day_with_a_session(found: list[Digest]) -> None:
    recorded = {one.day for one in found}
    for best in best_of(found).values():
        figure = best.figure
        assert figure.value is not None
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low <= figure.value <= figure.high
        assert best.key == "most_week" or best.day in recorded


def test_the_longest_stretch_and_where_it_can_be_seen() -> None:
    found = best_of([digest(MONDAY, stretch(0, 20)), digest(MONDAY + DAY, stretch(0, 31), stretch(60, 80))])
    best = found["longest_run"]
    assert (best.figure.value, best.day, best.recording) == (31.0, MONDAY + DAY, f"{MONDAY + DAY}-2")
    assert "longest_walk" not in found


def test_the_first_of_two_equal_ones_keeps_the_record() -> None:
    found = best_of([digest(MONDAY + n * DAY, stretch(0, 20)) for n in range(3)])
    assert found["longest_run"].day == MONDAY


def test_a_simulated_one_is_marked() -> None:
    assert best_of([digest(MONDAY, stretch(0, 20), simulated=True)])["longest_run"].simulated


def test_what_was_only_planned_sets_no_record() -> None:
    days = [trained_day(MONDAY, 300.0, known=Known.AS_PLANNED)]
    assert not [best for best in records(days, [], []) if best.key != "most_week"]


def test_what_was_told_says_so() -> None:
    days = [trained_day(MONDAY, 300.0, known=Known.TOLD, longest={Gait.RUN: 60.0})]
    assert {best.known for best in records(days, [], [])} == {Known.TOLD}


# -- fastest 100 m ------------------------------------------------------------------------------------------------------


def test_a_hundred_metres_in_one_go_with_their_band() -> None:
    best = fastest_100_m([digest(MONDAY, stretch(0, 60, speed_mps=2.0))])
    assert best is not None
    assert best.figure.value == pytest.approx(50.0)
    assert best.figure.low == pytest.approx(50 / 1.06)
    assert best.figure.high == pytest.approx(50 / 0.94)
    assert best.lasts_m == pytest.approx(120.0)


@pytest.mark.parametrize(
    "made",
    [
        stretch(0, 30, speed_mps=2.0),  # 60 m
        stretch(0, 600, gait=Gait.WALK, speed_mps=1.0),
        stretch(0, 600, Direction.FORWARD, speed_mps=3.0),
        stretch(0, 600, speed_mps=None),
    ],
)
def test_what_is_no_hundred_metres_run_backward(made: object) -> None:
    assert fastest_100_m([digest(MONDAY, made)]) is None  # type: ignore[arg-type]


def test_no_band_no_record() -> None:
    one = digest(MONDAY, stretch(0, 60, speed_mps=2.0), ways=())
    assert fastest_100_m([one]) is None


# -- cost ---------------------------------------------------------------------------------------------------------------


def costly(day: dt.date, backward: float, forward: float, way_m: float) -> Digest:
    figures = {
        "energy_net_kcal_per_kg": estimate(backward, 0.1),
        "energy_net_forward_kcal_per_kg": estimate(forward, 0.1),
    }
    return digest(day, stretch(0, 60), backward=figures, whole={"reverse_distance_m": estimate(way_m)})


def test_what_a_kilometre_costs_with_and_without_mass() -> None:
    made = [costly(MONDAY, 0.6, 0.45, 400.0), costly(MONDAY + DAY, 0.3, 0.25, 200.0)]
    with_mass, without = cost_per_km(made, 70.0), cost_per_km(made, None)
    assert with_mass is not None
    assert without is not None
    assert with_mass.backward.value == pytest.approx(0.9 / 0.6 * 70)
    assert [with_mass.backward.low, with_mass.backward.high] == pytest.approx([94.5, 115.5])
    assert without.forward.value == pytest.approx(0.7 / 0.6)
    assert (without.mass_kg, without.sessions) == (None, 2)
    assert without.distance_m == pytest.approx(600.0)


def test_no_way_no_cost() -> None:
    unknown = digest(
        MONDAY,
        stretch(0, 60),
        backward={
            "energy_net_kcal_per_kg": Estimate.unknown("no speed"),
            "energy_net_forward_kcal_per_kg": Estimate.unknown("no speed"),
        },
    )
    assert cost_per_km([unknown, costly(MONDAY, 0.6, 0.5, 0.0)], 70.0) is None
    assert cost_per_km([], None) is None
