"""Heard: everything that a recording's motion says, one row a second; and the listener that fills it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from retropace.motion.frame import Frame
from retropace.recording import FloatArray

#: A column's name → its values for the seconds of a frame.
Columns = dict[str, FloatArray]
#: What looks at a frame, and says something of each of its seconds.
Look = Callable[[Frame], Columns]


@dataclass(frozen=True, slots=True)
class Heard:
    """`time_s` (m,) whole seconds; `piece` (m,) counts unbroken pieces; `columns` by name, each (m,), NaN where silent.

    `initial_contacts_s` and `final_contacts_s` (k,) belong together, NaN where one was not seen; empty where
    the placement shows none.
    """

    time_s: FloatArray
    piece: FloatArray
    columns: Mapping[str, FloatArray]
    initial_contacts_s: FloatArray
    final_contacts_s: FloatArray

    def __len__(self) -> int:
        return int(self.time_s.size)

    def __getitem__(self, name: str) -> FloatArray:
        """The column `name`."""
        return self.columns[name]


NOTHING = Heard(np.empty(0), np.empty(0), {}, np.empty(0), np.empty(0))
