"""Published numbers, as tables of inputs, outputs and tolerance, recomputed through the models by name."""

import importlib
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retropace.estimate import Estimate
from retropace.person import Person
from retropace.quantities import Direction, Gait
from retropace.sources import Cited, bibliography

TABLES = Path(__file__).parent / "published"
CASES = [
    case for table in sorted(TABLES.glob("*.toml")) for case in tomllib.loads(table.read_text(encoding="utf-8"))["case"]
]


def named(path: str) -> Any:
    module, name = path.split(":")
    return getattr(importlib.import_module(module), name)


def prepared(arguments: dict[str, Any]) -> dict[str, Any]:
    """Lists as arrays, names as gait and direction, a steady level bout written as its seconds and speed."""
    given: dict[str, Any] = {
        key: np.array(value) if isinstance(value, list) else value for key, value in arguments.items()
    }
    if "gait" in given:
        given["gait"] = Gait(given["gait"])
    if "direction" in given:
        given["direction"] = Direction(given["direction"])
    if "seconds" in given:
        seconds = given.pop("seconds")
        given |= {"speed_mps": np.full(seconds, given.pop("speed")), "slope": np.zeros(seconds), "person": Person()}
    return given


def computed(case: dict[str, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    result = named(case["call"])(**prepared(case["arguments"]))
    if isinstance(result, Estimate):
        result = getattr(result, case.get("side", "value"))
    return np.atleast_1d(np.asarray(result, dtype=np.float64))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['source']}: {case['says'][:60]}")
def test_published_number(case: dict[str, Any]) -> None:
    assert bibliography()[case["source"]].seen, "a number nobody read proves nothing"
    if "constant" in case:
        constant = named(case["constant"])
        assert isinstance(constant, Cited)
        if "inside" in case:
            assert constant.low <= case["inside"] <= constant.high
            return
        assert case["source"] in constant.sources
        got = np.array([constant.value])
    else:
        got = computed(case)
        if "over" in case:
            got = got / computed(case["over"])
        if case.get("mean"):
            got = got.mean(keepdims=True)
    np.testing.assert_allclose(got, case["expected"], rtol=0, atol=case["tolerance"])


def test_enough_numbers_and_several_papers() -> None:
    assert len(CASES) >= 30
    assert len({case["source"] for case in CASES}) >= 12
    assert all(case.get("tolerance", 1) > 0 for case in CASES)
