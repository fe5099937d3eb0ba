"""Document: a summary as JSON that other programs may rely on. Metric units whatever the reader's; unknown is null.

The schema is made from the types below (by docs/generate.py). A field may be
added under the same version; one that changes its meaning or goes away changes `SCHEMA`.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from retropace import __version__
from retropace.errors import RetropaceError
from retropace.estimate import Estimate
from retropace.metrics import BY_KEY
from retropace.quantities import Direction, Gait
from retropace.recording import FloatArray, Recording, repair_sentence
from retropace.session import Step
from retropace.sources import Grade, bibliography
from retropace.summary import BoutSummary, Summary
from retropace.views.story import headline

#: Name and version of the document.
SCHEMA = "retropace.summary/1"


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its band; or null with the reason. `sources` are keys of the document's `sources`."""

    value: float | None
    low: float | None
    high: float | None
    unit: str
    grade: Grade
    sources: tuple[str, ...]
    why_unknown: str | None


@dataclass(frozen=True, slots=True)
class BoutPart:
    """A stretch [start_s, end_s) of one gait and direction, how that is known and how surely."""

    start_s: float
    end_s: float
    gait: Gait
    direction: Direction
    probability: float
    known_by: tuple[str, ...]
    reason: str | None
    metrics: dict[str, Number]


@dataclass(frozen=True, slots=True)
class RecordingPart:
    """Which recording it was. Times are ISO 8601, null where the file does not tell; `sha256` is the file's checksum."""

    name: str
    format: str
    sha256: str
    size_bytes: int
    device: str | None
    simulated: bool
    start: str | None
    local_start: str | None
    zone_known_by: str
    duration_s: float
    reported: dict[str, float]


@dataclass(frozen=True, slots=True)
class UnknownPart:
    """What is not known, why, and what would tell."""

    what: str
    why: str
    remedy: str | None


@dataclass(frozen=True, slots=True)
class CorrectionPart:
    """What somebody said over what was measured."""

    start_s: float
    end_s: float
    direction: Direction
    by: str


@dataclass(frozen=True, slots=True)
class StepPart:
    """A prescribed step."""

    gait: Gait
    direction: Direction
    duration_s: float
    name: str
    speed_mps: float | None


@dataclass(frozen=True, slots=True)
class FollowedPart:
    """A step as it was found; `agreement` is the mean probability of its gait there."""

    step: StepPart
    start_s: float
    end_s: float
    agreement: float


@dataclass(frozen=True, slots=True)
class PlanPart:
    """What was prescribed, and where the recording shows it; `followed` is null where it does not."""

    name: str
    steps: tuple[StepPart, ...]
    followed: tuple[FollowedPart, ...] | None


@dataclass(frozen=True, slots=True)
class Series:
    """Once-a-second channels, all of one length; null where a sensor was silent. No positions: they tell where one lives.

    `velocity_mps` is speed along facing: negative backward, null where the direction is unknown.
    """

    time_s: tuple[float, ...]
    direction: tuple[Direction | None, ...]
    speed_mps: tuple[float | None, ...]
    velocity_mps: tuple[float | None, ...]
    cadence_spm: tuple[float | None, ...]
    heart_rate_bpm: tuple[float | None, ...]
    altitude_m: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Everything retropace says of one recording."""

    schema: Literal["retropace.summary/1"]
    version: str
    headline: str
    recording: RecordingPart
    session: dict[str, Number]
    by_direction: dict[Direction, dict[str, Number]]
    same_forward: dict[str, Number]
    bouts: tuple[BoutPart, ...]
    planned: PlanPart | None
    unknowns: tuple[UnknownPart, ...]
    repairs: tuple[str, ...]
    corrections: tuple[CorrectionPart, ...]
    sources: dict[str, str]
    series: Series | None


def document(summary: Summary, *, series: bool = False) -> Document:
    """The summary in plain types; with the once-a-second channels where `series`."""
    return Document(
        schema="retropace.summary/1",
        version=__version__,
        headline=headline(summary),
        recording=_recording(summary),
        session=_numbers(summary.session),
        by_direction={direction: _numbers(part) for direction, part in summary.by_direction.items()},
        same_forward=_numbers(summary.same_forward),
        bouts=tuple(map(_bout, summary.bouts)),
        planned=_plan(summary),
        unknowns=tuple(UnknownPart(u.what, u.why, u.remedy) for u in summary.unknowns),
        repairs=tuple(map(repair_sentence, summary.recording.repairs)),
        corrections=tuple(CorrectionPart(c.start_s, c.end_s, c.direction, c.by) for c in summary.corrections),
        sources=_sources(summary),
        series=_series(summary) if series else None,
    )


def document_json(documents: Iterable[Document]) -> bytes:
    """The documents as UTF-8 JSON, one to a line (one document alone is plain JSON); NaN is written as null."""
    import msgspec

    encoder = msgspec.json.Encoder()
    return b"".join(encoder.encode(document) + b"\n" for document in documents)


def refusal_json(name: str, error: RetropaceError) -> bytes:
    """What is written in place of a document for a recording that was refused, as UTF-8 JSON without a line end."""
    import msgspec

    facts = {"what": error.what, "file": error.file, "field": error.field, "offset": error.offset}
    return msgspec.json.encode({"schema": "retropace.refusal/1", "name": name, **facts, "remedy": error.remedy})


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of one document."""
    import msgspec

    made = msgspec.json.schema(Document)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": SCHEMA, **made}


