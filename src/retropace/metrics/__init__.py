"""Metrics: every figure a person may be shown, and how the figures of several bouts become one.

`METRICS` is the visible list. A bout whose direction is unknown gets no figure that depends on direction, only the reason.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import mul

import numpy as np

from retropace.bout import Bout
from retropace.estimate import Estimate, least_sure
from retropace.form import Form
from retropace.metrics.cost import COST
from retropace.metrics.form import FORM
from retropace.metrics.metric import UNKNOWN_MASS, Aggregation, Better, BoutView, Metric, Scope, views
from retropace.metrics.movement import MOVEMENT
from retropace.metrics.strain import STRAIN
from retropace.person import Person
from retropace.quantities import Direction, Gait
from retropace.signals import Grid

__all__ = [
    "BY_KEY",
    "METRICS",
    "Aggregation",
    "Better",
    "Gap",
    "Metric",
    "Scope",
    "aggregate",
    "applying",
    "compute_bouts",
    "gaps",
    "same_forward",
]

#: Every metric, in the order in which they are shown.
METRICS: tuple[Metric, ...] = (*MOVEMENT, *FORM, *COST, *STRAIN)
BY_KEY: dict[str, Metric] = {metric.key: metric for metric in METRICS}

#: The metric whose figure weighs each bout in a mean; where a bout lacks it, all weigh by their length in time.
_WEIGHT = {
    Aggregation.DURATION_MEAN: "duration_s",
    Aggregation.MOVING_MEAN: "moving_s",
    Aggregation.DISTANCE_MEAN: "distance_m",
    Aggregation.STEPS_MEAN: "steps",
}

#: Figures that mostly need raw motion.
_FORM_KEYS = frozenset(metric.key for metric in FORM)

BoutFigures = tuple[Bout, Mapping[str, Estimate]]


def compute_bouts(
    bouts: Sequence[Bout], grid: Grid, person: Person, form: Form | None = None
) -> list[tuple[Bout, dict[str, Estimate]]]:
    """Each bout with every metric that applies to it, by key; unknown with its reason where it cannot be told.

    Figures of form that a watch hardly ever has are left out, rather than unknown, where there was no raw motion.
    """
    return [(view.bout, _computed(view)) for view in views(bouts, grid, person, form)]


def _computed(view: BoutView) -> dict[str, Estimate]:
    found: dict[str, Estimate] = {}
    for key, compute, twin_of in _asked(view.bout.gait, view.bout.direction):
        found[key] = found[twin_of] if twin_of in found else compute(view)
    if view.placement is not None:
        return found
    return {key: figure for key, figure in found.items() if key not in _FORM_KEYS or figure.value is not None}


@cache
def applying(gait: Gait, direction: Direction) -> tuple[Metric, ...]:
    """The metrics that mean anything, or might, for a bout of this gait and direction."""
    return tuple(metric for metric in METRICS if metric.applies(gait, direction))


@cache
def _asked(gait: Gait, direction: Direction) -> tuple[tuple[str, Callable[[BoutView], Estimate], str], ...]:
    """Each metric that applies: its key, what gives its figure, and the metric whose figure is the same, "" where none is.

    Only where gait or direction is unknown may a figure be refused; a twin is another figure only of what went backward.
    """
    known = gait is not Gait.UNKNOWN and direction is not Direction.UNKNOWN
    alike = known and direction is not Direction.BACKWARD
    twins = {metric.forward_twin: metric.key for metric in METRICS if metric.forward_twin and alike}
    return tuple(
        (metric.key, metric.compute if known else metric.of, twins.get(metric.key, ""))
        for metric in applying(gait, direction)
    )


def aggregate(values: Sequence[BoutFigures]) -> dict[str, Estimate]:
    """The figures of several bouts as one, by key; metrics that apply to none of them are left out.

    Bands add like values do, for the errors of one model go the same way in every bout. Bouts whose figure is unknown are
    left out, which `why_unknown` then says; where none is known, or a sum of standing only, the answer is unknown.
    """
    together = {}
    for metric in METRICS:
        parts = [part for part in values if metric.key in part[1]]
        if parts:
            together[metric.key] = _aggregated(metric, parts)
    return together


def same_forward(together: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """Of figures by key, those with a twin, as they would be had every backward bout been gone forward at its speed."""
    twins = {metric.key: metric.forward_twin for metric in METRICS if metric.forward_twin in together}
    return {key: together[twin] for key, twin in twins.items() if twin is not None}


def _aggregated(metric: Metric, parts: Sequence[BoutFigures]) -> Estimate:
    figures = [found[metric.key] for _, found in parts]
    left_out = [figure for figure in figures if figure.value is None]
    if left_out:
        parts = [part for part in parts if part[1][metric.key].value is not None]
        figures = [figure for figure in figures if figure.value is not None]
    if not figures or (left_out and _only_stood(metric, parts)):
        return Estimate.unknown(_commonest(left_out), metric.grade)
    value, low, high = _together(metric, parts, figures)
    partly = next((figure.why_unknown for figure in figures if figure.why_unknown), None)
    why = f"{_counted(left_out)} left out: {_commonest(left_out)}" if left_out else partly
    grade = least_sure({figure.grade for figure in figures})
    sources = dict.fromkeys(chain.from_iterable({figure.sources: None for figure in figures}))
    return Estimate(value, min(low, value), max(high, value), grade, tuple(sources), why)


def _only_stood(metric: Metric, known: Sequence[BoutFigures]) -> bool:
    """Whether a sum is known of standing only: that of a walk whose speed is unknown would be told as nothing."""
    return metric.aggregation is Aggregation.SUM and all(bout.gait is Gait.STAND for bout, _ in known)


def _together(metric: Metric, known: Sequence[BoutFigures], figures: Sequence[Estimate]) -> tuple[float, float, float]:
    """Value and band of the `figures` of the `known` bouts, all together."""
    sides = (
        [figure.value for figure in figures if figure.value is not None],
        [figure.low for figure in figures if figure.low is not None],
        [figure.high for figure in figures if figure.high is not None],
    )
    if metric.aggregation in (Aggregation.SUM, Aggregation.COUNT):
        value, low, high = map(math.fsum, sides)
    elif metric.aggregation is Aggregation.MAX:
        value, low, high = (float(max(side)) for side in sides)
    else:
        weights = _weights(_WEIGHT[metric.aggregation], known)
        whole = math.fsum(weights)
        value, low, high = (math.fsum(map(mul, side, weights)) / whole for side in sides)
    return value, low, high


def _weights(key: str, known: Sequence[BoutFigures]) -> list[float]:
    """What each bout counts in a mean; by time where a bout lacks the proper weight or all weigh nothing."""
    found = [figures.get(key) for _, figures in known]
    weights = [estimate.value for estimate in found if estimate is not None and estimate.value is not None]
    if len(weights) < len(known) or sum(weights) <= 0:
        return [max(bout.duration_s, 1e-9) for bout, _ in known]
    return weights


def _counted(left_out: Sequence[Estimate]) -> str:
    return "1 bout is" if len(left_out) == 1 else f"{len(left_out)} bouts are"


def _commonest(unknown: Sequence[Estimate]) -> str:
    """The reason most of them give."""
    reasons = Counter(estimate.why_unknown for estimate in unknown if estimate.why_unknown)
    return reasons.most_common(1)[0][0] if reasons else "not known"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something the recording or the person does not tell: what, what follows, and what would help."""

    what: str
    why: str
    remedy: str | None = None


_CHANNEL_GAPS: dict[str, tuple[str, str, str | None]] = {
    "speed_mps": ("Speed", "nothing in the recording tells how fast you were", "Record with GPS or a foot pod."),
    "cadence_spm": ("Steps", "no sensor counted them", "Most watches and foot pods record cadence."),
    "heart_rate_bpm": ("Heart rate", "no sensor recorded it", "Wear a heart-rate strap or watch."),
    "contact_time_ms": ("Contact time", "no sensor recorded it", None),
    "slope": ("Slope", "the recording has no usable height, so energy counts every way as level", None),
}


def gaps(grid: Grid, person: Person) -> tuple[Gap, ...]:
    """What a person would want to know and cannot, for want of a channel or of their mass."""
    silent = [key for key in _CHANNEL_GAPS if not np.isfinite(getattr(grid, key)).any()]
    found = [Gap(*_CHANNEL_GAPS[key]) for key in silent]
    if person.mass_kg is None:
        found.append(Gap("Energy in kcal", UNKNOWN_MASS.split(":")[0].lower(), "Write mass_kg in the person file."))
    return tuple(found)
