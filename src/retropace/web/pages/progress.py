"""Progress: what the sessions amount to, picture by picture, and the same on one page for a physiotherapist."""

import time

from starlette.responses import Response

from retropace.digest import Digest, remade, standing
from retropace.errors import NotBegun
from retropace.progress import USUAL_WEEKS, progress
from retropace.report import EVERYTHING, Asked, report
from retropace.rules import rules_on
from retropace.situation import Situation
from retropace.web.doors import Door
from retropace.web.frame import page
from retropace.web.progress.amount import kept_picture, longest_picture, record_rows, weeks_picture
from retropace.web.progress.ease import cost_picture, effort_picture, heart_picture, ratio_picture
from retropace.web.progress.felt import home_tests, soreness_picture
from retropace.web.progress.headline import headline
from retropace.web.visit import Visit

#: How long somebody waits for figures that are missing before the rest is shown without them [s].
_PATIENCE_S = 2.0


def show(visit: Visit) -> Response:
    """The pictures of the last twelve weeks, or of all."""
    every = visit.asked("range") == "all"
    here = situation_of(visit)
    digests, waiting = made_digests(visit)
    found = progress(
        visit.notebook,
        digests,
        visit.today,
        here=here,
        person=visit.notebook.person(),
        last_weeks=None if every else USUAL_WEEKS,
    )
    if not visit.may_see("log"):
        found = found.without_log()
    system = visit.settings.system
    return page(
        visit,
        "progress.html",
        tab="progress",
        found=found,
        every=every,
        waiting=waiting,
        own=visit.own,
        week=_week(here),
        begun=here is not None,
        headline=headline(found),
        weeks=weeks_picture(found, _to_come_s(here)),
        amounts=[longest_picture(found), kept_picture(found)],
        records=record_rows(found, system),
        eases=[ratio_picture(found), heart_picture(found, system), cost_picture(found, system)],
        felt=[soreness_picture(found), effort_picture(found)] if visit.may_see("log") else None,
        tests=home_tests(found, rules_on(visit.today)) if visit.may_see("screening") else None,
        sees_sessions=visit.may_see("sessions"),
    )


def situation_of(visit: Visit) -> Situation | None:
    """Where the person stands; None where a screening or a goal is missing, or nothing may be done for now."""
    try:
        return visit.situation
    except NotBegun:
        return None


def made_digests(visit: Visit) -> tuple[list[Digest], int]:
    """The digests there are, and how many recordings wait for theirs; for some seconds missing ones are made."""
    until = time.monotonic() + _PATIENCE_S
    found, waiting = [], 0
    for kept, made in standing(visit.notebook, visit.recordings):
        digest = made
        if digest is None and time.monotonic() < until:
            digest = remade(visit.notebook, visit.recordings, kept)
            if digest is None:  # it was removed meanwhile
                continue
        if digest is None:
            waiting += 1
        else:
            found.append(digest)
    return found, waiting


def _week(here: Situation | None) -> tuple[int, int] | None:
    """The number of this week, and of all weeks; None before the first and after the last."""
    if here is None:
        return None
    calendar = here.wanted.calendar
    number = (here.today - calendar.start).days // 7 + 1
    return (number, calendar.weeks) if 1 <= number <= calendar.weeks else None


def _to_come_s(here: Situation | None) -> float | None:
    """Seconds backward that are still planned this week."""
    if here is None or _week(here) is None or not here.programme.weeks:
        return None
    return here.programme.weeks[0].reverse_s


def printed(visit: Visit) -> Response:
    """One page for a physiotherapist, as a PDF."""
    digests, _ = made_digests(visit)
    every = visit.asked("range") == "all"
    asked = Asked(
        visit.now,
        paper="us-letter" if visit.asked("paper") == "us-letter" else "a4",
        system=visit.settings.system,
        shows=frozenset(part for part in EVERYTHING if visit.may_see(part)),
        last_weeks=None if every else USUAL_WEEKS,
    )
    made = report(visit.notebook, visit.recordings, digests, asked)
    headers = {"content-disposition": f'attachment; filename="{made.file_name}"', "cache-control": "no-store"}
    return Response(made.content, media_type=made.media_type, headers=headers)


DOORS = (
    Door("/progress", show, shares="progress"),
    Door("/progress/report.pdf", printed, shares="progress"),
)
