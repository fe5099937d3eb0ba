"""Telling: a log entry as the fields of a form, and back."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from retropace.errors import UnusableInput
from retropace.log import Done, LogEntry, Part, Side, Where, require_plausible
from retropace.rules.questionnaire import StopSign, stop_signs
from retropace.store.records import BY_PART
from retropace.views.bodymap import SIDES, SPOTS
from retropace.web.language import say
from retropace.web.measured import Measured
from retropace.web.visit import Visit

#: The longest notes [characters].
LONGEST_NOTES = 2000
#: Before the name of a field that asks again of a place that was sore: the row beside the body.
QUICK = "quick"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question by body part: the field of an entry, its scale, and from how many days after the session it is asked."""

    name: str
    scale: str
    from_days: int
    asks: Callable[[int], str]


#: In the order in which they are asked. `asks` is told how many days ago the session was.
QUESTIONS = (
    Asked("pain_during", "pain", 0, lambda _: say("Did anything hurt while you moved?")),
    Asked("pain_hour", "pain", 0, lambda _: say("Did anything still hurt within the hour after?")),
    Asked(
        "pain_morning",
        "pain",
        1,
        lambda ago: say("Does anything hurt this morning?") if ago == 1 else say("Did anything hurt the next morning?"),
    ),
    Asked(
        "soreness_24h",
        "soreness",
        1,
        lambda ago: say("Are your muscles sore today?") if ago == 1 else say("Were your muscles sore the next day?"),
    ),
    Asked(
        "soreness_48h",
        "soreness",
        2,
        lambda ago: (
            say("Are your muscles sore today?") if ago == 2 else say("Were your muscles still sore two days after?")
        ),
    ),
)


