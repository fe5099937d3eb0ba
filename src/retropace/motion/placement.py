"""Placement: which part of the body carries the sensor, from how that part swings; the same forward and backward.

Twelve sizes of a stride tell the parts of the body apart, all free of the mounting and even under reversal of time:

* `angle`: half of how far it swings. A trunk hardly does; foot and lower leg do most.
* `pushed`: push of the second wave over that of the first. A thigh is pushed hard twice a stride, by the landing of
  either leg, and little by its own swing on a short lever; arm, lower leg and foot are mostly pushed by their own.
* `lever` [m]: push of the first wave over the angle's: how far below a fixed pivot the sensor seems to hang.
* `second`: second wave of the angle over the first. An arm swings evenly, a leg does not.
* `turned`: share of the level rotation that the first wave is.
* `yaw`: rotation about the vertical over level rotation. Legs swing in a plane, arms and trunks do not.
* `rest`: the quietest tenth over the usual. A foot stands still, a lower leg nearly, all else hardly ever.
* `rotation`: how fast it turns in all, in radians a radian of the stride.
* `aside`: push of the second wave across the swing over that along it. Landing pushes a leg along, and shakes an arm.
* `lifted`: lift of the second wave over its push. What rides on the trunk is lifted more than pushed, not so a leg.
* `reach` [m/s2 per Hz2]: level acceleration over the square of the step frequency: how far it is thrown to and fro.
  A foot farthest, a trunk least.
* `flat`: level over vertical acceleration. A running trunk or arm goes up and down, a leg to and fro.

They are measured walking and running apart (as `step_run_nats` has it), and by how the stride was found beside the
steps: once, twice too quick, or half. A walking foot turns twice a stride, and lifts once: it is often found so, and a
running one as half. What each part does so was measured on virtual sensors (`placement.toml`).

People differ more than seconds do. What counts is the median over a wearing beside the spread between people, so that
a long recording is no surer than a short one. Who is not clearly told from the rest is `OTHER`, and nothing is said
of them. An arm that does not swing rides with the trunk, and is taken for it. A lower leg is taken for its foot: it
does in the same order what the foot does.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import product

import numpy as np

from retropace.motion.frame import SLOW_HZ, Frame, windows
from retropace.motion.heard import Columns, Heard
from retropace.recording import FloatArray


class Placement(StrEnum):
    """Where a sensor is worn; `HAND` in the hand or on the upper arm, `OTHER` elsewhere, or not sure."""

    FOOT = "foot"
    WAIST = "waist"
    POCKET = "pocket"
    WRIST = "wrist"
    HAND = "hand"
    OTHER = "other"


#: What a person reads of where the sensor was.
WORDS: dict[Placement, str] = {
    Placement.FOOT: "The sensor was on a foot or low on the leg.",
    Placement.WAIST: "The sensor was on the waist or the trunk.",
    Placement.POCKET: "The sensor was in a trouser pocket, on the thigh.",
    Placement.WRIST: "The sensor was on a wrist: by itself it cannot tell forward from backward.",
    Placement.HAND: "The sensor was in a hand or on an upper arm: by itself it cannot tell forward from backward.",
    Placement.OTHER: "It is not sure where the sensor was worn: tell us with --placement.",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the sensor was worn, how probable that is, and whether somebody told us."""

    placement: Placement
    probability: float
    told: bool

    @property
    def sentence(self) -> str:
        """What a person reads.

        >>> Placed(Placement.FOOT, probability=1.0, told=True).sentence
        'The sensor was on a foot or low on the leg.'
        """
        return WORDS[self.placement]


#: Share of a window that must really have been felt.
_LEAST_KNOWN = 0.7
#: Rotation below this is silence [rad/s]; sizes below this have no logarithm.
_LEAST_RADPS, _LEAST = 0.05, 0.01
#: Below these, `yaw`, `aside` and `second` count as this much: less is a matter of how clean the motion is, as that of
#: the simulated runner, who swings in a plane and in pure waves (design).
_LEAST_YAW, _LEAST_ASIDE, _LEAST_SECOND = 0.2, 0.1, 0.05
#: What is added to `rest` before its logarithm: a foot at rest is as quiet as its sensor.
_REST_FLOOR = 0.05
#: What is measured of each stride: logarithms but for the lever.
SIZES = (
    "angle",
    "pushed",
    "lever",
    "second",
    "turned",
    "yaw",
    "rest",
    "rotation",
    "aside",
    "lifted",
    "reach",
    "flat",
)
#: The gaits, and how the stride may be found beside the steps.
GAITS = ("walk", "run")
STRIDES = ("half", "once", "twice")


