"""Form by motion: what raw motion showed, laid on the grid's seconds: channels the recording lacks, and form it never has.

A channel that the recording has itself stays as it is. What each placement shows differs: a foot its way, its contacts and
its landing; a trunk the contacts of a run, its rise, lean, evenness and smoothness; everything else only the steps. What
needs a calibration (the way of a trunk) has one for each direction, and never another's.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from retropace.bout import Bout, bout_of, whole_seconds
from retropace.form import Form
from retropace.motion import trunk
from retropace.motion.cadence import steady_and_taken
from retropace.motion.heard import Heard
from retropace.motion.placement import Placement
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray
from retropace.signals import STEP_S, BoolArray, Grid, IntArray
from retropace.sources import cited

#: So many forward seconds of one gait make a baseline that backward seconds are held against.
BASELINE_SECONDS = cited(20.0, "s", "design")
#: A foot that is still in more than this share of a second goes nowhere.
STANDS = 0.5
#: Contacts of this many seconds either side of one stand for it: single ones are good to a tenth of a second only.
CONTACTS_AROUND_S = 1.0


def formed(heard: Heard, placement: Placement, own: Grid, grid: Grid, bouts: Sequence[Bout]) -> tuple[Grid, Form]:
    """`grid` with what motion knows and the recording does not, and everything else that motion shows of form.

    `own` is the grid of the recording's own channels, `grid` the one the bouts were found on, on the same seconds.
    """
    row = _rows(heard, grid)
    steady_hz, taken = steady_and_taken(heard)
    felt = _felt(heard, placement, grid, bouts) | {"cadence_spm": 60 * steady_hz}
    filled, marks = _filled(
        replace(grid, cadence_spm=own.cadence_spm), {key: _on(row, values) for key, values in felt.items()}
    )
    form = Form(
        str(placement),
        grid.time_s,
        marks,
        _on(row, taken),
        _on(row, _impact(heard, placement, bouts)),
        _on(row, _lean_deg(heard, placement, bouts)),
        _on(row, _of_trunk(heard, placement, "trunk_symmetry")),
        _on(row, _of_trunk(heard, placement, "trunk_smoothness")),
    )
    return filled, form


def _rows(heard: Heard, grid: Grid) -> IntArray:
    """(n,) the row of `heard` that belongs to each second of `grid`, -1 where there is none."""
    if not len(heard):
        return np.full(len(grid), -1)
    at = np.minimum(np.searchsorted(heard.time_s, grid.time_s), len(heard) - 1)
    return np.where(heard.time_s[at] == grid.time_s, at, -1)


def _on(row: IntArray, values: FloatArray) -> FloatArray:
    return np.append(values, np.nan)[row]


def _filled(grid: Grid, felt: dict[str, FloatArray]) -> tuple[Grid, dict[str, BoolArray]]:
    """`grid` with `felt` (n,) where its own channels are silent, and where that was."""
    marks = {key: np.isnan(getattr(grid, key)) & np.isfinite(values) for key, values in felt.items()}
    changed = {key: np.where(marks[key], felt[key], getattr(grid, key)) for key in felt if marks[key].any()}
    return replace(grid, **changed), marks


def _felt(heard: Heard, placement: Placement, grid: Grid, bouts: Sequence[Bout]) -> dict[str, FloatArray]:
    """Channels of the grid as the placement shows them, (m,) each."""
    if placement is Placement.FOOT:
        speed = np.where(heard["step_still"] > STANDS, 0.0, heard["foot_speed_mps"])
        return {
            "speed_mps": speed,
            "moved_m": speed * STEP_S,
            "step_length_m": heard["foot_stride_m"] / 2,
            "contact_time_ms": 1000 * _contact_s(heard),
        }
    if placement is Placement.WAIST:
        contact_s = trunk.contact_s(heard)
        length_m = trunk.step_length_m(heard, contact_s, grid, bouts)
        speed = np.where(np.isfinite(heard["waist_hz"]), length_m * heard["waist_hz"], np.nan)
        return {
            "speed_mps": speed,
            "moved_m": speed * STEP_S,
            "contact_time_ms": 1000 * contact_s,
            "vertical_oscillation_mm": 1000 * heard["trunk_oscillation_m"],
        }
    return {}


def _contact_s(heard: Heard) -> FloatArray:
    """Median contact time (m,) of the stances of one foot that begin near each second; NaN where none was seen whole."""
    initial, final = heard.contacts.get("foot", (np.empty(0), np.empty(0)))
    whole = np.isfinite(initial) & np.isfinite(final)
    initial, lasted = initial[whole], (final - initial)[whole]
    begins, ends = heard.time_s - CONTACTS_AROUND_S, heard.time_s + STEP_S + CONTACTS_AROUND_S
    first, last = np.searchsorted(initial, begins), np.searchsorted(initial, ends)
    near = first[:, None] + np.arange(max(int((last - first).max(initial=0)), 1))
    values = np.append(lasted, np.nan)[np.where(near < last[:, None], near, lasted.size)]
    ordered, count = np.sort(values, axis=1), np.isfinite(values).sum(axis=1)
    number = np.arange(len(heard))
    middle = 0.5 * (ordered[number, np.maximum(count - 1, 0) // 2] + ordered[number, np.minimum(count // 2, count - 1)])
    return np.where(count > 0, middle, np.nan)


def _impact(heard: Heard, placement: Placement, bouts: Sequence[Bout]) -> FloatArray:
    """Landing (m,) over the median of the forward seconds of the same gait; NaN where those are too few."""
    column = {Placement.FOOT: "foot_impact_mps2", Placement.WAIST: "trunk_impact_mps2"}.get(placement)
    relative = np.full(len(heard), np.nan)
    if column is None:
        return relative
    landing, seconds = heard[column], whole_seconds(heard.time_s, bouts)
    for (gait, direction), inside in seconds.items():
        forward = landing[seconds.get((gait, Direction.FORWARD), slice(0))]
        forward = forward[np.isfinite(forward)]
        known = gait in (Gait.WALK, Gait.RUN) and direction in (Direction.FORWARD, Direction.BACKWARD)
        if known and forward.size >= BASELINE_SECONDS.value:
            relative[inside] = landing[inside] / np.median(forward)
    return relative


def _lean_deg(heard: Heard, placement: Placement, bouts: Sequence[Bout]) -> FloatArray:
    """Lean of the trunk (m,), forward positive. Travel in bouts whose direction was seen tells where the front is."""
    ahead = _front_rad(heard, bouts) if placement is Placement.WAIST else None
    if ahead is None:
        return np.full(len(heard), np.nan)
    return np.degrees(trunk.lean_rad(heard, ahead, trunk.standing(heard)))


def _front_rad(heard: Heard, bouts: Sequence[Bout]) -> float | None:
    """Where the front lies on the level axes that turn with the device; None where no bout's direction was seen."""
    ways = {Direction.FORWARD: 1.0, Direction.BACKWARD: -1.0}
    turned = np.array([0.0 if bout.assumed else ways.get(bout.direction, 0.0) for bout in bouts] + [0.0])
    pointing = np.nan_to_num(heard["waist_kappa"] * np.exp(1j * heard["waist_travel_rad"]))
    front = complex(np.sum(turned[bout_of(heard.time_s, bouts)] * pointing))
    return float(np.angle(front)) if abs(front) > 0 else None


def _of_trunk(heard: Heard, placement: Placement, column: str) -> FloatArray:
    return heard[column] if placement is Placement.WAIST else np.full(len(heard), np.nan)
