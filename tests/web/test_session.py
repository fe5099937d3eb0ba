"""Session: its page in every state, the person's word by form, what can be taken away, and what others may see."""

import datetime as dt
import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.datastructures import FormData
from starlette.requests import Request

from made import FIRST_DAY, WALK, Part, recording, session_of
from made_kept import DAY, DOUBT_S, doubtful_run, keep, keep_bytes
from made_motion import felt, walk
from retropace.errors import NotFound
from retropace.log import Done, LogEntry
from retropace.person import Person
from retropace.quantities import Direction
from retropace.recording import EMPTY_STREAM, Declared
from retropace.review import reviewed
from retropace.session import Session
from retropace.simulate.demo import DEMO_PHONE, DEMO_PLACE, demo, demo_session
from retropace.simulate.virtual import DEFAULT_START
from retropace.store import Settings
from retropace.store.notebook import LOCAL, Notebook
from retropace.store.recordings import Kept, Recordings
from retropace.web.house import House
from retropace.web.pages import correcting
from retropace.web.pages import session as session_page
from retropace.web.visit import Visit
from retropace.writers.sensor_logger import archive_bytes

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from .conftest import Client

FILES = Path(__file__).parents[2] / "../shared/data/activity-files"
SIZE_L, SIZE_S = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def at(kept: Kept, rest: str = "") -> str:
    return f"/sessions/{kept.id}{rest}"


def shown(client: "Client", path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text[:500]
    return str(answer.text)


def plain(html: str) -> str:
    """The words of a page."""
    without = re.sub(r"<(script|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", without)).strip()


@pytest.fixture
def doubtful(recordings: Recordings) -> Kept:
    """A run with one stretch in doubt."""
    return keep(recordings, doubtful_run())


# -- the page in every state ----------------------------------------------------------------------------------------------


def test_a_session_tells_what_happened_and_how_it_is_known(
    client: "Client", recordings: Recordings, notebook: Notebook
) -> None:
    notebook.keep_person(Person(mass_kg=68.0))
    notebook.keep_entry(LogEntry(DAY, Done.ALL, effort=4.0))
    kept = keep(recordings, demo(1)[0], demo_session())
    html = shown(client, at(kept))
    words = plain(html)
    for said in (
        "2:28 backward in 8 repeats, one of them shorter than planned.",
        "effort 4 of 10",
        "Backward stretches, and how we know",
        "sure, 99 %",
        "Energy of the backward part",
        "Knee: peak force per step",
        "Planned and done",
        "First day , 16:00 in all",
        "Only you see all of it",
        "Simulated.",
        "The device itself says",
        "See what you told",
    ):
        assert said in words, said
    assert html.count("<h1") == 1
    assert 'class="plan"' in html
    assert re.search(r'href="/evidence#source-\w+"', html)
    assert f'href="/log/{DAY}"' in html
    assert "--backward" not in words


def test_a_run_that_nobody_saw_asks_whether_any_of_it_was_backward(client: "Client", recordings: Recordings) -> None:
    words = plain(shown(client, at(keep(recordings, recording((Part(900, 2.8, 168),))))))
    assert "Was any of it backward?" in words
    assert "Say so under “Correct”" in words
    assert "Tell it under Settings." in words
    assert "Tell how it felt" in words


def test_the_first_doubt_is_asked_about(client: "Client", doubtful: Kept) -> None:
    words = plain(shown(client, at(doubtful)))
    assert "7:48 to 8:03 : which way did you go?" in words
    assert "What saw it was not sure enough." in words


def test_without_position_heart_rate_or_speed_the_page_is_useful(client: "Client", recordings: Recordings) -> None:
    without = ("latitude_deg", "longitude_deg", "heart_rate_bpm", "altitude_m", "speed_mps", "distance_m")
    words = plain(shown(client, at(keep(recordings, recording(FIRST_DAY, code=True, without=without)))))
    assert "backward in 6 repeats" in words
    assert "No track: the file holds no position." in words
    assert "Heart rate. Unknown: no sensor recorded it." in words


def test_standing_still_is_a_session_too(client: "Client", recordings: Recordings) -> None:
    words = plain(shown(client, at(keep(recordings, recording((Part(120, 0.0, 0.0),))))))
    assert "No running or walking in this recording." in words
    assert "standing" in words


