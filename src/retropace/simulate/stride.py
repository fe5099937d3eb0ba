"""Stride: how fast, how often and how long a virtual foot meets the ground; each number beside its source.

Two published numbers and one derived one fix a running step at a given speed: the aerial phase (forward and backward), the
forward cadence of the runner, and the backward ÷ forward cadence. Contact time is what remains of the step. At 3 m/s that
leaves a backward ÷ forward contact time of 0.80, within the band of the 0.82 ± 0.05 derived from Wright & Weyand 2001;
prescribing that ratio as well would say the same thing twice.
"""

import math

from retropace.quantities import Direction, Gait
from retropace.sources import cited

#: Mean time in the air of a running step over 3-17 km/h.
AERIAL_FORWARD_S = cited(0.072, "s", "cavagna_2012")
AERIAL_BACKWARD_S = cited(0.098, "s", "cavagna_2012")
#: Middle of the speeds over which the aerial phases were averaged (3-17 km/h).
AERIAL_MEAN_SPEED_MPS = cited(2.78, "m/s", "cavagna_2012", low=0.83, high=4.72)
#: Aerial time grows with this power of speed: slow jogging hardly leaves the ground.
AERIAL_POWER = cited(0.5, "", "design")
#: Backward ÷ forward steps per minute at the same running speed.
CADENCE_RATIO_RUN = cited(1.09, "", "cavagna_2012", low=1.05, high=1.19, note="derived from stiffness, not printed")
#: The same for walking: people walk backward slower with shorter steps, cadence does not rise.
CADENCE_RATIO_WALK = cited(1.0, "", "laufer_2005", note="no change found; a number for equal speed was not seen")
#: Backward ÷ forward contact time at 3 m/s; checked by the tests, not prescribed.
CONTACT_RATIO_RUN = cited(0.82, "", "wright_2001", low=0.72, high=0.92, note="derived from the abstract, not printed")
#: Backward ÷ forward speed of the same person at the same effort.
SPEED_RATIO_SAME_EFFORT = cited(0.74, "", "uthoff_2018", low=0.72, high=0.79)
#: Below these speeds people prefer to walk.
WALK_RUN_BACKWARD_MPS = cited(1.63, "m/s", "hreljac_2005", low=1.41, high=1.85)
WALK_RUN_FORWARD_MPS = cited(2.0, "m/s", "design", note="usual textbook value, not verified")
#: Step length ÷ cadence of walking [m per step/min], nearly the same at all speeds of one person.
WALK_RATIO = cited(0.0064, "m min", "design", note="usual value of adults, not verified")
#: Both feet on the ground, as a share of a walking step.
DOUBLE_SUPPORT_SHARE = cited(0.24, "", "design", note="stance 62 % of the stride")
#: Cadence below which nobody steps while starting and stopping [steps/min].
SLOWEST_WALK_SPM = cited(60.0, "steps/min", "design")
SLOWEST_RUN_SPM = cited(145.0, "steps/min", "design")
#: Shortest contact a running step may have, as a share of the step.
SHORTEST_CONTACT_SHARE = cited(0.35, "", "design")


def cadence_spm(gait: Gait, direction: Direction, speed_mps: float, at_3_spm: float, slope: float) -> float:
    """Steps per minute at `speed_mps` of a runner with `at_3_spm` at 3 m/s forward and `slope` [spm per m/s].

    >>> round(cadence_spm(Gait.RUN, Direction.FORWARD, 2.5, 170, 8))
    166
    >>> round(cadence_spm(Gait.RUN, Direction.BACKWARD, 2.5, 170, 8))
    181
    >>> round(cadence_spm(Gait.WALK, Direction.FORWARD, 1.35, 170, 8))
    112
    """
    backward = direction is not Direction.FORWARD
    if gait is Gait.RUN:
        forward = max(at_3_spm + slope * (speed_mps - 3), SLOWEST_RUN_SPM.value)
        return forward * (CADENCE_RATIO_RUN.value if backward else 1.0)
    forward = max(math.sqrt(60 * speed_mps / WALK_RATIO.value), SLOWEST_WALK_SPM.value)
    return forward * (CADENCE_RATIO_WALK.value if backward else 1)


def contact_time_s(direction: Direction, speed_mps: float, period_s: float) -> float:
    """Contact time of one foot in a running step of `period_s`, initial to final contact.

    >>> round(contact_time_s(Direction.FORWARD, 2.78, 0.357), 3)
    0.285
    """
    at_mean = AERIAL_FORWARD_S.value if direction is Direction.FORWARD else AERIAL_BACKWARD_S.value
    aerial_s = at_mean * math.pow(speed_mps / AERIAL_MEAN_SPEED_MPS.value, AERIAL_POWER.value)
    return max(period_s - aerial_s, SHORTEST_CONTACT_SHARE.value * period_s)


def walk_limit_mps(direction: Direction) -> float:
    """Fastest speed at which a runner who slows down begins to walk."""
    return WALK_RUN_FORWARD_MPS.value if direction is Direction.FORWARD else WALK_RUN_BACKWARD_MPS.value
