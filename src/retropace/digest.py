"""Digest: what lists and the progress page need of one recording, so that nobody waits while all are read again."""

import datetime as dt
import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from retropace.errors import Damaged, NotFound, RetropaceError, StoreFailure, UnusableInput
from retropace.estimate import Estimate
from retropace.metrics import aggregate
from retropace.quantities import Direction, Gait
from retropace.recording import Recording
from retropace.review import Reviewed, made_from, reviewed
from retropace.sources import Grade
from retropace.store.notebook import Notebook
from retropace.store.recordings import LIKE_START_S, Kept, Recordings, looks_like
from retropace.store.records import packed, unpacked
from retropace.summary import BoutSummary, Summary
from retropace.views.figures import value
from retropace.views.story import all_bouts, headline, in_direction, in_doubt, repeats, seconds

#: Figures over the whole recording, and over its backward part, that lists and progress may show.
_WHOLE = (
    "distance_m",
    "moving_s",
    "heart_rate_bpm",
    "energy_gross_kcal",
    "energy_net_kcal",
    "energy_net_kcal_per_kg",
    "reverse_seconds",
    "reverse_distance_m",
    "reverse_steps",
    "longest_reverse_bout_s",
)
_BACKWARD = (
    "energy_gross_kcal",
    "energy_gross_forward_kcal",
    "energy_net_kcal_per_kg",
    "energy_net_forward_kcal_per_kg",
    "energy_relative",
    "knee_peak_force_bw",
    "knee_peak_force_forward_bw",
    "knee_relative_per_step",
    "knee_relative_per_km",
)
#: No ratio without both.
ONE_WAY = Estimate.unknown("only one of the two ways is in it")


@dataclass(frozen=True, slots=True)
class Way:
    """Everything of one gait in one direction; a figure that the recording does not tell is unknown, with the reason."""

    gait: Gait
    direction: Direction
    seconds: float
    distance_m: Estimate
    speed_mps: Estimate
    heart_rate_bpm: Estimate


