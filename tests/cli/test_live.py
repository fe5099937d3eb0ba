"""`retropace live`: a stream of raw motion, however it comes, told second by second."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from made_motion import felt, walk
from retropace.cli import main
from retropace.readers.growing import GrowingTable
from retropace.recording import MOTION_CHANNELS
from retropace.session import Session

HEADER = "time,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z\n"


@pytest.fixture(scope="module")
def written() -> str:
    """A minute of a phone in a pocket: standing, then walking forward."""
    recording, _ = felt(Session("Walk", (walk(50.0),)), "pocket")
    motion = recording.motion
    channels = [motion[name].channels[key] for name in ("accelerometer", "gyroscope") for key in MOTION_CHANNELS[name]]
    table = np.column_stack([motion["accelerometer"].time_s, *channels])
    rows = "\n".join(",".join(f"{value:.5f}" for value in row) for row in table.tolist())
    return f"{HEADER}{rows}\n"


def told(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def from_input(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """`text` as standard input, whose descriptor nobody can wait for."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    monkeypatch.setattr(os, "name", "elsewhere")


def test_every_second_of_a_file_is_told_and_the_whole_at_its_end(
    tmp_path: Path, written: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "motion.csv"
    path.write_text(written)
    assert main(["live", str(path), "--end", "--json", "--placement", "pocket"]) == 0
    *moments, whole = told(capsys.readouterr().out)
    times = [moment["at_s"] for moment in moments]
    assert times == sorted(set(times))
    assert len(times) >= 50
    assert not any(moment["direction"] == "backward" for moment in moments)
    assert sum(moment["direction"] == "forward" for moment in moments) >= 35
    assert whole["placement"] == "pocket"
    assert {bout["direction"] for bout in whole["bouts"]} <= {"forward", "none", "unknown"}


def test_standard_input_ends_with_a_summary(
    monkeypatch: pytest.MonkeyPatch, written: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from_input(monkeypatch, written)
    assert main(["live", "--placement", "pocket"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("forward › walking" in line for line in lines)
    assert "In all, with everything that is known now:" in lines
    assert lines[-1] == "The sensor was in a trouser pocket, on the thigh."


@pytest.mark.parametrize("text", ["", HEADER, "no table at all\n", f"{HEADER}1,2,3,4,5,6,7\n"])
def test_what_holds_no_rows_is_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from_input(monkeypatch, text)
    assert main(["live"]) == 2
    assert "Send a header and then rows." in capsys.readouterr().err


def test_a_missing_file_and_columns_without_motion_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["live", str(tmp_path / "none.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err
    path = tmp_path / "heart.csv"
    path.write_text("time,heart_rate\n" + "".join(f"{n},{100 + n % 5}\n" for n in range(300)))
    assert main(["live", str(path), "--end"]) == 2
    assert "heart.csv" in capsys.readouterr().err


def second_of(line: str) -> float:
    return float(line.split(",")[0])


def told_until(running: "subprocess.Popen[str]", second: float) -> str:
    """What is told up to the line of this second."""
    assert running.stdout is not None
    told = ""
    for line in running.stdout:
        told += line
        clock = re.match(r" *(\d+):(\d\d) ", line)
        if clock and 60 * int(clock[1]) + int(clock[2]) >= second:
            return told
    raise AssertionError(f"it ended before {second} s: {told}")


@pytest.mark.skipif(os.name != "posix", reason="signals as on Linux and macOS")
def test_a_growing_file_waits_goes_on_in_a_new_file_and_ends_with_ctrl_c(tmp_path: Path, written: str) -> None:
    path = tmp_path / "motion.csv"
    lines = written.splitlines(keepends=True)
    path.write_text("".join(lines[:2000]) + lines[2000][:20])  # a last line that breaks off
    source = Path(__file__).parents[2] / "src"
    running = subprocess.Popen(
        [sys.executable, "-u", "-m", "retropace", "live", str(path), "--placement", "pocket"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(source)},
    )
    patience = threading.Timer(120, running.kill)
    patience.start()
    begun = told_until(running, 0.0)
    assert "standing" in begun or "which way" in begun
    with path.open("a") as growing:
        growing.write(lines[2000][20:] + "".join(lines[2001:3500]))
    told = told_until(running, second_of(lines[2000]))
    other = tmp_path / "other.csv"
    other.write_text(HEADER + "".join(lines[3500:]))
    other.replace(path)
    told += told_until(running, second_of(lines[3500]))
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    patience.cancel()
    assert not err
    assert running.returncode == 0
    assert "forward › walking" in told
    assert "In all, with everything that is known now:" in out


def test_the_table_in_pieces_is_the_table_at_once(written: str) -> None:
    data = written.encode()
    whole = GrowingTable("at-once.csv").push(data, ends=True)["accelerometer"]
    table, times, values = GrowingTable("in-pieces.csv"), [], []
    random = np.random.default_rng(1)
    at = 0
    while at < len(data):
        size = int(random.integers(1, 9000))
        part = table.push(data[at : at + size], ends=at + size >= len(data)).get("accelerometer")
        at += size
        if part is not None:
            times.append(part.time_s)
            values.append(part.channels["acceleration_x_mps2"])
    np.testing.assert_allclose(np.concatenate(times), whole.time_s, atol=1e-9)
    np.testing.assert_allclose(np.concatenate(values), whole.channels["acceleration_x_mps2"], atol=1e-9)
    assert table.sensors == ["accelerometer", "gyroscope"]


def test_units_and_clock_are_told_once_and_a_clock_that_jumps_back_goes_on() -> None:
    table = GrowingTable("phone.csv")
    rng = np.random.default_rng(2)
    rows = [
        ",".join(
            f"{v:.4f}" for v in (1.7e12 + 10 * n, *(0.3 * rng.standard_normal(2)), 1.0, *(90 * rng.standard_normal(3)))
        )
        for n in range(600)
    ]
    head = table.push((HEADER + "\n".join(rows[:400]) + "\n").encode())
    assert head["accelerometer"].time_s[0] == 0
    assert head["accelerometer"].time_s[1] == pytest.approx(0.01, abs=1e-4)
    assert np.median(head["accelerometer"].channels["acceleration_z_mps2"]) == pytest.approx(9.80665)
    assert np.std(head["gyroscope"].channels["rotation_x_radps"]) == pytest.approx(np.deg2rad(90), rel=0.15)
    again = table.push(("\n".join(rows[:100]) + "\n").encode())
    assert again["accelerometer"].time_s[0] > head["accelerometer"].time_s[-1] + 1
    assert np.all(np.diff(again["accelerometer"].time_s) > 0)


TWO = "time,pelvis_acc_x,pelvis_acc_y,pelvis_acc_z,pelvis_gyr_x,pelvis_gyr_y,pelvis_gyr_z,shin_ax,shin_ay,shin_az\n"


def test_one_of_several_sensors_is_told_of_and_the_others_named(
    tmp_path: Path, written: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"{line},0,0,9.8" for line in written.splitlines()[1:]]
    path = tmp_path / "two.csv"
    path.write_text(TWO + "\n".join(rows) + "\n")
    assert main(["live", str(path), "--end"]) == 0
    told_of = capsys.readouterr()
    assert told_of.out.splitlines()[-1] == "The sensor was on the waist or the trunk."
    assert told_of.err.count("“pelvis”") == 1
    assert main(["live", str(path), "--end", "--sensor", "nose"]) == 2
    assert "Choose one of: pelvis, shin." in capsys.readouterr().err


def test_a_rate_that_is_told_is_the_time(tmp_path: Path, written: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "timeless.csv"
    path.write_text("\n".join(line.partition(",")[2] for line in written.splitlines()) + "\n")
    assert main(["live", str(path), "--end"]) == 2
    assert "--rate" in capsys.readouterr().err
    assert main(["live", str(path), "--end", "--rate", "100", "--placement", "pocket"]) == 0
    assert "forward › walking" in capsys.readouterr().out
