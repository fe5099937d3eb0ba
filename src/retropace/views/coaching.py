"""Coaching: clearance, programme, next session and exercises on a terminal, in the coach's voice."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TextIO

import numpy as np
from rich.table import Table
from rich.text import Text

from retropace.bout import Bout
from retropace.consequences import Consequence
from retropace.cues import Cue, spoken
from retropace.estimate import Estimate
from retropace.exercises import Dose, Exercise, Workout, exercises
from retropace.findings import Level
from retropace.plan_words import in_words
from retropace.programme import Day, Kind, Programme, Week
from retropace.progression import Decision, Next
from retropace.quantities import Gait, System, in_units
from retropace.recording import Origin, Recording, Stream
from retropace.rules import Reason
from retropace.screening import Clearance
from retropace.session import Session, Step
from retropace.signals import grid
from retropace.views.figures import clock, inside
from retropace.views.strip import strip
from retropace.views.terminal import QUIET, STRONG, cited_words, console_on, print_line, print_strip
from retropace.weight import Balance, Worth

#: Speeds drawn for steps that do not say theirs [m/s]: a picture, not a prescription.
_DRAWN_MPS = {Gait.STAND: 0.0, Gait.WALK: 1.1, Gait.RUN: 2.0}
_KIND_WORDS = {
    Kind.REVERSE: "‹ reverse",
    Kind.CHALLENGE: "‹ challenge",
    Kind.BACKWARD_WALK: "‹ backward walk",
    Kind.STRENGTH: "strength",
    Kind.EASY: "easy",
    Kind.REST: "rest",
    Kind.EVENT: "event",
}
_LEVEL_WORDS = {
    Level.RUN: "You may run backward, within these limits.",
    Level.WALK: "Backward walking suits you for now, with somebody or something to hold beside you.",
    Level.NOT_NOW: "Not now.",
}


def print_clearance(
    clearance: Clearance, system: System = "metric", *, width: int | None = None, stream: TextIO | None = None
) -> None:
    """What somebody is cleared for, the limits, whom to see, and why."""
    console = console_on(stream, width)
    console.print(Text(f"\n{_LEVEL_WORDS[clearance.level]}", STRONG))
    if clearance.see:
        print_line(console, Text(f"See {clearance.see} first."))
    else:
        for line in limit_lines(clearance, system):
            print_line(console, Text(f"• {line}"))
    print_reasons(clearance.reasons, system, width=width, stream=stream)
    print_line(
        console, Text(f"Answer again by {day_words(clearance.valid_until)}, or after a fall or new pain.", QUIET)
    )
    console.print()


def limit_lines(clearance: Clearance, system: System = "metric") -> list[str]:
    """The limits in words."""
    limits = clearance.limits
    watchers = [str(watcher) for watcher in limits.watchers if watcher != "nobody"]
    lines = [
        _speed_limit(limits.speed_mps, system),
        f"at most {clock(limits.longest_bout_s)} backward without a stop",
        f"look behind you every {limits.glance_every_s:g} s",
    ]
    if "nobody" not in limits.watchers:
        lines.append(f"with a {' or a '.join(watchers)}" if watchers else "with somebody who looks out")
    if limits.treadmill_kmh is not None:
        gait = "walking, or slow jogging with clip and a helper at the stop" if limits.treadmill_run else "walking only"
        lines.append(f"treadmill in manual mode, up to {limits.treadmill_kmh:g} km/h, {gait}")
    return [in_units(line, system) for line in lines]


def _speed_limit(speed_mps: float, system: System) -> str:
    hourly = f" ({3.6 * speed_mps:.1f} km/h)" if system == "metric" else ""  # miles an hour are what both become
    return f"at most {speed_mps:.1f} m/s backward{hourly}"


def print_reasons(
    reasons: Iterable[Reason], system: System = "metric", *, width: int | None = None, stream: TextIO | None = None
) -> None:
    """Why, each with its sources in short; a sentence that came before is not said again."""
    console = console_on(stream, width)
    told: set[str] = set()
    for reason in reasons:
        if reason.text not in told:
            told.add(reason.text)
            words = Text(f"• {in_units(reason.text, system)} ")
            print_line(console, words.append(f"({cited_words(reason.sources)})", QUIET))


def print_consequences(
    follows: Iterable[Consequence], system: System = "metric", *, width: int | None = None, stream: TextIO | None = None
) -> None:
    """What a change of plan leads to."""
    console = console_on(stream, width)
    for one in follows:
        cited = f" ({cited_words(one.sources)})" if one.sources else ""
        print_line(console, Text(f"• {in_units(one.text, system)}").append(cited, QUIET))


def print_day(day: Day, *, width: int | None = None, stream: TextIO | None = None) -> None:
    """One day: its session in one sentence and one ribbon, and its home exercises."""
    console = console_on(stream, width)
    console.print(Text(f"\n{day_words(day.date)}: {_KIND_WORDS[day.kind]}", STRONG))
    if day.session:
        print_line(console, Text(in_words(day.session)))
        print_session(day.session, width=width, stream=stream)
    if day.workout:
        print_workout(day.workout, width=width, stream=stream)
    if day.note:
        print_line(console, Text(day.note, QUIET))


def print_session(session: Session, *, width: int | None = None, stream: TextIO | None = None) -> None:
    """The session's mirror ribbon."""
    console = console_on(stream, width)
    drawn = strip(grid(_as_recording(session)), _as_bouts(session), console.width - 13)
    if drawn is not None:
        print_strip(console, drawn)


