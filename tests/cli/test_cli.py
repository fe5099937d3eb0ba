"""The command line as a person uses it: exit codes, sentences, files, and nothing heavy before it is needed."""

import json
import subprocess
import sys
import zipfile
from argparse import Namespace
from pathlib import Path

import pytest

from made import FIRST_DAY, Part, recording, session_of
from retropace.cli import main
from retropace.cli.output import safe_name
from retropace.session import session_text
from retropace.writers.fit import activity_bytes

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run_fit(tmp_path: Path) -> Path:
    path = tmp_path / "run.fit"
    path.write_bytes(activity_bytes(recording(FIRST_DAY)))
    return path


def test_alone_it_serves_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[str] = []

    def serve(options: Namespace) -> int:
        served.append(options.host)
        return 0

    monkeypatch.setattr("retropace.cli.serve.run", serve)
    assert main([]) == 0
    assert served == ["127.0.0.1"]


def test_help_says_what_to_do_first(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "./run demo" in capsys.readouterr().out


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; from retropace.cli import parser; parser().format_help(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / "src")
    assert not {"numpy", "rich", "jinja2", "lxml", "msgspec", "tzfpy"} & set(done.stdout.split())


def test_one_file_to_screen_json_html_png(run_fit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outs = {kind: tmp_path / f"made/out.{kind}" for kind in ("json", "html", "png")}
    options = [part for kind, path in outs.items() for part in (f"--{kind}", str(path))]
    assert main(["analyse", str(run_fit), "--mass", "70", *options]) == 0
    assert "run.fit" in capsys.readouterr().out
    assert json.loads(outs["json"].read_bytes())["schema"] == "retropace.summary/1"
    assert b"<!doctype html>" in outs["html"].read_bytes()[:20].lower()
    assert outs["png"].read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_followed_session_is_found(run_fit: Path, tmp_path: Path) -> None:
    session, out = tmp_path / "s.toml", tmp_path / "out.json"
    session.write_text(session_text(session_of(FIRST_DAY, "First day")))
    assert main(["analyse", str(run_fit), "--session", str(session), "--json", str(out), "--quiet"]) == 0
    bouts = json.loads(out.read_bytes())["bouts"]
    assert sum(bout["direction"] == "backward" for bout in bouts) == 6


def test_corrections_by_option_and_file(run_fit: Path, tmp_path: Path) -> None:
    corrections, out = tmp_path / "c.toml", tmp_path / "out.json"
    corrections.write_text('[[bouts]]\nfrom = 0\nto = 100\ndirection = "backward"\n')
    asked = [
        "analyse",
        str(run_fit),
        "--bouts",
        str(corrections),
        "--forward",
        "0:50-1:40",
        "--json",
        str(out),
        "--quiet",
    ]
    assert main(asked) == 0
    found = json.loads(out.read_bytes())
    assert [c["direction"] for c in found["corrections"]] == ["backward", "forward"]
    backward = [b for b in found["bouts"] if b["direction"] == "backward"]
    assert (backward[0]["start_s"], backward[-1]["end_s"]) == (0, 50)


def test_a_folder_survives_bad_files(run_fit: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    (folder / "a.fit").write_bytes(run_fit.read_bytes())
    (folder / "b.fit").write_bytes(b"rubbish" * 40)
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        archive.writestr("a.fit", run_fit.read_bytes())
    out = tmp_path / "all.json"
    assert main(["analyse", str(folder), "--json", str(out), "--html", str(tmp_path / "reports")]) == 1
    said = capsys.readouterr()
    assert "b.fit" in said.err
    assert "Traceback" not in said.err
    schemas = [item["schema"] for item in json.loads(out.read_bytes())]
    assert sorted(schemas) == ["retropace.refusal/1", "retropace.summary/1", "retropace.summary/1"]
    assert len(list((tmp_path / "reports").glob("*.html"))) == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["analyse", "nowhere.fit"], "nowhere.fit"),
        (["analyse", "RUN", "--mass", "7"], "mass_kg"),
        (["analyse", "RUN", "--backward", "soon"], "--backward"),
        (["analyse", "RUN", "--person", "nowhere.toml"], "nowhere.toml"),
        (["analyse", "RUN", "--session", "nowhere.toml"], "nowhere.toml"),
        (["analyse", "RUN", "--hide-radius", "-1"], "--hide-radius"),
        (["analyse", "RUN", "--json", "RUN/out.json"], "out.json"),
        (["analyse", "RUN", "RUN", "--backward", "0:10-0:20"], "one recording"),
        (["evidence", "unicorn"], "unicorn"),
        (["simulate", "--rate", "3"], "--rate"),
        (["baseline", "RUN"], "20"),
    ],
)
def test_rubbish_is_answered_with_one_sentence_and_2(
    arguments: list[str], says: str, run_fit: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(run_fit.parent)
    assert main([part.replace("RUN", str(run_fit)) for part in arguments]) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert "Traceback" not in said.err


def test_an_empty_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", str(tmp_path)]) == 2
    assert "Name a recording" in capsys.readouterr().err


def test_a_failed_write_leaves_nothing_half(run_fit: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert main(["analyse", str(run_fit), "--quiet", "--html", str(blocked / "out.html")]) == 2
    assert blocked.read_text() == "in the way"


def test_demo_and_simulate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--out", str(tmp_path / "demo")]) == 0
    said = capsys.readouterr().out
    assert "Simulated" in said
    assert "report.html" in said
    made = {path.name for path in (tmp_path / "demo").iterdir()}
    assert made == {"session.toml", "run.fit", "report.html", "report.png", "report.json"}
    assert "simulated" in (tmp_path / "demo/report.html").read_text(encoding="utf-8").lower()
    assert main(["simulate", "--out", str(tmp_path / "sim"), "--rate", "50"]) == 0
    assert {path.name for path in (tmp_path / "sim").iterdir()} == {
        "simulated.fit",
        "simulated-sensors.zip",
        "truth.json",
    }


def test_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence"]) == 0
    everything = capsys.readouterr().out
    assert main(["evidence", "knee"]) == 0
    some = capsys.readouterr().out
    assert 0 < len(some) < len(everything)


def test_baseline_is_saved_and_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run, me = tmp_path / "long.fit", tmp_path / "me.toml"
    run.write_bytes(activity_bytes(recording((Part(1500, 2.6, 165),))))
    me.write_text("mass_kg = 70\n")
    assert main(["baseline", str(run), "--save", str(me)]) == 0
    assert main(["baseline", str(run), "--save", str(me)]) == 0
    content = me.read_text()
    assert content.count("[baseline]") == 1
    assert content.startswith("mass_kg = 70")
    assert main(["analyse", str(run), "--person", str(me), "--quiet"]) == 0


@pytest.mark.parametrize(("name", "safe"), [("a b/c.fit", "a-b-c.fit"), ("../../etc", "etc"), ("", "recording")])
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe
