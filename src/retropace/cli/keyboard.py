"""Keyboard: single keys as they are pressed, where there is a terminal; else first letters of lines."""

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

#: Ctrl-D where keys come one by one.
_END = "\x04"


class Keyboard:
    """Keys from one stream; `raw` while they come one by one, without Enter."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdin
        self._open = True
        self.raw = False

    def key(self, wait_s: float) -> str:
        """The key pressed within `wait_s`, "" where none was. A line without a letter is the space bar."""
        if sys.platform == "win32":
            return self._key_of_windows(wait_s)
        if not self._open:
            time.sleep(wait_s)
            return ""
        ready, _, _ = select.select([self._stream], [], [], wait_s)
        return self._read() if ready else ""

    def _read(self) -> str:
        """One key; what a raw terminal sends for one that is no letter is dropped as a whole."""
        if self.raw:
            sent = os.read(self._stream.fileno(), 32).decode(errors="replace")
            return "" if sent.startswith("\x1b") else "q" if sent.startswith(_END) else sent[:1].lower()
        line = self._stream.readline()
        self._open = bool(line)
        return (line.strip()[:1] or " ").lower() if line else ""

    def _key_of_windows(self, wait_s: float) -> str:
        import msvcrt

        ends_s = time.monotonic() + wait_s
        while not msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore]
            left_s = ends_s - time.monotonic()
            if left_s <= 0:
                return ""
            time.sleep(min(0.02, left_s))
        return str(msvcrt.getwch()).lower()  # type: ignore[attr-defined,unused-ignore]

    @contextmanager
    def one_by_one(self) -> Iterator[None]:
        """Take keys without Enter while in here, where the stream is a terminal; what was set before is set again.

        Ctrl-Z gives the terminal back before the program sleeps, and takes it again afterwards.
        """
        if sys.platform == "win32" or not self._stream.isatty():
            yield
            return
        import termios
        import tty

        number = self._stream.fileno()
        before = termios.tcgetattr(number)

        def asleep(which: int, frame: FrameType | None) -> None:  # noqa: ARG001  the form of a signal's function
            termios.tcsetattr(number, termios.TCSADRAIN, before)
            os.kill(os.getpid(), signal.SIGSTOP)
            tty.setcbreak(number)

        earlier = signal.signal(signal.SIGTSTP, asleep)
        try:
            tty.setcbreak(number)
            self.raw = True
            yield
        finally:
            self.raw = False
            termios.tcsetattr(number, termios.TCSADRAIN, before)
            signal.signal(signal.SIGTSTP, earlier)