def print_programme(
    programme: Programme, system: System = "metric", *, width: int | None = None, stream: TextIO | None = None
) -> None:
    """A programme, one line a week: what is done on which day, and how long backward in all."""
    console = console_on(stream, width)
    table = Table(box=None, pad_edge=False, header_style=QUIET)
    for name in ("week", "from", "backward", "days"):
        table.add_column(name, no_wrap=name != "days")
    for week in programme.weeks:
        table.add_row(*_week_row(week))
    console.print()
    console.print(table)
    print_reasons(programme.reasons, system, width=width, stream=stream)
    console.print()


def _week_row(week: Week) -> tuple[str, str, str, str]:
    first = f"{week.days[0].date:%d %b}" if week.days else ""
    moved = [f"{day.date:%a} {_short(day)}" for day in week.days if day.kind not in (Kind.REST, Kind.EASY)]
    return f"{week.number}{' light' if week.deload else ''}", first, clock(week.reverse_s), ", ".join(moved) or "rest"


def _short(day: Day) -> str:
    return day.session.name if day.session else _KIND_WORDS[day.kind]


def print_workout(workout: Workout, *, width: int | None = None, stream: TextIO | None = None) -> None:
    """A home workout, one line an exercise."""
    console = console_on(stream, width)
    console.print(Text(workout.name, STRONG))
    for item in workout.items:
        print_line(console, Text(f"• {exercises()[item.exercise].name}: {_dose_words(item.dose)}"))


def _dose_words(dose: Dose) -> str:
    amount = f"{dose.reps}" if dose.reps is not None else f"{dose.hold_s or 0:g} s"
    return f"{dose.sets} × {amount}{' each side' if dose.each_side else ''}"


_DECISION_WORDS = {
    Decision.ADVANCE: "On you go.",
    Decision.HOLD: "The same again.",
    Decision.CUT: "Less this time.",
    Decision.STOP: "Stop for now.",
    Decision.REFER: "See somebody first.",
}


def print_next(
    following: Next, system: System = "metric", *, width: int | None = None, stream: TextIO | None = None
) -> None:
    """What comes next: the decision, the day, the session in one sentence and one ribbon, and why."""
    console = console_on(stream, width)
    first = following.state.logged is None and following.session is not None
    console.print(Text(f"\n{'Here you begin.' if first else _DECISION_WORDS[following.decision]}", STRONG))
    if following.session is not None and following.day is not None:
        print_line(console, Text(f"{day_words(following.day)}: {in_words(following.session)}"))
        print_session(following.session, width=width, stream=stream)
    print_reasons(following.reasons, system, width=width, stream=stream)
    console.print()


def print_next_words(
    following: Next, system: System = "metric", *, width: int | None = None, stream: TextIO | None = None
) -> None:
    """The next session in one line, for a day that has none."""
    console = console_on(stream, width)
    if following.session is None or following.day is None:
        print_reasons(following.reasons, system, width=width, stream=stream)
    else:
        print_line(console, Text(f"Next: {day_words(following.day)}, {following.session.name}."))
    console.print()


