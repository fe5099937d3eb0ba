"""The log's pages: told, previewed, kept and undone; alarm signs answered at once; whatever a form brings is a sentence."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retropace.change import planned_on
from retropace.doses import Goal
from retropace.log import Done, LogEntry, Part, Side
from retropace.progression import with_summary
from retropace.review import reviewed
from retropace.rules.questionnaire import stop_signs
from retropace.session import Session
from retropace.simulate import Following, Runner, simulate
from retropace.simulate.demo import DEMO_PLACE, DEMO_WATCH
from retropace.situation import situation
from retropace.store import Screened, Wanted
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from retropace.timetable import Calendar
from retropace.web.house import House
from retropace.web.telling import QUESTIONS, every_place, field_of
from retropace.writers.fit import activity_bytes
from screened import HEALTHY, STRAIGHT

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from web.conftest import Client

TODAY = dt.date(2026, 11, 22)
BEGAN = TODAY - dt.timedelta(days=13)
CALF = (Part.CALF, Side.LEFT)


def days_ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


@pytest.fixture(autouse=True)
def runner(notebook: Notebook) -> None:
    """A healthy runner with a plan for two weeks, who did one good session of it."""
    notebook.keep_screened(Screened(replace(HEALTHY, day=BEGAN), STRAIGHT))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(BEGAN, 12)))
    notebook.keep_entry(LogEntry(days_ago(4), Done.ALL, effort=4.0, nothing=("soreness_24h", "soreness_48h")))


def told(**fields: str) -> dict[str, str]:
    usual = {"alarm": "no", "done": "all", "effort": "4", "any.pain_during": "no", "stumbles": "0", "falls": "0"}
    return {**usual, **fields}


def entry_of(notebook: Notebook, day: dt.date) -> LogEntry:
    return next(entry for entry in notebook.log() if entry.day == day)


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of a page's inputs as they stand."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", page):
        told = dict(re.findall(r'([a-z]+)="([^"]*)"', tag))
        if told["type"] in ("number", "hidden") or " checked" in tag:
            found[told["name"]] = told["value"]
    return found


# -- what changes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "We go on."),
        ({"effort": "7"}, "We hold."),
        ({"any.pain_during": "yes", "pain_during.calf.left": "4"}, "We take a step back."),
        ({"any.pain_during": "yes", "pain_during.calf.left": "7"}, "We stop."),
        ({"alarm": "yes", "red_flags": "slurred_speech"}, "We stop until you have been seen."),
    ],
)
def test_every_decision_is_said_before_and_after(
    client: "Client", notebook: Notebook, fields: dict[str, str], says: str
) -> None:
    day = f"/log/{TODAY}"
    seen_before = client.submit(f"{day}/preview", **told(**fields)).text
    assert says in seen_before
    assert [entry.day for entry in notebook.log()] == [days_ago(4)], "a preview keeps nothing"
    after = client.submit(day, **told(**fields))
    assert after.url.path == f"{day}/kept"
    assert says in after.text
    headline = re.search(r"<h2>(.+?)</h2>", seen_before)
    assert headline
    assert f"<h1>{headline.group(1)}</h1>" in after.text
    following = situation(notebook, TODAY).following
    for reason in following.reasons:
        assert reason.text in after.text.replace("&#39;", "'") or "sign" in reason.inputs


def test_undo_brings_back_what_was_there_exactly(client: "Client", notebook: Notebook) -> None:
    before = replace(
        LogEntry(days_ago(1), Done.ALL),
        effort=3.5,
        pain_during={(Part.KNEE, Side.BOTH): 1.25},
        reverse_s=121.5,
        reverse_longest_s=20.25,
        reverse_speed_mps=1.7,
        notes="a note",
    )
    notebook.keep_entry(before)
    stood = situation(notebook, TODAY).following
    path = f"/log/{before.day}"
    page = client.submit(path, **told(effort="9", notes="another", reverse_min="4", reverse_sec="0"))
    assert entry_of(notebook, before.day).effort == 9
    number = re.search(r'name="number" value="(\d+)"', page.text)
    assert number
    back = client.submit(f"{path}/undo", number=number.group(1))
    assert "as it was before" in back.text
    assert entry_of(notebook, before.day) == before
    assert situation(notebook, TODAY).following == stood
    assert client.submit(f"{path}/undo", number=number.group(1)).status_code == 400


def test_undo_of_the_first_word_leaves_nothing(client: "Client", notebook: Notebook) -> None:
    client.submit(f"/log/{TODAY}", **told())
    client.submit(f"/log/{TODAY}/undo", number="1")
    assert [entry.day for entry in notebook.log()] == [days_ago(4)]


def test_a_day_is_taken_out_and_brought_back(client: "Client", notebook: Notebook) -> None:
    path, before = f"/log/{days_ago(4)}", entry_of(notebook, days_ago(4))
    asked = client.get(f"{path}/remove")
    assert "What this changes" in asked.text
    assert list(notebook.log()) == [before]
    assert client.submit(f"{path}/remove").status_code == 200
    assert list(notebook.log()) == []
    client.submit(f"{path}/undo", number="2")
    assert list(notebook.log()) == [before]


def test_the_form_is_filled_as_it_was_told(client: "Client", notebook: Notebook) -> None:
    entry = LogEntry(
        days_ago(2),
        Done.PARTLY,
        effort=6.0,
        pain_during={CALF: 2.5, (Part.KNEE, Side.BOTH): 1.0},
        soreness_24h={(Part.LOW_BACK, Side.RIGHT): 3.0},
        neck_strain=0.0,
        stumbles=1,
        red_flags=("limp",),
        sleep_hours=6.5,
        notes="Wind & rain <b>",
        reverse_s=125.0,
        nothing=("pain_hour",),
    )
    notebook.keep_entry(entry)
    page = client.get(f"/log/{entry.day}").text
    assert "Wind &amp; rain &lt;b&gt;" in page
    kept = client.submit(f"/log/{entry.day}", **{**fields_of(page), "act": "keep", "notes": entry.notes})
    assert kept.status_code == 200
    assert entry_of(notebook, entry.day) == entry


def test_the_two_sides_of_a_part_are_one_place_where_they_are_alike(client: "Client", notebook: Notebook) -> None:
    fields = {"any.pain_during": "yes", "pain_during.calf.left": "2", "pain_during.calf.right": "2"}
    client.submit(f"/log/{TODAY}", **told(**fields, **{"pain_during.knee.right": "1.5", "pain_during.foot.left": "0"}))
    places = entry_of(notebook, TODAY).pain_during
    assert places == {(Part.CALF, Side.BOTH): 2.0, (Part.KNEE, Side.RIGHT): 1.5}


def test_of_a_session_not_done_only_what_is_asked_is_kept(client: "Client", notebook: Notebook) -> None:
    client.submit(f"/log/{TODAY}", **told(done="not", effort="8", sleep_hours="4"))
    assert entry_of(notebook, TODAY) == LogEntry(TODAY, Done.NOT, sleep_hours=4.0)


# -- alarm signs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", sorted(stop_signs(TODAY)))
def test_every_alarm_sign_is_asked_first_and_answered_at_once(client: "Client", notebook: Notebook, key: str) -> None:
    sign = stop_signs(TODAY)[key]
    form = client.get(f"/log/{TODAY}").text
    asked, rest = form.index('name="alarm"'), form.index('name="done"')
    at = form.index(f'value="{key}"')
    assert asked < at < form.index(sign.says, at) < rest
    after = client.submit(f"/log/{TODAY}", **told(alarm="yes", red_flags=key)).text
    assert ("answer urgent" in after) is sign.urgent
    assert after.index(sign.says) < after.index("<h1>")
    assert sign.see in after
    assert situation(notebook, TODAY).following.session is None


def test_pregnancy_is_not_asked_of_men(client: "Client", notebook: Notebook) -> None:
    assert "In pregnancy" in client.get(f"/log/{TODAY}").text
    notebook.keep_screened(Screened(replace(HEALTHY, day=days_ago(3), sex="male"), STRAIGHT))
    assert "In pregnancy" not in client.get(f"/log/{TODAY}").text


# -- the next days ------------------------------------------------------------------------------------------------------


def test_the_morning_after_takes_one_touch(client: "Client", notebook: Notebook) -> None:
    entry = LogEntry(days_ago(1), Done.ALL, effort=4.0, pain_during={CALF: 2.0})
    notebook.keep_entry(entry)
    page = client.get("/log/morning").text
    assert page.index("Left calf") < page.index("Keep this</button></section>")
    assert client.submit("/log/morning", day=str(entry.day), fine="yes").url.path == f"/log/{entry.day}/kept"
    assert entry_of(notebook, entry.day) == replace(entry, nothing=("pain_morning", "soreness_24h"))
    assert "Nothing to ask now" in client.get("/log/morning").text


def test_the_morning_after_asks_again_of_what_was_told(client: "Client", notebook: Notebook) -> None:
    entry = LogEntry(days_ago(1), Done.ALL, effort=4.0, pain_during={CALF: 2.0, (Part.KNEE, Side.BOTH): 1.0})
    notebook.keep_entry(entry)
    answers = {"quick.pain_morning.calf.left": "4", "quick.pain_morning.knee.both": "0", "soreness_24h.calf.right": "3"}
    after = client.submit("/log/morning", day=str(entry.day), **answers).text
    assert "Your left calf hurt 4 of 10 the next morning" in after
    told_now = entry_of(notebook, entry.day)
    assert told_now.pain_morning == {CALF: 4.0}
    assert told_now.soreness_24h == {(Part.CALF, Side.RIGHT): 3.0}


def test_two_days_after_soreness_is_asked(client: "Client", notebook: Notebook) -> None:
    notebook.keep_entry(LogEntry(days_ago(2), Done.ALL, effort=4.0, soreness_24h={CALF: 5.0}))
    assert "two days after" in client.get("/log/morning").text
    client.submit("/log/morning", day=str(days_ago(2)), **{"quick.soreness_48h.calf.left": "4.5"})
    assert entry_of(notebook, days_ago(2)).soreness_48h == {CALF: 4.5}


def test_an_empty_morning_is_asked_once_more(client: "Client", notebook: Notebook) -> None:
    notebook.keep_entry(LogEntry(days_ago(1), Done.ALL, effort=4.0))
    answer = client.submit("/log/morning", day=str(days_ago(1)))
    assert answer.status_code == 400
    assert "Nothing is answered yet" in answer.text
    assert client.submit("/log/morning", day=str(days_ago(4))).status_code == 400


# -- which day ----------------------------------------------------------------------------------------------------------


def test_days_that_cannot_be_told_are_refused_in_a_sentence(client: "Client") -> None:
    for day, words in (
        (TODAY + dt.timedelta(days=1), "still to come"),
        (BEGAN - dt.timedelta(days=1), "Your plan rests on your screening"),
    ):
        assert words in client.get(f"/log/{day}").text
        assert client.submit(f"/log/{day}", **told()).status_code == 400
    assert client.get("/log/tomorrow").status_code == 400
    assert client.get(f"/log/{days_ago(3)}/remove").status_code == 404


def test_without_a_screening_the_questions_come_first(client: "Client", notebook: Notebook) -> None:
    notebook.end()
    notebook.begin()
    assert client.get(f"/log/{TODAY}", follow_redirects=False).headers["location"] == "/welcome"
    assert client.get("/log/all").status_code == 200


def test_the_walking_day_of_the_plan_earns_nothing(client: "Client", notebook: Notebook) -> None:
    notebook.remove_entry(days_ago(4))
    notebook.keep_entry(LogEntry(BEGAN, Done.ALL, effort=4.0))
    week = [BEGAN + dt.timedelta(days=k) for k in range(1, 7)]
    (walk,) = [day for day in week if (planned := planned_on(notebook, day)) is not None and planned.walk]
    page = client.get(f"/log/{walk}").text
    assert 'name="walked" value="yes" checked' in page
    client.submit(f"/log/{walk}", **told(walked="yes"))
    assert entry_of(notebook, walk).backward_walk
    assert situation(notebook, walk).following.state.earned == 1


# -- measured -----------------------------------------------------------------------------------------------------------


def recorded(recordings: Recordings, day: dt.date, session: Session) -> str:
    start = dt.datetime.combine(day, dt.time(7, 0), dt.UTC)
    made, _ = simulate(session, Runner(70.0, 1.75, 2.5, 1.6), DEMO_PLACE, DEMO_WATCH, 1, start, Following())
    kept, _ = recordings.add("run.fit", activity_bytes(made), made, day, session)
    return kept.id


def test_a_recording_is_believed_over_memory(client: "Client", notebook: Notebook, recordings: Recordings) -> None:
    session = situation(notebook, TODAY).following.session
    assert session is not None
    recording_id = recorded(recordings, TODAY, session)
    page = client.get(f"/log/{TODAY}").text
    assert "Measured by your recording" in page
    assert f"/sessions/{recording_id}" in page
    assert 'name="reverse_min"' not in page
    client.submit(f"/log/{TODAY}", **told(reverse_min="59"))
    entry = entry_of(notebook, TODAY)
    assert entry.measured
    seen = with_summary(LogEntry(TODAY, Done.ALL), reviewed(notebook, recordings, recording_id).summary)
    assert entry.reverse_s == seen.reverse_s != 59 * 60
    assert "measured" in client.get("/log/all").text


def test_an_untold_recorded_day_is_the_one_that_is_opened(
    client: "Client", notebook: Notebook, recordings: Recordings
) -> None:
    session = situation(notebook, TODAY).following.session
    assert session is not None
    assert client.get("/log").url.path == f"/log/{TODAY}"
    recorded(recordings, days_ago(1), session)
    assert client.get("/log").url.path == f"/log/{days_ago(1)}"
    assert client.get(f"/log?day={days_ago(2)}").url.path == f"/log/{days_ago(2)}"


def test_without_a_plan_it_is_kept_all_the_same(client: "Client", house: House) -> None:
    alone = Notebook(house.database)
    alone.end()
    alone.begin()
    alone.keep_screened(Screened(replace(HEALTHY, day=BEGAN), STRAIGHT))
    assert "no plan yet" in client.submit(f"/log/{TODAY}/preview", **told()).text
    kept = client.submit(f"/log/{TODAY}", **told(alarm="yes", red_flags="chest_pressure")).text
    assert "It is kept." in kept
    assert stop_signs(TODAY)["chest_pressure"].says in kept
    assert entry_of(alone, TODAY).red_flags == ("chest_pressure",)


def test_whoever_was_refused_may_still_tell(client: "Client", notebook: Notebook) -> None:
    refused = replace(HEALTHY, day=days_ago(1), health={**HEALTHY.health, "chest_pain": True})
    notebook.keep_screened(Screened(refused, STRAIGHT))
    assert client.get(f"/log/{TODAY}").status_code == 200
    assert "It is kept." in client.submit(f"/log/{TODAY}", **told()).text


# -- rubbish ------------------------------------------------------------------------------------------------------------

NAMES = [
    *("done", "alarm", "red_flags", "effort", "neck_strain", "stumbles", "falls", "sleep_hours", "notes", "walked"),
    *("reverse_min", "reverse_sec", "act", "number", "day", "fine", "nonsense"),
    *(f"any.{question.name}" for question in QUESTIONS),
    *(field_of(question.name, where) for question in QUESTIONS for where in every_place()),
    "quick.soreness_24h.calf.both",
]
VALUES = st.sampled_from(
    ["yes", "no", "all", "partly", "not", "0", "5", "7", "10", "11", "-1", "nan", "inf", "1e999", "preview", "limp", ""]
) | st.text(max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["", "/preview", "/undo"]),
    st.sampled_from([str(TODAY), str(days_ago(4)), str(days_ago(2))]),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8),
    st.booleans(),
)
def test_whatever_a_form_brings_is_answered_in_words(
    client: "Client", notebook: Notebook, what: str, day: str, fields: dict[str, str], sound: bool
) -> None:
    sent = told(**fields) if sound else fields
    answer = client.submit(f"/log/{day}{what}", **sent)
    assert answer.status_code in (200, 400)
    assert "Traceback" not in answer.text
    if answer.status_code == 200 and not what and sent.get("act") != "preview":
        assert entry_of(notebook, dt.date.fromisoformat(day)).done == sent["done"]
    assert client.submit("/log/morning", **fields).status_code in (200, 400)
    assert client.get("/log/all").status_code == 200


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="/?#%\\", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12))
def test_no_address_breaks_it(client: "Client", day: str) -> None:
    assert client.get(f"/log/{day}").status_code in (200, 400, 404)
    assert client.get("/log", params={"day": day}).status_code in (200, 400)


def test_a_mistake_shows_the_form_again_with_what_was_typed(client: "Client", notebook: Notebook) -> None:
    answer = client.submit(f"/log/{TODAY}", **told(sleep_hours="30", notes="kept words"))
    assert answer.status_code == 400
    assert "Give a number from 0 to 24" in answer.text
    assert "kept words" in answer.text
    assert 'value="30"' in answer.text
    nowhere = client.submit(f"/log/{TODAY}", **told(**{"any.pain_during": "yes"}))
    assert "Say where and how much" in nowhere.text
    assert [entry.day for entry in notebook.log()] == [days_ago(4)]


def test_an_empty_log_says_what_to_do(client: "Client", notebook: Notebook) -> None:
    notebook.remove_entry(days_ago(4))
    assert "After your first session" in client.get("/log/all").text


def test_without_a_script_a_preview_is_a_page(client: "Client", notebook: Notebook) -> None:
    answer = client.submit(f"/log/{TODAY}", **told(act="preview", effort="9", notes="still here"))
    assert "We take a step back." in answer.text
    assert "still here" in answer.text
    assert [entry.day for entry in notebook.log()] == [days_ago(4)]


# -- in a browser -------------------------------------------------------------------------------------------------------


def test_by_touch(open_page: "Callable[..., Page]", notebook: Notebook) -> None:
    page = open_page(f"/log/{TODAY}", size={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_label("All of it").check()
    page.get_by_label("4 of 10. Easy").first.check()
    page.locator("#pain_during").get_by_label("Yes, show where").check()
    hits = page.locator("#pain_during .hit").evaluate_all("all => all.map(e => e.getBoundingClientRect().toJSON())")
    assert len(hits) == 26
    assert min(min(hit["width"], hit["height"]) for hit in hits) >= 44
    page.locator("#pain_during .at-ankle-left").click()
    page.locator("#pain_during .panel").get_by_role("button", name="4 of 10").click()
    page.get_by_role("heading", name="gets smaller").wait_for()
    assert page.locator('#pain_during [data-mark="ankle-left"]').get_attribute("class") == "bm-mark lv2"
    assert [entry.day for entry in notebook.log()] == [days_ago(4)]
    page.get_by_role("button", name="Keep this").click()
    page.get_by_role("heading", name="We take a step back.").wait_for()
    assert entry_of(notebook, TODAY).pain_during == {(Part.ANKLE, Side.LEFT): 4.0}
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("It is as it was before").wait_for()
    assert [entry.day for entry in notebook.log()] == [days_ago(4)]


def test_by_keyboard_alone(open_page: "Callable[..., Page]", notebook: Notebook) -> None:
    page = open_page(f"/log/{TODAY}", size={"width": 1280, "height": 800})
    keys = page.keyboard

    def reach(name: str, key: str = "Tab") -> None:
        for _ in range(80):
            keys.press(key)
            if name in page.evaluate("(document.activeElement.ariaLabel || document.activeElement.value || '') + ''"):
                return
        pytest.fail(f"{name} cannot be reached by {key}")

    reach("all")
    keys.press("Space")
    reach("not said")
    reach("5 of 10", "ArrowLeft")
    reach("no")
    keys.press("ArrowRight")
    reach("left calf, pain")
    keys.type("3")
    spoken = page.get_by_role("spinbutton", name="left calf, pain").first
    assert spoken.get_attribute("aria-valuetext") == "3 of 10"
    keys.press("Enter")
    assert page.evaluate("document.activeElement.dataset.set") == "3"
    keys.press("Tab")
    keys.press("Enter")
    keys.press("Escape")
    assert page.evaluate("document.activeElement.dataset.place") == "calf-left"
    assert page.locator("#pain_during [data-panel=said]").inner_text() == "left calf, pain 4 of 10"
    reach("keep")
    keys.press("Enter")
    page.get_by_role("heading", name="We take a step back.").wait_for()
    assert entry_of(notebook, TODAY).pain_during == {CALF: 4.0}
