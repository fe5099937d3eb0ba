"""Comparison: two sessions figure by figure, and whether their difference is larger than their bands.

A difference is told only where the two bands do not touch: whatever the true values are within them, it is then there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from retropace.digest import ratio
from retropace.estimate import Estimate
from retropace.metrics import BY_KEY, Aggregation, aggregate
from retropace.quantities import Direction, Gait, System
from retropace.sources import Grade
from retropace.summary import Summary
from retropace.views.figures import Figure, clock, figure
from retropace.web.language import say
from retropace.web.like_speed import LikeSpeed, heart_rate_at_like_speed

#: A speed ratio has no unit and no metric of its own; it is told with two decimals.
_RATIO_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """The second minus the first. `told` is False where their bands touch; `words` say it either way.

    `sign` is that of the difference, 0 where it is none or not told. `unknown` holds where one of the two is.
    """

    words: str
    band: str = ""
    told: bool = False
    unknown: bool = False
    sign: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of both sessions, and their difference. `about` says what it is measured over, where that needs saying."""

    key: str
    name: str
    first: Figure
    second: Figure
    difference: Difference
    about: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that belong together: whole, backward, forward, beside or like_speed."""

    key: str
    name: str
    rows: tuple[Row, ...]


_WHOLE = ("duration_s", "distance_m", "heart_rate_bpm", "energy_gross_kcal")
_BACKWARD = ("reverse_seconds", "reverse_bouts", "longest_reverse_bout_s")
_OF_BACKWARD = ("speed_mps", "cadence_spm", "heart_rate_bpm", "knee_peak_force_bw")
_OF_FORWARD_RUNS = ("speed_mps", "cadence_spm", "heart_rate_bpm")


def comparison(first: Summary, second: Summary, system: System = "metric") -> tuple[Part, ...]:
    """Everything worth laying side by side, the parts that neither session has left out."""
    whole = _rows(_WHOLE, first.session, second.session, system)
    backward = [
        *_rows(_BACKWARD, _with_none(first), _with_none(second), system),
        *_rows(_OF_BACKWARD, _part(first, Direction.BACKWARD), _part(second, Direction.BACKWARD), system),
    ]
    forward = _rows(_OF_FORWARD_RUNS, _runs(first, Direction.FORWARD), _runs(second, Direction.FORWARD), system)
    parts = (
        Part("whole", say("The whole session"), tuple(whole)),
        Part("backward", say("Backward"), tuple(backward) if _either(Direction.BACKWARD, first, second) else ()),
        Part("forward", say("Forward running"), tuple(forward)),
        Part("beside", say("Backward beside forward"), tuple(_beside(first, second))),
        Part("like_speed", say("Heart rate at like speed"), tuple(_like_speed(first, second, system))),
    )
    return tuple(part for part in parts if part.rows)


def headline(parts: Iterable[Part]) -> str:
    """What can be told of both together, in one sentence or two: time backward first, and how fast."""
    rows = {(part.key, row.key): row for part in parts for row in part.rows}
    amount, speed = rows.get(("backward", "reverse_seconds")), rows.get(("backward", "speed_mps"))
    if amount is None:
        return _one_sentence(rows.get(("whole", "distance_m")) or rows.get(("whole", "duration_s")))
    if amount.difference.unknown:
        return say("How long you went backward cannot be compared.")
    if not amount.difference.told:
        return _speed_alone(speed)
    if amount.difference.sign:
        first = say("{difference} backward the second time", difference=amount.difference.words)
    else:
        first = say("As long backward both times")
    return f"{first}{_and_speed(speed)}."


def _one_sentence(row: Row | None) -> str:
    if row is None or row.difference.unknown:
        return say("There is little to compare in these two.")
    if not row.difference.told:
        return say("No difference in {figure} can be told.", figure=row.name)
    if not row.difference.sign:
        return say("The same {figure} both times.", figure=row.name)
    return say("{difference} in {figure} the second time.", difference=row.difference.words, figure=row.name)


def _speed_alone(row: Row | None) -> str:
    """What is left to say where the time backward is not told apart."""
    if row is None or row.difference.unknown or not row.difference.told:
        return say("No difference can be told, neither in time backward nor in speed.")
    if not row.difference.sign:
        return say("As fast backward both times; whether as long cannot be told.")
    if row.difference.sign > 0:
        return say("Faster backward the second time; whether longer cannot be told.")
    return say("Slower backward the second time; whether longer cannot be told.")


def _and_speed(row: Row | None) -> str:
    if row is None or row.difference.unknown:
        return ""
    if row.difference.sign:
        return say(", and faster") if row.difference.sign > 0 else say(", and slower")
    return say("; no difference in speed can be told")


def difference(first: Estimate, second: Estimate, told: "Telling") -> Difference:
    """What can be said of second minus first. `told` puts an estimate into words."""
    if first.value is None or second.value is None:
        return Difference(say("unknown"), unknown=True)
    low, high = _bounds(first, second)
    if low <= 0 <= high and (low, high) != (0.0, 0.0):
        return Difference(say("none can be told"))
    if second.value == first.value:
        return Difference(say("the same"), told=True)
    amount = second.value - first.value
    near, far = sorted((abs(low), abs(high)))
    size = told(Estimate.banded(abs(amount), near, far, Grade.DERIVED, "design"))
    words = say("{amount} more", amount=size.told) if amount > 0 else say("{amount} less", amount=size.told)
    return Difference(words, size.band, told=True, sign=1 if amount > 0 else -1)


def _bounds(first: Estimate, second: Estimate) -> tuple[float, float]:
    """The least and the most that second minus first may be."""
    return (second.low or 0.0) - (first.high or 0.0), (second.high or 0.0) - (first.low or 0.0)


class Telling:
    """Puts estimates of one metric into words, in the reader's units."""

    def __init__(self, key: str, system: System) -> None:
        self.key = key
        self.system = system

    def __call__(self, estimate: Estimate) -> Figure:
        """The estimate in words."""
        return figure(self.key, estimate, self.system)


