"""Direction: all evidence added up in one model, and the bouts that follow from it.

Where no witness speaks, forward is *assumed* and said to be; where the evidence does not reach `SURE_ENOUGH`, the answer
is unknown. No bout is ever called backward without a witness for it.
"""

from collections.abc import Callable, Collection, Generator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from retropace.bout import Bout
from retropace.chain import without_pause
from retropace.model import state_probabilities
from retropace.person import Person
from retropace.plan import EDGE_S, Followed, follow, follow_played, plan_evidence
from retropace.quantities import Direction, Gait
from retropace.recording import Declared, FloatArray, Recording
from retropace.session import Session
from retropace.signals import BoolArray, Grid, IntArray, running_mean
from retropace.witness import (
    BACKWARD_COST_NATS,
    BACKWARD_TRANSITION_MPS,
    CAPS,
    STATES,
    TURNED_BOUT_S,
    Evidence,
    cadence_against_baseline,
    declared_by_laps,
    declared_spans,
    developer_field,
    device_heading_against_course,
    gait_evidence,
    heading_against_course,
    heart_rate_against_baseline,
    run_log_odds,
)

#: What a witness says for backward over a part of the time [nats].
Account = Callable[[slice], float]
#: A direction is named from this probability up; below it the answer is unknown.
SURE_ENOUGH = 0.90
#: Shorter stretches of one direction, or of one gait, are joined to their neighbours; shorter doubts are edges [s].
SHORTEST_DIRECTION_S, SHORTEST_GAIT_S, SHORTEST_DOUBT_S = 3, 10, 12
#: Forward seconds beside backward ones of which nobody says anything are an edge of these, up to so many [s]. Our choice.
LONGEST_CRUMB_S = 5
#: Whoever moves without a step for so long [s] does not stand there. Our choice.
SHORTEST_RESTLESS_S = 10
#: A witness counts as having decided a bout where it adds at least this much over it [nats].
DECISIVE_NATS = 1.0
#: Motion that says backward with at least this [nats] leaves open what nothing but custom calls forward: 4 to 1. Our choice.
SPOKEN_AGAINST_NATS = 1.4
#: What a coach's asking for a run says for running, or for a walk for walking, once the way is known to be backward [nats]:
#: as much as 0.2 m/s of speed, about what satellites err by. Steps per minute outweigh it. Our choice.
ASKED_GAIT_NATS = 1.0
#: Sports done on foot; in all others direction and knees are not our business.
ON_FOOT = frozenset(
    {"running", "walking", "hiking", "trail_running", "track", "treadmill", "transition", "generic", "training"}
)

_ORDER = (Direction.NONE, Direction.FORWARD, Direction.BACKWARD, Direction.SIDEWAYS)
#: Which of the states (7,) each of these is made of, (7, 4); and walking and running, (7, 2).
_OF_DIRECTION = np.array([[way is direction for direction in _ORDER] for _, way in STATES], float)
_OF_GAIT = np.array([[own is gait for gait in (Gait.WALK, Gait.RUN)] for own, _ in STATES], float)
#: Kinds of seconds beyond those of `_ORDER`: which way is open; another sport; nothing that shows movement; movement that
#: is neither steps nor rest.
_DOUBTFUL, _OTHER_SPORT, _UNSEEN, _RESTLESS = 4, 5, 6, 7
#: Why nothing was seen: in general, and where only rotation was recorded; and why what was seen is nothing we know.
_NOTHING = "neither speed, cadence nor motion was recorded here"
_UNFELT = "acceleration was not recorded here, so no step can be seen"
_NO_STEPS = "the sensor moved here, but not in steps"


@dataclass(frozen=True, slots=True)
class Recognised:
    """Bouts in order, covering every stretch; `probability` (n, 7) of each state each second; the plan as followed."""

    bouts: tuple[Bout, ...]
    probability: FloatArray
    evidence: tuple[Evidence, ...]
    followed: Followed | None


def recognise(
    recording: Recording,
    grid: Grid,
    person: Person,
    session: Session | None = None,
    motion: Sequence[Evidence] | None = None,
) -> Recognised:
    """Which seconds were forward and which backward, by every witness the recording has.

    `motion` is what raw motion said, empty where it could not say anything, None where there was none to hear.
    """
    followed = _followed(recording, grid, session)
    probability, evidence = state_probabilities(grid, _evidence(recording, grid, person, followed, motion))
    on_foot = _on_foot(recording, grid)
    asked, nothing = _asked_to_run(grid, followed), _why_nothing(recording)
    bouts = without_pause(finding_bouts(grid, probability, evidence, on_foot, asked, nothing=nothing))
    return Recognised(bouts, probability, evidence, followed)


