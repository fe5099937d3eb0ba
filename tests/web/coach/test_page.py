"""The coach's page, which holds nothing personal, and the session that a phone is given, whatever state somebody is in."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from neighbours import neighbourhood
from retropace.doses import Goal
from retropace.log import Done, LogEntry
from retropace.place import Place, Surface, Watcher
from retropace.quantities import Direction
from retropace.situation import situation
from retropace.store import Screened, Settings, Wanted
from retropace.store.notebook import Notebook
from retropace.timetable import Calendar
from retropace.web import assets
from retropace.web.app import app
from retropace.web.coach.walked import walked
from retropace.web.coach.words import coach_words
from retropace.web.house import House
from retropace.web.language import speak
from screened import HEALTHY, STRAIGHT
from served import TODAY

from .conftest import begin_today

if TYPE_CHECKING:
    from web.conftest import Client

DAY = dt.timedelta(days=1)
STATIC = Path(assets.__file__).parent / "static"
#: The scripts that say something in words of the page's own block.
SPEAKING = [path for path in STATIC.glob("coach*.js") if "./coach-page.js" in path.read_text(encoding="utf-8")]
#: What the check of a phone tells of.
SENSES = ("sound", "motion", "position", "awake", "vibration")


def place_of(client: "Client", notebook: Notebook, place: Place, goal: Goal = Goal.REVERSE) -> dict[str, str]:
    """What is to be made sure of at a place: the five lines by their key."""
    notebook.keep_screened(Screened(replace(HEALTHY, day=TODAY), place))
    notebook.keep_wanted(Wanted(goal, Calendar(TODAY, 12)))
    lines = client.get("/coach/session.json").json()["checks"]
    assert [line["key"] for line in lines] == ["clear", "watcher", "ground", "light", "stop"]
    return {line["key"]: f"{line['words']} {line['how']}" for line in lines}


# -- the page -----------------------------------------------------------------------------------------------------------


def test_the_page_is_nobodys(client: "Client", notebook: Notebook) -> None:
    """It is kept by a service worker and opened by whoever has the phone."""
    before = client.get("/coach")
    begin_today(notebook)
    notebook.keep_settings(Settings(name="Ana Quist", theme="dark", system="imperial"))
    after = client.get("/coach")
    assert before.text == after.text
    assert after.headers["cache-control"] == "no-cache"
    assert "csrf" not in after.text
    assert not re.search("Ana|Six repeats|local", after.text)


def test_without_scripts_there_is_a_way_on(client: "Client") -> None:
    told = re.search(r"<noscript>(.*?)</noscript>", client.get("/coach").text, re.DOTALL)
    assert told
    assert 'href="/plan/export"' in told[1]


def test_a_word_said_by_another_page_is_kept_for_its_own(client: "Client") -> None:
    """The service worker fetches the page at any time: what the last form said must not be lost to it."""
    client.cookies.set("retropace_said", "Kept.")
    assert "set-cookie" not in {name for name in client.get("/coach").headers if "said" in name}
    assert client.cookies.get("retropace_said") == "Kept."


def test_what_is_not_needed_at_first_comes_later(client: "Client") -> None:
    page = client.get("/coach").text
    head = page.partition("</head>")[0]
    assert "coach-player.js" not in head
    assert "coach-player.js" in page
    assert "/coach/session.json" in head
    assert len(page) < 40_000


def test_every_word_of_the_scripts_is_in_the_page() -> None:
    speak("en")
    known = set(coach_words())
    assert len(SPEAKING) >= 8
    said: set[str] = set()
    for path in SPEAKING:
        text = path.read_text(encoding="utf-8")
        said |= set(re.findall(r"\bwords\.([a-z_]+)\b", text))
        said |= set(re.findall(r'fill\("([a-z_]+)"', text))
        said |= {key for pair in re.findall(r'fill\([^()"]+\? "([a-z_]+)" : "([a-z_]+)"', text) for key in pair}
    assert len(said) > 40
    assert not said - known
    assert not {f"{sense}{what}" for sense in SENSES for what in ("", "_how", "_absent")} - known


# -- the session --------------------------------------------------------------------------------------------------------


def test_the_session_of_today(client: "Client", notebook: Notebook) -> None:
    begin_today(notebook)
    notebook.keep_settings(Settings(name="Ana"))
    answer = client.get("/coach/session.json")
    told = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-csrf"] == told["csrf"]
    assert answer.headers["x-coming"] == "2026-11-25"
    assert (told["day"], told["person"], told["simulated"]) == ("2026-11-22", "Ana", False)
    assert told["asks"] == "Six repeats of 20 seconds backward, a minute walking between."
    assert told["settings"] == {"system": "metric", "language": "en", "theme": "system"}
    assert told["guide"]["ends_s"] == 1200
    assert all(set(cue["clips"]) <= set(told["voice"]["clips"]) for cue in told["guide"]["cues"])
    assert told["ribbon"].count("data-piece") == len(told["guide"]["pieces"])
    assert client.get(told["voice"]["url"]).headers["content-type"] == "audio/mpeg"
    assert told["reasons"][0]["sources"]


def test_the_same_session_walked(client: "Client", notebook: Notebook) -> None:
    begin_today(notebook)
    told = client.get("/coach/session.json").json()
    walking = told["walking"]
    assert walking["asks"] == "Walk for 20 minutes."
    assert walking["guide"]["ends_s"] == told["guide"]["ends_s"]
    assert {piece["state"] for piece in walking["guide"]["pieces"]} == {"walk", "stand"}
    assert not {cue["kind"] for cue in walking["guide"]["cues"]} & {"reverse", "look", "form"}


def test_walked_sessions_have_no_backward_step(client: "Client", notebook: Notebook) -> None:
    begin_today(notebook)
    weeks = situation(notebook, TODAY).programme.weeks
    sessions = [day.session for week in weeks for day in week.days if day.session is not None]
    assert len(sessions) > 20
    for session in sessions:
        on_foot = walked(session, "walk")
        assert on_foot.duration_s == pytest.approx(session.duration_s)
        assert not any(step.direction is Direction.BACKWARD for step in on_foot.steps)


def test_a_session_to_come_can_be_kept(client: "Client", notebook: Notebook) -> None:
    begin_today(notebook)
    told = client.get("/coach/session.json?day=2026-11-25").json()
    assert told["day"] == "2026-11-25"
    assert told["guide"]["pieces"]


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ("?day=2026-11-23", "There is no session on this day"),
        ("?day=2026-11-21", "There is no session on this day"),
        ("?day=2031-01-01", "There is no session on this day"),
    ],
)
def test_a_day_without_a_session(client: "Client", notebook: Notebook, asked: str, what: str) -> None:
    begin_today(notebook)
    answer = client.get(f"/coach/session.json{asked}")
    assert answer.status_code == 404
    assert answer.json()["error"] == {"what": what, "where": None, "field": None, "remedy": "The next one: Wednesday."}


def test_no_session_today(client: "Client", notebook: Notebook) -> None:
    notebook.keep_screened(Screened(replace(HEALTHY, day=TODAY - DAY), STRAIGHT))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY + DAY, 12)))
    answer = client.get("/coach/session.json")
    assert answer.status_code == 404
    assert answer.json()["error"]["what"] == "There is no session today"
    assert answer.headers["x-csrf"]
    assert answer.headers["x-coming"] > TODAY.isoformat()


def test_a_session_that_is_done_is_not_begun_again(client: "Client", notebook: Notebook) -> None:
    begin_today(notebook)
    notebook.keep_entry(LogEntry(TODAY, Done.ALL, effort=4.0))
    assert client.get("/coach/session.json").status_code == 404


def test_nobody_has_begun(client: "Client") -> None:
    answer = client.get("/coach/session.json")
    assert answer.status_code == 404
    assert answer.json()["error"]["remedy"] == "Open Today: it tells what comes first."
    assert "x-coming" not in answer.headers


def test_no_day_at_all(client: "Client", notebook: Notebook) -> None:
    begin_today(notebook)
    assert client.get("/coach/session.json?day=yesterday").status_code == 400


def test_what_an_old_run_needs_to_be_sent(client: "Client", notebook: Notebook) -> None:
    answer = client.head("/coach/session.json")
    assert answer.status_code == 204
    assert answer.headers["x-csrf"]
    assert answer.headers["x-who"] == "local"


def test_a_demo_person(client: "Client") -> None:
    client.submit("/demo/enter")
    answer = client.get("/coach/session.json")
    assert answer.headers["x-who"] == "demo"
    if answer.status_code == 200:
        assert answer.json()["simulated"] is True


# -- who asks -----------------------------------------------------------------------------------------------------------


def test_signed_out(tmp_path: Path) -> None:
    with neighbourhood(tmp_path) as where:
        where.somebody("ada")
        with TestClient(app(where.house), base_url="http://testserver") as stranger:
            assert stranger.get("/coach").status_code == 200
            answer = stranger.get("/coach/session.json", headers={"accept": "application/json"}, follow_redirects=False)
    assert answer.status_code == 401
    assert answer.json()["error"]["what"]


# -- what to make sure of -----------------------------------------------------------------------------------------------


def test_a_track_with_a_spotter(client: "Client", notebook: Notebook) -> None:
    lines = place_of(client, notebook, STRAIGHT)
    assert lines["clear"].startswith("Behind me 100 m are clear.")
    assert lines["watcher"].startswith("My spotter is here.")
    assert lines["light"].startswith("It is daylight.")
    assert "space bar" in lines["stop"]


def test_in_feet(client: "Client", notebook: Notebook) -> None:
    notebook.keep_settings(Settings(system="imperial"))
    assert "328 ft" in place_of(client, notebook, STRAIGHT)["clear"]


@pytest.mark.parametrize(
    ("place", "key", "words"),
    [
        (replace(STRAIGHT, clear_length_m=None), "clear", "Behind me 37 m are clear."),
        (replace(STRAIGHT, watcher=Watcher.NOBODY), "watcher", "I look behind me myself."),
        (replace(STRAIGHT, watcher=Watcher.MIRROR), "watcher", "My mirror is in place."),
        (replace(STRAIGHT, watcher=None), "watcher", "I look behind me myself."),
        (replace(STRAIGHT, surface=Surface.HALL), "light", "There is light."),
    ],
)
def test_other_places(client: "Client", notebook: Notebook, place: Place, key: str, words: str) -> None:
    assert place_of(client, notebook, place)[key].startswith(words)


def test_a_treadmill(client: "Client", notebook: Notebook) -> None:
    belt = Place(Surface.TREADMILL, treadmill_clip=True, treadmill_helper=True)
    lines = place_of(client, notebook, belt, Goal.TREADMILL)
    assert lines["clear"].startswith("Behind the belt it is free.")
    assert "clip" in lines["ground"]
    assert "belt's own stop first" in lines["stop"]


# -- today --------------------------------------------------------------------------------------------------------------


def test_start_is_the_one_thing_to_do(client: "Client", runner: House) -> None:
    for path in ("/", f"/plan/{TODAY}"):
        page = client.get(path).text
        assert re.findall(r'class="btn go[^"]*" href="([^"]*)"', page) == ["/coach"]
        assert 'class="btn" href="/plan/export"' in page
        assert 'class="btn" href="/log"' in page


def test_nobody_else_starts_my_session(tmp_path: Path) -> None:
    with neighbourhood(tmp_path) as where:
        ada, coach = where.somebody("ada"), where.somebody("coach@example.org")
        ada.live()
        shared = where.browser(ada).submit("/sharing/invite", name="Kim", shares=["plan"], days="7")
        link = re.search(r'value="http://testserver(/invited/[\w-]+)"', shared.text)
        assert link
        viewer = where.browser(coach)
        viewer.submit(f"{link[1]}/accept")
        page = viewer.get(f"/with/{ada.person_id}/plan/{TODAY}").text
    assert 'href="/coach"' not in page
