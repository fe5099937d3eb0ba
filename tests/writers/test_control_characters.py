"""Characters that nothing can show reach no file, whatever somebody called an event and wherever that came from."""

import io
import zipfile
from dataclasses import replace

import pytest

from coach_people import DAY, MONDAY, RULES, clearance
from retropace.doses import Goal
from retropace.programme import Calendar, Programme, build
from retropace.writers import WRITERS, Options, Writer, write

HOSTILE = "Run\x00\x07\x1b[31m\x9b\u202e day"
SIGNS = ("\x00", "\x07", "\x1b", "\x9b", "\u202e", "\\u0007", "\\u001b", "&#7;", "&#27;")


def programme() -> Programme:
    """One whose event stands in days, in reasons of weeks and in the calendar."""
    made = build(clearance(days=200), Goal.REVERSE, Calendar(MONDAY, 2, events={MONDAY + 8 * DAY: HOSTILE}), RULES)
    reasons = (*made.reasons, *(reason for week in made.weeks for reason in week.reasons))
    assert any(HOSTILE in reason.text for reason in reasons)
    return replace(made, reasons=(*made.reasons, reasons[-1]))


def texts(content: bytes) -> str:
    if content[:2] != b"PK":
        return content.decode("utf-8", "replace")
    members = zipfile.ZipFile(io.BytesIO(content))
    return "".join(members.read(name).decode("utf-8", "replace") for name in members.namelist())


@pytest.mark.parametrize(
    "writer",
    [w for w in WRITERS if w.programme and w.key in ("tcx", "intervals", "ics", "markdown", "json")],
    ids=lambda w: w.key,
)
def test_no_file_holds_them(writer: Writer) -> None:
    text = texts(write(programme(), writer.key, Options(person=HOSTILE, where=HOSTILE)).content)
    assert not [sign for sign in SIGNS if sign in text]
