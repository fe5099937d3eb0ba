"""The printable plan, read by a PDF reader that others wrote: every day, limit, reason and figure is on paper."""

import datetime as dt
import io
import re
from dataclasses import replace
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings

from made_plans import (
    BACK,
    CLEARANCE,
    HOME,
    LIMITS,
    SESSIONS,
    STAND,
    WALK,
    intervals,
    programme,
    step,
    written_or_refused,
)
from retropace.exercises import exercises
from retropace.programme import Day, Kind
from retropace.quantities import elapsed
from retropace.rules.questionnaire import stop_signs
from retropace.screening import Level
from retropace.session import Session
from retropace.simulate.demo import demo_session
from retropace.views import drawing
from retropace.views.pose import scenes
from retropace.writers import Options, Written, wording, write

FIGURE = drawing.image(40, 60, "figure", [drawing.path("M20 5L20 35L10 58M20 35L30 58", "line")])


def read(written: Written) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(written.content), strict=True)


def words(written: Written) -> str:
    """All text in one line."""
    return " ".join(" ".join(page.extract_text() for page in read(written).pages).split())


def structure(reader: pypdf.PdfReader) -> list[tuple[str, str | None]]:
    """Kind and alternative text of every element a screen reader meets, in order."""
    found: list[tuple[str, str | None]] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append((str(node["/S"]).removeprefix("/"), str(node["/Alt"]) if "/Alt" in node else None))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]
    return found


def test_the_first_day_on_one_page() -> None:
    written = write(demo_session(), "pdf", Options(limits=LIMITS, person="Ada", where="Track"))
    reader = read(written)
    assert len(reader.pages) == 1
    told = words(written)
    for line in (
        "First day",
        "Ada · 16:00, of which 2:40 backward · Track",
        "6 × (reverse run 20 s; walk 60 s)",
        "6.5 km/h",
    ):
        assert line in told
    assert all(line in told for line in wording.care(LIMITS))
    assert reader.metadata is not None
    assert reader.metadata.title == "First day"
    assert "retropace · not medical advice" in told
    dated = replace(Options(), made=dt.datetime(2026, 11, 3, tzinfo=dt.UTC))
    assert "retropace · 3 November 2026 · not medical advice" in words(write(demo_session(), "pdf", dated))


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("us-letter", (612, 792))])
@pytest.mark.parametrize("weeks", [1, 4, 12])
def test_a_programme_on_both_papers(paper: Any, size: tuple[int, int], weeks: int) -> None:
    made = programme(weeks)
    written = write(made, "pdf", Options(paper=paper))
    reader = read(written)
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == size
    assert len(reader.pages) <= 3 + (weeks + 1) // 2
    told = words(written)
    for week in made.weeks:
        assert f"Week {week.number}{', lighter' if week.deload else ''}: {elapsed(week.reverse_s)} backward" in told
        for day in week.days:
            if day.session is not None:
                assert f"{day.date:%a} {day.date.day} {day.date:%b}" in told
                assert day.session.name in told
    first_page = " ".join(reader.pages[0].extract_text().split())
    for limit in (words for _, words in wording.limit_words(LIMITS)):
        assert limit in first_page


def test_reasons_are_numbered_to_their_sources() -> None:
    told = words(write(programme(1), "pdf"))
    found = re.search(r"that is a slow reverse jog\. \[(\d+)\]", told)
    assert found is not None
    assert f"{found[1]}. Hreljac" in told
    design = re.search(r"longest session of the last 30 days\. \[(\d+)\]", told)
    assert design is not None
    assert f"{design[1]}. retropace" in told


def test_screen_readers_meet_headings_tables_and_pictures_in_words() -> None:
    reader = read(write(programme(1), "pdf"))
    kinds = [kind for kind, _ in structure(reader)]
    assert kinds.index("H1") < kinds.index("H2") < kinds.index("H3")
    assert {"Table", "TH", "TD", "L", "Figure"} <= set(kinds)
    pictures = [alt for kind, alt in structure(reader) if kind == "Figure"]
    assert all(pictures)
    assert any(alt is not None and alt.startswith("Reverse 6 × 20 s: Warm-up walk 4 min;") for alt in pictures)
    assert reader.trailer["/Root"]["/Lang"] == "en"  # type: ignore[index]


def pictured(options: Options) -> list[str]:
    found = structure(read(write(programme(1), "pdf", options)))
    return [alt or "" for kind, alt in found if kind == "Figure"]


def test_exercises_are_drawn_and_told() -> None:
    drawn = pictured(Options())
    for item in HOME.items:
        if item.exercise in scenes():
            assert any(alt.startswith(f"{wording.exercise_name(item.exercise)}. ") for alt in drawn)
    assert "calf_raise" in scenes()
    told = words(write(programme(1), "pdf"))
    assert "Bridge 2 × 12, 2-1-2 s, rest 60 s" in told
    assert all(line in told for line in exercises()["calf_raise"].how)


def test_the_callers_figures_come_first() -> None:
    drawn = pictured(Options(figures=lambda key: FIGURE if key == "calf_raise" else None))
    assert "Calf raise" in drawn
    assert not any("Bridge" in alt for alt in drawn)


def test_every_sign_to_stop_is_there_with_whom_to_see() -> None:
    told = words(write(programme(1), "pdf"))
    for sign in stop_signs(CLEARANCE.screened).values():
        assert f"{sign.name}. {sign.says} See {sign.see}." in told


def test_somebody_who_must_wait_reads_whom_to_see() -> None:
    made = programme(1)
    clearance = replace(CLEARANCE, level=Level.NOT_NOW, see="a doctor, about the chest pain")
    rest = tuple(replace(day, session=None) for day in made.weeks[0].days)
    waiting = replace(made, clearance=clearance, weeks=(replace(made.weeks[0], days=rest),))
    told = words(write(waiting, "pdf"))
    assert "Not backward for now" in told
    assert "a doctor, about the chest pain" in told
    assert "km/h" not in told.split("The weeks")[0]


def test_letters_without_a_font_are_told() -> None:
    assert write(intervals(6, 20), "pdf", Options(person="Żółć Müller Łukasz")).notes == ()
    odd = write(intervals(6, 20), "pdf", Options(person="\U0001f9a5\U00013000"))
    assert len(odd.notes) == 1
    assert "letters" in odd.notes[0]
    assert len(read(odd).pages) == 1


def test_markup_is_only_text() -> None:
    name = '#panic("x") $ \\ *bold* _it_ `raw` <a> @b [c] // d'
    made = Session(name, (step(BACK, 20, "#let x = 1"), step(WALK, 60)))
    told = words(write(made, "pdf", Options(person='#read("/etc/passwd")')))
    assert name in told
    assert '#read("/etc/passwd")' in told


@settings(max_examples=25, deadline=None)
@given(SESSIONS)
def test_any_session_is_set(session: Session) -> None:
    written = written_or_refused(session, "pdf")
    assert written is not None
    assert 1 <= len(read(written).pages) <= 12


def test_a_week_of_many_different_sessions_breaks_over_pages() -> None:
    made = programme(1)
    days = tuple(
        Day(day.date, Kind.REVERSE, Session(f"Different {k}", (step(BACK, 20 + k), step(WALK, 60)) * 5))
        for k, day in enumerate(made.weeks[0].days)
    )
    told = words(write(replace(made, weeks=(replace(made.weeks[0], days=days),)), "pdf"))
    assert all(f"Different {k}" in told for k in range(7))
    assert words(write(Session("Still", (step(STAND, 60),)), "pdf"))
