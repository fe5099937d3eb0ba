"""A small run of `validation/fuzz.py`: damaged files end in a recording or a sentence, and soon."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

PATH = Path(__file__).parents[2] / "validation" / "fuzz.py"


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("retropace_fuzz", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


fuzz = loaded()


@pytest.mark.parametrize("kind", list(fuzz.seeds()))
def test_damaged_files(kind: str) -> None:
    every, tally = fuzz.seeds(), fuzz.Tally()
    for number in range(200):
        fuzz.tried(every, kind, 1, number, tally)
    assert tally.faults == []
    assert tally.outcomes.total() == 200
    assert tally.slowest_s < fuzz.SLOWEST_S


@pytest.mark.parametrize("kind", list(fuzz.seeds()))
def test_whole_files_are_read(kind: str) -> None:
    for name, data in fuzz.seeds()[kind]:
        assert fuzz.outcome(name, data) in ("read", "repaired") or name == "c.zip"


def test_mutants_are_always_the_same_and_differ() -> None:
    every = fuzz.seeds()
    assert fuzz.mutant(every, "tcx", 1, 5) == fuzz.mutant(every, "tcx", 1, 5)
    assert len({fuzz.mutant(every, "tcx", 1, number)[1] for number in range(50)}) > 45


def test_a_fault_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> object:
        raise KeyError("x")

    monkeypatch.setattr(fuzz, "read_bytes", stumble)
    tally = fuzz.Tally()
    fuzz.tried(fuzz.seeds(), "gpx", 1, 0, tally)
    assert tally.faults == ["gpx 0: KeyError: 'x'"]