def _why_nothing(recording: Recording) -> str:
    rotation_alone = len(recording.motion.get("gyroscope", ())) and not len(recording.motion.get("accelerometer", ()))
    return _UNFELT if rotation_alone else _NOTHING


def _followed(recording: Recording, grid: Grid, session: Session | None) -> Followed | None:
    """How `session` was followed: where it was asked for, if a coach played it, else where it is found."""
    played = recording.played
    if played is not None and played.session == session:
        return follow_played(grid, played)
    return follow(grid, session, recording.laps) if session else None


def _evidence(
    recording: Recording,
    grid: Grid,
    person: Person,
    followed: Followed | None,
    motion: Sequence[Evidence] | None,
) -> list[Evidence]:
    spans = (*declared_by_laps(recording.laps), *recording.declared)
    found = [
        gait_evidence(grid),
        developer_field(grid),
        declared_spans(grid, spans),
        plan_evidence(grid, followed, motion_heard=motion is not None) if followed else None,
        heading_against_course(grid),
        device_heading_against_course(grid),
        *(motion or ()),
    ]
    if person.baseline:
        found.append(cadence_against_baseline(grid, person.baseline))
        found.append(heart_rate_against_baseline(grid, person.baseline))
    return [evidence for evidence in found if evidence is not None]


# -- from seconds to bouts --------------------------------------------------------------------------------------------


def _on_foot(recording: Recording, grid: Grid) -> BoolArray:
    """Seconds in a sport done on foot, each sport lasting until the next begins; True where the file names no sport."""
    spans = sorted(recording.sports, key=lambda span: span.start_s)
    if not spans:
        return np.ones(len(grid), bool)
    starts = np.array([span.start_s for span in spans])
    present = np.maximum(np.searchsorted(starts, grid.time_s, side="right") - 1, 0)
    on_foot: BoolArray = np.array([span.sport in ON_FOOT for span in spans])[present]
    return on_foot


def _asked_to_run(grid: Grid, followed: Followed | None) -> FloatArray:
    """(n,) nats for running against walking, backward, where a coach asked for either, and a moment before and after."""
    nats = np.zeros(len(grid))
    for one in followed.steps if followed is not None and followed.asked else ():
        if one.step.direction == Direction.BACKWARD:
            first, last = np.searchsorted(grid.time_s, [one.start_s - EDGE_S / 2, one.end_s + EDGE_S / 2])
            nats[first:last] = ASKED_GAIT_NATS if one.step.gait == Gait.RUN else -ASKED_GAIT_NATS
    return nats


def finding_bouts(
    grid: Grid,
    probability: FloatArray,
    evidence: Sequence[Evidence],
    on_foot: BoolArray,
    asked: FloatArray,
    settled: Collection[str] = (),
    nothing: str = _NOTHING,
) -> Generator[int, None, tuple[Bout, ...]]:
    """The bouts of a grid, with their reasons; `nothing` is the reason where nothing was seen.

    `settled` names witnesses whose reading was settled by what came before. It pauses, first when all seconds have been
    sorted; each pause says how many were done before it.
    """
    if not len(grid):
        return ()
    by_direction = (probability @ _OF_DIRECTION).T
    shares = by_direction[1:] / np.maximum(by_direction[1:].sum(axis=0), 1e-12)
    seen = _motion_seen(grid)
    kind = np.where(on_foot & seen, _at_rest(grid, _kinds(by_direction, shares)), np.where(seen, _OTHER_SPORT, _UNSEEN))
    forced = _changes(grid.stretch) | _changes(np.maximum(kind, _DOUBTFUL))
    accounts = [(item.key, item.account(settled=item.key in settled)) for item in evidence if item.key != "standing"]
    kind = _without_crumbs(_without_short_runs(kind, forced, SHORTEST_DIRECTION_S), forced, accounts)
    gait = _gaits(grid, probability, kind, forced, asked)
    yield len(grid)
    found: list[Bout] = []
    for travel in _slices(forced | _changes(kind)):
        start_s, end_s = float(grid.time_s[travel.start]), float(grid.time_s[travel.stop - 1]) + 1.0
        what = int(kind[travel.start])
        whole = _without_direction(start_s, end_s, what, nothing)
        whole = whole or _moving(start_s, end_s, what, shares[:, travel], _spoke(accounts, travel))
        found += _by_gait(whole, grid.time_s, gait, travel, accounts)
        yield travel.stop - travel.start
    return tuple(found)


