"""Witnesses: whatever in a recording saw, or said, which way the person faced, each as log-odds on one common grid.

A witness is a pure function that returns a `Evidence`: for every second and every state of `STATES` a log-likelihood,
relative to knowing nothing. `direction.bouts` adds them all up in one model; a new sensor is a new witness, never a new
code path. How the feet move (`gait_evidence`) is weighed the same way but says nothing of direction, exactly: it weighs the
same in every direction.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from retropace.person import ForwardBaseline
from retropace.quantities import Direction, Gait
from retropace.recording import Declared, FloatArray, Lap
from retropace.signals import BoolArray, Grid, running_mean, wrapped_deg
from retropace.sources import cited

#: The states a second can be in. The order is the order of the columns of every evidence.
STATES: tuple[tuple[Gait, Direction], ...] = (
    (Gait.STAND, Direction.NONE),
    (Gait.WALK, Direction.FORWARD),
    (Gait.RUN, Direction.FORWARD),
    (Gait.WALK, Direction.BACKWARD),
    (Gait.RUN, Direction.BACKWARD),
    (Gait.WALK, Direction.SIDEWAYS),
    (Gait.RUN, Direction.SIDEWAYS),
)
FORWARD, BACKWARD, SIDEWAYS = [1, 2], [3, 4], [5, 6]
COLUMNS = {Direction.NONE: [0], Direction.FORWARD: FORWARD, Direction.BACKWARD: BACKWARD, Direction.SIDEWAYS: SIDEWAYS}

#: Every witness, in words a person reads.
WITNESSES: dict[str, str] = {
    "person": "you said so",
    "field": "direction field in the file",
    "lap": "lap name",
    "plan": "planned, and your speed changed with it",
    "heading": "heading against course",
    "device_heading": "phone compass against course",
    "cadence": "cadence against your own forward running",
    "heart_rate": "heart rate against your own forward running",
    "motion_foot": "how your foot moved",
    "motion_waist": "how your hips moved",
    "motion_pocket": "how your thigh moved",
    "motion_wrist": "how your arm moved",
    "motion_turn": "your turns against your course",
    "motion_turn_loose": "the device's turns against your course",
    "sport": "sport named in the file",
    "standing": "no movement",
    "assumed": "assumed: nothing saw which way you faced",
    "none": "nothing saw it",
    "simulated": "known, because simulated",
}

#: Prior share of moving time in each direction; 2 % backward is what `imu.md` 2.3 uses for walking. Our choice.
SHARE = {Direction.FORWARD: 0.978, Direction.BACKWARD: 0.02, Direction.SIDEWAYS: 0.002}
#: Prior mean length of a bout in another direction than forward [s], between 20 s repeats and a 5 min warm-up. Our choice.
TURNED_BOUT_S = 120.0
#: What entering and leaving a backward bout costs against that prior [nats]: 13.5.
BACKWARD_COST_NATS = float(-np.log(SHARE[Direction.BACKWARD] / SHARE[Direction.FORWARD] / TURNED_BOUT_S**2))
#: The most a witness may add towards backward over one bout [nats], beside what the bout's own length costs.
#: Where all witnesses together add the cost and 2.2 more, backward is 90 % sure; 5.3 more, 99.5 %.
CAPS: dict[str, float] = {
    "field": BACKWARD_COST_NATS + 30.0,
    "lap": BACKWARD_COST_NATS + 7.0,
    "plan": BACKWARD_COST_NATS + 5.3,
    "heading": BACKWARD_COST_NATS + 9.0,
    "device_heading": BACKWARD_COST_NATS,  # the phone may have been re-seated: never enough by itself
    "cadence": BACKWARD_COST_NATS - 1.0,
    "heart_rate": 5.0,
    "motion_foot": BACKWARD_COST_NATS + 9.0,  # seen on real people walking and running, one of them backward
    "motion_waist": BACKWARD_COST_NATS + 5.3,  # real people forward, backward only as motion capture shows it
    "motion_pocket": BACKWARD_COST_NATS + 5.3,  # the same; who moves otherwise is a reading of its own
    "motion_wrist": BACKWARD_COST_NATS - 3.0,  # near chance by itself: it may support, never decide
    "motion_turn": BACKWARD_COST_NATS + 2.3,  # a device turned in its place looks alike; no real person was seen so
    "motion_turn_loose": BACKWARD_COST_NATS
    - 1.0,  # on a wrist or in a hand it is easily turned: never enough by itself
}
#: A witness of several readings speaks both ways where some stretch says so with at least so much [nats].
SETTLED_NATS = 10.0
#: Half-width [s] over which a witness's brief dissent from itself is overheard.
DISSENT_S = 10
#: What a declared or planned forward second says for forward [nats]; enough to keep edges sharp.
FORWARD_NATS = 0.8

#: Preferred backward walk-run transition speed; faster backward travel is taken as running.
BACKWARD_TRANSITION_MPS = cited(1.63, "m/s", "hreljac_2005", low=1.52, high=1.74, note="mean ± SD of 12 people")
#: Forward walk-run boundary where cadence is silent: 1.9 to 2.0 m/s sorted 78.6 % of 28 adults' trials.
FORWARD_TRANSITION_MPS = cited(2.0, "m/s", "walk_run_cadence_2023", low=1.9, high=2.0)
#: Cadence between walking and running: 134 to 141 steps/min sorted 92.9 % of the same trials.
TRANSITION_CADENCE_SPM = cited(140.0, "steps/min", "walk_run_cadence_2023", low=134, high=141)
#: Backward ÷ forward cadence at equal speed, derived from stiffness.
CADENCE_RATIO = cited(1.09, "ratio", "cavagna_2012", low=1.05, high=1.19, note="derived, see literature kin-cav12-cad")
#: Backward ÷ forward heart rate at 2.23 m/s.
HEART_RATE_RATIO = cited(1.151, "ratio", "williford_1998", note="168 ÷ 146 /min, 13 athletes")
#: A baseline on fewer minutes of forward running than this is not used.
LEAST_BASELINE_MIN = 20.0
#: Spread of a facing direction told by a compass, as the concentration of a von Mises distribution (sd about 33°).
HEADING_KAPPA, HEADING_OUTLIERS = 3.0, 0.1
#: Headings, cadence and heart rate stay alike for about this long [s]: one independent look each.
HEADING_MEMORY_S, CADENCE_MEMORY_S, HEART_RATE_MEMORY_S = 3.0, 10.0, 60.0
#: Slopes beyond this [m/m] change cadence and heart rate enough to be mistaken for a direction. Our choice.
STEEPEST_LEVEL = 0.03
#: Heart rate follows effort with a lag; a stretch at steady speed this long [s] before it may be compared.
HEART_RATE_SETTLING_S = 120.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one witness says: `log_odds` (h, n, 7), one layer per hypothesis where the witness has several readings.

    A layer holds log-likelihoods of the states of `STATES`, in nats, zero where the witness is silent. Several layers
    mean that one of them is true for the whole recording: none preferred (a phone's unknown angle to the body), or each by
    its `log_prior` (h,) in nats (somebody whose thigh moves the other way round).
    """

    key: str
    log_odds: FloatArray
    log_prior: FloatArray | None = None

    @property
    def readings(self) -> list[tuple[FloatArray, float]]:
        """Each layer with its log prior."""
        return list(zip(self.log_odds, self.priors.tolist(), strict=True))

    @property
    def priors(self) -> FloatArray:
        """(h,) log prior of each layer, all alike where none is preferred."""
        return np.zeros(len(self.log_odds)) if self.log_prior is None else self.log_prior

    @property
    def favours_backward(self) -> FloatArray:
        """(n,) nats by which the (first) reading prefers backward to forward; negative for forward."""
        nats: FloatArray = _preferred(self.log_odds[0])
        return nats

    def read_as(self, number: int) -> "Evidence":
        """The same with one of its readings first."""
        order = [number, *(k for k in range(len(self.log_odds)) if k != number)]
        return Evidence(self.key, self.log_odds[order], None if self.log_prior is None else self.log_prior[order])

    @property
    def settled(self) -> bool:
        """Whether it is settled which reading is true: there is but one, or the first speaks both ways."""
        return len(self.log_odds) == 1 or _speaks_both_ways(_totals(self.log_odds[:1])[0])

    def account(self, *, settled: bool = False) -> Callable[[slice], float]:
        """Nats for backward against forward over a part of the time, were that all of the one or the other.

        A witness whose first reading speaks for backward somewhere, and for forward elsewhere, is taken at its first
        reading, for the rest of the recording has settled which is true. One that says the same throughout is taken at all
        its readings together, by their priors: what half a turn would turn round then says nothing. `settled`: that was
        known already.
        """
        totals, priors = _totals(self.log_odds[:1]), self.priors
        one_reading = settled or len(self.log_odds) == 1 or _speaks_both_ways(totals[0])
        totals = totals if one_reading else np.concatenate([totals, _totals(self.log_odds[1:])])

        def told(part: slice) -> float:
            if one_reading:
                return float(totals[0, part.stop] - totals[0, part.start])
            said = (totals[:, part.stop] - totals[:, part.start]) / 2
            return float(np.logaddexp.reduce(priors + said) - np.logaddexp.reduce(priors - said))

        return told


