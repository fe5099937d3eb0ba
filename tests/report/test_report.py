"""The page for a physiotherapist, read by a PDF reader that others wrote: one page, tagged, nothing unshared."""

import datetime as dt
import io
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdf
import pytest

from retropace.cli import main
from retropace.digest import digests
from retropace.doses import Goal
from retropace.log import Done, LogEntry, Part, Side
from retropace.report import EVERYTHING, Asked, report, report_data, subject
from retropace.report.cited import Cited
from retropace.store import Screened, Settings, Wanted
from retropace.store.database import open_database
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.timetable import Calendar
from retropace.writers.writer import Written
from screened import HEALTHY, STRAIGHT

TODAY = dt.date(2026, 11, 22)
NOW = dt.datetime.combine(TODAY, dt.time(9), dt.UTC)
MONDAY = dt.date(2026, 9, 28)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, lived_file: Path) -> Notebook:
    path = shutil.copy(lived_file, tmp_path_factory.mktemp("demo") / "retropace.db")
    return Notebook(open_database(f"sqlite:///{path}"))


@pytest.fixture
def begin(tmp_path: Path) -> Callable[[], Notebook]:
    def begun() -> Notebook:
        notebook = Notebook(open_database(f"sqlite:///{tmp_path / 'retropace.db'}"))
        notebook.begin()
        return notebook

    return begun


def written(notebook: Notebook, **changed: Any) -> Written:
    recordings = Recordings(notebook.database, notebook.person_id)
    return report(notebook, recordings, digests(notebook, recordings), Asked(NOW, **changed))


def data(notebook: Notebook, **changed: Any) -> dict[str, Any]:
    recordings = Recordings(notebook.database, notebook.person_id)
    asked = Asked(NOW, **changed)
    return report_data(subject(notebook, recordings, digests(notebook, recordings), asked), asked)


def read(made: Written) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made.content), strict=True)


def words(made: Written) -> str:
    (page,) = read(made).pages
    return " ".join(page.extract_text().split())


def alternatives(reader: pypdf.PdfReader) -> list[tuple[str, str | None]]:
    """Kind and alternative text of every element a screen reader meets."""
    found: list[tuple[str, str | None]] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        for one in node if isinstance(node, list) else [node]:
            inner = one.get_object() if hasattr(one, "get_object") else one
            if isinstance(inner, dict):
                if "/S" in inner:
                    found.append((str(inner["/S"])[1:], str(inner["/Alt"]) if "/Alt" in inner else None))
                if "/K" in inner:
                    walk(inner["/K"])

    root: Any = reader.trailer["/Root"]
    walk(root["/StructTreeRoot"]["/K"])
    return found


def heavy(notebook: Notebook) -> Notebook:
    """Nine weeks in which everything happened: soreness and pain in every part, falls, signs, long names."""
    notebook.keep_settings(Settings(name="Wilhelmina Featherstonehaugh-Montgomery-Smythe"))
    notebook.keep_screened(Screened(replace(HEALTHY, day=MONDAY - dt.timedelta(3)), STRAIGHT))
    notebook.keep_screened(Screened(replace(HEALTHY, day=MONDAY + dt.timedelta(30)), STRAIGHT))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(MONDAY, 12)))
    parts = list(Part)
    for n in range(24):
        sore = {(parts[(n + k) % 13], Side.BOTH): float((n + k) % 10) for k in range(6)}
        notebook.keep_entry(
            LogEntry(
                MONDAY + dt.timedelta(days=7 * (n // 3) + 2 * (n % 3)),
                [Done.ALL, Done.PARTLY, Done.NOT][n % 3],
                effort=float(n % 11),
                pain_during=sore,
                pain_morning=sore,
                soreness_24h=sore,
                soreness_48h=sore,
                neck_strain=float(n % 11),
                stumbles=n,
                falls=n % 3,
                red_flags=("new_vertigo", "limp") if n == 20 else (),
                notes="Nothing of this is printed. " * 40,
                reverse_s=100.0 + n,
            )
        )
    return notebook


# -- one page -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("us-letter", (612, 792))])
def test_the_demo_person_is_one_tagged_page(demo: Notebook, paper: str, size: tuple[int, int]) -> None:
    made = written(demo, paper=paper)
    reader = read(made)
    assert len(reader.pages) == 1
    assert (round(reader.pages[0].mediabox.width), round(reader.pages[0].mediabox.height)) == size
    assert not made.notes
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    kinds = alternatives(reader)
    assert [kind for kind, _ in kinds].count("H1") == 1
    assert [kind for kind, _ in kinds].count("H2") >= 7
    figures = [alt for kind, alt in kinds if kind == "Figure"]
    assert len(figures) == 6  # brand, weeks, ribbon, two places, pain
    assert all(figures)
    assert any(alt is not None and alt.startswith("Minutes backward a week: from 12 Oct done") for alt in figures)


def test_two_minutes_of_the_demo_person(demo: Notebook) -> None:
    told = words(written(demo))
    for part in (
        "Backward running: Demo person",
        "38 years · female · beginner · Reverse running that grows · 12 October 2026 to 22 November 2026",
        "Simulated: nobody ran this.",
        "18 sessions in 6 weeks",
        "worst pain told",
        "Cleared to run backward, within these limits",
        "8.6 km/h",
        "Last recorded session, 20 November 2026",
        "No pain was told.",
        "Neck strain from looking behind: at most 2, last 1 of 10.",
        "What the plan changed, and why",
        "16 Nov more Go on to nine repeats of 30 seconds backward",
        "L 31 · R 38 s",
        "from 20 s [",
        "How often do backward runners fall or get hurt?",
        "Sources.",
        "not medical advice",
    ):
        assert part in told, part


def test_everything_that_happened_still_fits(begin: Callable[[], Notebook]) -> None:
    made = written(heavy(begin()), paper="us-letter")
    told = words(made)
    assert "Featherstonehaugh" in told
    assert "see somebody" in told
    assert "Signs to stop: new vertigo on" in told
    assert "Nothing of this is printed" not in told


def test_the_same_data_give_the_same_bytes(demo: Notebook) -> None:
    assert written(demo).content == written(demo).content


def test_miles_for_those_who_count_in_them(demo: Notebook) -> None:
    told = words(written(demo, system="imperial"))
    assert "5.4 mph" in told
    assert "km/h" not in told


def test_a_name_in_another_script_is_set(begin: Callable[[], Notebook]) -> None:
    made = written(begin(), name="王小明")
    assert len(read(made).pages) == 1


# -- little or nothing --------------------------------------------------------------------------------------------------


def test_nobody_yet_gets_a_sentence(begin: Callable[[], Notebook]) -> None:
    told = words(written(begin()))
    assert "Nothing was screened, recorded or told yet." in told
    assert "0 of 10" not in told


def test_screened_and_nothing_done(begin: Callable[[], Notebook]) -> None:
    notebook = begin()
    notebook.keep_screened(Screened(replace(HEALTHY, day=TODAY - dt.timedelta(2)), STRAIGHT))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY - dt.timedelta(days=6), 12)))
    told = words(written(notebook))
    assert "What is planned" in told
    assert "What was done" not in told
    assert "hatched" not in told
    assert "worst pain" not in told


