"""Other languages: every page stands when all of its words are others, and the words that are filled in stay."""

import gettext
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from every_door import addresses, get_doors
from houses import Houses, lived_in
from retropace.web import language
from retropace.web.app import app


class Mirrored(gettext.NullTranslations):
    """Every message between brackets: longer than English, and seen at once."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, lived_file: Path) -> Iterator[Houses]:
    made = lived_in(tmp_path_factory.mktemp("language"), lived_file)
    yield made
    made.alone.database.close()


def test_every_page_stands_in_another_language(lived: Houses, monkeypatch: pytest.MonkeyPatch) -> None:
    mirrored = Mirrored()
    language.speak("en")  # as whoever asked before in this thread
    monkeypatch.setattr(language, "_translations", lambda _: mirrored)
    with TestClient(app(lived.alone), raise_server_exceptions=True) as client:
        pages = [(path, client.get(path)) for door in get_doors() for path in addresses(door, lived.values)]
    shown = [(path, answer) for path, answer in pages if "text/html" in answer.headers["content-type"]]
    assert len(shown) > 30
    assert not [path for path, answer in shown if answer.status_code >= 500]
    ours = [
        (path, answer) for path, answer in shown if not path.endswith("/report.html")
    ]  # the report is a file, in English
    assert not [path for path, answer in ours if "⟦" not in answer.text]


def test_english_where_a_language_is_not_known() -> None:
    language.speak("tlh")
    assert language.say("Today") == "Today"
    assert language.say_count("{count} week", "{count} weeks", 3) == "3 weeks"