def _by_gait(
    whole: Bout, time_s: FloatArray, gait: IntArray, travel: slice, accounts: Sequence[tuple[str, Account]]
) -> list[Bout]:
    """A bout of one direction as bouts of one gait each, direction and its reasons the same in all.

    But where the motion of one gait speaks against forward, and only custom for it, that gait is left open by itself:
    somebody may run unlike other people and walk like them.
    """
    if whole.gait not in (Gait.WALK, Gait.RUN):
        return [whole]
    changes = _changes(gait[travel])
    if not changes.any():
        return [replace(whole, gait=Gait.RUN) if gait[travel.start] else whole]
    parts = [slice(travel.start + p.start, travel.start + p.stop) for p in _slices(changes)]
    found = []
    for part in parts:
        start_s, end_s = float(time_s[part.start]), float(time_s[part.stop - 1]) + 1.0
        kind = Gait.RUN if gait[part.start] else Gait.WALK
        one = replace(whole, start_s=start_s, end_s=end_s, gait=kind)
        if one.direction is Direction.FORWARD and _spoken_against(spoke := _spoke(accounts, part)):
            one = _decided(one, spoke)
        found.append(one)
    return found


def _slices(cuts: BoolArray) -> list[slice]:
    """The stretches between cuts; `cuts` (n - 1,) says whether one lies behind each second but the last."""
    edges = [0, *(np.flatnonzero(cuts) + 1).tolist(), cuts.size + 1]
    return [slice(a, b) for a, b in pairwise(edges)]


def _changes(kind: IntArray) -> BoolArray:
    """(n - 1,) where another kind follows."""
    changed: BoolArray = kind[1:] != kind[:-1]
    return changed


def _kinds(by_direction: FloatArray, shares: FloatArray) -> IntArray:
    """The likeliest kind of each second (4, n), doubtful where the way stays open for longer than an edge lasts.

    `shares` (3, n) are those of the directions among moving ones. Whoever stands between two doubts, stands.
    """
    kind = by_direction.argmax(axis=0)
    doubtful = ((kind > 0) & (shares.max(axis=0) < SURE_ENOUGH)).astype(np.int64)
    none_forced = np.zeros(max(kind.size - 1, 0), bool)
    stands = _without_short_runs((kind == 0).astype(np.int64), none_forced, SHORTEST_DIRECTION_S)
    return np.where(_without_short_runs(doubtful, _changes(stands), SHORTEST_DOUBT_S) > 0, _DOUBTFUL, kind)


def _at_rest(grid: Grid, kind: IntArray) -> IntArray:
    """`kind` (n,), but standing only where it is not raw motion alone that speaks, and speaks of neither steps nor rest."""
    silent = np.isnan(grid.speed_mps) & np.isnan(grid.cadence_spm) & ~grid.paused
    moves = (kind == 0) & silent & (grid.moving_nats >= 0)
    restless = kind.copy()
    if not moves.any():
        return kind
    for part in _slices(_changes(moves) | _changes(grid.stretch)):
        if moves[part.start] and part.stop - part.start >= SHORTEST_RESTLESS_S:
            restless[part] = _RESTLESS
    return restless


def _without_crumbs(kind: IntArray, forced: BoolArray, accounts: Sequence[tuple[str, Account]]) -> IntArray:
    """`kind` (n,) with short forward runs of which nobody says anything given to the backward run beside them."""
    forward, backward = _ORDER.index(Direction.FORWARD), _ORDER.index(Direction.BACKWARD)
    if not np.any(kind == backward):
        return kind
    joined = kind.copy()
    for part in _slices(forced | _changes(kind)):
        if kind[part.start] != forward or part.stop - part.start > LONGEST_CRUMB_S or _spoke(accounts, part):
            continue
        before = part.start > 0 and not forced[part.start - 1] and kind[part.start - 1] == backward
        after = part.stop < kind.size and not forced[part.stop - 1] and kind[part.stop] == backward
        joined[part] = backward if before or after else forward
    return joined


