"""The progress page: in every state, both ranges, for everybody who may look, and its report."""

import datetime as dt
import gzip
import io
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
from lxml import html
from starlette.datastructures import FormData
from starlette.requests import Request

from made_stores import begun_store
from retropace.doses import Goal
from retropace.log import Done, LogEntry
from retropace.store import Screened, Settings, Wanted
from retropace.store.database import open_database, sqlite_url
from retropace.store.notebook import LOCAL, Notebook
from retropace.timetable import Calendar
from retropace.web.assets import assets
from retropace.web.house import House
from retropace.web.pages.progress import show
from retropace.web.visit import Visit
from screened import HEALTHY, STRAIGHT
from web.browser.look import ALL_RULES, axe

from .conftest import DESKTOP, NOW, PHONE, TODAY

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import Client


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    """The demo person's house; an empty one for tests marked by asking for `empty`."""
    path = tmp_path / "retropace.db"
    if "empty" in request.fixturenames:
        database = begun_store(path)
    else:
        shutil.copy(request.getfixturevalue("lived_file"), path)
        database = open_database(sqlite_url(path))
    yield House(database, secret=b"test", clock=lambda: NOW, hosts=frozenset({"testserver", "127.0.0.1", "localhost"}))
    database.close()


@pytest.fixture
def empty() -> None:
    """Asks for a house in which nobody lives yet."""


def tree(client: "Client", path: str = "/progress") -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[-2000:]
    return html.fromstring(answer.text)


def words(node: Any) -> str:
    return " ".join(node.text_content().split())


def cells(row: Any) -> list[str]:
    return [words(cell) for cell in row]


# -- pictures -----------------------------------------------------------------------------------------------------------


def test_every_picture_has_a_sentence_and_its_figures_as_a_table(client: "Client") -> None:
    cards = tree(client).xpath("//article[contains(@class,'picture')]")
    assert len(cards) == 10
    for card in cards:
        (title,) = card.xpath(".//h3")
        assert card.get("aria-labelledby") == title.get("id")
        if card.xpath(".//svg") and card.get("id") != "tests":
            assert words(card.xpath(".//p[contains(@class,'reading')]")[0]).endswith(".")
            assert len(card.xpath(".//details//tbody/tr")) >= 2
        assert all(svg.get("aria-label") for svg in card.xpath(".//svg[@role='img']"))


def test_the_demo_persons_weeks(client: "Client") -> None:
    page = tree(client)
    (weeks,) = page.xpath("//article[@id='weeks']")
    assert "13:33 of 15:52 this week" in words(weeks)
    rows = [cells(row) for row in weeks.xpath(".//tbody/tr")]
    assert len(rows) == 12
    assert rows[3][:3] == ["4, lighter", "2 Nov 2026", "12:00"]
    assert rows[0][-2:] == ["2:40", "3"], "the session without a recording counts as planned"
    assert len(weeks.xpath(".//svg")) == 2
    for svg in weeks.xpath(".//svg"):
        bars = svg.xpath(".//rect[starts-with(@fill,'url(#')]")
        assert len(bars) == 7
        assert all(float(bar.get("y")) >= 24 for bar in bars), "backward grows down"


def test_every_number_leads_to_its_source(client: "Client") -> None:
    known = set(tree(client, "/evidence").xpath("//li[starts-with(@id,'source-')]/@id"))
    marks = tree(client).xpath("//a[@class='src']/@href")
    assert len(marks) >= 15
    assert {mark.partition("#")[2] for mark in marks} <= known


def test_simulated_is_said_of_each_record(client: "Client") -> None:
    rows = tree(client).xpath("//ul[@class='records']/li")
    assert len(rows) == 4
    assert all("simulated" in words(row) for row in rows)


def test_a_real_notebook_says_which_are_simulated(client: "Client", house: House) -> None:
    with house.database.transaction() as now:
        now.run("UPDATE person SET simulated = 0")
    assert len(tree(client).xpath("//article//p[contains(., 'recordings are among these')]")) >= 5


def test_both_ranges(client: "Client", notebook: Notebook) -> None:
    notebook.keep_entry(LogEntry(TODAY - dt.timedelta(days=300), Done.ALL, reverse_s=90.0, reverse_longest_s=30.0))
    recent, every = tree(client), tree(client, "/progress?range=all")
    assert words(recent.xpath("//nav[@class='range']/a[@aria-current]")[0]) == "12 weeks"
    assert words(every.xpath("//nav[@class='range']/a[@aria-current]")[0]) == "All"
    first = cells(every.xpath("//article[@id='weeks']//tbody/tr[1]")[0])
    assert first[2:] == ["not known", "0:00", "1:30", "1"], "nobody knows what was planned then"
    assert "26 Jan" not in words(recent.xpath("//article[@id='weeks']")[0])


def test_miles_for_those_who_count_in_them(client: "Client", notebook: Notebook) -> None:
    notebook.keep_settings(replace(notebook.settings(), system="imperial"))
    told = words(tree(client))
    assert "Energy a mile" in told
    assert "mph" in told
    assert "km" not in told.replace("kmh", "")


