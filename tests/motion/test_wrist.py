"""Wrist: it says nothing, of anybody, and what thighs tell by is there the same in either direction."""

import numpy as np
import pytest

from made_thighs import DATA, rough, worn
from made_trunks import seen
from retropace.motion import pocket, wrist
from retropace.motion.heard import Heard


def test_nothing_is_said_of_any_second() -> None:
    columns = pocket.look(seen(rough(1)))
    heard = Heard(np.arange(12.0), np.zeros(12), columns, {})
    said = wrist.say(heard)
    for values in (said.backward_nats, said.sideways_nats, said.travel_rad, said.travel_kappa):
        assert values.shape == (12,)
        assert np.all(np.isnan(values))
    assert said.inverted_nats == 0.0


def test_what_tells_a_thigh_does_not_tell_an_arm() -> None:
    arms = worn("accad", "wrist") + worn("bandai-namco", "wrist")
    if not arms:
        pytest.skip(f"no motion captures in {DATA / 'mocap'}")
    backward = [np.nanmedian(heard["pocket_walk"]) for _, _, direction, heard in arms if direction == "backward"]
    wrong = np.mean(np.array(backward) > 0)
    assert len(backward) >= 10
    assert wrong > 0.4, "then the wrist might speak after all"