def _motion_seen(grid: Grid) -> BoolArray:
    """Seconds in which speed, cadence or raw motion is known, or the timer was stopped."""
    known = np.isfinite(grid.speed_mps) | np.isfinite(grid.cadence_spm) | np.isfinite(grid.moving_nats)
    seen: BoolArray = known | grid.paused
    return seen


def _gaits(grid: Grid, probability: FloatArray, kind: IntArray, forced: BoolArray, asked: FloatArray) -> IntArray:
    """1 in running seconds, else 0; backward travel turns into running at a lower speed than forward travel."""
    walks, runs = (probability @ _OF_GAIT).T
    running = (runs > walks).astype(np.int64)
    backward = kind == _ORDER.index(Direction.BACKWARD)
    if backward.any():
        log_odds = running_mean(asked + run_log_odds(grid, BACKWARD_TRANSITION_MPS.value), SHORTEST_GAIT_S)
        running[backward] = log_odds[backward] > 0
    running[(kind == 0) | (kind > _DOUBTFUL)] = 0
    return _without_short_runs(running, forced | _changes(kind), SHORTEST_GAIT_S)


def _without_short_runs(kind: IntArray, forced: BoolArray, shortest: int) -> IntArray:
    """`kind` with runs shorter than `shortest` given to the longer neighbouring run on their side of every forced cut."""
    edges = np.flatnonzero(forced | _changes(kind)) + 1
    bounds = [0, *edges.tolist(), kind.size]
    runs = [[a, b, int(kind[a]), a == 0 or bool(forced[a - 1])] for a, b in pairwise(bounds)]
    joined: list[list[int | bool]] = []
    for i, (a, b, value, begins) in enumerate(runs):
        follows = runs[i + 1] if i + 1 < len(runs) and not runs[i + 1][3] else None
        short = b - a < shortest
        if joined and not begins and (joined[-1][2] == value or (short and not _prefers_next(joined[-1], follows))):
            joined[-1][1] = b
        elif short and follows is not None:
            runs[i + 1][0], runs[i + 1][3] = a, begins
        else:
            joined.append([a, b, value, begins])
    lengths = [int(b) - int(a) for a, b, _, _ in joined]
    return np.repeat(np.array([int(value) for _, _, value, _ in joined], np.int64), lengths)


def _prefers_next(previous: Sequence[int | bool], follows: Sequence[int | bool] | None) -> bool:
    return follows is not None and (follows[1] - follows[0]) > (previous[1] - previous[0])


def _without_direction(start_s: float, end_s: float, kind: int, nothing: str) -> Bout | None:
    """The bout of seconds in which nobody is asked which way they go; None of all others."""
    if kind == _OTHER_SPORT:
        reason = "another sport: which way you faced is only asked on foot"
        return Bout(start_s, end_s, Gait.OTHER, Direction.UNKNOWN, 1.0, ("sport",), reason)
    if kind == _UNSEEN:
        return Bout(start_s, end_s, Gait.UNKNOWN, Direction.UNKNOWN, 0.0, ("none",), nothing)
    if kind == _RESTLESS:
        return Bout(start_s, end_s, Gait.UNKNOWN, Direction.UNKNOWN, 0.0, ("none",), _NO_STEPS)
    return Bout(start_s, end_s, Gait.STAND, Direction.NONE, 1.0, ("standing",)) if kind == 0 else None


def _moving(start_s: float, end_s: float, kind: int, shares: FloatArray, spoke: Sequence[tuple[str, float]]) -> Bout:
    """The bout of one kind of moving seconds, its gait still open; `shares` (3, k) of the directions in them."""
    # The median second: a bout whose edges are a few seconds vague is not a bout of vague direction.
    share = _median(shares)
    likeliest = _ORDER[1 + int(share.argmax())] if kind == _DOUBTFUL else _ORDER[kind]
    probability = float(share[_ORDER.index(likeliest) - 1])
    return _decided(Bout(start_s, end_s, Gait.WALK, likeliest, probability, ("assumed",)), spoke)


