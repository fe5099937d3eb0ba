"""Fitted parameters: read whole, odd in time, and fitted the same from the same."""

import datetime as dt
import importlib.util
import tomllib
from importlib import resources
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.errors import UncitedValue
from retropace.motion.parameters import Odd, fitted, odd_nats, read, said
from retropace.recording import FloatArray

ROOT = Path(__file__).parents[2]
DATA = ROOT / "../shared/data/mocap"
ODD = Odd(("a", "b"), (2.0, -1.0), (0.5, 1.0), 3.0)
TEXT = """
[[odd]]
placement = "foot"
gait = "walk"
columns = ["a", "b"]
weights = [2.0, -1.0]
scales = [0.5, 1.0]
limit_nats = 3.0
"""


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fit_motion", ROOT / "tools/fit_motion.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_file_is_read() -> None:
    assert read(TEXT) == {("foot", "walk"): ODD}


@pytest.mark.parametrize("damage", [("[2.0, -1.0]", "[2.0]"), ("[0.5, 1.0]", "[0.5, 0.0]")])
def test_a_file_that_is_not_whole_is_refused(damage: tuple[str, str]) -> None:
    with pytest.raises(UncitedValue, match="foot, walk are not whole"):
        read(TEXT.replace(*damage))


@given(st.lists(st.tuples(*[st.floats(-1e6, 1e6)] * 2), min_size=1))
def test_the_other_way_round_says_the_opposite(rows: list[tuple[float, float]]) -> None:
    a, b = np.array(rows).T
    assert np.array_equal(said(ODD, {"a": -a, "b": -b}), -said(ODD, {"a": a, "b": b}))
    assert np.all(np.abs(said(ODD, {"a": a, "b": b})) <= ODD.limit_nats)


def test_what_is_silent_adds_nothing_and_all_silent_is_silence() -> None:
    nan = np.nan
    nats = said(ODD, {"a": np.array([0.25, 0.25, nan, nan]), "b": np.array([0.5, nan, 0.5, nan])})
    assert nats[:3].tolist() == [0.5, 1.0, -0.5]
    assert np.isnan(nats[3])


def test_what_is_shipped_is_whole_and_says_what_it_was_fitted_on() -> None:
    text = resources.files("retropace.motion").joinpath("parameters.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)["provenance"]
    assert isinstance(told["date"], dt.date)
    assert set(told["cmu_people"]) <= {"02", "03", "05", "07", "08"}
    assert all(name.startswith("Male1_") for name in told["accad_clips"])
    assert not [word for word in ("dataset-", "bandai", "neura", "shared") if word in text]
    for (placement, gait), odd in fitted().items():
        assert 0 < odd.limit_nats <= 4
        columns = {name: np.full(3, scale) for name, scale in zip(odd.columns, odd.scales, strict=True)}
        assert np.all(np.isfinite(odd_nats(placement, gait, columns)))


def rows_like(people: int, seed: int) -> Any:
    """Windows whose first column tells direction and whose second does not."""
    random = np.random.default_rng(seed)
    sign = np.where(np.arange(40 * people) % 4 == 0, 1.0, -1.0)
    values = np.stack([-sign + random.normal(0, 0.8, sign.size), random.normal(0, 1, sign.size)], axis=1)
    person = tuple(f"person {i // 40}" for i in range(sign.size))
    return tool().Rows(values, sign, person, tuple(f"clip {i // 10}" for i in range(sign.size)))


def test_what_tells_direction_gets_the_weight() -> None:
    fit = tool().fit(rows_like(5, 1))
    assert fit.weights[0] < -1.0
    assert abs(fit.weights[1]) < 0.2 * abs(fit.weights[0])
    assert 0.5 < fit.sureness <= 1.0
    assert all(0 <= share < 0.3 for share in fit.wrong.values())


def test_fitting_the_mirrored_windows_gives_the_same_weights() -> None:
    """The exact augmentation (-x, 1 - y) costs the same, so it need not be computed."""
    module = tool()
    rows = rows_like(3, 2)
    mirrored = module.Rows(-rows.values, -rows.sign, rows.person, rows.clip)
    assert module.fit(mirrored).weights == pytest.approx(module.fit(rows).weights, rel=1e-12)


def test_newton_finds_the_least_cost() -> None:
    module = tool()
    random = np.random.default_rng(3)
    told, weight = random.normal(0.5, 1.0, (60, 3)), random.uniform(0.5, 1.5, 60)

    def cost(weights: FloatArray) -> float:
        return float(module.cost(told @ weights, weight)) + 0.05 * float(np.sum(np.square(weights)))

    best = module.newton(told, weight, 0.1)
    for axis in range(3):
        for step in (-1e-3, 1e-3):
            assert cost(best + step * np.eye(3)[axis]) > cost(best)


def test_chance_says_next_to_nothing() -> None:
    module = tool()
    rows = rows_like(4, 4)
    shuffled = np.random.default_rng(5).permutation(rows.sign)
    fit = module.fit(module.Rows(rows.values, shuffled, rows.person, rows.clip))
    assert np.abs(fit.weights).max() < 0.6
    assert fit.limit_nats < 1.0


@pytest.mark.skipif(not DATA.is_dir(), reason=f"needs {DATA}")
def test_the_same_input_gives_the_same_file(tmp_path: Path) -> None:
    few = ["--placements", "foot", "--only", "Male1_B3_Walk", "Male1_B6_WalkBackwards", "05_01", "--seeds", "1"]
    texts = []
    for number in range(2):
        out = tmp_path / f"{number}.toml"
        assert tool().main(["--data", str(DATA), "--out", str(out), "--date", "2026-01-02", *few]) == 0
        texts.append(out.read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    assert read(texts[0])["foot", "walk"].weights


def test_without_captures_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tool().main(["--data", str(tmp_path), "--out", str(tmp_path / "p.toml")]) == 2
    assert "no captures to fit on" in capsys.readouterr().err