# -- little or nothing --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("empty")
def test_nothing_yet_says_what_will_appear_and_one_thing_to_do(client: "Client") -> None:
    page = tree(client)
    assert words(page.xpath("//h1")[0]) == "Your progress begins with the first session."
    (go,) = page.xpath("//a[contains(@class,'go')]")
    assert go.get("href") == "/welcome"
    assert not page.xpath("//article//svg")
    assert not page.xpath("//nav[@class='range']")
    told = words(page)
    for promise in (
        "with the first session",
        "a minute of each way",
        "three metres backward",
        "fastest 100 m backward",
    ):
        assert promise in told
    assert not re.search(r"\b(missed|fail|lost|should)\b", told)


@pytest.mark.usefixtures("empty")
def test_a_plan_and_no_session_yet(client: "Client", notebook: Notebook) -> None:
    notebook.keep_screened(Screened(replace(HEALTHY, day=TODAY - dt.timedelta(3)), STRAIGHT))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY - dt.timedelta(6), 12)))
    page = tree(client)
    assert page.xpath("//a[contains(@class,'go')]/@href") == ["/"]
    (weeks,) = page.xpath("//article[@id='weeks']")
    assert not weeks.xpath(".//rect[starts-with(@fill,'url(#')]")
    assert len(weeks.xpath(".//rect[@class='plan']")) == 24
    assert "Standing on one leg" in words(page)


@pytest.mark.usefixtures("empty")
def test_sessions_without_any_plan(client: "Client", notebook: Notebook) -> None:
    for n in range(4):
        notebook.keep_entry(LogEntry(TODAY - dt.timedelta(days=7 * n), Done.ALL, effort=4.0, reverse_s=0.0))
    page = tree(client)
    assert "0:00 this week" in words(page)
    assert words(page.xpath("//h1")[0]) == "4 sessions, 0:00 backward."


# -- who may look -------------------------------------------------------------------------------------------------------


def visited(house: House, shares: frozenset[str] | None) -> Any:
    request = Request({"type": "http", "method": "GET", "path": "/progress", "headers": [], "query_string": b""})
    viewer = LOCAL if shares is None else "coach"
    answer = show(Visit(request, house, LOCAL, viewer, FormData(), "", shares))
    return html.fromstring(bytes(answer.body).decode())


def test_a_coach_sees_what_is_shared_and_no_more(house: House) -> None:
    told = words(visited(house, frozenset({"progress"})))
    assert "The log is not shared with you." in told
    assert "The screening is not shared with you." in told
    assert "left calf" not in told.lower()
    page = visited(house, frozenset({"progress"}))
    assert not page.xpath("//ul[@class='records']//a[contains(@href,'/sessions/')]")
    links = page.xpath("//section//a[not(contains(@href,'#'))]/@href | //nav[@class='range']/a/@href")
    assert len(links) >= 4
    assert all(link.startswith(f"/with/{LOCAL}/") for link in links)


def test_with_everything_shared_all_is_there(house: House) -> None:
    told = words(visited(house, frozenset({"progress", "log", "screening", "sessions"})))
    assert "not shared" not in told
    assert "Left calf" in told


# -- the report ---------------------------------------------------------------------------------------------------------


def test_the_report_is_one_page_and_kept_nowhere(client: "Client") -> None:
    answer = client.get("/progress/report.pdf?paper=us-letter")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="retropace-report-2026-11-22.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    (page,) = pypdf.PdfReader(io.BytesIO(answer.content), strict=True).pages
    assert round(page.mediabox.height) == 792
    assert "Simulated: nobody ran this." in page.extract_text()


@pytest.mark.usefixtures("empty")
def test_a_report_on_nobody_is_a_sentence(client: "Client", notebook: Notebook) -> None:
    notebook.keep_settings(Settings(name="Ana"))
    (page,) = pypdf.PdfReader(io.BytesIO(client.get("/progress/report.pdf").content)).pages
    assert "Nothing was screened, recorded or told yet." in " ".join(page.extract_text().split())


# -- weight, and a real browser -----------------------------------------------------------------------------------------


def test_it_is_light(client: "Client") -> None:
    page = client.get("/progress").text.encode()
    styles = sum(len(assets()[name].compressed) for name in ("look.css", "frame.css", "progress.css", "icon.svg"))
    assert len(gzip.compress(page)) + styles <= 60_000


@pytest.mark.parametrize("size", [PHONE, DESKTOP, {"width": 320, "height": 640}], ids=["phone", "desktop", "narrow"])
def test_in_a_browser(open_page: "Callable[..., Page]", size: dict[str, int]) -> None:
    page = open_page("/progress", size=size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    wide = size["width"] >= 700
    assert page.locator("#weeks .on-wide svg").is_visible() == wide
    assert page.locator("#weeks .on-narrow svg").is_visible() != wide
    page.locator("#soreness summary").press("Enter")
    assert page.locator("#soreness table").is_visible()
    if size == PHONE:  # of every page as it comes: browser/test_every_page.py
        assert axe(page, ALL_RULES) == []