def _preferred(layers: FloatArray) -> FloatArray:
    """(..., n) nats by which layers (..., n, 7) prefer backward to forward."""
    backward, forward = (np.maximum(layers[..., walk], layers[..., run]) for walk, run in (BACKWARD, FORWARD))
    return backward - forward


def _totals(layers: FloatArray) -> FloatArray:
    """(h, n + 1) the same of layers (h, n, 7), summed up to each second."""
    totals = np.zeros((len(layers), layers.shape[1] + 1))
    np.cumsum(_preferred(layers), axis=1, out=totals[:, 1:])
    return totals


def _speaks_both_ways(total: FloatArray) -> bool:
    """Whether what sums up to `total` says backward somewhere, and forward elsewhere."""
    return min(_largest_rise(total), _largest_rise(-total)) >= SETTLED_NATS


def _largest_rise(total: FloatArray) -> float:
    """The most that `total` rises from any moment to a later one."""
    return float((total - np.minimum.accumulate(total)).max())


def gait_evidence(grid: Grid) -> Evidence:
    """How the feet move, from speed and cadence; the same for every direction, so that it says nothing of direction."""
    moving = _moving_log_odds(grid)
    running = run_log_odds(grid, FORWARD_TRANSITION_MPS.value)
    either, stands = np.logaddexp(0.0, running), np.logaddexp(0.0, moving)
    by_state = np.empty((1, len(STATES), len(grid)))
    by_state[:, 0] = -stands
    by_state[:, FORWARD[0] :: 2] = moving - stands - either
    by_state[:, FORWARD[1] :: 2] = moving - stands - (either - running)
    return Evidence("standing", by_state.swapaxes(1, 2))


