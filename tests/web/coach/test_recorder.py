"""What a phone records: byte for byte what was felt, through reloads, silence, clocks set back and disks that refuse."""

import math
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from phone import Phone, phone_in
from recorded_runs import MOTION, begin, in_page, kept, modules
from retropace.store.database import open_database
from retropace.web.assets import address
from retropace.web.house import House
from served import HOSTS, PHONE, context_of, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: The recorder needs no page of its own: a script shown as text is one of the house, and quickly there.
PAGE = address("coach-keep.js")
FIELDS = ("ax", "ay", "az", "gx", "gy", "gz", "ra", "rb", "rg", "interval_ms")
T = 1_795_000_000_000.5


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """A house for all of them: what is recorded stays in each browser's own."""
    with serving(House(open_database("sqlite:///:memory:"), hosts=HOSTS)) as at:
        yield at


@pytest.fixture
def page(browser: "Browser", served: str) -> Iterator["Page"]:
    """A page of the house in a browser without memory; nothing may go wrong in it unseen."""
    troubles: list[str] = []
    context = context_of(browser, PHONE)
    opened = context.new_page()
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.goto(served + PAGE)
    yield opened
    context.close()
    assert not troubles


def _f32(value: float | None) -> float:
    return math.nan if value is None else float(struct.unpack("<f", struct.pack("<f", value))[0])


def _same(left: float, right: float) -> bool:
    return (math.isnan(left) and math.isnan(right)) or (
        left == right and math.copysign(1, left) == math.copysign(1, right)
    )


def _feel(page: "Page", *felt: tuple[str, dict[str, Any]]) -> None:
    in_page(page, "async (...felt) => { for (const [kind, detail] of felt) feel(kind, detail); }", *felt)


def _stop(page: "Page") -> dict[str, int]:
    counts: dict[str, int] = in_page(page, "async () => { await recorder.stop(); return recorder.counts; }")
    return counts


def _troubles(page: "Page") -> list[Any]:
    return [trouble["why"] for trouble in in_page(page, "async () => troubles")]


# -- bytes -------------------------------------------------------------------------------------------------------------


def test_every_sample_is_kept_byte_for_byte(page: "Page") -> None:
    run = begin(page)
    values: list[float | None] = [0.0, -9.81, None, 1e-7, 360.0, -0.5, 123.456, 0.1, -1e30, 16.7]
    samples = [values[shift:] + values[:shift] for shift in range(10)]
    for number, sample in enumerate(samples):
        detail = {"at_ms": T + number / 60, **dict(zip(FIELDS, sample, strict=True))}
        _feel(page, ("motion", {name: value for name, value in detail.items() if value is not None or number % 2}))
    _stop(page)
    found = kept(page, run).motion
    assert [row[0] for row in found] == [T + number / 60 for number in range(10)]
    for row, sample in zip(found, samples, strict=True):
        assert all(map(_same, row[1:], map(_f32, sample)))


def test_orientation_keeps_zero_apart_from_missing(page: "Page") -> None:
    run = begin(page)
    _feel(
        page, ("orientation", {"at_ms": T, "alpha": 0, "beta": -90, "gamma": 0.25, "compass": None, "absolute": False})
    )
    _feel(
        page,
        ("orientation", {"at_ms": T + 1, "alpha": 359.9, "compass": 12.5, "compass_accuracy": 5, "absolute": True}),
    )
    _stop(page)
    first, second = kept(page, run).orientation
    assert all(map(_same, first, (T, 0.0, -90.0, 0.25, math.nan, math.nan, 0.0)))
    assert all(map(_same, second, (T + 1, _f32(359.9), math.nan, math.nan, 12.5, 5.0, 1.0)))


