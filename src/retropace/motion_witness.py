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

from retropace.motion import foot, pocket, waist, wrist
from retropace.motion.heard import Heard
from retropace.motion.placement import Placed, Placement, placed
from retropace.motion.said import Said
from retropace.recording import FloatArray
from retropace.signals import POSITION_HALF_WINDOW_S, BoolArray, Grid, IntArray, running_mean
from retropace.witness import (
    BACKWARD,
    FORWARD,
    HEADING_OUTLIERS,
    SIDEWAYS,
    STATES,
    Evidence,
)

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
#: One second says no more than this whatever the mounting [nats].
MOST_NATS = 1.5
#: No more readings than this are tried in all, and of a body part's by itself: each takes the same work. Wearings that
#: would go beyond fall silent, the least heard first.
MOST_READINGS, MOST_OF_BODY = 16, 8
#: Readings less likely than this beforehand are not worth trying [nats].
UNLIKELY_NATS = -30.0
#: A gait that all in all says less than this needs no reading of its own [nats].
LEAST_SAID = 1.0
#: An axis of travel directions clearer than this is one: mean of the doubled angles, 0 to 1.
LEAST_AXIS = 0.3
#: The sensor may have been put on anew where it tilts by more than `HANDLED_RAD` in four seconds, or by more than
#: `RESEATED_RAD` for good, on a thigh or foot `SWUNG_RAD`: those lean with the gait. Our choice.
HANDLED_RAD, RESEATED_RAD, SWUNG_RAD = np.deg2rad([30.0, 15.0, 30.0])
#: How long before and after [s] it is compared for good.
FOR_GOOD_S = 10
#: The heading of a gyroscope wanders: its axis is sought over this many seconds either side.
WANDERS_S = 45
#: Course and heading of a steady second differ by this, as the concentration of a von Mises distribution (sd about 20°),
#: and errors of satellites last so long [s].
COURSE_KAPPA, COURSE_MEMORY_S = 8.0, 4.0
#: The needle strays by more than this from its own median over `NEEDLE_S` seconds either side: iron, not north [rad].
STRAYED_RAD, NEEDLE_S = np.deg2rad(20.0), 15
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
    found = [body, _by_turns(heard, where, grid, on, worn, left)]
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
    cadence = np.where(stepping, 60 * step_hz, np.where(still > 0.5, 0.0, np.nan))
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
        if placed(_part(heard, rows)).placement not in (where.placement, Placement.OTHER):
            kept[rows] = -1
    return kept


def _part(heard: Heard, rows: BoolArray) -> Heard:
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