def _moving_log_odds(grid: Grid) -> FloatArray:
    """Log-odds of moving against standing; cadence speaks too, for a treadmill's belt has no speed over ground.

    So does raw motion: satellites drift while somebody stands.
    """
    by_speed = _within((grid.speed_mps - 0.45) / 0.12, -5, 5)
    by_cadence = _within((grid.cadence_spm - 45.0) / 10.0, -3, 5)
    either = _told(np.fmax(by_speed, by_cadence)) + _told(grid.moving_nats)
    moving: FloatArray = np.where(grid.paused, -5.0, either)
    return moving


def _within(values: FloatArray, low: float, high: float) -> FloatArray:
    return np.minimum(np.maximum(values, low), high)


def _told(values: FloatArray) -> FloatArray:
    """`values` with zero where nothing was told."""
    return np.where(np.isnan(values), 0.0, values)


def run_log_odds(grid: Grid, transition_mps: float) -> FloatArray:
    """Log-odds (n,) of running against walking; cadence outweighs speed, because a slow jog has a runner's cadence.

    Where the motion itself says how it bounced, that counts instead of the cadence taken from it.
    """
    by_speed = _within((grid.speed_mps - transition_mps) / 0.2, -3, 3)
    by_cadence = _within((grid.cadence_spm - TRANSITION_CADENCE_SPM.value) / 6.0, -4, 4)
    return _told(by_speed) + _told(np.where(np.isnan(grid.running_nats), by_cadence, grid.running_nats))


