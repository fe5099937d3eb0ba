"""What was recorded reaches the server once, whole, whatever happens on the way; here it goes only when it is safe there."""

from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from made_coached import FIRST, guide_of
from made_stores import begun_store
from recorded_runs import PAGE, begin, in_page, kept, modules, record
from retropace.store.coached_runs import CoachedRuns
from retropace.store.notebook import LOCAL
from retropace.web.house import House
from served import HOSTS, NOW, PHONE, context_of, on_the_day, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

GUIDE = guide_of(FIRST)
#: A run of 25 seconds is three parts of motion, three of orientation and one of lines.
SECONDS, PARTS = 25, 7
Opens = Callable[[], "Page"]

#: Runs of `upload` or `finish` with options; what it told of its progress comes with the answer.
_SEND = """async (modules, verb, run, options) => {
  const { openKeep } = await import(modules.keep), sending = await import(modules.upload);
  const known = await fetch("/coach/session.json", { method: "HEAD" }).catch(() => null);
  const csrf = globalThis.csrf = known?.headers.get("x-csrf") ?? "", told = [];
  const progress = (one) => told.push([one.sent, one.of]);
  const keep = globalThis.keep ?? await openKeep(), whole = { csrf, wait_ms: 20, progress, ...options };
  return { ...await (run ? sending[verb](keep, run, whole) : sending[verb](keep, whole)), progress: told };
}"""
#: The token of this browser, as the coach's page gets it.
_TOKEN = """async () => (await fetch("/coach/session.json", { method: "HEAD" })).headers.get("x-csrf")"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of one person for all of them; each run is another."""
    database = begun_store(tmp_path_factory.mktemp("house") / "retropace.db")
    yield House(database, secret=b"test", clock=lambda: NOW, hosts=HOSTS)
    database.close()


@pytest.fixture(scope="module")
def served(house: House) -> Iterator[str]:
    """Where it stands."""
    with serving(house) as at:
        yield at


@pytest.fixture
def runs(house: House) -> Iterator[CoachedRuns]:
    """What the server has of runs; forgotten afterwards."""
    found = CoachedRuns(house.database, LOCAL)
    yield found
    for run in found.all():
        found.forget(run.id)


@pytest.fixture
def open_tab(browser: "Browser", served: str, runs: CoachedRuns) -> Iterator[Opens]:
    """Opens tabs of one browser."""
    context = context_of(browser, PHONE)
    on_the_day(context)

    def opened() -> "Page":
        page = context.new_page()
        page.goto(served + PAGE)
        return page

    yield opened
    context.close()


@pytest.fixture
def page(open_tab: Opens) -> "Page":
    """One tab."""
    return open_tab()


def _send(page: "Page", verb: str, run: str | None, **options: object) -> dict[str, Any]:
    told: dict[str, Any] = in_page(page, _SEND, modules(), verb, run, options)
    return told


def _sums(runs: CoachedRuns, run: str) -> dict[tuple[str, int], str]:
    return {(part.stream, part.part): part.sha256 for part in runs.manifest(run)}


def _whole(page: "Page", run: str) -> dict[tuple[str, int], str]:
    return {place: sha256(body).hexdigest() for place, body in kept(page, run).parts().items()}


def _state(page: "Page", run: str) -> dict[str, Any]:
    found: dict[str, Any] = in_page(page, "async (run) => keep.run(run)", run)
    return found


def _counted(page: "Page") -> Counter[str]:
    """How often every part was sent."""
    puts: Counter[str] = Counter()
    page.context.on("request", lambda one: puts.update([one.url.split("/runs/")[1]] if one.method == "PUT" else []))
    return puts


# -- the whole way -----------------------------------------------------------------------------------------------------


def test_a_run_becomes_a_session_and_only_then_leaves_the_phone(page: "Page", runs: CoachedRuns) -> None:
    run = record(page, SECONDS, guide=GUIDE)
    parts = kept(page, run).parts()
    assert len(parts) == PARTS
    sent = _send(page, "upload", run)
    assert (sent["done"], sent["parts"], sent["failed"], sent["why"]) == (True, PARTS, 0, None)
    assert sent["progress"] == [[n, PARTS] for n in range(1, PARTS + 1)]
    bodies = runs.bodies(run)
    assert {(stream, n): body for stream, all_ in bodies.items() for n, body in enumerate(all_)} == parts
    assert kept(page, run).parts() == parts  # still here
    done = _send(page, "finish", run)
    assert done["session"].startswith("/sessions/")
    assert (done["log"], done["why"], done["pruned"]) == ("/log/2026-11-22", None, True)
    assert done["told"]
    assert kept(page, run).chunks == {}
    left = _state(page, run)
    assert (left["state"], left["session"], "guide" in left) == ("done", done["session"], False)
    assert _send(page, "finish", run)["session"] == done["session"]
    assert _send(page, "upload", run)["done"]


