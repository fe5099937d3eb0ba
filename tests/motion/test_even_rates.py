"""A sensor that begins slowly, or whose radio loses most of a second, is heard from where it is quick enough."""

import numpy as np
import pytest

from retropace.motion.samples import Resampler, all_came, pieces
from retropace.recording import MOTION_CHANNELS, FloatArray, Stream


def stream(time_s: FloatArray) -> Stream:
    return Stream(time_s, {key: np.sin(time_s + i) for i, key in enumerate(MOTION_CHANNELS["accelerometer"])})


SLOW_START = np.concatenate([np.arange(8) * 0.2, 1.4 + np.arange(1, 1001) * 0.01])


def test_a_phone_that_begins_at_its_usual_rate_is_heard() -> None:
    found = pieces({"accelerometer": stream(SLOW_START)})
    assert len(found) == 1
    assert 0 <= found[0].start_s < 1.5
    assert found[0].last == 1141


def test_a_slow_sensor_is_of_no_use() -> None:
    assert pieces({"accelerometer": stream(np.linspace(0.0, 59.9, 600))}) == []


def test_a_radio_that_starves_the_beginning_loses_only_that() -> None:
    time_s = np.linspace(0.0, 79.96, 2000)
    lost = (time_s % 0.2 > 0.1) & (time_s < 1.0)
    found = pieces({"accelerometer": stream(time_s[~lost])})
    assert sum(len(piece) for piece in found) == pytest.approx(8000, abs=10)


@pytest.mark.parametrize("cut", [1, 3, 7, 40, 333])
def test_cutting_what_comes_changes_nothing(cut: int) -> None:
    whole = pieces({"accelerometer": stream(SLOW_START)})[0]
    resampler, parts = Resampler(["accelerometer"]), []
    for first in range(0, SLOW_START.size, cut):
        parts += resampler.push(all_came({"accelerometer": stream(SLOW_START[first : first + cut])}))
    parts += resampler.finish()
    assert np.array_equal(np.concatenate([part.force_mps2 for part in parts]), whole.force_mps2)
