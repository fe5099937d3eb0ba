"""`retropace plan` with single sessions moved, exchanged, left out and taken back: what changes is said, or why not."""

import json
from pathlib import Path

import pytest

from retropace.cli import main
from told_answers import answers_toml

ON = ["--on", "2026-11-22"]


@pytest.fixture
def me(tmp_path: Path) -> list[str]:
    """A screened person whose plan begins on a Monday: it runs Monday and Saturday, and walks on Thursday."""
    (tmp_path / "answers.toml").write_text(answers_toml())
    about = ["--folder", str(tmp_path / "me")]
    assert main(["screen", "--answers", str(tmp_path / "answers.toml"), *about, *ON]) == 0
    assert main(["plan", "--goal", "reverse", "--weeks", "8", *about, *ON]) == 0
    return about


def plan(me: list[str], capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["plan", *me, *ON, *options])
    out, err = capsys.readouterr()
    return code, " ".join(out.split()), err


def backward(me: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    _, out, _ = plan(me, capsys, "--json")
    return [day["date"] for day in json.loads(out)["weeks"][0]["days"] if day["session"]]


def test_a_move_says_what_it_changes_and_can_be_taken_back(me: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    before = backward(me, capsys)
    assert before == ["2026-11-23", "2026-11-26", "2026-11-28"]
    code, out, _ = plan(me, capsys, "--move", "2026-11-26=2026-11-27")
    assert code == 0
    assert "Thursday's backward walk moves to Friday." in out
    assert "Saturday's session moves on to Sunday 29 November, because a rest day belongs between." in out
    assert backward(me, capsys) == ["2026-11-23", "2026-11-27", "2026-11-29"]
    assert plan(me, capsys, "--undo")[0] == 0
    assert backward(me, capsys) == before


def test_left_out_and_exchanged(me: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = plan(me, capsys, "--skip", "2026-11-26", "--swap", "2026-11-30=2026-12-02")
    assert "is left out. It is not added anywhere else." in out
    assert "change places." in out
    assert backward(me, capsys) == ["2026-11-23", "2026-11-28"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--move", "2026-11-26=2026-11-24"), "too soon after the session before"),
        (("--move", "2026-11-26"), "names no two days (--move)"),
        (("--move", "2026-11-26=never"), "is no date (--move)"),
        (("--swap", "2026-11-23=2026-11-28"), "Both are of one kind"),
        (("--skip", "2026-11-24"), "There is no session"),
        (("--undo",), "There is nothing to take back (--undo)"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    me: list[str], capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    code, _, err = plan(me, capsys, *options)
    assert code == 2
    assert words in err
    assert backward(me, capsys) == ["2026-11-23", "2026-11-26", "2026-11-28"]


def test_json_stays_json(me: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = plan(me, capsys, "--move", "2026-11-26=2026-11-27", "--json")
    days = json.loads(out)["weeks"][0]["days"]
    assert next(day["meant"] for day in days if day["date"] == "2026-11-27") == "2026-11-26"


def test_a_name_that_nothing_can_show(me: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    plan(me, capsys, "--event", "2026-12-31=New\x07 year\x1b[2J run")
    _, out, _ = plan(me, capsys, "--json")
    assert "New year [2J run" in out
    assert plan(me, capsys, "--event", "2026-12-31=\x07")[0] == 2