def _by_body(said: _Manners, where: Placed, on: IntArray, worn: IntArray) -> Evidence | None:
    """What the body part's motion says, in all its readings: as most people and other way round, front at either end.

    Of its travel the axis is known on which it lies, not which end is the front; a foot says by itself which end is the toe,
    and is not heard twice. A gait in which this wearer is the other way round is so in everything.
    """
    nats = np.where(worn >= 0, np.clip(said.backward_nats, -MOST_NATS, MOST_NATS), np.nan)
    angle = np.where(worn >= 0, said.travel_rad, np.nan)
    kappa = np.where(np.isfinite(angle), np.nan_to_num(said.travel_kappa), 0.0)
    if where.placement is Placement.FOOT:
        kappa[:] = 0.0
    heard = np.abs(np.nan_to_num(nats)) + kappa
    kinds = [kind for kind in said.kinds if heard[kind[0]].sum() >= LEAST_SAID]
    if not kinds:
        return None
    signs, priors = _inverted(kinds if np.isfinite(nats).any() else _beside_first(kinds), nats.size)
    fronts, sharp = _fronts(angle, kappa, worn, MOST_OF_BODY // len(signs))
    sideways = np.clip(said.sideways_nats, -MOST_NATS, MOST_NATS)
    layers = [
        _layer(_on(on, sign * nats), _on(on, sideways))
        + _angle_layer(_on(on, angle - front + np.where(sign < 0, np.pi, 0.0)), _on(on, sharp), OVERLAP)
        for sign in signs
        for front in fronts
    ]
    return Evidence(f"motion_{where.placement}", np.stack(layers), np.repeat(priors, len(fronts)))


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
    both = min(chances) / 2 if len(chances) == 2 else 0.0
    signs, shares = [], []
    for turned in product((False, True), repeat=len(likely)):
        sign = np.ones(count)
        for (rows, _), other in zip(likely, turned, strict=True):
            sign[rows] = -1.0 if other else 1.0
        signs.append(sign)
        alone = sum(chance - both for chance, other in zip(chances, turned, strict=True) if other)
        shares.append(alone if sum(turned) == 1 else both if any(turned) else 1 - sum(chances) + both)
    return signs, np.log(shares)


def _layer(nats: FloatArray, sideways: FloatArray) -> FloatArray:
    """(n, 7) of nats for backward, and of nats for sideways against the better of both, where there are any."""
    backward = np.nan_to_num(nats)
    layer = np.zeros((backward.size, len(STATES)))
    layer[:, BACKWARD], layer[:, FORWARD] = backward[:, None] / 2, -backward[:, None] / 2
    size = np.abs(backward) / 2
    layer[:, SIDEWAYS] = np.where(np.isfinite(sideways), size + np.nan_to_num(sideways), -size)[:, None]
    return layer


# -- where travel points on the device's axes ----------------------------------------------------------------------------


def _fronts(angle: FloatArray, kappa: FloatArray, worn: IntArray, most: int) -> tuple[list[FloatArray], FloatArray]:
    """Where the front may lie (m,) on the device's axes, `most` readings at most, and how sharply travel is known then."""
    front, sharp = np.full(angle.size, np.nan), kappa.copy()
    wearing = _heard_most(worn, kappa, most)
    for kind in wearing:
        rows = worn == kind
        front[rows], sharpness = _axis(angle[rows], kappa[rows])
        sharp[rows] = np.minimum(kappa[rows], sharpness)
    ends = product((0.0, np.pi), repeat=len(wearing))
    return [front + _by_wearing(worn, wearing, end) for end in ends], sharp


def _heard_most(worn: IntArray, weight: FloatArray, most: int) -> list[int]:
    """The wearings in which most was heard, as many as give `most` readings at most with two ends each."""
    heard = np.bincount(worn[worn >= 0], weight[worn >= 0])
    kinds = [int(kind) for kind in np.argsort(-heard) if heard[kind] >= LEAST_SAID]
    return kinds[: max(most, 1).bit_length() - 1]


def _by_wearing(worn: IntArray, wearing: Sequence[int], values: Sequence[float]) -> FloatArray:
    """(m,) the value of each row's wearing, NaN in those that are not heard."""
    found = np.full(worn.size, np.nan)
    for kind, value in zip(wearing, values, strict=True):
        found[worn == kind] = value
    return found


def _axis(angle: FloatArray, weight: FloatArray) -> tuple[float, float]:
    """Where the axis of all `angle` (k,) lies, and how sharply they lie on it, as a concentration; 0 where on none."""
    total = float(weight.sum())
    mean = complex(np.sum(weight * np.exp(2j * np.nan_to_num(angle)))) / max(total, 1e-12)
    clear = min(abs(mean), 0.999)
    if clear < LEAST_AXIS:
        return 0.0, 0.0
    return float(np.angle(mean)) / 2, 2.0 / max(-np.log(clear), 1e-3)  # doubled angles spread twice as far


def _angle_layer(apart: FloatArray, kappa: FloatArray, share: float) -> FloatArray:
    """(n, 7) of the angle between travel and the front: 0 forward, half a turn backward, a quarter sideways."""
    known = np.isfinite(apart) & (np.nan_to_num(kappa) > 0)
    angle, sharp = np.where(known, apart, 0.0), np.where(known, kappa, 0.0)

    def likelihood(centre: float) -> FloatArray:
        peak = np.exp(sharp * (np.cos(angle - centre) - 1)) / _scaled_i0(sharp)
        nats: FloatArray = np.log((1 - HEADING_OUTLIERS) * peak + HEADING_OUTLIERS)
        return nats

    layer = np.zeros((apart.size, len(STATES)))
    either = np.logaddexp(likelihood(np.pi / 2), likelihood(-np.pi / 2)) - np.log(2.0)
    for columns, nats in ((FORWARD, likelihood(0.0)), (BACKWARD, likelihood(np.pi)), (SIDEWAYS, either)):
        layer[:, columns] = np.where(known, share * nats, 0.0)[:, None]
    return layer


def _scaled_i0(kappa: FloatArray) -> FloatArray:
    """exp(-kappa) I0(kappa), which stays finite."""
    bounded = np.minimum(kappa, 500.0)
    scaled: FloatArray = np.exp(-bounded) * np.i0(bounded)
    return scaled


# -- turns against the course ---------------------------------------------------------------------------------------------


def _by_turns(heard: Heard, where: Placed, grid: Grid, on: IntArray, worn: IntArray, most: int) -> Evidence | None:
    """The device's heading against the course: half a turn of one without the other, and the person goes the other way.

    Spinning round while the course stays, or stopping and going back without turning: both show. A gyroscope's heading
    wanders, so the axis may move slowly. Where a phone's own compass is in the recording, that is heard instead.
    """
    if np.isfinite(grid.device_heading_deg).any() or not np.isfinite(grid.course_deg).any():
        return None
    heading = _steady(_device_heading(heard), np.where(worn >= 0, heard.piece, np.nan))
    course = np.pi / 2 - np.deg2rad(grid.course_deg)
    angle = course - _on(on, heading)
    sitting = np.where(on >= 0, _sitting(heard, worn)[on], -1)
    known = np.isfinite(angle) & (sitting >= 0)
    kinds = _heard_most(np.where(known, sitting, -1), known.astype(float), most)
    if not kinds or known.sum() < WANDERS_S:
        return None
    front, kappa = np.full(angle.size, np.nan), np.zeros(angle.size)
    for kind in kinds:
        rows = np.flatnonzero(known & (sitting == kind))
        front[rows], kappa[rows] = _wandering_axis(grid.time_s[rows], angle[rows])
    layers = [
        _angle_layer(angle - front - _by_wearing(sitting, kinds, ends), kappa, 1 / COURSE_MEMORY_S)
        for ends in product((0.0, np.pi), repeat=len(kinds))
    ]
    firm = where.placement in (Placement.FOOT, Placement.WAIST, Placement.POCKET)
    return Evidence("motion_turn" if firm else "motion_turn_loose", np.stack(layers))


def _device_heading(heard: Heard) -> FloatArray:
    """(m,) heading [rad], from magnetic north where the needle is steady, else as the gyroscope tells it."""
    north = heard["turn_north_rad"]
    steady = _steady_needle(north)
    if np.count_nonzero(steady) < 0.8 * np.count_nonzero(np.isfinite(heard["turn_heading_rad"])):
        return heard["turn_heading_rad"]
    rows = np.arange(north.size)
    needle = np.interp(rows, rows[steady], np.unwrap(north[steady]))
    return heard["turn_heading_rad"] - needle


def _steady_needle(north: FloatArray) -> BoolArray:
    """(m,) seconds in which north lies where it lay around them: the level axes turn slowly, iron comes and goes."""
    told = np.isfinite(north)
    turned = np.where(told, np.exp(1j * np.nan_to_num(north)), np.nan)
    usual = running_mean(turned.real, NEEDLE_S) + 1j * running_mean(turned.imag, NEEDLE_S)
    with np.errstate(invalid="ignore"):
        strayed = np.abs(np.angle(turned * np.conj(usual))) > STRAYED_RAD
    steady: BoolArray = told & ~strayed
    return steady


def _sitting(heard: Heard, worn: IntArray) -> IntArray:
    """(m,) number of the stretch of one wearing and one piece: a gyroscope's heading does not last across a gap."""
    changes = (np.diff(heard.piece, prepend=heard.piece[0]) != 0) | (np.diff(worn, prepend=worn[0]) != 0)
    return np.where(worn >= 0, np.cumsum(changes), -1)


def _steady(heading: FloatArray, apart: FloatArray) -> FloatArray:
    """(m,) mean heading over the seconds from which a course is taken, none from across a gap: both turn alike then."""
    smooth = np.full(heading.size, np.nan)
    for kind in np.unique(apart[np.isfinite(apart)]):
        rows = apart == kind
        mean = [running_mean(part(heading[rows]), POSITION_HALF_WINDOW_S) for part in (np.cos, np.sin)]
        smooth[rows] = np.arctan2(mean[1], mean[0])
    return smooth


def _wandering_axis(time_s: FloatArray, angle: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The axis (k,) of `angle` (k,) as it wanders, and how sharply they lie on it; neither knows which end is which."""
    doubled = np.exp(2j * angle)
    around = np.searchsorted(time_s, [time_s - WANDERS_S, time_s + WANDERS_S])
    total = np.concatenate([[0.0], np.cumsum(doubled)])
    count = around[1] - around[0]
    mean = (total[around[1]] - total[around[0]]) / count
    clear = np.clip(np.abs(mean), 1e-3, 0.999)
    sharpness = np.where(clear < LEAST_AXIS, 0.0, np.minimum(COURSE_KAPPA, 2.0 / np.maximum(-np.log(clear), 1e-3)))
    return np.unwrap(np.angle(mean)) / 2, sharpness