def test_raw_motion_alone_is_read(client: "Client", recordings: Recordings) -> None:
    phone = demo(1, DEFAULT_START, DEMO_PLACE, DEMO_PHONE)[0]
    motion = replace(phone, track=EMPTY_STREAM, laps=(), motion={"accelerometer": phone.motion["accelerometer"]})
    words = plain(shown(client, at(keep_bytes(recordings, "motion.zip", archive_bytes(motion)))))
    assert "This file holds raw motion and no track." in words
    assert "speed and distance stay unknown" in words
    assert "neither speed nor cadence" not in words


def test_raw_motion_of_a_foot_tells_speed(client: "Client", recordings: Recordings) -> None:
    foot = felt(Session("There", (walk(40),)), "foot")[0]
    words = plain(shown(client, at(keep_bytes(recordings, "foot.zip", archive_bytes(foot)))))
    assert "Direction, steps and speed are read from it." in words
    assert "stay unknown" not in words


def test_a_whole_day_is_answered(client: "Client", recordings: Recordings) -> None:
    day = tuple(Part(3600, 1.2 + 0.01 * (hour % 3), 108) for hour in range(24))
    answer = client.get(at(keep(recordings, recording(day)), "?from=12:00:00&to=12:10:00"))
    assert answer.status_code == 200
    assert "12:00:00 to 12:10:00" in plain(answer.text)
    assert len(gzip.compress(answer.text.encode())) < 60_000


def test_a_damaged_original_has_a_page(client: "Client", house: House, recordings: Recordings) -> None:
    kept = keep(recordings, recording((Part(77, 2.8, 168),)))
    with house.database.transaction() as now:
        now.run("DELETE FROM piece WHERE sha256 = :sha256", sha256=kept.sha256)
    words = plain(shown(client, at(kept)))
    assert "This recording cannot be read" in words
    assert "Everything you said of it is kept." in words
    assert client.get(at(kept, "/report.html")).status_code == 503


def test_there_is_no_such_session(client: "Client") -> None:
    for path in ("/sessions/none", "/sessions/none/part", "/sessions/none/original", "/sessions/none/report.html"):
        assert client.get(path).status_code == 404
    for path in ("correct", "undo", "redo", "followed"):
        assert client.submit(f"/sessions/none/{path}").status_code == 404


@pytest.mark.skipif(not FILES.is_dir(), reason="../shared/data/activity-files is not there")
@pytest.mark.parametrize(
    "name", ["Fr955v19.28andStryd.fit", "31-days-activity.fit", "unterminated-strings.fit", "viewranger_phone.gpx"]
)
def test_real_files_have_a_page(client: "Client", recordings: Recordings, name: str) -> None:
    found = next(FILES.rglob(name))
    html = shown(client, at(keep_bytes(recordings, name, found.read_bytes())))
    assert "Numbers" in html
    assert len(gzip.compress(html.encode())) < 45_000


# -- another part ---------------------------------------------------------------------------------------------------------


def test_every_link_of_the_zoom_leads_somewhere(client: "Client", doubtful: Kept) -> None:
    html = shown(client, at(doubtful, "?from=5:00&to=6:00"))
    assert "5:00 to 6:00" in plain(html)
    links = re.findall(r'data-move="(\w+)" href="([^"#]+)', html)
    assert {key for key, _ in links} == {"closer", "wider", "earlier", "later", "whole"}
    for _, href in links:
        shown(client, href.replace("&amp;", "&"))


def test_a_row_of_the_table_zooms_there(client: "Client", doubtful: Kept) -> None:
    html = shown(client, at(doubtful))
    hrefs = re.findall(r'href="([^"#]+)#ribbon" data-zoom', html)
    assert len(hrefs) >= 10
    assert "2:02 to 2:38" in plain(shown(client, hrefs[0].replace("&amp;", "&")))


def test_a_part_is_sent_alone_in_one_size(client: "Client", doubtful: Kept) -> None:
    html = shown(client, at(doubtful, "/part?from=5:00&to=6:00&size=s"))
    assert "<html" not in html
    assert 'class="only-s"' in html
    assert 'class="only-l"' not in html
    told = json.loads(re.findall(r'application/json">(.*?)</script>', html)[0])
    assert told["view"] == [300.0, 360.0]


def test_an_odd_address_is_answered_in_words(client: "Client", doubtful: Kept) -> None:
    answer = client.get(at(doubtful, "?from=half&to=past"))
    assert answer.status_code == 400
    assert "is not a time" in plain(answer.text)
    assert client.get(at(doubtful, "?fix=1:00")).status_code == 400
    assert client.get(at(doubtful, "?fix=90:00-99:00")).status_code == 200


