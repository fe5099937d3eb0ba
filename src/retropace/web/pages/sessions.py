"""Sessions: the list of what happened, newest first."""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from functools import partial

from starlette.responses import Response

from retropace.digest import remade, standing
from retropace.errors import StoreFailure
from retropace.store.recordings import Kept
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say, say_count
from retropace.web.listing import Show, Standing, listing
from retropace.web.outing import Logged, Outing, logged, outing
from retropace.web.small_ribbon import patterns_svg
from retropace.web.visit import Visit

#: How long somebody waits for figures that are missing before the rest is shown without them [s].
_PATIENCE_S = 2.0
#: How long one press of the button works at them [s].
_WORK_S = 8.0
#: Before a programme begins, the log is asked of this many days back.
_ASKED_DAYS = 7


def sessions(visit: Visit) -> Response:
    """The list; where there is nothing yet, how to get something into it."""
    asked = next((one for one in Show if one == visit.asked("show")), Show.ALL)
    shown = asked if visit.own or asked is not Show.UNLOGGED else Show.ALL
    rows = listing(
        stand(visit),
        shown,
        _whole_number(visit.asked("page")),
        visit.today,
        log_state(visit),
        partial(outing, system=visit.settings.system, today=visit.today),
    )
    return page(visit, "sessions.html", tab="sessions", listing=rows, own=visit.own, patterns=patterns_svg())


def stand(visit: Visit) -> list[Standing]:
    """Every recording, newest first, with its digest; where many are missing, the oldest of them still are."""
    found = standing(visit.notebook, visit.recordings)
    waiting = [kept for kept, made in found if made is None]
    if not waiting:
        return found
    try:
        _work_out(visit, waiting, _PATIENCE_S)
    except StoreFailure:  # figures that cannot be kept just now must not hide the list
        return found
    return standing(visit.notebook, visit.recordings)


def work_out(visit: Visit) -> Response:
    """Work out figures that are missing, for some seconds; the list says how many are left."""
    waiting = [kept for kept, made in standing(visit.notebook, visit.recordings) if made is None]
    left = len(waiting) - _work_out(visit, waiting, _WORK_S)
    if not left:
        return see_other(visit, "/sessions", say("All sessions are worked out."))
    return see_other(visit, "/sessions", say_count("{count} session is left.", "{count} sessions are left.", left))


def _work_out(visit: Visit, waiting: list[Kept], seconds: float) -> int:
    """How many were worked out in this time, the newest first; at least one."""
    until = time.monotonic() + seconds
    for number, kept in enumerate(waiting):
        if number and time.monotonic() > until:
            return number
        remade(visit.notebook, visit.recordings, kept)
    return len(waiting)


def log_state(visit: Visit) -> Callable[[dt.date], Logged]:
    """Whether the log tells of a day; asked since the programme began, or else of the last week. Only its owner is told."""
    if not visit.own:
        return partial(logged, told=frozenset(), since=dt.date.max)
    wanted = visit.notebook.wanted()
    since = visit.today - dt.timedelta(days=_ASKED_DAYS)
    if wanted is not None:
        since = min(wanted.calendar.start, visit.today)
    return partial(logged, told=frozenset(entry.day for entry in visit.notebook.log()), since=since)


def rows_of(visit: Visit, found: Sequence[Standing]) -> list[Outing]:
    """Rows of chosen recordings, in their order."""
    state = log_state(visit)
    return [outing(kept, made, state(kept.day), visit.settings.system, visit.today) for kept, made in found]


def _whole_number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 1


DOORS = (
    Door("/sessions", sessions, shares="sessions"),
    Door("/sessions/work-out", work_out, methods=("POST",)),
)
