"""Stopping half way through questions: answers are kept, nothing follows from half of them, and one can go on."""

import io
import sys
from pathlib import Path

import pytest

from retropace.cli import main
from retropace.cli.asking import Asking
from retropace.store.takeover import open_folder
from told_answers import answers_toml


class Typing(io.StringIO):
    """A terminal at which somebody types, then presses Ctrl-C (or, `ends`, Ctrl-D)."""

    def __init__(self, lines: str, *, ends: bool = False) -> None:
        super().__init__(lines)
        self._ends = ends

    def isatty(self) -> bool:
        return True

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        line = super().readline(size)
        if not line and not self._ends:
            raise KeyboardInterrupt
        return line


@pytest.mark.parametrize("ends", [False, True])
def test_once_stopped_nothing_more_is_asked(ends: bool) -> None:
    out = io.StringIO()
    asking = Asking(Typing("34\n", ends=ends), out)
    assert asking.number("How old?", 0, 130) == 34
    assert asking.yes_no("Sure?") is None
    assert asking.stopped
    before = out.getvalue()
    assert asking.choice("Which?", ("a", "b")) is None
    asking.say("More.")
    assert out.getvalue() == before


def test_a_screening_goes_on_where_it_was_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    about, store = ["--folder", str(tmp_path), "--on", "2026-11-22"], open_folder(tmp_path)
    monkeypatch.setattr(sys, "stdin", Typing("34\nfemale\n"))
    assert main(["screen", *about]) == 130
    assert "./run screen" in capsys.readouterr().out
    begun = store.unfinished()
    assert begun is not None
    assert (begun.answers.age_years, begun.answers.sex) == (34, "female")
    assert main(["plan", "--goal", "try", *about]) == 2  # half a screening clears nobody
    monkeypatch.setattr(sys, "stdin", Typing("n\n" * 3 + "\n" * 500))
    capsys.readouterr()
    main(["screen", *about])
    assert "How old are you" not in capsys.readouterr().out
    assert store.unfinished() is None
    assert [kept.answers.age_years for kept in store.screenings()] == [34]


def test_asking_anew_and_stopping_leaves_the_finished_screening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "answers.toml").write_text(answers_toml())
    about = ["--folder", str(tmp_path), "--on", "2026-11-22"]
    assert main(["screen", "--answers", str(tmp_path / "answers.toml"), *about]) == 0
    before = open_folder(tmp_path).screenings()
    assert before
    monkeypatch.setattr(sys, "stdin", Typing("35\n"))
    assert main(["screen", "--again", *about]) == 130
    assert open_folder(tmp_path).screenings() == before


def test_a_log_stopped_half_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "answers.toml").write_text(answers_toml())
    about, store = ["--folder", str(tmp_path), "--on", "2026-11-23"], open_folder(tmp_path)
    main(["screen", "--answers", str(tmp_path / "answers.toml"), *about])
    main(["plan", "--goal", "reverse", *about])
    monkeypatch.setattr(sys, "stdin", Typing("all\n"))
    assert main(["log", *about]) == 130
    assert not store.log()
    monkeypatch.setattr(sys, "stdin", Typing("partly\nn\n6\n"))
    assert main(["log", *about]) == 130
    assert [(entry.done, entry.effort) for entry in store.log()] == [("partly", 6)]
    monkeypatch.setattr(sys, "stdin", Typing("all\nn\n1\n"))
    assert main(["log", *about]) == 130
    assert [entry.effort for entry in store.log()] == [6]
    assert "stays" in capsys.readouterr().out


def test_json_is_not_mixed_with_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Typing("\n" * 500))
    main(["screen", "--json", "--folder", str(tmp_path)])
    said = capsys.readouterr()
    assert said.out.startswith("{")
    assert "How old are you" in said.err
