"""Walked: a session with everything backward in it walked forward, for a day on which nobody may go backward after all."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from retropace.caps import TURN
from retropace.quantities import Direction, Gait
from retropace.session import Session, Step

_WALK, _NAME = (Gait.WALK, Direction.FORWARD), "walk"
#: What one stands for only because one went backward before.
_STANDING = (TURN, "Practice stop")


def walked(session: Session, name: str) -> Session:
    """`session` under another name, as long as it was, what is backward in it and belongs to that walked forward in one go.

    >>> from retropace.doses import MainSet; from retropace.prescription import prescription
    >>> import datetime as dt; from retropace.rules import rules_on
    >>> whole = prescription(MainSet(Gait.RUN, 120, 20, 1.8), rules_on(dt.date(2026, 11, 22)))
    >>> on_foot = walked(whole, "walk")
    >>> on_foot.duration_s == whole.duration_s, any(step.direction == "backward" for step in on_foot.steps)
    (True, False)
    """
    return Session(name, tuple(_joined([_walked(step) for step in session.steps])))


def _walked(step: Step) -> Step:
    if step.direction is Direction.BACKWARD or step.name in _STANDING or (step.gait, step.direction) == _WALK:
        return Step(*_WALK, step.duration_s, _NAME)
    return step


def _joined(steps: Sequence[Step]) -> Iterator[Step]:
    """Steps with those that follow each other walking made one."""
    for walking, same in groupby(steps, key=lambda step: (step.gait, step.direction) == _WALK):
        together = list(same)
        if walking:
            yield replace(together[0], duration_s=sum(step.duration_s for step in together))
        else:
            yield from together
