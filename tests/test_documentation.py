"""Documentation: the generated pages say what the code says, and doctests run."""

import doctest
import importlib
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parent.parent / "docs"
WORKED = (
    *("errors", "estimate", "sources", "gait", "energy", "knee", "load", "claims", "quantities", "witness"),
    *("rules.questionnaire", "surroundings", "screening", "weight"),
    *("texts", "pieces", "cues", "exercises"),
    *("doses", "saying", "timetable"),
)


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_fresh() -> None:
    assert generator().stale() == [], "run: PYTHONPATH=src .venv/bin/python docs/generate.py"


def test_a_stale_page_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = generator()
    monkeypatch.setattr(module, "HERE", tmp_path)
    monkeypatch.setattr(module, "PAGES", {"metrics.md": module.metrics, "folder/other.md": lambda: "other"})
    assert module.main(["--check"]) == 1
    assert module.main([]) == 0
    assert module.main(["--check"]) == 0
    (tmp_path / "metrics.md").write_text("old", encoding="utf-8")
    assert module.stale() == ["metrics.md"]


@pytest.mark.parametrize("name", WORKED)
def test_worked_examples_run(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"retropace.{name}"))
    assert result.attempted > 0
    assert result.failed == 0


def test_links_between_pages_lead_somewhere() -> None:
    module = generator()
    anchors = set(module.bibliography())
    linked = {part.split(")")[0] for part in module.metrics().split("bibliography.md#")[1:]}
    assert linked <= anchors