@dataclass(frozen=True, slots=True)
class Stretch:
    """One bout, for a ribbon and for heart rate over speed. Half-open [start_s, end_s); None where not known.

    `assumed`: its direction is taken for granted, nothing saw it.
    """

    start_s: float
    end_s: float
    gait: Gait
    direction: Direction
    speed_mps: float | None = None
    heart_rate_bpm: float | None = None
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """What lists and the progress page need of one recording. Times in seconds; what is not known says why.

    `start` is local where the zone is known. `whole` and `backward` hold metrics by key, over everything and over the
    backward part. The ratios are backward ÷ forward of one gait: running where both were run, else walking. `planned` is
    the name of the session that was followed, None where there was none or it was not found. `trouble` says why there are
    no figures. `same_as` is an earlier recording of the same outing: sums count one of the two.
    """

    id: str
    name: str
    day: dt.date
    start: dt.datetime | None
    duration_s: float
    simulated: bool = False
    headline: str = ""
    reverse_run_s: float = 0.0
    reverse_walk_s: float = 0.0
    longest_reverse_s: float = 0.0
    unknown_s: float = 0.0
    corrections: int = 0
    planned: str | None = None
    planned_reverse_s: float = 0.0
    ways: tuple[Way, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    whole: Mapping[str, Estimate] = field(default_factory=dict)
    backward: Mapping[str, Estimate] = field(default_factory=dict)
    speed_ratio: Estimate = ONE_WAY
    heart_rate_ratio: Estimate = ONE_WAY
    trouble: str | None = None
    same_as: str | None = None

    @property
    def reverse_s(self) -> float:
        """Seconds gone backward, run and walked."""
        return self.reverse_run_s + self.reverse_walk_s


def digests(notebook: Notebook, recordings: Recordings) -> list[Digest]:
    """The digest of every recording, newest first; what is missing or stale is computed now and kept."""
    found = []
    for kept, fresh in standing(notebook, recordings):
        made = fresh or remade(notebook, recordings, kept)
        if made is not None:
            found.append(made)
    return found


def standing(notebook: Notebook, recordings: Recordings) -> list[tuple[Kept, Digest | None]]:
    """Every recording with its digest, newest first; None where that is missing or stale. Nothing is computed."""
    kept, known = recordings.all(), recordings.digests()
    person, corrections = notebook.person(), recordings.all_corrections()
    by_start = sorted(kept, key=_started_s)
    starts = [_started_s(one) for one in by_start]
    found = []
    for one in kept:
        fingerprint, text = known.get(one.id, ("", ""))
        fresh = fingerprint == made_from(one, person, corrections.get(one.id, ()))
        # Only what began about then can be the same outing: all beside all would take a second of 1000 recordings.
        first = bisect_left(starts, _started_s(one) - LIKE_START_S)
        near = by_start[first : bisect_right(starts, _started_s(one) + LIKE_START_S)]
        found.append((one, _read(text, one, near) if fresh else None))
    return found


def _started_s(kept: Kept) -> float:
    return -math.inf if kept.started is None else kept.started.timestamp()


def stale(notebook: Notebook, recordings: Recordings) -> list[Kept]:
    """The recordings whose digest is missing or rests on something that has changed since, newest first."""
    return [kept for kept, fresh in standing(notebook, recordings) if fresh is None]


def digest_of(
    notebook: Notebook, recordings: Recordings, kept: Kept, recording: Recording | None = None
) -> Digest | None:
    """One recording's digest, computed where it is missing or stale; as `remade`."""
    fingerprint, text = recordings.digest(kept.id) or ("", "")
    if fingerprint == made_from(kept, notebook.person(), recordings.corrections(kept.id)):
        found = _read(text, kept, recordings.all())
        if found is not None:
            return found
    return remade(notebook, recordings, kept, recording)


def remade(notebook: Notebook, recordings: Recordings, kept: Kept, recording: Recording | None = None) -> Digest | None:
    """Compute one recording's digest anew and keep it; a recording in trouble has that in words. None where it is gone.

    `recording` is what its original holds, where that has just been read. Raises StoreFailure.
    """
    try:
        found = reviewed(notebook, recordings, kept.id, recording)
        fingerprint, made = found.made_from, digest(found)
    except NotFound:
        return None
    except RetropaceError as error:
        if isinstance(error, StoreFailure) and not isinstance(error, Damaged):
            raise
        fingerprint = made_from(kept, notebook.person(), recordings.corrections(kept.id))
        made = Digest(kept.id, kept.name, kept.day, kept.started, kept.duration_s, trouble=str(error))
    try:
        recordings.keep_digest(kept.id, fingerprint, packed(made))
    except NotFound:
        return None
    return replace(made, same_as=_same_as(kept, recordings.all()))


def digest(found: Reviewed) -> Digest:
    """What lists and the progress page need of a reviewed recording."""
    kept, summary = found.kept, found.summary
    backward = in_direction(summary, Direction.BACKWARD)
    ways = _ways(summary)
    planned = summary.planned if summary.followed is not None else None
    steps = () if planned is None else planned.steps
    return Digest(
        kept.id,
        kept.name,
        kept.day,
        summary.local_start,
        kept.duration_s,
        simulated=summary.recording.origin.simulated,
        headline=headline(summary),
        reverse_run_s=seconds(bout for bout in backward if bout.gait is Gait.RUN),
        reverse_walk_s=seconds(bout for bout in backward if bout.gait is not Gait.RUN),
        longest_reverse_s=max((seconds(repeat) for repeat in repeats(all_bouts(summary))), default=0.0),
        unknown_s=seconds(in_doubt(all_bouts(summary))),
        corrections=len(found.corrections),
        planned=None if planned is None else planned.name,
        planned_reverse_s=sum(step.duration_s for step in steps if step.direction is Direction.BACKWARD),
        ways=ways,
        stretches=tuple(map(_stretch, summary.bouts)),
        whole=_chosen(_WHOLE, summary.session),
        backward=_chosen(_BACKWARD, summary.by_direction.get(Direction.BACKWARD, {})),
        speed_ratio=_ratio(ways, "speed_mps"),
        heart_rate_ratio=_ratio(ways, "heart_rate_bpm"),
    )


def _chosen(keys: Sequence[str], figures: Mapping[str, Estimate]) -> dict[str, Estimate]:
    return {key: figures[key] for key in keys if key in figures}


def _ways(summary: Summary) -> tuple[Way, ...]:
    parts: dict[tuple[Gait, Direction], list[BoutSummary]] = {}
    for item in summary.bouts:
        parts.setdefault((item.bout.gait, item.bout.direction), []).append(item)
    return tuple(_way(gait, direction, items) for (gait, direction), items in parts.items())


def _way(gait: Gait, direction: Direction, items: Sequence[BoutSummary]) -> Way:
    figures = aggregate([(item.bout, item.metrics) for item in items])
    standing = Estimate.unknown("nobody moves while standing")
    return Way(
        gait,
        direction,
        seconds(item.bout for item in items),
        figures["distance_m"],
        figures.get("speed_mps", standing),
        figures["heart_rate_bpm"],
    )


def _stretch(item: BoutSummary) -> Stretch:
    bout, metrics = item.bout, item.metrics
    return Stretch(
        bout.start_s,
        bout.end_s,
        bout.gait,
        bout.direction,
        value(metrics, "speed_mps"),
        value(metrics, "heart_rate_bpm"),
        bout.assumed,
    )


def _ratio(ways: Sequence[Way], figure: str) -> Estimate:
    """Backward ÷ forward of the gait that was gone both ways; nothing where none was."""
    for gait in (Gait.RUN, Gait.WALK):
        found = [
            next((way for way in ways if (way.gait, way.direction) == (gait, direction)), None)
            for direction in (Direction.BACKWARD, Direction.FORWARD)
        ]
        if found[0] is not None and found[1] is not None:
            return ratio(getattr(found[0], figure), getattr(found[1], figure))
    return ONE_WAY


def ratio(above: Estimate, below: Estimate) -> Estimate:
    """One positive figure ÷ another, at the outermost of both bands, as sure as the less sure of them.

    >>> a, b = (Estimate.banded(x, x - 0.1, x + 0.1, Grade.MEASURED, "device") for x in (1.9, 2.9))
    >>> found = ratio(a, b)
    >>> [round(x, 2) for x in (found.low, found.value, found.high) if x is not None]
    [0.6, 0.66, 0.71]
    """
    if above.value is None or above.low is None or above.high is None:
        return above
    if below.value is None or below.low is None or below.high is None:
        return below
    if below.low <= 0:
        return Estimate.unknown("the other way is too close to nothing to compare with")
    return Estimate.banded(
        above.value / below.value,
        above.low / below.high,
        above.high / below.low,
        max(above.grade, below.grade, key=list(Grade).index),
        *dict.fromkeys((*above.sources, *below.sources)),
    )


# -- what is kept -------------------------------------------------------------------------------------------------------


def _read(text: str, kept: Kept, others: Sequence[Kept]) -> Digest | None:
    """The digest in kept JSON, None where another version wrote it."""
    try:
        return replace(unpacked(text, Digest), same_as=_same_as(kept, others))
    except UnusableInput:
        return None


def _same_as(kept: Kept, others: Sequence[Kept]) -> str | None:
    """The recording of the same outing that came in earlier."""
    like = looks_like(kept, [other for other in others if (other.added, other.id) < (kept.added, kept.id)])
    return None if like is None else like.id
