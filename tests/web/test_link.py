"""Link: a STOP arrives whatever else is going on, stays until somebody obeyed it, and nobody holds up anybody."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.web import link
from retropace.web.link import (
    ELSEWHERE,
    MALFORMED,
    MOST_RUNS,
    MOST_SOCKETS,
    MOST_SPOTTERS,
    TOO_MANY,
    Full,
    Gone,
    Links,
    NotTheirs,
    Room,
    Seat,
    converse,
)
from retropace.web.link_messages import FROM_RUNNER, FROM_SPOTTER, MOST_BYTES, Malformed, read, written

STOP = {"k": "stop", "id": "press-one", "at_ms": 1.0}


class Phone:
    """A phone's end of a websocket; `takes` is whether it takes what it is told."""

    def __init__(self) -> None:
        self.says: asyncio.Queue[str | None] = asyncio.Queue()
        self.heard: list[dict[str, Any]] = []
        self.goodbye: tuple[int, str | None] | None = None
        self.takes = asyncio.Event()
        self.takes.set()

    async def receive_text(self) -> str:
        text = await self.says.get()
        if text is None:
            raise Gone
        return text

    async def send_text(self, data: str) -> None:
        await self.takes.wait()
        self.heard.append(json.loads(data))

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        self.goodbye = code, reason

    def say(self, **message: object) -> None:
        self.says.put_nowait(json.dumps(message))

    def kinds(self) -> list[str]:
        return [message["k"] for message in self.heard]

    def all(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.heard if message["k"] == kind]


class Run:
    """A run with the phones that came to it."""

    def __init__(self) -> None:
        self.room = Room("ana", "run-of-ana")
        self.tasks: dict[Phone, asyncio.Task[None]] = {}

    async def come(self, enter: Callable[[str], Seat], page: str) -> Phone:
        phone = Phone()
        self.tasks[phone] = asyncio.create_task(converse(self.room, enter(page), phone))
        await settled()
        return phone

    async def runner(self, page: str = "runner-page") -> Phone:
        return await self.come(self.room.enter_runner, page)

    async def spotter(self, page: str = "spotter-page") -> Phone:
        return await self.come(self.room.enter_spotter, page)

    async def hang_up(self, phone: Phone) -> None:
        phone.says.put_nowait(None)
        await self.tasks[phone]

    async def close(self) -> None:
        for phone in self.tasks:
            phone.says.put_nowait(None)
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def with_run(test: Callable[[Run], Awaitable[None]]) -> Callable[[], None]:
    """A test that has a run."""

    async def scene() -> None:
        run = Run()
        await test(run)
        await run.close()

    def whole() -> None:
        run_scene(scene())

    whole.__name__, whole.__doc__ = test.__name__, test.__doc__
    return whole


def run_scene(scene: Coroutine[Any, Any, None]) -> None:
    """Play a scene in a thread of its own: a browser of other tests may have a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, scene).result()


# -- STOP ---------------------------------------------------------------------------------------------------------------


@with_run
async def test_a_stop_arrives_and_its_answer_goes_to_every_spotter(run: Run) -> None:
    runner, first, second = await run.runner(), await run.spotter("spotter-1"), await run.spotter("spotter-2")
    first.say(**STOP)
    await settled()
    assert runner.all("stop") == [STOP]
    assert first.all("latched") == [{"k": "latched", "id": "press-one"}]
    assert not second.all("stopped")
    runner.say(k="stopped", id="press-one")
    await settled()
    assert first.all("stopped") == second.all("stopped") == [{"k": "stopped", "id": "press-one"}]


@with_run
async def test_a_stop_waits_for_a_runner_who_is_away(run: Run) -> None:
    spotter = await run.spotter()
    spotter.say(**STOP)
    await settled()
    runner = await run.runner()
    assert runner.all("stop") == [STOP]
    await run.hang_up(runner)
    again = await run.runner()
    assert again.all("stop") == [STOP], "nobody obeyed it yet"


@with_run
async def test_what_was_obeyed_is_not_told_again(run: Run) -> None:
    runner, spotter = await run.runner(), await run.spotter()
    spotter.say(**STOP)
    await settled()
    runner.say(k="stopped", id="press-one")
    await settled()
    await run.hang_up(runner)
    again = await run.runner()
    spotter.say(**STOP)
    await settled()
    assert not again.all("stop")
    assert len(spotter.all("stopped")) == 2, "who asks again is answered"


@with_run
async def test_an_answer_from_before_a_restart_counts(run: Run) -> None:
    """The server forgot; the runner's phone did not."""
    runner, spotter = await run.runner(), await run.spotter()
    runner.say(k="stopped", id="press-one")
    await settled()
    spotter.say(**STOP)
    await settled()
    assert not runner.all("stop")
    assert "stopped" in spotter.kinds()


