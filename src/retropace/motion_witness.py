"""Motion as a witness: what was heard of the motion, laid beside the rest of the recording and weighed as evidence.

Nothing here knows how a foot or a thigh moves: that is said, second by second, by the placement's own `say`. What is decided
here is how far it may be believed over a whole session. Three things are then unknown, and each is a reading of its own,
tried beside the others and weighed by how well it explains everything:

* how the sensor sits on the body: where travel points on its axes is known, where the person's front lies is not, so one
  angle is found by its axis and both ends of that axis are tried, anew whenever the sensor may have been put on anew;
* whether this wearer moves the other way round than most, in walking or in running: then no number of seconds helps;
* how far the heading of a gyroscope has wandered: the same axis, moving slowly.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from retropace.fronts import LEAST_SAID, Axes, angle_ways, fronts, in_any, layer_of, turned_ways
from retropace.motion import foot, pocket, waist, wrist
from retropace.motion.cadence import steady_hz
from retropace.motion.frame import once
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
#: How long before and after [s] it is compared for good, and how many rows later all of that has been heard.
FOR_GOOD_S, SETTLED_ROWS = 10, 15
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
    habits = learnt(heard, where, worn)
    body = by_body(heard, habits, worn, grid)
    left = MOST_READINGS // (1 if body is None else len(body.log_odds))
    firm = where.placement in (Placement.FOOT, Placement.WAIST, Placement.POCKET)
    found = [body, by_turns("motion_turn" if firm else "motion_turn_loose", heard, grid, on, worn, left)]
    return [evidence for evidence in found if evidence is not None]


# -- beside the recording's other channels -----------------------------------------------------------------------------


def with_motion(grid: Grid, heard: Heard, steady: FloatArray | None = None) -> Grid:
    """`grid` with steps per minute where the track has none, and whether the motion shows moving and running.

    `steady` (m,) steps per second are as of `steady_hz` where they are not given.
    """
    on = _rows_near(grid, heard)
    step_hz, still = _on(on, heard["step_hz"], heard["step_still"])
    stepping = np.isfinite(step_hz)
    moving = np.where(stepping, STEPPING_NATS, STILL_NATS * np.minimum(np.maximum((still - 0.3) / 0.7, 0.0), 1.0))
    if np.isfinite(grid.cadence_spm).any():
        return replace(grid, moving_nats=moving)
    paced, runs = _on(on, steady_hz(heard) if steady is None else steady, heard["step_run_nats"])
    cadence = np.where(paced > 0, 60 * paced, np.where(still > 0.5, 0.0, np.nan))
    return replace(grid, cadence_spm=cadence, moving_nats=moving, running_nats=np.where(stepping, runs, np.nan))


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


def _on(rows: IntArray, *values: FloatArray) -> FloatArray:
    """(k, n) each of k `values` (m,) by row, NaN where there is none."""
    room = np.full((len(values), values[0].size + 1), np.nan)
    for own, one in zip(room, values, strict=True):
        own[:-1] = one
    return room[:, rows]


def _told(values: FloatArray) -> FloatArray:
    """`values` with zero where nothing was told."""
    return np.where(np.isnan(values), 0.0, values)


# -- how long the sensor sat as it sat -----------------------------------------------------------------------------------


def wearings(heard: Heard, where: Placed) -> IntArray:
    """(m,) number of the stretch in which the sensor was not moved on the body, -1 while it was, or was elsewhere."""
    handled, number = sittings(heard, where)
    return worn_rows(handled, number, elsewhere(heard, where, handled, number))


def worn_rows(handled: BoolArray, number: IntArray, away: Sequence[int]) -> IntArray:
    """(m,) the `number` of each sitting, -1 where the sensor was `handled`, or `away` from where it is worn."""
    return np.where(handled | in_any(number, away), -1, number)


def sittings(heard: Heard, where: Placed) -> tuple[BoolArray, IntArray]:
    """(m,) whether the sensor was being moved on the body, and how often it had come to sit anew by then.

    A row is settled when the `SETTLED_ROWS` after it have been heard.
    """
    handled = heard["turn_tilt_rad"] > HANDLED_RAD
    begins = _reseated(heard, where)
    begins[:1] = True
    begins[1:] |= (handled[:-1] & ~handled[1:]) | (heard.time_s[1:] - heard.time_s[:-1] > FOR_GOOD_S)
    return handled, np.cumsum(begins)


def _reseated(heard: Heard, where: Placed) -> BoolArray:
    """(m,) seconds from which the sensor hangs otherwise, for good, while its wearer steps as before."""
    apart = FOR_GOOD_S // 2 + 1
    begins = np.zeros(len(heard), bool)
    if len(heard) <= 2 * apart:
        return begins
    up = _hung(heard)
    before, after = up[:, : -2 * apart], up[:, 2 * apart :]
    swings = where.placement in (Placement.FOOT, Placement.POCKET)
    with np.errstate(invalid="ignore"):
        alike = (before * after).sum(axis=0) / np.sqrt((before * before).sum(axis=0) * (after * after).sum(axis=0))
    change = alike < np.cos(SWUNG_RAD if swings else RESEATED_RAD)
    if change.any():
        edges = np.flatnonzero(np.diff(np.concatenate([[False], change, [False]])))
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            begins[apart + first + int(np.argmin(alike[first:last]))] = True
    return begins


def _hung(heard: Heard) -> FloatArray:
    """(3, m) which way was up on the sensor's axes, mean over the stepping seconds around each; NaN where there are none."""
    reach = FOR_GOOD_S // 2
    total = np.zeros((4, len(heard) + 2 * reach + 1))
    here = total[:, reach + 1 : reach + 1 + len(heard)]
    for axis, own in zip("xyz", here, strict=False):
        own[:] = heard[f"turn_up_{axis}"]
    here[3] = np.isfinite(heard["step_hz"]) & np.isfinite(here[:3]).all(axis=0)
    here[:, here[3] == 0] = 0.0
    np.cumsum(total, axis=1, out=total)
    around = total[:, 2 * reach + 1 :] - total[:, : -2 * reach - 1]
    with np.errstate(invalid="ignore"):
        mean: FloatArray = around[:3] / around[3]
    return mean