def test_while_it_runs_whole_parts_go_and_stay_as_they_are(page: "Page", runs: CoachedRuns) -> None:
    run = record(page, 12, end=False, guide=GUIDE)
    sent = _send(page, "upload", run)
    assert (sent["done"], sent["why"], sent["parts"]) == (False, "open", 2)
    first = _sums(runs, run)
    assert sorted(first) == [("motion", 0), ("orientation", 0)]
    in_page(
        page,
        """async () => {
      for (let i = 0; i < 50; i += 1) { feel("motion", { gx: i }); await recorder.flush(); }
      await recorder.stop();
    }""",
    )
    early = _send(page, "finish", run)
    assert (early["why"], early["pruned"]) == ("refused", False)
    assert early["told"].startswith("Not everything has arrived: lines 0, motion 1, motion 2")
    assert _send(page, "upload", run)["done"]
    assert first.items() <= _sums(runs, run).items() == _whole(page, run).items()


def test_finish_waits_for_the_end_of_the_run(page: "Page", runs: CoachedRuns) -> None:
    run = record(page, 1, end=False, guide=GUIDE)
    assert _send(page, "finish", run)["why"] == "open"
    assert runs.all() == []


def test_every_run_that_ended_is_sent_and_open_ones_are_left(page: "Page", runs: CoachedRuns) -> None:
    ended = [record(page, 2, guide=GUIDE), record(page, 2, guide=GUIDE)]
    still = record(page, 2, guide=GUIDE, end=False)
    told = _send(page, "sendAll", None)
    assert {run for run in told if run != "progress"} == set(ended)
    assert all(told[run]["pruned"] for run in ended)
    assert {run.id for run in runs.all()} == set(ended)
    assert _state(page, still)["state"] == "open"


# -- no net, a tired server --------------------------------------------------------------------------------------------


def test_without_a_net_nothing_is_sent_and_nothing_lost(page: "Page", runs: CoachedRuns) -> None:
    run = record(page, SECONDS, guide=GUIDE)
    whole = _whole(page, run)
    in_page(page, "async (modules) => import(modules.upload)", modules())
    page.context.set_offline(True)
    sent = _send(page, "upload", run)
    assert (sent["done"], sent["parts"], sent["failed"], sent["why"]) == (False, 0, PARTS, "offline")
    assert _send(page, "finish", run)["why"] == "offline"
    assert _whole(page, run) == whole
    page.context.set_offline(False)
    assert _send(page, "upload", run)["done"]
    assert _sums(runs, run) == whole


@pytest.mark.parametrize("status", [429, 503])
def test_a_tired_server_is_asked_again(page: "Page", runs: CoachedRuns, status: int) -> None:
    run = record(page, 2, guide=GUIDE)
    tired = iter(["out", status, status])

    def answer(route: "Route") -> None:
        said = next(tired, None)
        if said is None:
            route.continue_()
        elif said == "out":
            route.abort()
        else:
            route.fulfill(status=status, body="later", headers={"retry-after": "0"})

    page.route("**/coach/runs/**", answer)
    assert _send(page, "upload", run)["done"]
    assert _sums(runs, run) == _whole(page, run)


def test_a_server_that_stays_tired_is_left_for_later(page: "Page") -> None:
    run = record(page, 2, guide=GUIDE)
    page.route("**/motion/0", lambda route: route.fulfill(status=503, body=""))
    sent = _send(page, "upload", run, attempts=3)
    assert (sent["done"], sent["why"], sent["parts"] + sent["failed"]) == (False, "server", 3)
    assert sent["failed"] > 0
    page.unroute("**/motion/0")
    assert _send(page, "upload", run)["done"]


# -- the server says no ------------------------------------------------------------------------------------------------