@with_run
async def test_many_stops_are_all_told_and_few_are_kept(run: Run) -> None:
    spotter = await run.spotter()
    for number in range(60):
        spotter.say(k="stop", id=f"press-{number:03}", at_ms=number)
        await settled()
    runner = await run.runner()
    told = [message["id"] for message in runner.all("stop")]
    assert len(told) == 32
    assert told[-1] == "press-059"


@with_run
async def test_a_phone_that_takes_nothing_holds_up_nobody(run: Run) -> None:
    runner, slow, quick = await run.runner(), await run.spotter("slow-page"), await run.spotter("quick-page")
    slow.takes.clear()
    for second in range(40):
        runner.say(k="state", state={"left_s": second})
        await settled()
    began = time.perf_counter()
    quick.say(**STOP)
    while not runner.all("stop"):
        await asyncio.sleep(0)
    assert time.perf_counter() - began < 0.1
    runner.say(k="stopped", id="press-one")
    slow.takes.set()
    await settled()
    states = [message["state"]["left_s"] for message in slow.all("state")]
    assert states == [0, 39], "the one it was about to take, and the newest"
    assert "stopped" in slow.kinds()


@with_run
async def test_a_phone_that_takes_nothing_for_long_is_given_up(run: Run) -> None:
    link._STUCK_S, kept = 0.05, link._STUCK_S
    try:
        runner = await run.runner()
        runner.takes.clear()
        spotter = await run.spotter()
        spotter.say(**STOP)
        await asyncio.wait_for(run.tasks[runner], 2)
        assert run.room.runner is None
        assert {"k": "runner", "here": False} in spotter.heard
    finally:
        link._STUCK_S = kept


# -- who is there -------------------------------------------------------------------------------------------------------


@with_run
async def test_each_side_hears_that_the_other_is_there(run: Run) -> None:
    runner, spotter = await run.runner(), await run.spotter()
    spotter.say(k="beat", t=1.0, visible=True)
    runner.say(k="beat", t=2.0)
    await settled()
    assert runner.all("beat") == [{"k": "beat", "who": "spotter-page", "visible": True}]
    assert spotter.all("beat") == [{"k": "beat"}]
    assert spotter.all("echo") == [{"k": "echo", "t": 1.0}]
    assert runner.all("echo") == [{"k": "echo", "t": 2.0}]
    spotter.say(k="hello", name=" Sam ")
    await settled()
    assert runner.all("spotters")[-1] == {"k": "spotters", "n": 1, "names": ["Sam"]}
    await run.hang_up(spotter)
    await settled()
    assert runner.all("gone") == [{"k": "gone", "who": "spotter-page"}]
    assert runner.all("spotters")[-1]["n"] == 0


@with_run
async def test_who_comes_late_hears_the_last_state_and_how_old_it_is(run: Run) -> None:
    runner = await run.runner()
    runner.say(k="state", state={"status": "running", "left_s": 12.5, "why": None})
    await settled()
    late = await run.spotter()
    (told,) = late.all("state")
    assert told["state"] == {"status": "running", "left_s": 12.5, "why": None}
    assert 0 <= told["age_s"] < 1
    runner.say(k="over")
    runner.say(k="went_on")
    await settled()
    assert late.kinds()[-2:] == ["over", "went_on"]