def elsewhere(heard: Heard, where: Placed, handled: BoolArray, number: IntArray) -> tuple[int, ...]:
    """Numbers of stretches which by themselves look like another placement: a phone that was taken in the hand."""
    asked = asked_where(where, handled, number)
    return tuple(kind for kind in asked if is_elsewhere(heard, where, ~handled & (number == kind)))


def asked_where(where: Placed, handled: BoolArray, number: IntArray) -> list[int]:
    """Numbers of the stretches that may be elsewhere: none where somebody said where the sensor is, or there is but one."""
    kinds = np.unique(number[~handled])
    return [] if where.told or kinds.size < 2 else kinds.tolist()


def is_elsewhere(heard: Heard, where: Placed, rows: BoolArray) -> bool:
    """Whether the `rows` (m,) of a stretch by themselves look like another placement."""
    return placed(part_of(heard, rows)).placement not in (where.placement, Placement.OTHER)


def part_of(heard: Heard, rows: BoolArray | slice) -> Heard:
    """Some rows of `heard`, without contacts."""
    columns = {name: values[rows] for name, values in heard.columns.items()}
    return Heard(heard.time_s[rows], heard.piece[rows], columns, {})


# -- how the body part moves ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Habits:
    """What only a whole session shows of its wearer: how they step, and how the sensor sat.

    `gaits` are the numbers of the gaits in which enough was said, `turned` of those that this wearer may have the other
    way round, with the log-odds of that; `pace` parts running into slow and quick steps (log of steps per second), None
    where it is one. `axes` is None where nothing was said at all.
    """

    where: Placed
    pace: float | None
    gaits: tuple[int, ...] = ()
    turned: tuple[tuple[int, float], ...] = ()
    axes: Axes | None = None


