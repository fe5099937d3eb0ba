"""The walking day beside a running programme, told on the command line, is known by the plan and earns nothing."""

from pathlib import Path

from retropace.cli import main
from retropace.situation import situation
from retropace.store.takeover import open_folder
from told_answers import DAY, answers_toml


def test_the_walking_day_is_known_by_the_plan(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text(answers_toml())
    me = ["--folder", str(tmp_path / "me")]
    assert main(["screen", "--answers", str(tmp_path / "answers.toml"), *me, "--on", str(DAY)]) == 0
    assert main(["plan", "--goal", "reverse", *me, "--on", str(DAY)]) == 0
    entry = tmp_path / "entry.toml"
    for day in ("2026-11-23", "2026-11-26", "2026-11-28"):
        entry.write_text(f'day = {day}\ndone = "all"\neffort = 4\n')
        assert main(["log", "--entry", str(entry), *me, "--on", day]) == 0
    notebook = open_folder(tmp_path / "me")
    assert [entry.backward_walk for entry in notebook.log()] == [False, True, False]
    state = situation(notebook, notebook.log()[-1].day).following.state
    assert [past.row is None for past in state.past] == [False, True, False]
    assert state.earned == 0
    notebook.database.close()
