"""Screening: who may run backward, where, and within which limits; with reasons.

Caution shows as limits, not as refusals; only red flags refuse, and say whom to see. Everything found narrows what is left
of everything (see `findings`), so one more caution never allows more, and what nobody said counts as doubtful.
"""

import datetime as dt
import enum
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from retropace.errors import UnusableInput, require_within
from retropace.findings import Effect, Finding, Left, find, strongest_first, together, told
from retropace.findings import Level as Level
from retropace.home_tests import every_gate_green, findings_of_tests, undone
from retropace.home_tests import require_plausible as require_plausible_tests
from retropace.log import LogEntry, Where
from retropace.place import Place, Surface, Watcher
from retropace.quantities import QUANTITIES
from retropace.rules import Reason, Rules, rules_on
from retropace.rules.questionnaire import HomeTest, Question, questions, stop_signs
from retropace.surroundings import Ground, Stretch, belt, glance_there_s, ground, looked_after, room, stretch


class Group(enum.StrEnum):
    """Whom a programme is made for."""

    BEGINNER = "beginner"
    ATHLETE = "athlete"  # runs forward at least three times a week
    OLDER = "older"
    REHABILITATION = "rehabilitation"
    YOUTH = "youth"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person answered; None, or no entry, where they did not.

    `health` maps the keys of the health questions to yes or no, `tests` the keys of the home tests to what was measured
    (see rules/questions.toml and rules/home_tests.toml). `ordinary_runs_per_week` are forward runs.
    """

    day: dt.date
    age_years: float | None = None
    sex: str | None = None
    pregnant: bool | None = None
    active: bool | None = None
    ordinary_runs_per_week: float | None = None
    knee_rehabilitation: bool | None = None
    health: Mapping[str, bool] = field(default_factory=dict)
    tests: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """What nobody's goal can switch off.

    `watchers`: any one of these must look out (NOBODY among them: none is needed). `start_low`: begin at the short end.
    `treadmill_kmh` is None where no treadmill may be used; `treadmill_run` whether slow reverse jogging on it may be.
    `longest_bout_s` holds at every speed up to the place's own; 0 says that the place is too short for any stretch.
    `glance_every_s` is for `speed_mps`; slower looks may be rarer, never with more metres between them.
    `clear_run_m` is the straight without its run-off, None where it has no end; `first_weeks_mps` caps the first weeks.
    """

    backward_run: bool
    speed_mps: float
    longest_bout_s: float
    glance_every_s: float
    watchers: tuple[Watcher, ...]
    start_low: bool
    treadmill_kmh: float | None
    treadmill_run: bool
    clear_run_m: float | None = None
    first_weeks_mps: float = math.inf

    def bout_at(self, speed_mps: float, rules: Rules) -> float:
        """The longest stretch in one go [s] at `speed_mps`: slower may go on for longer on the same way."""
        longest_s = rules.number("place.longest_bout") if self.speed_mps > 0 else 0.0
        if self.clear_run_m is None or speed_mps <= 0:
            return longest_s
        return min(longest_s, self.clear_run_m / speed_mps)


@dataclass(frozen=True, slots=True)
class Clearance:
    """The answer of a screening. `see` says whom to see first, where the level is NOT_NOW."""

    level: Level
    group: Group
    limits: Limits
    reasons: tuple[Reason, ...]
    screened: dt.date
    valid_until: dt.date
    see: str | None = None


#: Answers that are fields of `Answers`; the other questions are answered in `health`.
_FIELDS = frozenset({"age_years", "sex", "pregnant", "active", "ordinary_runs_per_week", "knee_rehabilitation"})
_AGREES = "clinician_agrees"
#: Nobody runs more often [times a week].
MOST_RUNS = 50


def screen(answers: Answers, place: Place, rules: Rules) -> Clearance:
    """What somebody with `answers` may do at `place`, under the rules of a day, and why: what decides comes first.

    >>> day = dt.date(2026, 11, 22)
    >>> screen(Answers(day, health={"chest_pain": True}), Place(), rules_on(day)).level.value
    'not_now'
    """
    person = strongest_first(_person(answers, rules))
    if person and person[0].effect is Effect.NOT_NOW:
        return _refused(answers, person, rules)
    here = ground(place, rules)
    findings = found(answers, place, rules)
    left = together(findings, rules)
    if left.level is Level.RUN:
        findings = (*findings, find(rules, "screening.first_day", Effect.NOTE))
    if place.surface is Surface.TREADMILL and not left.treadmill:
        here = replace(here, clear_run_m=0.0)
    fit = stretch(here.clear_run_m, left.level, rules)
    limits = _limits(left, fit, here, place, rules)
    why = [reason for reason in _why(limits, left, fit, place, rules) if reason is not None]
    until, when = _valid(
        answers, person, "valid_limited" if together(person, rules).start_low else "valid_clean", rules
    )
    decisive = [f.reason for f in findings if f.effect is not Effect.NOTE]
    notes = [f.reason for f in findings if f.effect is Effect.NOTE]
    reasons = _each_once((*decisive, *why, *notes, when))
    return Clearance(left.level, group_of(answers, rules), limits, reasons, answers.day, until)


def found(answers: Answers, place: Place, rules: Rules) -> tuple[Finding, ...]:
    """Everything a screening finds about person and place, strongest first: what its limits rest on."""
    return strongest_first((*strongest_first(_person(answers, rules)), *ground(place, rules).findings))


def group_of(answers: Answers, rules: Rules) -> Group:
    """Whom the programme is made for. Treatment comes before age, and age before fitness."""
    age, runs = _age(answers), answers.ordinary_runs_per_week
    if answers.knee_rehabilitation:
        return Group.REHABILITATION
    if age is not None and age < rules.number("screening.youth"):
        return Group.YOUTH
    if age is not None and age >= rules.number("screening.older"):
        return Group.OLDER
    if runs is not None and runs >= rules.number("screening.athlete"):
        return Group.ATHLETE
    return Group.BEGINNER


def unanswered(answers: Answers, *, short: bool = False) -> tuple[Question | HomeTest, ...]:
    """The questions and home tests still open, red flags first; `short` only what decides whether somebody may at all."""
    rules = rules_on(answers.day)
    asked = [q for q in questions(rules.on).values() if concerns(q, answers) and said(q, answers) is None]
    flags = [q for q in asked if q.see or q.key in ("age_years", "sex", _AGREES)]
    if short:
        return tuple(flags)
    older = (_age(answers) or 0) >= rules.number("screening.older")
    return (*flags, *(q for q in asked if q not in flags), *undone(answers.tests, rules, extra=older))


def said(question: Question, answers: Answers) -> object | None:
    """What was answered to `question`, None where nothing was."""
    if question.key in _FIELDS:
        answer: object | None = getattr(answers, question.key)
        return None if isinstance(answer, float) and math.isnan(answer) else answer
    return answers.health.get(question.key)


def with_answer(answers: Answers, question: Question, answer: object | None) -> Answers:
    """`answers` with this one given, or with None left open."""
    if question.key in _FIELDS:
        changed: dict[str, Any] = {question.key: answer}
        return replace(answers, **changed)
    health = {key: yes for key, yes in answers.health.items() if key != question.key}
    return replace(answers, health=health if answer is None else {**health, question.key: bool(answer)})


def concerns(question: Question, answers: Answers) -> bool:
    """Whether to ask somebody at all; whether a clinician agrees only after a yes that it could change."""
    if question.key == _AGREES:
        return any(q.agreed and answers.health.get(key) for key, q in questions(answers.day).items())
    return question.concerns(_age(answers), answers.sex)


def require_plausible(answers: Answers, file: str | None = None) -> None:
    """Raise UnusableInput for an age or a figure that nobody has, or an answer to what we never asked."""
    age = QUANTITIES["age_years"]
    require_within(answers.age_years, age.low, age.high, "answers.age_years", file)
    require_within(answers.ordinary_runs_per_week, 0, MOST_RUNS, "answers.ordinary_runs_per_week", file)
    if answers.sex not in (None, "female", "male"):
        what = f"{answers.sex!r} is not one of the answers"
        raise UnusableInput(what, file=file, field="answers.sex", remedy="Use: female, male.")
    asked = [key for key in questions(answers.day) if key not in _FIELDS]
    for key in answers.health:
        if key not in asked:
            remedy = f"Known: {', '.join(asked)}."
            raise UnusableInput(f"{key!r} is not asked", file=file, field="answers.health", remedy=remedy)
    require_plausible_tests(answers.tests, answers.day, file)


def due(clearance: Clearance, today: dt.date, log: Sequence[LogEntry]) -> tuple[Reason, ...]:
    """Why the questions should be answered again; empty while the clearance holds.

    By date, and after a fall, dizziness, a sign to stop or a new pain on the day of the screening or later.
    """
    rules = rules_on(today)
    since = [entry for entry in log if clearance.screened <= entry.day <= today]
    kinds = {kind: entry.day for entry in since for kind in _events(entry, rules)}
    reasons = [told(rules, f"screening.rescreen_{kind}", day=day.isoformat()) for kind, day in kinds.items()]
    reasons += _new_pain(clearance, today, log, rules)
    if today >= clearance.valid_until:
        reasons.append(told(rules, "screening.rescreen_date", until=clearance.valid_until.isoformat()))
    return tuple(reasons)


def _person(answers: Answers, rules: Rules) -> tuple[Finding, ...]:
    """Everything found about the person: answers, age, habits, home tests."""
    health = tuple(_health(answers, rules))
    tests = findings_of_tests(answers.tests, _age(answers), rules)
    green = not any(f.effect is not Effect.NOTE for f in health)
    green = green and _active(answers, rules) and every_gate_green(answers.tests, _age(answers), rules)
    return (*health, *_of_age(answers, rules, green=green), *_habits(answers, rules), *tests)


def _health(answers: Answers, rules: Rules) -> Iterator[Finding]:
    """The health questions: every yes, and once what was left open."""
    asked = [q for q in questions(rules.on).values() if _is_health(q)]
    for question in asked:
        if said(question, answers):
            yield _yes(question, answers, rules)
    still_open = [q for q in asked if said(q, answers) is None and q.concerns(_age(answers), answers.sex)]
    for key, flags in (("unanswered", True), ("cautions_open", False)):
        names = [question.key for question in still_open if bool(question.see) is flags]
        if names:
            yield find(rules, f"screening.{key}", open=", ".join(names))


def _yes(question: Question, answers: Answers, rules: Rules) -> Finding:
    """What a yes leads to: less where a clinician agreed, more where an inactive body makes it so."""
    key = f"screening.{question.key}"
    if question.agreed and answers.health.get(_AGREES):
        agreed = f"{key}_agreed" if f"{key}_agreed" in rules.by_key else "screening.clinician_agreed"
        return find(rules, agreed, condition=question.key)
    if f"{key}_inactive" in rules.by_key and not _active(answers, rules):
        key = f"{key}_inactive"
    return replace(find(rules, key), see=question.see, again_days=question.again_days)


def _of_age(answers: Answers, rules: Rules, *, green: bool) -> Iterator[Finding]:
    """What age decides. `green`: every gate of the home tests is green and there is no caution."""
    age = _age(answers)
    person = frozenset({Watcher.SPOTTER})
    if age is None:
        yield find(rules, "screening.age_unknown")
    elif age < rules.number("screening.under_13"):
        walks = find(rules, "screening.under_13", Effect.WALK, age_years=age)
        yield replace(walks, watchers=person, treadmill=False)
    elif age < rules.number("screening.youth"):
        yield find(rules, "screening.youth", Effect.SPOTTER, age_years=age)
    elif age >= rules.number("screening.older") and green:
        at_hand = person | {Watcher.RAIL}
        yield replace(find(rules, "screening.older_green", Effect.GENTLE, age_years=age), watchers=at_hand)
    elif age >= rules.number("screening.older"):
        yield find(rules, "screening.older", Effect.CAREFUL, age_years=age)


def _habits(answers: Answers, rules: Rules) -> Iterator[Finding]:
    runs = answers.ordinary_runs_per_week
    if answers.knee_rehabilitation:
        yield find(rules, "screening.rehabilitation")
    if not _active(answers, rules):
        yield find(rules, "screening.inactive")
    elif group_of(answers, rules) is Group.ATHLETE and runs is not None:
        yield find(rules, "screening.athlete", Effect.NOTE, runs_per_week=runs)


def _limits(left: Left, fit: Stretch, here: Ground, place: Place, rules: Rules) -> Limits:
    runs = left.level is Level.RUN
    watchers = left.watchers - {Watcher.RAIL} if runs else left.watchers
    kmh = belt(left.level, left.speed_mps, place, rules)[0] if left.treadmill else None
    belt_mps = (kmh or 0.0) / 3.6 if place.surface is Surface.TREADMILL else math.inf
    speed_mps = min(left.speed_mps, fit.speed_mps, belt_mps)
    return Limits(
        backward_run=runs,
        speed_mps=speed_mps,
        longest_bout_s=fit.bout_s,
        glance_every_s=glance_there_s(place, here.clear_run_m, speed_mps, rules),
        watchers=tuple(kind for kind in Watcher if kind in watchers),
        start_low=left.start_low,
        treadmill_kmh=kmh,
        treadmill_run=runs and here.belt_run,
        clear_run_m=here.clear_run_m,
        first_weeks_mps=rules.numbers("screening.first_weeks")[0],
    )


def _why(limits: Limits, left: Left, fit: Stretch, place: Place, rules: Rules) -> Iterator[Reason | None]:
    """A reason for each number of the limits, where one is needed; what a treadmill allows comes first on one, else last."""
    on_belt = place.surface is Surface.TREADMILL
    yield looked_after(place.watcher, frozenset(limits.watchers), rules)
    yield _belt_reason(limits, left, place, rules) if on_belt else _speed_reason(left, fit, limits.speed_mps, rules)
    yield room(place, limits.clear_run_m, limits.longest_bout_s, limits.speed_mps, rules)
    if limits.backward_run and limits.start_low:
        yield told(rules, "screening.start_low")
    if not on_belt and limits.longest_bout_s > 0:
        yield told(rules, "place.glance", glance_s=limits.glance_every_s)
    if limits.speed_mps > limits.first_weeks_mps:
        yield told(rules, "screening.first_weeks", speed_mps=limits.first_weeks_mps)
    yield _belt_reason(limits, left, place, rules)


def _belt_reason(limits: Limits, left: Left, place: Place, rules: Rules) -> Reason | None:
    if limits.treadmill_kmh is None:
        return None
    return told(rules, belt(left.level, left.speed_mps, place, rules)[1], kmh=limits.treadmill_kmh)


def _speed_reason(left: Left, fit: Stretch, speed_mps: float, rules: Rules) -> Reason:
    rule = fit.slowed_by if fit.slowed_by and fit.speed_mps < left.speed_mps else left.speed_rule
    return told(rules, rule, speed_mps=speed_mps, bout_s=fit.bout_s)


def _refused(answers: Answers, person: Sequence[Finding], rules: Rules) -> Clearance:
    """Not now: only the red flags speak, and say whom to see."""
    flags = [finding for finding in person if finding.effect is Effect.NOT_NOW]
    until, when = _valid(answers, flags, "valid_refused", rules)
    see = "; ".join(dict.fromkeys(flag.see for flag in flags if flag.see))
    limits = Limits(
        backward_run=False,
        speed_mps=0.0,
        longest_bout_s=0.0,
        glance_every_s=0.0,
        watchers=(Watcher.SPOTTER,),
        start_low=True,
        treadmill_kmh=None,
        treadmill_run=False,
        clear_run_m=0.0,
        first_weeks_mps=0.0,
    )
    reasons = (*(flag.reason for flag in flags), when)
    return Clearance(Level.NOT_NOW, group_of(answers, rules), limits, reasons, answers.day, until, see)


def _each_once(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """`reasons` without repeating a sentence, such as that of two illnesses that a clinician agreed to."""
    first: dict[str, Reason] = {}
    for reason in reasons:
        first.setdefault(reason.text, reason)
    return tuple(first.values())


def _valid(answers: Answers, findings: Sequence[Finding], name: str, rules: Rules) -> tuple[dt.date, Reason]:
    """Until when the clearance holds: as long as the rule `name` says, or until something asks for it sooner."""
    key = f"screening.{name}"
    days = min([rules.number(key), *(f.again_days for f in findings if f.again_days is not None)])
    until = answers.day + dt.timedelta(days=days)
    words = rules.rule(key).says.format(until=f"{until.day} {until:%B %Y}")
    return until, rules.reason(key, words, until=until.isoformat())


def _events(entry: LogEntry, rules: Rules) -> Iterator[str]:
    """What in a log entry asks the questions again: fall, dizzy, sign, strong_pain."""
    signs = stop_signs(rules.on)
    if entry.falls > 0:
        yield "fall"
    for flag in entry.red_flags:
        yield signs[flag].rescreen if flag in signs else "sign"
    pains = (*entry.pain_during.values(), *entry.pain_hour.values(), *entry.pain_morning.values())
    if any(pain > rules.number("screening.rescreen_strong_pain") for pain in pains):
        yield "strong_pain"


def _new_pain(clearance: Clearance, today: dt.date, log: Sequence[LogEntry], rules: Rules) -> list[Reason]:
    """A pain that was still there next morning, in a place that had none before."""
    edge = rules.number("screening.rescreen_pain")
    hurt_before: set[Where] = set()
    for entry in sorted(log, key=lambda entry: entry.day):
        lasting = {where for where, pain in entry.pain_morning.items() if pain > edge}
        new = sorted(lasting - hurt_before)
        if new and clearance.screened <= entry.day <= today:
            part, side = new[0]
            return [told(rules, "screening.rescreen_pain", day=entry.day.isoformat(), part=str(part), side=str(side))]
        hurt_before |= lasting
    return []


def _is_health(question: Question) -> bool:
    return question.key == "pregnant" or question.key not in (*_FIELDS, _AGREES)


def _age(answers: Answers) -> float | None:
    return None if answers.age_years is None or math.isnan(answers.age_years) else answers.age_years


def _active(answers: Answers, rules: Rules) -> bool:
    """Whether the body is used to training; who runs often enough is, unless they say otherwise."""
    if answers.active is not None:
        return answers.active
    runs = answers.ordinary_runs_per_week
    return runs is not None and runs >= rules.number("screening.athlete")