def test_lines_are_told_in_order_and_what_is_missing_is_null(page: "Page") -> None:
    run = begin(page)
    in_page(
        page,
        f"""async () => {{
      feel("position", {{ at_ms: {T}, lat: 0, lon: -7.25, accuracy_m: 5, altitude_m: NaN, speed_mps: 0 }});
      feel("heart", {{ at_ms: {T} + 1, bpm: 141, rr_ms: [425, 431] }});
      feel("pod", {{ at_ms: {T} + 2, speed_mps: 2.5, cadence_spm: 180, stride_m: NaN, running: true }});
      feel("belt", {{ at_ms: {T} + 3, speed_mps: 0, incline: -1 }});
      recorder.mark("piece", {{ index: 0, state: "reverse", step: "work", position_s: 0 }}, {T} + 4);
      recorder.mark("cue", {{ key: "go", kind: "state", position_s: -0.5, at_ms: {T} + 5 }});
    }}""",
    )
    counts = _stop(page)
    assert kept(page, run).lines == [
        {"k": "position", "at_ms": T, "lat": 0, "lon": -7.25, "accuracy_m": 5, "altitude_m": None, "speed_mps": 0},
        {"k": "heart", "at_ms": T + 1, "bpm": 141, "rr_ms": [425, 431]},
        {"k": "pod", "at_ms": T + 2, "speed_mps": 2.5, "cadence_spm": 180, "stride_m": None, "running": True},
        {"k": "belt", "at_ms": T + 3, "speed_mps": 0, "incline": -1},
        {"k": "mark", "mark": "piece", "at_ms": T + 4, "index": 0, "state": "reverse", "step": "work", "position_s": 0},
        {"k": "mark", "mark": "cue", "at_ms": T + 5, "key": "go", "kind": "state", "position_s": -0.5},
    ]  # fmt: skip
    assert counts["position"] == 1
    assert counts["durable"] == counts["recorded"] == 6


def test_a_mark_that_has_no_json_is_told_as_unreadable_and_costs_nothing_else(page: "Page") -> None:
    run = begin(page)
    in_page(
        page,
        """async () => {
      const round = {}; round.round = round;
      recorder.mark("stop", round); recorder.mark("end", { position_s: 3, mark: "other", k: "other" });
    }""",
    )
    _stop(page)
    first, second = kept(page, run).lines
    assert (first["mark"], first["unreadable"]) == ("stop", True)
    assert (second["k"], second["mark"], second["position_s"]) == ("mark", "end", 3)


@pytest.mark.parametrize("seed", [1, 7, 2026])
def test_chunks_make_up_the_whole_however_they_are_cut(page: "Page", seed: int) -> None:
    run = begin(page, flush_ms=20)
    in_page(page, """async (seed) => {
      const chance = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
      for (let i = 0; i < 3000; i += 1) {
        feel("motion", { ax: i, ay: -i });
        if (chance() < 0.3) feel("orientation", { alpha: i });
        if (chance() < 0.1) feel("position", { lat: i });
        if (chance() < 0.05) recorder.flush();
        if (chance() < 0.02) await wait(chance() * 10);
        if (chance() < 0.01) await recorder.flush();
      }
    }""", seed)  # fmt: skip
    counts = _stop(page)
    found = kept(page, run)
    assert [(row[1], row[2]) for row in found.motion] == [(i, -i) for i in range(3000)]
    assert [row[1] for row in found.orientation] == sorted(row[1] for row in found.orientation)
    assert len(found.orientation) == counts["orientation"]
    assert len(found.lines) == counts["position"]
    assert counts["durable"] == counts["recorded"] == found.samples
    assert counts["chunks"] == sum(map(len, found.chunks.values())) > 20


def test_more_samples_at_once_than_the_memory_taken_for_them(page: "Page") -> None:
    run = begin(page)
    in_page(page, "async () => { for (let i = 0; i < 20_000; i += 1) feel('motion', { ax: i }); }")
    _stop(page)
    assert [row[1] for row in kept(page, run).motion] == list(range(20_000))


# -- a real page's sensors ---------------------------------------------------------------------------------------------


_SENSED = """async (modules) => {
  const { Senses } = await import(modules.senses), { openKeep } = await import(modules.keep);
  const { Recorder } = await import(modules.recorder);
  const felt = globalThis.felt = { motion: [], alpha: [], position: 0 };
  addEventListener("devicemotion", (event) => felt.motion.push([event.timeStamp, event.acceleration.x]));
  addEventListener("deviceorientationabsolute", (event) => event.alpha === null || felt.alpha.push(event.alpha));
  const keep = await openKeep(), run = await keep.beginRun({ day: "2026-11-22", guide: {} }), senses = new Senses();
  senses.addEventListener("position", () => { felt.position += 1; });
  const recorder = new Recorder(keep, run, senses);
  recorder.start();
  senses.start();
  Object.assign(globalThis, { recorder, senses });
  return run.id;
}"""


@pytest.fixture
def phone(browser: "Browser", served: str) -> Iterator[Phone]:
    """A phone whose sensors and satellites are moved by hand."""
    with phone_in(browser, served) as made:
        made.permit("geolocation", "granted")
        made.wear()
        made.stand_at(latitude=47.0, longitude=8.0, accuracy=4)
        yield made


