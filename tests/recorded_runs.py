"""What a page of the coach recorded, read from the browser's disk by a script that shares nothing with the recorder."""

import base64
import json
import struct
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from retropace.store.database import open_database
from retropace.web.assets import address
from retropace.web.house import House
from served import HOSTS, PHONE, context_of, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MOTION = struct.Struct("<d10f")
ORIENTATION = struct.Struct("<d6f")
#: 60 samples a second for two seconds and a half come to this many chunks; a part has so many.
CHUNKS_A_PART = 40


class Evaluates(Protocol):
    """A page in whichever browser."""

    def evaluate(self, expression: str) -> Any: ...


def in_page(page: Evaluates, function: str, *arguments: object) -> Any:
    """What an async function of JavaScript gives in `page`."""
    return page.evaluate(f"({function})(...{json.dumps(arguments)})")


#: Makes `keep`, `recorder`, `senses` and `run` of the page, and `feel(kind, detail)`; goes on with a run where one is named.
_BEGIN = """async (modules, options) => {
  const { openKeep } = await import(modules.keep), { Recorder } = await import(modules.recorder);
  const keep = await openKeep();
  const told = { day: "2026-11-22", guide: options.guide ?? {} };
  const run = options.run ? await keep.run(options.run) : await keep.beginRun(told);
  const senses = new EventTarget(), troubles = [];
  const recorder = new Recorder(keep, run, senses, options);
  recorder.addEventListener("trouble", ({ detail }) => troubles.push(detail));
  recorder.start();
  const at = (ms) => performance.timeOrigin + performance.now() + (ms ?? 0);
  const feel = (kind, detail) => senses.dispatchEvent(new CustomEvent(kind, { detail: { at_ms: at(), ...detail } }));
  const wait = (ms) => new Promise((over) => setTimeout(over, ms));
  Object.assign(globalThis, { keep, run, senses, recorder, troubles, feel, at, wait });
  return run.id;
}"""

_READ = """async (run) => {
  const asked = (request) => new Promise((good, bad) => {
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
  });
  const db = await asked(indexedDB.open("retropace-coach"));
  const all = await asked(db.transaction("chunks").objectStore("chunks").getAll());
  db.close();
  const text = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
  const place = ({ stream, seq, n, bytes }) => ({ stream, seq, n, body: text(bytes) });
  return all.filter((one) => one.run === run).map(place);
}"""


def modules() -> dict[str, str]:
    """Where the coach's modules are."""
    return {name: address(f"coach-{name}.js") for name in ("keep", "recorder", "upload", "senses")}


