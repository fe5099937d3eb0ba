"""Compiled templates: kept beside the templates, used only while they are true, and never in the way."""

from pathlib import Path

import jinja2
import pytest

from retropace.web.compiled import Compiled


def said(folder: Path) -> str:
    """What the template says, in an environment that begins anew."""
    loader = jinja2.FileSystemLoader(folder)
    made = jinja2.Environment(loader=loader, autoescape=True, bytecode_cache=Compiled(folder))
    return made.get_template("page.html").render(name="Ada")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr("sys.pycache_prefix", None)
    (tmp_path / "page.html").write_text("Hello {{ name }}", encoding="utf-8")
    return tmp_path


def kept(folder: Path) -> list[Path]:
    return list((folder / "__pycache__").glob("*"))


def test_a_template_is_compiled_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(folder) == "Hello Ada"
    assert len(kept(folder)) == 1
    monkeypatch.setattr(jinja2.Environment, "_compile", None)
    assert said(folder) == "Hello Ada"


def test_a_changed_template_is_compiled_again(folder: Path) -> None:
    assert said(folder) == "Hello Ada"
    (folder / "page.html").write_text("Good day {{ name }}", encoding="utf-8")
    assert said(folder) == "Good day Ada"
    assert len(kept(folder)) == 1


@pytest.mark.parametrize("damage", [b"", b"j2", b"something else entirely"])
def test_what_was_kept_and_is_damaged_counts_as_nothing(folder: Path, damage: bytes) -> None:
    said(folder)
    (found,) = kept(folder)
    found.write_bytes(damage)
    assert said(folder) == "Hello Ada"
    found.write_bytes(found.read_bytes()[:-9])
    assert said(folder) == "Hello Ada"


def test_where_nothing_can_be_kept_it_works_all_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "__pycache__").write_text("in the way", encoding="utf-8")
    assert said(folder) == "Hello Ada"
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    (folder / "__pycache__").unlink()
    assert said(folder) == "Hello Ada"
    assert not kept(folder)
