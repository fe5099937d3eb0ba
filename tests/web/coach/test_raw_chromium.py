"""The raw client itself: pages are really hidden, frozen and killed."""

from pathlib import Path

import pytest

from raw_chromium import Refused, raw_chromium

SEEN = "document.visibilityState"
COUNTING = "self.n = 0; setInterval(() => { self.n += 1 }, 100); 0"


def test_a_page_is_hidden_frozen_and_killed(coach_at: str, tmp_path: Path) -> None:
    with raw_chromium(tmp_path) as browser:
        page = browser.page(coach_at + "/evidence")
        assert page.evaluate(SEEN) == "visible"
        page.evaluate("localStorage.kept = 'yes'")
        other = browser.page()
        assert page.evaluate(SEEN) == "hidden"
        page.show()
        assert page.evaluate(SEEN) == "visible"
        other.close()
        page.minimize()
        assert page.evaluate(SEEN) == "hidden"
        page.restore()
        assert page.evaluate(SEEN) == "visible"
        page.evaluate(COUNTING)
        page.freeze()
        before = page.evaluate("self.n")
        browser.listen(0.6)
        assert page.evaluate("self.n") == before
        page.thaw()
        browser.listen(0.6)
        assert page.evaluate("self.n") > before
        with pytest.raises(Refused, match="nobody"):
            page.evaluate("nobody()")
        browser.listen(1)
        browser.kill()
        assert browser.process.returncode == -9
