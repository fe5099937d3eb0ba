"""Amount: minutes backward a week against the plan, weeks kept, longest stretches, records."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from retropace.progress import Best, Known, Progress, Week
from retropace.progress.history import NoPlan
from retropace.quantities import Gait, System, shown
from retropace.saying import listed
from retropace.views.figures import moment
from retropace.views.hanging import Bar, hanging
from retropace.views.kept_weeks import NOTHING, RESTED, WENT, kept_weeks
from retropace.web.language import say, say_count
from retropace.web.progress.picture import Picture, Table, between, clock, short_day

#: Bars of weeks to come beside those of the past, at least and so that the drawing holds this many.
_LEAST_AHEAD, _DRAWN = 3, 12
#: So many lighter weeks are named one by one.
_MOST_NAMED = 4
#: The latest sessions that one drawing holds.
_SESSIONS = 24
#: From more weeks than these on, a narrow and a wide drawing show the mean of four weeks as one bar.
_NARROW_WEEKS, _WIDE_WEEKS, _BLOCK = 24, 60, 4


# -- weeks --------------------------------------------------------------------------------------------------------------


def weeks_picture(found: Progress, to_come_s: float | None) -> Picture:
    """Minutes backward week by week. `to_come_s` is what is still planned this week, None where there is no plan."""
    title = say("Backward minutes")
    past = [week for week in found.weeks if not week.ahead]
    ahead = [week for week in found.weeks if week.ahead]
    drawn = [*past, *ahead[: max(_LEAST_AHEAD, _DRAWN - len(past))]]
    if not any(week.sessions or week.planned_s for week in drawn):
        return Picture("weeks", title, say("Your weeks appear here with the first session, beside what was planned."))
    this = past[-1]
    label = say("Minutes backward a week, against the plan: {weeks}", weeks=_read_out(drawn))
    narrow, wide = (
        _drawn_weeks(drawn, this, label, size)
        for size in (_Size(316.0, 184.0, 6, _NARROW_WEEKS), _Size(910.0, 212.0, 30, _WIDE_WEEKS))
    )
    return Picture(
        "weeks",
        title,
        _weeks_reading(drawn, this, to_come_s),
        narrow,
        wide,
        moment(this.reverse_s),
        beside=_of_plan(this),
        sources=("device",),
        notes=_weeks_notes(past),
        table=_weeks_table(drawn),
        simulated=any(week.simulated for week in past),
    )


@dataclass(frozen=True, slots=True)
class _Size:
    """Width and height of a drawing [px], how many bars carry words, and how many weeks have one of their own."""

    width: float
    height: float
    marks: int
    weeks: int


def _drawn_weeks(weeks: Sequence[Week], this: Week, label: str, size: _Size) -> str:
    many = len(weeks) > size.weeks
    return hanging(
        _blocks(weeks, size.marks) if many else _bars(weeks, this, size.marks),
        label=label,
        title=say("minutes a week, mean of four") if many else say("backward, minutes a week"),
        clock=moment,
        width=size.width,
        height=size.height,
        name=f"weeks{size.width:.0f}",
    )


def _blocks(weeks: Sequence[Week], most: int) -> list[Bar]:
    """Four weeks as one bar: their mean a week, marked by the first."""
    blocks = [weeks[n : n + _BLOCK] for n in range(0, len(weeks), _BLOCK)]
    step = max(1, -(-len(blocks) // most))
    bars = []
    for n, block in enumerate(blocks):
        planned = [week.planned_s for week in block if week.planned_s is not None]
        over = [week for week in block if not week.ahead] or block
        mark = short_day(block[0].start) if block[0].number is None else str(block[0].number)
        bars.append(
            Bar(
                mark if n % step == 0 else "",
                sum(week.recorded_s for week in over) / len(over),
                sum(week.told_s for week in over) / len(over),
                sum(planned) / len(planned) if planned else None,
            )
        )
    return bars


def _bars(weeks: Sequence[Week], this: Week, most: int) -> list[Bar]:
    """Bars, marked so that no more than `most` of them carry words."""
    step = max(1, -(-len(weeks) // most))
    here = weeks.index(this)
    return [
        Bar(
            _mark(week, this) if week is this or (n % step == 0 and (abs(n - here) > step / 2 or step == 1)) else "",
            week.recorded_s,
            week.told_s,
            week.planned_s,
            week.lighter,
            week is this,
        )
        for n, week in enumerate(weeks)
    ]


def _mark(week: Week, this: Week) -> str:
    if week is this:
        return say("now")
    return short_day(week.start) if week.number is None else str(week.number)


def _of_plan(this: Week) -> str:
    if this.planned_s is None:
        return say("this week")
    if this.planned_s == 0:
        return say("this week; rest was the plan")
    return say("of {plan} this week", plan=moment(this.planned_s))


def _weeks_reading(weeks: Sequence[Week], this: Week, to_come_s: float | None) -> str:
    lighter = [str(week.number) for week in weeks if week.lighter and week.number is not None]
    said = []
    if to_come_s:
        said.append(say("{time} still to come this week", time=moment(to_come_s)))
    elif this.sessions:
        said.append(say("This week is done") if to_come_s == 0 else say("This week has begun"))
    if len(lighter) > _MOST_NAMED:
        said.append(say("{count} weeks are lighter by plan", count=len(lighter)))
    elif lighter:
        one, many = "week {weeks} is lighter by plan", "weeks {weeks} are lighter by plan"
        said.append(say_count(one, many, len(lighter), weeks=listed(lighter)))
    sentence = "; ".join(said) or say("What you did, week by week")
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _weeks_notes(past: Sequence[Week]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    notes = []
    if any(week.planned_s and week.reverse_s < week.planned_s for week in past[:-1]):
        notes.append(say("Nothing to catch up: the plan goes on from where you are."))
    unmeasured = sum(week.unmeasured for week in past)
    if unmeasured:
        notes.append(
            say_count(
                "{count} session has no length that anybody knows, so it is not in the bars.",
                "{count} sessions have no length that anybody knows, so they are not in the bars.",
                unmeasured,
            )
        )
    unknown_s = sum(week.unknown_s for week in past)
    if unknown_s >= 60:
        notes.append(
            say(
                "{time} of unknown direction is not counted; under Sessions you can say which way.",
                time=moment(unknown_s),
            )
        )
    return tuple((note, ()) for note in notes)


def _weeks_table(weeks: Sequence[Week]) -> Table:
    head = (say("Week"), say("From"), say("Planned"), say("Recorded"), say("As you told"), say("Sessions"))
    return Table(head, tuple(_weeks_row(week) for week in weeks))


def _weeks_row(week: Week) -> tuple[str, ...]:
    number = "–" if week.number is None else str(week.number)
    name = say("{number}, lighter", number=number) if week.lighter else number
    done = ("", "", "") if week.ahead else (moment(week.recorded_s), moment(week.told_s), str(week.sessions))
    return (name, f"{short_day(week.start)} {week.start.year}", _planned(week), *done)


def _planned(week: Week) -> str:
    if week.planned_s is not None:
        return moment(week.planned_s)
    return {
        NoPlan.NOT_CLEARED: say("none: not cleared then"),
        NoPlan.OVER: say("none: the plan was over"),
    }.get(week.why_none or NoPlan.BEFORE, say("not known"))


def _read_out(weeks: Sequence[Week]) -> str:
    told = []
    for week in weeks:
        name = short_day(week.start) if week.number is None else say("week {number}", number=week.number)
        planned = say("planned {time}", time=moment(week.planned_s)) if week.planned_s is not None else ""
        done = "" if week.ahead else say("done {time}", time=moment(week.reverse_s))
        told.append(" ".join(part for part in (name, done, planned) if part))
    return "; ".join(told)


# -- weeks kept ---------------------------------------------------------------------------------------------------------


def kept_picture(found: Progress) -> Picture:
    """How many of the last weeks had a session. A missing week is an outline and nothing more."""
    title = say("Weeks with a session")
    keeping = found.keeping
    if not keeping.of:
        return Picture("kept", title, say("Each week with a session is marked here. A missing one breaks nothing."))
    past = [week for week in found.weeks if not week.ahead]
    over = past[:-1] + [week for week in past[-1:] if week.kept]
    shown_weeks = over[-keeping.of :]
    kinds = [WENT if week.sessions else RESTED if week.rest_by_plan else NOTHING for week in shown_weeks]
    value = say("{kept} of {of}", kept=keeping.kept, of=keeping.of)
    reading = say_count("The last week counts.", "The last {count} weeks count.", keeping.of)
    if keeping.resting:
        reading = say_count(
            "{count} of them was rest by plan, which counts.",
            "{count} of them were rest by plan, which counts.",
            keeping.resting,
        )
    note = say("An empty week breaks nothing: the plan goes on from where you are.")
    rows = tuple(
        (
            f"{short_day(week.start)} {week.start.year}",
            say_count("{count} session", "{count} sessions", week.sessions)
            if week.sessions
            else (say("rest by plan") if week.rest_by_plan else say("none")),
        )
        for week in shown_weeks
    )
    return Picture(
        "kept",
        title,
        reading,
        kept_weeks(kinds, label=f"{title}: {value}", name="kept"),
        value=value,
        notes=((note, ()),) if keeping.kept < keeping.of else (),
        table=Table((say("Week from"), say("Sessions")), rows),
    )


# -- longest ------------------------------------------------------------------------------------------------------------


def longest_picture(found: Progress) -> Picture:
    """The longest stretch of each session, of the gait that has more of them."""
    title = say("Longest stretch backward")
    gait = max((Gait.RUN, Gait.WALK), key=lambda one: (len(found.longest[one]), one is Gait.RUN))
    every = found.longest[gait]
    if not every:
        return Picture("longest", title, say("Appears with the first recorded or told stretch backward."))
    best = max(every, key=lambda point: point.value)
    points = every[-_SESSIONS:]
    bars = [Bar("", point.value) for point in points]
    bars[0] = Bar(short_day(points[0].day) if len(points) > 4 else "", points[0].value)
    bars[-1] = Bar(short_day(points[-1].day), points[-1].value)
    label = say("Longest stretch of each session: {list}", list=", ".join(clock(point.value) for point in points))
    return Picture(
        "longest",
        title,
        say("In one go on {day}; the first was {first}.", day=short_day(best.day), first=clock(every[0].value)),
        hanging(bars, label=label, title=say("each session"), clock=clock, width=288.0, height=150.0, name="longest"),
        value=clock(best.value),
        beside=say("run") if gait is Gait.RUN else say("walked"),
        sources=("device",),
        table=Table(
            (say("Day"), say("Longest")),
            tuple((f"{short_day(point.day)} {point.day.year}", clock(point.value)) for point in every),
        ),
        simulated=any(point.simulated for point in every),
    )


# -- records ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record in words; `recording` is where it can be looked at."""

    name: str
    value: str
    band: str
    day: str
    known: str
    sources: tuple[str, ...]
    recording: str | None