def _shake(phone: Phone, seconds: float) -> None:
    """60 times a second other readings of every sensor, and a position each second."""
    for number in range(int(seconds * 60)):
        phone.move((number % 50, -9.8, 0), (number % 40, 0, -1))
        half = math.radians(number % 180) / 2
        phone.turn("absolute-orientation", (0, 0, math.sin(half), math.cos(half)))
        if number % 60 == 0:
            phone.stand_at(latitude=47.001 + number / 1e5, longitude=8, accuracy=4, speed=2.5, heading=180)
        phone.wait(0.012)


def test_no_sample_of_the_phone_is_lost(phone: Phone) -> None:
    run = in_page(phone.page, _SENSED, modules())
    _shake(phone, 3)
    stop = "async () => { senses.stop(); await recorder.stop(); return { ...felt, origin: performance.timeOrigin }; }"
    felt = in_page(phone.page, stop)
    found = kept(phone.page, run)
    recorded = [(row[0], row[1]) for row in found.motion]
    told = [(felt["origin"] + stamp, _f32(x)) for stamp, x in felt["motion"]]
    assert len(recorded) > 120
    assert recorded == told[: len(recorded)]
    assert len(told) - len(recorded) <= 1  # one may come while it stops
    turned = [row[1] for row in found.orientation]
    assert turned == [_f32(alpha) for alpha in felt["alpha"][: len(turned)]]
    assert len(turned) > 60
    positions = [line for line in found.lines if line["k"] == "position"]
    assert len(positions) == felt["position"] >= 3
    assert positions[-1]["speed_mps"] == 2.5


# -- gaps --------------------------------------------------------------------------------------------------------------


def test_silence_of_the_sensors_is_a_gap_and_is_never_filled(page: "Page") -> None:
    run = begin(page)
    now = in_page(page, "async () => at()")
    _feel(page, *(("motion", {"at_ms": now + ms, "ax": ms}) for ms in (0, 1000, 2000.5, 2016)))
    _stop(page)
    found = kept(page, run)
    assert len(found.motion) == 4
    (gap,) = found.marks("gap")
    assert gap.items() >= {"at_ms": now + 2000.5, "stream": "motion", "why": "silent"}.items()
    assert (gap["from_ms"], gap["to_ms"]) == (now + 1000, now + 2000.5)


def test_a_hidden_page_is_told_with_the_gap_it_made(page: "Page") -> None:
    run = begin(page)
    now = in_page(page, "async () => at()")
    _feel(
        page,
        ("hidden", {"at_ms": now, "hidden": False}),
        ("motion", {"at_ms": now, "ax": 0}),
        ("hidden", {"at_ms": now + 5, "hidden": True}),
        ("hidden", {"at_ms": now + 6, "hidden": True}),
        ("hidden", {"at_ms": now + 6005, "hidden": False}),
        ("motion", {"at_ms": now + 6020, "ax": 1}),
        ("position-lost", {"at_ms": now + 6030}),
    )
    _stop(page)
    lines = kept(page, run).lines
    assert [(line["mark"], line.get("why")) for line in lines] == [
        ("hidden", None), ("visible", None), ("gap", "hidden"), ("gap", "lost"),
    ]  # fmt: skip
    assert lines[1]["hidden_ms"] == 6000
    assert (lines[2]["from_ms"], lines[2]["to_ms"]) == (now, now + 6020)
    assert lines[3]["stream"] == "position"


# -- going on ----------------------------------------------------------------------------------------------------------


def _offered(page: "Page") -> list[Any]:
    found: list[Any] = in_page(page, """async (modules) => {
      const keep = await (await import(modules.keep)).openKeep();
      return (await keep.runs()).map(({ id, state, day }) => ({ id, state, day }));
    }""", modules())  # fmt: skip
    return found


def test_after_a_reload_the_run_is_offered_and_goes_on(page: "Page") -> None:
    run = begin(page)
    in_page(page, "async () => { for (let i = 0; i < 50; i += 1) { feel('motion', { ax: i }); await wait(10); } }")
    page.reload()
    assert _offered(page) == [{"id": run, "state": "open", "day": "2026-11-22"}]
    first = kept(page, run)
    assert [row[1] for row in first.motion] == list(range(50))  # pagehide brought the last of it to the disk
    assert begin(page, run=run) == run
    _feel(page, ("motion", {"ax": 50}), ("motion", {"ax": 51}))
    assert _stop(page)["motion"] == 2
    found = kept(page, run)
    assert [row[1] for row in found.motion] == list(range(52))
    (gap,) = found.marks("gap")
    assert (gap["stream"], gap["why"], gap["shift_ms"]) == ("all", "reload", 0)
    assert gap["from_ms"] == first.motion[-1][0] < gap["to_ms"] <= found.motion[-2][0]
    assert _offered(page) == [{"id": run, "state": "ended", "day": "2026-11-22"}]


