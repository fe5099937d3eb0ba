"""Felt: how soreness fades from session to session, and the home tests from screening to screening."""

from collections.abc import Sequence
from dataclasses import dataclass

from retropace.progress import Fading, HomeSeries, Progress
from retropace.progress.body import Soreness, Tested
from retropace.rules import Rules
from retropace.views.bodymap import place_name
from retropace.views.fading import After, fading
from retropace.views.trend import Dot, Reference, Scale, Trace, spark
from retropace.web.language import say
from retropace.web.progress.picture import Picture, Table, capital, short_day

#: One drawing holds so many sessions: the first half of them the first ones, the other half the latest.
_DRAWN = 20
#: The same exercise again leaves less soreness.
_FADES = "nottle_2005"


def soreness_picture(found: Progress) -> Picture:
    """The places that were sore most, up to two; what will appear where nothing was sore yet."""
    if not found.soreness:
        said = any(entry.answered("soreness_24h") for entry in found.entries)
        words = (
            say("You told of no soreness so far.")
            if said
            else say("Appears when you tell how sore you are the day after and two days after a session.")
        )
        return Picture("soreness", say("Soreness"), words)
    most = found.soreness[0]
    last = most.answered[-1]
    return Picture(
        "soreness",
        say("Soreness: {place}", place=say(place_name(most.where))),
        _fading_words(most),
        "".join(_soreness(one) for one in found.soreness[:2]),
        value=f"{most.worst_of(last):g}",
        beside=say("of 10 after session {number}, {worst} at most", number=last.number, worst=f"{most.worst:g}"),
        notes=(
            (say("One line a session: a day after, two days after."), ()),
            (say("The same exercise again usually leaves less: so it was with walking backward downhill."), (_FADES,)),
        ),
        table=_soreness_table(found.soreness),
    )


def _soreness(one: Fading) -> str:
    """The drawing of one place."""
    answered = one.answered
    title = capital(say(place_name(one.where)))
    told = ", ".join(_read(s) for s in answered)
    step = 1 if len(answered) <= 8 else 4
    sessions = [
        After(str(s.number) if n % step == 0 else "", (s.after_24h, s.after_48h)) for n, s in enumerate(answered)
    ]
    if len(sessions) > _DRAWN:
        sessions = [*sessions[: _DRAWN // 2], After("…", ()), *sessions[-_DRAWN // 2 :]]
    return fading(
        sessions,
        label=f"{title}: {told}",
        title=title,
        of_most=say("{worst} of 10", worst=f"{one.worst:g}"),
        worst=one.worst,
    )


def _soreness_table(places: Sequence[Fading]) -> Table:
    rows = tuple(
        (
            capital(say(place_name(one.where))),
            str(s.number),
            f"{short_day(s.day)} {s.day.year}",
            _score(s.after_24h),
            _score(s.after_48h),
        )
        for one in places
        for s in one.answered
    )
    return Table((say("Place"), say("Session"), say("Day"), say("After a day"), say("After two days")), rows)


def _fading_words(one: Fading) -> str:
    both = one.first_and_last
    if both is None:
        return say("Too few answers yet to see it fade.")
    first, last = (f"{round(value, 1):g}" for value in both)
    if both[1] <= both[0] - 1:
        return say("From {first} at first to {last} lately: it fades.", first=first, last=last)
    if both[1] >= both[0] + 1:
        return say("From {first} at first to {last} lately. Your plan takes it into account.", first=first, last=last)
    return say("About the same as at first.")


def _score(value: float | None) -> str:
    return say("not told") if value is None else f"{value:g}"


def _read(one: Soreness) -> str:
    words = say("session {number}: {day}, then {two}")
    return words.format(number=one.number, day=_score(one.after_24h), two=_score(one.after_48h))


# -- home tests ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TestRow:
    """One home test: its last figure, what became of it, and from where on it sets no limit."""

    __test__ = False

    key: str
    name: str
    value: str
    beside: str
    reading: str
    limit: str
    sources: tuple[str, ...]
    drawing: str
    table: Table


def home_tests(found: Progress, rules: Rules) -> list[TestRow]:
    """Each home test that was done."""
    return [_test(series, rules) for series in found.tests]


def _test(series: HomeSeries, rules: Rules) -> TestRow:
    test, last = series.test, series.days[-1]
    unit = _unit(test.unit)
    edge = None if series.edge is None else rules.rule(series.edge.rule)
    limit = None if series.edge is None else rules.number(series.edge.rule)
    words = ""
    if limit is not None:
        least = test.better == "high"
        words = say("No limit from {edge} on.") if least else say("No limit up to {edge}.")
        words = words.format(edge=f"{limit:g}{unit}")
    scale = Scale(_spread(series), down=test.better == "low")
    reference = None if limit is None else Reference(limit, limit, "")
    return TestRow(
        f"test-{test.key}",
        say(test.name),
        f"{series.weakest(last):g}{unit}",
        say("the weaker side") if len(last.figures) > 1 else "",
        _test_words(series),
        words,
        test.sources if edge is None else edge.sources,
        spark(_traces(series), scale, label=f"{say(test.name)}: {_read_out(series.days, unit)}", reference=reference),
        _test_table(series),
    )


def _unit(unit: str) -> str:
    return {"s": " s", "degrees": "°"}.get(unit, "")


def _spread(series: HomeSeries) -> float:
    """What the axis spans at least: a third of the largest figure, so that noise does not look like change."""
    return max(max(day.figures.values()) for day in series.days) / 3 or 1.0


def _traces(series: HomeSeries) -> list[Trace]:
    """One line a measure; of two sides the left one in ink, the right one as rings."""
    found = []
    for number, measure in enumerate(series.test.measures):
        taken = [(day.day, day.figures[measure]) for day in series.days if measure in day.figures]
        if taken:
            found.append(Trace([Dot(day, v, v, v) for day, v in taken], "other" if number else "ink"))
    return found


def _test_words(series: HomeSeries) -> str:
    first, last = series.days[0], series.days[-1]
    if first is last:
        return say("Done once, on {day}. The next screening asks again.", day=short_day(last.day))
    was, now = series.weakest(first), series.weakest(last)
    unit = _unit(series.test.unit)
    if was == now:
        return say("The same as on {day}.", day=short_day(first.day))
    better = (now < was) == (series.test.better == "low")
    words = {"was": f"{was:g}{unit}", "day": short_day(first.day)}
    return say("Better than {was} on {day}.", **words) if better else say("It was {was} on {day}.", **words)


def _read_out(days: Sequence[Tested], unit: str) -> str:
    return "; ".join(
        f"{short_day(day.day)} {', '.join(f'{value:g}{unit}' for value in day.figures.values())}" for day in days
    )


def _test_table(series: HomeSeries) -> Table:
    names = series.test.measures
    two = len(names) > 1
    heads = [(say("Left") if "left" in name else say("Right")) if two else say("Figure") for name in names]
    unit = _unit(series.test.unit)
    rows = tuple(
        (
            f"{short_day(day.day)} {day.day.year}",
            *(f"{day.figures[name]:g}{unit}" if name in day.figures else say("not done") for name in names),
        )
        for day in series.days
    )
    return Table((say("Day"), *heads), rows)
