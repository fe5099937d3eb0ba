"""Taking the plan along: every format says what it holds, gives its file or a sentence; the calendar link and its feed."""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import icalendar
import pytest

from retropace.doses import Goal
from retropace.log import Done, LogEntry
from retropace.store import Screened, Settings, Wanted
from retropace.store.notebook import LOCAL, Notebook
from retropace.store.secret_links import CalendarLinks, Feed, said_anew
from retropace.timetable import Calendar
from retropace.web.house import House
from retropace.writers import WRITERS, Writer
from screened import HEALTHY, STRAIGHT

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from web.conftest import Client

TODAY = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def begun(notebook: Notebook) -> None:
    notebook.keep_screened(Screened(replace(HEALTHY, day=TODAY - DAY), STRAIGHT))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY, 12)))


def feed(client: "Client", house: House, **headers: str) -> tuple[int, str, bytes]:
    link = CalendarLinks(house.database).of(LOCAL)
    assert link
    answer = client.get(f"/calendar/{link.token}.ics", headers=headers)
    return answer.status_code, answer.headers.get("etag", ""), answer.content


def events(content: bytes) -> dict[str, Any]:
    return {str(event["uid"]): event for event in icalendar.Calendar.from_ical(content).walk("VEVENT")}


# -- files --------------------------------------------------------------------------------------------------------------


def test_every_format_says_what_it_holds_and_what_not(client: "Client") -> None:
    page = client.get("/plan/export").text
    for writer in WRITERS:
        assert f'id="{writer.key}"' in page
        assert all(support.says.replace("'", "&#39;") in page for support in writer.features.values())
    assert "Speeds stand in the notes only." in page, "what this very session loses"
    assert "Not for this session." in page, "Zwift is run on a treadmill, and none is cleared"


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.key)
@pytest.mark.parametrize("what", ["session", "programme"])
def test_every_file_or_a_sentence(client: "Client", writer: Writer, what: str) -> None:
    answer = client.get(f"/plan/export/{writer.key}?what={what}")
    if answer.status_code == 200:
        assert answer.content
        assert answer.headers["content-disposition"].startswith('attachment; filename="')
        assert answer.headers["content-type"].split(";")[0] in (writer.media_type.split(";")[0], "application/zip")
        if answer.content[:2] == b"PK":
            assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None
    else:
        assert answer.status_code == 400
        assert (writer.key, what) in {("zwo", "session"), ("zwo", "programme"), ("ics", "session")}


def test_no_button_leads_to_a_refusal(client: "Client") -> None:
    page = client.get("/plan/export").text
    cards = page.split("<article")[1:]
    for card in cards:
        key = card.split('id="')[1].split('"')[0]
        for what in ("session", "programme"):
            if f'value="{what}"' in card:
                assert client.get(f"/plan/export/{key}?what={what}").status_code == 200, (key, what)


def test_names_and_wishes_reach_the_file(client: "Client", notebook: Notebook) -> None:
    notebook.keep_settings(Settings(name="Ada", zone="Europe/Berlin"))
    assert b"Ada" in client.get("/plan/export/markdown?what=programme").content
    calendar = client.get("/plan/export/ics?what=programme&at=07:30").content
    assert b"T073000" in calendar
    assert b"Europe/Berlin" in calendar
    assert json.loads(client.get("/plan/export/json?what=session").content)


@pytest.mark.parametrize(
    ("path", "status"), [("/plan/export/docx", 404), ("/plan/export/ics?what=programme&at=noon", 400)]
)
def test_what_cannot_be_written_is_a_sentence(client: "Client", path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert "<h1>" in answer.text


def test_where_nothing_may_be_done_nothing_is_offered(client: "Client", notebook: Notebook) -> None:
    notebook.keep_entry(LogEntry(TODAY, Done.ALL, effort=4.0, falls=1, red_flags=("head_knock",)))
    page = client.get("/plan/export").text
    assert "There is nothing to take along now." in page
    assert 'name="what"' not in page
    assert client.get("/plan/export/fit?what=session").status_code == 400


def test_what_nothing_can_show_reaches_no_file(client: "Client", notebook: Notebook) -> None:
    events_named = {TODAY + 8 * DAY: "Run\x07\x1b[31m\x00 day"}
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY, 12, events=events_named)))
    for key in ("markdown", "json", "ics", "tcx"):
        content = client.get(f"/plan/export/{key}?what=programme").content
        assert b"Run" in content or key == "tcx"
        assert not [sign for sign in (b"\x07", b"\x1b", b"\x00", b"\\u0007", b"\\u001b") if sign in content], key


# -- the link -----------------------------------------------------------------------------------------------------------


