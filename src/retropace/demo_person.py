"""Demo person: five weeks of somebody who never was, so that every page has something to show. All of it is simulated."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from retropace.digest import digests
from retropace.doses import Goal
from retropace.errors import NotBegun
from retropace.exercises import Workout
from retropace.log import Done, LogEntry, Part, Side, Where
from retropace.person import Person
from retropace.place import Place, Surface, Watcher
from retropace.programme import Day, Kind
from retropace.progression import with_summary
from retropace.quantities import Direction
from retropace.readers import read_bytes
from retropace.rules.questionnaire import questions
from retropace.screening import Answers
from retropace.session import Session
from retropace.simulate import Following, Runner, simulate
from retropace.simulate.demo import DEMO_PLACE, DEMO_WATCH
from retropace.situation import day_of, situation
from retropace.store import Screened, Settings, Wanted
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.summary import summarise
from retropace.timetable import Calendar
from retropace.writers.fit import activity_bytes

#: Weeks of history, and weeks of the programme in all.
WEEKS_DONE, WEEKS = 5, 12
BODY = Person(mass_kg=68.0, height_m=1.72, age_years=38, sex="female", resting_heart_rate_bpm=58)
PLACE = Place(Surface.GRASS, 0.0, 80.0, 5.0, dry=True, daylight=True, others=False, watcher=Watcher.SPOTTER)
#: Home tests at the start and after four weeks.
FIRST_TESTS = {
    "backward_walk_3m_s": 3.1,
    "single_leg_left_s": 31.0,
    "single_leg_right_s": 38.0,
    "sit_to_stand_5_s": 10.0,
    "heel_raises_left": 22.0,
    "heel_raises_right": 24.0,
    "neck_left_deg": 62.0,
    "neck_right_deg": 65.0,
}
LATER_TESTS = FIRST_TESTS | {
    "backward_walk_3m_s": 2.7,
    "single_leg_left_s": 45.0,
    "single_leg_right_s": 45.0,
    "heel_raises_left": 25.0,
}
#: Questions whose answers are no part of `Answers.health`.
_OWN = frozenset({"pregnant", "active", "knee_rehabilitation", "clinician_agrees"})
_LEFT_CALF: Where = (Part.CALF, Side.LEFT)
_RIGHT_CALF: Where = (Part.CALF, Side.RIGHT)


def fill(
    notebook: Notebook, recordings: Recordings, today: dt.date, *, tell: Callable[[dt.date], None] | None = None
) -> None:
    """Live the five weeks before `today` in an empty notebook: screening, plan, sessions with recordings, log.

    The same day gives the same person. `tell` hears of each day as it is done.
    """
    notebook.begin(simulated=True)
    notebook.keep_settings(Settings(name="Demo person"))
    notebook.keep_person(BODY)
    first = today - dt.timedelta(days=today.weekday() + 7 * WEEKS_DONE)
    notebook.keep_screened(_screened(first, FIRST_TESTS))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(first, WEEKS)))
    done = 0
    for number in range((today - first).days):
        day = first + dt.timedelta(days=number)
        if number == 28:  # tested again after four weeks
            notebook.keep_screened(_screened(day, LATER_TESTS))
        done += _lived(notebook, recordings, day, done, today)
        if tell is not None:
            tell(day)
    digests(notebook, recordings)  # so that nobody waits for figures on the first page


def _screened(day: dt.date, tests: dict[str, float]) -> Screened:
    answered = Answers(
        day,
        BODY.age_years,
        BODY.sex,
        pregnant=False,
        active=True,
        ordinary_runs_per_week=2,
        knee_rehabilitation=False,
        health={key: False for key, asked in questions(day).items() if asked.answers == "yes_no" and key not in _OWN},
        tests=tests,
    )
    return Screened(answered, PLACE)


def _lived(notebook: Notebook, recordings: Recordings, day: dt.date, done: int, today: dt.date) -> int:
    """One day as planned: its home exercises, and where there is a session, that with its recording and log; 1 for one."""
    try:
        planned = day_of(situation(notebook, day))
    except NotBegun:
        return 0
    if planned.workout is not None and day.day % 5:  # now and then a workout is left out
        _worked_out(notebook, day, planned.workout)
    if planned.session is None or day.day % 11 == 0:  # and a session missed
        return 0
    entry = _entry(day, done, walk=planned.kind is Kind.BACKWARD_WALK)
    if day.day % 7 != 3:  # once in a while the watch stayed at home
        entry = _recorded(recordings, planned, planned.session, entry, done)
    notebook.keep_entry(replace(entry, nothing=_nothing(entry, (today - day).days)))
    return 1


def _worked_out(notebook: Notebook, day: dt.date, workout: Workout) -> None:
    for item in workout.items:
        notebook.keep_exercise_done(day, item.exercise)


def _entry(day: dt.date, done: int, *, walk: bool) -> LogEntry:
    """Calves that are sore at first and then less, as they are after a first bout of anything new."""
    sore = max(0.0, 4.0 - 0.7 * done)
    soreness = {_LEFT_CALF: round(sore), _RIGHT_CALF: round(0.6 * sore)} if round(sore) else {}
    return LogEntry(
        day,
        Done.ALL if done != 6 else Done.PARTLY,
        effort=3.0 if walk else 4.0 + (done % 3 == 2),
        soreness_24h=dict(soreness),
        soreness_48h={place: max(0, value - 2) for place, value in soreness.items() if value > 2},
        neck_strain=2.0 if done < 3 else 1.0,
        stumbles=int(done == 1),
        sleep_hours=7.5,
        backward_walk=walk,
    )


def _nothing(entry: LogEntry, ago: int) -> tuple[str, ...]:
    """What was asked by now, so many days ago, and there was nothing to tell; the last days' questions are still open."""
    asked = {"pain_during": 0, "pain_hour": 0, "pain_morning": 2, "soreness_24h": 2, "soreness_48h": 4}
    return tuple(name for name, days in asked.items() if ago >= days and not getattr(entry, name))


def _recorded(recordings: Recordings, planned: Day, session: Session, entry: LogEntry, done: int) -> LogEntry:
    """The session as a watch recorded it, kept, and the entry with what was measured."""
    backward = [n for n, step in enumerate(session.steps) if step.direction is Direction.BACKWARD]
    cut = ((backward[-1], 6.0),) if done == 6 and backward else ()
    runner = Runner(mass_kg=68.0, height_m=1.72, run_mps=2.5, backward_run_mps=1.55 + 0.02 * done)
    following = Following(lead_s=8.0, late_s=(0.5, 3.0), cut_short=cut)
    start = dt.datetime.combine(planned.date, dt.time(17, 5), dt.UTC)
    made, _ = simulate(session, runner, DEMO_PLACE, DEMO_WATCH, 100 + done, start, following, dt.timedelta(hours=1))
    content = activity_bytes(made)
    name = f"{planned.date}-simulated.fit"
    recording = read_bytes(name, content)
    recordings.add(name, content, recording, planned.date, session)
    return with_summary(entry, summarise(recording, BODY, session))
