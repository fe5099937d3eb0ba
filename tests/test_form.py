"""Form: motion fills what the recording is silent about, says so, and shows at each placement what that can show."""

from dataclasses import replace

import numpy as np
import pytest

from retropace.estimate import Estimate
from retropace.gait import MOTION_CONTACT_MS, Spread, figures
from retropace.metrics.form import FORM
from retropace.motion.placement import Placement
from retropace.quantities import Direction, Gait
from retropace.recording import EMPTY_STREAM, Recording
from retropace.session import Session, Step
from retropace.signals import Parts, grid
from retropace.simulate.place import Place
from retropace.simulate.runner import Device, Runner
from retropace.simulate.virtual import Truth, simulate
from retropace.summary import Summary, summarise

SESSION = Session(
    "both ways",
    (
        Step(Gait.STAND, Direction.NONE, 10),
        Step(Gait.WALK, Direction.FORWARD, 45),
        Step(Gait.RUN, Direction.FORWARD, 60),
        Step(Gait.WALK, Direction.BACKWARD, 45),
        Step(Gait.RUN, Direction.BACKWARD, 60),
        Step(Gait.STAND, Direction.NONE, 10),
    ),
)
KEYS = tuple(metric.key for metric in FORM)


def ran(placement: str, *, track: bool = False, dynamics: bool = False) -> tuple[Recording, Truth]:
    device = Device(
        kind="phone",
        placement=placement,  # type: ignore[arg-type]
        rate_hz=100.0,
        mount_deg=(30.0, 40.0, 50.0),
        running_dynamics=dynamics,
        declares_direction=True,
    )
    recording, truth = simulate(SESSION, Runner(), Place(clear_length_m=1000.0, bearing_deg=90.0), device, seed=3)
    return (recording if track else replace(recording, track=EMPTY_STREAM, laps=())), truth


def told(placement: str, **made: bool) -> tuple[Summary, Truth]:
    recording, truth = ran(placement, **made)
    return summarise(recording, placement=Placement(placement)), truth


@pytest.fixture(scope="module")
def foot() -> tuple[Summary, Truth]:
    return told("foot")


@pytest.fixture(scope="module")
def waist() -> tuple[Summary, Truth]:
    return told("waist", track=True)


def figure(summary: Summary, key: str, gait: Gait, direction: Direction) -> Estimate:
    found = [item.metrics[key] for item in summary.bouts if (item.bout.gait, item.bout.direction) == (gait, direction)]
    assert found, f"no bout of {gait} {direction}"
    return found[0]


def within(truth: Truth, summary: Summary, gait: Gait, direction: Direction) -> np.ndarray:
    bout = next(i.bout for i in summary.bouts if (i.bout.gait, i.bout.direction) == (gait, direction))
    return np.asarray((truth.time_s >= bout.start_s) & (truth.time_s < bout.end_s))


@pytest.mark.parametrize("direction", [Direction.FORWARD, Direction.BACKWARD])
def test_a_foot_alone_tells_way_steps_and_what_they_cost(foot: tuple[Summary, Truth], direction: Direction) -> None:
    summary, truth = foot
    speed = figure(summary, "speed_mps", Gait.RUN, direction)
    assert speed.value == pytest.approx(truth.speed_mps[within(truth, summary, Gait.RUN, direction)].mean(), rel=0.06)
    length = figure(summary, "step_length_m", Gait.RUN, direction)
    cadence = figure(summary, "cadence_spm", Gait.RUN, direction)
    assert length.value is not None
    assert cadence.value is not None
    assert speed.value == pytest.approx(length.value * cadence.value / 60, rel=0.06)
    assert "own_validation" in cadence.sources
    assert figure(summary, "energy_net_kcal_per_kg", Gait.RUN, direction).value is not None
    assert figure(summary, "knee_summed_force_bw", Gait.RUN, direction).value is not None


def test_backward_is_held_against_the_own_forward(foot: tuple[Summary, Truth]) -> None:
    landing = figure(foot[0], "impact_relative", Gait.RUN, Direction.BACKWARD)
    assert landing.value is not None
    assert 0.3 < landing.value < 3
    assert all("impact_relative" not in i.metrics for i in foot[0].bouts if i.bout.direction is Direction.FORWARD)


def test_no_baseline_from_too_little_forward() -> None:
    only = Session("back", (Step(Gait.STAND, Direction.NONE, 5), Step(Gait.RUN, Direction.BACKWARD, 60)))
    device = Device(kind="pod", placement="foot", rate_hz=100.0, declares_direction=True)
    recording, _ = simulate(only, Runner(), Place(clear_length_m=1000.0, bearing_deg=90.0), device, seed=3)
    found = figure(summarise(recording, placement=Placement.FOOT), "impact_relative", Gait.RUN, Direction.BACKWARD)
    assert found.value is None
    assert "Too little run forward" in (found.why_unknown or "")


