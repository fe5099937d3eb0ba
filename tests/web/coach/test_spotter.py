"""A spotter and a runner, each with a phone of their own: real pages, real sockets, and a wire between them that is cut."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from raw_chromium import raw_chromium
from retropace.store import Settings
from retropace.store.database import open_database
from retropace.store.notebook import Notebook
from retropace.web.house import House
from retropace.web.link import Links
from retropace.web.protocol import PatientProtocol
from served import HOSTS, NOW, serving
from spotting import RUNNING, linked, run_page, shows, spot_page, until
from web.browser.look import ALL_RULES, COLOURS, axe, tangled, too_wide
from wire import Wire, wired

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: How soon a page must have noticed that the link is gone [ms].
NOTICED_MS = 2500
#: How soon a spotter must shout where nobody answers [ms]: half a second, and what a busy machine's timers are late by.
SHOUTED_MS = 800
LOUD = 0.5


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Ana's house."""
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('spotter') / 'retropace.db'}")
    notebook = Notebook(database)
    notebook.begin()
    notebook.keep_settings(Settings(name="Ana"))
    yield House(database, secret=b"test", clock=lambda: NOW, hosts=HOSTS)
    database.close()


@pytest.fixture(scope="module")
def at(house: House) -> Iterator[str]:
    """Where it stands."""
    with serving(house) as address:
        yield address


class Phones:
    """Pages that are closed when a test ends."""

    def __init__(self, browser: "Browser", at: str) -> None:
        self.browser, self.at, self.opened = browser, at, ExitStack()

    def runner(self, at: str | None = None) -> tuple["Page", str]:
        page, path = run_page(self.browser, at or self.at)
        self.opened.callback(page.context.close)
        return page, path

    def spotter(self, path: str, at: str | None = None, **given: Any) -> "Page":
        page = spot_page(self.browser, (at or self.at) + path, **given)
        self.opened.callback(page.context.close)
        return page

    def wire(self) -> Wire:
        return self.opened.enter_context(wired(self.at))


@pytest.fixture
def phones(browser: "Browser", at: str) -> Iterator[Phones]:
    made = Phones(browser, at)
    with made.opened:
        yield made


@pytest.fixture
def whole_phones(whole_browser: "Browser", at: str) -> Iterator[Phones]:
    """In a browser whose sound waits for a touch."""
    made = Phones(whole_browser, at)
    with made.opened:
        yield made


def stops(runner: "Page") -> int:
    return int(runner.evaluate("told.stop.length"))


# -- STOP ---------------------------------------------------------------------------------------------------------------


def test_a_press_stops_the_other_phone(phones: Phones) -> None:
    runner, path = phones.runner()
    spotter = phones.spotter(path, name="Sam")
    linked(runner)
    assert until(runner, "told.spotters.at(-1)?.names[0]") == "Sam"
    shows(spotter, "live")
    seconds, *words = spotter.locator(".numbers").inner_text().split()
    assert 5 <= int(seconds) <= 12
    assert " ".join(words) == "seconds left 41 metres to the line"
    spotter.mouse.move(200, 600)
    spotter.mouse.down()
    until(spotter, f"loudness() > {LOUD}")
    spotter.mouse.up()
    shows(spotter, "stopped")
    assert stops(runner) == 1
    assert "Your STOP arrived" in spotter.locator("#status").inner_text()
    until(spotter, "loudness() === 0")
    runner.evaluate("state => { spotter.tell(state); spotter.went_on() }", RUNNING)
    shows(spotter, "live")
    assert stops(runner) == 1, "the click that followed was the same press"


def test_keys_and_readers_of_screens_stop_too(phones: Phones) -> None:
    runner, path = phones.runner()
    spotter = phones.spotter(path)
    linked(runner)
    assert spotter.evaluate("document.activeElement.dataset.part") == "stop"
    for number, key in enumerate(("Space", "Enter", "Escape"), 1):
        spotter.keyboard.press(key)
        shows(spotter, "stopped")
        until(runner, f"told.stop.length === {number}")
        runner.evaluate("spotter.went_on()")
        shows(spotter, "live")
    spotter.wait_for_timeout(900)
    spotter.evaluate("document.querySelector('[data-part=stop]').click()")
    until(runner, "told.stop.length === 4")


