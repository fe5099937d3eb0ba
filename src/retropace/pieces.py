"""Pieces: a session cut into what can be called out one after the other, nothing of it beyond the limits.

A piece is a step, or a part of one where the straight ends before the step does. What may not be done backward here and now
becomes walking forward, never a refusal: the session lasts as long as it was planned.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from retropace.caps import TURN
from retropace.quantities import Direction, Gait
from retropace.rules import Rules
from retropace.screening import Limits
from retropace.session import DOINGS, Session, Step
from retropace.surroundings import glance_interval_s

REVERSE = ("reverse_run", "reverse_walk")
_DOING = {
    (Gait.RUN, Direction.BACKWARD): "reverse_run",
    (Gait.WALK, Direction.BACKWARD): "reverse_walk",
    (Gait.WALK, Direction.FORWARD): "walk",
    (Gait.RUN, Direction.FORWARD): "run",
    (Gait.STAND, Direction.NONE): "stand",
}
#: So many more looks than intervals a piece can hold where halfway and a warning each move one forward.
_MORE_LOOKS = 2
#: A stop at the end of the straight lasts at least this long [s], so that it can be said.
_STOP_S = 3.0


@dataclass(frozen=True, slots=True)
class Around:
    """Who looks out, how the neck is, and how long the way is; `clear_length_m` None where nobody said."""

    spotter: bool = False
    mirror: bool = False
    strained: bool = False
    treadmill: bool = False
    clear_length_m: float | None = None

    @property
    def alone(self) -> bool:
        """Whether the runner's own glances are all there is."""
        return not (self.spotter or self.mirror)


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing to do from `start_s` to `end_s`. `doing` is its key among the texts of `cues.doing`.

    `look_every_s` is how often the way behind must be seen, 0 where it need not be. `repeat` of `of` is 0 of 0 where a thing
    is done once only.
    """

    step: int
    start_s: float
    end_s: float
    doing: str
    look_every_s: float = 0.0
    repeat: int = 0
    of: int = 0
    name: str = ""

    @property
    def duration_s(self) -> float:
        """How long it lasts [s]."""
        return self.end_s - self.start_s

    @property
    def called(self) -> str:
        """The key of what is said of it: by its name where it has one."""
        return "other" if self.name else self.doing

    @property
    def backward(self) -> bool:
        """Whether the way goes backward."""
        return self.doing in REVERSE


def pieces(session: Session, limits: Limits, around: Around, rules: Rules) -> tuple[Piece, ...]:
    """The session's steps as pieces, in order and without gaps, from 0 to its duration.

    Too long a stretch is cut where the straight ends, with time to turn. Whole steps become forward walking where backward
    is not cleared, the straight too short for any stretch, or the neck has nobody to spare it.
    """
    counted = _repeats(session.steps)
    whole, start_s = [], 0.0
    for number, step in enumerate(session.steps):
        if step.duration_s > 0:
            piece = Piece(number, start_s, start_s + step.duration_s, _doing(step), 0.0, *counted[number], _name(step))
            whole.append(_allowed(piece, step, limits, around, rules))
            start_s += step.duration_s
    spared = _spared(whole, rules) if around.alone else whole
    return tuple(_cut(spared, session.steps, limits, around, rules))


def speed_mps(step: Step, limits: Limits, rules: Rules) -> float:
    """How fast a backward step is done at most [m/s]: as asked, within the limits; walking at a walk."""
    walking = step.gait != Gait.RUN or not limits.backward_run
    highest = min(limits.speed_mps, rules.number("screening.walk_speed")) if walking else limits.speed_mps
    return highest if step.speed_mps is None else min(step.speed_mps, highest)


def _doing(step: Step) -> str:
    return "turn" if _is_turn(step) else _DOING.get((step.gait, step.direction), "other")


def _is_turn(step: Step) -> bool:
    return step.gait == Gait.STAND and step.name == TURN


def _name(step: Step) -> str:
    """What is done standing, as the step is called ("Ankle circles"); elsewhere the way of moving says it."""
    return "" if step.name in DOINGS or _doing(step) not in ("stand", "other") else step.name


def _allowed(piece: Piece, step: Step, limits: Limits, around: Around, rules: Rules) -> Piece:
    """The piece as it may be done; forward walking where it may not."""
    if not piece.backward:
        return piece
    if piece.doing == "reverse_run" and not (limits.backward_run and (limits.treadmill_run or not around.treadmill)):
        piece = replace(piece, doing="reverse_walk")
    speed = speed_mps(step, limits, rules)
    if speed <= 0 or (around.treadmill and limits.treadmill_kmh is None):
        return _forward(piece, "walk_for_clearance")
    if around.treadmill:
        return piece
    every_s = _look_every_s(speed, limits, around, rules)
    longest_s = longest_here_s(step, limits, around, rules)
    if every_s < rules.number("cues.shortest_interval") or longest_s < _turning(rules)[0]:
        return _forward(piece, "walk_for_room")
    if around.strained and around.alone:
        return _forward(piece, "walk_for_neck")
    return replace(piece, look_every_s=every_s)


def _look_every_s(speed: float, limits: Limits, around: Around, rules: Rules) -> float:
    """How often to look at `speed` [s]: by the rule for this speed and straight, sooner where the limits say less.

    The limits' own interval is that of their top speed, so it binds a slower step only where it is less than the rule there.
    """
    lengths = [around.clear_length_m]
    if limits.clear_run_m is not None:
        lengths.append(limits.clear_run_m + rules.number("place.run_off"))
    length_m = min((length for length in lengths if length is not None), default=None)
    every_s = glance_interval_s(speed, length_m, rules)
    careful = 0 < limits.glance_every_s < glance_interval_s(limits.speed_mps, length_m, rules) - 1e-6
    return min(every_s, limits.glance_every_s) if careful else every_s


def _forward(piece: Piece, why: str) -> Piece:
    return replace(piece, doing=why, repeat=0, of=0)


def _spared(whole: Sequence[Piece], rules: Rules) -> list[Piece]:
    """The pieces with no more looks than a neck should do in one session: what comes after is walked forward."""
    left = rules.number("cues.neck_glances")
    kept = []
    for piece in whole:
        if piece.backward and piece.look_every_s > 0:
            looks = _most_looks(piece, rules)
            if looks > left:
                kept.append(_forward(piece, "walk_for_looks"))
                continue
            left -= looks
        kept.append(piece)
    return kept


def _most_looks(piece: Piece, rules: Rules) -> int:
    """The most looks a piece can hold: none fall into its countdown."""
    long = piece.duration_s >= rules.number("cues.warnings_from")
    count_s = rules.numbers("cues.warnings")[-1] if long else rules.numbers("cues.count_in")[0]
    return math.ceil(max(0.0, piece.duration_s - count_s) / piece.look_every_s) + (_MORE_LOOKS if long else 0)


def _turning(rules: Rules) -> tuple[float, float]:
    """Shortest stretch worth starting and the time to stop and turn round [s]."""
    shortest_s, turn_s = rules.numbers("programme.cap_bout")
    return shortest_s, turn_s


def longest_here_s(step: Step, limits: Limits, around: Around, rules: Rules) -> float:
    """The longest stretch in one go [s], from the limits and the length of the straight."""
    speed = speed_mps(step, limits, rules)
    longest_s = limits.longest_bout_s if limits.clear_run_m is None else limits.bout_at(speed, rules)
    if around.clear_length_m is None:
        return longest_s
    running = step.gait == Gait.RUN and limits.backward_run
    run_off_m = rules.number("place.run_off" if running else "place.hall_run_off")
    return min(longest_s, (around.clear_length_m - run_off_m) / speed)


def _cut(
    whole: Sequence[Piece], steps: Sequence[Step], limits: Limits, around: Around, rules: Rules
) -> Iterator[Piece]:
    """The pieces, those backward cut into stretches that fit the straight, with a turn between.

    Steps backward one after the other share one straight, standing between them included: `used` is the part of it that
    lies behind. Where the rest is too short for the next step, a pause before it becomes the turn.
    """
    used = 0.0
    for piece, following in zip(whole, (*whole[1:], None), strict=False):
        goes_on = following is not None and following.backward
        if around.treadmill or not piece.backward:
            needs = 0.0
            if following is not None and goes_on and not around.treadmill:
                needs = following.duration_s / longest_here_s(steps[following.step], limits, around, rules)
            paused = _paused(piece, rules) if used + needs > 1 + 1e-9 else piece
            used = used if paused.doing == "stand" else 0.0
            yield paused
            continue
        longest_s = longest_here_s(steps[piece.step], limits, around, rules)
        parts = list(_stretches(piece, longest_s, (1 - used) * longest_s, rules, goes_on=goes_on))
        yield from parts
        used = (used if len(parts) == 1 else 0.0) + parts[-1].duration_s / longest_s if parts[-1].backward else 0.0


def _paused(piece: Piece, rules: Rules) -> Piece:
    """A pause in which to turn round, where it is one and long enough."""
    if piece.doing != "stand" or piece.duration_s < _turning(rules)[1]:
        return piece
    return replace(piece, doing="turn", name="")


def _stretches(piece: Piece, longest_s: float, left_s: float, rules: Rules, *, goes_on: bool) -> Iterator[Piece]:
    """The piece in stretches of at most `longest_s`, the first of at most `left_s`; `goes_on` where the next is backward."""
    shortest_s, turn_s = _turning(rules)
    at = piece.start_s
    while piece.end_s - at > left_s + 1e-9:
        stop_s = min(at + left_s, piece.end_s - (turn_s if goes_on else _STOP_S))
        if stop_s - at >= shortest_s:
            yield replace(piece, start_s=at, end_s=stop_s)
            at = stop_s
        again = piece.end_s - at >= turn_s + shortest_s
        turned_s = at + turn_s if again else piece.end_s
        doing = "turn" if again or goes_on else "stop"
        yield replace(piece, start_s=at, end_s=turned_s, doing=doing, look_every_s=0.0)
        at, left_s = turned_s, longest_s
    if at < piece.end_s:
        yield replace(piece, start_s=at)


def _repeats(steps: Sequence[Step]) -> list[tuple[int, int]]:
    """(which, of how many) for each step, (0, 0) where it is no repeat.

    Steps of one gait, direction and name are repeats of one set as long as exactly one other step stands between them;
    a turn between two makes them one repeat.
    """
    counted = [(0, 0)] * len(steps)
    for way in dict.fromkeys(_way(step) for step in steps if _hard(step)):
        at = [k for k, step in enumerate(steps) if _way(step) == way]
        for group in _sets(at):
            numbers = list(accumulate((0 if _is_turn(steps[k - 1]) else 1 for k in group[1:]), initial=1))
            if numbers[-1] > 1:
                for k, number in zip(group, numbers, strict=True):
                    counted[k] = (number, numbers[-1])
    return counted


def _sets(at: Sequence[int]) -> list[list[int]]:
    """Places with exactly one other place between each two, together.

    >>> _sets([1, 3, 5, 9, 11])
    [[1, 3, 5], [9, 11]]
    """
    found: list[list[int]] = []
    for k in at:
        if found and k - found[-1][-1] == 2:
            found[-1].append(k)
        else:
            found.append([k])
    return found


def _way(step: Step) -> tuple[Gait, Direction, str]:
    return step.gait, step.direction, step.name


def _hard(step: Step) -> bool:
    return step.direction == Direction.BACKWARD or (step.gait, step.direction) == (Gait.RUN, Direction.FORWARD)