def test_signed_out_stops_with_the_servers_sentence_and_goes_on_after(page: "Page", runs: CoachedRuns) -> None:
    run = record(page, SECONDS, guide=GUIDE)
    told = {"error": {"what": "You are not signed in", "where": "", "field": "", "remedy": "Sign in."}}
    page.route("**/orientation/*", lambda route: route.fulfill(status=401, json=told))
    puts = _counted(page)
    sent = _send(page, "upload", run)
    assert (sent["why"], sent["told"]) == ("sign-in", "You are not signed in. Sign in.")
    assert (sent["parts"] + sent["failed"], sent["failed"] >= 4) == (PARTS, True)
    page.unroute("**/orientation/*")
    assert _send(page, "upload", run)["done"]
    assert max(count for place, count in puts.items() if "motion" in place) == 1
    assert _sums(runs, run) == _whole(page, run)


def test_being_led_to_the_sign_in_page_is_no_success(page: "Page") -> None:
    run = record(page, 1, guide=GUIDE)
    page.route("**/coach/runs", lambda route: route.fulfill(status=303, headers={"location": "/evidence"}))
    assert _send(page, "upload", run)["why"] == "sign-in"


@pytest.mark.parametrize("known", [True, False])
def test_other_bytes_on_the_server_are_told_and_everything_is_kept(
    page: "Page", runs: CoachedRuns, known: bool
) -> None:
    run = record(page, 2, guide=GUIDE)
    whole = _whole(page, run)
    page.route("**/coach/runs/*/*/*", lambda route: route.abort())
    _send(page, "upload", run, attempts=1)
    page.unroute("**/coach/runs/*/*/*")
    runs.put(run, "motion", 0, b"other", sha256(b"other").hexdigest())
    if not known:  # it arrived after the list was told
        page.route("**/coach/runs/" + run, lambda route: route.fulfill(json={"state": "open", "parts": []}))
    sent = _send(page, "upload", run)
    assert (sent["done"], sent["why"], sent["failed"] > 0) == (False, "different", True)
    assert known or "Other bytes came as motion 0 before" in sent["told"]
    assert _whole(page, run) == whole
    assert runs.get(run).state == "open"


def test_other_sums_after_the_end_keep_everything_on_the_phone(page: "Page", runs: CoachedRuns) -> None:
    run = record(page, 2, guide=GUIDE)
    assert _send(page, "upload", run)["done"]
    true = page.request.get(f"{page.url.split('/s/')[0]}/coach/runs/{run}").json()
    true["parts"][1]["sha256"] = "0" * 64
    page.route("**/coach/runs/" + run, lambda route: route.fulfill(json=true))
    done = _send(page, "finish", run)
    assert (done["why"], done["pruned"]) == ("different", False)
    assert done["session"].startswith("/sessions/")
    assert len(kept(page, run).parts()) == 3
    page.unroute("**/coach/runs/" + run)
    assert _send(page, "finish", run)["pruned"]


@pytest.mark.parametrize("spoilt", ["lost", "more"])
def test_a_part_too_few_or_too_many_keeps_everything_on_the_phone(page: "Page", spoilt: str) -> None:
    run = record(page, 2, guide=GUIDE)
    assert _send(page, "upload", run)["done"]
    true = page.request.get(f"{page.url.split('/s/')[0]}/coach/runs/{run}").json()
    extra = [{"stream": "lines", "part": 9, "bytes": 0, "sha256": "0" * 64}]
    told = true | {"parts": true["parts"][1:] if spoilt == "lost" else true["parts"] + extra}
    page.route("**/coach/runs/" + run, lambda route: route.fulfill(json=told))
    done = _send(page, "finish", run)
    assert (done["why"], done["pruned"]) == ("different", False)
    assert len(kept(page, run).parts()) == 3


def test_bytes_damaged_on_the_way_are_refused_with_the_servers_sentence(page: "Page") -> None:
    run = record(page, 1, guide=GUIDE)
    page.route("**/motion/0", lambda route: route.continue_(post_data=b"damaged"))
    sent = _send(page, "upload", run)
    assert (sent["why"], sent["told"]) == ("refused", "The part was damaged on its way. Send it again.")


def test_somebody_elses_run_stays_here(page: "Page", runs: CoachedRuns) -> None:
    run = record(page, 1, guide=GUIDE)
    in_page(page, "async (run) => keep.changeRun(run, { person: 'ana' })", run)
    assert _send(page, "upload", run, person="ben")["why"] == "someone-else"
    assert _send(page, "finish", run, person="ben")["why"] == "someone-else"
    assert runs.all() == []
    assert _send(page, "upload", run, person="ana")["done"]