@with_run
async def test_a_page_that_comes_back_takes_its_own_place(run: Run) -> None:
    runner, spotter = await run.runner(), await run.spotter()
    again = await run.spotter()
    assert spotter.goodbye is not None
    assert spotter.goodbye[0] == ELSEWHERE
    assert run.room.sockets == 2
    other = await run.runner("other-page")
    assert runner.goodbye is not None
    assert runner.goodbye[0] == ELSEWHERE
    assert not other.goodbye
    assert not again.goodbye
    assert len(run.room.spotters) == 1


@with_run
async def test_spotters_are_so_many_and_no_more(run: Run) -> None:
    for number in range(MOST_SPOTTERS):
        await run.spotter(f"spotter-{number}")
    with pytest.raises(Full):
        run.room.enter_spotter("one-too-many")
    run.room.enter_spotter("spotter-0")


def test_what_is_of_the_moment_is_spared_a_silent_phone() -> None:
    async def scene() -> None:
        now = [0.0]
        room = Room("ana", "run-of-ana", clock=lambda: now[0])
        runner, spotter = room.enter_runner("runner-page"), room.enter_spotter("spotter-page")
        now[0] = 5.0
        room.hear(runner, written("state", state={"left_s": 3}))
        assert not spotter._newest
        room.hear(spotter, written("beat", t=1, visible=True))
        room.hear(runner, written("state", state={"left_s": 2}))
        assert set(spotter._newest) == {"echo", "state"}

    run_scene(scene())


@with_run
async def test_silence_ends_a_socket(run: Run) -> None:
    link.SILENT_S, kept = 0.05, link.SILENT_S
    try:
        spotter = await run.spotter()
        await asyncio.wait_for(run.tasks[spotter], 2)
        assert not run.room.sockets
    finally:
        link.SILENT_S = kept


# -- what nobody of ours says -------------------------------------------------------------------------------------------


@with_run
async def test_a_hundred_junk_messages_end_their_own_sockets_only(run: Run) -> None:
    runner, spotter = await run.runner(), await run.spotter()
    junk = [
        "",
        "{",
        "[]",
        "null",
        '"stop"',
        '{"k":1}',
        '{"k":"stop"}',
        '{"k":"state","state":{}}',
        "[" * 4000,
        "x" * 5000,
    ]
    for number in range(100):
        stranger = await run.spotter(f"stranger-{number}")
        stranger.says.put_nowait(junk[number % len(junk)])
        await run.tasks[stranger]
        assert stranger.goodbye is not None
        assert stranger.goodbye[0] == MALFORMED
        assert stranger.goodbye[1]
    spotter.say(**STOP)
    await settled()
    assert runner.all("stop") == [STOP]
    assert run.room.sockets == 2


@with_run
async def test_too_many_messages_end_a_socket(run: Run) -> None:
    spotter, runner = await run.spotter(), await run.runner()
    for number in range(200):
        spotter.say(k="beat", t=number, visible=True)
    await asyncio.wait_for(run.tasks[spotter], 5)
    assert spotter.goodbye is not None
    assert spotter.goodbye[0] == TOO_MANY
    assert not runner.goodbye


@with_run
async def test_a_fault_of_ours_is_not_hushed_up(run: Run) -> None:
    spotter = await run.spotter()
    spotter.say(k="beat", t=1, visible=True)
    run.room.hear = lambda *_: 1 / 0  # type: ignore[assignment]
    with pytest.raises(ZeroDivisionError):
        await run.tasks[spotter]
    assert not run.room.sockets


GOOD = [
    (FROM_RUNNER, {"k": "beat", "t": 5}),
    (FROM_RUNNER, {"k": "state", "state": {"a": 1, "b": None, "c": "words", "d": True, "e": 0.5}}),
    (FROM_RUNNER, {"k": "stopped", "id": "12345678"}),
    (FROM_SPOTTER, {"k": "hello", "name": "Zoë"}),
    (FROM_SPOTTER, STOP),
]
BAD = [
    (FROM_RUNNER, {"k": "stop", "id": "12345678", "at_ms": 1}),  # a runner's phone stops by itself
    (FROM_SPOTTER, {"k": "stopped", "id": "12345678"}),  # a spotter cannot say that the runner stopped
    (FROM_SPOTTER, {"k": "over"}),
    (FROM_SPOTTER, {"k": "stop", "id": "short", "at_ms": 1}),
    (FROM_SPOTTER, {"k": "stop", "id": "with spaces", "at_ms": 1}),
    (FROM_SPOTTER, {"k": "stop", "id": "12345678", "at_ms": True}),
    (FROM_SPOTTER, {"k": "stop", "id": "12345678", "at_ms": 1, "more": 1}),
    (FROM_SPOTTER, {"k": "beat", "t": 1, "visible": 1}),
    (FROM_SPOTTER, {"k": "hello", "name": "x" * 121}),
    (FROM_SPOTTER, {"k": "hello", "name": "a\nb"}),
    (FROM_RUNNER, {"k": "state", "state": {"deep": {"er": 1}}}),
    (FROM_RUNNER, {"k": "state", "state": {str(n): n for n in range(33)}}),
    (FROM_RUNNER, {"k": ["state"]}),
]