@pytest.mark.parametrize("direction", [Direction.FORWARD, Direction.BACKWARD])
def test_a_trunk_tells_contact_and_flight_of_a_run(waist: tuple[Summary, Truth], direction: Direction) -> None:
    summary, truth = waist
    begins = next(i.bout for i in summary.bouts if (i.bout.gait, i.bout.direction) == (Gait.RUN, direction))
    inside = (truth.initial_contacts_s >= begins.start_s) & (truth.initial_contacts_s < begins.end_s)
    contact_ms = 1000 * np.nanmedian((truth.final_contacts_s - truth.initial_contacts_s)[inside])
    contact = figure(summary, "contact_time_ms", Gait.RUN, direction)
    assert contact.value == pytest.approx(contact_ms, abs=MOTION_CONTACT_MS.value)
    assert contact.sources == ("device", "own_validation")
    flight, duty = (figure(summary, key, Gait.RUN, direction) for key in ("flight_time_ms", "duty_factor"))
    assert flight.value is not None
    assert 0 < flight.value < 200
    assert duty.value is not None
    assert duty.value < 0.5


def test_a_trunk_shows_form_and_a_walk_no_contact(waist: tuple[Summary, Truth]) -> None:
    summary, _ = waist
    for key in ("step_symmetry", "smoothness", "vertical_oscillation_mm", "trunk_lean_deg"):
        assert figure(summary, key, Gait.RUN, Direction.FORWARD).value is not None, key
    assert figure(summary, "step_symmetry", Gait.RUN, Direction.FORWARD).value == pytest.approx(1.0, abs=0.15)
    walked = figure(summary, "contact_time_ms", Gait.WALK, Direction.FORWARD)
    assert walked.why_unknown == "A trunk shows contact of the feet only in running"


@pytest.mark.parametrize(
    ("placement", "why"),
    [
        ("wrist", "A wrist does not show when a foot lands"),
        ("pocket", "A thigh does not show when a foot lands"),
        ("other", "It is not known where the sensor was worn"),
    ],
)
def test_what_a_placement_cannot_show_is_unknown_with_its_reason(placement: str, why: str) -> None:
    worn = "wrist" if placement == "other" else placement
    summary = summarise(ran(worn, track=True)[0], placement=Placement(placement))
    found = figure(summary, "contact_time_ms", Gait.RUN, Direction.BACKWARD)
    assert (found.value, found.why_unknown) == (None, why)
    assert figure(summary, "impact_relative", Gait.RUN, Direction.BACKWARD).value is None
    assert figure(summary, "steps", Gait.RUN, Direction.BACKWARD).value is not None


def test_what_the_watch_says_stays() -> None:
    recording, _ = ran("waist", track=True, dynamics=True)
    summary = summarise(recording, placement=Placement.WAIST)
    own = grid(recording)
    for key in ("contact_time_ms", "cadence_spm", "vertical_oscillation_mm", "speed_mps"):
        known = np.isfinite(getattr(own, key))
        assert known.any(), key
        np.testing.assert_array_equal(getattr(summary.grid, key)[known], getattr(own, key)[known], err_msg=key)
    contact = figure(summary, "contact_time_ms", Gait.RUN, Direction.FORWARD)
    assert contact.sources == ("device",)


def test_without_motion_there_is_no_form() -> None:
    recording, _ = ran("wrist", track=True)
    summary = summarise(replace(recording, motion={}))
    assert not any(key in item.metrics for item in summary.bouts for key in KEYS)
    assert not any(key in summary.session for key in KEYS)


def test_an_unknown_direction_has_no_figure_that_needs_one() -> None:
    summary = summarise(ran("waist")[0], placement=Placement.WAIST)
    unknown = [item for item in summary.bouts if item.bout.direction is Direction.UNKNOWN]
    assert unknown
    for item in unknown:
        assert item.metrics["steps"].value is not None
        for key in ("impact_relative", "trunk_lean_deg", "energy_net_kcal_per_kg"):
            assert item.metrics[key].value is None, key


def test_the_way_of_a_trunk_is_calibrated_for_each_direction() -> None:
    """GPS that is only there forward says nothing of backward steps."""
    recording, _ = ran("waist", track=True)
    whole = summarise(recording, placement=Placement.WAIST)
    turned = next(i.bout.start_s for i in whole.bouts if i.bout.direction is Direction.BACKWARD)
    silent = recording.track.time_s >= turned
    places = ("latitude_deg", "longitude_deg", "speed_mps", "distance_m")
    channels = {
        key: np.where(silent, np.nan, values) if key in places else values
        for key, values in recording.track.channels.items()
    }
    cut = replace(recording, track=type(recording.track)(recording.track.time_s, channels))
    summary = summarise(cut, placement=Placement.WAIST)
    backward = [i for i in summary.bouts if i.bout.direction is Direction.BACKWARD and i.bout.gait is Gait.RUN]
    assert backward
    assert all(item.metrics["speed_mps"].value is None for item in backward)


def test_duty_factor_and_flight_are_what_contact_leaves_of_a_step() -> None:
    seconds = grid(ran("wrist", track=True)[0])
    (ran_so,) = figures(seconds, Parts.between(seconds.time_s, [0], [np.inf]))
    run = replace(ran_so, contact_time_ms=Spread(240.0, 250.0, 260.0), cadence_spm=180.0)
    assert run.duty_factor == Spread(0.36, 0.375, 0.39)
    assert run.flight_time_ms is not None
    assert run.flight_time_ms.median == pytest.approx(1000 / 3 - 250)
    walk = replace(run, contact_time_ms=Spread(640.0, 650.0, 660.0), cadence_spm=110.0)
    assert walk.flight_time_ms is None
    assert replace(run, cadence_spm=None).duty_factor is None
