"""What a phone records: byte for byte what was felt, through silence, reloads and clocks set back."""

import math
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from phone import Phone, phone_in
from recorded_runs import bare_at, begin, feel, in_page, kept, modules, offered, page, stop, troubles

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["bare_at", "page"]
FIELDS = ("ax", "ay", "az", "gx", "gy", "gz", "ra", "rb", "rg", "interval_ms")
T = 1_795_000_000_000.5


def _f32(value: float | None) -> float:
    return math.nan if value is None else float(struct.unpack("<f", struct.pack("<f", value))[0])


def _same(left: float, right: float) -> bool:
    return (math.isnan(left) and math.isnan(right)) or (
        left == right and math.copysign(1, left) == math.copysign(1, right)
    )


# -- bytes -------------------------------------------------------------------------------------------------------------


def test_every_sample_is_kept_byte_for_byte(page: "Page") -> None:
    run = begin(page)
    values: list[float | None] = [0.0, -9.81, None, 1e-7, 360.0, -0.5, 123.456, 0.1, -1e30, 16.7]
    samples = [values[shift:] + values[:shift] for shift in range(10)]
    for number, sample in enumerate(samples):
        detail = {"at_ms": T + number / 60, **dict(zip(FIELDS, sample, strict=True))}
        feel(page, ("motion", {name: value for name, value in detail.items() if value is not None or number % 2}))
    stop(page)
    found = kept(page, run).motion
    assert [row[0] for row in found] == [T + number / 60 for number in range(10)]
    for row, sample in zip(found, samples, strict=True):
        assert all(map(_same, row[1:], map(_f32, sample)))


def test_orientation_keeps_zero_apart_from_missing(page: "Page") -> None:
    run = begin(page)
    feel(
        page, ("orientation", {"at_ms": T, "alpha": 0, "beta": -90, "gamma": 0.25, "compass": None, "absolute": False})
    )
    feel(
        page,
        ("orientation", {"at_ms": T + 1, "alpha": 359.9, "compass": 12.5, "compass_accuracy": 5, "absolute": True}),
    )
    stop(page)
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
    counts = stop(page)
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
    stop(page)
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
    counts = stop(page)
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
    stop(page)
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
def phone(whole_browser: "Browser", bare_at: str) -> Iterator[Phone]:
    """A phone whose sensors and satellites are moved by hand."""
    with phone_in(whole_browser, bare_at) as made:
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
    end = "async () => { senses.stop(); await recorder.stop(); return { ...felt, origin: performance.timeOrigin }; }"
    felt = in_page(phone.page, end)
    found = kept(phone.page, run)
    recorded = [(row[0], row[1]) for row in found.motion]
    told = [(felt["origin"] + stamp, _f32(x)) for stamp, x in felt["motion"]]
    assert len(recorded) > 120
    assert recorded == told[: len(recorded)]
    assert len(told) - len(recorded) <= 5  # some may come while it stops, on a busy machine more than one
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
    feel(page, *(("motion", {"at_ms": now + ms, "ax": ms}) for ms in (0, 1000, 2000.5, 2016)))
    stop(page)
    found = kept(page, run)
    assert len(found.motion) == 4
    (gap,) = found.marks("gap")
    assert gap.items() >= {"at_ms": now + 2000.5, "stream": "motion", "why": "silent"}.items()
    assert (gap["from_ms"], gap["to_ms"]) == (now + 1000, now + 2000.5)


def test_a_hidden_page_is_told_with_the_gap_it_made(page: "Page") -> None:
    run = begin(page)
    now = in_page(page, "async () => at()")
    feel(
        page,
        ("hidden", {"at_ms": now, "hidden": False}),
        ("motion", {"at_ms": now, "ax": 0}),
        ("hidden", {"at_ms": now + 5, "hidden": True}),
        ("hidden", {"at_ms": now + 6, "hidden": True}),
        ("hidden", {"at_ms": now + 6005, "hidden": False}),
        ("motion", {"at_ms": now + 6020, "ax": 1}),
        ("position-lost", {"at_ms": now + 6030}),
    )
    stop(page)
    lines = kept(page, run).lines
    assert [(line["mark"], line.get("why")) for line in lines] == [
        ("hidden", None), ("visible", None), ("gap", "hidden"), ("gap", "lost"),
    ]  # fmt: skip
    assert lines[1]["hidden_ms"] == 6000
    assert (lines[2]["from_ms"], lines[2]["to_ms"]) == (now, now + 6020)
    assert lines[3]["stream"] == "position"


# -- going on ----------------------------------------------------------------------------------------------------------


def test_after_a_reload_the_run_is_offered_and_goes_on(page: "Page") -> None:
    run = begin(page)
    in_page(page, "async () => { for (let i = 0; i < 50; i += 1) { feel('motion', { ax: i }); await wait(10); } }")
    page.reload()
    assert offered(page) == [{"id": run, "state": "open", "day": "2026-11-22"}]
    first = kept(page, run)
    assert [row[1] for row in first.motion] == list(range(50))  # pagehide brought the last of it to the disk
    assert begin(page, run=run) == run
    feel(page, ("motion", {"ax": 50}), ("motion", {"ax": 51}))
    assert stop(page)["motion"] == 2
    found = kept(page, run)
    assert [row[1] for row in found.motion] == list(range(52))
    (gap,) = found.marks("gap")
    assert (gap["stream"], gap["why"], gap["shift_ms"]) == ("all", "reload", 0)
    assert gap["from_ms"] == first.motion[-1][0] < gap["to_ms"] <= found.motion[-2][0]
    assert offered(page) == [{"id": run, "state": "ended", "day": "2026-11-22"}]


def test_a_clock_set_back_reorders_nothing(page: "Page") -> None:
    run = begin(page)
    feel(page, ("motion", {"ax": 0}), ("heart", {"bpm": 100}))
    before = in_page(page, "async () => { await recorder.flush(); return at(); }")
    page.add_init_script(
        "{ const o = performance.timeOrigin - 3_600_000; Object.defineProperty(performance, 'timeOrigin', { value: o }); }"
    )
    page.reload()
    assert in_page(page, "async () => performance.timeOrigin + performance.now()") < before - 3_000_000
    begin(page, run=run)
    feel(page, ("motion", {"ax": 1}), ("heart", {"bpm": 101}), ("motion", {"ax": 2}))
    stop(page)
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
    feel(page, ("motion", {"ax": 0}))
    stop(page)
    begin(page, run=run)
    feel(page, ("motion", {"ax": 1}))
    stop(page)
    assert troubles(page) == ["ended"]
    assert len(kept(page, run).motion) == 1
