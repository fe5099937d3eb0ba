import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retropace.quantities import Direction, Gait
from retropace.readers import read
from retropace.readers.fit import read as read_fit
from retropace.simulate import demo, demo_session, write_simulated
from retropace.simulate.demo import DEMO_WATCH
from retropace.writers.fit import activity_bytes


def test_the_first_day_is_that_of_the_article() -> None:
    steps = demo_session().steps
    reverse = [step for step in steps if (step.gait, step.direction) == (Gait.RUN, Direction.BACKWARD)]
    assert [step.duration_s for step in reverse] == [20.0] * 6
    first = steps.index(reverse[0])
    assert sum(step.duration_s for step in steps[:first]) == 300
    assert sum(step.direction is Direction.BACKWARD for step in steps[:first]) == 2
    assert all(step.duration_s == 60 for step in steps[first + 1 : -1 : 2])
    assert steps[-1].duration_s == 180


def test_the_demo_is_followed_as_people_do() -> None:
    recording, truth, session = demo(seed=1)
    assert recording.motion == {}
    assert recording.origin.simulated
    repeats = [b for b in truth.bouts if (b.gait, b.direction) == (Gait.RUN, Direction.BACKWARD)]
    assert len(repeats) == 6
    assert 6 < repeats[4].duration_s < 13, "the fifth was cut short"
    assert all(15 < bout.duration_s < 25 for i, bout in enumerate(repeats) if i != 4)
    assert len(recording.laps) == len(session.steps) - 1, "one press was forgotten"
    planned = truth.session_start_s + np.cumsum([0, *(step.duration_s for step in session.steps[:-1])])
    late = [bout.start_s - start for bout, start in zip(repeats, planned[5::2], strict=False)]
    assert all(1.0 <= seconds <= 9.0 for seconds in late)


def test_every_seed_is_another_day() -> None:
    days = [demo(seed)[1].bouts for seed in range(4)]
    assert len({bouts[5].start_s for bouts in days}) == 4


def test_the_files_are_written_and_belong_together(tmp_path: Path) -> None:
    paths = write_simulated(tmp_path / "new", seed=3)
    assert [path.name for path in paths] == ["simulated.fit", "simulated-sensors.zip", "truth.json"]
    truth = json.loads(paths[2].read_text(encoding="utf-8"))
    assert "imulated" in truth["note"]
    assert {bout["direction"] for bout in truth["bouts"]} == {"forward", "backward", "none"}
    assert truth["final_contacts_s"][-1] is None
    watch, phone = (read(path) for path in paths[:2])
    assert phone.origin.simulated
    assert watch.origin.simulated
    assert set(phone.motion) == {"accelerometer", "gyroscope", "magnetometer", "heading"}
    assert phone.duration_s == pytest.approx(watch.duration_s, abs=2)


@pytest.mark.parametrize("declared", [False, True])
def test_the_watch_file_reads_back(declared: bool) -> None:
    written, truth, _ = demo(seed=3, device=replace(DEMO_WATCH, declares_direction=declared))
    read = read_fit("simulated.fit", activity_bytes(written))
    assert read.origin.simulated
    assert read.track.channels["speed_mps"] == pytest.approx(written.track.channels["speed_mps"], abs=2e-3)
    assert [lap.name for lap in read.laps] == [lap.name for lap in written.laps]
    codes = read.track.channels.get("direction_code")
    assert (codes is not None) == declared
    if codes is not None:
        assert codes == pytest.approx(np.sign(truth.velocity_mps))