def test_where_nobody_obeys_it_says_shout_and_tries_on(phones: Phones) -> None:
    runner, path = phones.runner()
    spotter = phones.spotter(path)
    linked(runner)
    runner.evaluate("told.obeys = false")
    spotter.keyboard.press("Space")
    shows(spotter, "shout")
    assert "SHOUT" in spotter.locator("#alarm").inner_text()
    until(spotter, f"loudness() > {LOUD}")
    spotter.get_by_role("button", name="They stand: quiet").click()
    until(spotter, "loudness() === 0")
    assert stops(runner) == 1, "the same STOP again is none of its own"
    spotter.reload()
    shows(spotter, "shout")
    runner.evaluate("spotter.stopped(told.stop[0].id)")
    shows(spotter, "stopped")


def test_a_stop_waits_for_a_runner_who_is_away(phones: Phones) -> None:
    runner, path = phones.runner()
    spotter = phones.spotter(path)
    linked(runner)
    runner.evaluate("spotter.close()")
    assert not runner.evaluate("spotter.linked")
    spotter.keyboard.press("Space")
    shows(spotter, "shout")
    runner.evaluate("spotter.open()")
    shows(spotter, "stopped")
    assert stops(runner) == 1
    runner.evaluate("spotter.close(); spotter.open()")
    linked(runner)
    assert stops(runner) == 1, "what was obeyed is not told again"


def test_where_sockets_are_blocked_stop_goes_by_post(phones: Phones) -> None:
    runner, path = phones.runner()
    spotter = phones.spotter(path)
    linked(runner)
    spotter.route_web_socket("**/link*", lambda socket: socket.close())
    spotter.reload()
    until(spotter, "['lost', 'waiting'].includes(document.body.dataset.show)")
    linked(runner, alive=False)
    spotter.keyboard.press("Escape")
    until(runner, "told.stop.length === 1")
    until(spotter, "shown.some(({show}) => show === 'sending') && !['sending', 'shout'].includes(shown.at(-1).show)")


# -- a link that is gone ------------------------------------------------------------------------------------------------


def test_a_server_that_dies(phones: Phones) -> None:
    runner, path = phones.runner()
    wire = phones.wire()
    spotter = phones.spotter(path, at=wire.address)
    linked(runner)
    wire.tear()
    spotter.keyboard.press("Space")
    shows(spotter, "shout")
    until(spotter, f"loudness() > {LOUD}", 1)
    assert spotter.evaluate("shown.at(-1).at - pressed") <= SHOUTED_MS
    linked(runner, alive=False, seconds=3)


def test_a_server_that_starts_again(phones: Phones, house: House) -> None:
    """It has forgotten everything but the invitation; the phones find each other, and what nobody obeyed is told again."""
    wire = phones.wire()
    runner, path = phones.runner(wire.address)
    spotter = phones.spotter(path, at=wire.address)
    linked(runner)
    runner.evaluate("told.obeys = false")
    spotter.keyboard.press("Space")
    until(runner, "told.stop.length === 1")
    runner.evaluate("told.obeys = true")
    with serving(replace(house, links=Links())) as again:
        wire.lead_to(again)
        shows(spotter, "stopped", 10)
        linked(runner, seconds=10)
        assert stops(runner) == 2
        for page in (runner, spotter):
            page.context.close()


def test_a_wire_that_falls_silent_is_noticed_on_both_sides(phones: Phones) -> None:
    runner, path = phones.runner()
    wire = phones.wire()
    spotter = phones.spotter(path, at=wire.address)
    linked(runner)
    shows(spotter, "live")
    cut_ms = time.time() * 1000
    wire.cut()
    shows(spotter, "lost")
    linked(runner, alive=False)
    assert spotter.evaluate("shown.at(-1).at") - cut_ms <= NOTICED_MS
    assert runner.evaluate("told.link.at(-1).at") - cut_ms <= NOTICED_MS
    assert "Shout if they must stop" in spotter.locator("#alarm").inner_text()
    until(spotter, f"loudness() > {LOUD}", 4)
    spotter.keyboard.press("Space")
    shows(spotter, "shout")
    assert spotter.evaluate("shown.at(-1).at - pressed") <= SHOUTED_MS
    assert stops(runner) == 0
    wire.mend()
    shows(spotter, "stopped", 10)
    assert stops(runner) == 1
    linked(runner)


