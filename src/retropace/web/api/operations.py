"""Operations: everything a program may ask for. Each is a line in `OPERATIONS` and a short function."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.responses import Response

from retropace.claims import claims
from retropace.digest import digests
from retropace.errors import NotFound, UnusableInput
from retropace.files import require_near
from retropace.intake import intake
from retropace.person import Person, checked
from retropace.quantities import Direction
from retropace.recording import Declared
from retropace.rules import rules_on
from retropace.screening import screen
from retropace.situation import day_of
from retropace.store import Screened
from retropace.views.document import Document, document
from retropace.web.api import shapes
from retropace.web.api.operation import Operation
from retropace.web.doors import Needs
from retropace.web.reviews import review
from retropace.web.visit import Visit, day_from
from retropace.writers.plan_json import ProgrammePart, clearance_part, day_part, programme_part

#: A page of recordings holds this many, and no more than that.
USUAL_OUTINGS, MOST_OUTINGS = 50, 500


# -- the person ----------------------------------------------------------------------------------------------------------


def read_shown(visit: Visit) -> shapes.Shown:
    """Name, units, zone."""
    settings = visit.notebook.settings()
    return shapes.Shown(settings.name, settings.system, settings.zone)


def keep_shown(visit: Visit, told: shapes.Shown) -> shapes.Shown:
    """Keep name, units, zone."""
    if told.zone is not None:
        _require_zone(told.zone)
    if len(told.name) > 200 or not told.name.isprintable():
        raise UnusableInput("This name cannot be used", field="name", remedy="Give up to 200 letters.")
    notebook = visit.notebook
    notebook.keep_settings(replace(notebook.settings(), name=told.name, system=told.system, zone=told.zone))
    return read_shown(visit)


def _require_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnusableInput(f"{name!r} is no time zone", field="zone", remedy="Give one as Europe/Berlin.") from error


def read_body(visit: Visit) -> Person:
    """Mass, height, age and the like."""
    return visit.notebook.person()


def keep_body(visit: Visit, told: Person) -> Person:
    """Keep them; out of range is refused."""
    for name in (
        "mass_kg",
        "height_m",
        "age_years",
        "resting_heart_rate_bpm",
        "backward_energy_ratio",
        "backward_sessions",
    ):
        value = getattr(told, name)
        if value is not None:
            checked(name, value, shapes.BODY)
    if told.sex not in (None, "female", "male"):
        raise UnusableInput(f"{told.sex!r} cannot be used", field="sex", remedy="Give female, male or null.")
    visit.notebook.keep_person(replace(told, baseline=visit.notebook.person().baseline))
    return visit.notebook.person()


# -- screening, plan -----------------------------------------------------------------------------------------------------


def read_screenings(visit: Visit) -> list[shapes.Screening]:
    """Every screening with its clearance, oldest first."""
    return [_screening(screened) for screened in visit.notebook.screenings()]


def keep_screening(visit: Visit, told: shapes.ScreenedPart) -> shapes.Screening:
    """Keep a screening and say what follows."""
    screened = shapes.screened_of(told)
    if screened.answers.day > visit.today:
        raise UnusableInput(f"{screened.answers.day} is still to come", field="answers.day", remedy="Give today.")
    answer = _screening(screened)
    visit.notebook.keep_screened(screened)
    return answer


def _screening(screened: Screened) -> shapes.Screening:
    clearance = screen(screened.answers, screened.place, rules_on(screened.answers.day))
    return shapes.Screening(shapes.ScreenedPart(screened.answers, screened.place), clearance_part(clearance))


def read_wanted(visit: Visit) -> shapes.WantedPart:
    """Goal and calendar."""
    wanted = visit.notebook.wanted()
    if wanted is None:
        raise NotFound("No goal has been said yet", remedy="PUT one.")
    return shapes.wanted_part(wanted)


def keep_wanted(visit: Visit, told: shapes.WantedPart) -> shapes.WantedPart:
    """Keep goal and calendar."""
    visit.notebook.keep_wanted(shapes.wanted_of(told))
    return read_wanted(visit)


def undo_wanted(visit: Visit) -> shapes.Done2xx:
    """Bring back what was wanted before."""
    return shapes.Done2xx(visit.notebook.undo_wanted())


def read_programme(visit: Visit) -> ProgrammePart:
    """The weeks as they go on from the log."""
    return programme_part(visit.situation.programme)


def read_today(visit: Visit) -> shapes.Today:
    """Today and what comes next."""
    here = visit.situation
    return shapes.Today(day_part(day_of(here)), shapes.next_part(here.following))


# -- log -----------------------------------------------------------------------------------------------------------------


def read_log(visit: Visit) -> list[shapes.DatedEntry]:
    """Every entry, oldest first."""
    return [shapes.dated(entry) for entry in visit.notebook.log()]


def read_entry(visit: Visit) -> shapes.DatedEntry:
    """One day's entry."""
    day = _day(visit)
    found = next((entry for entry in visit.notebook.log() if entry.day == day), None)
    if found is None:
        raise NotFound(f"Nothing was told of {day}")
    return shapes.dated(found)