@pytest.mark.parametrize(("kinds", "message"), GOOD, ids=lambda one: str(one)[:40])
def test_what_our_pages_say_is_read(kinds: Any, message: dict[str, Any]) -> None:
    assert read(json.dumps(message), kinds) == message


@pytest.mark.parametrize(("kinds", "message"), BAD, ids=lambda one: str(one)[:40])
def test_what_they_never_say_is_refused(kinds: Any, message: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read(json.dumps(message), kinds)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_numbers_are_numbers(number: str) -> None:
    with pytest.raises(Malformed):
        read(f'{{"k":"beat","t":{number}}}', FROM_RUNNER)


@given(st.text(max_size=300) | st.binary(max_size=MOST_BYTES + 10))
def test_anything_is_read_or_refused(text: str | bytes) -> None:
    for kinds in (FROM_RUNNER, FROM_SPOTTER):
        try:
            assert read(text, kinds)["k"] in kinds
        except Malformed:
            continue


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
anything = st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner))


@given(st.dictionaries(st.sampled_from(["k", "t", "id", "at_ms", "state", "visible", "name"]), anything))
def test_whatever_is_read_can_be_told_on(message: dict[str, Any]) -> None:
    for kinds in (FROM_RUNNER, FROM_SPOTTER):
        try:
            told = read(json.dumps(message), kinds)
        except Malformed:
            continue
        assert json.loads(written(told["k"], **{k: v for k, v in told.items() if k != "k"})) == told


# -- the rooms of a house -----------------------------------------------------------------------------------------------


def test_a_run_is_one_persons() -> None:
    links = Links()
    room = links.room("ana", "run-of-ana")
    assert links.room("ana", "run-of-ana") is room
    with pytest.raises(NotTheirs):
        links.room("ben", "run-of-ana")


def test_a_person_has_so_many_runs_and_the_oldest_that_stands_empty_makes_room() -> None:
    async def scene() -> None:
        now = [0.0]
        links = Links(lambda: now[0])
        for number in range(MOST_RUNS):
            now[0] += 1
            links.room("ana", f"run-{number}")
        links.room("ana", "run-0").enter_runner("runner-page")
        links.room("ana", "run-more")
        assert {room.run for room in links.rooms_of("ana")} == {"run-0", "run-more", *(f"run-{n}" for n in range(2, 8))}
        for room in links.rooms_of("ana"):
            room.enter_runner("runner-page")
        with pytest.raises(Full):
            links.room("ana", "run-much-more")
        links.room("ben", "run-of-ben")

    run_scene(scene())


def test_rooms_are_cleared_after_half_a_day() -> None:
    now = [0.0]
    links = Links(lambda: now[0])
    links.room("ana", "run-of-ana").stop("press-one", 1)
    now[0] = 11 * 3600
    links.room("ben", "run-of-ben")
    assert links.room("ana", "run-of-ana").stops
    now[0] = 24 * 3600
    links.room("cem", "run-of-cem")
    assert not links.rooms_of("ana")


def test_a_house_has_so_many_sockets() -> None:
    async def scene() -> None:
        links = Links()
        for number in range(MOST_SOCKETS):
            links.require_place()
            links.room(f"person-{number}", f"run-{number}").enter_runner("runner-page")
        with pytest.raises(Full):
            links.require_place()

    run_scene(scene())
