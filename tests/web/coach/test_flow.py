"""The coach's flow in a browser: from Today's Start to the changed plan, and every way in which a session goes otherwise."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from coach_flow import SHORT, Json, give, is_there, live, marks, phone, shortened, tick, wait
from retropace.doses import Goal
from retropace.store import Screened, Wanted
from retropace.store.notebook import LOCAL, Notebook
from retropace.store.recordings import Recordings
from retropace.timetable import Calendar
from retropace.web.house import House
from screened import HEALTHY, STRAIGHT
from served import DESKTOP, PHONE, context_of, listen
from web.browser.look import ALL_RULES, COLOURS, axe, tangled, too_wide

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Dialog, Page

Phone = Callable[..., "Page"]
SMALL = {"width": 320, "height": 640}


#: A phone and its server agree on the day: both go by the clock of this machine.
TODAY = dt.datetime.now(dt.UTC).date()


@pytest.fixture
def runner(house: House) -> House:
    """The house of somebody with a session today, its clock that of the phone."""
    notebook = Notebook(house.database)
    notebook.keep_screened(Screened(replace(HEALTHY, day=TODAY - dt.timedelta(days=1)), STRAIGHT))
    notebook.keep_wanted(Wanted(Goal.REVERSE, Calendar(TODAY, 12)))
    return replace(house, clock=lambda: dt.datetime.now(dt.UTC))


@pytest.fixture
def on_phone(browser: "Browser", coach_at: str) -> "Iterator[Phone]":
    """Opens the coach on a phone with sensors, given a session of a few seconds; fails on console errors.

    `change` changes that session further; what matches `expected` in the console is no error.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []
    fine = [re.compile("(?!)")]

    def opened(path: str = "/coach", *, change: Callable[[Json], Json] = shortened, expected: str = "(?!)") -> "Page":
        fine.append(re.compile(expected))
        context = browser.new_context(viewport=PHONE, reduced_motion="reduce", service_workers="block")  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        listen(page, coach_at, troubles)
        phone(page, context)
        give(page, change)
        page.goto(coach_at + path)
        if path == "/coach":
            is_there(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not [one for one in troubles if not any(known.search(one) for known in fine)]


def required(told: Json) -> Json:
    """A session of somebody who may go backward with a spotter only."""
    told["guide"]["safety"]["spotter_required"] = True
    return shortened(told)


def counted(told: Json) -> Json:
    """A session that is counted in by the page."""
    shortened(told)["guide"] |= {"starts_s": 0.0, "cues": told["guide"]["cues"][1:]}
    return told


def begin(page: "Page") -> None:
    """Tick and begin."""
    tick(page)
    page.click("[data-do=begin]")
    live(page, "running")


def end(page: "Page") -> None:
    """End a session by its own button, on its question."""
    page.click(".live .keys [data-do=end]")
    page.click(".live .keys.ask [data-do=end-yes]")
    wait(page, "document.body.dataset.at === 'after'")


def played(page: "Page") -> dict[str, str]:
    """What was played, as it is told."""
    rows = page.locator("#after .facts div").all()
    return {row.locator("dt").inner_text(): row.locator("dd").inner_text() for row in rows}


def pieces(page: "Page") -> list[str]:
    """States of the pieces that were begun, as they were marked."""
    return [mark["state"] for mark in marks(page) if mark["mark"] == "piece"]


def test_from_start_to_the_changed_plan(on_phone: Phone, runner: House) -> None:
    page = on_phone("/")
    page.click("main .btn.go")
    is_there(page)
    assert page.inner_text("h1") == "Six repeats of 20 seconds backward, a minute walking between."
    begin(page)
    live(page, "running", "walk")
    page.context.set_geolocation({"latitude": 52.50001, "longitude": 13.4, "accuracy": 4})
    live(page, "running", "reverse")
    seen = [mark["mark"] for mark in marks(page)]
    assert seen[0] == "begin"
    wait(page, "document.body.dataset.at === 'after'", seconds=30)
    wait(page, "!document.querySelector('#after [data-part=session]').hidden")
    assert page.inner_text("h1") == "Done."
    told = played(page)
    assert told["backward"] == "0:06"
    assert told["in all"] in ("0:10", "0:11"), "with what came before its first second"
    assert axe(page, ALL_RULES) == []
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    assert too_wide(page) + tangled(page) == []
    kept = Recordings(runner.database, LOCAL).all()
    assert [one.day for one in kept] == [TODAY]
    page.click("#after .btn.go")
    page.wait_for_url(f"**/log/{TODAY}")
    for question, words in (("alarm", "No"), ("done", "All of it")):
        page.locator(f"#{question} label.opt", has_text=re.compile(f"^{words}$")).click()
    page.locator(".btn:has-text('Keep this')").first.click()
    page.wait_for_url("**/kept")
    assert Notebook(runner.database).log()
    assert "Today" in page.inner_text("main")


def test_what_was_recorded(on_phone: Phone) -> None:
    page = on_phone()
    begin(page)
    live(page, "running", "reverse")
    page.keyboard.press("Escape")
    live(page, "stopped")
    told = marks(page)
    assert [mark["mark"] for mark in told if mark["mark"] in ("begin", "stop")] == ["begin", "stop"]
    assert pieces(page) == ["walk", "reverse"]
    assert {"key", "kind", "position_s", "heard"} <= set(next(mark for mark in told if mark["mark"] == "cue"))
    stop = told[-1]
    assert stop["why"] == "runner"
    assert 1 < stop["position_s"] < 5


# -- before -------------------------------------------------------------------------------------------------------------


def test_what_is_pressed_before_all_is_there_is_answered(on_phone: Phone) -> None:
    page = on_phone("/")
    page.route("**/coach-follow.js", lambda route: None)  # on its way for ever
    page.goto(page.url + "coach")
    wait(page, "document.body.dataset.at === 'ready'")
    assert page.locator("[data-do=check]").is_disabled()
    tick(page)
    page.click("[data-do=begin]")
    assert "still on its way" in page.inner_text("#missing")
    assert page.evaluate("document.body.dataset.at") == "ready"


def test_a_part_that_does_not_arrive_is_told(on_phone: Phone) -> None:
    page = on_phone("/", expected="ERR_FAILED")
    page.route("**/coach-player.js", lambda route: route.abort())
    page.goto(page.url + "coach")
    wait(page, "document.querySelector('#missing').textContent.startsWith('A part of the coach did not arrive')")


def test_nothing_backward_before_five_ticks(on_phone: Phone) -> None:
    page = on_phone()
    page.click("[data-do=begin]")
    assert page.inner_text("#missing") == "5 things to tick first"
    assert page.evaluate("document.activeElement.dataset.key") == "clear", "it leads to what is missing"
    for box in page.locator(".ticks input").all()[:4]:
        box.check()
    assert page.inner_text("#missing") == "One thing to tick first"
    page.click("[data-do=begin]")
    assert page.evaluate("document.body.dataset.at") == "ready"
    page.keyboard.press("Space")
    assert page.inner_text("#missing") == ""
    assert page.locator("#beginning").get_attribute("data-missing") is None


def test_no_backward_without_the_spotter_that_is_required(on_phone: Phone) -> None:
    page = on_phone(change=required)
    tick(page)
    assert "link their phone to go backward, or walk it" in page.inner_text("#missing")
    page.click("[data-do=begin]")
    assert page.evaluate("document.activeElement.dataset.do") == "invite"
    assert page.evaluate("document.body.dataset.at") == "ready"
    page.click("[data-do=walk]")
    live(page, "running", "walk")
    page.wait_for_timeout(1500)
    assert set(pieces(page)) == {"walk"}
    end(page)
    assert page.inner_text("h1") == "Part of it done."
    assert played(page)["backward"] == "0:00"


def test_a_linked_spotter_lets_it_begin_and_stops_it(on_phone: Phone, browser: "Browser") -> None:
    page = on_phone(change=required)
    tick(page)
    page.click("[data-do=invite]")
    link = wait(page, "document.querySelector('#spot-link').value")
    assert page.locator("#spotting svg.qr").is_visible()
    beside = browser.new_context(viewport=PHONE, service_workers="block")  # type: ignore[arg-type]
    spotter = beside.new_page()
    spotter.goto(link)
    if spotter.locator("[data-do=begin], form button").count():
        spotter.locator("[data-do=begin], form button").first.click()
    wait(page, "!document.querySelector('#missing').textContent")
    page.click("[data-do=begin]")
    live(page, "running", "reverse")
    spotter.keyboard.press("Space")
    live(page, "stopped")
    assert "by your spotter" in page.inner_text(".live .why")
    beside.close()
    shouts = [mark for mark in marks(page) if mark["mark"] in ("shout", "stop")]
    assert [mark["mark"] for mark in shouts] == ["shout", "stop"]
    assert shouts[1]["why"] == "spotter"


def test_the_phone_by_one_tap(on_phone: Phone) -> None:
    page = on_phone()
    page.click("[data-do=check]")
    wait(page, "!document.querySelector('.hear').hidden")
    rows = {row.get_attribute("data-sense"): row.inner_text() for row in page.locator(".senses li").all()}
    assert set(rows) == {"sound", "motion", "position", "awake", "vibration"}
    told = [row.inner_text() for row in page.locator(".senses .state").all()]
    assert told == ["", "on", "on", "on", "on"]
    assert page.inner_text("#phone [data-part=keeps]") == "This phone keeps it until it is sent."
    page.click("[data-do=heard]")
    assert "heard" in page.inner_text("[data-sense=sound]")
    assert axe(page, ALL_RULES) == []
    page.set_viewport_size(SMALL)  # type: ignore[arg-type]
    assert too_wide(page) + tangled(page) == []


def test_who_does_not_hear_it_walks(on_phone: Phone) -> None:
    page = on_phone()
    tick(page)
    page.click("[data-do=check]")
    wait(page, "!document.querySelector('.hear').hidden")
    page.click("[data-do=unheard]")
    assert "mend the sound, or walk it" in page.inner_text("#missing")
    page.click("[data-do=begin]")
    assert page.evaluate("document.body.dataset.at") == "ready"


def test_what_was_refused_is_said_with_its_remedy(on_phone: Phone, coach_at: str) -> None:
    page = on_phone()
    root = page.context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
    for name in ("geolocation", "screen-wake-lock"):
        root.send("Browser.setPermission", {"permission": {"name": name}, "setting": "denied", "origin": coach_at})
    context_id = page.context.new_cdp_session(page).send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    for name in ("geolocation", "screen-wake-lock"):
        asked = {"permission": {"name": name}, "setting": "denied", "origin": coach_at, "browserContextId": context_id}
        root.send("Browser.setPermission", asked)
    page.click("[data-do=check]")
    wait(page, "document.querySelector('[data-sense=position] .state')?.textContent")
    assert "refused" in page.inner_text("[data-sense=position]")
    assert "Allow location for this site" in page.inner_text("[data-sense=position]")
    assert "battery saving off" in page.inner_text("[data-sense=awake]")


def test_it_can_be_read_by_everybody(large_print_browser: "Browser", on_phone: Phone, coach_at: str) -> None:
    page = on_phone()
    page.emulate_media(color_scheme="dark")
    assert axe(page, COLOURS) == []
    context = context_of(large_print_browser, PHONE)
    large = context.new_page()
    large.goto(f"{coach_at}/coach")
    is_there(large)
    for size in (PHONE, DESKTOP):
        large.set_viewport_size(size)  # type: ignore[arg-type]
        assert too_wide(large) + tangled(large) == []
    context.close()


# -- while it runs ------------------------------------------------------------------------------------------------------


def test_called_off_before_it_began(on_phone: Phone) -> None:
    page = on_phone(change=counted)
    begin(page)
    assert page.locator(".live").get_attribute("data-state") == "stand", "counting in"
    page.keyboard.press("Space")
    wait(page, "document.body.dataset.at === 'ready'")
    assert marks(page) == []
    assert page.locator(".ticks input:checked").count() == 5, "nothing has to be ticked again"
    page.click("[data-do=begin]")
    live(page, "running", "walk")


def test_a_stop_goes_on_walking_and_never_by_itself(on_phone: Phone) -> None:
    page = on_phone()
    begin(page)
    live(page, "running", "reverse")
    page.keyboard.press("Space")
    live(page, "stopped")
    page.wait_for_timeout(600)
    live(page, "stopped")
    resume = page.locator("[data-hold=resume]")
    box = resume.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    live(page, "running", "walk")
    page.mouse.up()
    assert pieces(page) == ["walk", "reverse", "walk"], "what was stopped is given up"
    assert [mark["mark"] for mark in marks(page) if mark["mark"] in ("stop", "resume")] == ["stop", "resume"]


def test_without_sound_nobody_goes_backward(on_phone: Phone) -> None:
    page = on_phone(expected="503")
    page.route("**/coach/runs", lambda route: route.fulfill(status=503))  # what was marked stays on the phone
    begin(page)
    live(page, "running", "walk")
    page.evaluate(
        "async () => { const made = BaseAudioContext.prototype;"
        " Object.defineProperty(made, 'state', { get: () => 'interrupted' });"
        " made.resume = AudioContext.prototype.resume = () => Promise.reject(new Error()) }"
    )
    wait(page, "document.querySelector('.live-warn').textContent.includes('No sound')")
    wait(page, "document.body.dataset.at === 'after'", seconds=30)
    assert set(pieces(page)) == {"walk"}, "announced or not, nothing went backward"
    walked = [(mark["why"], mark["piece"]) for mark in marks(page) if mark["mark"] == "walk"]
    assert walked == [("sound", 1), ("sound", 3)]
    assert played(page)["backward"] == "0:00"


def test_leaving_is_asked_about(on_phone: Phone) -> None:
    page = on_phone()
    begin(page)
    asked: list[str] = []

    def answer(dialog: "Dialog") -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", answer)
    page.close(run_before_unload=True)
    for _ in range(40):
        if asked:
            break
        page.wait_for_timeout(50)
    assert asked == ["beforeunload"]
    assert not page.is_closed()


def test_a_whole_session_by_a_clock_that_runs_ahead(on_phone: Phone) -> None:
    """Twenty minutes as they are planned: every piece in its turn, and every cue of the guide."""
    page = on_phone(change=lambda told: told, expected="ERR_FAILED")
    guide = page.evaluate("fetch('/coach/session.json').then((answer) => answer.json())")["guide"]
    page.add_init_script(path=Path(__file__).parent / "quiet.js")
    page.route("**/coach/runs", lambda route: route.abort())
    page.clock.install()
    page.reload()
    for _ in range(100):
        page.clock.run_for(100)
        if page.evaluate("document.body.dataset.has === 'all'"):
            break
    tick(page)
    page.click("[data-do=begin]")
    for _ in range(100):  # a machine with other work needs more of them
        page.clock.run_for(20_000)
        if page.evaluate("document.body.dataset.at === 'after'"):
            break
    assert page.inner_text("h1") == "Done."
    assert played(page) == {"backward": "2:40", "in all": "20:00"}
    page.clock.resume()
    told = marks(page)
    began = [mark["index"] for mark in told if mark["mark"] == "piece"]
    assert began == list(range(len(guide["pieces"])))
    heard = [(mark["kind"], mark["position_s"]) for mark in told if mark["mark"] == "cue"]
    assert heard == [(cue["kind"], cue["at_s"]) for cue in guide["cues"]]


# -- afterwards ---------------------------------------------------------------------------------------------------------


def test_without_a_network_it_stays_on_the_phone_and_goes_later(on_phone: Phone) -> None:
    page = on_phone(expected="ERR_INTERNET_DISCONNECTED|WebSocket|ERR_FAILED")
    begin(page)
    live(page, "running", "reverse")
    page.context.set_offline(True)
    end(page)
    wait(
        page,
        "document.querySelector('#after [data-part=state]').textContent.startsWith('Kept on this phone')",
        seconds=40,
    )
    assert page.locator("#after .btn.go").get_attribute("href") == f"/log/{TODAY}"
    assert "once the network is back" in page.inner_text("#after")
    page.context.set_offline(False)
    wait(page, "document.querySelector('#after [data-part=told]').textContent")
    assert page.locator("#after .sending").is_hidden()


def test_cut_off_and_gone_on_with(on_phone: Phone) -> None:
    page = on_phone()
    begin(page)
    live(page, "running", "reverse")
    page.wait_for_timeout(600)
    page.evaluate(
        "window.addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), { capture: true })"
    )
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    is_there(page)
    card = page.locator("#unsent .card")
    assert "was cut off" in card.inner_text()
    card.locator("[data-do=goon]").click()
    assert page.inner_text("[data-part=begin]") == "Go on with it"
    begin(page)
    live(page, "running", "walk")
    told = [mark["mark"] for mark in marks(page)]
    assert told.count("begin") == 1
    assert "gap" in told
    assert "resume" in told
    assert pieces(page)[-1] == "walk", "walking first"


def test_cut_off_and_sent_or_thrown_away(on_phone: Phone, runner: House) -> None:
    page = on_phone()
    page.on("dialog", lambda dialog: dialog.accept())
    for _ in range(2):
        begin(page)
        live(page, "running", "walk")
        page.wait_for_timeout(600)
        page.reload()
        is_there(page)
    assert page.locator("#unsent .card").count() == 2
    last, first = page.locator("#unsent .card").all()
    last.locator("[data-do=throw]").click()
    last.locator("[data-do=really]").click()
    first.locator("[data-do=send]").click()
    wait(page, "document.querySelector('#unsent a[href^=\"/log/\"]')")
    page.reload()
    is_there(page)
    assert page.locator("#unsent .card").count() == 0
    assert len(Recordings(runner.database, LOCAL).all()) <= 1


def test_the_session_that_the_phone_keeps(on_phone: Phone) -> None:
    page = on_phone(expected="ERR_FAILED")
    wait(
        page,
        """async ({ day }) => {
        const made = document.querySelector("script[type=module]").src.replace("coach.js", "coach-keep.js")
        return Boolean(await (await (await import(made)).openKeep()).guide(day))
    }""",
        day=TODAY.isoformat(),
    )
    page.unroute_all()
    page.route("**/coach/session.json*", lambda route: route.abort())
    page.reload()
    is_there(page)
    assert "This is the session that this phone keeps" in page.inner_text("#offline")
    assert page.inner_text("h1").startswith("Six repeats")


@pytest.mark.parametrize(("status", "what"), [(401, "You are signed out"), (404, "There is no session today")])
def test_no_session_says_why(browser: "Browser", coach_at: str, status: int, what: str) -> None:
    told: dict[str, Any] = {"error": {"what": what, "where": None, "field": None, "remedy": "Open Today."}}
    context = browser.new_context(viewport=PHONE, service_workers="block")  # type: ignore[arg-type]
    page = context.new_page()
    page.route("**/coach/session.json*", lambda route: route.fulfill(status=status, json=told))
    page.goto(f"{coach_at}/coach")
    is_there(page)
    assert page.inner_text("h1") == what
    assert page.locator("#trouble .btn.go").get_attribute("href") == "/"
    assert axe(page, ALL_RULES) == []
    context.close()


def test_short_sessions_are_as_long_as_they_say() -> None:
    assert sum(lasts_s for _, lasts_s in SHORT) == 10
