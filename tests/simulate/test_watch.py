import numpy as np
import pytest

from retropace.quantities import Direction, Gait
from retropace.session import Session, Step
from retropace.simulate import Device, Following, Place, Runner, simulate
from retropace.simulate.watch import demand_bpm, intensity

LONG = Place(clear_length_m=5000.0)
QUIET = Device(position_drift_m=0.0, position_noise_m=0.0, speed_noise_mps=0.0, cadence_noise_spm=0.0)


def one(gait: Gait, direction: Direction, seconds: float, speed_mps: float | None = None) -> Session:
    return Session("one", (Step(gait, direction, seconds, "step", speed_mps),))


def test_heart_rate_settles_where_it_was_measured() -> None:
    speeds = np.array([0.0, 1.34, 2.23])
    assert demand_bpm(Runner(), Direction.FORWARD, speeds).tolist() == [76.0, 113.0, 146.0]
    assert demand_bpm(Runner(), Direction.BACKWARD, speeds).tolist() == [76.0, 132.0, 168.0]
    assert demand_bpm(Runner(), Direction.BACKWARD, np.array([9.0]))[0] == 192.0


def test_heart_rate_follows_with_its_lag() -> None:
    session = one(Gait.RUN, Direction.BACKWARD, 400, 2.23)
    recording, truth = simulate(session, Runner(heart_rate_tau_s=45.0), LONG, QUIET, 3)
    heart = recording.track.channels["heart_rate_bpm"]
    assert heart[300:400].mean() == pytest.approx(168, abs=3)
    risen = (heart[50] - 76) / (168 - 76)
    assert risen == pytest.approx(1 - np.exp(-1), abs=0.12)
    assert truth.velocity_mps[200] < -2


@pytest.mark.parametrize(
    ("gait", "direction", "speed_mps", "cadence_spm"),
    [
        (Gait.RUN, Direction.FORWARD, 2.5, 166.0),
        (Gait.RUN, Direction.BACKWARD, 2.5, 166.0 * 1.09),
        (Gait.WALK, Direction.FORWARD, 1.3, 110.4),
        (Gait.WALK, Direction.BACKWARD, 1.3, 110.4),
    ],
)
def test_cadence_and_speed_channels(gait: Gait, direction: Direction, speed_mps: float, cadence_spm: float) -> None:
    recording, truth = simulate(one(gait, direction, 120, speed_mps), Runner(), LONG, QUIET, 5)
    steady = slice(30, 110)
    assert np.median(recording.track.channels["cadence_spm"][steady]) == pytest.approx(cadence_spm, abs=1.5)
    assert recording.track.channels["speed_mps"][steady].mean() == pytest.approx(speed_mps, rel=0.02)
    assert np.sign(truth.velocity_mps[60]) == (1 if direction is Direction.FORWARD else -1)


def test_standing_shows_zeros_not_gaps() -> None:
    recording, _ = simulate(one(Gait.STAND, Direction.NONE, 60), Runner(), LONG, Device(), 1)
    assert np.all(recording.track.channels["speed_mps"] == 0.0)
    assert np.all(recording.track.channels["cadence_spm"] == 0.0)
    assert np.all(recording.track.channels["distance_m"] == 0.0)


def test_positions_move_as_the_runner_does_and_err_as_told() -> None:
    session = one(Gait.RUN, Direction.FORWARD, 300, 3.0)
    north = Place(clear_length_m=5000.0, bearing_deg=0.0)
    exact, truth = simulate(session, Runner(), north, QUIET, 2)
    metres = np.radians(exact.track.channels["latitude_deg"] - north.latitude_deg) * 6_371_008.8
    assert metres == pytest.approx(truth.distance_m, abs=0.3)
    astray, _ = simulate(session, Runner(), north, Device(position_drift_m=3.0, position_noise_m=0.5), 2)
    error = np.radians(astray.track.channels["latitude_deg"] - exact.track.channels["latitude_deg"]) * 6_371_008.8
    assert 1.0 < np.sqrt((error**2).mean()) < 6.0
    assert np.corrcoef(error[:-5], error[5:])[0, 1] > 0.6


def test_optional_channels_say_the_truth() -> None:
    session = Session("two", (Step(Gait.WALK, Direction.FORWARD, 30), Step(Gait.RUN, Direction.BACKWARD, 30)))
    device = Device(declares_direction=True, heading="facing", running_dynamics=True)
    recording, truth = simulate(session, Runner(), LONG, device, 1)
    track = recording.track.channels
    assert np.sign(truth.velocity_mps) == pytest.approx(track["direction_code"])
    assert track["heading_deg"] == pytest.approx(truth.heading_deg)
    running = track["direction_code"] == -1
    assert 150 < np.nanmedian(track["contact_time_ms"][running]) < 300
    assert 40 < np.nanmedian(track["vertical_oscillation_mm"][running]) < 110
    assert np.isnan(track["contact_time_ms"][15])


def test_laps_are_named_by_steps_and_a_forgotten_press_joins_two() -> None:
    names = ["warm-up walk", "reverse run", "walk", "cool-down walk"]
    session = Session("four", tuple(Step(Gait.WALK, Direction.FORWARD, 20, name) for name in names))
    plain, _ = simulate(session, Runner(), LONG, Device(), 1)
    assert [lap.name for lap in plain.laps] == names
    assert [lap.intensity for lap in plain.laps] == ["warmup", "rest", "rest", "cooldown"]
    forgot, _ = simulate(session, Runner(), LONG, Device(), 1, following=Following(missed_presses=(2,)))
    assert [lap.name for lap in forgot.laps] == ["warm-up walk", "reverse run", "cool-down walk"]
    assert forgot.laps[1].end_s - forgot.laps[1].start_s == pytest.approx(40)
    starts = [lap.start_s for lap in plain.laps]
    assert starts == pytest.approx([0.0, 25.0, 45.0, 65.0])


def test_intensity_of_a_step() -> None:
    assert intensity(Step(Gait.RUN, Direction.BACKWARD, 20)) == "active"
    assert intensity(Step(Gait.WALK, Direction.BACKWARD, 20)) == "active"
    assert intensity(Step(Gait.WALK, Direction.FORWARD, 20)) == "rest"
    assert intensity(Step(Gait.STAND, Direction.NONE, 20)) == "rest"
