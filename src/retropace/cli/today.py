"""`retropace today`: what this day holds, and why it is so."""

import datetime as dt
import sys
from argparse import Namespace

from retropace.cli.situation import Situation, as_json, folder_of, situation, today_of
from retropace.cues import Cue, timeline
from retropace.place import Surface, Watcher
from retropace.programme import Day, Kind, Week, session_on
from retropace.session import Session
from retropace.views.coaching import print_cues, print_day, print_next_words, print_reasons


def run(options: Namespace) -> int:
    """The session of today in one sentence and one picture with its reasons; else what there is, and what comes next."""
    here = situation(folder_of(options), today_of(options))
    day = day_of(here)
    if options.json:
        sys.stdout.write(as_json({"day": day, "next": here.following}))
        return 0
    print_day(day)
    if day.session is None:
        print_next_words(here.following)
        return 0
    print_reasons(here.following.reasons)
    if options.cues:
        print_cues(cues_of(here, day.session))
    return 0


def cues_of(here: Situation, session: Session) -> tuple[Cue, ...]:
    """What is said in `session` at the person's own place, with who looks out there and the neck as it was last told."""
    place = here.screened.place
    strain = here.neck_strain
    return timeline(
        session,
        here.clearance.limits,
        here.rules,
        week=next((week.number for week in here.programme.weeks if session_in(week, here.today)), 1),
        spotter=place.watcher is Watcher.SPOTTER,
        mirror=place.watcher is Watcher.MIRROR,
        neck_strain=strain,
        clear_length_m=place.clear_length_m,
        treadmill=place.surface is Surface.TREADMILL,
    )


def session_in(week: Week, day: dt.date) -> bool:
    """Whether `day` lies in `week`."""
    return any(planned.date == day for planned in week.days)


def day_of(here: Situation) -> Day:
    """Today by the programme; where the log moved the next session here or away from here, the log's word counts."""
    return session_on(here.programme, here.today, here.following) or Day(here.today, Kind.REST)
