"""Markdown, read by a parser that others wrote: names mean nothing to it, every step and source stands in the text."""

import re
from collections.abc import Iterator

from hypothesis import given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from made_plans import BACK, LIMITS, SESSIONS, STAND, intervals, programme, step, written_or_refused
from retropace.session import Session
from retropace.simulate.demo import demo_session
from retropace.writers import Options, wording, write
from retropace.writers.steps import checked


def tokens(content: bytes) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable("table").parse(content.decode()):
        yield token
        yield from token.children or []


def plain(content: bytes) -> str:
    """The words alone, a paragraph a line."""
    return "\n".join(
        "".join(child.content for child in token.children or [] if child.type == "text")
        for token in MarkdownIt("commonmark").enable("table").parse(content.decode())
        if token.type == "inline"
    )


@settings(max_examples=80, deadline=None)
@given(SESSIONS)
def test_no_name_means_anything(session: Session) -> None:
    written = written_or_refused(session, "markdown")
    assert written is not None
    found = list(tokens(written.content))
    allowed = {"heading", "paragraph", "bullet_list", "list_item", "inline", "text"}
    assert {re.sub("_(open|close)$", "", token.type) for token in found} <= allowed
    assert plain(written.content).splitlines()[0] == checked(session)[0].name


def test_the_first_day() -> None:
    told = plain(write(demo_session(), "markdown", Options(limits=LIMITS)).content)
    for line in ("16:00, of which 2:40 backward.", "6 times:", "Reverse run 20 s", "Walk 60 s", "Cool-down walk 3 min"):
        assert line in told.splitlines()
    assert "Only with a spotter who faces the way you go or a mirror." in told


def test_a_session_without_a_backward_step_warns_of_nothing() -> None:
    assert "Take care" not in plain(write(Session("Still", (step(STAND, 20),)), "markdown").content)
    assert "Take care" in plain(write(Session("Back", (step(BACK, 20),)), "markdown").content)


def test_a_programme_has_every_day_every_reason_and_every_source() -> None:
    made = programme(4)
    content = write(made, "markdown", Options(person="Ada *Example*")).content
    told = plain(content)
    for week in made.weeks:
        for day in week.days:
            if day.session or day.workout or day.note:
                assert f"{day.date.isoformat()}: {wording.kind_words(day.kind)}" in told
        assert all(reason.text in told for reason in week.reasons)
    for reason in (*made.clearance.reasons, *made.reasons):
        assert reason.text in told
    assert "Preferred and energetically optimal transition speeds" in told
    assert "For Ada *Example*." in told
    assert "Calf raise: 3 × 12, 2-0-3 s, rest 60 s" in told
    assert sum(token.type == "tr_open" for token in tokens(content)) == 1 + 4
    assert "4 (lighter)" in told


def test_imperial() -> None:
    assert "4.0 mph" in plain(write(programme(1), "markdown", Options(system="imperial")).content)
    assert intervals(6, 20).name in plain(write(programme(1), "markdown").content)
