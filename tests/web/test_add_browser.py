"""Adding files in a real browser: dropped, sent one by one with their progress, repeated where the line broke."""

import base64
import re
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from made_files import FORWARD, backward_run, fit, gpx, table, zipped
from retropace.intake import intake
from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings

from .conftest import DESKTOP, PHONE, TODAY

if TYPE_CHECKING:
    from playwright.sync_api import Page

REAL = Path(__file__).parents[2] / "../shared/data/activity-files"
#: Puts files into a drag and lets them go over the page.
_DROP = """(files) => {
  const carried = new DataTransfer();
  for (const [name, content] of files) {
    carried.items.add(new File([Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0))], name));
  }
  const at = (kind) => document.body.dispatchEvent(
    new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
  at("dragenter");
  const seen = !document.getElementById("drop").hidden;
  at("dragover");
  at("drop");
  return seen && document.getElementById("drop").hidden;
}"""


def drop(page: "Page", files: Sequence[tuple[str, bytes]]) -> None:
    """Let files go over the page, which shows that it takes them."""
    assert page.evaluate(_DROP, [(name, base64.b64encode(content).decode()) for name, content in files])


def checked(page: "Page") -> list[str]:
    """What the accessibility checker says against the page as it is now."""
    page.evaluate(resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found: list[str] = page.evaluate("axe.run().then((found) => found.violations.map((rule) => rule.id))")
    return found


def over(page: "Page") -> None:
    """Wait until everything was sent."""
    page.locator("#sending-done").wait_for(timeout=60_000)


@pytest.mark.skipif(not REAL.is_dir(), reason="../shared/data/activity-files is not here")
def test_real_files_are_dropped_and_each_is_answered(open_page: "Callable[..., Page]", recordings: Recordings) -> None:
    names = ("tormoder+fit/activity-small-fenix2-run.fit", "tkrajina+gpxpy/unicode_with_bom.gpx")
    found = [path for path in sorted(REAL.rglob("*")) if path.is_file() and str(path.relative_to(REAL)) in names]
    found = found or sorted(REAL.rglob("*.fit"))[:2]
    page = open_page("/sessions")
    sent = [(path.name, path.read_bytes()) for path in found]
    drop(page, [*sent, ("empty.fit", b""), ("own.zip", zipped({"a.fit": fit(1), "b.fit": fit(2, FORWARD)}))])
    assert page.locator("#sending-title").is_visible()
    over(page)
    states = page.locator("li.result[data-state]").evaluate_all("rows => rows.map((row) => row.dataset.state)")
    assert len(states) == len(found) + 3
    assert states.count("added") == len(recordings.all()) >= 2
    assert page.locator("#sending-sum").inner_text().startswith(f"{len(recordings.all())} added")
    assert page.locator("progress#sending-all").evaluate("bar => bar.value") == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("#sending-done").click()
    page.locator("h1", has_text="sessions").wait_for()


def test_one_file_opens_its_session(open_page: "Callable[..., Page]", recordings: Recordings) -> None:
    page = open_page("/sessions", size=DESKTOP)
    page.locator("#files").set_input_files({"name": "run.fit", "mimeType": "", "buffer": fit(1)})
    page.wait_for_url(re.compile(r"/sessions/\w{12}$"))
    assert page.url.endswith(recordings.all()[0].id)


def test_two_sensors_in_files_of_their_own_are_one_session(
    open_page: "Callable[..., Page]", recordings: Recordings
) -> None:
    rows = [(n / 50, n % 7 / 7, n % 5 / 5, 9.8 + n % 3) for n in range(400)]
    table = "\n".join(["time (s),x,y,z", *(",".join(map(str, row)) for row in rows)]).encode() + b"\n"
    page = open_page("/sessions")
    drop(page, [("walk_acc.csv", table), ("other.fit", fit(1)), ("walk_gyro.csv", table)])
    over(page)
    assert sorted(kept.name for kept in recordings.all()) == ["other.fit", "walk_acc.csv + walk_gyro.csv"]


def test_a_line_that_breaks_is_said_and_repeated(open_page: "Callable[..., Page]", recordings: Recordings) -> None:
    page = open_page("/sessions")
    broken = [True]

    def answer(route: object) -> None:
        """The answer breaks off before its end the first time."""
        if broken:
            broken.clear()
            route.fulfill(status=200, content_type="application/x-ndjson", body="")  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/sessions/import/one", answer)
    drop(page, [("a.fit", fit(1)), ("b.fit", fit(2))])
    over(page)
    assert page.get_by_text("The connection broke off.").is_visible()
    assert len(recordings.all()) == 1
    page.locator("#sending-again").click()
    page.locator("#sending-sum", has_text="2 added").wait_for()
    assert len(recordings.all()) == 2
    assert page.locator("#sending-again").is_hidden()


def test_what_is_stopped_is_not_sent(open_page: "Callable[..., Page]", recordings: Recordings) -> None:
    page = open_page("/sessions")
    held: list[object] = []
    page.route("**/sessions/import/one", lambda route: held.append(route))
    drop(page, [(f"{n}.fit", fit(n)) for n in range(3)])
    page.locator("#sending-stop").click()
    page.locator("#sending-again").wait_for()
    assert page.get_by_text("Not sent: you stopped before.").count() >= 2
    assert not recordings.all()


def test_a_table_is_explained_once_for_all_of_its_kind(
    open_page: "Callable[..., Page]", recordings: Recordings
) -> None:
    page = open_page("/sessions")
    drop(page, [("one.csv", table()), ("two.csv", table(200))])
    page.locator("#sending-sum", has_text="2 not taken in").wait_for()
    page.locator("details.column-form summary").first.click()
    form = page.locator("form.columns").first
    assert form.locator("input[type=file]").count() == 0, "the file is still at hand"
    form.locator("select").nth(0).select_option("time|ms")
    form.locator("select").nth(1).select_option("speed_mps|km/h")
    form.locator("button").click()
    page.locator("#sending-sum", has_text="2 added").wait_for()
    assert {kept.name for kept in recordings.all()} == {"one.csv", "two.csv"}


def test_every_page_can_be_used_by_everybody(
    open_page: "Callable[..., Page]",
    notebook: Notebook,
    recordings: Recordings,
) -> None:
    page = open_page("/sessions")
    trouble = [f"empty: {found}" for found in checked(page)]
    content = [("a.fit", fit(0, backward_run(6))), ("b.fit", fit(7, backward_run(4))), ("b.gpx", gpx(7, 540))]
    for name, content_bytes in content:
        list(intake(notebook, recordings, name, content_bytes, TODAY))
    a, b, *_ = (kept.id for kept in recordings.all())
    paths = ("", "/import", "/compare", f"/compare?a={a}", f"/compare?a={a}&b={b}", f"/{a}/file", f"/{a}/delete")
    base = page.url.removesuffix("/sessions")
    for path in paths:
        page.goto(f"{base}/sessions{path}")
        assert page.locator("h1").count() == 1, path
        trouble += [f"{path}: {found}" for found in checked(page)]
    drop_page = base + "/sessions"
    page.goto(drop_page)
    drop(page, [("one.csv", table()), ("empty.fit", b"")])
    page.locator("#sending-sum", has_text="2 not taken in").wait_for()
    page.locator("details.column-form summary").first.click()
    trouble += [f"results: {found}" for found in checked(page)]
    assert not trouble