def spread_over(nats: float, seconds: int) -> float:
    """Nats per second that add up to `nats` over a bout of `seconds`, beside what its length costs."""
    return nats / max(seconds, 1) + 1 / TURNED_BOUT_S


def capped(backward: FloatArray, cap: float) -> FloatArray:
    """`backward` (n,) nats, scaled so that no backward stretch adds up to more than `cap` beside what its length costs.

    A backward stretch is where the mean over `DISSENT_S` either side is positive: a brief dissent opens no new account.
    Nats for forward stay as they are: being too sure of forward is harmless, being too sure of backward is not.
    """
    if not backward.size:
        return backward
    speaks = running_mean(backward, DISSENT_S) > 0
    starts = np.concatenate([[0], np.flatnonzero(np.diff(speaks)) + 1]).astype(np.int64)
    length = np.diff(np.append(starts, backward.size))
    totals = np.maximum(np.add.reduceat(np.maximum(backward, 0.0), starts), 1e-12)
    factor = np.repeat(np.minimum(1.0, (cap + length / TURNED_BOUT_S) / totals), length)
    weighed: FloatArray = np.where(backward > 0, backward * factor, backward)
    return weighed


def evidence_of(
    key: str, backward: FloatArray, sideways: FloatArray | None = None, cuts: Sequence[int] = ()
) -> Evidence:
    """Evidence from nats for backward against forward (n,), split evenly between the two.

    At each of `cuts` (indices, rising) one bout has ended for certain, so that what follows counts anew.
    """
    weighed = np.concatenate([capped(part, CAPS[key]) for part in np.split(backward, cuts)])
    half = weighed / 2
    by_state = np.zeros((1, len(STATES), backward.size))
    by_state[:, BACKWARD], by_state[:, FORWARD] = half, -half
    by_state[:, SIDEWAYS] = -np.abs(half) if sideways is None else sideways
    return Evidence(key, by_state.swapaxes(1, 2))


# -- what somebody or something declared -----------------------------------------------------------------------------


def developer_field(grid: Grid) -> Evidence | None:
    """Our own direction field, one code a second; None where the file has none."""
    code = grid.direction_code
    if not np.any(np.isfinite(code)):
        return None
    evidence = evidence_of("field", np.select([code == -1, code == 1], [3.0, -3.0], 0.0))
    evidence.log_odds[0][:, 0] += np.where(code == 0, 3.0, 0.0)
    evidence.log_odds[0][:, SIDEWAYS] += np.where(code == 2, 6.0, 0.0)[:, None]
    return evidence


#: Lap names that say backward. "back" alone does not: "Back home" and "Back squats" are real lap names. "reverse" and
#: "back" count with a number, a duration or a way of moving beside them.
_BACKWARD_NAME = re.compile(
    r"\bbackwards?\b|\bretro([- ]?(run|walk|jog)\w*)?\b|r(ü|ue)ckw(ä|ae)rts|\b(à|a) reculons\b"
    r"|\bback\s*\d+\s*(s|sec|m|min)\b|\breverse\s*(\d|run|walk|jog|rep|interval|step|of\b|$)|^\s*reverse\b\s*$",
    re.IGNORECASE,
)
_FORWARD_NAME = re.compile(r"\bforwards?\b|vorw(ä|ae)rts", re.IGNORECASE)
_NOT_LOCOMOTION = re.compile(r"\b(lunge|squat|swing|row|drag|roll|stretch|crawl|pass)\w*", re.IGNORECASE)


@lru_cache(maxsize=64)
def said_by_name(text: str | None) -> Direction | None:
    """Direction that a lap's name or note plainly says, else None.

    >>> said_by_name("BACK 30s"), said_by_name("Back home")
    (<Direction.BACKWARD: 'backward'>, None)
    """
    if not text or _NOT_LOCOMOTION.search(text):
        return None
    backward, forward = _BACKWARD_NAME.search(text), _FORWARD_NAME.search(text)
    if backward and not forward:
        return Direction.BACKWARD
    return Direction.FORWARD if forward and not backward else None