def test_a_clock_set_back_reorders_nothing(page: "Page") -> None:
    run = begin(page)
    _feel(page, ("motion", {"ax": 0}), ("heart", {"bpm": 100}))
    before = in_page(page, "async () => { await recorder.flush(); return at(); }")
    page.add_init_script(
        "{ const o = performance.timeOrigin - 3_600_000; Object.defineProperty(performance, 'timeOrigin', { value: o }); }"
    )
    page.reload()
    assert in_page(page, "async () => performance.timeOrigin + performance.now()") < before - 3_000_000
    begin(page, run=run)
    _feel(page, ("motion", {"ax": 1}), ("heart", {"bpm": 101}), ("motion", {"ax": 2}))
    _stop(page)
    found = kept(page, run)
    assert [row[1] for row in found.motion] == [0, 1, 2]
    for times in ([row[0] for row in found.motion], [line["at_ms"] for line in found.lines]):
        assert times == sorted(times)
        assert times[-1] - times[0] < 60_000
    (gap,) = found.marks("gap")
    assert 3_500_000 < gap["shift_ms"] <= 3_600_000


def test_samples_felt_before_the_disk_answers_are_kept(page: "Page") -> None:
    run = in_page(page, """async (modules) => {
      const { openKeep } = await import(modules.keep), { Recorder } = await import(modules.recorder);
      const keep = await openKeep(), run = await keep.beginRun({ day: "2026-11-22", guide: {} }), senses = new EventTarget();
      const recorder = new Recorder(keep, run, senses);
      recorder.start();
      senses.dispatchEvent(new CustomEvent("motion", { detail: { at_ms: 5, ax: 1 } }));
      await recorder.stop();
      return run.id;
    }""", modules())  # fmt: skip
    assert [row[:2] for row in kept(page, run).motion] == [(5.0, 1.0)]


def test_nothing_more_goes_into_a_run_that_has_ended(page: "Page") -> None:
    run = begin(page)
    _feel(page, ("motion", {"ax": 0}))
    _stop(page)
    begin(page, run=run)
    _feel(page, ("motion", {"ax": 1}))
    _stop(page)
    assert _troubles(page) == ["ended"]
    assert len(kept(page, run).motion) == 1


# -- a disk that does not do what it should ----------------------------------------------------------------------------


def _quota(page: "Page", origin: str, size: int | None) -> None:
    cdp = page.context.new_cdp_session(page)
    cdp.send("Storage.overrideQuotaForOrigin", {"origin": origin} | ({} if size is None else {"quotaSize": size}))


def test_a_full_disk_is_told_and_everything_reaches_it_once_there_is_room(page: "Page", served: str) -> None:
    _quota(page, served, 1)
    run = begin(page)
    in_page(page, "async () => { for (let i = 0; i < 200; i += 1) { feel('motion', { ax: i }); await wait(5); } }")
    assert _troubles(page) == ["full"]
    held = in_page(page, "async () => recorder.counts")
    assert (held["recorded"], held["durable"], held["dropped"]) == (200, 0, 0)
    _quota(page, served, None)
    counts = _stop(page)
    assert _troubles(page) == ["full", None]
    assert counts["durable"] == 200
    assert [row[1] for row in kept(page, run).motion] == list(range(200))
    assert _offered(page) == [{"id": run, "state": "ended", "day": "2026-11-22"}]


def test_a_disk_full_to_the_end_leaves_everything_to_be_sent_from_memory(page: "Page", served: str) -> None:
    _quota(page, served, 1)
    run = begin(page)
    _feel(page, ("motion", {"ax": 1}))
    in_page(page, "async () => recorder.flush()")
    _feel(page, ("motion", {"ax": 2}), ("motion", {"ax": 3}))
    _stop(page)
    held = in_page(page, """async (run) => ({
      n: (await keep.chunks(run, "motion")).reduce((n, one) => n + one.n, 0), state: (await keep.run(run)).state,
    })""", run)  # fmt: skip
    assert held == {"n": 3, "state": "ended"}
    assert kept(page, run).chunks == {}
    _quota(page, served, None)


