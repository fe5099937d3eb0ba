"""`retropace virtual`: a recording that is read back, with the truth beside it."""

import json
from pathlib import Path

import numpy as np
import pytest

from made_captures import HIP_M, Moves, capture_text
from retropace.cli import main
from retropace.readers import read


def capture(folder: Path, name: str = "walk.bvh", speed_mps: float = 1.2) -> Path:
    """A walk of 4 s along x, facing x."""
    time_s = np.arange(240) / 60
    swing = 0.3 * np.sin(2 * np.pi * time_s)
    place = np.stack([speed_mps * time_s, 0 * time_s, HIP_M + 0.02 * np.cos(4 * np.pi * time_s)], axis=1)
    path = folder / name
    path.write_text(capture_text(Moves(place, np.zeros(240), swing, -swing), 60.0), encoding="utf-8")
    return path


def test_a_clip_becomes_a_recording_that_is_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "virtual.zip"
    clips = [str(capture(tmp_path)), str(capture(tmp_path, "back.bvh", -0.9))]
    options = ["--placement", "pocket", "--seconds", "10", "--seed", "3", "-o", str(out)]
    assert main(["virtual", *clips, *options]) == 0
    assert capsys.readouterr().out.splitlines() == [str(out), str(tmp_path / "virtual-truth.json")]
    recording = read(out)
    assert recording.origin.simulated
    assert set(recording.motion) == {"accelerometer", "gyroscope"}
    told = json.loads((tmp_path / "virtual-truth.json").read_text(encoding="utf-8"))
    assert told["note"].startswith("Simulated")
    assert [bout["direction"] for bout in told["bouts"]] == ["forward", "none", "backward"]
    assert [clip["trust"] for clip in told["clips"]] == ["geometry", "geometry"]
    assert told["bouts"][-1]["end_s"] == pytest.approx(recording.duration_s, abs=0.2)
    assert main(["analyse", str(out)]) == 0
    assert "Simulated" in capsys.readouterr().out


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    clip = str(capture(tmp_path))
    outs = [tmp_path / f"{number}.zip" for number in range(3)]
    for out, seed in zip(outs, ("1", "1", "2"), strict=True):
        assert main(["virtual", clip, "--seed", seed, "-o", str(out)]) == 0
    assert outs[0].read_bytes() == outs[1].read_bytes() != outs[2].read_bytes()


def test_a_mount_is_what_it_says(tmp_path: Path) -> None:
    out = tmp_path / "virtual.zip"
    assert main(["virtual", str(capture(tmp_path)), "--mount", "0,0,90", "-o", str(out)]) == 0
    force = read(out).motion["accelerometer"].channels
    means = [float(np.mean(values)) for values in force.values()]
    assert means == pytest.approx([0.0, 9.8, 0.0], abs=0.6)  # rolled by 90 degrees, y points up


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--mount", "1,2"], "no mount"),
        (["--mount", "1,2,nan"], "no mount"),
        (["--rate", "3"], "no rate"),
        (["--rate", "nan"], "no rate"),
        (["--seconds", "0"], "no length"),
        (["--seconds", "nan"], "no length"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], says: str
) -> None:
    assert main(["virtual", str(capture(tmp_path)), "-o", str(tmp_path / "o.zip"), *options]) == 2
    told = capsys.readouterr().err
    assert says in told
    assert told.count("\n") == 1
    assert not (tmp_path / "o.zip").exists()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("none.bvh", None, "no such file"),
        ("empty.bvh", "", "no HIERARCHY"),
        ("run.fit", "x", "no motion capture"),
        ("bad.c3d", "x", "damaged"),
    ],
)
def test_what_is_no_capture_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str | None, says: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert main(["virtual", str(tmp_path / name), "-o", str(tmp_path / "o.zip")]) == 2
    assert says in capsys.readouterr().err