def keep_entry(visit: Visit, told: shapes.Entry) -> shapes.NextPart:
    """Keep a day's entry; what comes next because of it."""
    day = _day(visit)
    if day > visit.today:
        raise UnusableInput(f"{day} is still to come", field="day", remedy="Tell it once it is over.")
    _ = visit.situation  # somebody who is not screened has nothing to tell
    visit.notebook.keep_entry(shapes.entry_of(day, told))
    return shapes.next_part(_again(visit).situation.following)


def remove_entry(visit: Visit) -> shapes.NextPart:
    """Take a day's entry out; what comes next without it."""
    visit.notebook.remove_entry(_day(visit))
    return shapes.next_part(_again(visit).situation.following)


def _again(visit: Visit) -> Visit:
    """The same visit, which has looked at nothing yet."""
    return replace(visit)


def _day(visit: Visit) -> dt.date:
    day = day_from(visit.path("day"), "day")
    require_near(day, "day")
    return day


# -- recordings ----------------------------------------------------------------------------------------------------------


def read_outings(visit: Visit) -> shapes.Outings:
    """Recordings in short, newest first."""
    first = _whole(visit, "first", 0, 10**9) or 0
    most = _whole(visit, "most", 1, MOST_OUTINGS) or USUAL_OUTINGS
    found = digests(visit.notebook, visit.recordings)
    return shapes.Outings(len(found), first, tuple(map(shapes.outing, found[first : first + most])))


def _whole(visit: Visit, name: str, low: int, high: int) -> int | None:
    text = visit.asked(name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12 and low <= int(text) <= high):
        raise UnusableInput(f"{text[:40]!r} cannot be used", field=name, remedy=f"Give a number from {low} to {high}.")
    return int(text)


def bring(visit: Visit, content: bytes) -> list[shapes.Brought]:
    """Keep every recording in a file or zip."""
    if not content:
        raise UnusableInput("There is nothing in the body", field="body", remedy="Send the file's bytes.")
    name = visit.asked("name", "file").replace("\\", "/").rpartition("/")[2][:200] or "file"
    return [shapes.brought(outcome) for outcome in intake(visit.notebook, visit.recordings, name, content, visit.today)]


def read_outing(visit: Visit) -> Document:
    """What happened in one recording."""
    found = review(visit.notebook, visit.recordings, visit.path("id"))
    return document(found.summary, series=visit.asked("series") == "yes")


def remove_outing(visit: Visit) -> shapes.Done2xx:
    """Delete a recording with its original, corrections and figures."""
    visit.recordings.remove(visit.path("id"))
    return shapes.Done2xx(done=True)


def read_original(visit: Visit) -> Response:
    """The file as it came."""
    kept = visit.recordings.get(visit.path("id"))
    headers = {"content-disposition": f'attachment; filename="{kept.id}"', "cache-control": "no-store"}
    return Response(visit.recordings.original(kept), media_type="application/octet-stream", headers=headers)


def read_corrections(visit: Visit) -> list[shapes.Correction]:
    """The corrections that count, in the order they were made."""
    kept = visit.recordings.get(visit.path("id"))
    return [shapes.Correction(c.start_s, c.end_s, c.direction) for c in visit.recordings.corrections(kept.id)]


def correct(visit: Visit, told: shapes.Correction) -> list[shapes.Correction]:
    """Lay one more correction over a recording."""
    kept = visit.recordings.get(visit.path("id"))
    if not 0 <= told.start_s < told.end_s <= kept.duration_s + 1:
        remedy = f"Give from and to within 0 and {kept.duration_s:g} s."
        raise UnusableInput("This stretch does not lie in the recording", field="start_s", remedy=remedy)
    visit.recordings.correct(kept.id, Declared(told.start_s, told.end_s, Direction(told.direction), "person"))
    return read_corrections(visit)