class TellingRatio(Telling):
    """Puts a ratio into words."""

    def __init__(self) -> None:
        super().__init__("", "metric")

    def __call__(self, estimate: Estimate) -> Figure:
        """The ratio in words."""
        about = (estimate.grade.value, estimate.sources)
        if estimate.value is None or estimate.low is None or estimate.high is None:
            return Figure("", "", say("unknown"), "", "", *about, estimate.why_unknown, known=False)
        told = [f"{number:.{_RATIO_DECIMALS}f}" for number in (estimate.value, estimate.low, estimate.high)]
        return Figure("", "", told[0], "", f"{told[1]}–{told[2]}", *about, estimate.why_unknown)


# -- parts ------------------------------------------------------------------------------------------------------------


def _either(direction: Direction, *summaries: Summary) -> bool:
    return any(direction in summary.by_direction for summary in summaries)


def _rows(
    keys: Iterable[str],
    first: Mapping[str, Estimate],
    second: Mapping[str, Estimate],
    system: System,
) -> list[Row]:
    """A row for every key that either knows."""
    nothing = Estimate.unknown(say("there is nothing of the kind in this session"))
    found = []
    for key in keys:
        pair = (first.get(key, nothing), second.get(key, nothing))
        if any(estimate.value is not None for estimate in pair):
            telling = Telling(key, system)
            difference = _of_key(key, pair, telling)
            found.append(Row(key, BY_KEY[key].name, telling(pair[0]), telling(pair[1]), difference))
    return found


#: Figures that what is left out of them would make larger.
_GROWING = (Aggregation.SUM, Aggregation.COUNT, Aggregation.MAX)


def _of_key(key: str, pair: tuple[Estimate, Estimate], telling: Telling) -> Difference:
    """The difference; none is told between sums of which a part is unknown."""
    partly = any(estimate.value is not None and estimate.why_unknown for estimate in pair)
    found = difference(*pair, telling)
    if partly and found.told and BY_KEY[key].aggregation in _GROWING:
        return Difference(say("none can be told: a part is unknown"))
    return found


def _with_none(summary: Summary) -> Mapping[str, Estimate]:
    """Figures of the session, with zero for what was never done: where that was seen, and not only taken for granted."""
    none = Estimate.exact(0.0, Grade.DERIVED, "device")
    if any(item.bout.assumed for item in summary.bouts):
        none = Estimate.unknown(say("nothing in the file saw which way you faced"))
    told = {key: found for key, found in summary.session.items() if key not in _BACKWARD or found.value != 0}
    return dict.fromkeys(_BACKWARD, none) | told


def _part(summary: Summary, direction: Direction) -> Mapping[str, Estimate]:
    """Figures over every bout of a direction."""
    return summary.by_direction.get(direction, {})


def _runs(summary: Summary, direction: Direction) -> Mapping[str, Estimate]:
    """Figures over the running bouts of a direction: walking between the repeats would only slow them down."""
    return aggregate(
        [
            (item.bout, item.metrics)
            for item in summary.bouts
            if item.bout.direction is direction and item.bout.gait is Gait.RUN
        ]
    )


def _beside(first: Summary, second: Summary) -> list[Row]:
    ratios = [speed_ratio(summary) for summary in (first, second)]
    if all(ratio.value is None for ratio in ratios):
        return []
    telling = TellingRatio()
    told = [telling(ratio) for ratio in ratios]
    name = say("running speed backward ÷ forward")
    return [Row("speed_ratio", name, told[0], told[1], difference(ratios[0], ratios[1], telling))]


def speed_ratio(summary: Summary) -> Estimate:
    """How fast somebody ran backward beside how fast they ran forward in the same session; 1 is as fast."""
    backward, forward = (_runs(summary, d).get("speed_mps") for d in (Direction.BACKWARD, Direction.FORWARD))
    if backward is None:
        return Estimate.unknown(say("no backward running in it"))
    return Estimate.unknown(say("no forward running in it")) if forward is None else ratio(backward, forward)


def _ways() -> dict[tuple[Direction, Gait], str]:
    return {
        (Direction.BACKWARD, Gait.RUN): say("running backward"),
        (Direction.BACKWARD, Gait.WALK): say("walking backward"),
        (Direction.FORWARD, Gait.RUN): say("running forward"),
        (Direction.FORWARD, Gait.WALK): say("walking forward"),
    }


def _like_speed(first: Summary, second: Summary, system: System) -> list[Row]:
    telling = Telling("heart_rate_bpm", system)
    found = []
    for (direction, gait), words in _ways().items():
        like = heart_rate_at_like_speed(first, second, direction, gait)
        if like is not None:
            told = (telling(like.first), telling(like.second))
            apart = difference(like.first, like.second, telling)
            found.append(Row("heart_rate_at_like_speed", words, *told, apart, _about(like, system)))
    return found


def _about(like: LikeSpeed, system: System) -> str:
    speed = Telling("speed_mps", system)
    low, high = (speed(Estimate.exact(mps, Grade.MEASURED, "device")) for mps in (like.low_mps, like.high_mps))
    return say("at {low} to {high}, {time} of each", low=low.value, high=high.told, time=clock(like.seconds))