def begin(page: Evaluates, **options: object) -> str:
    """Record in `page`; the run's name."""
    return str(in_page(page, _BEGIN, modules(), options))


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk on the disk."""

    stream: str
    seq: int
    n: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """What the disk has of one run."""

    chunks: dict[str, list[Chunk]]

    def whole(self, stream: str) -> bytes:
        """A stream's bytes; its chunks must be numbered from 0 without a hole, and tell how many samples each has."""
        chunks = self.chunks[stream]
        assert [chunk.seq for chunk in chunks] == list(range(len(chunks)))
        assert all(chunk.n == _samples(chunk) > 0 for chunk in chunks)
        return b"".join(chunk.body for chunk in chunks)

    @property
    def motion(self) -> list[tuple[float, ...]]:
        """at_ms, ax ay az gx gy gz ra rb rg interval_ms."""
        return list(MOTION.iter_unpack(self.whole("motion")))

    @property
    def orientation(self) -> list[tuple[float, ...]]:
        """at_ms, alpha beta gamma compass compass_accuracy absolute."""
        return list(ORIENTATION.iter_unpack(self.whole("orientation")))

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Lines of JSON."""
        return [json.loads(line) for line in self.whole("lines").decode().splitlines()]

    @property
    def samples(self) -> int:
        """How many in all."""
        return sum(chunk.n for stream in self.chunks.values() for chunk in stream)

    def marks(self, name: str) -> list[dict[str, Any]]:
        """The marks of one name."""
        return [line for line in self.lines if line["k"] == "mark" and line["mark"] == name]

    def parts(self) -> dict[tuple[str, int], bytes]:
        """The parts of an ended run, cut here by the contract's rule."""
        return {
            (stream, first // CHUNKS_A_PART): b"".join(one.body for one in chunks[first : first + CHUNKS_A_PART])
            for stream, chunks in self.chunks.items()
            for first in range(0, len(chunks), CHUNKS_A_PART)
        }


def _samples(chunk: Chunk) -> int:
    if chunk.stream == "lines":
        assert chunk.body.endswith(b"\n")
        return chunk.body.count(b"\n")
    each = {"motion": MOTION.size, "orientation": ORIENTATION.size}[chunk.stream]
    assert len(chunk.body) % each == 0
    return len(chunk.body) // each


def kept(page: Evaluates, run: str) -> Kept:
    """What the disk of `page`'s browser has of `run`."""
    found: dict[str, list[Chunk]] = defaultdict(list)
    for one in in_page(page, _READ, run):
        found[one["stream"]].append(Chunk(one["stream"], one["seq"], one["n"], base64.b64decode(one["body"])))
    return Kept(found)


#: A run of so many seconds that began a minute ago, told at once: a phone at rest, a place each second, a piece each ten.
_FILL = """async (seconds) => {
  const began = at() - 60_000;
  await recorder.found;
  for (let quarter = 0; quarter < seconds * 4; quarter += 1) {
    for (let i = 0; i < 15; i += 1) {
      const at_ms = began + quarter * 250 + (i * 250) / 15, lean = Math.sin(quarter + i / 15);
      feel("motion", { at_ms, gx: lean, gy: 9.75, gz: -lean, ra: lean, rb: 0, rg: 1, interval_ms: 16.7 });
      feel("orientation", { at_ms, alpha: 90 + lean, beta: 90, gamma: 0, absolute: true });
    }
    const at_ms = began + quarter * 250;
    if (quarter % 4 === 0) feel("position", { at_ms, lat: 47 + quarter / 4e5, lon: 8, accuracy_m: 4, speed_mps: 2.8 });
    if (quarter % 40 === 0) recorder.mark("piece", { index: quarter / 40, state: "reverse", step: 0 }, at_ms);
    await recorder.flush();
  }
}"""


def record(page: Evaluates, seconds: int, *, end: bool = True, **options: object) -> str:
    """A recorded run of `seconds`, ended unless said; its name."""
    run = begin(page, **options)
    in_page(page, _FILL, seconds)
    if end:
        in_page(page, "async () => recorder.stop()")
    return run


# -- a page to record in, driven by Playwright ----------------------------------------------------------------------------

#: The recorder needs no page of its own: a script shown as text is one of the house, and quickly there.
PAGE = address("coach-keep.js")


@contextmanager
def bare_house() -> Iterator[str]:
    """A house that keeps nothing: what is recorded stays in each browser. Its address."""
    database = open_database("sqlite:///:memory:")
    with serving(House(database, hosts=HOSTS)) as at:
        yield at
    database.close()


@pytest.fixture(scope="module")
def bare_at() -> Iterator[str]:
    """One such house for all tests of a module."""
    with bare_house() as at:
        yield at


@pytest.fixture
def page(browser: "Browser", bare_at: str) -> Iterator["Page"]:
    """A page of it in a browser without memory; nothing may go wrong in it unseen."""
    wrong: list[str] = []
    context = context_of(browser, PHONE)
    made = context.new_page()
    made.on("pageerror", lambda error: wrong.append(str(error)))
    made.goto(bare_at + PAGE)
    yield made
    context.close()
    assert not wrong


def feel(page: "Page", *felt: tuple[str, dict[str, Any]]) -> None:
    """Let the page feel samples (kind, detail)."""
    in_page(page, "async (...felt) => { for (const [kind, detail] of felt) feel(kind, detail); }", *felt)


def stop(page: "Page") -> dict[str, int]:
    """End the run; what the recorder counted."""
    counts: dict[str, int] = in_page(page, "async () => { await recorder.stop(); return recorder.counts; }")
    return counts


def troubles(page: "Page") -> list[Any]:
    """Every trouble that was told, in order."""
    return [trouble["why"] for trouble in in_page(page, "async () => troubles")]


def offered(page: "Page") -> list[Any]:
    """The runs that a page finds on this phone."""
    found: list[Any] = in_page(page, """async (modules) => {
      const keep = await (await import(modules.keep)).openKeep();
      return (await keep.runs()).map(({ id, state, day }) => ({ id, state, day }));
    }""", modules())  # fmt: skip
    return found


def quota(page: "Page", origin: str, size: int | None) -> None:
    """Let the disk of `origin` have so many bytes, None: as many as there are. Small ones count only before it is used."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("Storage.overrideQuotaForOrigin", {"origin": origin} | ({} if size is None else {"quotaSize": size}))
