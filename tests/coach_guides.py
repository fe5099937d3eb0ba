"""Guides for tests of the live coach, as a page gets them."""

import json
from dataclasses import replace
from typing import Any

from coach_people import MONDAY, RULES, clearance
from made_sessions import FREE, reverse, stand, walk
from retropace.doses import Goal
from retropace.guide import guide, guide_json
from retropace.place import Place, Surface, Watcher
from retropace.programme import build
from retropace.screening import Limits
from retropace.session import Session
from retropace.timetable import Calendar
from retropace.voice import table, voiced

TRACK = Place(surface=Surface.TRACK, clear_length_m=120.0, watcher=Watcher.NOBODY)
#: Where each clip lies in the recording of the voice.
CLIPS = {name: list(where) for name, where in table().items()}


def told(session: Session, limits: Limits = FREE) -> Any:
    """The guide of `session` as plain JSON."""
    return json.loads(json.dumps(voiced(guide_json(guide(session, limits, TRACK, RULES)))))


def forty_minutes() -> Any:
    """The guide of the longest session of a programme towards fast intervals, begun again until it lasts forty minutes."""
    who = clearance()
    plan = build(who, Goal.INTERVALS, Calendar(MONDAY, 12), RULES)
    sessions = [day.session for week in plan.weeks for day in week.days if day.session is not None]
    longest = max(sessions, key=lambda session: session.duration_s)
    steps = longest.steps
    while sum(step.duration_s for step in steps) < 2400:
        steps = (*steps, *longest.steps[len(steps) % 2 + 1 :][:4])
    return told(replace(longest, steps=steps), who.limits)


def short() -> Any:
    """Less than half a minute: twice backward, standing between."""
    return told(Session("Short", (walk(6), reverse(8), stand(6), reverse(4), walk(2))))


def mixed() -> Any:
    """Four minutes of everything: long and short pieces, backward after walking, standing and backward, forward running."""
    steps = (walk(60), reverse(20), walk(40), reverse(12), stand(10), reverse(12, 0.9), reverse(8), walk(2), reverse(8))
    return told(Session("Mixed", (*steps, walk(30), reverse(15), walk(20))))