def test_what_no_memory_takes_is_counted_told_and_marked(page: "Page", served: str) -> None:
    _quota(page, served, 1)
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
    _quota(page, served, None)
    in_page(page, "async () => { await recorder.flush(); feel('motion', { ax: 250 }); await recorder.flush(); }")
    _stop(page)
    found = kept(page, run)
    assert [row[1] for row in found.motion] == [*range(100), 250]
    assert len(found.marks("stop")) == 1
    (gap,) = found.marks("gap")
    assert (gap["stream"], gap["why"], gap["n"]) == ("motion", "dropped", 150)
    assert _troubles(page)[-1] is None


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
    _feel(page, ("motion", {"ax": 1}), ("motion", {"ax": 2}))
    _stop(page)
    found = in_page(page, """async (run) => ({
      durable: keep.durable, why: keep.why, state: (await keep.run(run)).state, runs: (await keep.runs()).length,
      n: (await keep.chunks(run, "motion")).reduce((n, one) => n + one.n, 0), enough: (await keep.estimate()).enough,
    })""", run)  # fmt: skip
    assert found == {"durable": False, "why": why, "state": "ended", "runs": 1, "n": 2, "enough": False}
    assert why in _troubles(page)


def test_data_cleared_under_a_run_is_told_and_the_run_goes_on(page: "Page", served: str) -> None:
    run = begin(page)
    _feel(page, ("motion", {"ax": 0}))
    in_page(page, "async () => recorder.flush()")
    page.context.new_cdp_session(page).send(
        "Storage.clearDataForOrigin", {"origin": served, "storageTypes": "indexeddb"}
    )
    in_page(page, "async () => { for (let i = 1; i < 100; i += 1) { feel('motion', { ax: i }); await wait(20); } }")
    _stop(page)
    told = _troubles(page)
    assert (told[0], told[-1]) == ("gone", None)
    left = in_page(page, """async (run) => ({
      n: (await keep.chunks(run, "motion")).reduce((n, one) => n + one.n, 0), day: (await keep.run(run)).day,
      why: (await keep.chunks(run, "lines")).map((one) => JSON.parse(new TextDecoder().decode(one.bytes)).why),
    })""", run)  # fmt: skip
    assert left == {"n": 99, "day": "2026-11-22", "why": ["gone"]}
    assert _offered(page) == [{"id": run, "state": "ended", "day": "2026-11-22"}]


# -- tabs --------------------------------------------------------------------------------------------------------------


def test_two_tabs_never_mix_into_one_run(page: "Page", served: str) -> None:
    run = begin(page)
    _feel(page, ("motion", {"ax": 0}))
    in_page(page, "async () => recorder.flush()")
    other = page.context.new_page()
    other.goto(served + PAGE)
    begin(other, run=run)
    _feel(other, ("motion", {"ax": 100}))
    other.wait_for_timeout(1200)
    assert _troubles(other) == ["elsewhere"]
    _feel(page, ("motion", {"ax": 1}))
    page.close()
    other.wait_for_timeout(500)
    assert _troubles(other) == ["elsewhere", None]
    _stop(other)
    assert [row[1] for row in kept(other, run).motion] == [0, 1, 100]


_OPEN_NEWER = """async () => {
  const request = indexedDB.open("retropace-coach", 2);
  globalThis.newer = new Promise((good) => { request.onsuccess = () => { request.result.close(); good("open"); }; });
  return new Promise((good) => { request.onblocked = () => good("blocked"); newer.then(good); });
}"""


def test_a_newer_coach_in_another_tab_waits_for_the_end_of_the_run(page: "Page", served: str) -> None:
    run = begin(page)
    other = page.context.new_page()
    other.goto(served + PAGE)
    assert in_page(other, _OPEN_NEWER) == "blocked"
    _feel(page, ("motion", {"ax": 0}))
    _stop(page)
    assert in_page(other, "async () => newer") == "open"
    assert in_page(page, "async () => keep.why") == "outdated"
    assert len(kept(other, run).motion) == 1
    found = in_page(
        other,
        "async (modules) => { const k = await (await import(modules.keep)).openKeep(); return [k.durable, k.why]; }",
        modules(),
    )
    assert found == [False, "outdated"]


def test_an_idle_tab_makes_way_for_a_newer_coach_at_once(page: "Page", served: str) -> None:
    in_page(page, "async (modules) => { globalThis.keep = await (await import(modules.keep)).openKeep(); }", modules())
    other = page.context.new_page()
    other.goto(served + PAGE)
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
    _feel(page, ("motion", {"ax": 0}))
    _stop(page)
    other = begin(page)
    _feel(page, ("motion", {"ax": 0}))
    _stop(page)
    in_page(page, "async (run) => keep.forgetRun(run)", run)
    assert in_page(page, "async (run) => keep.changeRun(run, { position_s: 1 })", run) is None
    assert [one["id"] for one in _offered(page)] == [other]
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