@dataclass(frozen=True, slots=True)
class Usual:
    """What a part of the body does in a gait whose stride is found so, which it is in this `share` of its time.

    `mean` and `spread` between people are those of the `SIZES`; `people` is how many they are of.
    """

    part: str
    gait: str
    stride: str
    share: float
    people: int
    mean: tuple[float, ...]
    spread: tuple[float, ...]


@cache
def usual() -> Mapping[tuple[str, str, str], Usual]:
    """What is usual, by part, gait and stride, from `placement.toml` beside this (tools/fit_placement.py)."""
    told = tomllib.loads(resources.files("retropace.motion").joinpath("placement.toml").read_text(encoding="utf-8"))
    rows = [
        Usual(one["part"], one["gait"], one["stride"], one["share"], one["people"], (*one["mean"],), (*one["spread"],))
        for one in told["usual"]
    ]
    return {(row.part, row.gait, row.stride): row for row in rows}


#: What each part counts as, and how often it carries a sensor (design; "strange" is anything else).
_MEANING = {
    "foot": Placement.FOOT,
    "waist": Placement.WAIST,
    "pocket": Placement.POCKET,
    "wrist": Placement.WRIST,
    "lower leg": Placement.FOOT,
    "upper arm": Placement.HAND,
    "strange": Placement.OTHER,
}
_OFTEN = {
    "foot": 0.2,
    "waist": 0.2,
    "pocket": 0.2,
    "wrist": 0.2,
    "lower leg": 0.05,
    "upper arm": 0.08,
    "strange": 0.02,
}
#: The sizes share their causes: together they count as so much of independent ones. One size says no more than this
#: many spreads. How often a stride is found otherwise than was ever seen of a part.
_INDEPENDENT, _FARTHEST = 0.6, 4.0
_UNSEEN = 0.05
#: What is strange lies two spreads away in everything, with a spread of 0.6.
_STRANGE_SPREADS, _STRANGE_SPREAD = 2.0, 0.6
#: To take the second for the first does no harm: of arms nothing is said, and one that hardly swings rides with the trunk.
_NO_MISTAKE = {
    Placement.WAIST: (Placement.HAND,),
    Placement.WRIST: (Placement.HAND,),
    Placement.HAND: (Placement.WRIST,),
}
#: A placement is believed from this probability on, sooner where a mistake does little harm: of arms and trunks that are
#: taken for a thigh hardly anything is said (`pocket.thigh_like`), of wrist and hand nothing at all.
_SURE = {Placement.FOOT: 0.85, Placement.WAIST: 0.85, Placement.POCKET: 0.75, Placement.WRIST: 0.7, Placement.HAND: 0.7}
#: Fewer seconds of stepping than these tell no placement.
_FEWEST_S = 5


def look(frame: Frame) -> Columns:
    """`place_yaw`: rotation about the vertical over level rotation. `place_rest`: its quietest tenth over the usual."""
    spread, mean = np.square(frame.slow_spread[:, 3:]), frame.slow_mean[:, 3:]
    usual = np.sqrt(spread.sum(axis=1) + np.square(mean).sum(axis=1))
    size = np.sqrt(np.square(frame.slow[:, 3:]).sum(axis=1, keepdims=True))
    near = windows(size, SLOW_HZ, frame.count)[:, 0]
    tenth = near.shape[1] // 10
    quiet = np.partition(near, tenth, axis=1)[:, tenth]
    told = (frame.share_known > _LEAST_KNOWN) & frame.turns & (usual > _LEAST_RADPS)
    columns = {
        "place_yaw": np.sqrt(spread[:, 2] / np.maximum(spread[:, 0] + spread[:, 1], _LEAST_RADPS**2)),
        "place_rest": quiet / np.maximum(usual, _LEAST_RADPS),
    }
    return {name: np.where(told, values, np.nan) for name, values in columns.items()}


def placed(heard: Heard, told: Placement | None = None) -> Placed:
    """Where the sensor of a wearing was: `told`, or what its stepping seconds look like; OTHER where unsure."""
    if told is not None:
        return Placed(told, probability=1.0, told=True)
    likely = probabilities(heard)
    best = max(likely, key=likely.__getitem__)
    probability = likely[best]
    if best is not Placement.OTHER:
        probability += sum(likely[other] for other in _NO_MISTAKE.get(best, ()))
    if best is Placement.OTHER or probability < _SURE[best]:
        return Placed(Placement.OTHER, likely[Placement.OTHER], told=False)
    return Placed(best, probability, told=False)


