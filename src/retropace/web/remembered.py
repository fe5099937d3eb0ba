"""Remembered: log entries as a page shows them afterwards: small marks, and the places to ask about again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from retropace.followup import Asking, OpenQuestion
from retropace.log import Done, LogEntry, Part, Side, Where
from retropace.quantities import System, shown
from retropace.rules.questionnaire import stop_signs
from retropace.signs import same_place
from retropace.views.bodymap import place_name
from retropace.views.figures import clock
from retropace.web.language import say, say_count
from retropace.web.measured import Measured

#: Running backward makes these sore first: what is asked about where nothing else was sore.
_FIRST_SORE: Where = (Part.CALF, Side.BOTH)
#: No more places than this are asked about one by one; ten seconds have to do.
_MOST_PAIN, _MOST_SORE = 3, 2
_PAIN = ("pain_during", "pain_hour", "pain_morning")
_SORE = ("soreness_24h", "soreness_48h")


def marks(entry: LogEntry, system: System = "metric") -> list[tuple[str, str]]:
    """An entry in a few words each, as pairs of kind and words: the kinds are stop, pain, plain."""
    return list(_marks(entry, system))


def _marks(entry: LogEntry, system: System) -> Iterator[tuple[str, str]]:
    signs = stop_signs(entry.day)
    for key in entry.red_flags:
        yield "stop", signs[key].name if key in signs else key
    if entry.falls:
        yield "stop", say_count("{count} fall", "{count} falls", entry.falls)
    if entry.done is Done.NOT:
        yield "plain", say("not done")
    elif entry.done is Done.PARTLY:
        yield "plain", say("a part of it")
    if entry.backward_walk:
        yield "plain", say("walking day")
    if entry.effort is not None:
        yield "plain", say("effort {value}", value=f"{entry.effort:g}")
    for where, value in _worst(entry, _PAIN).items():
        yield "pain", say("{place} hurt {value}", place=place_name(where), value=f"{value:g}")
    for where, value in _worst(entry, _SORE).items():
        yield "pain", say("{place} sore {value}", place=place_name(where), value=f"{value:g}")
    if entry.neck_strain:
        yield "pain", say("neck {value}", value=f"{entry.neck_strain:g}")
    if entry.stumbles:
        yield "pain", say_count("{count} stumble", "{count} stumbles", entry.stumbles)
    yield from _moved(entry, system)
    if entry.sleep_hours is not None:
        yield "plain", say("slept {hours} h", hours=f"{entry.sleep_hours:g}")


def measured_words(measured: Measured, system: System = "metric") -> str:
    """What a recording shows, in one line: "4:21 backward, the longest 31 s, 1.7 m/s"."""
    parts = [say("{time} backward", time=clock(measured.reverse_s))]
    if measured.longest_s is not None:
        parts.append(say("the longest {time}", time=clock(measured.longest_s)))
    if measured.speed_mps is not None:
        parts.append(_speed(measured.speed_mps, system))
    return ", ".join(parts)


def _speed(speed_mps: float, system: System) -> str:
    speed, unit = shown(speed_mps, "m/s", system)
    return f"{speed:.1f} {unit}"


def _moved(entry: LogEntry, system: System) -> Iterator[tuple[str, str]]:
    """How long backward, and how fast where that was measured."""
    if entry.reverse_s is None:
        return
    how = say("measured") if entry.measured else say("told")
    yield "plain", say("{time} backward, {how}", time=clock(entry.reverse_s), how=how)
    if entry.reverse_speed_mps is not None:
        yield "plain", _speed(entry.reverse_speed_mps, system)


def _worst(entry: LogEntry, names: Sequence[str]) -> Mapping[Where, float]:
    """The highest value of each place in several fields, the worst place first."""
    found: dict[Where, float] = {}
    for name in names:
        for where, value in getattr(entry, name).items():
            found[where] = max(value, found.get(where, 0.0))
    return dict(sorted(found.items(), key=lambda told: (-told[1], told[0])))


def part_words(part: Part) -> str:
    """A part without its side, as a list shows it.

    >>> part_words(Part.THIGH_FRONT)
    'Front thigh'
    """
    middle = {Part.NECK: say("Neck"), Part.LOW_BACK: say("Lower back")}
    words = place_name((part, Side.LEFT)).removeprefix("left ")
    return middle.get(part, words[:1].upper() + words[1:])


@dataclass(frozen=True, slots=True)
class Again:
    """A place to ask about again, and how it was when it was told last: "" where it never was."""

    where: Where
    was: str = ""


def rows_after(log: Sequence[LogEntry], question: OpenQuestion) -> Mapping[str, Sequence[Again]]:
    """By field: the places to ask about one by one, those that were told of first, none of them twice."""
    entry = next(entry for entry in log if entry.day == question.day)
    before = next((e for e in reversed(log) if e.day < entry.day and e.done is not Done.NOT), None)
    sore = dict({} if before is None else _worst(before, _SORE)) | dict(_worst(entry, _SORE))
    hurt = {} if question.kind is Asking.TWO_DAYS else dict(_worst(entry, _PAIN))
    stiff = {where: value for where, value in sore.items() if not any(same_place(where, one) for one in hurt)}
    name = "soreness_48h" if question.kind is Asking.TWO_DAYS else "soreness_24h"
    first = (Again(_FIRST_SORE),) if not hurt else ()
    return {name: _again(stiff, _MOST_SORE) or first, "pain_morning": _again(hurt, _MOST_PAIN)}


def _again(places: Mapping[Where, float], most: int) -> tuple[Again, ...]:
    """The worst places, and how they were."""
    in_order = sorted(places, key=lambda where: -places[where])
    return tuple(Again(where, f"{places[where]:g}") for where in in_order[:most])
