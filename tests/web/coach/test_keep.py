"""What the coach keeps on a phone: with disks that are full, gone or forbidden, in two tabs, and until it is forgotten."""

from typing import TYPE_CHECKING

import pytest

from recorded_runs import (
    MOTION,
    PAGE,
    bare_at,
    begin,
    feel,
    in_page,
    kept,
    modules,
    offered,
    page,
    quota,
    stop,
    troubles,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["bare_at", "page"]


# -- a disk that refuses ----------------------------------------------------------------------------


def test_a_full_disk_is_told_and_everything_reaches_it_once_there_is_room(page: "Page", bare_at: str) -> None:
    quota(page, bare_at, 1)
    run = begin(page)
    in_page(page, "async () => { for (let i = 0; i < 200; i += 1) { feel('motion', { ax: i }); await wait(5); } }")
    assert troubles(page) == ["full"]
    held = in_page(page, "async () => recorder.counts")
    assert (held["recorded"], held["durable"], held["dropped"]) == (200, 0, 0)
    quota(page, bare_at, None)
    counts = stop(page)
    assert troubles(page) == ["full", None]
    assert counts["durable"] == 200
    assert [row[1] for row in kept(page, run).motion] == list(range(200))
    assert offered(page) == [{"id": run, "state": "ended", "day": "2026-11-22"}]


def test_a_disk_full_to_the_end_leaves_everything_to_be_sent_from_memory(page: "Page", bare_at: str) -> None:
    quota(page, bare_at, 1)
    run = begin(page)
    feel(page, ("motion", {"ax": 1}))
    in_page(page, "async () => recorder.flush()")
    feel(page, ("motion", {"ax": 2}), ("motion", {"ax": 3}))
    stop(page)
    held = in_page(page, """async (run) => ({
      n: (await keep.chunks(run, "motion")).reduce((n, one) => n + one.n, 0), state: (await keep.run(run)).state,
    })""", run)  # fmt: skip
    assert held == {"n": 3, "state": "ended"}
    assert kept(page, run).chunks == {}
    quota(page, bare_at, None)


def test_what_no_memory_takes_is_counted_told_and_marked(page: "Page", bare_at: str) -> None:
    quota(page, bare_at, 1)
    run = begin(page, memory_bytes=MOTION.size * 100)
    in_page(
        page,
        """async () => {
      for (let i = 0; i < 250; i += 1) { feel("motion", { ax: i }); if (i % 10 === 9) await recorder.flush(); }
      recorder.mark("stop", {});
    }""",
    )
    told = in_page(page, "async () => ({ ...troubles.at(-1), counts: recorder.counts })")
    assert (told["why"], told["counts"]["dropped"]) == ("dropped", 150)
    assert told["dropped"]["motion"] > 0
    quota(page, bare_at, None)
    in_page(page, "async () => { await recorder.flush(); feel('motion', { ax: 250 }); await recorder.flush(); }")
    stop(page)
    found = kept(page, run)
    assert [row[1] for row in found.motion] == [*range(100), 250]
    assert len(found.marks("stop")) == 1
    (gap,) = found.marks("gap")
    assert (gap["stream"], gap["why"], gap["n"]) == ("motion", "dropped", 150)
    assert troubles(page)[-1] is None


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("Object.defineProperty(globalThis, 'indexedDB', { value: undefined })", "absent"),
        ("IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); }", "refused"),
    ],
)
def test_without_a_disk_the_run_goes_on_in_memory(page: "Page", broken: str, why: str) -> None:
    page.add_init_script(broken)
    page.reload()
    run = begin(page)
    feel(page, ("motion", {"ax": 1}), ("motion", {"ax": 2}))
    stop(page)
    found = in_page(page, """async (run) => ({
      durable: keep.durable, why: keep.why, state: (await keep.run(run)).state, runs: (await keep.runs()).length,
      n: (await keep.chunks(run, "motion")).reduce((n, one) => n + one.n, 0), enough: (await keep.estimate()).enough,
    })""", run)  # fmt: skip
    assert found == {"durable": False, "why": why, "state": "ended", "runs": 1, "n": 2, "enough": False}
    assert why in troubles(page)


def test_data_cleared_under_a_run_is_told_and_the_run_goes_on(page: "Page", bare_at: str) -> None:
    run = begin(page)
    feel(page, ("motion", {"ax": 0}))
    in_page(page, "async () => recorder.flush()")
    page.context.new_cdp_session(page).send(
        "Storage.clearDataForOrigin", {"origin": bare_at, "storageTypes": "indexeddb"}
    )
    in_page(page, "async () => { for (let i = 1; i < 100; i += 1) { feel('motion', { ax: i }); await wait(20); } }")
    stop(page)
    told = troubles(page)
    assert (told[0], told[-1]) == ("gone", None)
    left = in_page(page, """async (run) => ({
      n: (await keep.chunks(run, "motion")).reduce((n, one) => n + one.n, 0), day: (await keep.run(run)).day,
      why: (await keep.chunks(run, "lines")).map((one) => JSON.parse(new TextDecoder().decode(one.bytes)).why),
    })""", run)  # fmt: skip
    assert left == {"n": 99, "day": "2026-11-22", "why": ["gone"]}
    assert offered(page) == [{"id": run, "state": "ended", "day": "2026-11-22"}]


# -- tabs --------------------------------------------------------------------------------------------------------------


def told_of(page: "Page", *expected: str | None) -> None:
    """Wait until these troubles were told."""
    for _ in range(200):
        if troubles(page) == [*expected]:
            return
        page.wait_for_timeout(50)
    raise AssertionError(troubles(page))


