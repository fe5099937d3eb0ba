"""Heard: everything that a recording's motion says, one row a second; and the listener that fills it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from retropace.motion.frame import Frame
from retropace.recording import FloatArray

#: A column's name → its values for the seconds of a frame.
Columns = dict[str, FloatArray]
#: What looks at a frame, and says something of each of its seconds.
Look = Callable[[Frame], Columns]
#: Initial contacts and the final contacts that belong to them [s on the recording's clock], NaN where one was not seen.
Contacts = tuple[FloatArray, FloatArray]
#: What finds the contacts of the seconds of a frame: those whose initial contact (where unseen: final) lies in them.
ContactFinder = Callable[[Frame], Contacts]


@dataclass(frozen=True, slots=True)
class Heard:
    """`time_s` (m,) whole seconds; `piece` (m,) counts unbroken pieces; `columns` by name, each (m,), NaN where silent.

    `contacts` holds, by the placement for which they were sought, the initial contacts (k,) and the final ones (k,)
    that belong to them, NaN where one was not seen: which of them hold is known once the placement is.
    """

    time_s: FloatArray
    piece: FloatArray
    columns: Mapping[str, FloatArray]
    contacts: Mapping[str, Contacts]
    #: What functions marked `frame.once` gave of this.
    worked: dict[object, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __len__(self) -> int:
        return int(self.time_s.size)

    def __getitem__(self, name: str) -> FloatArray:
        """The column `name`."""
        return self.columns[name]


NOTHING = Heard(np.empty(0), np.empty(0), {}, {})