# -- the person's word ----------------------------------------------------------------------------------------------------


def test_a_correction_by_form_changes_the_figures_at_once(
    client: "Client", notebook: Notebook, recordings: Recordings, doubtful: Kept
) -> None:
    before = reviewed(notebook, recordings, doubtful.id).summary
    asked = {"from": "7:48", "to": "8:03", "direction": "backward", "view_from": "5:00", "view_to": "9:00"}
    answer = client.submit(at(doubtful, "/correct"), **asked)
    words = plain(answer.text)
    assert answer.status_code == 200
    assert str(answer.url).endswith("?from=5:00&to=9:00#correct")
    assert "7:48 to 8:03: backward, as you said." in words
    assert "which way is unknown" not in words
    assert "Nothing is in doubt." in words
    after = reviewed(notebook, recordings, doubtful.id).summary
    gained = after.session["reverse_seconds"].value, before.session["reverse_seconds"].value
    assert gained[0] is not None
    assert gained[1] is not None
    assert gained[0] - gained[1] == pytest.approx(DOUBT_S[1] - DOUBT_S[0])


def test_undo_and_redo_by_form(client: "Client", recordings: Recordings, doubtful: Kept) -> None:
    headline = r"<h1>(.*?)</h1>"
    first = re.findall(headline, shown(client, at(doubtful)))
    client.submit(at(doubtful, "/correct"), **{"from": "7:48", "to": "8:03", "direction": "forward"})
    second = re.findall(headline, shown(client, at(doubtful)))
    undone = client.submit(at(doubtful, "/undo"))
    assert "Your last correction is taken back." in plain(undone.text)
    assert re.findall(headline, undone.text) == first
    assert "There is no correction to take back." in plain(client.submit(at(doubtful, "/undo")).text)
    redone = client.submit(at(doubtful, "/redo"))
    assert re.findall(headline, redone.text) == second
    assert "There is no correction to bring back." in plain(client.submit(at(doubtful, "/redo")).text)
    assert len(recordings.corrections(doubtful.id)) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"from": "7:48", "to": "7:48", "direction": "backward"}, "Put the earlier time first."),
        ({"from": "7:48", "to": "59:00", "direction": "backward"}, "Give times from 0:00 to 16:13."),
        ({"from": "soon", "to": "8:00", "direction": "backward"}, "Give minutes and seconds from the start"),
        ({"from": "", "to": "", "direction": "backward"}, "is not a time"),
        ({"from": "7:48", "to": "8:00"}, "You have not said which way."),
        ({"from": "7:48", "to": "8:00", "direction": "up"}, "is not one of the answers"),
    ],
)
def test_what_cannot_be_used_is_shown_again_with_what_was_typed(
    client: "Client", recordings: Recordings, doubtful: Kept, typed: dict[str, str], sentence: str
) -> None:
    answer = client.submit(at(doubtful, "/correct"), **typed)
    assert answer.status_code == 400
    assert sentence in plain(answer.text).replace("&#39;", "'")
    assert f'name="from" value="{typed["from"]}"' in answer.text
    assert recordings.corrections(doubtful.id) == ()


def test_nothing_can_be_said_of_a_silence(client: "Client", recordings: Recordings) -> None:
    made = recording((Part(300, 2.8, 168), WALK, Part(300, 2.8, 168)))
    keeps = [*range(300), *range(600, 660)]
    track = replace(
        made.track,
        time_s=made.track.time_s[keeps],
        channels={name: values[keeps] for name, values in made.track.channels.items()},
    )
    kept = keep(recordings, replace(made, track=track))
    answer = client.submit(at(kept, "/correct"), **{"from": "6:00", "to": "7:00", "direction": "backward"})
    assert "Nothing was recorded from 5:00 to 10:00." in plain(answer.text)
    assert recordings.corrections(kept.id) == ()


def test_there_is_an_end_to_corrections(
    client: "Client", recordings: Recordings, doubtful: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correcting, "MOST_CORRECTIONS", 1)
    asked = {"from": "7:48", "to": "8:03", "direction": "unknown"}
    client.submit(at(doubtful, "/correct"), **asked)
    assert "There are 1 corrections already." in plain(client.submit(at(doubtful, "/correct"), **asked).text)
    assert recordings.corrections(doubtful.id) == (Declared(468.0, 483.0, Direction.UNKNOWN, "person"),)