def test_a_link_is_made_renewed_and_taken_back(client: "Client", house: House) -> None:
    assert "Make the link" in client.get("/plan/link").text
    page = client.submit("/plan/link", shows="details", at="18:00", alarm="").text
    links = CalendarLinks(house.database)
    first = links.of(LOCAL)
    assert first
    assert len(first.token) >= 22, "128 bits in base64"
    assert f"http://testserver/calendar/{first.token}.ics" in page
    assert f"webcal://testserver/calendar/{first.token}.ics" in page
    assert "only programs on this machine can subscribe" in page
    client.submit("/plan/link", shows="details", at="18:00", alarm="", renew="yes")
    second = links.of(LOCAL)
    assert second
    assert second.token != first.token
    assert second.feed.identity == first.feed.identity
    assert client.get(f"/calendar/{first.token}.ics").status_code == 404
    assert client.get(f"/calendar/{second.token}.ics").status_code == 200
    client.submit("/plan/link/revoke")
    assert links.of(LOCAL) is None
    assert client.get(f"/calendar/{second.token}.ics").status_code == 404
    assert "There was no link." in client.submit("/plan/link/revoke").text


def test_the_feed_says_what_was_chosen(client: "Client", house: House) -> None:
    client.submit("/plan/link", shows="details", at="07:15", alarm="30")
    _, _, content = feed(client, house)
    session = next(event for uid, event in events(content).items() if "session" in uid)
    assert str(session["summary"]) == "Reverse 6x20s"
    assert session["dtstart"].dt.time() == dt.time(7, 15)
    assert [alarm["trigger"].dt for alarm in session.walk("VALARM")] == [-dt.timedelta(minutes=30)]
    client.submit("/plan/link", shows="busy", at="07:15", alarm="")
    _, _, content = feed(client, house)
    assert {str(event["summary"]) for event in events(content).values()} == {"Busy"}
    assert b"Reverse" not in content
    assert b"backward" not in content


def test_the_same_again_is_not_sent_again(client: "Client", house: House) -> None:
    client.submit("/plan/link", shows="details", at="18:00", alarm="")
    status, tag, content = feed(client, house)
    assert (status, bool(tag)) == (200, True)
    assert feed(client, house)[2] == content
    assert feed(client, house, **{"if-none-match": tag})[0] == 304


def test_entries_keep_their_names_and_the_sequence_grows(client: "Client", house: House, notebook: Notebook) -> None:
    client.submit("/plan/link", shows="details", at="18:00", alarm="")
    _, tag, before = feed(client, house)
    client.submit("/plan/2026-11-25/change", do="move", to="2026-11-26")
    status, other, after = feed(client, house, **{"if-none-match": tag})
    assert status == 200
    assert other != tag
    then, now = events(before), events(after)
    both = [uid for uid in then if uid in now]
    assert len(both) > len(then) / 2
    assert all(now[uid]["sequence"] > then[uid]["sequence"] for uid in both)
    walks = [
        uid for uid, event in now.items() if event["dtstart"].dt.date() == dt.date(2026, 11, 26) and "session" in uid
    ]
    assert len(walks) == 1
    notebook.keep_settings(Settings(name="Somebody else"))
    assert set(events(feed(client, house)[2])) == set(now), "a new name does not make new entries"


def test_weeks_later_entries_still_have_the_same_names(client: "Client", house: House, notebook: Notebook) -> None:
    client.submit("/plan/link", shows="details", at="18:00", alarm="")
    _, _, before = feed(client, house)
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY, 16)))
    assert {uid for uid in events(before) if uid.startswith("202701")} <= set(events(feed(client, house)[2]))


def test_a_feed_without_anything_is_still_a_calendar(client: "Client", house: House, notebook: Notebook) -> None:
    client.submit("/plan/link", shows="details", at="18:00", alarm="")
    notebook.keep_entry(LogEntry(TODAY, Done.ALL, effort=4.0, falls=1, red_flags=("head_knock",)))
    status, _, content = feed(client, house)
    assert status == 200
    assert events(content) == {}


@pytest.mark.parametrize("fields", [{"at": "25:99"}, {"alarm": "7"}, {"shows": "everything"}])
def test_odd_wishes_for_a_link_are_a_sentence(client: "Client", house: House, fields: dict[str, str]) -> None:
    answer = client.submit("/plan/link", **{"shows": "details", "at": "18:00", "alarm": "", **fields})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert CalendarLinks(house.database).of(LOCAL) is None


@pytest.mark.parametrize("token", ["nothing", "..%2f..", "%00", "a" * 300])
def test_a_guess_finds_nothing(client: "Client", token: str) -> None:
    assert client.get(f"/calendar/{token}.ics").status_code in (400, 404)


def test_what_is_said_anew_counts_up() -> None:
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    first = said_anew(Feed(), b"one", now)
    assert (first.sequence, first.changed) == (1, now)
    assert said_anew(first, b"one", now + DAY) is first
    assert said_anew(first, b"two", now + DAY).sequence == 2


def test_in_a_browser_the_link_is_copied(client: "Client", open_page: "Callable[..., Page]") -> None:
    client.submit("/plan/link", shows="details", at="18:00", alarm="")
    page = open_page("/plan/link")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the link").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#address").input_value()
