"""What a phone should see second by second, by Python's own looks: the answer that coach-motion.js is held to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from retropace.direction import DECISIVE_NATS, SURE_ENOUGH
from retropace.fronts import LEAST_AXIS, LEAST_SAID
from retropace.model import initial_probabilities, transition_matrix
from retropace.motion import heading, placement, pocket, steps, waist
from retropace.motion.constancy import REACH_S
from retropace.motion.heard import Heard
from retropace.motion.listener import Listener
from retropace.motion_witness import HANDLED_RAD, OVERLAP, STEPPING_NATS, STILL_NATS, part_of
from retropace.recording import MOTION_CHANNELS, FloatArray, Stream
from retropace.web.coach.motion_numbers import ASKED_BACKWARD, ASKED_FORWARD, ASKED_WITHIN_S
from retropace.witness import BACKWARD, DISSENT_S, FORWARD, HEADING_OUTLIERS, SIDEWAYS

LOOKS = (steps.look, heading.look, placement.look, waist.look, pocket.look)
Ask = tuple[float, str | None]
#: Of so many seconds a phone knows how hard everything moved.
REMEMBERED_S = REACH_S + 10


def heard_of(rows: FloatArray) -> Heard:
    """What the looks say of `rows` (n, 7): seconds, force on three axes [m/s2], rotation on three [°/s]."""
    motion = {
        name: Stream(rows[:, 0], dict(zip(MOTION_CHANNELS[name], (scale * rows[:, first : first + 3]).T, strict=True)))
        for name, first, scale in (("accelerometer", 1, 1.0), ("gyroscope", 4, np.pi / 180))
    }
    listener = Listener(list(motion), LOOKS, {})
    listener.push(motion)
    return listener.finish()


def chance(nats: float) -> float:
    return float(1 / (1 + np.exp(-nats)))


def pocket_ways(heard: Heard, second: int) -> list[FloatArray] | None:
    """(forward, backward, sideways) nats of each reading: as most, running inverted, walking inverted, both."""
    for kind, said in enumerate((pocket.say_walking(heard), pocket.say_running(heard))):
        nats = said.backward_nats[second]
        if np.isfinite(nats):
            signs = ((1, 1), (1, -1), (-1, 1), (-1, -1))
            return [np.array([-0.5, 0.5, 0.0]) * nats * sign[kind] - [0, 0, abs(nats) / 2] for sign in signs]
    return None


def pocket_priors() -> FloatArray:
    walk, run = chance(pocket._WALK_INVERTED), chance(pocket._RUN_INVERTED)
    both = min(walk, run) / 2
    return np.log([1 - walk - run + both, run - both, walk - both, both])


@dataclass
class Waist:
    """The front's axis from all that was heard so far, and what travel along it says, either end tried."""

    total: complex = 0j
    whole: float = 0.0

    def ways(self, heard: Heard, second: int) -> list[FloatArray] | None:
        for runs, said in enumerate((waist.say_walking(heard), waist.say_running(heard))):
            travel, kappa = said.travel_rad[second], said.travel_kappa[second]
            if np.isfinite(kappa):
                return self._said(float(travel), float(kappa), bool(runs))
        return None

    def _said(self, travel: float, kappa: float, runs: bool) -> list[FloatArray] | None:
        self.total += kappa * np.exp(2j * travel)
        self.whole += kappa
        clear = min(abs(self.total) / max(self.whole, 1e-12), 0.999)
        if clear < LEAST_AXIS or self.whole < LEAST_SAID:
            return None
        apart, sharp = travel - float(np.angle(self.total)) / 2, min(kappa, 2 / max(-np.log(clear), 1e-3))
        ends = ((0.0, 0.0), (0.0, np.pi), (np.pi, 0.0), (np.pi, np.pi))
        return [OVERLAP * _angles(apart - end - (other if runs else 0.0), sharp) for end, other in ends]


def _angles(apart: float, sharp: float) -> FloatArray:
    scaled = np.exp(-sharp) * np.i0(sharp)
    peaks = np.exp(sharp * (np.cos(apart - np.array([0, np.pi, np.pi / 2, -np.pi / 2])) - 1)) / scaled
    nats = np.log((1 - HEADING_OUTLIERS) * peaks + HEADING_OUTLIERS)
    return np.array([nats[0], nats[1], np.logaddexp(nats[2], nats[3]) - np.log(2)])


def waist_priors() -> FloatArray:
    other = chance(float(np.logaddexp(waist.INVERTED_WALKING_NATS.value, waist.INVERTED_RUNNING_NATS.value)))
    return np.log([1 - other, other, 1 - other, other])


