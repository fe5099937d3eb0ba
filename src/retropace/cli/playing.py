"""Playing: where a coached session stands at a moment, and what a key, a gap or a lost sound makes of it. No clock in it."""

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from retropace.cues import CueKind
from retropace.guide import Guide
from retropace.pieces import Piece

#: A step of the clock no longer than this counts as played [s]; above it nobody knows what was done.
_JOLT_S = 1.0


class Status(enum.StrEnum):
    """What the coach does."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    WALKING = "walking"  # after a stop: walking, for as long as it takes
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Play:
    """A session as it is being played: it stood at `position_s` when the clock said `now_s`.

    `why` names the rule of coach.toml that stopped it, "" where a person did. `backward_s` is what was done backward so far,
    `lost_s` since when there is no sound on the way backward (None where there is).
    """

    made: Guide
    position_s: float
    now_s: float
    status: Status = Status.RUNNING
    why: str = ""
    backward_s: float = 0.0
    lost_s: float | None = None

    @property
    def piece(self) -> Piece:
        """The piece it is in; the first one before the session's start, the last one after its end."""
        return next((piece for piece in self.made.pieces if self.position_s < piece.end_s), self.made.pieces[-1])

    @property
    def following(self) -> Piece | None:
        """The piece after that."""
        return next((after for now, after in pairwise(self.made.pieces) if now is self.piece), None)

    @property
    def ends_s(self) -> float:
        """When the session ends [s]."""
        return self.made.pieces[-1].end_s

    @property
    def left_s(self) -> float:
        """What is left of the piece [s]; before the first one, until it begins."""
        return (self.piece.start_s if self.position_s < 0 else self.piece.end_s) - self.position_s

    @property
    def going_backward(self) -> bool:
        """Whether the runner is on the way backward now."""
        return self.status is Status.RUNNING and self.position_s >= 0 and self.piece.backward


def starts_s(made: Guide) -> float:
    """When the first word is said [s]: below 0 where a session begins backward."""
    return min((0.0, *(cue.at_s for cue in made.cues)))


def begun(made: Guide, now_s: float, from_s: float | None = None) -> Play:
    """The session from its first word on, or from `from_s`; never from the middle of a way backward, but from before it."""
    if from_s is None or from_s <= 0:
        return Play(made, starts_s(made), now_s)
    play = Play(made, min(from_s, made.pieces[-1].end_s), now_s)
    return replace(play, position_s=_lead_s(play, play.piece)) if play.piece.backward else play


# -- time passes --------------------------------------------------------------------------------------------------------


def passed(play: Play, now_s: float, gap_s: float, *, sounding: bool = True) -> Play:
    """The session at `now_s`, when `gap_s` went by since the last look; `sounding` says whether the sound works.

    A session that is to begin later waits where it is.
    Stops where the clock stood still for longer than coach.clock_stall, and where the sound has been gone for longer than
    coach.sound_grace on the way backward.
    """
    rules = play.made.rules
    if play.status is not Status.RUNNING:
        return replace(play, now_s=now_s)
    if gap_s > rules.number("coach.clock_stall"):
        return stopped(replace(play, now_s=now_s), "clock_stall")
    step_s = max(0.0, now_s - play.now_s)
    backward_s = play.backward_s + (_backward_s(play, step_s) if step_s <= _JOLT_S else 0.0)
    later = replace(play, position_s=play.position_s + step_s, now_s=play.now_s + step_s, backward_s=backward_s)
    if later.position_s >= later.ends_s:
        return replace(later, status=Status.DONE, position_s=later.ends_s, lost_s=None)
    return _listening(later, sounding=sounding)


def _backward_s(play: Play, step_s: float) -> float:
    """What of the next `step_s` lies on the way backward [s]."""
    first_s, last_s = play.position_s, play.position_s + step_s
    spans = (min(last_s, piece.end_s) - max(first_s, piece.start_s) for piece in play.made.pieces if piece.backward)
    return sum(span for span in spans if span > 0)


def _listening(play: Play, *, sounding: bool) -> Play:
    if sounding or not play.going_backward:
        return replace(play, lost_s=None)
    since_s = play.now_s if play.lost_s is None else play.lost_s
    lost = replace(play, lost_s=since_s)
    return stopped(lost, "sound_grace") if play.now_s - since_s >= play.made.rules.number("coach.sound_grace") else lost


def due(play: Play, from_s: float, ahead_s: float) -> Iterator[tuple[float, int]]:
    """The cues from `from_s` of the session until `ahead_s` from now: the clock's time of each, and its number."""
    if play.status not in (Status.RUNNING, Status.DONE):
        return
    for number, cue in enumerate(play.made.cues):
        if from_s <= cue.at_s < play.position_s + ahead_s:
            yield play.now_s + cue.at_s - play.position_s, number


# -- what a person does -------------------------------------------------------------------------------------------------


def stopped(play: Play, why: str = "") -> Play:
    """The session stopped, by a person or by the rule `why`; only `gone_on` leads out of it."""
    if play.status is Status.DONE:
        return play
    return replace(play, status=Status.STOPPED, why=why, lost_s=None)


def paused(play: Play) -> Play:
    """The session held where it is."""
    return replace(play, status=Status.PAUSED, lost_s=None) if play.status is Status.RUNNING else play


def gone_on(play: Play) -> Play:
    """The session going on: after a stop first with walking, then, as after a pause, never from within a way backward.

    What is left of a stretch backward that was broken off is given up.
    """
    if play.status is Status.STOPPED:
        return replace(play, status=Status.WALKING, why="")
    if play.status not in (Status.PAUSED, Status.WALKING):
        return play
    ahead = replace(play, status=Status.RUNNING)
    if play.position_s < 0:
        return replace(ahead, position_s=starts_s(play.made))
    if not play.piece.backward:
        return replace(ahead, position_s=play.piece.start_s) if play.status is Status.WALKING else ahead
    free = (piece for piece in play.made.pieces if piece.start_s >= play.piece.end_s and not piece.backward)
    found = next(free, None)
    return _over(ahead) if found is None else replace(ahead, position_s=found.start_s)


def skipped(play: Play) -> Play:
    """The session at the next piece; where that goes backward, at what is said before it, so that nobody is surprised."""
    if play.status is not Status.RUNNING:
        return play
    following = play.following
    if following is None:
        return _over(play)
    if not following.backward:
        return replace(play, position_s=following.start_s)
    return replace(play, position_s=max(play.position_s, _lead_s(play, following)))


def _lead_s(play: Play, piece: Piece) -> float:
    """When what is said before `piece` begins: its name, else its countdown [s]."""
    count_in_s = play.made.rules.numbers("cues.count_in")[0]
    named = [cue.at_s for cue in play.made.cues if cue.kind is CueKind.NEXT and cue.at_s < piece.start_s]
    last_s = max(named, default=-1.0)
    before_s = max((one.start_s for one in play.made.pieces if one.end_s <= piece.start_s), default=starts_s(play.made))
    counted_s = max(before_s, piece.start_s - count_in_s)
    return last_s if last_s >= before_s else counted_s


def _over(play: Play) -> Play:
    return replace(play, status=Status.DONE, position_s=play.ends_s)
