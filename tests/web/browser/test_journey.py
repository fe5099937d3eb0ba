"""The whole journey in a browser: first visit, plan, a real file, its correction, the log, what that changes, the report."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from retropace.store.notebook import Notebook
from retropace.store.recordings import Recordings
from served import DESKTOP, PHONE, TODAY, context_of, listen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FILES = Path(__file__).parents[3] / "../shared/data/activity-files"
#: A run of 13:41 with heart rate and positions. Nothing in it saw which way its runner faced.
RUN = FILES / "Runalyze+Runalyze/FR630-with-lth.fit"
YES_NO = {"active": "yes", "knee_rehabilitation": "no"}
PLACE = {"surface": "grass", "slope": "flat", "dry": "yes", "daylight": "yes", "others": "no", "watcher": "spotter"}


@pytest.fixture
def plain_page(browser: "Browser", served: str) -> "Iterator[Page]":
    """The empty house in a browser that runs no scripts."""
    context, troubles = context_of(browser, PHONE, scripts=False), list[str]()
    page = context.new_page()
    listen(page, served, troubles)
    page.goto(served)
    yield page
    context.close()
    assert not troubles


def press(page: "Page", words: str, path: "str | re.Pattern[str]") -> None:
    """Press the button or link that says `words`, and be at `path`."""
    page.locator(f"main .btn:has-text('{words}')").first.click()
    page.wait_for_url(path)


def heading(page: "Page") -> str:
    return page.locator("h1").inner_text()


def first_visit(page: "Page") -> None:
    """A healthy adult with a clear straight of grass and somebody who watches, from the first page to Today."""
    press(page, "Make my plan", "**/plan/you")
    page.fill("#age_years", "34")
    page.check("input[name=sex][value=male]")
    for name, word in YES_NO.items():
        page.check(f"input[name={name}][value={word}]")
    page.fill("#ordinary_runs_per_week", "2")
    press(page, "Next", "**/plan/heart")
    for step in ("balance", "body", "smaller", "tests"):
        press(page, "No to all of these", f"**/plan/{step}")
    press(page, "Another day", "**/plan/place")
    for name, word in PLACE.items():
        page.check(f"input[name={name}][value={word}]")
    page.fill("#clear_length", "60")
    page.fill("#clear_width", "4")
    press(page, "See what suits me", "**/welcome/result")
    assert heading(page).startswith("You can run backward")
    press(page, "See my first week", "**/plan/goal")
    press(page, "Next", "**/plan/days")
    press(page, "Show my weeks", "**/plan/programme")
    assert page.locator(".weeks > li").count() == 12
    press(page, "On to today", re.compile(r"/$"))


def bring(page: "Page", *, scripts: bool = True) -> None:
    """Choose the real file under Sessions, where there is nothing yet; what became of it is opened by itself."""
    if not RUN.exists():
        pytest.skip(f"real recordings are not here: {FILES}")
    page.locator(".tabs").get_by_role("link", name="Sessions").click()
    assert heading(page) == "Nothing recorded yet"
    if scripts:
        with page.expect_file_chooser() as chooser:
            page.get_by_text("Add files").click()
        chooser.value.set_files(RUN)
    else:
        page.set_input_files("#files", RUN)
        page.get_by_role("button", name="Send them").click()
    page.wait_for_url(re.compile("/sessions/[0-9a-f]{12}$"))
    assert page.locator("#correct-title").inner_text() == "Was any of it backward?"


def figures(page: "Page") -> str:
    """The first figures of a session."""
    return page.locator(".facts").first.inner_text()


def by_mouse(page: "Page") -> None:
    """Draw the later edge to the left and press Backward."""
    grip = page.locator(".grip").nth(1)
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] - 16
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 80, y, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="Backward").click()


def by_keys(page: "Page") -> None:
    """Move the later edge ten seconds to the left, and say by its letter that it was backward."""
    page.locator(".grip").nth(1).focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("b")


def by_form(page: "Page") -> None:
    """Write when it ended, and press Backward."""
    page.fill("input[name=to]", "10:00")
    page.get_by_role("button", name="Backward").click()


def correct(page: "Page", say: "Callable[[Page], None]") -> None:
    """Say that a stretch was backward: figures change, and come back when it is taken back."""
    before = figures(page)
    say(page)
    page.locator(".said", has_text="backward, as you said.").wait_for()
    after = figures(page)
    assert "backward" in after
    assert "backward" not in before
    page.get_by_role("button", name="Undo").click()
    page.locator(".said", has_text="taken back").wait_for()
    assert figures(page) == before
    page.get_by_role("button", name="Redo").click()
    page.locator(".said", has_text="is back").wait_for()
    assert figures(page) == after


def to_the_log(page: "Page") -> None:
    """From wherever one is to today's log, where a session was done and nothing alarmed."""
    page.locator(".brand").click()
    page.get_by_role("link", name="Log it after").click()
    page.wait_for_url(f"**/log/{TODAY}")
    for question, words in (("alarm", "No"), ("done", "All of it")):
        page.locator(f"#{question} label.opt", has_text=re.compile(f"^{words}$")).click()
    page.locator("#pain_during label.opt", has_text="Yes, show where").click()