def test_a_runner_who_falls_silent_is_noticed_on_both_sides(phones: Phones) -> None:
    wire = phones.wire()
    runner, path = phones.runner(wire.address)
    spotter = phones.spotter(path)
    linked(runner)
    shows(spotter, "live")
    cut_ms = time.time() * 1000
    wire.cut()
    linked(runner, alive=False)
    shows(spotter, "lost")
    assert runner.evaluate("told.link.at(-1).at") - cut_ms <= NOTICED_MS
    assert spotter.evaluate("shown.at(-1).at") - cut_ms <= NOTICED_MS
    wire.mend()
    linked(runner, seconds=10)
    shows(spotter, "live", 10)


def test_a_spotter_whose_page_is_hidden_is_gone(phones: Phones, tmp_path: Path) -> None:
    runner, path = phones.runner()
    with raw_chromium(tmp_path) as browser:
        page = browser.page(phones.at + path)
        page.evaluate("document.querySelector('#begin').requestSubmit()", gesture=True)
        linked(runner)
        other = browser.page()
        linked(runner, alive=False, seconds=2)
        assert runner.evaluate("spotter.count") == 1, "the page is there, its spotter is not"
        page.show()
        linked(runner, seconds=2)
        other.close()
        page.freeze()
        linked(runner, alive=False, seconds=3)


def test_two_spotters(phones: Phones) -> None:
    runner, path = phones.runner()
    first, second = phones.spotter(path, name="Sam"), phones.spotter(path, name="Kim")
    until(runner, "spotter.count === 2")
    second.keyboard.press("Space")
    shows(second, "stopped")
    runner.evaluate("state => spotter.tell(state)", RUNNING | {"status": "stopped", "why": "spotter"})
    shows(first, "stopped")
    assert "A spotter stopped them" in first.locator("#status").inner_text()
    first.close()
    until(runner, "spotter.count === 1")
    assert runner.evaluate("spotter.linked")
    second.close()
    linked(runner, alive=False)


# -- how it goes on, and ends -------------------------------------------------------------------------------------------


def test_a_page_that_is_loaded_again_stays_on_duty(whole_phones: Phones) -> None:
    runner, path = whole_phones.runner()
    spotter = whole_phones.spotter(path, name="Sam")
    linked(runner)
    spotter.reload()
    shows(spotter, "live")
    assert spotter.evaluate("document.activeElement.dataset.part") == "stop"
    until(runner, "spotter.count === 1 && spotter.names[0] === 'Sam'")
    assert spotter.get_by_text("The sound is off until you touch the screen once.").is_visible()
    spotter.mouse.click(200, 20)
    spotter.get_by_text("Press anywhere on red.").wait_for()


def test_what_becomes_of_the_run_is_shown(phones: Phones) -> None:
    runner, path = phones.runner()
    spotter = phones.spotter(path)
    linked(runner)
    words = {
        "idle": "Not begun yet",
        "paused": "They paused. Stay close.",
        "stopped": "They stopped themselves.",
        "running": "To their side. Eyes on the way.",
    }
    for status, sentence in words.items():
        runner.evaluate("state => spotter.tell(state)", RUNNING | {"status": status, "why": "runner"})
        spotter.locator("#duty").get_by_text(sentence, exact=True).wait_for()
    runner.evaluate("state => spotter.tell(state)", RUNNING | {"state": "walk", "left_s": 6, "next": "reverse"})
    spotter.locator("#duty").get_by_text("Look over the way behind them now.").wait_for()
    runner.evaluate("spotter.over()")
    shows(spotter, "over")
    assert spotter.get_by_role("button", name="STOP").count() == 0
    answer = spotter.goto(phones.at + path)
    assert answer is not None
    assert answer.status == 404


def test_an_invitation_taken_back_is_said(phones: Phones) -> None:
    runner, path = phones.runner()
    spotter = phones.spotter(path)
    linked(runner)
    runner.evaluate("spotter.uninvite()")
    shows(spotter, "ended")
    linked(runner, alive=False)


