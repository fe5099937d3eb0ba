"""Placement: which part of the body carries the sensor, from how that part swings; the same forward and backward.

Ten sizes of a stride tell the parts of the body apart, all free of the mounting and even under reversal of time:

* `angle`: half of how far it swings. A trunk hardly does; foot and lower leg do most.
* `pushed`: push of the second wave over that of the first. A thigh is pushed hard twice a stride, by the landing of
  either leg, and little by its own swing on a short lever; arm, lower leg and foot are mostly pushed by their own.
* `lever` [m]: push of the first wave over the angle's: how far below a fixed pivot the sensor seems to hang.
* `second`: second wave of the angle over the first. An arm swings evenly, a leg does not.
* `turned`: share of the level rotation that the first wave is.
* `yaw`: rotation about the vertical over level rotation. Legs swing in a plane, arms and trunks do not.
* `rest`: the quietest tenth over the usual. A foot stands still, a lower leg nearly, all else hardly ever.
* `aside`: push of the second wave across the swing over that along it. Landing pushes a leg along, and shakes an arm.
* `lifted`: lift of the second wave over its push. What rides on the trunk is lifted more than pushed, not so a leg.
* `rotation`: how fast it turns in all, in radians a radian of the stride.

People differ more than seconds do. What counts is the median over a wearing beside the spread between people, so that
a long recording is no surer than a short one. Who is not clearly told from the rest is `OTHER`, and nothing is said
of them. An arm that does not swing rides with the trunk, and is taken for it. A lower leg is taken for its foot: it
does in the same order what the foot does.

A foot whose stride was found as half of what it is, as running ones often are, is a part of its own: it is lifted
once a stride where a trunk is lifted twice, and then hardly anything is left of the first wave.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from retropace.motion.frame import Frame
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
#: What is added to `rest` before its logarithm: a foot at rest is as quiet as its sensor.
_REST_FLOOR = 0.05
#: Sizes of each part of the body: mean and spread between people, logarithms but for the lever. Medians of virtual
#: sensors on four performers of CMU and one of ACCAD, walking forward and backward, at eight places, as
#: `validation/placement.py --usual` prints them; spreads with 0.3 (pushed 0.5, lever 0.08, rest 0.25) added in
#: quadrature for runners and for real clothes. Two are drawn towards `simulate`: the rest of a foot, which 30 frames
#: a second blur, and the push of a thigh. Two to what few captured people show: running lifts harder than walking,
#: and shakes an arm that is then bent, so its lever is taken as shorter and less of its rotation as the first wave's
#: (design). The stride of a foot is often found as two, so its last two sizes are left wide. A foot by halves is from
#: virtual ones that run, on ACCAD's backward runner and CMU's forward one, also 1.3 times as fast; spreads are design.
_SIZES = ("angle", "pushed", "lever", "second", "turned", "yaw", "rest", "rotation", "aside", "lifted")
_USUAL: dict[str, tuple[tuple[float, float], ...]] = {
    "foot": (
        (-0.95, 0.32),
        (-0.75, 0.60),
        (0.30, 0.20),
        (-1.45, 0.58),
        (-0.80, 0.33),
        (-1.50, 0.33),
        (-2.10, 0.60),
        (-0.45, 0.38),
        (-0.90, 1.00),
        (0.30, 1.20),
    ),
    "foot by halves": (
        (-2.80, 0.90),
        (3.20, 1.50),
        (0.35, 0.25),
        (2.00, 1.10),
        (-3.80, 1.00),
        (-1.45, 0.40),
        (-1.05, 0.35),
        (-0.40, 0.40),
        (-0.90, 1.00),
        (-0.80, 1.00),
    ),
    "waist": (
        (-2.75, 0.71),
        (-0.40, 0.60),
        (0.23, 0.15),
        (-1.60, 0.75),
        (-1.25, 0.81),
        (-0.05, 0.37),
        (-0.65, 0.28),
        (-1.95, 0.31),
        (0.90, 0.62),
        (1.70, 1.00),
    ),
    "pocket": (
        (-0.95, 0.43),
        (0.10, 0.38),
        (0.19, 0.08),
        (-1.35, 0.40),
        (-0.50, 0.45),
        (-0.65, 0.57),
        (-0.80, 0.28),
        (-0.95, 0.34),
        (-1.65, 0.50),
        (-0.15, 0.60),
    ),
    "wrist": (
        (-0.75, 0.45),
        (-1.60, 0.75),
        (0.32, 0.13),
        (-2.15, 0.51),
        (-0.40, 0.50),
        (-0.30, 0.42),
        (-0.90, 0.28),
        (-0.65, 0.45),
        (0.15, 0.53),
        (1.25, 0.75),
    ),
    "lower leg": (
        (-0.85, 0.31),
        (-0.80, 0.55),
        (0.42, 0.15),
        (-0.65, 0.34),
        (-0.85, 0.33),
        (-1.20, 0.33),
        (-1.00, 0.28),
        (-0.65, 0.32),
        (-1.50, 0.48),
        (-0.40, 1.00),
    ),
    "upper arm": (
        (-1.50, 0.53),
        (-0.75, 0.70),
        (0.24, 0.09),
        (-2.10, 0.56),
        (-0.40, 0.32),
        (0.50, 0.36),
        (-0.90, 0.31),
        (-0.90, 0.40),
        (-0.70, 0.63),
        (0.80, 0.75),
    ),
}
#: What each part counts as, and how often it carries a sensor (design; "strange" is anything else).
_MEANING = {
    "foot": Placement.FOOT,
    "foot by halves": Placement.FOOT,
    "waist": Placement.WAIST,
    "pocket": Placement.POCKET,
    "wrist": Placement.WRIST,
    "lower leg": Placement.FOOT,
    "upper arm": Placement.HAND,
    "strange": Placement.OTHER,
}
_OFTEN = {
    "foot": 0.2,
    "foot by halves": 0.04,
    "waist": 0.2,
    "pocket": 0.2,
    "wrist": 0.2,
    "lower leg": 0.05,
    "upper arm": 0.08,
    "strange": 0.02,
}
#: The sizes share their causes: together they count as so much of independent ones. One size says no more than this
#: many spreads.
_INDEPENDENT, _FARTHEST = 0.6, 3.0
#: What is strange lies two spreads away in everything, with a spread of 0.6.
_STRANGE_SPREADS, _STRANGE_SPREAD = 2.0, 0.6
#: A placement is believed from this probability on, sooner where a mistake does little harm: of arms and trunks that are
#: taken for a thigh hardly anything is said (`pocket.thigh_like`), of wrist and hand nothing at all.
_SURE = {Placement.FOOT: 0.9, Placement.WAIST: 0.85, Placement.POCKET: 0.75, Placement.WRIST: 0.7, Placement.HAND: 0.7}
#: Fewer seconds of stepping than these tell no placement.
_FEWEST_S = 5


def look(frame: Frame) -> Columns:
    """`place_yaw`: rotation about the vertical over level rotation. `place_rest`: its quietest tenth over the usual."""
    turning = frame.slow_windows[:, 3:]
    spread = turning.var(axis=2)
    size = np.sqrt(np.square(turning).sum(axis=1))
    usual = np.sqrt(np.square(size).mean(axis=1))
    tenth = size.shape[1] // 10
    quiet = np.partition(size, tenth, axis=1)[:, tenth]
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
    if best is Placement.WAIST:
        # An arm that hardly swings rides with the trunk: to take the one for the other is no mistake.
        probability += likely[Placement.HAND]
    if best is Placement.OTHER or probability < _SURE[best]:
        return Placed(Placement.OTHER, likely[Placement.OTHER], told=False)
    return Placed(best, probability, told=False)


def probabilities(heard: Heard) -> dict[Placement, float]:
    """How probable each placement is; all on OTHER where nobody steps long enough or the rotation is unknown."""
    sizes = sizes_of(heard)
    if len(sizes) < _FEWEST_S:
        return {kind: float(kind is Placement.OTHER) for kind in Placement}
    nats = _nats(np.median(sizes, axis=0))
    share = np.exp(np.array(list(nats.values())) - max(nats.values()))
    likely = dict.fromkeys(Placement, 0.0)
    for part, value in zip(nats, share / share.sum(), strict=True):
        likely[_MEANING[part]] += float(value)
    return likely


def sizes_of(heard: Heard) -> FloatArray:
    """(k, 10) `_SIZES` of every second in which somebody steps."""
    if not len(heard):
        return np.empty((0, len(_SIZES)))
    sizes = _sizes(heard)
    return sizes[np.all(np.isfinite(sizes), axis=1)]


def _sizes(heard: Heard) -> FloatArray:
    """(m, 10) `_SIZES` of each second, NaN where nobody steps."""
    turn_rate = np.pi * heard["step_hz"]
    logarithms = {
        "angle": heard["pocket_angle_rad"],
        "pushed": heard["pocket_pushed"],
        "second": heard["pocket_second"],
        "turned": heard["pocket_turned"],
        "aside": heard["pocket_aside"],
        "lifted": heard["pocket_lifted"],
        "yaw": heard["place_yaw"],
        "rest": heard["place_rest"] + _REST_FLOOR,
        "rotation": heard["step_turn_rms"] / turn_rate,
    }
    values = {name: np.log(np.maximum(size, _LEAST)) for name, size in logarithms.items()}
    values["lever"] = np.where(np.isfinite(turn_rate), heard["pocket_lever_m"], np.nan)
    return np.stack([values[name] for name in _SIZES], axis=1)


def _nats(sizes: FloatArray) -> dict[str, float]:
    """Log-probability of each part of the body, up to a constant, by the median `sizes` (10,)."""
    nats = {}
    for part, usual in _USUAL.items():
        mean, spread = np.array(usual).T
        apart = np.minimum(np.abs(sizes - mean) / spread, _FARTHEST)
        nats[part] = np.log(_OFTEN[part]) + _INDEPENDENT * float(np.sum(-(apart**2) / 2 - np.log(spread)))
    each = -(_STRANGE_SPREADS**2) / 2 - np.log(_STRANGE_SPREAD)
    nats["strange"] = np.log(_OFTEN["strange"]) + _INDEPENDENT * len(_SIZES) * float(each)
    return nats
