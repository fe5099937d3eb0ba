"""Sessions and programmes made for tests of what writes them."""

import datetime as dt
from functools import cache

from hypothesis import strategies as st

from retropace.errors import OutOfRange, UnusableInput
from retropace.exercises import Dose, Prescribed, Workout
from retropace.place import Place, Surface, Watcher
from retropace.programme import Calendar, Day, Goal, Kind, Programme, Week, build
from retropace.quantities import Direction, Gait
from retropace.rules import Reason, rules_on
from retropace.rules.questionnaire import questions
from retropace.screening import Answers, Clearance, Group, Level, Limits, screen
from retropace.session import Session, Step
from retropace.writers import Options, Written, write

WALK, RUN = (Gait.WALK, Direction.FORWARD), (Gait.RUN, Direction.FORWARD)
BACK, BACK_WALK = (Gait.RUN, Direction.BACKWARD), (Gait.WALK, Direction.BACKWARD)
SIDE, STAND = (Gait.WALK, Direction.SIDEWAYS), (Gait.STAND, Direction.NONE)
MONDAY = dt.date(2026, 11, 23)

LIMITS = Limits(
    backward_run=True,
    speed_mps=1.8,
    longest_bout_s=20.0,
    glance_every_s=4.0,
    watchers=(Watcher.SPOTTER, Watcher.MIRROR),
    start_low=True,
    treadmill_kmh=4.0,
    treadmill_run=False,
)


def step(way: tuple[Gait, Direction], seconds: float, name: str = "", speed_mps: float | None = None) -> Step:
    return Step(*way, seconds, name, speed_mps)


def intervals(times: int, reverse_s: float, walk_s: float = 60.0) -> Session:
    warm_up = (step(WALK, 240, "warm-up walk"), step(BACK_WALK, 20), step(WALK, 60, "warm-up walk"))
    repeats = (step(BACK, reverse_s), step(WALK, walk_s)) * times
    return Session(f"Reverse {times} × {reverse_s:g} s", (*warm_up, *repeats, step(WALK, 300, "cool-down walk")))


def backward_walk(times: int) -> Session:
    repeats = (step(BACK_WALK, 60), step(WALK, 60)) * times
    return Session(f"Backward walk {times} × 1 min", (step(WALK, 300, "warm-up walk"), *repeats))


HOME = Workout(
    "Home A: calves and balance",
    (
        Prescribed("calf_raise", Dose(3, 12, None, "2-0-3", 60, each_side=False)),
        Prescribed("glute_bridge", Dose(2, 12, None, "2-1-2", 60, each_side=False)),
        Prescribed("single_leg_stance", Dose(3, None, 20, None, 30, each_side=True)),
        Prescribed("tandem_walk_backward", Dose(4, 10, None, None, 30, each_side=False)),
        Prescribed("side_plank", Dose(2, None, 20, None, 45, each_side=True)),
        Prescribed("chin_tuck", Dose(2, 8, None, None, 30, each_side=False)),
    ),
    hard_posterior=True,
)
SPIKE = Reason(
    "programme.session_cap",
    "At most a tenth more reverse running than in the longest session of the last 30 days.",
    ("design",),
    {"longest_s": 120.0},
)
SPEED = Reason("screening.speed", "No faster than 1.8 m/s for now: that is a slow reverse jog.", ("hreljac_2005",))
CLEARANCE = Clearance(Level.RUN, Group.BEGINNER, LIMITS, (SPEED,), dt.date(2026, 11, 22), dt.date(2027, 2, 20))
#: Repeats and seconds of each week's reverse session.
DOSES = ((6, 20), (8, 20), (8, 25), (6, 25), (9, 25), (9, 30), (10, 30), (8, 30), (9, 40), (8, 45), (9, 45), (6, 45))


def week(number: int, times: int, reverse_s: float) -> Week:
    first = MONDAY + dt.timedelta(weeks=number - 1)
    date = [first + dt.timedelta(days=k) for k in range(7)]
    deload = number % 4 == 0
    days = (
        Day(date[0], Kind.REVERSE, intervals(times, reverse_s)),
        Day(date[1], Kind.STRENGTH, workout=HOME),
        Day(date[2], Kind.BACKWARD_WALK, backward_walk(min(10, 4 + number))),
        Day(date[3], Kind.REST),
        Day(date[4], Kind.REVERSE, intervals(times, reverse_s)),
        Day(date[5], Kind.EASY, note="An easy forward walk of 20 to 30 minutes, if you like."),
        Day(date[6], Kind.REST),
    )
    why = "A lighter week: what you earned settles." if deload else f"{times} repeats of {reverse_s:g} seconds."
    return Week(number, number - 1, deload, days, (Reason("programme.dose", why, ("design",)),))


def programme(weeks: int = 12, clearance: Clearance = CLEARANCE) -> Programme:
    made = tuple(week(number, *DOSES[(number - 1) % len(DOSES)]) for number in range(1, weeks + 1))
    return Programme(Goal.REVERSE, clearance, Calendar(MONDAY, weeks), made, (SPIKE,))


@cache
def built(goal: Goal, weeks: int = 4) -> Programme:
    """What the coach itself plans for a healthy runner on a clear straight; on a treadmill for that goal."""
    rules = rules_on(MONDAY)
    asked = questions(MONDAY)
    answers = Answers(MONDAY, 35, "female", False, True, 3, False, dict.fromkeys(asked, False), {"backward_walk": 3.0})
    straight = Place(Surface.TRACK, 0.0, 100.0, 3.0, True, True, False, Watcher.SPOTTER)
    belt = Place(Surface.TREADMILL, 0.0, None, None, True, True, False, Watcher.RAIL, True, True, False)
    clearance = screen(answers, belt if goal == Goal.TREADMILL else straight, rules)
    return build(clearance, goal, Calendar(MONDAY, weeks), rules)


# -- any session ------------------------------------------------------------------------------------------------------

WAYS = (WALK, RUN, BACK, BACK_WALK, SIDE, (Gait.RUN, Direction.SIDEWAYS), STAND)
NAMES = st.sampled_from(
    ["", "walk", "reverse run", "Back home", "warm-up walk", "cool-down", "6 x 20 m", "max"]
) | st.text(max_size=40)
SECONDS = st.integers(1, 900).map(float) | st.floats(1, 4000).map(lambda s: round(s, 3))
SPEEDS = st.none() | st.floats(0.3, 6).map(lambda v: round(v, 2))
STEPS = st.builds(step, st.sampled_from(WAYS), SECONDS, NAMES, SPEEDS)
GROUPS = st.tuples(st.integers(1, 12), st.lists(STEPS, min_size=1, max_size=4)).map(lambda group: group[1] * group[0])
SESSIONS = st.builds(
    lambda name, groups: Session(name, tuple(step for group in groups for step in group)),
    st.text(max_size=60) | st.sampled_from(["Reverse 6 × 20 s", "../../etc/passwd", "a" * 300, "日本語のセッション"]),
    st.lists(GROUPS, min_size=1, max_size=6),
)


def written_or_refused(session: Session, kind: str, options: Options | None = None) -> Written | None:
    """The file, or None where it was refused in a sentence that a person can read."""
    try:
        return write(session, kind, options)
    except (OutOfRange, UnusableInput) as error:
        told = str(error)
    assert "\n" not in told
    assert told.endswith(".")
    assert told[0].isupper()
    assert len(told) < 400
    return None
