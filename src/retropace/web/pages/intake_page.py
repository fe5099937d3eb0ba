"""Intake: files come in, by a form, one by one from a script, or shared by another app; each with its own answer."""

import json
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from starlette.responses import Response, StreamingResponse

from retropace.digest import digest_of
from retropace.errors import UnusableInput
from retropace.intake import checksum_of, explain
from retropace.web.column_form import ColumnForm, form_for, groups, said
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say, say_count, speak
from retropace.web.memory import give_back
from retropace.web.outing import Logged, Outing
from retropace.web.pages.sessions import log_state, rows_of
from retropace.web.received import Parcel, Received, State, parcels, received
from retropace.web.small_ribbon import patterns_svg
from retropace.web.visit import Visit

#: A form brings no more files than this; a script sends as many as somebody likes, one after the other.
MOST_FILES = 500
#: The files of one sensor recording, in a folder.
_MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class Found:
    """What became of one recording, its row in the list where it has one, and what is asked about its columns."""

    result: Received
    row: Outing | None
    columns: ColumnForm | None
    ident: str


def add(visit: Visit) -> Response:
    """The form alone, and how to get a file out of a watch."""
    return _results(visit, say("Add sessions"), [])


def take_in(visit: Visit) -> Response:
    """Everything that a form brought. One new recording opens its page; otherwise every file has its line."""
    refused = _explained(visit)
    found = [_found(visit, result, refused) for result in received(visit, _sent(visit))]
    if not found:
        return _results(visit, say("No file was chosen"), [])
    if len(found) == 1 and found[0].result.state is State.ADDED and found[0].row is not None:
        return see_other(visit, f"/sessions/{found[0].row.id}", say("Added."))
    return _results(visit, _title(found), found)


def take_one(visit: Visit) -> Response:
    """One file or zip from the page's script: a line of JSON for each recording as soon as it is safe, then an end."""
    refused = _explained(visit)
    # The form's files go when this returns, so they are loaded before; the script sends no more than one recording.
    loaded = [Parcel(parcel.name, partial(bytes, parcel.load())) for parcel in _sent(visit)]
    return StreamingResponse(
        _lines(visit, loaded, refused),
        media_type="application/x-ndjson",
        headers={"content-encoding": "identity", "cache-control": "no-store"},  # not held back to be packed
    )


def shared(visit: Visit) -> Response:
    """Files that another app shared with the installed one."""
    return take_in(visit)


def _sent(visit: Visit) -> list[Parcel]:
    return parcels([*visit.files("files"), *visit.files("folder")])


def _explained(visit: Visit) -> UnusableInput | None:
    """Keep what a column form says; why it cannot be used, where it cannot."""
    try:
        told = said(visit)
    except UnusableInput as error:
        return error
    if told is not None:
        explain(visit.notebook, *told)
    return None


def _lines(visit: Visit, sent: list[Parcel], refused: UnusableInput | None) -> Iterator[str]:
    yield from map(partial(_line, visit, refused), received(visit, sent))
    sent.clear()
    give_back()
    yield '{"end": true}\n'


def _line(visit: Visit, refused: UnusableInput | None, result: Received) -> str:
    found = _found(visit, result, refused)
    shown = page(visit, "result.html", found=found, column_groups=groups()).body
    line = {
        "state": result.state,
        "href": f"/sessions/{found.row.id}" if found.row is not None else None,
        "log": f"/log/{found.row.day}" if found.row is not None and found.row.logged is Logged.OPEN else None,
        "header": checksum_of(result.unknown.header) if result.unknown is not None else None,
        "html": bytes(shown).decode(),
    }
    return json.dumps(line) + "\n"


def _found(visit: Visit, result: Received, refused: UnusableInput | None) -> Found:
    speak(visit.settings.language)  # lines are made in threads of their own
    row = None
    if result.kept is not None:
        made = digest_of(visit.notebook, visit.recordings, result.kept, result.recording)
        row = rows_of(visit, [(result.kept, made)])[0]
    columns = None
    if result.unknown is not None:
        columns = replace(form_for(visit, result.unknown), refused=refused)
    return Found(result, row, columns, secrets.token_hex(4))


# -- the page ---------------------------------------------------------------------------------------------------------


def _results(visit: Visit, title: str, found: list[Found]) -> Response:
    return page(
        visit,
        "results.html",
        tab="sessions",
        title=title,
        found=found,
        added=any(one.result.state in (State.ADDED, State.ALIKE) for one in found),
        to_log=_to_log(visit, found),
        column_groups=groups(),
        patterns=patterns_svg(),
    )


def _title(found: list[Found]) -> str:
    """What happened to all of them together, in one sentence."""
    counts = Counter(one.result.state for one in found)
    added = counts[State.ADDED] + counts[State.ALIKE]
    missing = counts[State.REFUSED] + counts[State.COLUMNS]
    parts = []
    if added:
        parts.append(say_count("{count} session added", "{count} sessions added", added))
    if counts[State.KNOWN]:
        parts.append(say_count("{count} was here already", "{count} were here already", counts[State.KNOWN]))
    if missing:
        parts.append(say_count("{count} could not be read", "{count} could not be read", missing))
    return ", ".join(parts)


def _to_log(visit: Visit, found: list[Found]) -> str:
    """The latest day that came in and is not logged yet, "" where there is none."""
    state = log_state(visit)
    days = [one.row.day for one in found if one.row is not None and state(one.row.day) is Logged.OPEN]
    return max(days).isoformat() if days else ""


DOORS = (
    Door("/sessions/import", add),
    Door("/sessions/import", take_in, methods=("POST",), most_files=MOST_FILES),
    Door("/sessions/import/one", take_one, methods=("POST",), most_files=_MOST_PARTS),
    Door("/sessions/share", shared, methods=("POST",), most_files=MOST_FILES, shared_in=True),
)