def test_not_cleared_says_whom_to_see(begin: Callable[[], Notebook]) -> None:
    notebook = begin()
    notebook.keep_screened(Screened(replace(HEALTHY, day=TODAY, health=dict(HEALTHY.health) | {"chest_pain": True})))
    found = data(notebook)
    assert found["cleared"]["level"] == "Not backward for now"
    assert found["cleared"]["limits"][0][0] == "First see"
    assert found["cleared"]["next"] == "Nothing backward is planned at present."


def test_silence_is_told_as_silence(begin: Callable[[], Notebook]) -> None:
    notebook = begin()
    notebook.keep_entry(LogEntry(TODAY, Done.ALL, reverse_s=100.0))
    found = data(notebook)
    assert ("not told", "pain") in found["facts"]
    assert any("Not told: pain during after 1" in line for line in found["unknown"])
    assert "Nobody told of pain." in found["felt"]["told"]


# -- what is not shared, and what is not known --------------------------------------------------------------------------


def test_what_is_not_shared_is_not_there(demo: Notebook) -> None:
    found = data(demo, shows=frozenset())
    assert (found["felt"], found["tests"], found["session"], found["cleared"], found["changes"]) == (None,) * 4 + ([],)
    assert found["withheld"] == "Not shared: the log, the screening and single sessions."
    assert "38" not in found["about"]
    assert "beginner" not in found["about"]
    assert not found["unknown"]
    assert not [name for _, name in found["facts"] if "sore" in name or "pain" in name or "stumbles" in name]


def test_everything_is_shared_with_oneself(demo: Notebook) -> None:
    assert data(demo, shows=EVERYTHING)["withheld"] is None


def test_what_nobody_read_is_no_source() -> None:
    cited = Cited()
    assert cited.mark(["devita_1991"]) == ""
    assert cited.mark(["roos_2012", "devita_1991", "sussman_2000", "roos_2012"]) == "[1, 2]"
    assert cited.mark(["sussman_2000"]) == "[2]"
    assert [line.split(" ")[0] for line in cited.listed()] == ["1", "2"]


# -- on the command line ------------------------------------------------------------------------------------------------


def test_report_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = tmp_path / "me", tmp_path / "report.pdf"
    asked = ["report", "--folder", str(folder), "--on", str(TODAY), "--out", str(out), "--name", "Ana"]
    assert main([*asked, "--paper", "us-letter"]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    (page,) = pypdf.PdfReader(out).pages
    assert "Backward running: Ana" in page.extract_text()
    assert not folder.exists(), "looking makes nothing"


def test_a_folder_that_is_no_place_for_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["report", "--folder", str(tmp_path / "me"), "--on", str(TODAY), "--out", str(tmp_path)]
    assert main(asked) != 0
    assert capsys.readouterr().err.startswith("retropace: ")