def undo_correction(visit: Visit) -> list[shapes.Correction]:
    """Take the latest correction back."""
    visit.recordings.undo(visit.recordings.get(visit.path("id")).id)
    return read_corrections(visit)


def redo_correction(visit: Visit) -> list[shapes.Correction]:
    """Bring the correction back that was taken back last."""
    visit.recordings.redo(visit.recordings.get(visit.path("id")).id)
    return read_corrections(visit)


# -- evidence ------------------------------------------------------------------------------------------------------------


def read_claims(_visit: Visit) -> list[shapes.ClaimPart]:
    """Popular claims and what is known."""
    return [
        shapes.ClaimPart(c.key, c.claim, c.topic, c.verdict, c.holds, c.number, c.explanation, c.sources)
        for c in claims()
    ]


_OUTINGS = (("first", "how many to leave out"), ("most", f"how many at most, up to {MOST_OUTINGS}"))
_CORRECTIONS = list[shapes.Correction]

OPERATIONS: tuple[Operation, ...] = (
    Operation("GET", "/settings", "Name, units and zone", read_shown, shapes.Shown),
    Operation("PUT", "/settings", "Keep name, units and zone", keep_shown, shapes.Shown, shapes.Shown),
    Operation("GET", "/body", "Mass, height, age and the like", read_body, Person),
    Operation("PUT", "/body", "Keep mass, height, age and the like", keep_body, Person, Person),
    Operation("GET", "/screenings", "Every screening with its clearance", read_screenings, list[shapes.Screening]),
    Operation("POST", "/screenings", "Answer a screening", keep_screening, shapes.Screening, shapes.ScreenedPart),
    Operation("GET", "/wanted", "Goal and calendar", read_wanted, shapes.WantedPart, fails=(404,)),
    Operation("PUT", "/wanted", "Keep goal and calendar", keep_wanted, shapes.WantedPart, shapes.WantedPart),
    Operation("POST", "/wanted/undo", "Bring back the goal and calendar of before", undo_wanted, shapes.Done2xx),
    Operation("GET", "/programme", "The weeks as they go on from the log", read_programme, ProgrammePart),
    Operation("GET", "/today", "Today, and what comes next", read_today, shapes.Today),
    Operation("GET", "/log", "Every log entry", read_log, list[shapes.DatedEntry]),
    Operation("GET", "/log/{day}", "One day's entry", read_entry, shapes.DatedEntry, fails=(404,)),
    Operation("PUT", "/log/{day}", "Keep a day's entry", keep_entry, shapes.NextPart, shapes.Entry, fails=(404,)),
    Operation("DELETE", "/log/{day}", "Take a day's entry out", remove_entry, shapes.NextPart, fails=(404,)),
    Operation("GET", "/sessions", "Recordings in short, newest first", read_outings, shapes.Outings, asks=_OUTINGS),
    Operation(
        "POST",
        "/sessions",
        "Bring a recording or a zip of them",
        bring,
        list[shapes.Brought],
        bytes,
        asks=(("name", "what the file is called"),),
    ),
    Operation(
        "GET",
        "/sessions/{id}",
        "What happened in one recording",
        read_outing,
        Document,
        fails=(404,),
        asks=(("series", "yes: with the once-a-second channels"),),
    ),
    Operation("DELETE", "/sessions/{id}", "Delete a recording for good", remove_outing, shapes.Done2xx, fails=(404,)),
    Operation("GET", "/sessions/{id}/original", "The file as it came", read_original, bytes, fails=(404,)),
    Operation("GET", "/sessions/{id}/corrections", "The corrections", read_corrections, _CORRECTIONS, fails=(404,)),
    Operation(
        "POST",
        "/sessions/{id}/corrections",
        "Correct a stretch",
        correct,
        _CORRECTIONS,
        shapes.Correction,
        fails=(404,),
    ),
    Operation(
        "POST", "/sessions/{id}/corrections/undo", "Take the latest back", undo_correction, _CORRECTIONS, fails=(404,)
    ),
    Operation("POST", "/sessions/{id}/corrections/redo", "Bring it back", redo_correction, _CORRECTIONS, fails=(404,)),
    Operation(
        "GET", "/evidence", "Popular claims, and what is known", read_claims, list[shapes.ClaimPart], needs=Needs.NOBODY
    ),
)
