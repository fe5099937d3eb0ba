"""Story: what happened, in sentences composed from a summary and from nothing else."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retropace.bout import Bout
from retropace.quantities import Direction, Gait
from retropace.summary import Summary
from retropace.views.figures import clock, moment, value
from retropace.witness import WITNESSES

#: From this probability on we say "sure", and "fairly sure".
SURE, FAIRLY_SURE = 0.97, 0.90
#: What was done counts as planned within this share of the planned time, or this many seconds for each repeat.
AS_PLANNED_SHARE, AS_PLANNED_S = 0.05, 1.0
#: A repeat counts as shorter than planned below this share of its time.
SHORT_SHARE = 0.75
#: An unknown moment no longer than this [s] does not split the repeat around it.
LONGEST_DOUBT_S = 15.0
#: The repeats get a drawing of their own where they fill less than this share of the recording.
_ZOOM_SHARE = 0.75
#: Margin around the repeats in that drawing: the larger of seconds and a share of them.
_ZOOM_MARGIN_S, _ZOOM_MARGIN = 30.0, 0.06
#: A gait is the whole outing's name from this share of the moving time on.
_WHOLLY = 0.8
#: Where the direction is assumed anyway, an unknown share up to this is not worth a sentence.
_BARELY = 0.05

#: Every direction as it is written, with its chevron.
DIRECTION_WORDS = {
    Direction.FORWARD: "forward ›",
    Direction.BACKWARD: "‹ backward",
    Direction.SIDEWAYS: "sideways",
    Direction.NONE: "standing",
    Direction.UNKNOWN: "which way?",
}
GAIT_WORDS = {Gait.STAND: "", Gait.WALK: "walking", Gait.RUN: "running", Gait.OTHER: "", Gait.UNKNOWN: ""}


@dataclass(frozen=True, slots=True)
class Certainty:
    """How surely a direction is known: `blocks` of 4 filled, the word for it, and the percentage where one is told."""

    blocks: int
    word: str
    percent: int | None = None

    @property
    def words(self) -> str:
        """Word and percentage: "sure, 98 %"."""
        return self.word if self.percent is None else f"{self.word}, {self.percent} %"


def certainty(bout: Bout) -> Certainty:
    """How surely the direction of `bout` is known.

    >>> certainty(Bout(0, 20, Gait.RUN, Direction.BACKWARD, 0.985, ("field",))).words
    'sure, 98 %'
    """
    if bout.direction is Direction.UNKNOWN:
        return Certainty(0, "unknown")
    if bout.assumed:
        return Certainty(0, "assumed")
    percent = int(bout.probability * 100 + 1e-9)
    if bout.probability >= SURE:
        return Certainty(4, "sure", percent)
    return Certainty(3, "fairly sure", percent) if bout.probability >= FAIRLY_SURE else Certainty(0, "unknown", percent)


def known_how(bout: Bout) -> str:
    """The witnesses of `bout` in short, or why its direction is unknown."""
    if bout.gait is Gait.OTHER:
        return "only asked on foot"
    if bout.direction is Direction.UNKNOWN and bout.reason:
        return bout.reason
    if bout.direction is Direction.NONE:
        return ", ".join(WITNESSES.get(key, key) for key in bout.known_by)
    return " + ".join(map(witness_name, bout.known_by))


def witness_name(key: str) -> str:
    """A witness in one word or two.

    >>> witness_name("device_heading")
    'device heading'
    """
    return key.replace("_", " ")


def witness_lines(bouts: Iterable[Bout]) -> list[tuple[str, str]]:
    """Every witness that the bouts rest on: its short name and what it means, in the order of `WITNESSES`."""
    heard = {
        key for bout in bouts if bout.direction not in (Direction.UNKNOWN, Direction.NONE) for key in bout.known_by
    }
    return [(witness_name(key), words.removeprefix(f"{key}: ")) for key, words in WITNESSES.items() if key in heard]


def repeats(bouts: Sequence[Bout], direction: Direction = Direction.BACKWARD) -> list[list[Bout]]:
    """Stretches of one direction: bouts that differ in gait only, or are parted by an unknown moment, belong together."""
    found: list[list[Bout]] = []
    doubtful: list[Bout] = []
    open_until = -math.inf
    for bout in bouts:
        touches = bout.start_s - open_until < 1.0
        if bout.direction is direction:
            if touches:
                found[-1].append(bout)
            else:
                found.append([bout])
            open_until, doubtful = bout.end_s, []
        elif in_doubt([bout]) and touches and seconds([*doubtful, bout]) <= LONGEST_DOUBT_S:
            open_until, doubtful = bout.end_s, [*doubtful, bout]
    return found


def seconds(bouts: Iterable[Bout]) -> float:
    """Length of all of them together [s]."""
    return sum(bout.duration_s for bout in bouts)


def all_bouts(summary: Summary) -> list[Bout]:
    """The bouts alone."""
    return [item.bout for item in summary.bouts]


def in_direction(summary: Summary, direction: Direction) -> list[Bout]:
    """The bouts of one direction."""
    return [bout for bout in all_bouts(summary) if bout.direction is direction]


def in_doubt(bouts: Iterable[Bout]) -> list[Bout]:
    """The bouts on foot whose direction is unknown; of other sports nobody asks."""
    return [bout for bout in bouts if bout.direction is Direction.UNKNOWN and bout.gait is not Gait.OTHER]


def direction_words(bout: Bout) -> str:
    """The direction as it is written, with its chevron."""
    return "other sport" if bout.gait is Gait.OTHER else DIRECTION_WORDS[bout.direction]


def headline(summary: Summary) -> str:
    """What happened, in one or two sentences."""
    sentences = [_what_happened(summary), _not_known(summary), _plan_not_found(summary)]
    return " ".join(sentence for sentence in sentences if sentence)


def _what_happened(summary: Summary) -> str:
    backward = in_direction(summary, Direction.BACKWARD)
    if backward:
        return _backward_sentence(summary, backward)
    forward = in_direction(summary, Direction.FORWARD)
    unknown = seconds(in_doubt(all_bouts(summary)))
    if seconds(forward) > unknown:
        return _forward_sentence(forward)
    if unknown:
        return ""
    sports = sorted({span.sport for span in summary.recording.sports} - {"running", "walking"})
    said = f": the file says {', '.join(sports)}" if sports else " in this recording"
    return f"No running or walking{said}."


def _backward_sentence(summary: Summary, backward: Sequence[Bout]) -> str:
    found = repeats(all_bouts(summary))
    total = value(summary.session, "reverse_seconds")
    doing = "walking backward" if all(bout.gait is Gait.WALK for bout in backward) else "backward"
    amount = clock(seconds(backward) if total is None else total)
    done_s = [seconds(repeat) for repeat in found]
    return f"{amount} {doing} in {_counted(len(found), 'repeat', 'one stretch')}{_beside_plan(summary, done_s)}."


def _beside_plan(summary: Summary, done_s: Sequence[float]) -> str:
    if summary.planned is None or summary.followed is None:
        return ""
    planned_s = [step.duration_s for step in summary.planned.steps if step.direction is Direction.BACKWARD]
    if not planned_s:
        return "; none was planned"
    whole = f"; planned: {clock(sum(planned_s))} in {len(planned_s)}"
    if len(done_s) != len(planned_s):
        return whole
    short = sum(done < SHORT_SHARE * asked for done, asked in zip(done_s, planned_s, strict=True))
    if short and len(planned_s) > 1:
        return f", {_COUNTS.get(short, short)} of them shorter than planned"
    allowed_s = max(AS_PLANNED_SHARE * sum(planned_s), AS_PLANNED_S * len(planned_s))
    return ", as planned" if abs(sum(done_s) - sum(planned_s)) <= allowed_s else whole


_COUNTS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def _forward_sentence(forward: Sequence[Bout]) -> str:
    outing = _outing(forward)
    if seconds(b for b in forward if b.assumed) > seconds(forward) / 2:
        return f"A forward {outing}, as far as anyone can tell: nothing in the file saw which way you faced."
    return f"A forward {outing}, with no backward stretch in it."


def _outing(bouts: Sequence[Bout]) -> str:
    moving = seconds(bouts)
    if seconds(b for b in bouts if b.gait is Gait.RUN) >= _WHOLLY * moving:
        return "run"
    return "walk" if seconds(b for b in bouts if b.gait is Gait.WALK) >= _WHOLLY * moving else "run and walk"


def _not_known(summary: Summary) -> str:
    if not doubt_matters(summary):
        return ""
    unknown, whole = seconds(in_doubt(all_bouts(summary))), seconds(_on_foot(summary))
    of_all = f" of {clock(whole)}" if unknown < whole else ""
    return f"Which way you faced is unknown for {clock(unknown)}{of_all}."


def doubt_matters(summary: Summary) -> bool:
    """Whether a direction is unknown, and for more than moments of a recording whose direction is assumed anyway."""
    unknown, on_foot = seconds(in_doubt(all_bouts(summary))), _on_foot(summary)
    barely = unknown <= _BARELY * seconds(on_foot) and any(bout.assumed for bout in on_foot)
    return bool(unknown) and not barely


def _on_foot(summary: Summary) -> list[Bout]:
    return [b for b in all_bouts(summary) if b.direction is not Direction.NONE and b.gait is not Gait.OTHER]


def _plan_not_found(summary: Summary) -> str:
    missing = summary.planned is not None and summary.followed is None
    return "The planned session was not found in it." if missing else ""


def _counted(count: int, one: str, single: str) -> str:
    return single if count == 1 else f"{count} {one}s"


def occasion(summary: Summary) -> str:
    """When it was: "Tuesday 12 May 2026 · 18:04"."""
    start = summary.local_start or summary.recording.start
    if start is None:
        return "The file does not say when"
    return f"{start:%A} {start.day} {start:%B %Y · %H:%M}"


def zone(summary: Summary) -> str:
    """Which time zone `occasion` is told in, and how that is known; empty where no time is known."""
    if summary.local_start is None and summary.recording.start is None:
        return ""
    known = {"file": "local time, from the file", "position": "local time, from the position"}
    return known.get(summary.zone_known_by, "UTC: the file does not say where")


def where(summary: Summary) -> str:
    """How the place is known."""
    positions = summary.recording.track.channel("latitude_deg")
    return "position recorded" if positions is not None else "no position in the file"


def ribbon_label(recorded_s: float, bouts: Sequence[Bout]) -> str:
    """The ribbon of `recorded_s` seconds in a sentence, for whoever cannot see it."""
    parts = [f"Speed along facing over {clock(recorded_s)}, forward above the line and backward below it"]
    stretches = repeats(bouts)
    if stretches:
        spans = [f"{moment(s[0].start_s)} to {moment(s[-1].end_s)}" for s in stretches]
        told = ", ".join(spans) if len(spans) <= 12 else f"{spans[0]} up to {spans[-1]}"
        parts.append(
            f"backward {_counted(len(spans), 'time', 'once')}, {clock(sum(map(seconds, stretches)))} in all: {told}"
        )
    else:
        assumed = any(bout.assumed for bout in bouts)
        parts.append("forward as far as anyone can tell" if assumed else "never backward")
    unknown = in_doubt(bouts)
    if unknown:
        parts.append(f"direction unknown for {clock(seconds(unknown))}")
    return "; ".join(parts) + "."


def zoom_span(summary: Summary) -> tuple[float, float] | None:
    """Start and end [s] of the part that holds every backward repeat, None where that is nearly all, or nothing."""
    found = repeats(all_bouts(summary))
    if not found or not len(summary.grid):
        return None
    first, last = found[0][0].start_s, found[-1][-1].end_s
    margin = max(_ZOOM_MARGIN_S, _ZOOM_MARGIN * (last - first))
    inside = summary.grid.between(first - margin, last + margin)
    if len(inside) > _ZOOM_SHARE * len(summary.grid):
        return None
    return max(first - margin, float(summary.grid.time_s[0])), min(last + margin, float(summary.grid.time_s[-1]) + 1)
