"""Motion as a witness: what was heard of the motion, laid beside the rest of the recording and weighed as evidence.

Nothing here knows how a foot or a thigh moves: that is said, second by second, by the placement's own `say`. What is decided
here is how far it may be believed over a whole session. Three things are then unknown, and each is a reading of its own,
tried beside the others and weighed by how well it explains everything:

* how the sensor sits on the body: where travel points on its axes is known, where the person's front lies is not, so one
  angle is found by its axis and both ends of that axis are tried, anew whenever the sensor may have been put on anew;
* whether this wearer moves the other way round than most, in walking or in running: then no number of seconds helps;
* how far the heading of a gyroscope has wandered: the same axis, moving slowly.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from retropace.fronts import LEAST_SAID, angle_ways, fronts, layer_of, turned_ways
from retropace.motion import foot, pocket, waist, wrist
from retropace.motion.cadence import steady_hz
from retropace.motion.heard import Heard
from retropace.motion.placement import Placed, Placement, placed
from retropace.motion.said import Said
from retropace.readings import MOST_FORWARD_NATS
from retropace.recording import FloatArray
from retropace.signals import BoolArray, Grid, IntArray, running_mean
from retropace.turns import by_turns
from retropace.witness import BACKWARD_COST_NATS, Evidence

#: What each placement makes of the motion; elsewhere nothing is said. Where walking and running are told apart they are
#: two: somebody may do one of them unlike other people.
SAYS: dict[Placement, tuple[Callable[[Heard], Said], ...]] = {
    Placement.FOOT: (foot.say,),
    Placement.WAIST: (waist.say_walking, waist.say_running),
    Placement.POCKET: (pocket.say_walking, pocket.say_running),
    Placement.WRIST: (wrist.say,),
}
#: Windows of two seconds stand for each second, so that half of where travel points was said the second before. What is
#: said whatever the mounting comes with that taken off.
OVERLAP = 0.5
#: No more readings than this are tried in all, and of a body part's by itself: each takes the same work. Wearings that
#: would go beyond fall silent, the least heard first.
MOST_READINGS, MOST_OF_BODY = 16, 8
#: Readings less likely than this beforehand are not tried [nats]: a session backward from end to end is likelier.
UNLIKELY_NATS = -BACKWARD_COST_NATS - MOST_FORWARD_NATS
#: The sensor may have been put on anew where it tilts by more than `HANDLED_RAD` in four seconds, or by more than
#: `RESEATED_RAD` for good, on a thigh or foot `SWUNG_RAD`: those lean with the gait. Our choice.
HANDLED_RAD, RESEATED_RAD, SWUNG_RAD = np.deg2rad([30.0, 20.0, 30.0])
#: Paces that differ by this share or more are two, if each lasts so long [s]. Our choice.
TWO_PACES, LEAST_PACE_S = 0.15, 5
#: How long before and after [s] it is compared for good.
FOR_GOOD_S = 10
#: What moved is taken to have moved on for so long where samples are lost [s].
HELD_S = 5.0
#: Somebody steps, or is still, with these nats for moving; anything between says nothing.
STEPPING_NATS, STILL_NATS = 3.0, -4.0


@dataclass(frozen=True, slots=True)
class Moved:
    """What the motion of a recording came to: rows a second, where the sensor was worn, the evidence, the fuller grid."""

    heard: Heard
    placed: Placed
    evidence: tuple[Evidence, ...]
    grid: Grid


def moved(heard: Heard, grid: Grid, told: Placement | None = None) -> Moved:
    """What `heard` says beside `grid`; `told` is where somebody said that the sensor was."""
    if not len(heard):
        return Moved(heard, Placed(told or Placement.OTHER, 0.0, told is not None), (), grid)
    where = placed(heard, told)
    fuller = with_motion(grid, heard)
    return Moved(heard, where, tuple(motion_evidence(heard, where, fuller)), fuller)


def motion_evidence(heard: Heard, where: Placed, grid: Grid) -> list[Evidence]:
    """Everything that the motion says of direction, each witness with all its readings."""
    if not len(heard) or not len(grid):
        return []
    worn = wearings(heard, where)
    on = _rows_of(grid, heard)
    said = _said(heard, where)
    body = None if said is None else _by_body(said, where, on, worn)
    left = MOST_READINGS // (1 if body is None else len(body.log_odds))
    firm = where.placement in (Placement.FOOT, Placement.WAIST, Placement.POCKET)
    found = [body, by_turns("motion_turn" if firm else "motion_turn_loose", heard, grid, on, worn, left)]
    return [evidence for evidence in found if evidence is not None]


# -- beside the recording's other channels -----------------------------------------------------------------------------


def with_motion(grid: Grid, heard: Heard) -> Grid:
    """`grid` with steps per minute where the track has none, and whether the motion shows moving and running."""
    on = _rows_near(grid, heard)
    step_hz, still = _on(on, heard["step_hz"]), _on(on, heard["step_still"])
    stepping = np.isfinite(step_hz)
    moving = np.where(stepping, STEPPING_NATS, STILL_NATS * np.clip((still - 0.3) / 0.7, 0.0, 1.0))
    if np.isfinite(grid.cadence_spm).any():
        return replace(grid, moving_nats=moving)
    steady = _on(on, steady_hz(heard))
    cadence = np.where(steady > 0, 60 * steady, np.where(still > 0.5, 0.0, np.nan))
    running = np.where(stepping, _on(on, heard["step_run_nats"]), np.nan)
    return replace(grid, cadence_spm=cadence, moving_nats=moving, running_nats=running)


def _rows_of(grid: Grid, heard: Heard) -> IntArray:
    """(n,) the row of `heard` that belongs to each second of `grid`, -1 where there is none."""
    if not len(heard):
        return np.full(len(grid), -1)
    at = np.minimum(np.searchsorted(heard.time_s, grid.time_s), len(heard) - 1)
    return np.where(heard.time_s[at] == grid.time_s, at, -1)


def _rows_near(grid: Grid, heard: Heard) -> IntArray:
    """The same of the nearest row within `HELD_S`: whoever stepped before and after a few lost samples stepped meanwhile."""
    if not len(heard):
        return np.full(len(grid), -1)
    after = np.minimum(np.searchsorted(heard.time_s, grid.time_s), len(heard) - 1)
    before = np.maximum(after - 1, 0)
    nearer = np.where(
        np.abs(heard.time_s[before] - grid.time_s) < np.abs(heard.time_s[after] - grid.time_s), before, after
    )
    return np.where(np.abs(heard.time_s[nearer] - grid.time_s) <= HELD_S, nearer, -1)


def _on(rows: IntArray, values: FloatArray) -> FloatArray:
    """(n,) `values` (m,) by row, NaN where there is none."""
    return np.append(values, np.nan)[rows]


# -- how long the sensor sat as it sat -----------------------------------------------------------------------------------


def wearings(heard: Heard, where: Placed) -> IntArray:
    """(m,) number of the stretch in which the sensor was not moved on the body, -1 while it was, or was elsewhere."""
    handled = np.nan_to_num(heard["turn_tilt_rad"]) > HANDLED_RAD
    begins = np.diff(handled.astype(int), prepend=0) == -1
    begins |= np.diff(heard.time_s, prepend=-np.inf) > FOR_GOOD_S
    begins |= _reseated(heard, where)
    number = np.where(handled, -1, np.cumsum(begins))
    return number if where.told else _elsewhere_silent(heard, where, number)


def _reseated(heard: Heard, where: Placed) -> BoolArray:
    """(m,) seconds from which the sensor hangs otherwise, for good, while its wearer steps as before."""
    up = np.stack([heard["turn_up_x"], heard["turn_up_y"], heard["turn_up_z"]], axis=1)
    up = np.where(np.isfinite(heard["step_hz"])[:, None], up, np.nan)
    mean = np.stack([running_mean(axis, FOR_GOOD_S // 2) for axis in up.T], axis=1)
    apart = FOR_GOOD_S // 2 + 1
    begins = np.zeros(len(heard), bool)
    if len(heard) <= 2 * apart:
        return begins
    before, after = mean[: -2 * apart], mean[2 * apart :]
    sizes = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    with np.errstate(invalid="ignore"):
        turned = np.arccos(np.clip(np.einsum("mk,mk->m", before, after) / sizes, -1.0, 1.0))
    swings = where.placement in (Placement.FOOT, Placement.POCKET)
    change = np.nan_to_num(turned) > (SWUNG_RAD if swings else RESEATED_RAD)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], change, [False]]).astype(int)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        begins[apart + first + int(np.argmax(turned[first:last]))] = True
    return begins


def _elsewhere_silent(heard: Heard, where: Placed, number: IntArray) -> IntArray:
    """`number`, -1 in stretches which by themselves look like another placement: a phone that was taken in the hand."""
    kinds = np.unique(number[number >= 0])
    if kinds.size < 2:
        return number
    kept = number.copy()
    for kind in kinds:
        rows = number == kind
        if placed(part_of(heard, rows)).placement not in (where.placement, Placement.OTHER):
            kept[rows] = -1
    return kept


def part_of(heard: Heard, rows: BoolArray | slice) -> Heard:
    """Some rows of `heard`, without contacts."""
    columns = {name: values[rows] for name, values in heard.columns.items()}
    return Heard(heard.time_s[rows], heard.piece[rows], columns, {})


# -- how the body part moves ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Manners:
    """What a placement says, each field (m,), and the seconds in which a wearer may all in all be the other way round.

    `kinds` holds the seconds of each gait with the log-odds of that.
    """

    backward_nats: FloatArray
    sideways_nats: FloatArray
    travel_rad: FloatArray
    travel_kappa: FloatArray
    kinds: tuple[tuple[BoolArray, float], ...]


def _said(heard: Heard, where: Placed) -> _Manners | None:
    said = [say(heard) for say in SAYS.get(where.placement, ())]
    if not said:
        return None
    spoke = [np.isfinite(one.backward_nats) | np.isfinite(one.travel_rad) for one in said]
    kinds = [(rows, one.inverted_nats) for rows, one in zip(spoke, said, strict=True)]
    if len(said) == 1:
        runs = np.nan_to_num(running_mean(heard["step_run_nats"], 2)) > 0
        kinds = [(spoke[0] & ~runs, said[0].inverted_nats), (spoke[0] & runs, said[0].inverted_nats)]
    elif where.placement in (Placement.WAIST, Placement.POCKET):
        (*walked, (run, nats)) = kinds
        kinds = [*walked, *((rows, nats) for rows in _by_pace(run, heard["step_hz"]))]

    def whole(name: str) -> FloatArray:
        silent = np.full(len(heard), np.nan)
        return np.select(spoke, [getattr(one, name) for one in said], silent)

    return _Manners(
        whole("backward_nats"),
        whole("sideways_nats"),
        whole("travel_rad"),
        whole("travel_kappa"),
        tuple(kind for kind in kinds if kind[0].any()),
    )


def _by_pace(rows: BoolArray, step_hz: FloatArray) -> list[BoolArray]:
    """`rows` (m,) parted into slow and quick steps where those are two kinds, else whole.

    What is read off a trunk or a thigh hangs on whether the gait is called walking or running. Who stamps along and then
    runs is called running twice, and would seem to turn round; two paces far apart may be two gaits.
    """
    pace = np.log(np.where(rows & np.isfinite(step_hz), step_hz, np.nan))
    known = np.isfinite(pace)
    if np.count_nonzero(known) < 2 * LEAST_PACE_S:
        return [rows]
    middle = slower = quicker = float(np.mean(pace[known]))
    for _ in range(8):
        quick = known & (pace > middle)
        if min(np.count_nonzero(quick), np.count_nonzero(known & ~quick)) < LEAST_PACE_S:
            return [rows]
        slower, quicker = float(np.mean(pace[known & ~quick])), float(np.mean(pace[quick]))
        middle = (slower + quicker) / 2
    quick = known & (pace > middle)
    return [rows & ~quick, quick] if quicker - slower > TWO_PACES else [rows]


def _by_body(said: _Manners, where: Placed, on: IntArray, worn: IntArray) -> Evidence | None:
    """What the body part's motion says, in all its readings: as most people and other way round, front at either end.

    Of its travel the axis is known on which it lies, not which end is the front; a foot says by itself which end is the toe,
    and is not heard twice. A gait in which this wearer is the other way round is so in everything.
    """
    nats = np.where(worn >= 0, said.backward_nats, np.nan)
    angle = np.where(worn >= 0, said.travel_rad, np.nan)
    kappa = np.where(np.isfinite(angle), np.nan_to_num(said.travel_kappa), 0.0)
    if where.placement is Placement.FOOT:
        kappa[:] = 0.0
    heard = np.abs(np.nan_to_num(nats)) + kappa
    kinds = [kind for kind in said.kinds if heard[kind[0]].sum() >= LEAST_SAID]
    if not kinds:
        return None
    signs, priors = _inverted(kinds if np.isfinite(nats).any() else _beside_first(kinds), nats.size)
    found = fronts(angle, kappa, worn, MOST_OF_BODY // len(signs))
    manner = _ways(_on(on, nats), _on(on, said.sideways_nats))
    travel = angle_ways(_on(on, angle - found.front_rad), _on(on, found.kappa), OVERLAP)
    layers = []
    for sign in signs:
        inverted = _on(on, sign) < 0
        by_manner = turned_ways(manner, inverted)
        for other_end, _ in found.ends:
            layers.append(layer_of(by_manner + turned_ways(travel, inverted ^ (on >= 0) & other_end[on])))
    log_prior = np.add.outer(priors, [prior for _, prior in found.ends]).ravel()
    return Evidence(f"motion_{where.placement}", np.stack(layers), log_prior)


def _beside_first(kinds: Sequence[tuple[BoolArray, float]]) -> list[tuple[BoolArray, float]]:
    """Every gait but the first, with the log-odds that one of the two is the other way round.

    That both are is no reading of its own where half a turn of the mounting looks the same.
    """
    return [(rows, float(np.logaddexp(nats, kinds[0][1]))) for rows, nats in kinds[1:]]


def _inverted(kinds: Sequence[tuple[BoolArray, float]], count: int) -> tuple[list[FloatArray], FloatArray]:
    """Signs (m,) of each reading, and their log priors: as most people, and the other way round in any of the gaits.

    Of those who are so in the rarer gait, half are so in the other as well: what makes them so is partly theirs. Our choice.
    """
    likely = [kind for kind in kinds if kind[1] > UNLIKELY_NATS]
    chances = [float(1 / (1 + np.exp(-nats))) for _, nats in likely]
    both = min(chances) / 2 if len(chances) > 1 else 0.0
    signs, shares = [], []
    for turned in product((False, True), repeat=len(likely)):
        sign = np.ones(count)
        for (rows, _), other in zip(likely, turned, strict=True):
            sign[rows] = -1.0 if other else 1.0
        signs.append(sign)
        alone = sum(chance - both for chance, other in zip(chances, turned, strict=True) if other)
        shares.append(alone if sum(turned) == 1 else both)
    shares[0] = 1 - sum(shares[1:])
    return signs, np.log(shares)


def _ways(nats: FloatArray, sideways: FloatArray) -> FloatArray:
    """(3, n) of nats for backward, and of nats for sideways against the better of both, where there are any."""
    backward = np.nan_to_num(nats)
    size = np.abs(backward) / 2
    aside = np.where(np.isfinite(sideways), size + np.nan_to_num(sideways), -size)
    return np.stack([-backward / 2, backward / 2, aside])
