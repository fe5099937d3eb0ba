"""Gate: how far the accelerations of a clip may be believed.

A body in flight is thrown: its centre of mass falls with gravity and nothing else. A body on the ground is carried by its
feet: what pushes it acts from between them, and they stand still meanwhile. A capture that shows otherwise was smoothed,
scaled or fitted to a skeleton that is not the person's; where it went and faced may still be right. So a clip has `trust`
in its "dynamics", or in its "geometry" only.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from retropace.mocap.clip import SIDES, Clip
from retropace.mocap.smooth import low_passed
from retropace.mocap.truth import truth
from retropace.motion.frame import SLOW_PASS_HZ
from retropace.quantities import STANDARD_GRAVITY_MPS2, Gait
from retropace.recording import FloatArray
from retropace.signals import BoolArray
from retropace.simulate.centre_of_mass import free_fall
from retropace.sources import Cited, cited

_Trust = Literal["dynamics", "geometry"]


def _share(men: float, women: float) -> Cited:
    """A share of the body's mass or a segment's length [percent], in the middle between men's and women's."""
    both = (men / 100, women / 100)
    return cited(sum(both) / 2, "", "plagenhoef_1983", low=min(both), high=max(both))


#: Share of the body's mass in each segment, two of each but head and trunk; they are scaled to add up to one.
MASS = {
    "head": _share(8.96, 8.20),
    "trunk": _share(46.84, 45.00),
    "upper arm": _share(3.25, 2.90),
    "forearm": _share(1.87, 1.57),
    "hand": _share(0.65, 0.50),
    "thigh": _share(10.50, 11.75),
    "shank": _share(4.75, 5.35),
    "foot": _share(1.43, 1.33),
}
#: Where a segment's mass lies, as a share of its length from its near end.
NEAR = {
    "trunk": cited(0.5, "", "plagenhoef_1983", note="from between the hips to between the shoulders"),
    "upper arm": _share(43.6, 45.8),
    "forearm": _share(43.0, 43.4),
    "thigh": _share(43.3, 42.8),
    "shank": _share(43.4, 41.9),
    "foot": _share(50.0, 50.0),
}
#: How far up motion is judged [Hz]: as far as the engine looks for direction, beyond which captures hold mostly noise.
_JUDGED_HZ = SLOW_PASS_HZ
_LIMBS = {
    "upper arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "wrist"),
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
    "foot": ("ankle", "toe"),
}
#: In flight, medians of |a_z + g| and of the horizontal acceleration may be this large at most [m/s2].
FREE_FALL_MPS2 = cited(
    2.0, "m/s2", "design", note="research on virtual sensors: captures that fail it turn phases round"
)
#: A flight shorter than this many frames in all says nothing.
_FEWEST_FLYING = 4
#: On the ground, people are judged while they go at least this fast [m/s].
_MOVING_MPS = 0.5
#: The foot that stands moves by less than this in the median [m/s].
SLIDING_MPS = cited(0.25, "m/s", "design", note="an ankle and a toe roll over the foot while it stands")
#: What pushes the body acts from this close to the line of the feet that stand, in the median [m].
SUPPORT_M = cited(0.125, "m", "design", note="half a foot; the turning of arms and legs is left out")
#: Mean vertical force while on the way, as a share of weight, differs by less than this from one.
WEIGHT_SHARE = cited(0.05, "", "design", note="over whole strides nobody rises or sinks")


@dataclass(frozen=True, slots=True)
class Gate:
    """What the physics of a clip is worth; NaN where there was nothing to judge by.

    `fall_mps2` and `drift_mps2`: medians in flight of |a_z + g| and of the horizontal acceleration. On the ground:
    `sliding_mps` of the foot that stands, `support_m` from the feet to where the push acts from, `weight` as a share.
    """

    trust: _Trust
    why: str = ""
    fall_mps2: float = math.nan
    drift_mps2: float = math.nan
    sliding_mps: float = math.nan
    support_m: float = math.nan
    weight: float = math.nan


def gate(clip: Clip) -> Gate:
    """Whether the accelerations of `clip` may be believed: by flight where there is some, else by the feet."""
    told = truth(clip)
    if not {"shoulder_left", "shoulder_right"} <= clip.position_m.keys():
        return Gate("geometry", "the clip shows no trunk or arms")
    mass_m, acceleration = centre_of_mass(clip)
    moving = told.speed_mps > _MOVING_MPS
    flying = told.flight & _inner(clip) & told.doing(Gait.RUN)
    fall, drift = free_fall(acceleration, flying) if np.sum(flying) >= _FEWEST_FLYING else (math.nan, math.nan)
    down = moving & ~told.flight & _inner(clip)
    sliding, support = _sliding_mps(clip, down), _support_m(clip, mass_m, acceleration, down)
    lift = acceleration[moving & _inner(clip), 2]
    weight = 1 + float(np.mean(lift)) / STANDARD_GRAVITY_MPS2 if lift.size else math.nan
    why = _why(fall, drift, sliding, support, weight)
    return Gate("geometry" if why else "dynamics", why, fall, drift, sliding, support, weight)


def _why(fall: float, drift: float, sliding: float, support: float, weight: float) -> str:
    """The first reason not to believe the accelerations, "" where there is none."""
    if np.isfinite(fall):
        thrown = fall < FREE_FALL_MPS2.value and drift < FREE_FALL_MPS2.value
        return "" if thrown else "in flight the body does not fall as a thrown one does"
    if not np.isfinite(sliding):
        return "nobody goes anywhere"
    reasons = {
        "the foot that stands slides": sliding > SLIDING_MPS.value,
        "the push does not come from the feet": support > SUPPORT_M.value,
        "the ground does not carry the weight": abs(weight - 1) > WEIGHT_SHARE.value,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def centre_of_mass(clip: Clip) -> tuple[FloatArray, FloatArray]:
    """Place [m] and acceleration [m/s2] of the whole body's centre of mass, (n, 3) each."""
    from scipy.interpolate import make_interp_spline

    at = clip.position_m
    total = np.zeros((len(clip), 3))
    mass = 0.0
    for share, place in _masses(at):
        total += share * place
        mass += share
    way = low_passed(total / mass, clip.rate_hz, _JUDGED_HZ)
    spline = make_interp_spline(clip.time_s, way, k=5)
    return way, np.asarray(spline.derivative(2)(clip.time_s))