def told_on_the_body(page: "Page") -> str:
    """A knee hurt, touched on the body; what that changes, said before it is kept."""
    to_the_log(page)
    page.locator("#pain_during .hit.at-knee-left").click()
    page.locator("#pain_during .panel [data-set='4']").click()
    page.locator("#change .old").wait_for()
    return page.locator("#change h2").inner_text()


def told_in_the_list(page: "Page") -> str:
    """The same typed into the list."""
    to_the_log(page)
    page.locator("#pain_during .asl label", has_text="List").click()
    page.fill("#pain_during input[aria-label='left knee, pain']", "4")
    press(page, "See first what it changes", f"**/log/{TODAY}")
    return page.locator("#change h2").inner_text()


def keep_and_see_it_in_the_plan(page: "Page", foretold: str) -> None:
    """What was foretold is what changed, and the plan says so."""
    press(page, "Keep this", "**/kept")
    assert heading(page) == foretold
    assert "Your left knee hurt 4 of 10" in page.locator("main").inner_text()
    now, _, asks = page.locator(".lbl", has_text=re.compile("^now")).inner_text().partition(": ")
    assert now == "now, Friday"
    page.locator(".tabs").get_by_role("link", name="Plan").click()
    page.locator("a[href='/plan/2026-11-27']").first.click()
    page.wait_for_url("**/plan/2026-11-27")
    assert heading(page) == asks


def take_the_report(page: "Page") -> str:
    """The words of the report that Progress offers."""
    page.locator(".tabs").get_by_role("link", name="Progress").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("[Rr]eport")).first.click()
    read = PdfReader(io.BytesIO(Path(download.value.path()).read_bytes()))
    return " ".join(page.extract_text() for page in read.pages)


def follow_a_mark(page: "Page") -> None:
    """From a number to where it comes from."""
    mark = page.locator("a.src").first
    source = (mark.get_attribute("href") or "").partition("#")[2]
    mark.click()
    page.wait_for_url(f"**/evidence#{source}")
    box = page.locator(f"#{source}").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < PHONE["height"], "the source itself is in sight"


def shown_in(page: "Page", units: str, theme: str) -> None:
    """Set units and light or dark under Settings."""
    page.get_by_role("link", name="Settings").locator("visible=true").first.click()
    page.get_by_role("link", name="Name, units, light or dark").click()
    page.locator("label", has_text=units).click()
    page.locator("label", has_text=re.compile(f"^{theme}$")).click()
    press(page, "Keep", "**/settings")


def test_by_keys_on_a_phone(open_page: "Callable[..., Page]", recordings: Recordings) -> None:
    page = open_page("/", size=PHONE, dark=True)
    first_visit(page)
    bring(page)
    correct(page, by_keys)
    assert [said.end_s for said in recordings.corrections(recordings.all()[0].id)] == [811.0]
    follow_a_mark(page)
    keep_and_see_it_in_the_plan(page, told_on_the_body(page))
    report = take_the_report(page)
    assert "Cleared to run backward" in report
    assert "4 of 10" in report


def test_by_mouse_at_a_desk(open_page: "Callable[..., Page]", recordings: Recordings) -> None:
    page = open_page("/", size=DESKTOP)
    first_visit(page)
    bring(page)
    assert "2.03 km" in figures(page)
    correct(page, by_mouse)
    shown_in(page, "mi, lb", "Dark")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 18, 22)"
    page.goto(page.url.replace("/settings", f"/sessions/{recordings.all()[0].id}"))
    assert "1.26 mi" in figures(page)
    follow_a_mark(page)
    keep_and_see_it_in_the_plan(page, told_on_the_body(page))
    assert "Cleared to run backward" in take_the_report(page)


def test_without_scripts(plain_page: "Page", recordings: Recordings) -> None:
    first_visit(plain_page)
    bring(plain_page, scripts=False)
    correct(plain_page, by_form)
    assert [said.end_s for said in recordings.corrections(recordings.all()[0].id)] == [600.0]
    follow_a_mark(plain_page)
    keep_and_see_it_in_the_plan(plain_page, told_in_the_list(plain_page))
    shown_in(plain_page, "mi, lb", "Dark")
    assert plain_page.locator("html").get_attribute("data-theme") == "dark"
    assert "Cleared to run backward" in take_the_report(plain_page)


def test_where_there_is_nothing_yet_every_page_says_what_to_do(open_page: "Callable[..., Page]") -> None:
    page = open_page("/")
    origin = page.url.partition("/welcome")[0]
    for path, does in (
        ("/", "Make my plan"),
        ("/plan", "Make my plan"),
        ("/home", "Make my plan"),
        ("/log", "Make my plan"),
        ("/progress", "Begin"),
        ("/sessions", "Add files"),
    ):
        page.goto(origin + path)
        assert page.locator("main .btn", has_text=does).first.is_visible(), path


def test_looking_round_with_the_demo_person(open_page: "Callable[..., Page]", notebook: Notebook) -> None:
    page = open_page("/sessions")
    press(page, "Open the demo person", "**/demo")
    press(page, "Open the demo person", re.compile(r"/$"))
    assert page.locator(".simulated").inner_text().startswith("Simulated.")
    page.locator(".tabs").get_by_role("link", name="Sessions").click()
    assert re.fullmatch(r"\d+ sessions", heading(page))
    page.get_by_role("button", name="Leave the demo").click()
    page.wait_for_url("**/welcome")
    assert page.locator(".simulated").count() == 0
    assert not notebook.log()
