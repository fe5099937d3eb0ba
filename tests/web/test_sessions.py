"""Sessions: the list of what happened, in every state, and quick with a thousand of them."""

import datetime as dt
import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from made_files import FORWARD, START, backward_run, fit
from retropace.digest import digest_of
from retropace.doses import Goal
from retropace.errors import StoreFailure
from retropace.intake import intake
from retropace.log import Done, LogEntry
from retropace.review import made_from
from retropace.store import Settings, Wanted
from retropace.store.notebook import Notebook
from retropace.store.recordings import Kept, Recordings
from retropace.store.records import packed
from retropace.timetable import Calendar
from retropace.web.house import House
from retropace.web.visit import Visit

from .conftest import DESKTOP, TODAY

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import Client


@pytest.fixture
def bring(notebook: Notebook, recordings: Recordings) -> Callable[..., Kept]:
    """Takes in a made file."""

    def brought(content: bytes, name: str = "run.fit") -> Kept:
        (outcome,) = intake(notebook, recordings, name, content, TODAY)
        assert outcome.kept is not None
        return outcome.kept

    return brought


def words(client: "Client", path: str = "/sessions") -> str:
    """What a page says, without its drawings."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[-2000:]
    plain = re.sub(r"<(svg|template)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", plain))


def test_nothing_yet_says_how_to_begin(client: "Client") -> None:
    page = client.get("/sessions").text
    assert "<h1>Nothing recorded yet</h1>" in page
    for watch in ("Garmin", "COROS", "Polar", "Suunto", "Apple Watch", "Strava", "A phone"):
        assert f"<dt>{watch}</dt>" in page
    assert 'href="/demo"' in page
    assert 'enctype="multipart/form-data"' in page


def test_a_row_says_when_what_and_how_much(client: "Client", bring: Callable[..., Kept]) -> None:
    kept = bring(fit())
    said = words(client)
    assert "1 session" in said
    assert "This week" in said
    assert re.search(r"Fri 20 Nov · 1\d:05 2:0\d backward in 6 repeats", said)
    assert re.search(r"1[45]:\d\d \d\.\d\d km \(\d\.\d\d–\d\.\d\d\) 1\d\d /min \(\d+–\d+\)", said)
    page = client.get("/sessions").text
    assert f'href="/sessions/{kept.id}"' in page
    ribbon = re.search(r'class="outing-ribbon">(<svg.*?</svg>)', page, re.DOTALL)
    assert ribbon
    assert ribbon.group(1).count('fill="url(#small-hatch)"') == 6
    assert 'id="small-hatch"' in page


def test_a_name_stands_over_what_it_was(client: "Client", bring: Callable[..., Kept], recordings: Recordings) -> None:
    recordings.keep_note(bring(fit()).id, "Boathouse <straight>")
    page = client.get("/sessions").text
    assert "Boathouse &lt;straight&gt;" in page
    assert "backward in 6 repeats" in page


def test_what_is_simulated_is_marked_so(client: "Client", bring: Callable[..., Kept]) -> None:
    from retropace.simulate.demo import demo
    from retropace.writers.fit import activity_bytes

    bring(activity_bytes(demo(1)[0]))
    assert "Simulated" in words(client)


def test_unknown_seconds_can_be_settled(client: "Client", bring: Callable[..., Kept]) -> None:
    from retropace.simulate.demo import demo
    from retropace.writers.fit import activity_bytes

    kept = bring(activity_bytes(demo(1)[0]))
    assert re.search(
        rf'href="/sessions/{kept.id}#correct">\d+ s unknown: you can settle it<', client.get("/sessions").text
    )


@pytest.mark.parametrize("system", ["metric", "imperial"])
def test_in_the_readers_units(system: str, client: "Client", bring: Callable[..., Kept], notebook: Notebook) -> None:
    bring(fit())
    notebook.keep_settings(Settings(system=system))  # type: ignore[arg-type]
    assert (" mi (" in words(client)) is (system == "imperial")
    assert (" km (" in words(client)) is (system == "metric")


def test_by_week_and_further_back_by_month(client: "Client", bring: Callable[..., Kept]) -> None:
    for days_ago in (0, 8, 15, 80, 82, 400):
        bring(fit(days_ago, FORWARD))
    page = client.get("/sessions").text
    assert re.findall(r'<h2 id="group-\d+">([^<]+)</h2>', page) == [
        "This week",
        "Last week",
        "2 – 8 November",
        "September 2026",
        "August 2026",
        "October 2025",
    ]
    assert "Thu 16 Oct 2025" in words(client)


# -- which of them ------------------------------------------------------------------------------------------------------


def test_filters_and_what_is_logged(client: "Client", bring: Callable[..., Kept], notebook: Notebook) -> None:
    bring(fit(0))
    bring(fit(2, FORWARD))
    bring(fit(30))
    assert re.search(r"All 3 Backward 2 Not logged 2 ", words(client))
    assert words(client).count("Not logged yet") == 2, "nobody is asked about what is long ago"
    assert client.get("/sessions?show=unlogged").text.count("<article") == 2
    notebook.keep_entry(LogEntry(START.date(), Done.ALL))
    assert re.search(r"All 3 Backward 2 Not logged 1 ", words(client))
    backward = client.get("/sessions?show=backward").text
    assert backward.count("<article") == 2
    unlogged = client.get("/sessions?show=unlogged").text
    assert unlogged.count("<article") == 1
    assert f'href="/log/{START.date() - dt.timedelta(days=2)}"' in unlogged
    notebook.keep_entry(LogEntry(START.date() - dt.timedelta(days=2), Done.NOT))
    assert "Everything is logged." in words(client, "/sessions?show=unlogged")
    assert client.get("/sessions?show=nonsense&page=x").status_code == 200


def test_the_log_is_asked_since_the_programme_began(
    client: "Client", bring: Callable[..., Kept], notebook: Notebook
) -> None:
    bring(fit(30))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY - dt.timedelta(days=40), 12)))
    assert "Not logged yet" in words(client)


def test_pages(client: "Client", bring: Callable[..., Kept]) -> None:
    for days_ago in range(26):
        bring(fit(days_ago, FORWARD))
    first, second = client.get("/sessions").text, client.get("/sessions?page=2").text
    assert (first.count("<article"), second.count("<article")) == (24, 2)
    assert 'rel="next" href="/sessions?page=2"' in first
    assert 'rel="prev" href="/sessions?page=1"' in second
    assert client.get("/sessions?page=99").text.count("<article") == 2


def test_one_outing_in_two_files_counts_once(client: "Client", bring: Callable[..., Kept]) -> None:
    first, second = bring(fit(0)), bring(fit(0, seed=2), "again.fit")
    assert "The same outing came in twice: keep both or one" in words(client)
    assert f"compare?a={first.id}&amp;b={second.id}" in client.get("/sessions").text
    assert re.search(r"This week 1 session · 2:0\d backward", words(client))


def test_what_cannot_be_read_any_more_says_why(
    client: "Client", bring: Callable[..., Kept], recordings: Recordings, notebook: Notebook
) -> None:
    kept = bring(fit())
    found = digest_of(notebook, recordings, kept)
    assert found is not None
    made = replace(found, trouble="The file is damaged.", stretches=(), headline="")
    recordings.keep_digest(kept.id, made_from(kept, notebook.person(), ()), packed(made))
    assert "It cannot be read any more The file is damaged." in words(client)


def test_a_coach_sees_the_sessions_and_no_more(house: House, bring: Callable[..., Kept], notebook: Notebook) -> None:
    from retropace.web.pages import compare, sessions

    notebook.keep_settings(Settings(name="Sam"))
    first, second = bring(fit(0)), bring(fit(3))
    notebook.keep_entry(LogEntry(first.day, Done.ALL))

    def seen(answer: Callable[[Visit], Response], query: str = "") -> str:
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": query.encode()}
        return bytes(answer(Visit(Request(scope), house, "local", "coach", FormData(), "", frozenset())).body).decode()

    page = seen(sessions.sessions, "show=unlogged")
    assert "logged" not in page.partition("<main")[2], "the log is shared apart from the sessions"
    page = seen(sessions.sessions)
    assert page.count("<article") == 2
    assert f'href="/with/local/sessions/{first.id}"' in page
    for own in ('<form class="add"', "/log/", "you can settle it", "delete"):
        assert own not in page
    page = seen(compare.compare, f"a={first.id}&b={second.id}")
    assert "/delete" not in page
    assert f'href="/with/local/sessions/{second.id}"' in page


# -- quick --------------------------------------------------------------------------------------------------------------


def thousand(bring: Callable[..., Kept], recordings: Recordings, notebook: Notebook, count: int = 1000) -> None:
    """As many recordings, all with figures: rows alone, their originals are empty."""
    kept = bring(fit(0, backward_run(6)))
    found = digest_of(notebook, recordings, kept)
    assert found is not None
    person = notebook.person()
    with recordings.database.transaction() as now:
        for number in range(1, count):
            day = kept.day - dt.timedelta(days=number)
            one = replace(kept, id=f"{number:012x}", sha256=f"{number:064x}", day=day)
            made = replace(found, id=one.id, day=day)
            now.run("INSERT INTO original (person, sha256, size_bytes) VALUES ('local', :sha256, 0)", sha256=one.sha256)
            now.run(
                "INSERT INTO recording (person, id, sha256, name, added, started, day, duration_s)"
                " VALUES ('local', :id, :sha256, 'run.fit', :added, :started, :day, :duration_s)",
                id=one.id,
                sha256=one.sha256,
                added=one.added.isoformat(),
                started=(START - dt.timedelta(days=number)).isoformat(),
                day=day.isoformat(),
                duration_s=one.duration_s,
            )
            now.run(
                "INSERT INTO figures (person, recording, made_from, digest) VALUES ('local', :id, :made_from, :digest)",
                id=one.id,
                made_from=made_from(one, person, ()),
                digest=packed(made),
            )


def test_a_thousand_sessions_are_listed_quickly(
    client: "Client", bring: Callable[..., Kept], recordings: Recordings, notebook: Notebook
) -> None:
    thousand(bring, recordings, notebook)
    client.get("/sessions")
    began = time.process_time()
    page = client.get("/sessions?show=backward&page=20").text
    taken = time.process_time() - began
    assert "Page 20 of 42" in page
    assert taken < 1.5, "0.3 s on the machine this was written on"


def test_figures_that_are_missing_are_worked_out_a_few_at_a_time(
    client: "Client", bring: Callable[..., Kept], recordings: Recordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from retropace.web.pages import sessions

    for days_ago in range(4):
        bring(fit(days_ago, FORWARD))
    with recordings.database.transaction() as now:
        now.run("DELETE FROM figures")
    monkeypatch.setattr(sessions, "_PATIENCE_S", 0.0)
    assert "3 sessions are not worked out yet" in words(client)
    assert client.get("/sessions").text.count(">Not worked out yet</a>") == 2
    answer = client.submit("/sessions/work-out")
    assert "All sessions are worked out." in answer.text
    assert "Not worked out yet" not in words(client)


def test_a_disk_that_takes_nothing_does_not_hide_the_list(
    client: "Client", bring: Callable[..., Kept], recordings: Recordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object) -> None:
        raise StoreFailure("The disk is full")

    bring(fit(0, FORWARD))
    with recordings.database.transaction() as now:
        now.run("DELETE FROM figures")
    monkeypatch.setattr(Recordings, "keep_digest", full)
    assert "1 session is not worked out yet" in words(client)


def test_choosing_two_by_keyboard(open_page: "Callable[..., Page]", bring: Callable[..., Kept]) -> None:
    older, newer = bring(fit(3)), bring(fit(1))
    bring(fit(5, FORWARD))
    page = open_page("/sessions", size=DESKTOP)
    assert page.locator("#compare-bar").is_hidden()
    boxes = page.locator("input[name=s]")
    boxes.nth(0).focus()
    page.keyboard.press("Space")
    assert page.locator("#compare-words").inner_text() == "One chosen: choose one more"
    assert page.locator("#compare-go").is_disabled()
    boxes.nth(1).press("Space")
    page.locator("#compare-go").press("Enter")
    assert page.url.endswith(f"/sessions/compare?s={newer.id}&s={older.id}")
    assert page.locator("h1").count() == 1