def _masses(at: Mapping[str, FloatArray]) -> list[tuple[float, FloatArray]]:
    """Each segment's share of mass and where that lies."""
    hips, shoulders = ((at[f"{joint}_left"] + at[f"{joint}_right"]) / 2 for joint in ("hip", "shoulder"))
    head = at.get("head", shoulders + 0.35 * (shoulders - hips))
    found = [(MASS["trunk"].value, hips + NEAR["trunk"].value * (shoulders - hips)), (MASS["head"].value, head)]
    for limb, (near, far) in _LIMBS.items():
        for side in SIDES:
            if f"{near}_{side}" in at:
                begin = at[f"{near}_{side}"]
                end = at.get(f"{far}_{side}", begin)
                found.append((MASS[limb].value, begin + NEAR[limb].value * (end - begin)))
    return found + [(MASS["hand"].value, at[f"wrist_{side}"]) for side in SIDES if f"wrist_{side}" in at]


def _inner(clip: Clip) -> BoolArray:
    """(n,) all but the ends, where splines and filters have one side only."""
    skip = max(2, round(0.1 * clip.rate_hz))
    inside = np.zeros(len(clip), bool)
    inside[skip : len(clip) - skip] = True
    return inside


def _standing(clip: Clip) -> dict[str, FloatArray]:
    """For each side (n,) how fast the stiller end of the foot moves [m/s]."""
    found = {}
    for side in SIDES:
        ends = [clip.position_m[joint] for joint in (f"ankle_{side}", f"toe_{side}") if joint in clip.position_m]
        rates = [
            np.linalg.norm(np.gradient(low_passed(e, clip.rate_hz, _JUDGED_HZ), axis=0), axis=1) * clip.rate_hz
            for e in ends
        ]
        found[side] = np.min(rates, axis=0)
    return found


def _sliding_mps(clip: Clip, down: BoolArray) -> float:
    speeds = np.minimum(*_standing(clip).values())[down]
    return float(np.median(speeds)) if speeds.size else math.nan


def _support_m(clip: Clip, mass_m: FloatArray, acceleration: FloatArray, down: BoolArray) -> float:
    """Median distance from the stiller foot, or the line between both where both stand, to where the push acts from.

    The push of the ground passes through the centre of mass but for the turning of the limbs, which is left out.
    """
    push_z = np.maximum(acceleration[:, 2] + STANDARD_GRAVITY_MPS2, 1.0)
    slope = acceleration[:, :2] / push_z[:, None]
    from_m = mass_m[:, :2] - mass_m[:, 2:] * slope
    standing = _standing(clip)
    floor = min(float(np.percentile(clip.position_m[f"ankle_{side}"][:, 2], 5)) for side in SIDES)
    from_m = from_m + floor * slope
    distances = _nearest(from_m, clip, standing)[down]
    return float(np.median(distances)) if distances.size else math.nan


def _nearest(point: FloatArray, clip: Clip, standing: dict[str, FloatArray]) -> FloatArray:
    """(n,) distance of `point` (n, 2) to the foot that stands, or to the line from foot to foot where both do."""
    feet, middles = [], []
    for side in SIDES:
        ankle = clip.position_m[f"ankle_{side}"][:, :2]
        toe = clip.position_m.get(f"toe_{side}", clip.position_m[f"ankle_{side}"])[:, :2]
        feet.append(_to_line(point, ankle, toe))
        middles.append((ankle + toe) / 2)
    left, right = standing["left"], standing["right"]
    both = np.maximum(left, right) < 2 * SLIDING_MPS.value
    one = np.where(left < right, *feet)
    return np.where(both, np.minimum(_to_line(point, *middles), np.minimum(*feet)), one)


def _to_line(point: FloatArray, begin: FloatArray, end: FloatArray) -> FloatArray:
    """(n,) distance of points to the stretches from `begin` to `end`, each (n, 2)."""
    along = end - begin
    share = np.sum((point - begin) * along, axis=1) / np.maximum(np.sum(along**2, axis=1), 1e-9)
    return np.asarray(np.linalg.norm(point - begin - np.clip(share, 0, 1)[:, None] * along, axis=1))