def questions_after(days: int) -> tuple[Asked, ...]:
    """The questions by body part that can be answered so many days after a session."""
    return tuple(question for question in QUESTIONS if days >= question.from_days)


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the fields of a form: from an entry, or as somebody typed it."""

    fields: Mapping[str, Sequence[str]]

    def value(self, name: str) -> str:
        """The value of a field, "" where it is empty."""
        return next(iter(self.fields.get(name, ())), "")

    def chosen(self, name: str, value: str) -> bool:
        """Whether a choice is made."""
        return value in self.fields.get(name, ())

    def places(self, name: str) -> dict[Where, float]:
        """What stands in the fields of a question by body part, as far as it is a number from 0 to 10."""
        found = {}
        for part, side in every_place():
            try:
                value = float(self.value(field_of(name, (part, side))).replace(",", "."))
            except ValueError:
                continue
            if 0 < value <= 10:
                found[part, side] = value
        return found


def every_place() -> Iterable[tuple[Part, Side]]:
    """Every part on each side, from the head down."""
    return ((spot.part, side) for spot in SPOTS for side in SIDES)


def field_of(name: str, where: Where) -> str:
    """The field that holds a number for a body part: "pain_during.calf.left"."""
    return f"{name}.{where[0]}.{where[1]}"


# -- an entry as a form -------------------------------------------------------------------------------------------------


def filled(entry: LogEntry) -> Filled:
    """The form as an entry fills it."""
    minutes, seconds = ("", "") if entry.reverse_s is None else _clock(entry.reverse_s)
    plain = {
        "done": str(entry.done),
        "alarm": "yes" if entry.red_flags else "no",
        "effort": _number(entry.effort),
        "neck_strain": _number(entry.neck_strain),
        "stumbles": str(entry.stumbles),
        "falls": str(entry.falls),
        "sleep_hours": _number(entry.sleep_hours),
        "notes": entry.notes,
        "reverse_min": minutes,
        "reverse_sec": seconds,
        "walked": "yes" if entry.backward_walk else "",
    }
    fields = {name: (value,) for name, value in plain.items() if value}
    fields["red_flags"] = entry.red_flags  # type: ignore[assignment]
    for name in BY_PART:
        fields |= _place_fields(entry, name)
    return Filled(fields)


def _place_fields(entry: LogEntry, name: str) -> dict[str, tuple[str]]:
    told: Mapping[Where, float] = getattr(entry, name)
    found = {f"any.{name}": ("yes",) if told else ("no",)} if entry.answered(name) else {}
    for (part, side), value in told.items():
        for each in SIDES if side is Side.BOTH else (side,):
            found[field_of(name, (part, each))] = (_number(value),)
    return found


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _clock(seconds: float) -> tuple[str, str]:
    minutes, rest = divmod(round(seconds), 60)
    return str(minutes), str(rest)


def typed(visit: Visit) -> Filled:
    """The form as it was sent."""
    found: dict[str, list[str]] = {}
    for name, value in visit.form.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return Filled(found)


# -- a form as an entry -------------------------------------------------------------------------------------------------


def told(visit: Visit, day: dt.date, before: LogEntry | None, measured: Measured | None, *, strict: bool) -> LogEntry:
    """The entry that a whole form tells. What the form does not ask stays as it was `before`.

    `strict` refuses a "yes" without saying what. Raises UnusableInput naming the field that cannot be used.
    """
    done = visit.choice("done", [str(word) for word in Done])
    if done is None:
        what = say("You have not said how much of it you did")
        raise UnusableInput(what, field="done", remedy=say("Choose one of the three."))
    entry = replace(before or LogEntry(day, Done(done)), done=Done(done), notes=visit.text("notes", LONGEST_NOTES))
    entry = replace(entry, red_flags=_alarms(visit, day, strict=strict), sleep_hours=visit.number("sleep_hours", 0, 24))
    if entry.done is Done.NOT:
        return _not_done(entry)
    entry = replace(
        entry,
        effort=visit.number("effort", 0, 10),
        neck_strain=visit.number("neck_strain", 0, 10),
        stumbles=_count(visit, "stumbles", 1000),
        falls=_count(visit, "falls", 100),
        backward_walk=visit.text("walked", 10) == "yes",
    )
    entry = by_part(visit, entry, questions_after((visit.today - day).days), strict=strict)
    entry = _timed(visit, entry) if measured is None else measured.applied(entry)
    require_plausible(entry)
    return entry


def by_part(visit: Visit, entry: LogEntry, questions: Iterable[Asked], *, strict: bool) -> LogEntry:
    """The entry with the answers to `questions`; one left open stays unanswered."""
    answers: dict[str, Any] = {}
    nothing = set(entry.nothing)
    for question in questions:
        name = question.name
        answer = visit.choice(f"any.{name}", ("yes", "no"))
        sides = {} if answer == "no" else _sides(visit, name)
        answers[name] = _joined({where: value for where, value in sides.items() if value > 0})
        if strict and answer == "yes" and not answers[name]:
            what = say("You said yes to “{question}”", question=question.asks((visit.today - entry.day).days))
            raise UnusableInput(what, field=name, remedy=say("Say where and how much, or choose “Nothing”."))
        empty = answer == "no" or (bool(sides) and not answers[name])
        nothing = nothing | {name} if empty else nothing - {name}
    in_order = tuple(name for name in BY_PART if name in nothing)
    return replace(entry, nothing=in_order, **answers)


def all_fine(entry: LogEntry, names: Iterable[str]) -> LogEntry:
    """The entry with nothing to tell in the fields `names`, which were asked."""
    answers: dict[str, Any] = {name: {} for name in names}
    nothing = {*entry.nothing, *answers}
    return replace(entry, nothing=tuple(name for name in BY_PART if name in nothing), **answers)


def _sides(visit: Visit, name: str) -> dict[Where, float]:
    """What is told of each part and side. Where it stands twice on a page, on the body and in a row, the higher counts."""
    found: dict[Where, float] = {}
    for part, side in every_place():
        again = (field_of(f"{QUICK}.{name}", (part, each)) for each in (side, Side.BOTH))
        fields = (field_of(name, (part, side)), *again)
        values = [value for field in fields if (value := visit.number(field, 0, 10)) is not None]
        if values:
            found[part, side] = max(values)
    return found


def _joined(sides: Mapping[Where, float]) -> dict[Where, float]:
    """A part that is as bad on both sides is one place, as people say it."""
    found: dict[Where, float] = {}
    for (part, side), value in sides.items():
        other = sides.get((part, Side.RIGHT if side is Side.LEFT else Side.LEFT))
        found[part, Side.BOTH if other == value else side] = value
    return found


def _alarms(visit: Visit, day: dt.date, *, strict: bool) -> tuple[str, ...]:
    """Keys of the signs that were ticked, in their own order. Raises UnusableInput for one nobody knows."""
    answer = visit.choice("alarm", ("yes", "no"))
    if answer == "no":
        return ()
    signs, ticked = stop_signs(day), visit.texts("red_flags")
    if any(key not in signs for key in ticked):
        raise UnusableInput(say("This sign is not known"), field="red_flags", remedy=say("Load the page again."))
    if strict and answer == "yes" and not ticked:
        remedy = say("Tick what it was, or choose “No”.")
        raise UnusableInput(say("You said that something alarmed you"), field="red_flags", remedy=remedy)
    return tuple(key for key in signs if key in ticked)


def _not_done(entry: LogEntry) -> LogEntry:
    """Of a session that was not done there is nothing to tell but signs, sleep and notes."""
    bare = LogEntry(entry.day, Done.NOT, notes=entry.notes, red_flags=entry.red_flags, sleep_hours=entry.sleep_hours)
    return replace(bare, backward_walk=entry.backward_walk)


def _count(visit: Visit, name: str, most: int) -> int:
    value = visit.number(name, 0, most) or 0
    if value != math.floor(value):
        raise UnusableInput(
            say("{value} is no whole number", value=f"{value:g}"), field=name, remedy=say("Count them.")
        )
    return int(value)


def _timed(visit: Visit, entry: LogEntry) -> LogEntry:
    """The entry with the time backward as it is told; a longest stretch and speed of another time go."""
    minutes, seconds = visit.number("reverse_min", 0, 1440), visit.number("reverse_sec", 0, 86_400)
    total = None if minutes is None and seconds is None else 60 * (minutes or 0) + (seconds or 0)
    kept = entry.reverse_s
    if total is not None and kept is not None and round(kept) == total:
        return entry
    return replace(entry, reverse_s=total, reverse_longest_s=None, reverse_speed_mps=None, measured=False)


def signs_asked(day: dt.date, sex: str | None, ticked: Iterable[str] = ()) -> tuple[StopSign, ...]:
    """The signs to ask about, the urgent first. Pregnancy is not asked of men."""
    kept = set(ticked)
    signs = [s for key, s in stop_signs(day).items() if key in kept or sex != "male" or not key.startswith("pregnancy")]
    return tuple(sorted(signs, key=lambda sign: not sign.urgent))