def schema_text() -> str:
    """The schema as it is written to docs/summary.schema.json."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(json_schema()), indent=2).decode() + "\n"


def _numbers(metrics: Mapping[str, Estimate]) -> dict[str, Number]:
    return {key: _number(key, estimate) for key, estimate in metrics.items()}


def _number(key: str, estimate: Estimate) -> Number:
    e = estimate
    return Number(e.value, e.low, e.high, BY_KEY[key].unit, e.grade, e.sources, e.why_unknown)


def _bout(item: BoutSummary) -> BoutPart:
    b = item.bout
    numbers = _numbers(item.metrics)
    return BoutPart(b.start_s, b.end_s, b.gait, b.direction, b.probability, b.known_by, b.reason, numbers)


def _recording(summary: Summary) -> RecordingPart:
    recording: Recording = summary.recording
    origin = recording.origin
    return RecordingPart(
        name=origin.name,
        format=origin.format,
        sha256=origin.sha256,
        size_bytes=origin.size_bytes,
        device=origin.device,
        simulated=origin.simulated,
        start=recording.start.isoformat() if recording.start else None,
        local_start=summary.local_start.isoformat() if summary.local_start else None,
        zone_known_by=summary.zone_known_by,
        duration_s=recording.duration_s,
        reported={key: number for key, number in recording.reported.items() if math.isfinite(number)},
    )


def _plan(summary: Summary) -> PlanPart | None:
    if summary.planned is None:
        return None
    followed = summary.followed.steps if summary.followed else ()
    found = tuple(FollowedPart(_step(s.step), s.start_s, s.end_s, s.agreement) for s in followed)
    return PlanPart(summary.planned.name, tuple(map(_step, summary.planned.steps)), found or None)


def _step(step: Step) -> StepPart:
    return StepPart(step.gait, step.direction, step.duration_s, step.name, step.speed_mps)


def _sources(summary: Summary) -> dict[str, str]:
    """Every source that a number of this summary cites, in words."""
    parts = [summary.session, summary.same_forward, *summary.by_direction.values(), *(b.metrics for b in summary.bouts)]
    cited = {key for part in parts for estimate in part.values() for key in estimate.sources}
    known = bibliography()
    return {
        key: f"{known[key].authors} ({known[key].year}). {known[key].title}. {known[key].venue}"
        for key in sorted(cited)
    }


def _series(summary: Summary) -> Series:
    grid = summary.grid
    directions: list[Direction | None] = [None] * len(grid)
    signs = np.full(len(grid), np.nan)
    meaning = {Direction.FORWARD: 1.0, Direction.BACKWARD: -1.0, Direction.NONE: 0.0}
    for item in summary.bouts:
        first, last = (int(i) for i in np.searchsorted(grid.time_s, [item.bout.start_s, item.bout.end_s]))
        directions[first:last] = [item.bout.direction] * (last - first)
        signs[first:last] = meaning.get(item.bout.direction, np.nan)
    return Series(
        time_s=tuple(grid.time_s.tolist()),
        direction=tuple(directions),
        speed_mps=_plain(grid.speed_mps, 3),
        velocity_mps=_plain(grid.speed_mps * signs, 3),
        cadence_spm=_plain(grid.cadence_spm, 1),
        heart_rate_bpm=_plain(grid.heart_rate_bpm, 1),
        altitude_m=_plain(grid.altitude_m, 1),
    )


def _plain(values: FloatArray, decimals: int) -> tuple[float | None, ...]:
    """Rounded values; adding zero turns -0 into 0. NaN stays: it is written as null."""
    return tuple((np.round(values, decimals) + 0.0).tolist())
