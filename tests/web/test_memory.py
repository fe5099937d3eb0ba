"""Memory: after a large file the process is small again."""

import re
import sys
from pathlib import Path

import pytest

from retropace.web.memory import give_back


def resident_mb() -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    assert found
    return int(found.group(1)) / 1024


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much is resident here")
def test_what_was_freed_goes_back() -> None:
    give_back()
    before = resident_mb()
    kept = [b"x" * 50_000 for _ in range(2000)]
    pins = [bytes(10) for _ in range(10)]
    assert resident_mb() > before + 80
    del kept
    give_back()
    assert resident_mb() < before + 30
    assert pins


def test_it_may_be_called_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    give_back()
