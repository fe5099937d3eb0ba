"""A virtual runner: follows a session forwards and backwards and yields a recording with its exact truth.

Everything it makes is called simulated. What it does not model is listed in `docs/simulation.md`.
"""

from retropace.simulate.place import Place
from retropace.simulate.runner import Device, Following, Runner
from retropace.simulate.virtual import Truth, simulate

__all__ = ["Device", "Following", "Place", "Runner", "Truth", "simulate"]
