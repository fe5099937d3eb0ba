"""PDF: a printable plan on A4 or US Letter, black on white, with the mirror ribbon and figures of the exercises.

The page is set by plan.typ from data made here. The file is tagged for screen readers (PDF/UA-1). The same plan gives the
same bytes as long as its letters are in the fonts it brings.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from retropace import texts
from retropace.exercises import Prescribed, Workout, exercises
from retropace.programme import Day, Kind, Programme, Week
from retropace.quantities import System, elapsed, in_units
from retropace.rules.questionnaire import stop_signs
from retropace.saying import day_words
from retropace.session import Session
from retropace.views import drawing
from retropace.views.palette import PAPER
from retropace.views.planned import planned_svg
from retropace.views.pose import scenes, standalone_figure, title_of
from retropace.writers import archive, wording
from retropace.writers.typeset import typeset
from retropace.writers.writer import Feature, Options, Writer, Written, degraded, exact

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

#: Width and height of a ribbon [px] on a page of its own, across the page, half across. A letter is as large in each.
_ALONE_PX, _WHOLE_PX, _HALF_PX = (860.0, 180.0), (860.0, 90.0), (412.0, 90.0)
#: Width and height of an exercise's figure [px]; the page scales it.
_FIGURE_PX = 160.0

Data = dict[str, Any]


def session_file(session: Session, options: Options) -> Written:
    """The session on one page, with its ribbon, what to mind and room for how it went."""
    limits = options.limits
    data = _page(session.name, _for_whom(options, wording.extent(session)), options) | {
        "session": _session(session, options, "s", None, _ALONE_PX) | {"days": ("Date", *[""] * 7)},
        "limits": wording.limit_words(limits, options.system) if limits else (),
        "care": wording.care(limits, treadmill=options.treadmill) if wording.backward_s(session) else (),
    }
    return _written(archive.slug(session.name), data, options)


def programme_file(programme: Programme, options: Options) -> Written:
    """The programme: limits and weeks at a glance, then each week's sessions, home workouts, reasons and sources."""
    clearance = programme.clearance
    first = programme.first_day
    about = f"{wording.weeks_words(len(programme.weeks))} from {day_words(first)} {first.year}"
    until = ("Valid until", f"{day_words(clearance.valid_until)} {clearance.valid_until.year}, or a fall or new pain")
    see = (("First see", clearance.see),) if clearance.see else ()
    data = _page(wording.goal_words(programme.goal), _for_whom(options, about), options) | {
        "level": wording.level_words(clearance.level),
        "limits": (*see, *wording.cleared_for(clearance, options.system), until),
        "care": wording.care(clearance.limits, treadmill=options.treadmill),
        "weeks": [_row(week) for week in programme.weeks],
        "details": [_week(week, options) for week in programme.weeks],
        "workouts": [_workout(workout, options) for workout in _workouts(programme)],
        **_grounds(programme, options.system),
    }
    return _written(archive.programme_name(programme), data, options)


def _page(title: str, about: str, options: Options) -> Data:
    """What every plan has; the parts of a programme are empty."""
    nothing: tuple[Data, ...] = ()
    brand = drawing.image(22, 16, "retropace", [drawing.brand(0, 0)])
    return {
        "title": title,
        "about": about,
        "paper": options.paper,
        "footer": " · ".join(part for part in ("retropace", _made_words(options), "not medical advice") if part),
        "brand": _drawn(brand, "retropace"),
        "weekdays": _WEEKDAYS,
        "session": None,
        "level": None,
    } | dict.fromkeys(("limits", "care", "weeks", "details", "workouts", "stops", "reasons", "sources"), nothing)


def _made_words(options: Options) -> str:
    return f"{options.made.day} {options.made:%B %Y}" if options.made else ""


def _for_whom(options: Options, about: str) -> str:
    where = wording.place_words(options.where, options.place)
    return " · ".join(part for part in (options.person, about, where) if part)


def _drawn(svg: str, label: str) -> Data:
    return {"svg": drawing.standalone(svg, PAPER), "label": label}


# -- parts ------------------------------------------------------------------------------------------------------------


def _session(session: Session, options: Options, name: str, heading: str | None, size: tuple[float, float]) -> Data:
    label = f"{session.name}: {'; '.join(wording.session_lines(session, options.system))}"
    ribbon = planned_svg(session, label=label, width=size[0], height=size[1], name=name)
    return {
        "heading": heading,
        "extent": wording.extent(session),
        "ribbon": _drawn(ribbon, label),
        "steps": wording.session_lines(session, options.system),
    }


def _row(week: Week) -> Data:
    """A week of the table: seven days from Monday, None where the programme has none."""
    days: list[Data | None] = [None] * 7
    for day in week.days:
        days[day.date.weekday()] = _cell(day)
    begins = min((day.date for day in week.days), default=None)
    return {
        "number": str(week.number),
        "begins": f"{begins.day} {begins:%b}" if begins else "",
        "lighter": week.deload,
        "days": days,
        "backward": elapsed(week.reverse_s),
    }


