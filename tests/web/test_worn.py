"""Where the sensor was worn: told on the session's page, corrected there, and found from the motion again."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from made_kept import keep_bytes
from made_motion import felt, walk
from retropace.session import Session
from retropace.simulate.virtual import DEFAULT_START
from retropace.store.notebook import LOCAL
from retropace.store.recordings import Kept, Recordings
from retropace.web.house import House
from retropace.writers.sensor_logger import archive_bytes
from served import DESKTOP, PHONE
from web.browser.look import ALL_RULES, axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import Client


@pytest.fixture
def recordings(house: House) -> Recordings:
    return Recordings(house.database, LOCAL)


@pytest.fixture
def kept(recordings: Recordings) -> Kept:
    """Two minutes of walking with a phone in a trouser pocket."""
    recording = replace(felt(Session("Walk", (walk(120.0),)), "pocket")[0], start=DEFAULT_START)
    return keep_bytes(recordings, "motion.zip", archive_bytes(recording))


def words(client: "Client", kept: Kept) -> str:
    answer = client.get(f"/sessions/{kept.id}")
    assert answer.status_code == 200
    without = re.sub(r"<(script|svg)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", without))


def test_told_corrected_and_found_again(client: "Client", recordings: Recordings, kept: Kept) -> None:
    assert "Found from the motion" in words(client, kept)
    page = f"/sessions/{kept.id}"
    assert client.submit(f"{page}/worn", placement="wrist").status_code in (200, 303)
    assert recordings.get(kept.id).placement == "wrist"
    said = words(client, kept)
    assert "Worn: wrist You said so." in said
    assert "by itself it cannot tell forward from backward" in said
    client.submit(f"{page}/worn", placement="")
    assert recordings.get(kept.id).placement is None
    assert "Found from the motion" in words(client, kept)


def test_a_place_that_is_none_is_refused(client: "Client", kept: Kept) -> None:
    answer = client.submit(f"/sessions/{kept.id}/worn", placement="moon")
    assert answer.status_code == 400
    assert "is no place to wear a sensor" in answer.text


def test_everything_can_be_read_and_reached(open_page: "Callable[..., Page]", kept: Kept) -> None:
    for size in (PHONE, DESKTOP):
        page = open_page(f"/sessions/{kept.id}", size=size)
        page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert axe(page, ALL_RULES) == []
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.locator("svg text", has_text="How probable, which way").count() == 2