def test_the_session_that_was_followed_can_be_chosen(
    client: "Client", recordings: Recordings, notebook: Notebook
) -> None:
    plan = session_of(FIRST_DAY, "First day")
    keep(recordings, recording(FIRST_DAY, seed=2), plan, DAY - dt.timedelta(days=2))
    keep(recordings, recording(FIRST_DAY, seed=3), session_of((WALK,), "Far"), DAY - dt.timedelta(days=40))
    kept = keep(recordings, recording(FIRST_DAY))
    html = shown(client, at(kept))
    assert "No planned session is kept with this recording." in plain(html)
    assert "First day Wednesday 18 November" in plain(html)
    assert "Far" not in plain(html)
    key = re.findall(r'name="followed" value="(\w+)"', html)[0]
    words = plain(client.submit(at(kept, "/followed"), followed=key).text)
    assert "Compared with “First day” now." in words
    assert "backward in 6 repeats" in words
    assert recordings.get(kept.id).session == plan
    client.submit(at(kept, "/followed"), followed="none")
    assert recordings.get(kept.id).session is None
    assert client.submit(at(kept, "/followed"), followed="other").status_code == 400


# -- to take away, and what others see ------------------------------------------------------------------------------------


def test_what_can_be_taken_away(client: "Client", recordings: Recordings, notebook: Notebook, doubtful: Kept) -> None:
    notebook.keep_settings(Settings(hide_radius_m=10.0))
    report = client.get(at(doubtful, "/report.html"))
    assert "attachment" in report.headers["content-disposition"]
    assert "Start and end are hidden" in report.text
    picture = client.get(at(doubtful, "/picture.png"))
    assert picture.content.startswith(b"\x89PNG")
    told = client.get(at(doubtful, "/figures.json")).json()
    assert told["schema"] == "retropace.summary/1"
    assert told["series"] is None
    assert client.get(at(doubtful, "/figures.json?series=yes")).json()["series"]["time_s"]
    assert client.get(at(doubtful, "/original")).content == recordings.original(doubtful)


def test_the_report_hides_home_as_its_owner_set_it(client: "Client", notebook: Notebook, doubtful: Kept) -> None:
    notebook.keep_settings(Settings(hide_radius_m=0.0))
    assert "The whole track is shown" in client.get(at(doubtful, "/report.html")).text
    notebook.keep_settings(Settings(hide_radius_m=50.0, home=(10.0, 10.0)))
    assert "Home is hidden" in client.get(at(doubtful, "/report.html")).text


