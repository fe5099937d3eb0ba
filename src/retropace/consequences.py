"""Consequences: what changes in a plan because of a wish, in plain sentences, so that it can be said before it is done."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from retropace.plan_words import asks, day_name, days_named, owned
from retropace.programme import Day, Kind, Programme, Week
from retropace.rules import Rules
from retropace.saying import day_words, lasting, listed, sentence
from retropace.texts import sentence as text_of

_REST = "programme.cap_rest_days"
_HARD = "exercises.eve"


@dataclass(frozen=True, slots=True)
class Consequence:
    """One sentence of what changes, with the sources of the rule behind it, where there is one."""

    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wished:
    """What was wished for single days: sessions `moved` by the day they stand on, and the day whose session is left out."""

    moved: Mapping[dt.date, dt.date] = field(default_factory=dict)
    left_out: dt.date | None = None


def consequences(
    before: Programme, after: Programme, wish: Wished, today: dt.date, rules: Rules
) -> tuple[Consequence, ...]:
    """What a wish about single days changes: the wish itself, what it pushes, minutes backward, work at home.

    Both programmes begin with the week of `today`.
    """
    found = [*_wished(before, wish, today)]
    for was, now in zip(before.weeks, after.weeks, strict=False):
        found += _days_of(was, now, wish, today, rules)
    found += _minutes(before, after, wish, today)
    found += _strength(before, after, today, rules)
    return tuple(found)


def _said(key: str, *sources: str, **words: object) -> Consequence:
    return Consequence(sentence(text_of(f"consequences.{key}").format(**words)), sources)


# -- the wish itself ----------------------------------------------------------------------------------------------------


def _wished(before: Programme, wish: Wished, today: dt.date) -> Iterator[Consequence]:
    days = _sessions(before)
    if wish.left_out is not None:
        yield _said("left_out", session=owned(wish.left_out, days[wish.left_out].kind, today))
    exchanged = {day for day, to in wish.moved.items() if wish.moved.get(to) == day}
    if exchanged:
        one, two = sorted(exchanged)
        yield _said(
            "exchanged",
            one=owned(one, days[one].kind, today),
            two=_lower(owned(two, days[two].kind, today)),
        )
        return
    for day, to in wish.moved.items():
        yield _said("moved", session=owned(day, days[day].kind, today), to=day_name(to, today))


def _lower(words: str) -> str:
    """Words that began a sentence inside one; weekdays keep their capital."""
    inside = words.startswith(("Today", "Tomorrow", "The "))
    return words[:1].lower() + words[1:] if inside else words


def _sessions(programme: Programme) -> dict[dt.date, Day]:
    return {day.date: day for week in programme.weeks for day in week.days if day.session is not None}


# -- what it pushes -----------------------------------------------------------------------------------------------------


def _days_of(was: Week, now: Week, wish: Wished, today: dt.date, rules: Rules) -> Iterator[Consequence]:
    """The days of one week that change besides those of the wish."""
    then, there = _backward(was, {*wish.moved, wish.left_out}), _backward(now, {*wish.moved.values()})
    yield from _places_taken(was, now, then, wish, today)
    gone, come = _unlike(then, there)
    rest = rules.rule(_REST).sources
    if len(gone) == len(come) and len(gone) > 1:
        new, old = (_weekday_words([day.date.weekday() for day in week.days if day.session]) for week in (now, was))
        pushed = any(now_day.date > old_day.date for old_day, now_day in zip(gone, come, strict=True))
        key, sources = ("days_pushed", rest) if pushed else ("days", ())
        yield _said(key, *sources, week=_week_name(was, today), new=new, old=old)
    else:
        for old_day, new_day in zip_longest(gone, come):
            yield _moved_on(old_day, new_day, today, rest)
    yield from _other_kind(was, now, wish, today)


def _places_taken(
    was: Week, now: Week, then: dict[dt.date, Day], wish: Wished, today: dt.date
) -> Iterator[Consequence]:
    """What comes from another week takes the place of a session of this one, which is then accounted for."""
    for day, to in wish.moved.items():
        arrived = next((d for d in now.days if d.date == to), None)
        if arrived is None or was.days[0].date <= day <= was.days[-1].date:
            continue
        instead = then.pop(arrived.meant or to, None)
        if instead is not None:
            yield _said("takes_place", session=_lower(owned(instead.date, instead.kind, today)))


def _backward(week: Week, wished: Collection[dt.date | None]) -> dict[dt.date, Day]:
    """Days of a week that go backward by the day they were planned on, without those of the wish itself."""
    return {day.meant or day.date: day for day in week.days if day.session is not None and day.date not in wished}


def _unlike(then: Mapping[dt.date, Day], there: Mapping[dt.date, Day]) -> tuple[list[Day], list[Day]]:
    """Days that are there only before, and only after: the same session in both at the same place of each list."""
    both = [key for key in then if key in there]
    moved = [key for key in both if then[key].date != there[key].date]
    gone = [*(then[key] for key in moved), *(day for key, day in then.items() if key not in there)]
    come = [*(there[key] for key in moved), *(day for key, day in there.items() if key not in then)]
    return gone, come


def _moved_on(was: Day | None, now: Day | None, today: dt.date, rest: Sequence[str]) -> Consequence:
    if was is None or now is None:
        if was is not None:
            return _said("dropped", *rest, session=owned(was.date, was.kind, today))
        day = now or Day(today, Kind.REST)
        return _said("added", session=_kind(day), day=day_name(day.date, today))
    key, sources = ("pushed", rest) if now.date > was.date else ("back", ())
    return _said(key, *sources, session=owned(was.date, was.kind, today), to=day_name(now.date, today))


def _other_kind(was: Week, now: Week, wish: Wished, today: dt.date) -> Iterator[Consequence]:
    """Days that stay, but are walked instead of run or the other way round."""
    wished = {*wish.moved, *wish.moved.values()}
    for then, there in zip(was.days, now.days, strict=True):
        if then.session is None or there.session is None or there.date in wished or then.meant != there.meant:
            continue
        if (then.kind is Kind.BACKWARD_WALK) != (there.kind is Kind.BACKWARD_WALK):
            yield _said("becomes", day=day_name(there.date, today), session=_kind(there))


def _kind(day: Day) -> str:
    return text_of(f"consequences.kind_{day.kind.value}")


# -- how much -----------------------------------------------------------------------------------------------------------


def _minutes(before: Programme, after: Programme, wish: Wished, today: dt.date) -> Iterator[Consequence]:
    """Minutes backward of the weeks that the wish touches, then of those after."""
    touched = {*wish.moved, *wish.moved.values()} | ({wish.left_out} if wish.left_out else set())
    pairs = list(zip(before.weeks, after.weeks, strict=False))
    near = [pair for pair in pairs if any(day.date in touched for day in pair[0].days)]
    for was, now in near:
        name = _week_name(was, today)
        same = _shown(was.reverse_s) == _shown(now.reverse_s)
        key = "week_stays" if same else "week_comes"
        yield _said(key, week=name, now=_shown(now.reverse_s), was=_shown(was.reverse_s))
    later = [pair for pair in pairs if pair not in near and pair[0].days[0].date > today]
    changed = [(was, now) for was, now in later if _shown(was.reverse_s) != _shown(now.reverse_s)]
    if not changed:
        if later:
            yield _said("later_same")
        return
    was, now = changed[0]
    yield _said("later", number=was.number, now=_shown(now.reverse_s), was=_shown(was.reverse_s))
    if len(changed) > 1 and changed[-1] == later[-1]:
        was, now = changed[-1]
        yield _said("last", number=was.number, now=_shown(now.reverse_s), was=_shown(was.reverse_s))


def _shown(seconds: float) -> str:
    return lasting(seconds) if seconds else text_of("consequences.nothing")


def _week_name(week: Week, today: dt.date) -> str:
    first = week.days[0].date
    ahead = (first - today).days
    if ahead <= 0:
        return text_of("consequences.this_week")
    return text_of("consequences.next_week") if ahead <= 7 else text_of("consequences.week").format(number=week.number)


# -- at home ------------------------------------------------------------------------------------------------------------


def _strength(before: Programme, after: Programme, today: dt.date, rules: Rules) -> Iterator[Consequence]:
    """Hard work at home that stands on other days, in the first week where it does."""
    for was, now in zip(before.weeks[:2], after.weeks[:2], strict=False):
        then, there = _hard(was, today), _hard(now, today)
        if then == there:
            continue
        sources = rules.rule(_HARD).sources
        if not there:
            yield _said("strength_off", *sources, days=days_named(then, today))
        else:
            yield _said("strength", *sources, days=days_named(there, today))
        return


def _hard(week: Week, today: dt.date) -> list[dt.date]:
    days = (day for day in week.days if day.date >= today)
    return [day.date for day in days if day.workout is not None and day.workout.hard_posterior]


# -- another plan -------------------------------------------------------------------------------------------------------


def of_another_plan(before: Programme, after: Programme, today: dt.date) -> tuple[Consequence, ...]:
    """What another goal, other days or another length of the plan lead to."""
    found = (
        *_next_session(before, after, today),
        *_usual_days(before, after, today),
        *_how_much(before, after),
        *_the_end(before, after),
        *_new_reasons(before, after),
    )
    return found or (_said("nothing_changes"),)


def _next_session(before: Programme, after: Programme, today: dt.date) -> Iterator[Consequence]:
    was, now = (next(iter(_coming(programme, today)), None) for programme in (before, after))
    if now is None or now.session is None:
        if was is not None:
            yield _said("no_next")
        return
    words = {"day": day_name(now.date, today), "asks": asks(now.session)}
    if was is None or was.session is None:
        yield _said("next", **words)
    elif (was.date, was.session) != (now.date, now.session):
        key = "next_other_day" if was.session == now.session else "next_instead"
        yield _said(key, **words, old_day=day_name(was.date, today), old=asks(was.session))


def _coming(programme: Programme, today: dt.date) -> list[Day]:
    return [day for date, day in _sessions(programme).items() if date >= today]


def _usual_days(before: Programme, after: Programme, today: dt.date) -> Iterator[Consequence]:
    was, now = _weekdays(before, today), _weekdays(after, today)
    if was != now and now:
        key = "weekdays" if was else "weekdays_new"
        yield _said(key, new=_weekday_words(now), old=_weekday_words(was))


def _weekdays(programme: Programme, today: dt.date) -> list[int]:
    """Weekdays that go backward in an ordinary week: the next one, where there is one."""
    whole = [week for week in programme.weeks if week.days[0].date > today] or list(programme.weeks[-1:])
    return sorted(day.date.weekday() for day in whole[0].days if day.session is not None) if whole else []


def _weekday_words(weekdays: Sequence[int]) -> str:
    monday = dt.date(2024, 1, 1)
    return listed(f"{monday + dt.timedelta(days=weekday):%A}" for weekday in weekdays)


def _how_much(before: Programme, after: Programme) -> Iterator[Consequence]:
    """Minutes backward in the first whole week and in the last."""
    for key, at in (("first_week", 1), ("last_week", -1)):
        was, now = _week_at(before, at), _week_at(after, at)
        if now is None or (key == "first_week" and now is after.weeks[-1]):
            continue
        if was is None or _shown(was.reverse_s) != _shown(now.reverse_s):
            old = _shown(was.reverse_s) if was else text_of("consequences.nothing")
            yield _said(key, number=now.number, now=_shown(now.reverse_s), was=old)


def _week_at(programme: Programme, at: int) -> Week | None:
    weeks = programme.weeks
    if not weeks:
        return None
    return weeks[min(at, len(weeks) - 1)]


def _the_end(before: Programme, after: Programme) -> Iterator[Consequence]:
    if not after.weeks:
        return
    was, now = (programme.weeks[-1].days[-1].date if programme.weeks else None for programme in (before, after))
    if was != now and now is not None:
        yield _said("ends", now=day_words(now), was=day_words(was) if was else "")


def _new_reasons(before: Programme, after: Programme) -> Iterator[Consequence]:
    said = {reason.text for reason in before.reasons}
    for reason in after.reasons:
        if reason.text not in said and reason.rule != "progression.due":  # the next session was told already
            yield Consequence(reason.text, reason.sources)
