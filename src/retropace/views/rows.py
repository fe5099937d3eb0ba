"""Rows: bouts as lines of a table, each with how its direction is known; many alike are folded into one line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retropace.bout import Bout
from retropace.quantities import Direction, Gait, System
from retropace.summary import BoutSummary, Summary
from retropace.views.figures import clock, figure, moment, span, value
from retropace.views.story import GAIT_WORDS, all_bouts, certainty, direction_words, in_doubt, known_how, repeats

#: More bouts than this are folded.
MOST_ROWS = 14
_CSS = {Direction.FORWARD: "tfwd", Direction.BACKWARD: "tback", Direction.SIDEWAYS: "tside"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `mark` is the repeat's number, "?" where the direction is unknown, "6 ×" where six are folded.

    `blocks` of 4 say how surely, None where there is nothing to be sure of; `css` colours the direction's word. From
    `start_s` to `end_s` lies all that is in the line.
    """

    mark: str
    direction: str
    gait: str
    css: str
    start: str
    length: str
    span: str
    speed: str
    band: str
    how: str
    blocks: int | None
    surely: str
    start_s: float
    end_s: float

    @property
    def unexplained(self) -> bool:
        """Whether `how` is a sentence, why the direction is unknown."""
        return self.surely == "unknown"

    @property
    def squares(self) -> str:
        """The blocks as characters."""
        return "" if self.blocks is None else "▮" * self.blocks + "▯" * (4 - self.blocks)


def telling(summary: Summary) -> list[BoutSummary]:
    """The bouts a reader asks about first: backward, sideways and unknown ones."""
    wanted = (Direction.BACKWARD, Direction.SIDEWAYS)
    return [item for item in summary.bouts if item.bout.direction in wanted or in_doubt([item.bout])]


def rows(
    summary: Summary, system: System = "metric", items: Sequence[BoutSummary] | None = None, most: int = MOST_ROWS
) -> list[Row]:
    """A row for each of `items` (all bouts unless given), or for each kind of bout where there are more than `most`."""
    chosen = summary.bouts if items is None else items
    numbers = repeat_numbers(all_bouts(summary))
    if len(chosen) <= most:
        return [_row(item, numbers, system) for item in chosen]
    return [_folded(kind, system) if len(kind) > 1 else _row(kind[0], numbers, system) for kind in _kinds(chosen)]


def repeat_numbers(bouts: Sequence[Bout]) -> dict[float, int]:
    """Number of the backward repeat by its bouts' start [s]."""
    return {bout.start_s: n for n, repeat in enumerate(repeats(bouts), 1) for bout in repeat}


def _row(item: BoutSummary, numbers: dict[float, int], system: System) -> Row:
    bout = item.bout
    speed = (
        figure("speed_mps", item.metrics["speed_mps"], system) if value(item.metrics, "speed_mps") is not None else None
    )
    moving = speed is not None and bout.direction is not Direction.NONE
    blocks, surely = _surely([bout])
    unknown = bool(in_doubt([bout]))
    return Row(
        mark="?" if unknown else str(numbers.get(bout.start_s, "")),
        direction=direction_words(bout),
        gait=GAIT_WORDS[bout.gait],
        css=_CSS.get(bout.direction, ""),
        start=moment(bout.start_s),
        length=clock(bout.duration_s),
        span=span(bout.start_s, bout.end_s),
        speed=speed.told if speed and moving and not unknown else "",
        band=speed.band if speed and moving and not unknown else "",
        how=known_how(bout),
        blocks=blocks,
        surely=surely,
        start_s=bout.start_s,
        end_s=bout.end_s,
    )


def _surely(bouts: Sequence[Bout]) -> tuple[int | None, str]:
    """Blocks and words for bouts that are about equally sure."""
    if all(bout.direction is Direction.NONE or bout.gait is Gait.OTHER for bout in bouts):
        return None, ""
    least = certainty(min(bouts, key=lambda bout: bout.probability))
    most = certainty(max(bouts, key=lambda bout: bout.probability))
    if least.percent == most.percent:
        return least.blocks, least.words
    return least.blocks, f"{least.word}, {least.percent}–{most.percent} %"


def _kinds(items: Iterable[BoutSummary]) -> list[list[BoutSummary]]:
    """Bouts alike in direction, gait, witnesses and how surely, in the order of their first."""
    kinds: dict[tuple[object, ...], list[BoutSummary]] = {}
    for item in items:
        bout = item.bout
        key = (bout.direction, bout.gait, frozenset(bout.known_by), certainty(bout).blocks, bout.reason)
        kinds.setdefault(key, []).append(item)
    return list(kinds.values())


def _folded(kind: Sequence[BoutSummary], system: System) -> Row:
    bouts = [item.bout for item in kind]
    first = bouts[0]
    lengths = [bout.duration_s for bout in bouts]
    alike = clock(min(lengths)) == clock(max(lengths))
    each = f"{clock(lengths[0])} each" if alike else f"{clock(min(lengths))} to {clock(max(lengths))}"
    speed, band = _speeds(kind, system) if first.direction not in (Direction.NONE, Direction.UNKNOWN) else ("", "")
    blocks, surely = _surely(bouts)
    return Row(
        mark=f"{len(kind)} ×",
        direction=direction_words(first),
        gait=GAIT_WORDS[first.gait],
        css=_CSS.get(first.direction, ""),
        start=moment(first.start_s),
        length=each,
        span=f"{clock(sum(lengths))} in all, from {moment(first.start_s)}",
        speed=speed,
        band=band,
        how=known_how(first),
        blocks=blocks,
        surely=surely,
        start_s=first.start_s,
        end_s=bouts[-1].end_s,
    )


def _speeds(kind: Sequence[BoutSummary], system: System) -> tuple[str, str]:
    """Median of the bouts' speeds and their range."""
    known = [item.metrics["speed_mps"] for item in kind if value(item.metrics, "speed_mps") is not None]
    told = sorted(known, key=lambda estimate: estimate.value or 0.0)
    if not told:
        return "", ""
    middle, low, high = (figure("speed_mps", told[i], system) for i in (len(told) // 2, 0, -1))
    return middle.told, "" if low.value == high.value else f"{low.value} to {high.value}"
