"""Attention: who of many people needs somebody's eye today, and why, from what each of them shares and nothing else."""

import datetime as dt
import enum
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from retropace.errors import UnusableInput
from retropace.findings import Level
from retropace.log import LogEntry, Where
from retropace.progression import Decision, replay
from retropace.rules import Rules, rules_on
from retropace.screening import Clearance, screen
from retropace.store import Told, Wanted

#: Pain told within so many days still matters today; after as many days without a word somebody should ask.
PAIN_DAYS, SILENT_DAYS = 7, 7


class Alert(enum.StrEnum):
    """Why somebody needs an eye, the most urgent first."""

    REFERRED = "referred"  # a sign that a clinician should see
    STOPPED = "stopped"  # no reverse session until something has settled
    NOT_NOW = "not now"  # the screening says so
    PAIN = "pain"  # above what a session may leave
    SCREENING = "screening"  # ran out, or never done
    UNREADABLE = "unreadable"  # what they told cannot be read any more
    SILENT = "silent"  # nothing told for days


@dataclass(frozen=True, slots=True)
class Attention:
    """One reason. `day` is since when, None where it never was; pain has its place and value of 10."""

    alert: Alert
    day: dt.date | None = None
    where: Where | None = None
    value: float | None = None


def attention(store: Told, today: dt.date, shares: Collection[str]) -> tuple[Attention, ...]:
    """Why the person of `store` needs an eye on `today`, the most urgent first; empty where nothing is amiss.

    `shares` are what they let somebody see: plan, log, sessions, progress, screening. What is not shared gives no reason.
    """
    rules = rules_on(today)
    screenings = store.screenings()
    clearances = [screen(one.answers, one.place, rules_on(one.answers.day)) for one in screenings]
    wanted = store.wanted()
    log = [entry for entry in store.log() if entry.day <= today]
    found: list[Attention] = []
    if {"plan", "log"} & set(shares) and clearances and wanted is not None:
        found += _halted(log, wanted, clearances, rules, today)
    if "screening" in shares:
        found += _screening(clearances, today)
    if "log" in shares:
        found += [*_pain(log, rules, today), *_silence(log, wanted, today)]
    return tuple(sorted(found, key=lambda one: list(Alert).index(one.alert)))


def _halted(
    log: Sequence[LogEntry], wanted: Wanted, clearances: Sequence[Clearance], rules: Rules, today: dt.date
) -> Iterator[Attention]:
    if clearances[-1].level is Level.NOT_NOW or today >= clearances[-1].valid_until:
        return  # the screening itself says so
    if not any(may_halt(entry, rules) for entry in log):
        return  # the whole log need not be lived through again for that
    try:
        following = replay(log, wanted.goal, clearances, rules, today, began=wanted.calendar.start)
    except UnusableInput:
        return
    kinds = {Decision.REFER: Alert.REFERRED, Decision.STOP: Alert.STOPPED}
    if following.decision in kinds:
        yield Attention(kinds[following.decision], following.state.since)


def may_halt(entry: LogEntry, rules: Rules) -> bool:
    """Whether an entry holds anything that ever stops or refers somebody, whatever came before it."""
    limit = rules.number("progression.pain_stop")
    pains = (entry.pain_during, entry.pain_hour, entry.pain_morning)
    return bool(entry.red_flags) or entry.falls > 0 or any(value > limit for told in pains for value in told.values())


def _screening(clearances: Sequence[Clearance], today: dt.date) -> Iterator[Attention]:
    if not clearances:
        yield Attention(Alert.SCREENING)
    elif clearances[-1].level is Level.NOT_NOW:
        yield Attention(Alert.NOT_NOW, clearances[-1].screened)
    elif today >= clearances[-1].valid_until:
        yield Attention(Alert.SCREENING, clearances[-1].valid_until)


def _pain(log: Sequence[LogEntry], rules: Rules, today: dt.date) -> Iterator[Attention]:
    """The worst pain of the last entry, where it asks for less than before."""
    if not log or (today - log[-1].day).days > PAIN_DAYS:
        return
    last, worst = log[-1], list[tuple[float, Where]]()
    cut, hour, morning = (rules.number(f"progression.pain_{name}") for name in ("cut", "hour", "morning"))
    worst += [(value, where) for where, value in last.pain_during.items() if value >= cut]
    worst += [(value, where) for where, value in last.pain_hour.items() if value > hour]
    worst += [(value, where) for where, value in last.pain_morning.items() if value > morning]
    if worst:
        value, where = max(worst)
        yield Attention(Alert.PAIN, last.day, where, value)


def _silence(log: Sequence[LogEntry], wanted: Wanted | None, today: dt.date) -> Iterator[Attention]:
    """Days without a word while a programme runs."""
    if wanted is None:
        return
    begun, over = wanted.calendar.start, wanted.calendar.start + dt.timedelta(weeks=wanted.calendar.weeks)
    last = max([begun, *(entry.day for entry in log)])
    if begun <= today < over and (today - last).days >= SILENT_DAYS:
        yield Attention(Alert.SILENT, log[-1].day if log else None)
