"""Terminal: one screen, readable without colour, without Unicode and by a machine that only sees a pipe."""

import io
import re
from dataclasses import replace

import pytest

from retropace.claims import claims
from retropace.errors import RetropaceError, UnreadableFile, printable
from retropace.estimate import Estimate
from retropace.metrics import Gap
from retropace.quantities import Direction
from retropace.summary import Summary
from retropace.views.terminal import TableRow, print_claims, print_summary, print_table, progress, table_row

SUMMARIES = ("repeats_summary", "forward_summary", "month_summary", "empty_summary")


class Screen(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        return True


def shown(summary: Summary, width: int = 80, **more: object) -> str:
    stream = io.StringIO()
    print_summary(summary, width=width, stream=stream, **more)  # type: ignore[arg-type]
    return stream.getvalue()


@pytest.mark.parametrize("name", SUMMARIES)
@pytest.mark.parametrize("width", [40, 80, 110])
def test_fits_the_screen_without_colour_codes(request: pytest.FixtureRequest, name: str, width: int) -> None:
    text = shown(request.getfixturevalue(name), width)
    assert max(map(len, text.splitlines())) <= width
    assert "\x1b" not in text


def test_tells_the_same_story(repeats_summary: Summary) -> None:
    text = " ".join(shown(repeats_summary, 110).split())
    for words in (
        "Simulated: nobody ran this.",
        "Tuesday 12 May 2026 · 18:04 · local time, from the file",
        "1:52 backward in 6 repeats, one of them shorter than planned.",
        "forward ›",
        "‹ backward",
        "▮▮▮▮ sure, 97–99 %",
        "plan: planned, and your speed changed with it",
        "?: the phone was in the hand, so no sensor knew which way you faced",
        "Energy of the backward part",
        "Contact time. Unknown: no sensor recorded it.",
        "3 heart rates of zero were taken as missing.",
    ):
        assert words in text


def test_no_note_for_a_column_that_is_not_shown(forward_summary: Summary) -> None:
    silent = {Direction.FORWARD: {"cadence_spm": Estimate.unknown("Nothing counted them there")}}
    assert "counted them there" not in shown(replace(forward_summary, by_direction=silent))


def test_imperial(repeats_summary: Summary) -> None:
    text = shown(repeats_summary, 110, system="imperial")
    assert "mph" in text
    assert " km" not in text


def test_colour_is_for_people_only(repeats_summary: Summary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = Screen()
    print_summary(repeats_summary, width=100, stream=coloured)
    assert re.search(r"\x1b\[[\d;]*38;5;", coloured.getvalue())
    monkeypatch.setenv("NO_COLOR", "1")
    plain = Screen()
    print_summary(repeats_summary, width=100, stream=plain)
    assert not re.search(r"\x1b\[[\d;]*38;", plain.getvalue())
    stripped = re.sub(r"\x1b\[[\d;]*m", "", coloured.getvalue())
    assert stripped == re.sub(r"\x1b\[[\d;]*m", "", plain.getvalue())


def test_a_stream_without_unicode_gets_ascii(repeats_summary: Summary) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="")
    print_summary(repeats_summary, width=80, stream=stream)
    stream.flush()
    text = stream.buffer.getvalue().decode("ascii")
    assert "< backward" in text
    assert "###. fairly" in text
    assert "?" in text
    assert "1.54-1.74" in text


def test_names_cannot_steer_the_terminal(repeats_summary: Summary) -> None:
    evil = "run\x1b[31m\x07[bold]x[/bold].fit"
    origin = replace(repeats_summary.recording.origin, name=evil)
    summary = replace(
        repeats_summary, recording=replace(repeats_summary.recording, origin=origin), unknowns=(Gap(evil, evil, evil),)
    )
    text = shown(summary)
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[bold]x[/bold].fit" in text
    assert printable("a\nb") == "a?b"


def test_closing_table(repeats_summary: Summary, forward_summary: Summary, empty_summary: Summary) -> None:
    stream = io.StringIO()
    refused = UnreadableFile("The file ends in the middle of a record", file="c.gpx")
    found: list[tuple[str, Summary | RetropaceError | TableRow]] = [
        ("a.fit", repeats_summary),
        ("b[red].gpx", table_row(forward_summary)),
        ("c.gpx", refused),
        ("d.gpx", empty_summary),
    ]
    print_table(found, width=100, stream=stream)
    text = stream.getvalue()
    rows = {line.split()[0]: line for line in text.splitlines() if line.strip()}
    assert re.search(r"2026-05-12\s+20:40\s+1\.83 km\s+1:52\s+8 s\s+plan", rows["a.fit"])
    assert "assumed" in rows["b[red].gpx"]
    assert rows["c.gpx"].rstrip() == "c.gpx not read: the file ends in the middle of a record"
    assert "unknown" in rows["d.gpx"]
    assert text.rstrip().endswith("3 read, 1 not.")


def test_a_shared_folder_is_left_out(forward_summary: Summary) -> None:
    stream = io.StringIO()
    row = table_row(forward_summary)
    print_table([("may.zip/week 1/a.fit", row), ("may.zip/week 1/b.fit", row)], width=80, stream=stream)
    assert "may.zip" not in stream.getvalue()
    assert {line.split()[0] for line in stream.getvalue().splitlines() if ".fit" in line} == {"a.fit", "b.fit"}


def test_only_refusals_make_no_table() -> None:
    stream = io.StringIO()
    print_table([("c.gpx", UnreadableFile("Empty"))], stream=stream)
    assert "recording" not in stream.getvalue()


def test_progress_is_silent_where_nobody_looks() -> None:
    stream = io.StringIO()
    with progress("Reading recordings", stream) as tell:
        tell("a.fit")
    assert stream.getvalue() == ""


def test_progress_counts_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = Screen()
    with progress("Reading recordings", stream) as tell:
        tell("a.fit")
    assert "Reading recordings" in stream.getvalue()


def test_claims_with_verdict_number_and_sources() -> None:
    stream = io.StringIO()
    print_claims(claims(), width=100, stream=stream)
    text = stream.getvalue()
    assert text.count("“") >= len(claims())
    assert "● supported, per kilometre, on average" in text
    assert "Williford 1998, n = 13" in text
    assert "no study found" in text
