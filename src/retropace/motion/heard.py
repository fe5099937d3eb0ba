"""Heard: everything that a recording's motion says, one row a second; and the listener that fills it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import TypeVar, cast

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
Worked = TypeVar("Worked")


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
    #: What functions marked `once_heard` gave of this.
    worked: dict[Callable[["Heard"], object], object] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __len__(self) -> int:
        return int(self.time_s.size)

    def __getitem__(self, name: str) -> FloatArray:
        """The column `name`."""
        return self.columns[name]


def once_heard(work: Callable[[Heard], Worked]) -> Callable[[Heard], Worked]:
    """`work`, done once for each `Heard` however many ask for it."""

    @wraps(work)
    def done(heard: Heard) -> Worked:
        if work not in heard.worked:
            heard.worked[work] = work(heard)
        return cast("Worked", heard.worked[work])

    return done


NOTHING = Heard(np.empty(0), np.empty(0), {}, {})
