"""Recording: the one shape refuses what would mislead everything after it."""

from datetime import datetime

import numpy as np
import pytest

from retropace.errors import OutOfRange
from retropace.quantities import QUANTITIES, shown
from retropace.recording import MOTION_CHANNELS, REPAIRS, Origin, Recording, Repair, Stream, repair_sentence


def test_motion_channels_are_quantities() -> None:
    assert {c for channels in MOTION_CHANNELS.values() for c in channels} <= set(QUANTITIES)


@pytest.mark.parametrize("times", [[1.0, 1.0], [2.0, 1.0], [0.0, np.nan], [0.0, np.inf]])
def test_times_must_increase(times: list[float]) -> None:
    with pytest.raises(OutOfRange):
        Stream(np.array(times), {})


def test_unknown_channels_and_lengths_are_refused() -> None:
    with pytest.raises(OutOfRange, match="speed"):
        Stream(np.arange(2.0), {"speed": np.zeros(2)})
    with pytest.raises(OutOfRange, match="Expected 2"):
        Stream(np.arange(2.0), {"speed_mps": np.zeros(3)})


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(OutOfRange, match="time zone"):
        Recording(Origin("x", "made"), datetime(2026, 5, 1))


def test_repairs_have_words() -> None:
    for kind in REPAIRS:
        sentence = repair_sentence(Repair(kind, 3, "Here."))
        assert "{" not in sentence
        assert "[" not in sentence
        assert sentence[0].isupper() or sentence[0].isdigit()
    assert repair_sentence(Repair("position", 1)) == "1 impossible position was taken as missing."
    assert repair_sentence(Repair("position", 2)) == "2 impossible positions were taken as missing."
    with pytest.raises(OutOfRange):
        Recording(Origin("x", "made"), None, repairs=(Repair("magic", 1),))


def test_a_channel_of_only_missing_values_is_no_channel() -> None:
    stream = Stream(np.arange(2.0), {"speed_mps": np.full(2, np.nan), "cadence_spm": np.zeros(2)})
    assert stream.channel("speed_mps") is None
    assert stream.channel("cadence_spm") is not None


def test_quantities_are_written_once_and_shown_in_both_systems() -> None:
    assert all(q.key == key and q.low < q.high and q.meaning for key, q in QUANTITIES.items())
    feet, unit = shown(1609.344, "m", "imperial")
    assert (round(feet, 6), unit) == (5280.0, "ft")
    assert shown(1.0, "km", "imperial")[0] == pytest.approx(0.621371, rel=1e-5)
    assert shown(5.0, "km") == (5.0, "km")
    assert QUANTITIES["speed_mps"].plausible(0.0)
    assert not QUANTITIES["speed_mps"].plausible(float("nan"))
