"""Bout: a stretch of one gait and one direction, how that is known and how surely."""

from dataclasses import dataclass

from retropace.quantities import Direction, Gait


@dataclass(frozen=True, slots=True)
class Bout:
    """Half-open stretch [start_s, end_s) of a recording.

    `probability` is that of `direction` being right (of the most likely direction where the answer is unknown; 1.0 for
    standing). `known_by` names the witnesses that decided, strongest first, by their key in `witness.WITNESSES`;
    ("assumed",) means that nothing in the recording saw which way the person faced. `reason` says in a sentence why an
    unknown direction is unknown.
    """

    start_s: float
    end_s: float
    gait: Gait
    direction: Direction
    probability: float
    known_by: tuple[str, ...]
    reason: str | None = None

    @property
    def duration_s(self) -> float:
        """Length [s]."""
        return self.end_s - self.start_s

    @property
    def assumed(self) -> bool:
        """Whether the direction rests on the assumption that people run forward, and on nothing else."""
        return self.known_by == ("assumed",)