@dataclass(frozen=True, slots=True)
class _Manners:
    """What a placement says of the rows that were worn as it should be, each field (m,), NaN or 0 where silent.

    `gaits` are the rows of each gait.
    """

    backward_nats: FloatArray
    sideways_nats: FloatArray
    travel_rad: FloatArray
    travel_kappa: FloatArray
    gaits: tuple[BoolArray, ...]

    @property
    def weight(self) -> FloatArray:
        """(m,) how much each second says."""
        weight: FloatArray = np.abs(_told(self.backward_nats)) + self.travel_kappa
        return weight

    @property
    def heard(self) -> tuple[int, ...]:
        """Numbers of the gaits in which enough was said."""
        weight = self.weight
        return tuple(number for number, rows in enumerate(self.gaits) if weight @ rows >= LEAST_SAID)


def saying(heard: Heard, where: Placed) -> Iterator[Said]:
    """What the placement makes of the motion, one after the other, each once."""
    return (once(say)(heard) for say in SAYS.get(where.placement, ()))


def learnt(heard: Heard, where: Placed, worn: IntArray) -> Habits:
    """The habits that `heard`, in the wearings `worn` (m,), shows."""
    said = list(saying(heard, where))
    pace = _pace(_spoke(said[-1]), heard["step_hz"]) if len(said) > 1 else None
    silent = Habits(where, pace)
    manners = _manners(said, heard, silent, worn) if said else None
    if manners is None or not manners.heard:
        return silent
    odds = [(number, said[min(number, len(said) - 1)].inverted_nats) for number in manners.heard]
    odds = odds if np.isfinite(manners.backward_nats).any() else _beside_first(odds)
    turned = tuple(one for one in odds if one[1] > UNLIKELY_NATS)
    axes = fronts(manners.travel_rad, manners.travel_kappa, worn, MOST_OF_BODY // 2 ** len(turned))
    return Habits(where, pace, manners.heard, turned, axes)


def strange(heard: Heard, habits: Habits, worn: IntArray) -> bool:
    """Whether the rows of `heard` show a gait in which nothing was said when `habits` were learnt."""
    said = list(saying(heard, habits.where))
    return bool(said) and not set(_manners(said, heard, habits, worn).heard) <= set(habits.gaits)


def by_body(heard: Heard, habits: Habits, worn: IntArray, grid: Grid) -> Evidence | None:
    """What the body part's motion says, in all its readings: as most people and other way round, front at either end.

    `heard` may be a part of what `habits` were learnt of; `worn` (m,) are its wearings, by the same numbers. Of travel the
    axis is known on which it lies, not which end is the front. A gait in which this wearer is the other way round is so in
    everything.
    """
    if habits.axes is None:
        return None
    said = _manners(list(saying(heard, habits.where)), heard, habits, worn)
    on = _rows_of(grid, heard)
    front_rad, kappa = habits.axes.on(worn, said.travel_kappa)
    signs, priors = _inverted([(said.gaits[number], odds) for number, odds in habits.turned], len(heard))
    nats = _on(on, said.backward_nats, said.sideways_nats, said.travel_rad - front_rad, kappa, *signs)
    inverted = nats[4:, None] < 0
    other_end = np.stack(habits.axes.at_other_end(worn))[:, on] & (on >= 0)
    by_travel = turned_ways(angle_ways(nats[2], nats[3], OVERLAP), inverted ^ other_end)
    ways = turned_ways(_ways(nats[0], nats[1]), inverted) + by_travel
    log_prior = np.add.outer(priors, [prior for _, prior in habits.axes.ends]).ravel()
    return Evidence(f"motion_{habits.where.placement}", layer_of(ways.reshape(-1, 3, on.size)), log_prior)


def _manners(said: Sequence[Said], heard: Heard, habits: Habits, worn: IntArray) -> _Manners:
    """All that was `said`; a foot says by itself which end is the toe, so that its travel is not heard twice."""
    spoke = [_spoke(one) for one in said]
    rows = [one & (worn >= 0) for one in spoke]

    def whole(name: str) -> FloatArray:
        values = np.full(len(heard), np.nan)
        for part, one in zip(rows, said, strict=True):
            values = np.where(part, getattr(one, name), values)
        return values

    angle = whole("travel_rad")
    along = np.isfinite(angle) & (habits.where.placement is not Placement.FOOT)
    return _Manners(
        whole("backward_nats"),
        whole("sideways_nats"),
        angle,
        np.where(along, _told(whole("travel_kappa")), 0.0),
        _gaits(spoke, heard, habits.pace),
    )


def _spoke(said: Said) -> BoolArray:
    """(m,) seconds in which anything was said."""
    return np.isfinite(said.backward_nats) | np.isfinite(said.travel_rad)


def _gaits(spoke: Sequence[BoolArray], heard: Heard, pace: float | None) -> tuple[BoolArray, ...]:
    """The seconds (m,) of each gait in which something was said: walking, running, with a `pace` quick running by itself."""
    if len(spoke) == 1:
        runs = running_mean(heard["step_run_nats"], 2) > 0
        return spoke[0] & ~runs, spoke[0] & runs
    if pace is None:
        return tuple(spoke)
    with np.errstate(invalid="ignore"):
        quick = np.log(heard["step_hz"]) > pace
    return *spoke[:-1], spoke[-1] & ~quick, spoke[-1] & quick


def _pace(runs: BoolArray, step_hz: FloatArray) -> float | None:
    """Log of the steps per second that part slow from quick ones in the seconds `runs` (m,); None where they are one kind.

    What is read off a trunk or a thigh hangs on whether the gait is called walking or running. Who stamps along and then
    runs is called running twice, and would seem to turn round; two paces far apart may be two gaits.
    """
    pace = np.log(step_hz[runs & np.isfinite(step_hz)])
    if pace.size < 2 * LEAST_PACE_S:
        return None
    middle = slower = quicker = float(np.mean(pace))
    for _ in range(8):
        quick = pace > middle
        if min(np.count_nonzero(quick), np.count_nonzero(~quick)) < LEAST_PACE_S:
            return None
        slower, quicker = float(np.mean(pace[~quick])), float(np.mean(pace[quick]))
        middle = (slower + quicker) / 2
    return middle if quicker - slower > TWO_PACES else None


def _beside_first(gaits: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Every gait but the first, with the log-odds that one of the two is the other way round.

    That both are is no reading of its own where half a turn of the mounting looks the same.
    """
    return [(number, float(np.logaddexp(odds, gaits[0][1]))) for number, odds in gaits[1:]]


def _inverted(gaits: Sequence[tuple[BoolArray, float]], count: int) -> tuple[list[FloatArray], FloatArray]:
    """Signs (m,) of each reading, and their log priors: as most people, and the other way round in any of the gaits.

    Of those who are so in the rarer gait, half are so in the other as well: what makes them so is partly theirs. Our choice.
    """
    chances = [float(1 / (1 + np.exp(-odds))) for _, odds in gaits]
    both = min(chances) / 2 if len(chances) > 1 else 0.0
    signs, shares = [], []
    for turned in product((False, True), repeat=len(gaits)):
        sign = np.ones(count)
        for (rows, _), other in zip(gaits, turned, strict=True):
            sign[rows] = -1.0 if other else 1.0
        signs.append(sign)
        alone = sum(chance - both for chance, other in zip(chances, turned, strict=True) if other)
        shares.append(alone if sum(turned) == 1 else both)
    shares[0] = 1 - sum(shares[1:])
    return signs, np.log(shares)


def _ways(nats: FloatArray, sideways: FloatArray) -> FloatArray:
    """(3, n) of nats for backward, and of nats for sideways against the better of both, where there are any."""
    half = _told(nats) / 2
    size = np.abs(half)
    return np.stack([-half, half, np.where(np.isnan(sideways), -size, size + sideways)])
