"""How what is usual of each part of the body is measured: people weigh alike, and who cannot tell does not."""

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from retropace.motion.placement import SIZES, Usual, usual

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    sys.path.insert(0, str(ROOT))
    return importlib.import_module("tools.fit_placement")


def seen(tool: ModuleType, person: str, value: float, source: str = "cmu", part: str = "foot") -> Any:
    return tool.Seen(source, person, part, "walk", "once", 10, np.full(len(SIZES), value))


def test_people_weigh_alike_in_shares(tool: ModuleType) -> None:
    counts = {
        ("foot", "walk", "a"): {"half": 0, "once": 1, "twice": 1},
        ("foot", "walk", "b"): {"half": 0, "once": 0, "twice": 100},
    }
    told = tool.shares(counts)
    assert sum(told.values()) == pytest.approx(1.0)
    assert told["foot", "walk", "twice"] == pytest.approx(0.75 / 1.05)
    assert told["foot", "walk", "half"] == pytest.approx(0.05 / 1.05)


def test_the_simulated_runner_is_silent_of_what_is_too_clean_in_him(tool: ModuleType) -> None:
    theirs = [seen(tool, "a", 1.0), seen(tool, "b", 3.0), seen(tool, "s", 8.0, source="simulated")]
    row = tool.of_people(("foot", "walk", "once"), theirs, 0.9)
    means, spreads = dict(zip(SIZES, row.mean, strict=True)), dict(zip(SIZES, row.spread, strict=True))
    assert (means["yaw"], means["angle"]) == (2.0, 4.0)
    assert spreads["yaw"] == pytest.approx(np.hypot(1.0, 0.3))
    assert row.people == 3


def test_blurred_captures_are_silent_of_the_rest_of_a_foot(tool: ModuleType) -> None:
    theirs = [seen(tool, "a", 1.0, source="accad"), seen(tool, "b", 3.0)]
    row = tool.of_people(("foot", "walk", "once"), theirs, 0.9)
    means, spreads = dict(zip(SIZES, row.mean, strict=True)), dict(zip(SIZES, row.spread, strict=True))
    assert (means["rest"], means["yaw"]) == (3.0, 2.0)
    assert spreads["rest"] == pytest.approx(0.25 * 2.5), "two people are few"


def test_running_is_drawn_towards_walking_and_as_wide(tool: ModuleType) -> None:
    walks, runs = (
        Usual("foot", gait, "once", 0.9, 5, (mean,) * len(SIZES), (spread,) * len(SIZES))
        for gait, mean, spread in (("walk", 0.0, 0.5), ("run", 1.0, 0.2))
    )
    row = tool.drawn(runs, walks)
    assert row.mean == pytest.approx((0.7,) * len(SIZES))
    assert row.spread == pytest.approx((np.hypot(0.5, 0.4),) * len(SIZES))


def test_nothing_to_measure_is_said(tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tool.main(["--data", str(tmp_path), "--out", str(tmp_path / "x.toml")]) == 2
    assert "no captures to measure" in capsys.readouterr().err


def test_what_is_written_can_be_read(tool: ModuleType) -> None:
    import tomllib

    for row in usual().values():
        (told,) = tomllib.loads(tool.entry(row))["usual"]
        assert (told["part"], told["gait"], told["stride"]) == (row.part, row.gait, row.stride)
        assert tuple(told["mean"]) == row.mean
