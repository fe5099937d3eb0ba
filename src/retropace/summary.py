"""Summary: what happened in one recording, with every number's band, grade and sources. The pipeline on one screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from retropace.bout import Bout
from retropace.estimate import Estimate
from retropace.person import Person
from retropace.quantities import Direction
from retropace.recording import Declared, Recording
from retropace.session import Session
from retropace.signals import Grid


@dataclass(frozen=True, slots=True)
class BoutSummary:
    """A bout and its metrics by key (see `metrics.METRICS`)."""

    bout: Bout
    metrics: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something a person would want to know and does not learn here: what, why, and what would tell."""

    what: str
    why: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What happened.

    `session` holds metrics over the whole recording, `by_direction` over all bouts of one direction, `same_forward` the
    metrics of the same session had every backward bout been run forward at the same speed. `local_start` is in the
    recording's own time zone; `zone_known_by` says how that zone is known ("file", "position", or "not known: UTC").
    `plan_start_s` is when `planned` began on the recording's clock, None where nothing was planned or it was not found.
    """

    recording: Recording
    grid: Grid
    person: Person
    bouts: tuple[BoutSummary, ...]
    session: Mapping[str, Estimate]
    by_direction: Mapping[Direction, Mapping[str, Estimate]]
    same_forward: Mapping[str, Estimate]
    unknowns: tuple[Unknown, ...]
    corrections: tuple[Declared, ...]
    local_start: datetime | None
    zone_known_by: str
    planned: Session | None = None
    plan_start_s: float | None = None
