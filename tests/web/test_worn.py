"""Where the sensor was worn: told on the session's page, corrected there, and found from the motion again."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from made_kept import keep_bytes
from made_motion import felt, walk
from retropace.recording import MOTION_CHANNELS
from retropace.session import Session
from retropace.simulate.virtual import DEFAULT_START
from retropace.store.notebook import LOCAL
from retropace.store.recordings import Kept, Recordings
from retropace.web.house import House
from retropace.writers.sensor_logger import archive_bytes
from served import DESKTOP, PHONE
from web.browser.look import ALL_RULES, axe
from writings import rows

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


@pytest.fixture
def two(recordings: Recordings) -> Kept:
    """The same phone, with a wrist beside it in one table."""
    motion = felt(Session("Walk", (walk(60.0),)), "pocket")[0].motion
    header = ["time"]
    columns = [motion["accelerometer"].time_s]
    for place in ("wrist", "thigh"):
        for stream, word in (("accelerometer", "acc"), ("gyroscope", "gyr")):
            header += [f"{place}_{word}_{axis}" for axis in "xyz"]
            columns += [motion[stream].channels[key] for key in MOTION_CHANNELS[stream]]
    return keep_bytes(recordings, "two.csv", rows(",".join(header), columns))


def test_another_sensor_of_the_file_is_read_where_it_is_chosen(
    client: "Client", recordings: Recordings, two: Kept
) -> None:
    page = f"/sessions/{two.id}"
    assert "Worn: trouser pocket Its name in the file, “thigh”, says so." in words(client, two)
    client.submit(f"{page}/worn", placement="waist")
    assert "“wrist” is read now." in client.submit(f"{page}/sensor", sensor="wrist").text
    said = words(client, two)
    assert "Worn: wrist Its name in the file, “wrist”, says so." in said, "what was said was said of the thigh"
    assert "Read another of the 2 sensors in the file" in said
    assert recordings.get(two.id).column_map is not None
    assert client.get(f"{page}/file").status_code == 200
    client.submit(f"{page}/sensor", sensor="thigh")
    assert "“thigh”, says so" in words(client, two)


def test_a_sensor_that_is_none_is_refused_with_the_list(client: "Client", two: Kept) -> None:
    answer = client.submit(f"/sessions/{two.id}/sensor", sensor="nose")
    assert answer.status_code == 400
    assert "wrist, thigh" in answer.text


def test_everything_can_be_read_and_reached(open_page: "Callable[..., Page]", kept: Kept, two: Kept) -> None:
    for size, shown in ((PHONE, kept), (DESKTOP, kept), (PHONE, two)):
        page = open_page(f"/sessions/{shown.id}", size=size)
        page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert axe(page, ALL_RULES) == []
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.locator("svg text", has_text="How probable, which way").count() == 2