def declared_by_laps(laps: Sequence[Lap]) -> tuple[Declared, ...]:
    """What the laps' names (or else notes) say; beside laps named backward, a lap that is not so named was forward."""
    said = [(lap, said_by_name(lap.name) or said_by_name(lap.notes)) for lap in laps if lap.end_s > lap.start_s]
    if any(direction == Direction.BACKWARD for _, direction in said):
        said = [(lap, direction or Direction.FORWARD) for lap, direction in said]
    return tuple(Declared(lap.start_s, lap.end_s, direction, "lap") for lap, direction in said if direction)


def declared_spans(grid: Grid, spans: Sequence[Declared]) -> Evidence | None:
    """Stretches declared in the file, by lap names above all; None where there are none."""
    if not spans:
        return None
    backward = np.zeros(len(grid))
    edges = np.searchsorted(grid.time_s, [(span.start_s, span.end_s) for span in spans]).tolist()
    for span, (first, last) in zip(spans, edges, strict=True):
        backward[first:last] = {
            Direction.BACKWARD: spread_over(CAPS["lap"], last - first),
            Direction.FORWARD: -FORWARD_NATS,
        }.get(span.direction, 0.0)
    return evidence_of("lap", backward)


# -- which way the body or the phone pointed -------------------------------------------------------------------------


def heading_against_course(grid: Grid) -> Evidence | None:
    """Facing, where a sensor tells it, against the direction of travel: 0° forward, 180° backward, ±90° sideways."""
    if not np.isfinite(grid.heading_deg).any():
        return None
    apart = wrapped_deg(grid.heading_deg - grid.course_deg)
    if np.count_nonzero(np.isfinite(apart)) < 10:
        return None
    forward, backward, sideways = _heading_layers(apart)
    evidence = evidence_of("heading", backward - forward)
    evidence.log_odds[0][:, SIDEWAYS] = (sideways - np.maximum(forward, backward))[:, None] / 2
    return evidence


def device_heading_against_course(grid: Grid) -> Evidence | None:
    """A phone's compass against the course, its angle to the body unknown: two readings, half a turn apart.

    The angle is the axial mean of the differences; which of its two ends is the front is left open, as two hypotheses.
    None where the differences show no common axis.
    """
    if not np.isfinite(grid.device_heading_deg).any():
        return None
    apart = np.deg2rad(wrapped_deg(grid.device_heading_deg - grid.course_deg))
    known = np.isfinite(apart)
    if np.count_nonzero(known) < 60:
        return None
    axis = np.mean(np.exp(2j * apart[known]))
    if np.abs(axis) < 0.5:
        return None
    mount_deg = float(np.rad2deg(np.angle(axis) / 2))
    layers = []
    for turned in (0.0, 180.0):
        forward, backward, _ = _heading_layers(wrapped_deg(np.rad2deg(apart) - mount_deg - turned))
        layers.append(evidence_of("device_heading", backward - forward).log_odds[0])
    return Evidence("device_heading", np.stack(layers))


