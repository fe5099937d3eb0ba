"""Knee: the force behind the kneecap, from joint angle and moment where a laboratory gives them, else from other people.

The joint model (van Eijden 1986, as in Nunes 2018) leaves out what hamstrings and calf pull against the quadriceps, so its
forces are too low, more so backward. It holds in the sagittal plane from 0 to 90 degrees of flexion. Without a laboratory
there are only averages of other people: how high a peak is forward, and how it compares backward. None of that is measured
on the runner, and Roos found runners in whom it did not hold.
"""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from retropace.errors import UnusableInput
from retropace.estimate import Estimate
from retropace.recording import FloatArray
from retropace.sources import Cited, Grade, cited
from retropace.witness import CADENCE_RATIO

#: Mass-specific vertical stiffness forward and backward, means over 3 to 17 km/h.
STIFFNESS_FORWARD = cited(352, "1/s2", "cavagna_2012")
STIFFNESS_BACKWARD = cited(499, "1/s2", "cavagna_2012")

#: Peak force backward ÷ forward at 1.0 m/s: 3.51 to 3.41 body weights. No spread was printed; the band is ours.
SLOW_RATIO = cited(3.51 / 3.41, "ratio", "sussman_2000", "design", low=0.93, high=1.13)
#: The same at running speed: 3.4 to 4.5 body weights. The band is ours: not every runner had less.
RUNNING_RATIO = cited(3.4 / 4.5, "ratio", "roos_2012", "design", low=0.65, high=0.90)
#: Speeds the two stand for. Roos's was not seen; ours lies amid the speeds Wright's runners ran both ways.
SLOW_MPS = cited(1.0, "m/s", "sussman_2000")
RUNNING_MPS = cited(2.5, "m/s", "design", "wright_2001")
#: Nobody ran faster than this both ways with the knee or the oxygen measured.
FASTEST_MPS = cited(3.5, "m/s", "wright_2001")

#: Peak force forward in body weights, with one standard deviation between people.
FORWARD_BW = cited(4.5, "BW", "roos_2012", low=4.5 - 1.5, high=4.5 + 1.5)
#: The same at 1.0 m/s; no spread was printed, so Roos's is borrowed in proportion.
FORWARD_SLOW_BW = cited(
    3.41, "BW", "sussman_2000", "roos_2012", low=3.41 * (1 - 1.5 / 4.5), high=3.41 * (1 + 1.5 / 4.5)
)
#: Peak force backward at the same speed, likewise.
BACKWARD_BW = cited(3.4, "BW", "roos_2012", low=3.4 - 1.4, high=3.4 + 1.4)


def force_ratio(flexion_deg: FloatArray) -> FloatArray:
    """Joint force ÷ quadriceps force (n,) at knee flexion (n,) [degrees].

    (0.462 + 0.00147 x − 3.84e-5 x²) ÷ (1 − 0.0162 x + 1.55e-4 x² − 6.98e-7 x³). NaN outside 0 to 90.

    >>> float(np.round(force_ratio(np.array([44.0]))[0], 3))
    0.857
    """
    x = _within(flexion_deg, 90.0)
    return (0.462 + 0.00147 * x - 3.84e-5 * x**2) / (1 - 0.0162 * x + 1.55e-4 * x**2 - 6.98e-7 * x**3)


def lever_arm_m(flexion_deg: FloatArray) -> FloatArray:
    """Lever arm of the quadriceps (n,) [m]: 8e-8 x³ − 1.3e-5 x² + 2.8e-4 x + 0.046. NaN outside 0 to 90 degrees.

    The classic papers print the polynomial in mixed units; these coefficients give metres.
    """
    x = _within(flexion_deg, 90.0)
    return 8e-8 * x**3 - 1.3e-5 * x**2 + 2.8e-4 * x + 0.046


def peak_force_n(moment_nm: FloatArray, flexion_deg: FloatArray) -> FloatArray:
    """Joint force (n,) [N] from the internal knee extension moment (n,) [Nm] and flexion (n,) [degrees].

    A flexion moment loads the joint through other muscles and counts as none.

    >>> forward, backward = peak_force_n(np.array([157.0, 124.0]), np.array([44.0, 41.0]))
    >>> round(float(backward / forward), 3)
    0.747
    """
    return force_ratio(flexion_deg) * np.maximum(moment_nm, 0.0) / lever_arm_m(flexion_deg)


def contact_area_nunes_2018(flexion_deg: FloatArray) -> FloatArray:
    """Area (n,) [mm²]: 2e-5 x⁴ − 0.0033 x³ + 0.1099 x² + 3.5273 x + 81.058.

    One public code prints +0.0033: 845 mm² at 45 degrees, more than a kneecap has. With minus it is 244.
    """
    x = _within(flexion_deg, 75.0)
    return 2e-5 * x**4 - 0.0033 * x**3 + 0.1099 * x**2 + 3.5273 * x + 81.058


def contact_area_kernozek(flexion_deg: FloatArray) -> FloatArray:
    """Area (n,) [mm²]: −1e-4 x³ − 0.0082 x² + 3.5071 x + 73.81."""
    x = _within(flexion_deg, 75.0)
    return -1e-4 * x**3 - 0.0082 * x**2 + 3.5071 * x + 73.81


