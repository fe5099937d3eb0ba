"""Motion capture in, virtual sensors out: clips of people whose every joint is known, and what a sensor on them would feel.

`read` takes a file to a `Clip`; `truth` says which way the person faced and went, `gate` how far the clip's accelerations
may be believed; `looped` makes a longer clip of a steady one. `sense` and `in_a_row` make recordings of virtual sensors, all
called simulated.
"""

from retropace.mocap.clip import Clip
from retropace.mocap.gate import Gate, gate
from retropace.mocap.library import clips, read
from retropace.mocap.loop import looped
from retropace.mocap.truth import Truth, truth
from retropace.mocap.virtual import PLACES, Worn, in_a_row, sense

__all__ = ["PLACES", "Clip", "Gate", "Truth", "Worn", "clips", "gate", "in_a_row", "looped", "read", "sense", "truth"]
