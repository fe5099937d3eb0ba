"""Wrist: a watch on the wrist, a phone in the hand or on the upper arm; by itself it tells nothing of direction.

Nothing was found that holds on people. An arm is a passive pendulum that swings at stride frequency nearly evenly fore
and aft. What tells a thigh (`pocket`) points forward on the arms of captured people who walk backward as well: the phase
of the swing against the lift belongs to the trunk that carries it. The travel of the trunk at step frequency (`waist`)
reaches the wrist through two joints that turn meanwhile. A cue that is wrong for one person in ten is no cue, for of
that person it stays wrong all session.

So the arm is silent. Steps, turns and stillness are heard from it as from anywhere (`steps`, `heading`), and course,
heading, turns, laps and cadence must say the rest.
"""

import numpy as np

from retropace.motion.heard import Heard
from retropace.motion.said import Said


def say(heard: Heard) -> Said:
    """Nothing, of every second."""
    silent = np.full(len(heard), np.nan)
    return Said("wrist", silent, silent, silent, silent, 0.0)