#: Every contact-area model, best first.
AREAS: dict[str, Callable[[FloatArray], FloatArray]] = {
    "nunes_2018": contact_area_nunes_2018,
    "kernozek_area": contact_area_kernozek,
}


def contact_area_mm2(flexion_deg: FloatArray, method: str | None = None) -> FloatArray:
    """Contact area behind the kneecap (n,) [mm²] at knee flexion (n,) [degrees]; NaN outside 0 to 75.

    Raises UnusableInput naming the methods there are.

    >>> float(np.round(contact_area_mm2(np.array([45.0]))[0]))
    244.0
    """
    chosen = next(iter(AREAS)) if method is None else method
    if chosen not in AREAS:
        raise UnusableInput(f"No contact-area model {chosen!r}", field="method", remedy=f"There is {', '.join(AREAS)}.")
    return AREAS[chosen](flexion_deg)


def stress_mpa(moment_nm: FloatArray, flexion_deg: FloatArray, method: str | None = None) -> FloatArray:
    """Joint stress (n,) [MPa]: force ÷ contact area. Absolute values may be a quarter off; compare, do not quote."""
    return peak_force_n(moment_nm, flexion_deg) / contact_area_mm2(flexion_deg, method)


def cadence_ratio(stiffness_backward: float, stiffness_forward: float, upper_share: float = 0.5) -> float:
    """Step rate backward ÷ forward at one speed, from vertical stiffness k/m [1/s²].

    The body is below its resting height for π ÷ √(k/m) of each step; the part above lasts as long both ways (Cavagna 2012).
    `upper_share` is that part's share of the forward step. The equal halves assumed give 1.09.

    >>> round(cadence_ratio(499, 352), 3)
    1.087
    """
    shortened = math.sqrt(stiffness_forward / stiffness_backward)
    return 1 / (upper_share + (1 - upper_share) * shortened)


@lru_cache(maxsize=256)
def relative_per_step(speed_mps: float) -> Estimate:
    """Peak force of a backward running step ÷ of a forward one at the same speed.

    No difference at 1.0 m/s, a quarter less at running speed, straight between: the shape between them is ours.

    >>> round(relative_per_step(2.5).value, 2), round(relative_per_step(1.0).value, 2)
    (0.76, 1.03)
    """
    if not speed_mps <= FASTEST_MPS.value:
        return Estimate.unknown(_TOO_FAST)
    return _between(speed_mps, SLOW_RATIO, RUNNING_RATIO)


def relative_per_km(speed_mps: float) -> Estimate:
    """Peak force times steps of a backward kilometre ÷ of a forward one at the same speed.

    Fewer newtons a step, more steps. The two errors are taken as independent.

    >>> round(relative_per_km(2.5).value, 2)
    0.82
    """
    step = relative_per_step(speed_mps)
    if step.value is None or step.low is None or step.high is None:
        return step
    steps = CADENCE_RATIO
    value = step.value * steps.value
    down = math.hypot(1 - step.low / step.value, 1 - steps.low / steps.value)
    up = math.hypot(step.high / step.value - 1, steps.high / steps.value - 1)
    sources = dict.fromkeys((*step.sources, *steps.sources))
    return Estimate.banded(value, value * (1 - down), value * (1 + up), Grade.MODELLED, *sources)


@lru_cache(maxsize=256)
def peak_forward_bw(speed_mps: float) -> Estimate:
    """Peak force of a forward running step in body weights: the average of other people, banded by how they differ.

    >>> peak_forward_bw(3.0).value, peak_forward_bw(3.0).low
    (4.5, 3.0)
    """
    if not speed_mps <= FASTEST_MPS.value:
        return Estimate.unknown(_TOO_FAST)
    return _between(speed_mps, FORWARD_SLOW_BW, FORWARD_BW)


@lru_cache(maxsize=256)
def peak_backward_bw(speed_mps: float) -> Estimate:
    """Peak force of a backward running step in body weights: forward times `relative_per_step`, banded likewise."""
    forward, ratio = peak_forward_bw(speed_mps), relative_per_step(speed_mps)
    if forward.value is None or ratio.value is None:
        return forward
    value = forward.value * ratio.value
    spread = (BACKWARD_BW.high - BACKWARD_BW.value) / BACKWARD_BW.value
    sources = dict.fromkeys((*forward.sources, *ratio.sources))
    return Estimate.banded(value, value * (1 - spread), value * (1 + spread), Grade.MODELLED, *sources)


_TOO_FAST = f"Faster than anybody's knee was measured both ways ({FASTEST_MPS.value:g} m/s)"


def _between(speed_mps: float, slow: Cited, fast: Cited) -> Estimate:
    share = min(max((speed_mps - SLOW_MPS.value) / (RUNNING_MPS.value - SLOW_MPS.value), 0.0), 1.0)
    value, low, high = (
        a + share * (b - a) for a, b in ((slow.value, fast.value), (slow.low, fast.low), (slow.high, fast.high))
    )
    sources = dict.fromkeys((*slow.sources, *fast.sources, *RUNNING_MPS.sources))
    return Estimate.banded(value, low, high, Grade.MODELLED, *sources)


def _within(flexion_deg: FloatArray, most: float) -> FloatArray:
    return np.where((flexion_deg >= 0) & (flexion_deg <= most), flexion_deg, np.nan)