def test_a_run_that_is_not_here_is_absent(page: "Page", runs: CoachedRuns) -> None:
    begin(page)
    assert _send(page, "upload", "3f2b8c1e-7a90-4d55-9c1a-0123456789ab")["why"] == "absent"
    assert runs.all() == []


# -- answers that never arrive -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["finish", "upload"])
def test_a_session_made_whose_answer_was_lost_is_found_again(page: "Page", runs: CoachedRuns, verb: str) -> None:
    run = record(page, 2, guide=GUIDE)
    assert _send(page, "upload", run)["done"]

    def lose(route: "Route") -> None:
        route.fetch()
        route.abort()

    page.route("**/done", lose)
    assert _send(page, "finish", run, attempts=1)["why"] == "offline"
    assert len(kept(page, run).parts()) == 3
    page.unroute("**/done")
    _send(page, verb, run)
    assert kept(page, run).chunks == {}
    assert _state(page, run)["session"].startswith("/sessions/")
    assert len(runs.all()) == 1


def test_it_can_be_stopped_and_goes_on_where_it_was(page: "Page", runs: CoachedRuns) -> None:
    run = record(page, SECONDS, guide=GUIDE)
    puts = _counted(page)
    told = in_page(page, """async (modules, run, csrf) => {
      const { upload } = await import(modules.upload), stopping = new AbortController();
      const progress = ({ sent }) => sent === 3 && stopping.abort();
      return upload(keep, run, { csrf, signal: stopping.signal, progress });
    }""", modules(), run, in_page(page, _TOKEN))  # fmt: skip
    assert (told["done"], told["why"]) == (False, "stopped")
    assert 3 <= told["parts"] <= PARTS - 2
    assert _send(page, "upload", run)["done"]
    assert len(puts) == PARTS
    assert _sums(runs, run) == _whole(page, run)


# -- tabs --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locks", [True, False])
def test_two_tabs_send_every_part_once(open_tab: Opens, runs: CoachedRuns, locks: bool) -> None:
    page = open_tab()
    run = record(page, SECONDS, guide=GUIDE)
    other = open_tab()
    puts = _counted(page)
    start = """async (modules, run, csrf, locks) => {
      if (!locks) Object.defineProperty(navigator, "locks", { value: undefined });
      const { openKeep } = await import(modules.keep), { upload } = await import(modules.upload);
      globalThis.sending = upload(await openKeep(), run, { csrf });
    }"""
    for tab in (page, other):
        in_page(tab, start, modules(), run, in_page(page, _TOKEN), locks)
    told = [in_page(tab, "async () => sending") for tab in (page, other)]
    assert [one["done"] for one in told] == [True, True]
    assert len(puts) == PARTS == puts.total()
    assert _sums(runs, run) == _whole(page, run)


def test_a_tab_that_died_while_sending_is_waited_for_once(page: "Page") -> None:
    run = record(page, 1, guide=GUIDE)
    sent = in_page(page, """async (modules, run, csrf) => {
      Object.defineProperty(navigator, "locks", { value: undefined });
      localStorage.setItem("retropace-upload", `0.5 ${Date.now() + 1000}`);
      const { upload } = await import(modules.upload), began = performance.now();
      const { done } = await upload(keep, run, { csrf });
      return { done, waited: performance.now() - began, left: localStorage.getItem("retropace-upload") };
    }""", modules(), run, in_page(page, _TOKEN))  # fmt: skip
    assert sent["done"]
    assert sent["waited"] >= 900
    assert sent["left"] is None


# -- what the disk of the phone never took -----------------------------------------------------------------------------


def test_what_no_disk_took_is_sent_from_memory(page: "Page", runs: CoachedRuns) -> None:
    page.add_init_script("Object.defineProperty(globalThis, 'indexedDB', { value: undefined })")
    page.reload()
    run = record(page, SECONDS, guide=GUIDE)
    assert _send(page, "upload", run)["done"]
    bodies = runs.bodies(run)
    assert sum(map(len, bodies["motion"])) == SECONDS * 60 * 48
    assert _send(page, "finish", run)["pruned"]
    assert in_page(page, "async (run) => (await keep.chunks(run, 'motion')).length", run) == 0
