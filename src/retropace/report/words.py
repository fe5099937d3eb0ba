"""Words: what the printed page says. English; nothing that was not told, measured or decided."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from retropace.claims import open_questions
from retropace.findings import Level
from retropace.home_tests import undone
from retropace.person import Person
from retropace.progress import Decided, HomeSeries, Known, Progress, pains
from retropace.progression import Decision
from retropace.quantities import Gait, System
from retropace.report.cited import Cited
from retropace.rules import Rules
from retropace.saying import listed
from retropace.screening import Clearance, Group
from retropace.situation import Situation
from retropace.store import Screened
from retropace.views.bodymap import place_name
from retropace.views.figures import clock, moment
from retropace.writers.wording import goal_words, level_words, limit_words

NOTHING_YET = (
    "Nothing was screened, recorded or told yet. After the first session this page shows what was done, how it felt, what "
    "the plan changed and why."
)
SIMULATED = "Simulated: nobody ran this. The page shows what a real one looks like."
_GROUPS = {
    Group.BEGINNER: "beginner",
    Group.ATHLETE: "athlete",
    Group.OLDER: "older adult",
    Group.REHABILITATION: "in rehabilitation",
    Group.YOUTH: "youth",
}
_DECISIONS = {
    Decision.ADVANCE: "more",
    Decision.HOLD: "the same",
    Decision.CUT: "less",
    Decision.STOP: "stop",
    Decision.REFER: "see somebody",
}
#: So many changes fit the page; stops and referrals come before all others.
_MOST_CHANGES = 6
_MOST_UNKNOWN = 6


def day(date: dt.date) -> str:
    """A day with its year.

    >>> day(dt.date(2026, 11, 22))
    '22 November 2026'
    """
    return f"{date.day} {date:%B %Y}"


def short(date: dt.date) -> str:
    """A day without its year: "22 Nov"."""
    return f"{date.day} {date:%b}"


def dated(date: dt.date, today: dt.date) -> str:
    """A day, with its year where that is another one."""
    return short(date) if date.year == today.year else f"{short(date)} {date.year}"


def title(name: str) -> str:
    """The page's title."""
    return f"Backward running: {name}" if name else "Backward running"


def about(
    screened: Screened | None, person: Person, clearance: Clearance | None, here: Situation | None, found: Progress
) -> str:
    """Who and when, in one line."""
    age = person.age_years if screened is None or screened.answers.age_years is None else screened.answers.age_years
    sex = person.sex if screened is None else screened.answers.sex or person.sex
    days = [d.day for d in found.days] + [entry.day for entry in found.entries]
    parts = (
        f"{age:g} years" if age is not None else "",
        sex or "",
        "" if clearance is None else _GROUPS[clearance.group],
        "" if here is None else goal_words(here.wanted.goal),
        f"{day(min(days))} to {day(found.today)}" if days else f"until {day(found.today)}",
    )
    return " · ".join(part for part in parts if part)


# -- in short -----------------------------------------------------------------------------------------------------------


def facts(found: Progress) -> list[tuple[str, str]]:
    """At most six figures with the words under them; none before the first session."""
    if not found.days and not found.entries:
        return []
    known_s = [d.reverse_s for d in found.days if d.reverse_s is not None]
    past = [week for week in found.weeks if not week.ahead]
    number = len(found.days)
    facts_told = [
        (
            str(number),
            f"{'session' if number == 1 else 'sessions'} in {len(past)} {'week' if len(past) == 1 else 'weeks'}",
        ),
        (moment(sum(known_s)), "backward in all" + _not_measured(found)),
        *_longest(found),
        *_pain(found),
        *_sore(found),
    ]
    falls, stumbles = sum(e.falls for e in found.entries), sum(e.stumbles for e in found.entries)
    if found.entries:
        facts_told.append((f"{falls} · {stumbles}", "falls · stumbles told"))
    return facts_told[:6]


