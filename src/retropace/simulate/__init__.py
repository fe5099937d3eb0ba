"""A virtual runner: follows a session forwards and backwards and yields a recording with its exact truth.

Everything it makes is called simulated. Where a number is published it stands beside its source; the rest is design. Not
modelled: the sharp impact peak of a landing, fatigue, slopes and wind, an uneven or painful gait, skin and clothes beyond
one resonance, the heel as a pivot, the head, a phone that works loose, satellites lost behind houses, cadence lock of an
optical heart rate, and what people do while they look over their shoulder. A classifier that is right on it has passed a
test of signs and of book-keeping, not of people.
"""

from retropace.simulate.centre_of_mass import free_fall
from retropace.simulate.demo import demo, demo_session, write_simulated
from retropace.simulate.place import Place
from retropace.simulate.runner import Device, Following, Runner
from retropace.simulate.virtual import Truth, simulate

__all__ = [
    "Device",
    "Following",
    "Place",
    "Runner",
    "Truth",
    "demo",
    "demo_session",
    "free_fall",
    "simulate",
    "write_simulated",
]
