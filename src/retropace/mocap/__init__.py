"""Motion capture in, virtual sensors out: clips of people whose every joint is known, and what a sensor on them would feel.

`read` takes a file to a `Clip`; `truth` says which way the person faced and went; `sense` and `in_a_row` make recordings
of virtual sensors, all called simulated.
"""

from retropace.mocap.clip import Clip
from retropace.mocap.library import clips, read
from retropace.mocap.truth import Truth, truth
from retropace.mocap.virtual import PLACES, Worn, in_a_row, sense

__all__ = ["PLACES", "Clip", "Truth", "Worn", "clips", "in_a_row", "read", "sense", "truth"]