def _not_measured(found: Progress) -> str:
    told = sum(d.known is not Known.RECORDED for d in found.days)
    return f", {told} by word" if told else ""


def _longest(found: Progress) -> list[tuple[str, str]]:
    for gait, words in ((Gait.RUN, "longest run in one go"), (Gait.WALK, "longest walk in one go")):
        points = found.longest[gait]
        if points:
            return [(clock(max(point.value for point in points)), words)]
    return []


def _pain(found: Progress) -> list[tuple[str, str]]:
    told = [v for p in pains(found.entries) for v in (p.during, p.hour, p.morning) if v is not None]
    return [(f"{max(told):g} of 10", "worst pain told")] if told else [("not told", "pain")] if found.entries else []


def _sore(found: Progress) -> list[tuple[str, str]]:
    if not found.soreness:
        return []
    worst = found.soreness[0]
    return [(f"{worst.worst:g} → {worst.worst_of(worst.answered[-1]):g}", f"soreness {place_name(worst.where)}, of 10")]


# -- cleared ------------------------------------------------------------------------------------------------------------


def cleared(clearance: Clearance | None, here: Situation | None, system: System) -> dict[str, Any] | None:
    """What the screening allows, within which limits and until when, and what is planned next."""
    if clearance is None:
        return None
    limits = () if clearance.level is Level.NOT_NOW else limit_words(clearance.limits, system)
    see = (("First see", clearance.see),) if clearance.see else ()
    until = ("Valid", f"{short(clearance.screened)} to {day(clearance.valid_until)}, or a fall or new pain")
    decisive = [r.text for r in clearance.reasons if r.rule != "screening.tests_green"][:2]
    return {
        "level": level_words(clearance.level),
        "limits": [*see, *limits, until],
        "why": " ".join(decisive),
        "next": _next(here),
    }


def _next(here: Situation | None) -> str:
    if here is None:
        return "Nothing backward is planned at present."
    if here.following.session is None or here.following.day is None:
        return " ".join(reason.text for reason in here.following.reasons[:2])
    reason = here.following.reasons[0].text if here.following.reasons else here.following.session.name
    return f"{here.following.day:%A} {short(here.following.day)}. {reason}"


# -- what changed -------------------------------------------------------------------------------------------------------


def changes(found: Progress, cited: Cited) -> list[dict[str, str]]:
    """What entries of the log changed: day, decision, what was said and why, newest last."""
    told = [one for one in found.decisions if _changes(one)]
    fresh = [one for n, one in enumerate(told) if n == 0 or one.what.text != told[n - 1].what.text]
    weighty = [one for one in fresh if one.decision in (Decision.STOP, Decision.REFER)]
    others = [one for one in fresh if one not in weighty]
    room = max(0, _MOST_CHANGES - len(weighty))
    chosen = sorted([*weighty[-_MOST_CHANGES:], *(others[-room:] if room else [])], key=lambda one: one.day)
    return [_change(one, cited) for one in chosen]


def _changes(one: Decided) -> bool:
    return one.decision is not Decision.HOLD or bool(one.why) or "deload" in one.what.rule


def _change(one: Decided, cited: Cited) -> dict[str, str]:
    why = one.why[0] if one.why else one.what
    told = one.what.text if not one.why else f"{_first_sentence(one.what.text)} {why.text}"
    return {
        "day": short(one.day),
        "decision": _DECISIONS[one.decision],
        "text": told,
        "sources": cited.mark((*one.what.sources, *why.sources)),
    }


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].removesuffix(".") + "."


# -- home tests ---------------------------------------------------------------------------------------------------------


def tests(found: Progress, rules: Rules, cited: Cited) -> dict[str, Any] | None:
    """Each home test: first and last figures, and from where on it sets no limit."""
    if not found.tests:
        return None
    days = sorted({d.day for series in found.tests for d in series.days})
    return {
        "head": ("", dated(days[0], found.today), dated(days[-1], found.today) if len(days) > 1 else "", "no limit"),
        "rows": [_test(series, rules, cited, (days[0], days[-1])) for series in found.tests],
    }


