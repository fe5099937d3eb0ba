"""Plan, taken along: the next session or all weeks as files for watches, platforms and paper, each saying what it holds."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from retropace.doses import Goal
from retropace.errors import NotFound, RetropaceError, UnusableInput
from retropace.programme import Programme
from retropace.session import Session
from retropace.situation import Situation
from retropace.views.pose import figure_svg
from retropace.web.doors import Door
from retropace.web.frame import page
from retropace.web.language import say
from retropace.web.plan import words
from retropace.web.visit import Visit
from retropace.writers import BY_KEY, Degree, Feature, Options, Writer, write

#: A calendar file given out on a later day replaces an earlier one: its sequence counts the days from here.
_SEQUENCE_BEGINS = dt.date(2026, 1, 1)
#: What a paper takes long to set is not tried beforehand.
_SLOW = frozenset({"pdf"})


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what to do with the file, how well it holds each feature, and what it loses of this very session.

    `refused` says why the next session cannot be written in it.
    """

    key: str
    name: str
    delivery: str
    holds: tuple[tuple[Degree, tuple[tuple[str, str], ...]], ...]
    notes: tuple[str, ...]
    refused: str
    session: bool
    programme: bool


def formats(visit: Visit) -> Response:
    """Every format, by what it is for."""
    here = visit.situation
    session = here.following.session
    options = options_of(visit, here)
    groups = (
        (say("On your watch, on a platform"), ("fit", "tcx", "intervals", "zwo")),
        (say("On paper"), ("pdf", "markdown")),
        (say("As a file for a calendar or a program"), ("ics", "json")),
    )
    return page(
        visit,
        "plan_export.html",
        tab="plan",
        groups=[(title, [_format(BY_KEY[key], session, here, options) for key in keys]) for title, keys in groups],
        session=session,
        day="" if here.following.day is None else words.date_words(here.following.day),
        weeks=len(here.programme.weeks),
        degree_words=degree_words,
        papers=(("a4", "A4"), ("us-letter", say("US Letter"))),
    )


def download(visit: Visit) -> Response:
    """One file. Raises NotFound for a format there is none of, and as the writers do."""
    writer = BY_KEY.get(visit.path("format"))
    if writer is None:
        raise NotFound(say("There is no such format"))
    here = visit.situation
    written = write(_what(here, visit.asked("what")), writer.key, options_of(visit, here))
    name = f'attachment; filename="{written.file_name}"'
    headers = {"content-disposition": name, "cache-control": "no-store"}
    return Response(written.content, media_type=written.media_type, headers=headers)


def _what(here: Situation, asked: str) -> Session | Programme:
    if asked == "programme":
        return here.programme
    if here.following.session is None:
        raise UnusableInput(say("There is no session to take along"), remedy=say("See Today for what comes first."))
    return here.following.session


def options_of(visit: Visit, here: Situation) -> Options:
    """What the writers are told; made at the day's beginning, so that one day gives the same bytes."""
    return Options(
        made=dt.datetime.combine(here.today, dt.time(), dt.UTC),
        person=visit.owner_settings.name,
        limits=here.clearance.limits,
        treadmill=here.wanted.goal is Goal.TREADMILL,
        place=here.screened.place,
        zone=visit.settings.zone,
        at=_time(visit.asked("at")),
        sequence=max(0, (here.today - _SEQUENCE_BEGINS).days),
        paper="us-letter" if visit.asked("paper") == "us-letter" else "a4",
        system=visit.settings.system,
        figures=figure_svg,
    )


def _time(text: str) -> dt.time:
    """A time of day as 18:00; six in the evening where there is none."""
    try:
        return dt.time.fromisoformat(text) if text else dt.time(18)
    except ValueError as error:
        raise UnusableInput(
            say("{text} is no time of day", text=repr(text)), field="at", remedy=say("Write it as 18:00.")
        ) from error


# -- what a format holds ------------------------------------------------------------------------------------------------


def _format(writer: Writer, session: Session | None, here: Situation, options: Options) -> Format:
    notes, refused = _tried(writer, session, options)
    return Format(
        writer.key,
        writer.name,
        writer.delivery,
        tuple((degree, held) for degree in Degree if (held := _held(writer, degree))),
        notes,
        refused,
        session=writer.session is not None and session is not None and not refused,
        programme=writer.programme is not None and bool(here.programme.weeks) and not refused,
    )


def _tried(writer: Writer, session: Session | None, options: Options) -> tuple[tuple[str, ...], str]:
    """What the format loses of this session, or why it cannot be written."""
    if session is None or writer.session is None or writer.key in _SLOW:
        return (), ""
    try:
        return write(session, writer.key, options).notes, ""
    except RetropaceError as error:
        return (), " ".join(filter(None, (f"{error.what}.", error.remedy)))


def _held(writer: Writer, degree: Degree) -> tuple[tuple[str, str], ...]:
    names = feature_words()
    return tuple((names[key], held.says) for key, held in writer.features.items() if held.degree is degree)


def degree_words(degree: Degree) -> str:
    """How well a format holds something."""
    return {
        Degree.EXACT: say("Holds"),
        Degree.DEGRADED: say("Holds in part"),
        Degree.UNSUPPORTED: say("Cannot hold"),
    }[degree]


def feature_words() -> Mapping[Feature, str]:
    """What a plan holds, in words."""
    return {
        Feature.REPEATS: say("repeats"),
        Feature.NAMES: say("step names"),
        Feature.CUES: say("cues and care"),
        Feature.DIRECTION: say("direction"),
        Feature.TIMES: say("step times"),
        Feature.ROLES: say("warm-up, recovery, cool-down"),
        Feature.SPEEDS: say("step speeds"),
        Feature.DAYS: say("days"),
        Feature.SESSIONS: say("many sessions"),
        Feature.WORKOUTS: say("home workouts"),
        Feature.REASONS: say("limits, reasons, sources"),
    }


DOORS: tuple[Door, ...] = (
    Door("/plan/export", formats, shares="plan"),
    Door("/plan/export/{format}", download, shares="plan"),
)
