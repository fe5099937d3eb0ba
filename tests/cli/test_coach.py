"""The coach's commands over one folder: screened, planned, told, exported; every mistake one sentence."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from made import FIRST_DAY, recording
from retropace.cli import main
from retropace.cli.asking import Asking
from retropace.cli.screen import ask_answers, ask_place
from retropace.errors import UnusableInput
from retropace.place import Surface
from retropace.rules.questionnaire import home_tests
from retropace.screening import Answers
from retropace.store.recordings import Recordings
from retropace.store.takeover import open_folder
from retropace.writers.fit import activity_bytes
from told_answers import DAY, answers_toml


@pytest.fixture
def me(tmp_path: Path) -> list[str]:
    """A screened person with a plan; the options that speak of them."""
    (tmp_path / "answers.toml").write_text(answers_toml())
    about = ["--folder", str(tmp_path / "me")]
    assert main(["screen", "--answers", str(tmp_path / "answers.toml"), *about, "--on", "2026-11-22"]) == 0
    asked = ["plan", "--goal", "reverse", "--days", "mon,wed,fri,sat", "--weeks", "12"]
    assert main([*asked, *about, "--on", "2026-11-22"]) == 0
    return about


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_from_screening_to_the_next_session(me: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    capsys.readouterr()
    assert main(["today", *me, "--on", "2026-11-23", "--json"]) == 0
    first = json.loads(said(capsys))
    backward = [s for s in first["day"]["session"]["steps"] if s["direction"] == "backward" and s["gait"] == "run"]
    assert len(backward) == 6
    assert {s["duration_s"] for s in backward} == {20.0}
    entry, decisions = tmp_path / "entry.toml", []
    for day in ("2026-11-23", "2026-11-27"):
        entry.write_text(f'day = {day}\ndone = "all"\neffort = 4\nreverse_s = 120\nreverse_longest_s = 20\n')
        assert main(["log", "--entry", str(entry), *me, "--on", day, "--json"]) == 0
        decisions.append(json.loads(said(capsys))["decision"])
    assert decisions == ["hold", "advance"]


def test_a_fall_stops_and_says_whom_to_see(me: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    entry = tmp_path / "entry.toml"
    entry.write_text('day = 2026-11-23\ndone = "partly"\nfalls = 1\nred_flags = ["fall"]\n')
    assert main(["log", "--entry", str(entry), *me, "--on", "2026-11-23"]) == 1
    assert "Stop" in said(capsys)
    assert main(["next", *me, "--on", "2026-11-24"]) == 1


def test_a_red_flag_refuses_and_plans_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "answers.toml").write_text(answers_toml(chest_pain=True))
    about = ["--folder", str(tmp_path / "me"), "--on", "2026-11-22"]
    assert main(["screen", "--answers", str(tmp_path / "answers.toml"), *about]) == 1
    assert "See" in said(capsys)
    assert main(["plan", "--goal", "reverse", *about]) == 2
    assert "not now" in capsys.readouterr().err


def test_the_recording_counts_over_what_was_told(me: list[str], tmp_path: Path) -> None:
    run, session = tmp_path / "run.fit", tmp_path / "entry.toml"
    run.write_bytes(
        activity_bytes(
            recording(FIRST_DAY, code=True), recording(FIRST_DAY, code=True).track.channels["direction_code"]
        )
    )
    session.write_text('day = 2026-11-23\ndone = "all"\neffort = 4\nreverse_s = 999\n')
    assert main(["log", "--entry", str(session), "--recording", str(run), *me, "--on", "2026-11-23"]) == 0
    notebook = open_folder(Path(me[1]))
    (kept,) = notebook.log()
    assert kept.measured
    assert kept.reverse_s == pytest.approx(120, abs=10)
    recordings = Recordings(notebook.database, notebook.person_id)
    (found,) = recordings.all()
    assert recordings.original(found) == run.read_bytes()
    assert found.session is not None
    assert main(["log", "--entry", str(session), "--recording", str(run), *me, "--on", "2026-11-23"]) == 0
    assert len(recordings.all()) == 1


@pytest.mark.parametrize("kind", ["fit", "tcx", "intervals", "ics", "markdown", "json", "pdf"])
def test_every_format_is_exported(kind: str, me: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    assert main(["export", kind, *me, "--on", "2026-11-22", "--out", str(out)]) == 0
    (written,) = out.iterdir()
    assert written.stat().st_size > 100
    if written.suffix == ".zip":
        with zipfile.ZipFile(written) as archive:
            assert archive.testzip() is None
    assert str(written) in said(capsys)


def test_formats_are_listed(me: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["export", *me]) == 0
    assert "fit" in said(capsys)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["plan", "--goal", "fly"], "--goal"),
        (["plan", "--days", "moonday"], "--days"),
        (["plan", "--weeks", "0"], "--weeks"),
        (["plan", "--start", "soon"], "--start"),
        (["plan", "--out-on", "2026-12-27..2026-12-24"], "--out-on"),
        (["plan", "--event", "2026-12-31"], "--event"),
        (["today", "--on", "yesterday"], "--on"),
        (["export", "punchcard"], "punchcard"),
        (["log", "--entry", "nowhere.toml"], "nowhere.toml"),
        (["exercises", "unicycle"], "unicycle"),
    ],
)
def test_mistakes_are_one_sentence(
    arguments: list[str], says: str, me: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    on = [] if "--on" in arguments else ["--on", "2026-11-22"]
    assert main([*arguments, *me, *on]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert "Traceback" not in error


@pytest.mark.parametrize("command", ["plan", "today", "next", "log", "export"])
def test_without_a_screening_it_says_where_to_start(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    extra = {"plan": ["--goal", "try"], "export": ["fit"]}.get(command, [])
    assert main([command, *extra, "--folder", str(tmp_path)]) == 2
    assert "./run screen" in capsys.readouterr().err


def test_calendar_wishes_are_kept_and_added_to(me: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    more = [
        "plan",
        "--out-on",
        "2026-12-24..2026-12-27",
        "--event",
        "2026-12-31=Silvester run",
        *me,
        "--on",
        "2026-11-22",
    ]
    assert main(more) == 0
    capsys.readouterr()
    assert main(["plan", *me, "--on", "2026-11-22", "--json"]) == 0
    programme = json.loads(said(capsys))
    assert programme["goal"] == "reverse"
    busy = {"2026-12-24", "2026-12-25", "2026-12-26", "2026-12-27", "2026-12-31"}
    days = [day for week in programme["weeks"] for day in week["days"]]
    assert all(day["session"] is None for day in days if day["date"] in busy)


def test_exercises_with_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "sheet.html"
    assert main(["exercises", "calf", "--html", str(page)]) == 0
    assert "Calf" in said(capsys)
    content = page.read_text(encoding="utf-8")
    assert "<svg" in content
    assert "http" not in content.replace("http://www.w3.org", "")


def test_asking_on_a_terminal() -> None:
    """Wrong answers are asked again, ? explains, Enter leaves open."""
    out = io.StringIO()
    asking = Asking(io.StringIO("?\nmaybe\ny\n"), out)
    assert asking.yes_no("Sure?", "Because.") is True
    assert "Because." in out.getvalue()
    assert Asking(io.StringIO("x\n3,5\n"), out).number("How much?", 0, 10) == 3.5
    assert Asking(io.StringIO("tr\n"), out).choice("What?", ("track", "grass")) == "track"
    assert Asking(io.StringIO("\n"), out).yes_no("Sure?") is None
    assert Asking(io.StringIO(""), out).number("How much?", 0, 10) is None


def test_the_whole_questionnaire_ends_whatever_is_answered() -> None:
    for line in ("\n", "y\n", "n\n", "1\n"):
        answers = ask_answers(Asking(io.StringIO(line * 500), io.StringIO()), Answers(DAY), short=False)
        assert set(answers.tests) <= {m for test in home_tests(DAY).values() for m in test.measures}
    place = ask_place(Asking(io.StringIO("track\n1\n80\n2.5\ny\ny\nn\nspotter\n"), io.StringIO()))
    assert (place.surface, place.slope, place.clear_length_m) == (Surface.TRACK, 0.01, 80)


def test_nobody_to_ask_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(UnusableInput, match="nobody here"):
        Asking()


def test_weight_without_lies(me: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    about = ["--mass", "80", "--height", "1.75", "--age", "40", "--sex", "male", *me, "--on", "2026-11-22"]
    assert main(["weight", *about, "--none-of-these", "--part", "belly", "--in-weeks", "2", "--lose", "6"]) == 0
    answer = said(capsys)
    assert "belly" in answer
    assert "kcal" in answer
    assert main(["weight", *about]) == 0
    assert "eat about" not in said(capsys)
    assert main(["weight", *about, "--none-of-these", "--eating-disorder", "--json"]) == 0
    found = json.loads(said(capsys))
    assert found["balance"]["intake_kcal"] is None
    assert found["worth"] is None
    assert main(["weight", "--mass", "8", *me]) == 2
