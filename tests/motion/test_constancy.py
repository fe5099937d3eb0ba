"""What one unbroken stretch of one gait may say: nothing against itself, and not more the longer it lasts."""

from collections.abc import Sequence

import numpy as np
import pytest

from retropace.motion.constancy import MOST_NATS, REACH_S, broken, constant
from retropace.motion.heard import Heard
from retropace.motion.said import Said
from retropace.recording import FloatArray

#: Rows a second on either side of a turn.
SIDE = 20


def walked(seconds: int, **columns: FloatArray) -> Heard:
    """Somebody who walks on and on, straight ahead; `columns` that are otherwise."""
    usual = {"step_vertical_rms": 2.0, "step_level_rms": 1.0, "step_hz": 1.8, "turn_heading_rad": 0.3}
    rows = {name: np.full(seconds, value) for name, value in usual.items()} | columns
    return Heard(np.arange(float(seconds)), np.zeros(seconds), rows, {})


def said(travel_rad: Sequence[float] | FloatArray, kappa: float = 6.0) -> Said:
    travel = np.asarray(travel_rad, float)
    nats = np.where(np.cos(travel) > 0, -1.2, 1.2)
    return Said("one", nats, np.full(travel.size, np.nan), travel, np.full(travel.size, kappa), -4.0)


def there_and_back() -> FloatArray:
    return np.repeat([0.0, np.pi], SIDE)


def slackened() -> FloatArray:
    hardness = np.full(2 * SIDE, 2.0)
    hardness[SIDE - 1 : SIDE + 1] = 0.4
    return hardness


def test_what_turns_round_amid_even_steps_is_not_believed() -> None:
    weighed = constant(said(there_and_back()), walked(2 * SIDE))
    assert not weighed.travel_kappa.any()
    assert not weighed.backward_nats.any()


@pytest.mark.parametrize(
    "columns",
    [
        {"step_vertical_rms": slackened(), "step_level_rms": slackened()},
        {"turn_heading_rad": np.repeat([0.0, 3.0], SIDE)},
    ],
    ids=["stopped", "spun"],
)
def test_what_turns_round_at_a_stop_or_while_spinning_is(columns: dict[str, FloatArray]) -> None:
    weighed = constant(said(there_and_back(), 1.0), walked(2 * SIDE, **columns))
    assert np.all(weighed.travel_kappa == pytest.approx(1.0))
    assert np.all(np.abs(weighed.backward_nats) == pytest.approx(1.2))


def test_a_corner_and_a_few_doubtful_seconds_break_nothing() -> None:
    corner = np.interp(np.arange(2.0 * SIDE), [SIDE - 3, SIDE + 3], [0.0, np.pi])
    assert not broken(walked(2 * SIDE, turn_heading_rad=corner)).any()
    travel = np.zeros(60)
    travel[30] = np.pi
    weighed = constant(said(travel, 0.5), walked(60))
    assert weighed.travel_kappa[30] == 0
    assert np.all(np.delete(weighed.travel_kappa, 30) == pytest.approx(0.5))


def test_a_gap_parts_stretches() -> None:
    heard = walked(2 * SIDE)
    apart = Heard(heard.time_s + np.repeat([0.0, 60.0], SIDE), heard.piece, heard.columns, {})
    assert np.all(constant(said(there_and_back(), 1.0), apart).travel_kappa == pytest.approx(1.0))


def test_a_long_stretch_says_no_more_than_a_short_one() -> None:
    short, long = (constant(said(np.zeros(n)), walked(n)) for n in (10, 2 * REACH_S))
    for one in (short, long):
        assert one.travel_kappa[: REACH_S + 1].sum() <= MOST_NATS + 1e-9
        assert np.abs(one.backward_nats).sum() <= 2 * MOST_NATS
    assert short.travel_kappa.sum() == pytest.approx(MOST_NATS)


def test_time_reversed_it_is_the_same() -> None:
    random = np.random.default_rng(4)
    seconds = 150
    steps = np.where(random.random(seconds) < 0.1, np.nan, 1.8)
    hardness, heading = random.uniform(0.3, 3, seconds), np.cumsum(random.normal(0, 0.8, seconds))
    heard = walked(seconds, step_vertical_rms=hardness, turn_heading_rad=heading, step_hz=steps)
    back = Heard(heard.time_s, heard.piece, {name: values[::-1] for name, values in heard.columns.items()}, {})
    travel = random.choice([0.0, np.pi], seconds, p=[0.9, 0.1]) + random.normal(0, 0.2, seconds)
    weighed, again = constant(said(travel), heard), constant(said(travel[::-1]), back)
    assert broken(heard).any()
    assert weighed.travel_kappa == pytest.approx(again.travel_kappa[::-1], abs=1e-9)
    assert weighed.backward_nats == pytest.approx(again.backward_nats[::-1], abs=1e-9)


def test_part_of_a_recording_says_the_same() -> None:
    random = np.random.default_rng(5)
    seconds = 400
    heard = walked(seconds, step_vertical_rms=random.uniform(0.5, 3, seconds))
    travel = random.choice([0.0, np.pi], seconds, p=[0.95, 0.05])
    rows, inner = slice(100, 300), slice(160, 240)
    part = Heard(heard.time_s[rows], heard.piece[rows], {name: one[rows] for name, one in heard.columns.items()}, {})
    whole, own = constant(said(travel), heard), constant(said(travel[rows]), part)
    assert whole.travel_kappa[inner] == pytest.approx(own.travel_kappa[60:140], abs=1e-9)


def test_nothing_comes_of_nothing() -> None:
    assert constant(said([]), walked(0)).travel_kappa.size == 0
    assert constant(said([0.0]), walked(1)).travel_kappa[0] == pytest.approx(6.0)
