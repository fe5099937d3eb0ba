"""Killed at any moment: what was confirmed is there, what is there has no hole, and at most half a second is gone."""

import random
from pathlib import Path

import pytest

from coach_crashes import How, crash
from raw_chromium import raw_chromium
from recorded_runs import PAGE, bare_at, begin, in_page, kept, modules

__all__ = ["bare_at"]
_OFFERED = "async (modules) => (await (await import(modules.keep)).openKeep()).runs()"


@pytest.mark.parametrize("how", ["browser", "page"])
def test_a_crash_costs_at_most_half_a_second(bare_at: str, how: How) -> None:
    after_s = random.uniform(1.0, 2.5)
    one = crash(bare_at, how, after_s)
    assert one.found > 0
    assert one.confirmed_but_lost == 0, one
    assert one.lost_ms <= 500, one


def test_after_a_crash_the_run_is_offered_and_goes_on(bare_at: str, tmp_path: Path) -> None:
    with raw_chromium(tmp_path) as browser:
        page = browser.page(bare_at + PAGE)
        run = begin(page)
        in_page(
            page, "async () => { for (let i = 0; i < 30; i += 1) feel('motion', { ax: i }); await recorder.flush(); }"
        )
        browser.kill()
    with raw_chromium(tmp_path) as browser:
        page = browser.page(bare_at + PAGE)
        (offered,) = in_page(page, _OFFERED, modules())
        assert (offered["id"], offered["state"]) == (run, "open")
        begin(page, run=run)
        in_page(page, "async () => { feel('motion', { ax: 30 }); await recorder.stop(); }")
        found = kept(page, run)
        assert [row[1] for row in found.motion] == list(range(31))
        assert [mark["why"] for mark in found.marks("gap")] == ["reload"]


def test_a_page_that_is_hidden_or_frozen_has_everything_on_the_disk(bare_at: str, tmp_path: Path) -> None:
    with raw_chromium(tmp_path) as browser:
        page = browser.page(bare_at + PAGE)
        run = begin(page, flush_ms=60_000)  # only what a page does when it goes out of sight
        in_page(page, "async () => { for (let i = 0; i < 10; i += 1) feel('motion', { ax: i }); }")
        other = browser.page(bare_at + PAGE)
        browser.listen(0.3)
        assert len(kept(other, run).motion) == 10
        in_page(page, "async () => { for (let i = 10; i < 20; i += 1) feel('motion', { ax: i }); }")
        page.freeze()
        browser.listen(0.3)
        assert len(kept(other, run).motion) == 20
