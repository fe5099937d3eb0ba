"""People and places for tests of screening: a healthy adult on a clear straight, and anybody anywhere."""

import datetime as dt
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from retropace.log import Done, LogEntry, Part, Side
from retropace.place import Place, Surface, Watcher
from retropace.rules import rules_on
from retropace.rules.questionnaire import home_tests, questions
from retropace.screening import Answers, Clearance, Level

DAY = dt.date(2026, 11, 22)
RULES = rules_on(DAY)
FIELDS = ("age_years", "sex", "pregnant", "active", "ordinary_runs_per_week", "knee_rehabilitation")
HEALTH = [key for key in questions(DAY) if key not in (*FIELDS, "clinician_agrees")]
FLAGS = [key for key, question in questions(DAY).items() if question.see and key != "heart_disease"]
CAUTIONS = [key for key in HEALTH if not questions(DAY)[key].see]
GREEN = {
    "backward_walk_3m_s": 2.6,
    "single_leg_left_s": 45.0,
    "single_leg_right_s": 41.0,
    "sit_to_stand_5_s": 9.0,
    "heel_raises_left": 24.0,
    "heel_raises_right": 26.0,
    "neck_left_deg": 65.0,
    "neck_right_deg": 65.0,
}
EXTRA = {"neck_dizzy": 0.0, "walk_30min_pain": 0.0, "prep_stumbles": 0.0}
#: Figures that are a little worse and much worse, by measure.
WORSE = {
    "backward_walk_3m_s": (4.0, 6.0),
    "single_leg_left_s": (15.0, 7.0, 3.0),
    "single_leg_right_s": (15.0, 7.0, 3.0),
    "sit_to_stand_5_s": (13.0, 17.0),
    "heel_raises_left": (20.0, 9.0),
    "heel_raises_right": (12.0,),
    "neck_left_deg": (50.0, 40.0),
    "neck_right_deg": (50.0, 40.0),
    "neck_dizzy": (1.0,),
    "walk_30min_pain": (3.0, 7.0),
    "prep_stumbles": (2.0,),
}
STRAIGHT = Place(Surface.TRACK, 0.0, 100.0, 4.0, dry=True, daylight=True, others=False, watcher=Watcher.SPOTTER)
HEALTHY = Answers(
    DAY, 34, "female", False, True, 1, False, health=dict.fromkeys(HEALTH, False), tests={**GREEN, **EXTRA}
)


def with_yes(answers: Answers, *keys: str) -> Answers:
    if "pregnant" in keys:
        answers = replace(answers, pregnant=True)
    return replace(answers, health={**answers.health, **{key: True for key in keys if key != "pregnant"}})


def keys_of(clearance: Clearance) -> list[str]:
    return [reason.rule for reason in clearance.reasons]


def entry(day: int, **told: Any) -> LogEntry:
    return LogEntry(DAY + dt.timedelta(days=day), Done.ALL, **told)


KNEE = (Part.KNEE, Side.LEFT)


FIGURES = {
    measure: st.floats(0.85 if test.better == "low" and test.best == 0.8 else 0, 90)
    for test in home_tests(DAY).values()
    for measure in test.measures
}
MAYBE = st.none() | st.booleans()
PEOPLE = st.builds(
    Answers,
    day=st.just(DAY),
    age_years=st.none() | st.floats(5, 95),
    sex=st.sampled_from([None, "female", "male"]),
    pregnant=st.sampled_from([None, False, False, False, True]),
    active=MAYBE,
    ordinary_runs_per_week=st.none() | st.integers(0, 6),
    knee_rehabilitation=MAYBE,
    health=st.dictionaries(st.sampled_from([*HEALTH, "clinician_agrees"]), st.booleans(), max_size=5)
    | st.just(dict.fromkeys(HEALTH, False)),
    tests=st.fixed_dictionaries({}, optional=FIGURES) | st.just({**GREEN, **EXTRA}) | st.just(GREEN),
)
PLACES = st.builds(
    Place,
    surface=st.none() | st.sampled_from(Surface),
    slope=st.none() | st.sampled_from([0.0, 0.005, -0.02, 0.02, 0.05]),
    clear_length_m=st.none() | st.floats(0, 2000),
    clear_width_m=st.none() | st.sampled_from([0.8, 2.0, 4.0]),
    dry=MAYBE,
    daylight=MAYBE,
    others=MAYBE,
    watcher=st.none() | st.sampled_from(Watcher),
    treadmill_clip=MAYBE,
    treadmill_helper=MAYBE,
    treadmill_harness=MAYBE,
)
GOOD_PLACES = st.builds(
    Place,
    surface=st.sampled_from([Surface.TRACK, Surface.GRASS, Surface.ASPHALT, Surface.HALL]),
    slope=st.just(0.0),
    clear_length_m=st.floats(37, 300),
    clear_width_m=st.just(3.0),
    dry=st.just(value=True),
    daylight=st.just(value=True),
    others=st.just(value=False),
    watcher=st.sampled_from(Watcher),
)


def no_looser(tight: Clearance, loose: Clearance) -> bool:
    """Whether `tight` allows no more than `loose`.

    Looks are compared in metres between them, for slower ones may be rarer. Across levels it is another activity: a walker
    may take longer over the same way, and may hold on to a rail.
    """
    levels, a, b = list(Level), tight.limits, loose.limits
    if tight.level is Level.NOT_NOW or levels.index(tight.level) < levels.index(loose.level):
        return tight.level is Level.NOT_NOW
    same = [
        a.speed_mps <= b.speed_mps,
        a.backward_run <= b.backward_run,
        a.start_low >= b.start_low,
        a.treadmill_run <= b.treadmill_run,
        (a.treadmill_kmh or 0) <= (b.treadmill_kmh or 0),
        a.glance_every_s * a.speed_mps <= b.glance_every_s * b.speed_mps + 1e-9,
        b.clear_run_m is None or (a.clear_run_m is not None and a.clear_run_m <= b.clear_run_m),
    ]
    if tight.level is not loose.level:
        return all(same)
    within = [
        a.longest_bout_s <= b.longest_bout_s,
        set(a.watchers) <= set(b.watchers),
    ]
    return all((*same, *within))