def record_rows(found: Progress, system: System) -> list[RecordRow]:
    """The records there are, in words."""
    return [_record(best, system) for best in found.records]


def _record(best: Best, system: System) -> RecordRow:
    figure = best.figure
    value, low, high = (0.0 if n is None else n for n in (figure.value, figure.low, figure.high))
    sprint = best.key == "fastest_100_m"
    told = f"{value:.1f} s" if sprint else clock(value)
    band = between(f"{low:.1f}", f"{high:.1f}") if sprint else ""
    known = {Known.RECORDED: say("recorded"), Known.TOLD: say("as you told")}.get(best.known, say("as you told"))
    if best.simulated:
        known = say("simulated")
    day = _day_of(best)
    return RecordRow(_record_name(best, system), told, band, day, known, figure.sources, best.recording)


def _record_name(best: Best, system: System) -> str:
    if best.key == "fastest_100_m":
        value, unit = shown(best.lasts_m or 0.0, "m", system)
        return say("Fastest 100 m run backward, averaged over {way} {unit}", way=f"{value:.0f}", unit=unit)
    return {
        "longest_run": say("Longest stretch run backward"),
        "longest_walk": say("Longest stretch walked backward"),
        "most_session": say("Most backward in one session"),
        "most_week": say("Most backward in one week"),
    }[best.key]


def _day_of(best: Best) -> str:
    day: dt.date = best.day
    words = f"{short_day(day)} {day.year}"
    return say("week of {day}", day=words) if best.key == "most_week" else words