def _median(values: FloatArray) -> FloatArray:
    """Median (k,) of each row of (k, n); written out because numpy's takes longer than the sorting."""
    ordered, count = np.sort(values, axis=1), values.shape[1]
    median: FloatArray = (ordered[:, (count - 1) // 2] + ordered[:, count // 2]) / 2
    return median


def _decided(bout: Bout, spoke: Sequence[tuple[str, float]]) -> Bout:
    """`bout` with what decided it; of unknown direction where that is not enough."""
    backward = bout.direction == Direction.BACKWARD
    agreeing = tuple(key for key, nats in spoke if (nats > 0) == backward)
    probability = min(bout.probability, _witnessed(bout.duration_s, spoke)) if backward else bout.probability
    if probability >= SURE_ENOUGH and (agreeing or not _spoken_against(spoke)):
        return replace(bout, probability=probability, known_by=agreeing or ("assumed",))
    said = tuple(key for key, _ in spoke) or ("none",)
    return replace(bout, direction=Direction.UNKNOWN, known_by=said, reason=_doubt(spoke))


def _spoken_against(spoke: Sequence[tuple[str, float]]) -> bool:
    """Whether the motion says backward, and only that most people run forward says otherwise."""
    return any(nats >= SPOKEN_AGAINST_NATS and key.startswith("motion_") for key, nats in spoke)


def _witnessed(duration_s: float, spoke: Sequence[tuple[str, float]]) -> float:
    """Probability of a backward bout by its witnesses, each capped, against what it costs; 0 without a witness for it."""
    if not any(nats > 0 for _, nats in spoke):
        return 0.0
    length_cost = duration_s / TURNED_BOUT_S
    net = sum(min(nats, CAPS[key] + length_cost) for key, nats in spoke)
    return float(1 / (1 + np.exp(BACKWARD_COST_NATS + length_cost - net)))


def _spoke(accounts: Sequence[tuple[str, Account]], part: slice) -> list[tuple[str, float]]:
    """Witnesses of direction that spoke in `part`, strongest first, with their nats for backward."""
    said = [(key, told(part)) for key, told in accounts]
    decided = [(key, nats) for key, nats in said if abs(nats) >= DECISIVE_NATS]
    return sorted(decided, key=lambda pair: -abs(pair[1]))


def _doubt(spoke: Sequence[tuple[str, float]]) -> str:
    """Why a bout's direction stays open, in a sentence part."""
    keys = {key for key, _ in spoke}
    if not keys:
        return "nothing saw which way you faced"
    for_backward = {key for key, nats in spoke if nats > 0}
    if "device_heading" in keys:
        return "the phone turned half round against your course: you faced backward, or it was put away differently"
    if for_backward and keys - for_backward:
        return "what saw it disagrees"
    if any(key.startswith("motion_") for key in for_backward):
        return "you moved as most people do backward, but not surely so: some move like that forward"
    if keys & {"cadence", "heart_rate"}:
        return "your steps or heart rate differ from your forward running, which alone does not prove backward"
    if "plan" in keys:
        return "the plan says backward, but the recording does not show it clearly"
    return "what saw it was not sure enough"


# -- the person's own word --------------------------------------------------------------------------------------------


def corrected(bouts: Sequence[Bout], corrections: Sequence[Declared]) -> tuple[Bout, ...]:
    """`bouts` with the person's corrections laid over them: cut exactly at their edges, later corrections over earlier.

    The bouts given stay as they are; leaving a correction out undoes it.
    """
    present = list(bouts)
    for correction in corrections:
        present = [piece for bout in present for piece in _overlaid(bout, correction)]
    return tuple(present)


def _overlaid(bout: Bout, correction: Declared) -> list[Bout]:
    start_s, end_s = max(bout.start_s, correction.start_s), min(bout.end_s, correction.end_s)
    if start_s >= end_s:
        return [bout]
    before = replace(bout, end_s=start_s) if bout.start_s < start_s else None
    after = replace(bout, start_s=end_s) if end_s < bout.end_s else None
    return [piece for piece in (before, _declared_bout(bout, correction, start_s, end_s), after) if piece]


def _declared_bout(bout: Bout, correction: Declared, start_s: float, end_s: float) -> Bout:
    direction, gait = correction.direction, bout.gait
    reason = "you left it open" if direction == Direction.UNKNOWN else None
    if direction == Direction.NONE:
        gait = Gait.STAND
    elif gait in (Gait.STAND, Gait.OTHER):
        gait = Gait.UNKNOWN
    return Bout(start_s, end_s, gait, direction, 1.0, (correction.by,), reason)
