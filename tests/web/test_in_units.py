"""Units: whoever reads imperial finds no metric number on any page, but where a study or a file is quoted as it is."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from every_door import addresses, get_doors
from houses import Houses, lived_in
from retropace.store.notebook import LOCAL, Notebook
from retropace.web.app import app

#: Pages that quote studies and rules in the units they were written in, and what is for programs.
_QUOTE = re.compile(r"^/(evidence|api)\b|/report[.]html$")
#: In brackets behind an imperial number, a metric one helps whoever stands at a metric track or belt.
_BESIDE = re.compile(r"(mph|ft) \([^)]*\)")
_METRIC = re.compile(r"\d\s?(?:m/s|km/h|km|kg|cm|metres?|m)(?![\w/²·’']| \(\d)")


@pytest.fixture
def imperial(tmp_path: Path, lived_file: Path) -> Iterator[Houses]:
    made = lived_in(tmp_path, lived_file)
    notebook = Notebook(made.alone.database, LOCAL)
    notebook.keep_settings(replace(notebook.settings(), system="imperial"))
    yield made
    made.alone.database.close()


def test_no_page_speaks_metric_to_whoever_reads_imperial(imperial: Houses) -> None:
    found: dict[str, set[str]] = {}
    with TestClient(app(imperial.alone)) as client:
        for path in (path for door in get_doors() for path in addresses(door, imperial.values)):
            answer = client.get(path)
            if "text/html" in answer.headers["content-type"] and not _QUOTE.search(path):
                found[path] = {words for words in _said(answer.text) if _METRIC.search(_BESIDE.sub(r"\1", words))}
    assert len(found) > 30
    assert not {words: path for path, told in found.items() for words in told}


def _said(page: str) -> list[str]:
    """The pieces of text that a page shows."""
    shown = re.sub(r"<(script|style|head)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return [" ".join(html.unescape(piece).split()) for piece in re.split(r"<[^>]+>", shown)]