def urged(share: float, back: bool) -> FloatArray:
    """The transition matrix just after somebody was asked to turn."""
    matrix, more = transition_matrix().copy(), 1 - (1 - share) ** (1 / ASKED_WITHIN_S)
    source, target = (FORWARD, BACKWARD) if back else (BACKWARD, FORWARD)
    for a, b in zip(source, target, strict=True):
        matrix[0, b] += share * matrix[0, a]
        matrix[0, a] *= 1 - share
        gone = matrix[a] * more
        matrix[a] -= gone
        matrix[a, b] += gone.sum()
    return matrix


def gait_nats(heard: Heard, second: int) -> FloatArray:
    """Standing, walking, running."""
    hz, still = heard["step_hz"][second], heard["step_still"][second]
    steps_along = np.isfinite(hz)
    cadence = 60 * hz if steps_along else 0.0 if still > 0.5 else np.nan
    moving = STEPPING_NATS if steps_along else STILL_NATS * np.clip((still - 0.3) / 0.7, 0, 1)
    moving += float(np.nan_to_num(np.clip((cadence - 45) / 10, -3, 5)))
    running = heard["step_run_nats"][second] if steps_along else 0.0
    low = -np.logaddexp(0, -moving)
    return np.array([-np.logaddexp(0, moving), low - np.logaddexp(0, running), low - np.logaddexp(0, -running)])


@dataclass
class Reference:
    """Everything said of a recording by somebody who hears it second by second."""

    heard: Heard
    where: str
    asks: Sequence[Ask] = ()
    told: float = 0.0
    since: int = 0
    waist: Waist = field(default_factory=Waist)

    def states(self) -> Iterator[tuple[int, str]]:
        """Each second and what is seen in it: standing, forward, backward, sideways, unknown."""
        log_weights, alphas = self._begin()
        moved = np.nan_to_num(self.heard["turn_tilt_rad"]) > HANDLED_RAD
        for second in range(len(self.heard)):
            if moved[second] and not (second and moved[second - 1]):
                log_weights, alphas = self._begin()
                self.since = second
            said = None if moved[second] else self._say(second)
            stand, walks, runs = gait_nats(self.heard, second)
            for reading in range(len(alphas)):
                ways = np.zeros(3) if said is None else said[reading]
                nats = np.full(7, stand)
                for states, nat in zip((FORWARD, BACKWARD, SIDEWAYS), ways, strict=True):
                    nats[states] = np.array([walks, runs]) + nat
                before = alphas[reading]
                after = initial_probabilities() if before is None else before @ self._turning(second)
                after = after * np.exp(nats - nats.max())
                log_weights[reading] += nats.max() + np.log(after.sum())
                alphas[reading] = after / after.sum()
            weights = np.exp(log_weights - np.logaddexp.reduce(log_weights))
            probability = sum(w * a for w, a in zip(weights, alphas, strict=True) if a is not None)
            self.told *= 1 - 1 / DISSENT_S
            if said is not None:
                self.told += float(sum(w * (s[1] - s[0]) for w, s in zip(weights, said, strict=True)))
            yield int(self.heard.time_s[second]), self._named(np.asarray(probability), second)

    def _begin(self) -> tuple[FloatArray, list[FloatArray | None]]:
        self.told, self.waist = 0.0, Waist()
        return (pocket_priors() if self.where == "pocket" else waist_priors()), [None] * 4

    def _say(self, second: int) -> list[FloatArray] | None:
        """By what was heard until then, since the phone was put where it is."""
        so_far = part_of(self.heard, slice(max(self.since, second + 1 - REMEMBERED_S), second + 1))
        return pocket_ways(so_far, -1) if self.where == "pocket" else self.waist.ways(so_far, -1)

    def _turning(self, second: int) -> FloatArray:
        at_s = self.heard.time_s[second]
        begun = [ask for ask in self.asks if ask[0] <= at_s + 0.5]
        if not begun or begun[-1][1] is None or at_s - begun[-1][0] > ASKED_WITHIN_S:
            return transition_matrix()
        back = begun[-1][1] == "backward"
        return urged(ASKED_BACKWARD if back else ASKED_FORWARD, back)

    def _named(self, probability: FloatArray, second: int) -> str:
        shares = np.array([probability[0], *(probability[ways].sum() for ways in (FORWARD, BACKWARD, SIDEWAYS))])
        best = int(shares.argmax())
        if best == 0:
            return "standing" if self.heard["step_still"][second] > 0.5 else "unknown"
        spoken = {1: -self.told, 2: self.told}.get(best, np.inf)
        sure = shares[best] / shares[1:].sum() >= SURE_ENOUGH and spoken >= DECISIVE_NATS
        known = sure and np.isfinite(self.heard["step_hz"][second])
        return ("standing", "forward", "backward", "sideways")[best] if known else "unknown"
