"""Metrics: a registry without gaps, figures that refuse what is unknown, and sums that say what they leave out."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import Part, recording
from retropace.bout import Bout
from retropace.errors import UncitedValue
from retropace.estimate import Estimate
from retropace.metrics import (
    BY_KEY,
    METRICS,
    Aggregation,
    Metric,
    Scope,
    aggregate,
    applying,
    compute_bouts,
    gaps,
    same_forward,
)
from retropace.metrics.form import FORM
from retropace.metrics.metric import FACTS, views
from retropace.person import Person
from retropace.quantities import Direction, Gait
from retropace.signals import Grid, grid
from retropace.sources import Grade

FORWARD, BACKWARD, UNKNOWN = Direction.FORWARD, Direction.BACKWARD, Direction.UNKNOWN
RUNNER = Person(mass_kg=70)
OFF_FOOT = {"duration_s", "moving_s", "distance_m", "heart_rate_bpm", "heart_rate_max_bpm"}
DIRECTED = {metric.key for metric in METRICS if UNKNOWN not in metric.directions}
ANY_METRIC = pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)


def a_grid(seconds: int = 120, speed: float = 2.5, cadence: float = 170.0, **changes: Any) -> Grid:
    made = grid(recording((Part(seconds, speed, cadence),)))
    exact = {"moved_m": np.full(len(made), speed), "cadence_spm": np.full(len(made), cadence)}
    return replace(made, slope=np.zeros(len(made)), **(exact | changes))


def a_bout(seconds: float = 120, gait: Gait = Gait.RUN, direction: Direction = FORWARD, **facts: Any) -> Bout:
    return Bout(0.0, seconds, gait, direction, 0.99, facts.pop("known_by", ("lap",)), **facts)


def computed(
    gait: Gait = Gait.RUN, direction: Direction = FORWARD, *, person: Person = RUNNER, seconds: int = 120, **made: Any
) -> dict[str, Estimate]:
    return alone(a_bout(seconds, gait, direction), a_grid(seconds, **made), person)


def alone(bout: Bout, seconds: Grid, person: Person = RUNNER) -> dict[str, Estimate]:
    """The figures of one bout by itself."""
    return compute_bouts([bout], seconds, person)[0][1]


def value(found: Mapping[str, Estimate], key: str) -> float:
    figure = found[key].value
    assert figure is not None, found[key].why_unknown
    return figure


# -- the registry -----------------------------------------------------------------------------------------------------


def test_keys_are_unique_and_named_with_their_unit() -> None:
    assert len(BY_KEY) == len(METRICS) >= 25


@ANY_METRIC
def test_declared_in_full(metric: Metric) -> None:
    channels = {field.name for field in fields(Grid)}
    assert set(metric.needs) <= channels | set(FACTS)
    assert metric.name
    assert metric.unit
    assert metric.meaning.endswith(".")
    assert 0 <= metric.decimals <= 3
    assert metric.gaits
    assert metric.directions


@ANY_METRIC
def test_what_depends_on_direction_says_so(metric: Metric) -> None:
    assert ("direction" in metric.needs) == (UNKNOWN not in metric.directions)


@ANY_METRIC
def test_a_twin_is_the_same_figure_forward(metric: Metric) -> None:
    if metric.forward_twin is not None:
        twin = BY_KEY[metric.forward_twin]
        assert (twin.unit, twin.aggregation, twin.gaits, twin.directions, twin.forward_twin) == (
            metric.unit,
            metric.aggregation,
            metric.gaits,
            metric.directions,
            None,
        )


@pytest.mark.parametrize("left_out", ["unit", "needs", "aggregation", "grade", "sources", "meaning", "scope", "better"])
def test_a_metric_that_lacks_something_does_not_load(left_out: str) -> None:
    complete = {field.name: getattr(METRICS[0], field.name) for field in fields(Metric)}
    assert Metric(**complete).key == METRICS[0].key
    del complete[left_out]
    with pytest.raises(TypeError, match=left_out):
        Metric(**complete)


def test_only_the_twin_has_a_default() -> None:
    assert [field.name for field in fields(Metric) if field.default is not MISSING] == ["forward_twin"]


@pytest.mark.parametrize("wrong", [{"sources": ()}, {"sources": ("nobody_1900",)}, {"needs": ()}, {"meaning": ""}])
def test_empty_is_no_better_than_missing(wrong: dict[str, Any]) -> None:
    with pytest.raises(UncitedValue):
        replace(METRICS[0], **wrong)


# -- which bouts get which figures --------------------------------------------------------------------------------------


@pytest.mark.parametrize("gait", [Gait.RUN, Gait.WALK, Gait.UNKNOWN])
def test_unknown_direction_gets_no_figure_that_depends_on_it(gait: Gait) -> None:
    bout = a_bout(gait=gait, direction=UNKNOWN, reason="the phone was in your hand")
    found = alone(bout, a_grid())
    directed = {key: found[key] for key in found if key in DIRECTED}
    assert {"energy_net_kcal", "reverse_seconds", "velocity_mps"} <= set(directed)
    for figure in directed.values():
        assert figure.value is None
        assert figure.why_unknown == "the phone was in your hand"
    assert value(found, "distance_m") == pytest.approx(300)


def test_assumed_forward_gets_forward_figures() -> None:
    assumed = alone(a_bout(known_by=("assumed",)), a_grid())
    assert assumed == computed()
    assert value(assumed, "energy_net_kcal") == pytest.approx(3.6 * 300 * 70 / 4184)


@pytest.mark.parametrize("direction", [Direction.NONE, FORWARD, UNKNOWN])
def test_off_foot_only_time_distance_and_heart_rate(direction: Direction) -> None:
    found = computed(Gait.OTHER, direction, speed=7.0, cadence=0.0)
    assert {key for key in found if found[key].value is not None} == OFF_FOOT
    assert set(found) == OFF_FOOT


def test_sideways_has_a_way_but_no_cost() -> None:
    found = computed(direction=Direction.SIDEWAYS)
    assert value(found, "distance_m") == pytest.approx(300)
    assert "sideways" in str(found["energy_net_kcal"].why_unknown)
    assert "velocity_mps" not in found
    assert value(found, "reverse_seconds") == 0.0


def test_an_unknown_gait_keeps_what_does_not_depend_on_it() -> None:
    found = computed(Gait.UNKNOWN, BACKWARD)
    assert value(found, "duration_s") == 120
    assert found["knee_peak_force_bw"].why_unknown == "How the feet moved is not known"


def test_standing_rests() -> None:
    found = computed(Gait.STAND, Direction.NONE, speed=0.0, cadence=0.0)
    assert value(found, "energy_net_kcal") == 0.0
    assert value(found, "energy_gross_kcal") == pytest.approx(3.5 * 20.9 * 2 * 70 / 4184)
    assert "speed_mps" not in found
    assert "knee_peak_force_bw" not in found


def test_walking_has_no_knee_figure() -> None:
    assert "knee_peak_force_bw" not in computed(Gait.WALK, BACKWARD, speed=1.3, cadence=110.0)


# -- the figures -------------------------------------------------------------------------------------------------------


def test_velocity_keeps_its_sign() -> None:
    forward, backward = (computed(direction=direction)["velocity_mps"] for direction in (FORWARD, BACKWARD))
    assert forward.value == pytest.approx(2.5)
    assert backward.value == pytest.approx(-2.5)
    assert (backward.low, backward.high) == (-float(forward.high or 0), -float(forward.low or 0))


def test_mirrored_direction_changes_only_what_depends_on_it() -> None:
    forward, backward = computed(direction=FORWARD), computed(direction=BACKWARD)
    assert {key for key in forward if key in backward and forward[key] != backward[key]} <= DIRECTED


def test_pace_is_time_over_way() -> None:
    pace = computed()["pace_min_per_km"]
    assert pace.value == pytest.approx(1000 / 2.5 / 60)
    assert (pace.low, pace.high) == pytest.approx((1000 / 60 / (2.5 * 1.061), 1000 / 60 / (2.5 * 0.939)))


def test_only_counts_and_seconds_are_exact() -> None:
    made: dict[str, Any] = {
        "contact_time_ms": np.linspace(200, 260, 120),
        "vertical_oscillation_mm": np.linspace(70, 90, 120),
    }
    moved = np.full(120, 2.5) + np.linspace(-0.3, 0.3, 120)
    found = computed(direction=BACKWARD, moved_m=moved, **made)
    exact = {key for key, figure in found.items() if figure.value is not None and figure.low == figure.high}
    assert exact == {"duration_s", "moving_s", "reverse_seconds", "reverse_bouts", "longest_reverse_bout_s"}


def test_without_positions_the_way_is_less_sure() -> None:
    seen, blind = computed()["distance_m"], computed(latitude_deg=np.full(120, np.nan))["distance_m"]
    assert seen.low == pytest.approx(300 * (1 - 0.061))
    assert blind.low == pytest.approx(300 * 0.9)


def test_without_mass_energy_is_per_kilogram_and_says_what_to_do() -> None:
    found = computed(direction=BACKWARD, person=Person())
    for key in ("energy_net_kcal", "energy_gross_kcal", "energy_net_kcal_per_km", "energy_gross_forward_kcal"):
        assert "mass_kg" in str(found[key].why_unknown)
    assert value(found, "energy_net_kcal_per_kg") == pytest.approx(1.3 * 3.6 * 300 / 4184)
    assert value(found, "energy_relative") == pytest.approx(1.3)


def test_five_kilometres_backward_at_seventy_kilograms() -> None:
    found = computed(direction=BACKWARD, seconds=2000)
    net = found["energy_net_kcal"]
    assert (net.low, net.value, net.high) == pytest.approx((346, 392, 437), abs=1)
    assert value(found, "energy_net_forward_kcal") == pytest.approx(301, abs=0.5)
    assert value(found, "energy_net_kcal_per_km") == pytest.approx(392 / 5, abs=0.2)
    assert value(found, "energy_gross_kcal") == pytest.approx(392 + 41, abs=1)
    assert value(found, "energy_gross_forward_kcal") == pytest.approx(301 + 41, abs=1)


def test_pauses_count_neither_as_time_nor_as_energy() -> None:
    paused = np.zeros(120, bool)
    paused[:30] = True
    found, whole = computed(paused=paused), computed()
    for key in ("duration_s", "moving_s", "distance_m", "steps", "energy_net_kcal", "energy_gross_kcal"):
        assert value(found, key) == pytest.approx(0.75 * value(whole, key)), key


def test_backward_steps_and_knees_beside_forward() -> None:
    found = computed(direction=BACKWARD)
    assert value(found, "knee_peak_force_bw") == pytest.approx(3.4)
    assert value(found, "knee_peak_force_forward_bw") == pytest.approx(4.5)
    summed, forward = value(found, "knee_summed_force_bw"), value(found, "knee_summed_force_forward_bw")
    assert summed == pytest.approx(3.4 * 340)
    assert summed / forward == pytest.approx(value(found, "knee_relative_per_km"))


def test_reverse_exposure() -> None:
    backward, forward = computed(direction=BACKWARD), computed(direction=FORWARD)
    keys = ("reverse_seconds", "reverse_distance_m", "reverse_steps", "reverse_bouts", "longest_reverse_bout_s")
    assert [value(backward, key) for key in keys] == pytest.approx([120, 300, 340, 1, 120])
    assert [value(forward, key) for key in keys] == [0, 0, 0, 0, 0]


def test_a_silent_recording_says_what_is_missing() -> None:
    nothing = np.full(120, np.nan)
    silent: dict[str, Any] = dict.fromkeys(("moved_m", "speed_mps", "cadence_spm", "heart_rate_bpm"), nothing)
    found = computed(direction=BACKWARD, **silent)
    assert value(found, "duration_s") == 120
    assert "speed" in str(found["distance_m"].why_unknown)
    assert "cadence" in str(found["steps"].why_unknown)
    assert "heart rate" in str(found["heart_rate_bpm"].why_unknown)
    assert found["energy_net_kcal"].value is None
    assert found["knee_relative_per_km"].value is None


@settings(deadline=None, max_examples=60)
@given(
    gait=st.sampled_from(Gait),
    direction=st.sampled_from(Direction),
    speed=st.floats(0, 8),
    cadence=st.floats(0, 250),
    silent=st.sets(st.sampled_from(["moved_m", "speed_mps", "cadence_spm", "slope", "heart_rate_bpm"])),
    seconds=st.integers(0, 40),
)
def test_nothing_breaks_the_figures(
    gait: Gait, direction: Direction, speed: float, cadence: float, silent: set[str], seconds: int
) -> None:
    """Whatever a bout brings, every figure is a number with its band or an unknown with its reason."""
    made = a_grid(40, speed, cadence).between(0, seconds)
    made = replace(made, **{key: np.full(len(made), np.nan) for key in silent})
    found = alone(a_bout(seconds, gait, direction), made)
    left_out = {metric.key for metric in applying(gait, direction)} - set(found)
    assert left_out <= {metric.key for metric in FORM}
    assert set(found) <= {metric.key for metric in applying(gait, direction)}
    together = aggregate([(a_bout(seconds, gait, direction), found)] * 2)
    for figure in (*found.values(), *together.values()):
        assert (figure.value is None) == (figure.low is None)
        assert figure.value is not None or figure.why_unknown
        assert figure.value is None or np.isfinite(figure.value)


@pytest.mark.parametrize(
    "person", [RUNNER, Person(mass_kg=70, backward_sessions=5), Person(70, backward_energy_ratio=1.2)]
)
@pytest.mark.parametrize("gait", [Gait.STAND, Gait.WALK, Gait.RUN])
@pytest.mark.parametrize("direction", [FORWARD, BACKWARD, Direction.NONE])
def test_a_figure_rests_on_nothing_its_metric_does_not_name(person: Person, gait: Gait, direction: Direction) -> None:
    for key, figure in computed(gait, direction, person=person, speed=1.7).items():
        assert set(figure.sources) <= set(BY_KEY[key].sources), key


@pytest.mark.parametrize("gait", [Gait.STAND, Gait.WALK, Gait.RUN])
@pytest.mark.parametrize("direction", [FORWARD, Direction.NONE, Direction.SIDEWAYS])
def test_what_did_not_go_backward_costs_the_same_forward(gait: Gait, direction: Direction) -> None:
    bout, seconds = a_bout(gait=gait, direction=direction), a_grid(speed=1.7)
    (view,) = views([bout], seconds, RUNNER)
    for key, figure in alone(bout, seconds).items():
        twin = BY_KEY[key].forward_twin
        assert twin is None or BY_KEY[twin].of(view) == figure, key


# -- several bouts ------------------------------------------------------------------------------------------------------


def parts(*directions: Direction, seconds: int = 60, **made: Any) -> list[tuple[Bout, Mapping[str, Estimate]]]:
    return [
        (a_bout(seconds, direction=direction), computed(direction=direction, seconds=seconds, **made))
        for direction in directions
    ]


def test_nothing_of_nothing() -> None:
    assert aggregate([]) == {}


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 119))
def test_a_bout_cut_in_two_adds_up_to_the_whole(cut: int) -> None:
    wavering = np.linspace(1.5, 3.0, 120)
    whole = a_grid(moved_m=wavering)
    halves = [Bout(first, last, Gait.RUN, BACKWARD, 1, ("lap",)) for first, last in ((0, cut), (cut, 120))]
    together = aggregate(compute_bouts(halves, whole, RUNNER))
    at_once = alone(a_bout(direction=BACKWARD), whole)
    for key in ("duration_s", "moving_s", "distance_m", "steps", "energy_net_kcal", "energy_gross_kcal", "speed_mps"):
        assert value(together, key) == pytest.approx(value(at_once, key)), key
        assert together[key].low == pytest.approx(at_once[key].low), key


def test_bands_add_because_one_model_errs_one_way() -> None:
    one, three = computed(direction=BACKWARD, seconds=60), aggregate(parts(BACKWARD, BACKWARD, BACKWARD))
    for side in ("low", "value", "high"):
        assert getattr(three["energy_net_kcal"], side) == pytest.approx(3 * getattr(one["energy_net_kcal"], side))


def test_a_sum_known_of_standing_only_is_unknown() -> None:
    """A walk without speed, and rest before it: the energy of the rest is not that of the walk."""
    stood = computed(Gait.STAND, Direction.NONE, speed=0.0, cadence=0.0)
    silent = replace(a_grid(), moved_m=np.full(120, np.nan), speed_mps=np.full(120, np.nan))
    walked = alone(a_bout(gait=Gait.WALK), silent)
    assert value(stood, "energy_net_kcal_per_kg") == 0.0
    assert walked["energy_net_kcal_per_kg"].value is None
    stand, walk = a_bout(gait=Gait.STAND, direction=Direction.NONE), a_bout(gait=Gait.WALK)
    together = aggregate([(stand, stood), (walk, walked)])
    assert together["energy_net_kcal_per_kg"].value is None
    assert together["energy_net_kcal_per_kg"].why_unknown == walked["energy_net_kcal_per_kg"].why_unknown
    assert value(aggregate([(stand, stood)]), "energy_net_kcal_per_kg") == 0.0


def test_a_sum_over_known_bouts_says_what_it_leaves_out() -> None:
    together = aggregate(parts(FORWARD, UNKNOWN, BACKWARD, UNKNOWN))
    energy = together["energy_net_kcal"]
    assert energy.value == pytest.approx(3.6 * 150 * 2.3 * 70 / 4184)
    assert str(energy.why_unknown).startswith("2 bouts are left out: ")
    assert value(together, "reverse_seconds") == 60
    assert value(together, "reverse_bouts") == 1
    assert "1 bout is" in str(aggregate(parts(FORWARD, UNKNOWN))["reverse_seconds"].why_unknown)
    assert value(together, "distance_m") == pytest.approx(600)
    assert together["distance_m"].why_unknown is None


def test_where_nothing_is_known_the_sum_is_unknown() -> None:
    found = aggregate(parts(UNKNOWN, UNKNOWN))["energy_net_kcal"]
    assert found.value is None
    assert found.why_unknown


def test_means_are_weighted_by_what_they_are_named_after() -> None:
    slow = (a_bout(60), computed(seconds=60, speed=2.0, cadence=160.0))
    fast = (a_bout(20), computed(seconds=20, speed=3.0, cadence=180.0))
    together = aggregate([slow, fast])
    assert value(together, "speed_mps") == pytest.approx(180 / 80)
    assert value(together, "pace_min_per_km") == pytest.approx(80 / 60 / 0.180)
    assert value(together, "cadence_spm") == pytest.approx((60 * 160 + 20 * 180) / 80)
    lengths = (60 * 2.0 / 160, 60 * 3.0 / 180)
    assert value(together, "step_length_m") == pytest.approx((lengths[0] * 160 + lengths[1] * 60) / 220)


def test_without_the_proper_weight_time_weighs() -> None:
    stepless: dict[str, Any] = {"cadence_spm": np.full(60, np.nan), "contact_time_ms": np.full(60, 240.0)}
    slow = (a_bout(60), computed(seconds=60, **stepless))
    fast = (a_bout(20), computed(seconds=20, contact_time_ms=np.full(20, 200.0)))
    assert value(aggregate([slow, fast]), "contact_time_ms") == pytest.approx((60 * 240 + 20 * 200) / 80)


def test_the_highest_and_the_longest() -> None:
    short = (
        a_bout(20, direction=BACKWARD),
        computed(direction=BACKWARD, seconds=20, heart_rate_bpm=np.full(20, 171.0)),
    )
    long = (a_bout(60, direction=BACKWARD), computed(direction=BACKWARD, seconds=60, heart_rate_bpm=np.full(60, 150.0)))
    together = aggregate([short, long])
    assert value(together, "heart_rate_max_bpm") == 171
    assert value(together, "longest_reverse_bout_s") == 60
    assert value(together, "reverse_bouts") == 2
    assert value(together, "heart_rate_bpm") == pytest.approx((20 * 171 + 60 * 150) / 80)


def test_the_same_session_forward() -> None:
    totals = aggregate(parts(FORWARD, BACKWARD))
    forward = same_forward(totals)
    assert set(forward) == {metric.key for metric in METRICS if metric.forward_twin}
    assert value(forward, "energy_net_kcal") == pytest.approx(3.6 * 300 * 70 / 4184)
    assert value(forward, "energy_net_kcal") < value(totals, "energy_net_kcal")
    assert value(forward, "knee_peak_force_bw") == pytest.approx(4.5)
    assert value(forward, "knee_summed_force_bw") > value(totals, "knee_summed_force_bw")


def test_a_forward_session_is_its_own_twin() -> None:
    totals = aggregate(parts(FORWARD, FORWARD))
    for key, figure in same_forward(totals).items():
        assert figure == totals[key], key


def test_grades_are_those_of_the_least_sure_part() -> None:
    own = (a_bout(60), computed(seconds=60, step_length_m=np.full(60, 0.9)))
    derived = (a_bout(60), computed(seconds=60))
    assert own[1]["step_length_m"].grade is Grade.MEASURED
    assert aggregate([own, derived])["step_length_m"].grade is Grade.DERIVED


def test_session_figures_count_or_sum() -> None:
    for metric in METRICS:
        if metric.scope is Scope.SESSION:
            assert metric.aggregation in (Aggregation.SUM, Aggregation.COUNT, Aggregation.MAX)


# -- gaps ----------------------------------------------------------------------------------------------------------------


def test_gaps_name_what_is_missing_and_what_would_help() -> None:
    nothing = np.full(120, np.nan)
    whole = a_grid(contact_time_ms=np.full(120, 240.0))
    assert gaps(whole, RUNNER) == ()
    found = {gap.what: gap for gap in gaps(a_grid(heart_rate_bpm=nothing, cadence_spm=nothing), Person())}
    assert set(found) == {"Heart rate", "Steps", "Contact time", "Energy in kcal"}
    assert "mass_kg" in str(found["Energy in kcal"].remedy)
    sloping = replace(whole, slope=nothing)
    assert [gap.what for gap in gaps(sloping, RUNNER)] == ["Slope"]