def _heading_layers(apart_deg: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Log-likelihood per second of the difference under forward, backward and sideways; zero where unknown."""
    radians = np.deg2rad(np.nan_to_num(apart_deg, nan=0.0))
    known = np.isfinite(apart_deg)
    norm = float(np.i0(HEADING_KAPPA))

    def likelihood(centre: float) -> FloatArray:
        peak = np.exp(HEADING_KAPPA * np.cos(radians - centre)) / norm
        mixed = np.log((1 - HEADING_OUTLIERS) * peak + HEADING_OUTLIERS)
        return np.where(known, mixed / HEADING_MEMORY_S, 0.0)

    either_side = np.logaddexp(likelihood(np.pi / 2) * HEADING_MEMORY_S, likelihood(-np.pi / 2) * HEADING_MEMORY_S)
    sideways = np.where(known, (either_side - np.log(2.0)) / HEADING_MEMORY_S, 0.0)
    return likelihood(0.0), likelihood(np.pi), sideways


# -- against the person's own forward running ------------------------------------------------------------------------


def cadence_against_baseline(grid: Grid, baseline: ForwardBaseline) -> Evidence | None:
    """Cadence against what this person's forward running shows at the same speed (backward ×1.09, 1.05 to 1.19)."""
    if baseline.cadence_spm_at_3 is None or baseline.cadence_sd_spm is None or baseline.minutes < LEAST_BASELINE_MIN:
        return None
    expected = baseline.cadence_spm_at_3 + (baseline.cadence_slope or 0.0) * (grid.speed_mps - 3.0)
    observed = running_mean(grid.cadence_spm, int(CADENCE_MEMORY_S // 2))
    ratio_sd = (CADENCE_RATIO.high - CADENCE_RATIO.low) / 4
    nats = _ratio_nats(observed, expected, baseline.cadence_sd_spm, CADENCE_RATIO.value, ratio_sd)
    usable = level_running(grid, baseline.speed_low_mps, baseline.speed_high_mps)
    return evidence_of("cadence", np.where(usable, nats / CADENCE_MEMORY_S, 0.0))


def heart_rate_against_baseline(grid: Grid, baseline: ForwardBaseline) -> Evidence | None:
    """Heart rate against this person's forward running, only after two minutes of steady speed (it lags)."""
    sd = baseline.heart_rate_sd_bpm
    if baseline.heart_rate_bpm_at_3 is None or sd is None or baseline.minutes < LEAST_BASELINE_MIN:
        return None
    expected = baseline.heart_rate_bpm_at_3 + (baseline.heart_rate_slope or 0.0) * (grid.speed_mps - 3.0)
    nats = _ratio_nats(grid.heart_rate_bpm, expected, sd, HEART_RATE_RATIO.value, 0.04)
    usable = level_running(grid, baseline.speed_low_mps, baseline.speed_high_mps) & steady(grid)
    return evidence_of("heart_rate", np.where(usable, nats / HEART_RATE_MEMORY_S, 0.0))


def _ratio_nats(observed: FloatArray, expected: FloatArray, sd: float, ratio: float, ratio_sd: float) -> FloatArray:
    """Nats for `observed` being `ratio` × expected rather than expected, both normal, limited to what 3 sd can say."""
    spread = np.hypot(sd, ratio_sd * expected)
    as_forward = -0.5 * ((observed - expected) / sd) ** 2 - np.log(sd)
    as_backward = -0.5 * ((observed - ratio * expected) / spread) ** 2 - np.log(spread)
    nats: FloatArray = np.clip(np.nan_to_num(as_backward - as_forward, nan=0.0), -4.5, 4.5)
    return nats


def level_running(grid: Grid, slowest_mps: float, fastest_mps: float) -> BoolArray:
    """Seconds of level running between two speeds; hills and walking break any comparison with a baseline."""
    level = ~(np.abs(grid.slope) > STEEPEST_LEVEL)
    in_range = (grid.speed_mps >= slowest_mps) & (grid.speed_mps <= fastest_mps)
    running = ~(grid.cadence_spm < TRANSITION_CADENCE_SPM.value)
    usable: BoolArray = level & in_range & running & ~grid.paused
    return usable


def steady(grid: Grid) -> BoolArray:
    """Seconds whose last `HEART_RATE_SETTLING_S` were all within 15 % of the present speed."""
    window = int(HEART_RATE_SETTLING_S)
    speed = np.nan_to_num(grid.speed_mps, nan=0.0)
    if speed.size <= window:
        return np.zeros(speed.size, bool)
    past = np.lib.stride_tricks.sliding_window_view(speed, window + 1)
    steady = np.zeros(speed.size, bool)
    steady[window:] = (past.max(axis=1) <= 1.15 * speed[window:]) & (past.min(axis=1) >= 0.85 * speed[window:])
    unbroken = grid.time_s - np.concatenate([np.full(window, -np.inf), grid.time_s[:-window]]) == window
    usable: BoolArray = steady & unbroken
    return usable