def _test(series: HomeSeries, rules: Rules, cited: Cited, days: tuple[dt.date, dt.date]) -> tuple[str, ...]:
    unit = {"s": " s", "degrees": "°"}.get(series.test.unit, "")
    by_day = {d.day: d.figures for d in series.days}
    first, last = (_sides(series, by_day.get(d), unit) for d in days)
    edge = ""
    if series.edge is not None:
        rule = rules.rule(series.edge.rule)
        word = "up to" if series.test.better == "low" else "from"
        edge = f"{word} {rules.number(series.edge.rule):g}{unit} {cited.mark(rule.sources)}"
    return (series.test.name, first, last if days[0] != days[1] else "", edge)


def _sides(series: HomeSeries, figures: Any, unit: str) -> str:
    if not figures:
        return "–"
    told = [f"{figures[name]:g}" if name in figures else "–" for name in series.test.measures]
    return (f"L {told[0]} · R {told[1]}" if len(told) == 2 else told[0]) + unit


# -- what is unknown ----------------------------------------------------------------------------------------------------


def unknowns(
    found: Progress, clearance: Clearance | None, screened: Screened | None, person: Person, rules: Rules
) -> list[str]:
    """What a reader would want to know and does not learn here."""
    told = [
        *_direction(found),
        *_answers(found),
        *_tests_open(screened, rules),
        *_body(person, found),
        *_nobody_knows(clearance),
    ]
    return told[:_MOST_UNKNOWN]


def _direction(found: Progress) -> list[str]:
    past = [week for week in found.weeks if not week.ahead]
    unknown_s, unmeasured = sum(w.unknown_s for w in past), sum(w.unmeasured for w in past)
    said = [f"Direction of {moment(unknown_s)} of recordings: not counted."] if unknown_s >= 60 else []
    if unmeasured:
        said.append(f"How long {unmeasured} of the sessions went backward: nobody said.")
    if any(week.planned_s is None for week in past):
        said.append("What was planned in some weeks: no plan is known of them.")
    return said


def _answers(found: Progress) -> list[str]:
    done = [entry for entry in found.entries if entry.done != "not"]
    asked = (
        ("pain_during", "pain during"),
        ("pain_morning", "pain next morning"),
        ("soreness_24h", "soreness next day"),
    )
    missing = [f"{words} after {count}" for name, words in asked if (count := sum(not e.answered(name) for e in done))]
    return [f"Not told: {listed(missing)} of {len(done)} sessions."] if missing else []


def _tests_open(screened: Screened | None, rules: Rules) -> list[str]:
    if screened is None:
        return ["Health questions and home tests: no screening yet."]
    names = [test.name.lower() for test in undone(screened.answers.tests, rules)]
    return [f"Home tests not done: {listed(names)}."] if names else []


def _body(person: Person, found: Progress) -> list[str]:
    said = [] if person.mass_kg is not None else ["Body mass, and with it energy in kcal."]
    if found.days and not any(economy.points for economy in found.heart.values()):
        said.append("Heart rate at one speed: too few long stretches with a sensor.")
    return said


def _nobody_knows(clearance: Clearance | None) -> list[str]:
    """What no study tells, where it concerns this person."""
    wanted = ("knee_patients", "falls") if clearance and clearance.group is Group.REHABILITATION else ("falls",)
    return [f"{q.question} {_first_sentence(q.instead)}" for key in wanted for q in open_questions() if q.key == key]


def withheld(shows: frozenset[str]) -> str | None:
    """What was not shared, in a sentence."""
    names = {"log": "the log", "screening": "the screening", "sessions": "single sessions"}
    missing: Sequence[str] = [words for key, words in names.items() if key not in shows]
    return f"Not shared: {listed(missing)}." if missing else None
