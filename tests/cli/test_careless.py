"""The command line under careless and hostile hands: one sentence, no traceback, nothing that steers a terminal."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from made import FIRST_DAY, recording
from retropace.cli import main
from retropace.cli.output import safe_name
from retropace.writers.fit import activity_bytes
from told_answers import answers_toml

SRC = Path(__file__).parents[2] / "src"
WANTED = 'goal = "reverse"\n\n[calendar]\nstart = 2026-11-23\nweeks = 12\n'


@pytest.fixture
def me(tmp_path: Path) -> Path:
    folder = tmp_path / "me"
    (folder / "screening").mkdir(parents=True)
    (folder / "screening/2026-11-22.toml").write_text(answers_toml())
    (folder / "wanted.toml").write_text(WANTED)
    return folder


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main(arguments) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("wanted.toml", WANTED.replace("2026-11-23", "0001-01-01"), "calendar.start"),
        ("wanted.toml", WANTED.replace("2026-11-23", "9999-12-31"), "calendar.start"),
        ("wanted.toml", "events = 3\n" + WANTED, "events"),
        ("wanted.toml", WANTED + '[events]\n9999-12-31 = "Run"\n', "events"),
        ("wanted.toml", "a = " + "[" * 5000, "wanted.toml"),
        ("screening/2026-11-22.toml", answers_toml().replace("= 90", "= inf"), "place.clear_length_m"),
        ("screening/2026-11-22.toml", answers_toml().replace("= 34", "= nan"), "answers.age_years"),
        ("screening/2026-11-22.toml", answers_toml().replace("2026-11-22", "9999-12-31"), "answers.day"),
        ("log/a.toml", 'day = 0001-01-01\ndone = "all"\n', "day"),
        ("log/a.toml", 'day = 2026-11-23\ndone = "all"\n[pain_during]\n"calf left" = {}\n', "pain_during"),
    ],
)
def test_a_hostile_folder(name: str, content: str, says: str, me: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (me / name).parent.mkdir(exist_ok=True)
    (me / name).write_text(content)
    assert says in refused(["today", "--folder", str(me), "--on", "2026-11-24"], capsys)


@pytest.mark.parametrize("option", ["--on", "--start", "--event", "--out-on"])
def test_far_days(option: str, me: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for day in ("0001-01-01", "9999-12-31"):
        text = f"{day}=Run" if option == "--event" else day
        assert option in refused(["plan", option, text, "--folder", str(me)], capsys)


def test_a_refusal_never_steers_the_terminal(me: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (me / "wanted.toml").write_text('"\\u001b[31m\\n" = 1\n')
    error = refused(["today", "--folder", str(me)], capsys)
    assert "\x1b" not in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("arguments", [["today"], ["plan", "--goal", "try"]])
def test_no_home_folder(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("RETROPACE_FOLDER", raising=False)

    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    assert "--folder" in refused(arguments, capsys)


def test_names_no_disk_can_hold(me: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["today", "--folder", "n" * 300], ["export", "ics", "--folder", str(me), "--out", "n" * 300]):
        refused(arguments, capsys)
    assert len(safe_name("é" * 300).encode()) <= 200


def test_a_name_the_terminal_cannot_show(me: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    assert main(["export", "fit", "--folder", str(me), "--on", "2026-11-22", "--out", str(tmp_path / "é.fit")]) == 0


@pytest.mark.parametrize("seed", ["-1", "x", "٣"])
def test_a_seed_is_a_whole_number(seed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["simulate", f"--seed={seed}"])
    assert left.value.code == 2
    assert "seed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "content"),
    [("--session", "steps = [{do = [1], seconds = 3}]"), ("--person", f"[baseline]\nminutes = {'9' * 400}")],
)
def test_hostile_small_files(option: str, content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.toml").write_text(content)
    (tmp_path / "run.fit").write_bytes(activity_bytes(recording(FIRST_DAY)))
    assert "a.toml" in refused(["analyse", str(tmp_path / "run.fit"), option, str(tmp_path / "a.toml")], capsys)


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs a /dev/full that is always full")
@pytest.mark.parametrize("arguments", [["evidence"], ["exercises", "--json"]])
def test_output_that_cannot_be_printed(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "retropace", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd=SRC,
        )
    assert done.returncode in (2, 120)
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_run_is_found_through_a_link(tmp_path: Path) -> None:
    """Only where `run` looks is tested: a stand-in for Python says which folder it was started from."""
    home = tmp_path / "a folder"
    (home / ".venv/bin").mkdir(parents=True)
    for name in ("run", "requirements.lock"):
        (home / name).write_bytes((SRC.parent / name).read_bytes())
    (home / ".venv/installed.lock").write_bytes((SRC.parent / "requirements.lock").read_bytes())
    (home / ".venv/bin/python").write_text('#!/bin/sh\necho "$PYTHONPATH"\n')
    for path in (home / "run", home / ".venv/bin/python"):
        path.chmod(0o755)
    (tmp_path / "link").symlink_to(home / "run")
    done = subprocess.run([tmp_path / "link"], capture_output=True, text=True, check=True, cwd="/")
    assert done.stdout.startswith(f"{home}/src")


def test_an_endless_device_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not Path("/dev/zero").is_char_device():
        pytest.skip("needs /dev/zero")
    monkeypatch.setattr("retropace.readers.archive.LARGEST_BYTES", 1000)
    assert "larger than" in refused(["analyse", "/dev/zero"], capsys)


def test_file_names_that_are_no_unicode(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = tmp_path / "runs", tmp_path / "out.json"
    folder.mkdir()
    try:
        for name, content in ((b"\xff.fit", activity_bytes(recording(FIRST_DAY))), (b"\xffbad.fit", b"bad")):
            (folder / os.fsdecode(name)).write_bytes(content)
    except OSError:
        pytest.skip("this disk takes Unicode names only")
    html = ["--html", str(tmp_path / "reports")]
    assert main(["analyse", str(folder), "--json", str(out), *html]) == 1
    assert sorted(item["schema"] for item in json.loads(out.read_bytes())) == [
        "retropace.refusal/1",
        "retropace.summary/1",
    ]
