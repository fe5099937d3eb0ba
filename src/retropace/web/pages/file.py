"""File: the recording as a thing that is kept: what it is called, which column is what, and taking it out for good."""

from collections.abc import Callable

from starlette.responses import Response

from retropace.errors import NotFound, RetropaceError, UnusableInput
from retropace.intake import explain, intake_again
from retropace.readers import Columns, UnknownColumns, read_bytes
from retropace.store.recordings import Kept
from retropace.store.records import unpacked
from retropace.web.column_form import ColumnForm, form_for, groups, said
from retropace.web.days import short_day
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say
from retropace.web.visit import Visit

_LONGEST_NOTE = 120


def file(visit: Visit) -> Response:
    """What it is called, which column is what where somebody had to say so, the original, and the way out."""
    return _shown(visit, _kept(visit))


def name(visit: Visit) -> Response:
    """Keep what its owner calls it."""
    kept = _kept(visit)
    try:
        note = visit.text("note", _LONGEST_NOTE)
    except UnusableInput as error:
        return _shown(visit, kept, refused=error)
    visit.recordings.keep_note(kept.id, note)
    told = say("It is called “{name}” now.", name=note) if note else say("It has no name of its own now.")
    return see_other(visit, f"/sessions/{kept.id}", told)


def columns(visit: Visit) -> Response:
    """Read it again by what is said of its columns now."""
    kept = _kept(visit)
    try:
        told = said(visit)
        if told is None:
            return see_other(visit, f"/sessions/{kept.id}/file")
        intake_again(visit.notebook, visit.recordings, kept, told[1], visit.today)
    except NotFound:
        raise
    except RetropaceError as error:
        return _shown(visit, kept, refused_columns=error)
    explain(visit.notebook, *told)
    return see_other(visit, f"/sessions/{kept.id}", say("It is read that way now."))


def going(visit: Visit) -> Response:
    """What goes when it is deleted, said before."""
    kept = _kept(visit)
    return page(
        visit,
        "delete.html",
        tab="sessions",
        kept=kept,
        day=short_day(kept.day, visit.today),
        corrections=len(visit.recordings.corrections(kept.id)),
        logged=any(entry.day == kept.day for entry in visit.notebook.log()),
    )


def gone(visit: Visit) -> Response:
    """Delete it."""
    kept = _kept(visit)
    visit.recordings.remove(kept.id)
    return see_other(visit, "/sessions", say("{name} is deleted.", name=kept.note or kept.name))


def _kept(visit: Visit) -> Kept:
    return visit.recordings.get(visit.path("recording"))


def _shown(
    visit: Visit,
    kept: Kept,
    refused: UnusableInput | None = None,
    refused_columns: RetropaceError | None = None,
) -> Response:
    return page(
        visit,
        "file.html",
        status=200 if refused is None and refused_columns is None else 400,
        tab="sessions",
        kept=kept,
        day=short_day(kept.day, visit.today),
        note=kept.note if refused is None else "",
        refused=refused,
        columns=_column_form(visit, kept),
        column_groups=groups(),
        refused_columns=refused_columns,
    )


def _column_form(visit: Visit, kept: Kept) -> ColumnForm | None:
    """What is asked about its columns; None for a file that explains itself."""
    if kept.column_map is None:
        return None
    try:
        read_bytes(kept.name, visit.recordings.original(kept))
    except UnknownColumns as unknown:
        return form_for(visit, unknown, unpacked(kept.column_map, Columns))
    except RetropaceError:
        return None
    return None


def _door(path: str, answer: Callable[[Visit], Response], method: str = "GET") -> Door:
    return Door(f"/sessions/{{recording}}{path}", answer, methods=(method,))


DOORS = (
    _door("/file", file),
    _door("/name", name, "POST"),
    _door("/columns", columns, "POST"),
    _door("/delete", going),
    _door("/delete", gone, "POST"),
)