def probabilities(heard: Heard) -> dict[Placement, float]:
    """How probable each placement is; all on OTHER where nobody steps long enough or the rotation is unknown."""
    groups = grouped(heard)
    if sum(map(len, groups.values())) < _FEWEST_S:
        return {kind: float(kind is Placement.OTHER) for kind in Placement}
    nats = _nats(groups)
    share = np.exp(np.array(list(nats.values())) - max(nats.values()))
    likely = dict.fromkeys(Placement, 0.0)
    for part, value in zip(nats, share / share.sum(), strict=True):
        likely[_MEANING[part]] += float(value)
    return likely


def grouped(heard: Heard) -> dict[tuple[str, str], FloatArray]:
    """(k, 12) `SIZES` of every second in which somebody steps, by gait and by how the stride is found beside the steps."""
    if not len(heard):
        return {}
    sizes = _sizes(heard)
    known = np.all(np.isfinite(sizes), axis=0)
    sizes, runs = sizes[:, known], heard["step_run_nats"][known] > 0
    octave = np.rint(np.log2(2 * heard["pocket_stride_hz"][known] / heard["step_hz"][known]))
    octave = np.minimum(np.maximum(octave, -1), 1)
    found = {}
    for (gait, ran), (at, stride) in product(zip(GAITS, (False, True), strict=True), enumerate(STRIDES, -1)):
        rows = (runs == ran) & (octave == at)
        if rows.any():
            found[gait, stride] = sizes[:, rows].T
    return found


def _sizes(heard: Heard) -> FloatArray:
    """(12, m) `SIZES` of each second, NaN where nobody steps."""
    step_hz, level = heard["step_hz"], heard["step_level_rms"]
    sizes = {
        "angle": heard["pocket_angle_rad"],
        "pushed": heard["pocket_pushed"],
        "second": np.maximum(heard["pocket_second"], _LEAST_SECOND),
        "turned": heard["pocket_turned"],
        "yaw": np.maximum(heard["place_yaw"], _LEAST_YAW),
        "rest": heard["place_rest"] + _REST_FLOOR,
        "rotation": heard["step_turn_rms"] / (np.pi * step_hz),
        "aside": np.maximum(heard["pocket_aside"], _LEAST_ASIDE),
        "lifted": heard["pocket_lifted"],
        "reach": level / step_hz**2,
        "flat": level / np.maximum(heard["step_vertical_rms"], _LEAST),
        "lever": np.ones(len(heard)),
    }
    logarithms: FloatArray = np.log(np.maximum(np.stack([sizes[name] for name in SIZES]), _LEAST))
    logarithms[SIZES.index("lever")] = np.where(np.isfinite(step_hz), heard["pocket_lever_m"], np.nan)
    return logarithms


def _nats(groups: Mapping[tuple[str, str], FloatArray]) -> dict[str, float]:
    """Log-probability of each part of the body, up to a constant: each group of seconds counts by its length."""
    nats = np.log(list(_OFTEN.values()))
    every = sum(map(len, groups.values()))
    for (gait, stride), sizes in groups.items():
        nats += len(sizes) / every * _likeness(gait, stride, _median(sizes.T))
    return dict(zip(_OFTEN, nats.tolist(), strict=True))


def _median(values: FloatArray) -> FloatArray:
    """(k,) median of each row of `values` (k, n)."""
    below, above = (values.shape[1] - 1) // 2, values.shape[1] // 2
    ordered = np.partition(values, (below, above), axis=1)
    return np.asarray((ordered[:, below] + ordered[:, above]) / 2)


def _likeness(gait: str, stride: str, median: FloatArray) -> FloatArray:
    """Log-likelihood of the `median` sizes (12,) of seconds of a gait whose stride is found so, for each part."""
    mean, spread, beforehand = _of_parts(gait, stride)
    apart = np.minimum(np.abs(median - mean) / spread, _FARTHEST)
    apart[-1] = _STRANGE_SPREADS
    return np.asarray(beforehand - _INDEPENDENT / 2 * np.square(apart).sum(axis=1))


@cache
def _of_parts(gait: str, stride: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Means and spreads (parts, 12) of the sizes, (parts,) what is said whatever these are; what is strange comes last."""
    rows = [usual().get((part, gait, stride)) for part in _OFTEN if part != "strange"]
    known = [row or usual()[part, gait, "once"] for part, row in zip(_OFTEN, rows, strict=False)]
    shares = [row.share if row else _UNSEEN for row in rows]
    mean = np.array([*(row.mean for row in known), np.zeros(len(SIZES))])
    spread = np.array([*(row.spread for row in known), np.full(len(SIZES), _STRANGE_SPREAD)])
    beforehand = np.log([*shares, 1 / len(STRIDES)]) - _INDEPENDENT * np.log(spread).sum(axis=1)
    return mean, spread, beforehand