def _cell(day: Day) -> Data:
    ribbon = None
    if day.session is not None:
        label = f"{day.session.name}, {wording.extent(day.session)}"
        ribbon = _drawn(planned_svg(day.session, label=label, width=200, height=46, name="c", words=False), label)
    home = " + home" if day.workout is not None and day.kind != Kind.STRENGTH else ""
    return {"date": f"{day.date.day}{home}", "kind": wording.kind_words(day.kind), "ribbon": ribbon}


def _week(week: Week, options: Options) -> Data:
    due = dict.fromkeys(day.session for day in week.days if day.session is not None)
    days = [_short_day(day) for day in week.days if day.session is not None]
    size = _WHOLE_PX if len(due) == 1 else _HALF_PX
    sessions = [
        _session(session, options, f"w{week.number}n{number}", session.name, size) for number, session in enumerate(due)
    ]
    reasons = tuple(dict.fromkeys(in_units(reason.text, options.system) for reason in week.reasons))
    title = f"Week {week.number}{', lighter' if week.deload else ''}: {elapsed(week.reverse_s)} backward"
    return {"title": title, "reasons": reasons, "sessions": sessions, "others": _others(week, options), "days": days}


def _short_day(day: Day) -> str:
    return f"{day.date:%a} {day.date.day} {day.date:%b}"


def _others(week: Week, options: Options) -> list[tuple[str, str]]:
    """What the days hold besides sessions: the days, and what; what care says already is not said again."""
    care = wording.care(options.limits, treadmill=options.treadmill)
    days: dict[str, list[str]] = {}
    for day in week.days:
        told = (day.workout.name if day.workout else "", "" if day.note in care else day.note)
        if any(told):
            days.setdefault(". ".join(part for part in told if part), []).append(f"{day.date:%a}")
    return [(", ".join(names), words) for words, names in days.items()]


def _workouts(programme: Programme) -> Iterable[Workout]:
    return dict.fromkeys(day.workout for day in archive.days(programme) if day.workout is not None)


def _workout(workout: Workout, options: Options) -> Data:
    return {"name": workout.name, "exercises": [_exercise(item, options) for item in workout.items]}


def _exercise(item: Prescribed, options: Options) -> Data:
    known = exercises().get(item.exercise)
    return {
        "name": wording.exercise_name(item.exercise),
        "dose": wording.dose_words(item.dose),
        "how": known.how if known else (),
        "figure": _figure(item.exercise, options),
    }


def _figure(exercise: str, options: Options) -> Data | None:
    """The caller's figure where there is one, else ours; None where nobody drew this exercise."""
    if options.figures is not None:
        svg = options.figures(exercise)
        return None if svg is None else _drawn(svg, wording.exercise_name(exercise))
    if exercise not in scenes():
        return None
    told = f"{title_of(exercise)}. {texts.sentence(f'figures.{exercise}.tells')}"
    return {"svg": standalone_figure(exercise, PAPER, size=_FIGURE_PX), "label": told}


def _grounds(programme: Programme, system: System) -> Data:
    """Signs to stop, reasons, and the sources of both, numbered in the order in which they are cited."""
    signs = stop_signs(programme.clearance.screened).values()
    stops = [(f"{sign.says} See {sign.see}.", sign.sources, sign.name) for sign in signs]
    reasons = dict.fromkeys((r.text, r.sources) for r in (*programme.clearance.reasons, *programme.reasons))
    cited = dict.fromkeys(key for _, keys, *_ in (*stops, *reasons) for key in keys)
    numbers = {key: number for number, key in enumerate(cited, start=1)}
    return {
        "stops": [{"name": name, "says": says, "sources": _cited(keys, numbers)} for says, keys, name in stops],
        "reasons": [{"text": in_units(text, system), "sources": _cited(keys, numbers)} for text, keys in reasons],
        "sources": [wording.source_words(key) for key in numbers],
    }


def _cited(keys: Sequence[str], numbers: Mapping[str, int]) -> str:
    """Sources as the numbers they have in the list: "[1, 4]"."""
    return f"[{', '.join(str(numbers[key]) for key in keys)}]"


# -- setting ----------------------------------------------------------------------------------------------------------


def _written(name: str, data: Data, options: Options) -> Written:
    content, notes = typeset("plan.typ", data, options.stamp)
    return Written(f"{name}.pdf", WRITER.media_type, content, notes)


WRITER = Writer(
    key="pdf",
    name="PDF",
    suffix=".pdf",
    media_type="application/pdf",
    delivery="Print it and hang it up, or give it to your physiotherapist.",
    features={
        Feature.REPEATS: exact("In words, and drawn one by one."),
        Feature.NAMES: exact("In full."),
        Feature.CUES: degraded("Care in words; nothing is spoken."),
        Feature.DIRECTION: exact("In words, and below the line with a hatch."),
        Feature.TIMES: exact("In words, and to scale in the ribbon."),
        Feature.ROLES: degraded("As the steps are called."),
        Feature.SPEEDS: exact("In the reader's units, to a tenth."),
        Feature.DAYS: exact("A table of the weeks."),
        Feature.SESSIONS: exact("The whole programme."),
        Feature.WORKOUTS: exact("Exercises with doses and figures."),
        Feature.REASONS: exact("All of them, with their sources."),
    },
    session=session_file,
    programme=programme_file,
)