def test_two_tabs_never_mix_into_one_run(page: "Page", bare_at: str) -> None:
    run = begin(page)
    feel(page, ("motion", {"ax": 0}))
    in_page(page, "async () => recorder.flush()")
    other = page.context.new_page()
    other.goto(bare_at + PAGE)
    begin(other, run=run)
    feel(other, ("motion", {"ax": 100}))
    told_of(other, "elsewhere")
    feel(page, ("motion", {"ax": 1}))
    page.close()
    told_of(other, "elsewhere", None)
    stop(other)
    assert [row[1] for row in kept(other, run).motion] == [0, 1, 100]


_OPEN_NEWER = """async () => {
  const request = indexedDB.open("retropace-coach", 2);
  globalThis.newer = new Promise((good) => { request.onsuccess = () => { request.result.close(); good("open"); }; });
  return new Promise((good) => { request.onblocked = () => good("blocked"); newer.then(good); });
}"""


def test_a_newer_coach_in_another_tab_waits_for_the_end_of_the_run(page: "Page", bare_at: str) -> None:
    run = begin(page)
    other = page.context.new_page()
    other.goto(bare_at + PAGE)
    assert in_page(other, _OPEN_NEWER) == "blocked"
    feel(page, ("motion", {"ax": 0}))
    stop(page)
    assert in_page(other, "async () => newer") == "open"
    assert in_page(page, "async () => keep.why") == "outdated"
    assert len(kept(other, run).motion) == 1
    found = in_page(
        other,
        "async (modules) => { const k = await (await import(modules.keep)).openKeep(); return [k.durable, k.why]; }",
        modules(),
    )
    assert found == [False, "outdated"]


def test_an_idle_tab_makes_way_for_a_newer_coach_at_once(page: "Page", bare_at: str) -> None:
    in_page(page, "async (modules) => { globalThis.keep = await (await import(modules.keep)).openKeep(); }", modules())
    other = page.context.new_page()
    other.goto(bare_at + PAGE)
    assert in_page(other, _OPEN_NEWER) == "open"
    assert in_page(page, "async () => keep.why") == "outdated"


# -- what is kept beside runs ------------------------------------------------------------------------------------------


def test_guides_are_kept_by_day_and_old_ones_go(page: "Page") -> None:
    found = in_page(page, """async (modules) => {
      const { openKeep } = await import(modules.keep), keep = await openKeep();
      await keep.keepGuide("2026-11-22", { person: "Ana" });
      await keep.keepGuide("2026-11-24", { person: "Ana", guide: {} });
      const done = await keep.beginRun({ day: "2026-10-01", guide: {}, began_ms: Date.now() - 40 * 86400e3, state: "done" });
      const open = await keep.beginRun({ day: "2026-10-02", guide: {}, began_ms: Date.now() - 40 * 86400e3 });
      const again = await openKeep();
      const runs = (await again.runs()).map((one) => one.id);
      const day = await again.guide("2026-11-22");
      await again.tidy(Date.now() + 15 * 86400e3);
      const [none, late] = [await again.guide("2026-11-23"), await again.guide("2026-11-24")];
      return { day, none, late, kept: runs.length === 1 && runs[0] === open.id };
    }""", modules())  # fmt: skip
    assert found == {"day": {"person": "Ana"}, "none": None, "late": None, "kept": True}


def test_changes_of_a_run_at_the_same_time_all_stay(page: "Page") -> None:
    run = begin(page)
    found = in_page(page, """async (run) => {
      const changes = Array.from({ length: 20 }, (_, i) => keep.changeRun(run, { [`part${i}`]: i }));
      await Promise.all([...changes, keep.endRun(run), keep.changeRun(run, { position_s: 3 })]);
      return keep.run(run);
    }""", run)  # fmt: skip
    assert found.items() >= ({f"part{i}": i for i in range(20)} | {"state": "ended", "position_s": 3}).items()


def test_a_run_and_then_everything_can_be_forgotten(page: "Page") -> None:
    run = begin(page)
    feel(page, ("motion", {"ax": 0}))
    stop(page)
    other = begin(page)
    feel(page, ("motion", {"ax": 0}))
    stop(page)
    in_page(page, "async (run) => keep.forgetRun(run)", run)
    assert in_page(page, "async (run) => keep.changeRun(run, { position_s: 1 })", run) is None
    assert [one["id"] for one in offered(page)] == [other]
    assert kept(page, run).chunks == {} != kept(page, other).chunks
    in_page(page, "async () => { await keep.keepGuide('2026-11-22', {}); await keep.forget(); }")
    assert in_page(page, "async () => [await keep.runs(), await keep.guide('2026-11-22')]") == [[], None]
    assert kept(page, other).chunks == {}


@pytest.mark.parametrize(
    ("free", "seconds", "enough"), [(10_000_000, 2000, False), (36_000_000, 7200, True), (0, 0, False)]
)
def test_the_room_left_is_told_in_seconds(page: "Page", free: int, seconds: int, enough: bool) -> None:
    found = in_page(page, """async (modules, free) => {
      navigator.storage.estimate = async () => ({ usage: 1000, quota: 1000 + free });
      return (await (await import(modules.keep)).openKeep()).estimate();
    }""", modules(), free)  # fmt: skip
    told = {"used": 1000, "quota": 1000 + free, "free": free, "seconds": seconds, "enough": enough}
    assert found == {**told, "persisted": False, "durable": True, "why": None}


def test_a_browser_that_tells_no_room_is_not_taken_for_full(page: "Page") -> None:
    found = in_page(page, """async (modules) => {
      Object.defineProperty(navigator, "storage", { value: undefined });
      return (await (await import(modules.keep)).openKeep()).estimate();
    }""", modules())  # fmt: skip
    assert (found["free"], found["seconds"], found["enough"], found["persisted"]) == (None, None, True, False)
