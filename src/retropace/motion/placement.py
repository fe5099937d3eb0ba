"""Placement: which part of the body carries the sensor, from how that part swings; the same forward and backward.

Eight sizes of a stride tell the parts of the body apart, all free of the mounting and even under reversal of time:

* `angle`: half of how far it swings. A trunk hardly does; foot and lower leg do most.
* `pushed`: push of the second wave over that of the first. A thigh is pushed hard twice a stride, by the landing of
either
  leg, and little by its own swing on a short lever; arm, lower leg and foot are mostly pushed by their own swing.
* `lever` [m]: push of the first wave over the angle's: how far below a fixed pivot the sensor seems to hang.
* `second`: second wave of the angle over the first. An arm swings evenly, a leg does not.
* `turned`: share of the level rotation that the first wave is.
* `yaw`: rotation about the vertical over level rotation. Legs swing in a plane, arms and trunks do not.
* `rest`: the quietest tenth over the usual. A foot stands still, a lower leg nearly, all else hardly ever.
* `rotation`: how fast it turns in all, in radians a radian of the stride.

People differ more than seconds do. What counts is the median over a wearing beside the spread between people, so that
a long recording is no surer than a short one. Who is not clearly told from the rest is `OTHER`, and nothing is said
of them. An arm that does not swing rides with the trunk, and is taken for it. A lower leg is taken for its foot: it does
in the same order what the foot does.
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
#: sensors on five performers of CMU and one of ACCAD, walking forward and backward, at eight places; spreads with 0.3
#: (lever 0.08, rest 0.25) added in quadrature for runners and for real clothes. `validation/placement.py --usual` prints
#: them anew. Two are drawn towards `simulate`: the rest of a foot, which 30 frames a second blur, and the push of a
#: thigh. And one to what no captured walker shows: a running arm is bent and shaken by each landing, so its lever is
#: taken as shorter, and less of its rotation as the first wave's (design).
_SIZES = ("angle", "pushed", "lever", "second", "turned", "yaw", "rest", "rotation")
_USUAL: dict[str, tuple[tuple[float, float], ...]] = {
    "foot": (
        (-1.0, 0.33),
        (-0.75, 0.61),
        (0.29, 0.18),
        (-1.6, 0.66),
        (-0.8, 0.34),
        (-1.5, 0.35),
        (-2.1, 0.6),
        (-0.45, 0.37),
    ),
    "waist": (
        (-3.0, 0.54),
        (-0.45, 0.58),
        (0.27, 0.23),
        (-1.3, 0.82),
        (-1.4, 0.63),
        (0.0, 0.45),
        (-0.65, 0.27),
        (-2.0, 0.32),
    ),
    "pocket": (
        (-1.1, 0.47),
        (0.1, 0.38),
        (0.19, 0.08),
        (-1.3, 0.47),
        (-0.55, 0.57),
        (-0.65, 0.42),
        (-0.8, 0.3),
        (-0.95, 0.34),
    ),
    "wrist": (
        (-0.9, 0.48),
        (-1.35, 0.76),
        (0.32, 0.13),
        (-2.0, 0.5),
        (-0.4, 0.5),
        (-0.25, 0.4),
        (-1.0, 0.27),
        (-0.85, 0.41),
    ),
    "lower leg": (
        (-1.0, 0.38),
        (-0.7, 0.41),
        (0.39, 0.17),
        (-1.0, 0.67),
        (-0.85, 0.37),
        (-1.15, 0.36),
        (-1.1, 0.29),
        (-0.7, 0.32),
    ),
    "upper arm": (
        (-1.8, 0.73),
        (-0.9, 0.48),
        (0.25, 0.11),
        (-1.9, 0.62),
        (-0.55, 0.45),
        (0.45, 0.42),
        (-0.95, 0.27),
        (-1.1, 0.4),
    ),
}
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
    "lower leg": 0.03,
    "upper arm": 0.1,
    "strange": 0.07,
}
#: The sizes share their causes: together they count as so much of independent ones. One size says no more than this
#: many spreads.
_INDEPENDENT, _FARTHEST = 0.7, 3.0
#: What is strange lies two spreads away in everything, with a spread of 0.6.
_STRANGE_SPREADS, _STRANGE_SPREAD = 2.0, 0.6
#: A placement is believed from this probability on: sooner where a mistake does little harm. What `pocket` would say of arms
#: and trunks it does not say (`pocket.thigh_like`); of `waist` that is not so, and of a `foot` least.
_SURE = {Placement.FOOT: 0.95, Placement.WAIST: 0.95, Placement.POCKET: 0.75, Placement.WRIST: 0.8, Placement.HAND: 0.8}
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
    sizes = _sizes(heard) if len(heard) else np.empty((0, len(_SIZES)))
    sizes = sizes[np.all(np.isfinite(sizes), axis=1)]
    if len(sizes) < _FEWEST_S:
        return {kind: float(kind is Placement.OTHER) for kind in Placement}
    nats = _nats(np.median(sizes, axis=0))
    share = np.exp(np.array(list(nats.values())) - max(nats.values()))
    likely = dict.fromkeys(Placement, 0.0)
    for part, value in zip(nats, share / share.sum(), strict=True):
        likely[_MEANING[part]] += float(value)
    return likely


def _sizes(heard: Heard) -> FloatArray:
    """(m, 8) `_SIZES` of each second, NaN where nobody steps."""
    turn_rate = np.pi * heard["step_hz"]
    logarithms = {
        "angle": heard["pocket_angle_rad"],
        "pushed": heard["pocket_pushed"],
        "second": heard["pocket_second"],
        "turned": heard["pocket_turned"],
        "yaw": heard["place_yaw"],
        "rest": heard["place_rest"] + _REST_FLOOR,
        "rotation": heard["step_turn_rms"] / turn_rate,
    }
    values = {name: np.log(np.maximum(size, _LEAST)) for name, size in logarithms.items()}
    values["lever"] = np.where(np.isfinite(turn_rate), heard["pocket_lever_m"], np.nan)
    return np.stack([values[name] for name in _SIZES], axis=1)


def _nats(sizes: FloatArray) -> dict[str, float]:
    """Log-probability of each part of the body, up to a constant, by the median `sizes` (8,)."""
    nats = {}
    for part, usual in _USUAL.items():
        mean, spread = np.array(usual).T
        apart = np.minimum(np.abs(sizes - mean) / spread, _FARTHEST)
        nats[part] = np.log(_OFTEN[part]) + _INDEPENDENT * float(np.sum(-(apart**2) / 2 - np.log(spread)))
    each = -(_STRANGE_SPREADS**2) / 2 - np.log(_STRANGE_SPREAD)
    nats["strange"] = np.log(_OFTEN["strange"]) + _INDEPENDENT * len(_SIZES) * float(each)
    return nats