def print_cues(cues: Sequence[Cue], *, width: int | None = None, stream: TextIO | None = None) -> None:
    """What the coach says, with its time."""
    console = console_on(stream, width)
    for cue in cues:
        print_line(console, Text(f"{clock(cue.at_s):>7}  ", QUIET).append(spoken(cue), ""))
    console.print()


def print_balance(found: Balance, *, width: int | None = None, stream: TextIO | None = None) -> None:
    """What the body needs a day and how much less is safe, or why no deficit is planned."""
    console = console_on(stream, width)
    console.print(Text("\nEnergy balance", STRONG))
    for name, estimate in (("resting", found.resting_kcal), ("what you need in a day", found.need_kcal)):
        print_line(console, Text(f"• {name}: {_kcal(estimate)}"))
    if found.intake_kcal is not None and found.deficit_kcal is not None:
        rate = found.at_most_kg_per_week
        most = f": at most {rate:.1f} kg a week, and less as you go" if rate else ""
        less = f"eat about {found.intake_kcal:.0f} kcal a day, {found.deficit_kcal:.0f} less than you need"
        print_line(console, Text(f"• {less}{most}"))
    print_reasons(found.reasons, width=width, stream=stream)


def print_worth(session: Session, value: Worth, *, width: int | None = None, stream: TextIO | None = None) -> None:
    """What a session burns above resting, and what is left of it."""
    console = console_on(stream, width)
    console.print(Text(f"\nWhat {session.name} is worth", STRONG))
    rows = (
        ("all of it, above resting", value.net_kcal),
        ("its backward part", value.backward_kcal),
        ("the same part forward", value.forward_instead_kcal),
        ("left once your body has made up for some", value.left_kcal),
    )
    for name, estimate in rows:
        print_line(console, Text(f"• {name}: {_kcal(estimate)}"))
    print_reasons(value.reasons, width=width, stream=stream)
    console.print()


def _kcal(estimate: Estimate) -> str:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return f"unknown: {inside(estimate.why_unknown or '')}"
    return f"{estimate.value:.0f} kcal ({estimate.low:.0f}–{estimate.high:.0f})"


def print_exercises(found: Sequence[Exercise], *, width: int | None = None, stream: TextIO | None = None) -> None:
    """Exercises: how, why, what to feel and avoid, and how much at each level."""
    console = console_on(stream, width)
    for exercise in found:
        console.print(
            Text(f"\n{exercise.name}", STRONG).append(f"  {listed([str(t) for t in exercise.targets])}", QUIET)
        )
        for number, step in enumerate(exercise.how, start=1):
            print_line(console, Text(f"{number}. {step}"))
        for name, words in (("Why", exercise.why), ("Feel", exercise.feel), ("Avoid", exercise.avoid)):
            print_line(console, Text(f"{name}: ", STRONG).append(words, "not bold"))
        doses = ", ".join(f"{level}: {_dose_words(dose)}" for level, dose in exercise.doses.items())
        print_line(console, Text(doses, QUIET))
        print_line(console, Text(cited_words(exercise.sources), QUIET))
    console.print()


# -- a session in words -----------------------------------------------------------------------------------------------


def day_words(day: dt.date) -> str:
    """A day as people say it: "Sunday 22 November 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def _as_bouts(session: Session) -> list[Bout]:
    edges = np.concatenate([[0.0], np.cumsum([step.duration_s for step in session.steps])])
    return [
        Bout(float(start), float(end), step.gait, step.direction, 1.0, ("plan",))
        for step, start, end in zip(session.steps, edges[:-1], edges[1:], strict=True)
    ]


def _as_recording(session: Session) -> Recording:
    """A picture's worth of recording: every step at its own or the drawn speed."""
    seconds = np.arange(int(session.duration_s) + 1, dtype=float)
    edges = np.cumsum([step.duration_s for step in session.steps])
    which = np.minimum(np.searchsorted(edges, seconds, side="right"), len(session.steps) - 1)
    speeds = np.array([_drawn_speed(step) for step in session.steps])
    return Recording(Origin("plan", "plan"), None, track=Stream(seconds, {"speed_mps": speeds[which]}))


def _drawn_speed(step: Step) -> float:
    return step.speed_mps if step.speed_mps is not None else _DRAWN_MPS.get(step.gait, 1.0)


def listed(words: Sequence[str]) -> str:
    """Words with commas and a last "and"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
