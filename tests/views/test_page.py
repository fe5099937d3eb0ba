"""Page: one file, no network, nothing hidden from a person who cannot see it; tried in a real browser where there is one."""

import base64
import hashlib
import html
import json
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from raw_chromium import UNSEEN
from retropace.metrics import Gap
from retropace.recording import Declared
from retropace.sources import bibliography
from retropace.summary import Summary
from retropace.views.page import Citations, html_report, source_words

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SUMMARIES = ("repeats_summary", "forward_summary", "month_summary", "empty_summary")
QUIET = (
    f"--disable-features={','.join(UNSEEN)}",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Reader(HTMLParser):
    """Collects what the tests ask about, and that every element is closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


@pytest.mark.parametrize("name", SUMMARIES)
@pytest.mark.parametrize("system", ["metric", "imperial"])
def test_well_formed_with_unique_names(request: pytest.FixtureRequest, name: str, system: str) -> None:
    reader = read(html_report(request.getfixturevalue(name), system=system))  # type: ignore[arg-type]
    names = [a["id"] for _, a in reader.elements if "id" in a]
    assert len(names) == len(set(names))
    links = [(a.get("href") or "") for tag, a in reader.elements if tag == "a"]
    assert all(link.removeprefix("#") in names for link in links)
    assert [tag for tag, _ in reader.elements].count("h1") == 1


def test_nothing_is_loaded_and_only_our_own_code_may_run(repeats_summary: Summary) -> None:
    page = html_report(repeats_summary)
    reader = read(page)
    assert not [tag for tag, a in reader.elements if "src" in a or tag in ("link", "iframe", "object", "img", "form")]
    assert not [a for _, a in reader.elements if "style" in a or any(name.startswith("on") for name in a)]
    assert "url(http" not in page
    assert "@import" not in page
    policy = next(a["content"] or "" for _, a in reader.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        (code,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        checksum = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{checksum}'" in policy


def test_hostile_words_stay_words(repeats_summary: Summary) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\x1b"
    summary = replace(
        repeats_summary,
        recording=replace(
            repeats_summary.recording, origin=replace(repeats_summary.recording.origin, name=evil, device=evil)
        ),
        unknowns=(Gap(evil, evil, evil),),
        corrections=(Declared(1, 2, repeats_summary.bouts[0].bout.direction, evil),),
        bouts=(replace(repeats_summary.bouts[5], bout=replace(repeats_summary.bouts[10].bout, reason=evil)),),
    )
    page = html_report(summary)
    assert "<img" not in page
    assert page.count("<script>") == 1
    assert html.escape(evil, quote=False)[:40].replace("&quot;", "&#34;") in page


def test_what_is_simulated_says_so_first(repeats_summary: Summary, empty_summary: Summary) -> None:
    page = html_report(repeats_summary)
    assert "<title>Simulated: " in page
    assert page.index("Nobody ran this") < page.index("<h1>")
    assert "Simulated" not in html_report(empty_summary)


def test_numbers_have_bands_and_sources_that_are_listed(repeats_summary: Summary) -> None:
    page = html_report(repeats_summary)
    words = " ".join("".join(read(page).words).split())
    energy = repeats_summary.session["energy_gross_kcal"]
    assert f"{energy.value:.0f} kcal" in words
    assert f"({energy.low:.0f}–{energy.high:.0f})" in words
    listed = re.findall(r'<li id="source-(\d+)"', page)
    assert listed == [str(n) for n in range(1, len(listed) + 1)]
    assert html.escape(bibliography()["roos_2012"].title) in page
    assert set(re.findall(r'href="#source-(\d+)"', page)) <= set(listed)


def test_what_is_unknown_stands_with_reason_and_remedy(repeats_summary: Summary) -> None:
    words = " ".join("".join(read(html_report(repeats_summary)).words).split())
    assert "Contact time. Unknown: no sensor recorded it." in words
    assert "Unknown: the phone was in the hand. Say it yourself: --backward 10:29-10:37." in words


def test_tables_have_headers_and_pictures_have_labels(repeats_summary: Summary) -> None:
    reader = read(html_report(repeats_summary))
    assert all(a.get("scope") in ("col", "row") for tag, a in reader.elements if tag == "th")
    pictures = [a for tag, a in reader.elements if tag == "svg"]
    assert all(a.get("aria-label") or a.get("aria-hidden") == "true" for a in pictures)
    assert [tag for tag, _ in reader.elements].count("main") == 1


def test_verdicts_only_beside_backward_running(repeats_summary: Summary, forward_summary: Summary) -> None:
    assert "straightens your posture" in html_report(repeats_summary)
    assert "straightens your posture" not in html_report(forward_summary)


def test_the_place_where_somebody_lives_is_not_in_it(repeats_summary: Summary) -> None:
    page = html_report(repeats_summary)
    assert "latitude" not in page.lower()
    assert not re.search(r"54\.30\d", page)
    assert "Start and end are hidden" in page


def test_readings_match_the_drawings(repeats_summary: Summary) -> None:
    page = html_report(repeats_summary)
    for found in re.findall(r'<script type="application/json">(.*?)</script>', page):
        data = json.loads(found)
        assert len({len(data[key]) for key in ("t", "way", "speed", "heart_rate", "cadence")}) == 1
        assert set(data["places"]) == {"350", "600"}
        assert data["unit"] == "m/s"
        assert max(data["way"]) < len(data["ways"])


@pytest.mark.parametrize("name", SUMMARIES)
def test_the_page_stays_small(request: pytest.FixtureRequest, name: str) -> None:
    assert len(html_report(request.getfixturevalue(name)).encode()) < 300_000


def test_marks_join_neighbouring_sources() -> None:
    citations = Citations()
    first = citations.mark(("device",))
    several = citations.mark(("design", "device", "roos_2012"))
    assert first is not None
    assert several is not None
    assert (first.numbers, several.numbers, several.first) == ("1", "1–3", 1)
    apart = citations.mark(("device", "roos_2012"))
    assert apart is not None
    assert apart.numbers == "1,3"
    assert citations.mark(()) is None


def test_source_in_one_line() -> None:
    told = source_words(bibliography()["williford_1998"])
    assert told.startswith("Williford, Olson")
    assert "(1998)" in told
    assert "n = 13" in told


# -- in a browser -----------------------------------------------------------------------------------------------------


def in_browser(page: str, folder: Path) -> str:
    """The page's elements after its script ran."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install chromium to try the page in a browser")
    file = folder / "page.html"
    file.write_text(page, encoding="utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", *QUIET, f"--user-data-dir={folder / 'profile'}"]
    found = subprocess.run([*command, "--dump-dom", file.as_uri()], capture_output=True, timeout=120, check=True)
    return found.stdout.decode()


def with_driver(page: str, code: str) -> str:
    """The page without its policy, with a test's own script at the end."""
    free = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    return free.replace("</body>", f"<script>{code}</script></body>")


def test_the_script_runs_under_its_own_policy(repeats_summary: Summary, tmp_path: Path) -> None:
    dom = in_browser(html_report(repeats_summary), tmp_path)
    assert dom.count('role="slider"') == 4  # two drawings in two widths
    assert 'aria-valuetext="4:30 · forward ›' in dom


def test_a_forged_script_does_not_run(repeats_summary: Summary, tmp_path: Path) -> None:
    forged = html_report(repeats_summary).replace("</body>", "<script>document.title='forged'</script></body>")
    assert "<title>forged" not in in_browser(forged, tmp_path)


def test_arrow_keys_read_the_drawing(repeats_summary: Summary, tmp_path: Path) -> None:
    code = """
    const box = [...document.querySelectorAll('.cursor')].find((e) => e.offsetParent);
    for (let i = 0; i < 40; i++) box.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }));
    document.title = document.querySelector('.readout').textContent;
    """
    title = re.search(r"<title>(.*?)</title>", in_browser(with_driver(html_report(repeats_summary), code), tmp_path))
    assert title is not None
    assert title[1].startswith("5:10 · ‹ backward · 1.6")
    assert "heart rate" in title[1]


def test_nothing_sticks_out(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Every report in frames of a phone's, a tablet's and a desktop's width, all in one browser start."""
    pages = [html_report(request.getfixturevalue(name), hide_radius_m=100) for name in SUMMARIES]
    content = json.dumps(pages).replace("</", "<\\/")
    frames = f"""<!doctype html><body><script>
    const wide = [];
    for (const page of {content}) for (const width of [390, 700, 1280]) {{
      const frame = document.body.appendChild(document.createElement('iframe'));
      frame.style = `width:${{width}}px;height:900px;border:0`;
      frame.onload = () => {{
        wide.push(frame.contentDocument.documentElement.scrollWidth - width);
        document.title = `over ${{wide}}`;
      }};
      frame.srcdoc = page;
    }}
    </script>"""
    title = re.search(r"<title>over ([-\d,]+)</title>", in_browser(frames, tmp_path))
    assert title is not None
    over = [int(number) for number in title[1].split(",")]
    assert len(over) == 3 * len(SUMMARIES)
    assert max(over) <= 0
