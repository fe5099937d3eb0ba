"""What a page weighs on its first load, as it is sent: itself, and the styles, scripts and pictures it asks for."""

import re
from typing import TYPE_CHECKING

import pytest

from every_door import addresses
from retropace.web import assets
from retropace.web.doors import Door

from .test_every_page import PAGES

if TYPE_CHECKING:
    from .conftest import Walker

#: Bytes of HTML and everything linked from it, gzipped.
HEAVIEST = 60_000
_LINKED = re.compile(r'(?:href|src)="(/s/[^"]+)"')
_IMPORTED = re.compile(rb'(?:from|import)\s*\(?\s*"\./([\w.-]+)"')


@pytest.mark.parametrize("door", PAGES, ids=lambda door: door.path)
def test_a_page_is_light(door: Door, walker: "Walker") -> None:
    weights = {}
    for path in addresses(door, walker.houses.values):
        answer = walker.go(path)
        if walker.is_page(path):
            weights[path] = int(answer.headers["content-length"]) + sum(map(_sent, _linked(answer.text)))
            assert answer.headers["content-encoding"] == "gzip"
    assert not {path: weight for path, weight in weights.items() if weight > HEAVIEST}


def _linked(html: str) -> set[str]:
    """Names of the assets a page loads, with what its scripts import."""
    names = {path.rpartition("/")[2] for path in _LINKED.findall(html)}
    for name in list(names):
        names |= {found.decode() for found in _IMPORTED.findall(assets.assets()[name].content)}
    return names


def _sent(name: str) -> int:
    return len(assets.assets()[name].compressed)