def test_the_run_in_another_tab_takes_over(phones: Phones) -> None:
    """Else a tab that coaches nobody could answer a STOP."""
    runner, _ = phones.runner()
    other = runner.context.new_page()
    other.goto(f"{phones.at}/evidence")
    script, run = runner.evaluate(
        "[performance.getEntriesByType('resource').map((e) => e.name).find((n) => n.includes('coach-spotter')), spotter.run]"
    )
    other.evaluate(
        "async ([script, run]) => { const {Spotter} = await import(script);"
        " new Spotter({run, csrf: '', rules: {beat: 0.5, lost: 1.5}}).open() }",
        [script, run],
    )
    assert until(runner, "told.closed.at(-1)?.code") == 4001


# -- for everybody ------------------------------------------------------------------------------------------------------


SIZES = ((390, 844), (320, 568), (844, 390), (1280, 800))


def test_every_state_can_be_seen_and_read(phones: Phones) -> None:
    runner, path = phones.runner()
    spotter = phones.spotter(path, reduced_motion="reduce")
    linked(runner)
    faults = {}
    for state in ("live", "stopped", "shout", "lost"):
        reach(state, runner, spotter)
        for size in SIZES:
            spotter.set_viewport_size({"width": size[0], "height": size[1]})
            faults[state, size] = too_wide(spotter) + tangled(spotter) + stop_is_large(spotter, state, size)
        spotter.set_viewport_size({"width": 390, "height": 844})
        faults[state, SIZES[0]] += axe(spotter, ALL_RULES)
        spotter.emulate_media(color_scheme="dark")
        faults[state, SIZES[0]] += [f"dark: {fault}" for fault in axe(spotter, COLOURS)]
        spotter.emulate_media(color_scheme="light")
    assert not {state: found for state, found in faults.items() if found}


def stop_is_large(spotter: "Page", state: str, size: tuple[int, int]) -> list[str]:
    """What is wrong with STOP: it has two fifths of the screen, and all of it is on it."""
    stop = spotter.locator("[data-part=stop]").bounding_box()
    assert stop is not None
    share = stop["width"] * stop["height"] / (size[0] * size[1])
    small = share < (0.15 if state == "shout" else 0.4)
    beyond = stop["y"] + stop["height"] > size[1]
    return [f"STOP has {share:.2f} of the screen"] * small + ["STOP is beyond the edge"] * beyond


def reach(state: str, runner: "Page", spotter: "Page") -> None:
    """Bring both to where the spotter's page shows `state`."""
    if state == "stopped":
        runner.evaluate("state => spotter.tell(state)", RUNNING | {"status": "stopped", "why": "speed"})
    elif state == "shout":
        runner.evaluate("told.obeys = false")
        spotter.keyboard.press("Space")
    elif state == "lost":
        runner.evaluate("spotter.stopped(told.stop.at(-1).id); spotter.close()")
    shows(spotter, state)


# -- sockets as uvicorn speaks them -------------------------------------------------------------------------------------


def test_a_socket_outlives_what_a_head_may_take(phones: Phones, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PatientProtocol, "head_s", 0.3)
    _, path = phones.runner()
    with opened(phones.at, path) as socket:
        for number in range(8):
            socket.send(f'{{"k":"beat","t":{number},"visible":true}}')
            while f'"t":{number}' not in str(socket.recv(2)):
                pass
            time.sleep(0.1)


def test_sockets_are_plain_small_and_only_our_own_pages(phones: Phones) -> None:
    _, path = phones.runner()
    with opened(phones.at, path) as socket:
        assert socket.response is not None
        assert "sec-websocket-extensions" not in socket.response.headers
        socket.send("x" * 5000)
        with pytest.raises(ConnectionClosed) as closed:
            any(socket.recv(2) is None for _ in range(100))
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
    with pytest.raises(InvalidStatus) as foreign, opened(phones.at, path, origin="http://evil.example"):
        pass
    assert foreign.value.response.status_code == 403
    elsewhere = {"Host": "evil.example"}
    with pytest.raises(InvalidStatus) as misled, opened(phones.at, path, additional_headers=elsewhere):
        pass
    assert misled.value.response.status_code in (400, 421)


def opened(at: str, path: str, **given: Any) -> Any:
    address = f"{at.replace('http', 'ws', 1)}{path}/link?page=raw-page"
    return connect(address, **({"origin": at, "compression": "deflate", "proxy": None} | given))
