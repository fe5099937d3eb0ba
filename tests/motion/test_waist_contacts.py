"""Waist contacts: against the simulated runner's, in both directions; real walkers where they are at hand."""

import json
from pathlib import Path

import numpy as np
import pytest

from made_trunks import RUN, SECONDS, WALK, bouncing, level, reversed_in_time, seen
from retropace.motion.frame import frame
from retropace.motion.listener import listen
from retropace.motion.waist_contacts import contacts
from retropace.quantities import STANDARD_GRAVITY_MPS2, Direction
from retropace.recording import FloatArray
from retropace.simulate.footsteps import Footing
from retropace.simulate.footsteps import contacts as true_contacts
from retropace.simulate.runner import Device, Runner
from retropace.simulate.sensors import motion_streams
from virtual_steps import STRAIGHT, steady

DATA = Path(__file__).parents[2] / "../shared/data/feet-and-lower-back-imu"
GAITS = [(Footing.WALK, 0.8), (Footing.WALK, 1.4), (Footing.RUN, 2.2), (Footing.RUN, 4.0)]


def heard(
    footing: Footing, direction: Direction, speed_mps: float
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Found and true initial contacts, found and true contact times, far from both ends."""
    made = steady(footing, direction, speed_mps, 50)
    device = Device(kind="phone", placement="waist", rate_hz=100.0, mount_deg=(40.0, 70.0, -120.0))
    streams = motion_streams(made, Runner(), STRAIGHT, device, np.random.default_rng(2))
    initial, final = listen(streams, (), {"waist": contacts}).contacts["waist"]
    truth = true_contacts(made)
    found, true = ((times > 4) & (times < made.end_s - 4) for times in (initial, truth.initial_s))
    return initial[found], truth.initial_s[true], (final - initial)[found], (truth.final_s - truth.initial_s)[true]


@pytest.mark.parametrize("direction", [Direction.FORWARD, Direction.BACKWARD])
@pytest.mark.parametrize(("footing", "speed_mps"), GAITS)
def test_every_step_of_the_simulated_runner(footing: Footing, speed_mps: float, direction: Direction) -> None:
    found, true, on_ground, truly = heard(footing, direction, speed_mps)
    nearest = np.abs(found[:, None] - true).min(axis=0)
    assert abs(found.size - true.size) <= 1
    assert np.sort(nearest)[-3] < 0.03
    assert abs(np.nanmedian(on_ground) - np.nanmedian(truly)) < 0.025


@pytest.mark.parametrize(("step_hz", "gait"), [(1.7, WALK), (2.8, (12.0, 1.0))])
def test_reversed_in_time_initial_and_final_change_places(step_hz: float, gait: tuple[float, float]) -> None:
    motion = level(bouncing(step_hz, gait, 0.3))
    initial, final = contacts(seen(motion))
    begins, ends = contacts(seen(reversed_in_time(motion)))
    end_s = SECONDS - 0.01  # the last sample's time
    inner = (begins > 4) & (begins < SECONDS - 4)
    final = final[np.isfinite(final)]
    assert inner.sum() > 20
    assert np.abs((end_s - final)[:, None] - begins[inner]).min(axis=0).max() < 1e-9
    assert np.abs((end_s - initial)[:, None] - ends[inner]).min(axis=0).max() < 1e-9


def test_a_runner_on_half_sines_flies_as_long_as_there_is_no_force() -> None:
    """Contacts of 0.22 s in steps of 0.36 s, carried by half sines whose mean is the body's weight."""
    step_s, contact_s = 0.36, 0.22
    tau = np.mod(np.arange(2400) / 100, step_s)
    peak = STANDARD_GRAVITY_MPS2 * step_s * np.pi / (2 * contact_s)
    force = np.where(tau < contact_s, peak * np.sin(np.pi * tau / contact_s), 0.0)
    up = np.stack([np.zeros(2400), np.zeros(2400), force - STANDARD_GRAVITY_MPS2], axis=1)
    initial, final = (times[3:-3] for times in contacts(seen(level(up))))
    assert np.median(final - initial) == pytest.approx(contact_s, abs=0.02)
    assert np.median(initial[1:] - final[:-1]) == pytest.approx(step_s - contact_s, abs=0.02)
    assert np.abs(np.mod(initial + step_s / 2, step_s) - step_s / 2).max() < 0.015


@pytest.mark.parametrize("gait", [WALK, RUN])
def test_pieces_find_what_the_whole_finds(gait: tuple[float, float]) -> None:
    random = np.random.default_rng(4)
    noise = np.cumsum(random.normal(0, 0.1, (2400, 3)), axis=0)
    motion = level(bouncing(1.7 if gait is WALK else 2.7, gait, 0.3) + noise - noise.mean(axis=0))
    whole = contacts(seen(motion))
    for size in (1, 7):
        parts = [contacts(frame(motion, first, min(size, 24 - first))) for first in range(0, 24, size)]
        for number in (0, 1):
            np.testing.assert_allclose(np.concatenate([part[number] for part in parts]), whole[number], atol=1e-9)


def test_nobody_steps_where_nothing_moves() -> None:
    initial, final = contacts(seen(level(np.zeros((2400, 3)))))
    assert initial.size == final.size == 0


@pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {DATA}")
@pytest.mark.parametrize("walker", [1, 2, 3, 4, 5, 6])
def test_real_walkers(walker: int) -> None:
    """Samples of the events count from the first packet; each pair is a swing: final, then initial contact."""
    from retropace.readers import read

    errors, true_count, found_count = [], 0, 0
    for trial in (1, 2, 3):
        told = json.loads((DATA / f"{walker}-{trial}.json").read_text(encoding="utf-8"))
        start_s, end_s = (sample / 100 for sample in told["TrialBoundaries"])
        true = np.sort(np.array(told["LeftFootEvents"] + told["RightFootEvents"])[:, 1] / 100)
        true = true[(true >= start_s) & (true <= end_s)]
        found, _ = listen(read(DATA / f"{walker}-{trial}_lb.txt").motion, (), {"waist": contacts}).contacts["waist"]
        found = found[(found > start_s - 0.3) & (found < end_s + 0.3)]
        errors.append(np.abs(found[:, None] - true).min(axis=0))
        true_count, found_count = true_count + true.size, found_count + found.size
    assert np.median(np.concatenate(errors)) <= 0.040
    assert found_count == pytest.approx(true_count, rel=0.1)
