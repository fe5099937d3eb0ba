"""Sessions and limits made up for the tests of pieces and cues."""

import datetime as dt
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st

from retropace.place import Watcher
from retropace.quantities import Direction, Gait
from retropace.rules import Rules, rules_on
from retropace.screening import Limits
from retropace.session import Session, Step

#: A long session takes a while on a busy machine.
unhurried = settings(deadline=None)
RULES: Rules = rules_on(dt.date(2026, 11, 22))
FREE = Limits(
    backward_run=True,
    speed_mps=1.8,
    longest_bout_s=600.0,
    glance_every_s=4.0,
    watchers=(Watcher.NOBODY,),
    start_low=False,
    treadmill_kmh=4.0,
    treadmill_run=False,
)


def walk(seconds: float) -> Step:
    return Step(Gait.WALK, Direction.FORWARD, seconds, "walk")


def reverse(seconds: float, mps: float | None = 1.8) -> Step:
    return Step(Gait.RUN, Direction.BACKWARD, seconds, "reverse run", mps)


def stand(seconds: float, name: str = "stand") -> Step:
    return Step(Gait.STAND, Direction.NONE, seconds, name)


steps = st.builds(
    lambda way, seconds, mps: Step(way[0], way[1], seconds, "", mps if way[1] == Direction.BACKWARD else None),
    st.sampled_from(
        [
            (Gait.WALK, Direction.FORWARD),
            (Gait.RUN, Direction.FORWARD),
            (Gait.RUN, Direction.BACKWARD),
            (Gait.WALK, Direction.BACKWARD),
            (Gait.STAND, Direction.NONE),
        ]
    ),
    st.one_of(st.integers(1, 400), st.floats(1, 400)).map(float),
    st.sampled_from([None, 0.8, 1.6, 2.2]),
)
sessions = st.lists(steps, min_size=1, max_size=14).map(lambda found: Session("any", tuple(found)))
settings_of = st.fixed_dictionaries(
    {
        "week": st.integers(1, 14),
        "spotter": st.booleans(),
        "mirror": st.booleans(),
        "neck_strain": st.sampled_from([0.0, 2.0, 4.0, 9.0]),
        "clear_length_m": st.one_of(st.none(), st.floats(1, 200)),
        "treadmill": st.booleans(),
    }
)
limits = st.builds(
    replace,
    st.just(FREE),
    backward_run=st.booleans(),
    speed_mps=st.sampled_from([0.0, 0.8, 1.8, 2.4]),
    longest_bout_s=st.sampled_from([0.0, 20.0, 600.0]),
    glance_every_s=st.sampled_from([0.0, 3.0, 5.0]),
    clear_run_m=st.sampled_from([None, 0.0, 30.0, 95.0]),
)


def lengthened(session: Session) -> Session:
    return Session("long", tuple(replace(step, duration_s=max(12.0, step.duration_s)) for step in session.steps))