def visit(house: House, kept: Kept, viewer: str) -> Visit:
    """A visit to the local person's session, by themselves or by somebody else."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": at(kept),
        "query_string": b"",
        "headers": [],
        "path_params": {"recording": kept.id},
    }
    shares = None if viewer == LOCAL else frozenset({"sessions"})
    return Visit(Request(scope), house, LOCAL, viewer, FormData(), "", shares)


def test_somebody_else_sees_neither_home_nor_forms(house: House, notebook: Notebook, doubtful: Kept) -> None:
    notebook.keep_entry(LogEntry(DAY, Done.ALL, effort=4.0))
    notebook.keep_settings(Settings(name="Ann", hide_radius_m=10.0))
    own = bytes(session_page.session(visit(house, doubtful, LOCAL)).body).decode()
    theirs = bytes(session_page.session(visit(house, doubtful, "coach")).body).decode()
    assert "Start and end are hidden" in theirs
    assert 'class="hidden"' in theirs
    assert 'class="hidden"' not in own
    assert "<form" in own
    assert "<form" not in theirs
    assert "4 of 10" in plain(own)
    assert "4 of 10" not in plain(theirs)
    assert "/original" not in theirs
    assert f'href="/with/{LOCAL}/sessions/{doubtful.id}' in theirs
    assert None in json.loads(re.findall(r'application/json">(.*?)</script>', theirs)[0])["track"]


def test_only_reading_doors_are_shared() -> None:
    for door in session_page.DOORS:
        assert (door.shares is None) or door.methods == ("GET",)
        assert door.shares in (None, "sessions")
    unshared = {door.path.rpartition("}")[2] for door in session_page.DOORS if door.shares is None}
    assert unshared == {"/enlarged", "/original", "/correct", "/undo", "/redo", "/followed", "/worn", "/sensor"}


def test_what_is_another_persons_is_not_there(house: House, doubtful: Kept) -> None:
    Notebook(house.database, "other").begin()
    stranger = replace(visit(house, doubtful, "other"), person_id="other")
    with pytest.raises(NotFound):
        session_page.session(stranger)


def test_the_first_load_is_small(client: "Client", recordings: Recordings) -> None:
    """The page with everything it loads, compressed."""
    kept = keep(recordings, demo(1)[0], demo_session())
    html = shown(client, at(kept))
    sizes = [len(gzip.compress(html.encode(), 6))]
    names = set(re.findall(r'"(/s/[^"]+)"', html))
    sizes += [len(gzip.compress(client.get(name).content, 9)) for name in names]
    assert len(names) >= 6
    assert sum(sizes) < 60_000


# -- in a browser ---------------------------------------------------------------------------------------------------------


def test_correcting_by_mouse(open_page: "Callable[..., Page]", doubtful: Kept) -> None:
    page = open_page(at(doubtful), size=SIZE_L)
    grip = page.locator(".grip").nth(1)
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] - 16
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 60, y, steps=6)
    page.mouse.up()
    to = page.locator("input[name=to]").input_value()
    assert re.fullmatch(r"7:5\d", to)
    assert page.locator("[data-live=to]").inner_text() == to
    page.get_by_role("button", name="Backward").click()
    page.locator(".said", has_text=f"7:48 to {to}: backward, as you said.").wait_for()
    assert f"{to} to 8:03" in page.locator("#correct-title").inner_text()
    page.get_by_role("button", name="Undo").click()
    page.locator(".said", has_text="taken back").wait_for()
    assert "7:48 to 8:03" in page.locator("#correct-title").inner_text()


def test_correcting_by_keyboard_alone(open_page: "Callable[..., Page]", recordings: Recordings, doubtful: Kept) -> None:
    page = open_page(at(doubtful), size=SIZE_S, dark=True)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "grip":
            break
    start = page.locator(".grip").first
    assert start.get_attribute("aria-valuetext") == "7:48, 15 s"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    assert start.get_attribute("aria-valuetext") == "7:39, 24 s"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    assert page.locator("input[name=to]").input_value() == "8:02"
    page.keyboard.press("b")
    page.locator(".said", has_text="7:39 to 8:02: backward, as you said.").wait_for()
    assert recordings.corrections(doubtful.id) == (Declared(459.0, 482.0, Direction.BACKWARD, "person"),)
    page.keyboard.press("Control+z")
    page.locator(".said", has_text="taken back").wait_for()
    assert recordings.corrections(doubtful.id) == ()
    page.keyboard.press("Control+Shift+Z")
    page.locator(".said", has_text="is back").wait_for()
    assert len(recordings.corrections(doubtful.id)) == 1


def test_reading_and_zooming(open_page: "Callable[..., Page]", doubtful: Kept) -> None:
    page = open_page(at(doubtful), size=SIZE_L)
    cursor, shown_part = page.locator(".cursor"), page.locator(".range")
    box = cursor.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.33 * box["width"], box["y"] + 80)
    told = cursor.get_attribute("aria-valuetext") or ""
    assert re.fullmatch(r"5:1\d, backward, \d\.\d\d m/s, heart rate \d+ /min, cadence \d+ steps/min", told)
    assert page.locator(".readout").inner_text().replace("‹ ", "") == told.replace(", ", " · ")
    assert page.locator(".track-held > .dot").is_visible()

    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 80, steps=4)
    page.mouse.up()
    page.wait_for_url("**from=5:*")
    brushed = shown_part.inner_text()
    assert brushed.startswith("5:1")

    cursor.focus()
    page.keyboard.press("+")
    page.wait_for_function("text => document.querySelector('.range').innerText !== text", arg=brushed)
    page.keyboard.press("ArrowLeft")
    closer = cursor.get_attribute("aria-valuetext") or ""
    page.keyboard.press("ArrowLeft")
    assert cursor.get_attribute("aria-valuetext") != closer
    page.keyboard.press("Home")
    page.locator(".range", has_text="All of it").wait_for()
    page.wait_for_function("document.querySelector('.cursor').getAttribute('aria-valuetext').startsWith('0:00')")
    page.get_by_role("link", name="Closer").click()
    page.wait_for_url("**from=4:*")
