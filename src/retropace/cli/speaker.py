"""Speaker: what is heard of a session being played: through a sound device, by the terminal's bell, or not at all."""

import os
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

#: What a device is given at a time [ms]; what it is given is heard about so much later [s].
_BUFFER_MS, _LATENCY_S = 60, 0.12
#: A device that asked for nothing for so long [s] plays nothing.
_SILENT_S = 0.5


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep to itself what a system's sound library writes to standard error while it looks for devices."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


class Speaker(Protocol):
    """Something that makes a cue heard at its time."""

    @property
    def working(self) -> bool:
        """Whether what is placed is heard."""

    def place(self, at_s: float, cue: Mapping[str, object]) -> None:
        """Have a cue of `voice.voiced` heard at `at_s` of the clock."""

    def reached(self, cue: Mapping[str, object]) -> None:
        """Told when the time of a cue has come."""

    def tone(self, name: str) -> None:
        """Have a tone heard now."""

    def hush(self) -> None:
        """Take back what was placed."""

    def close(self) -> None:
        """Let go of the device."""


class Silent:
    """No sound, because nobody wants any."""

    working = True

    def place(self, at_s: float, cue: Mapping[str, object]) -> None:
        """Nothing."""

    def reached(self, cue: Mapping[str, object]) -> None:
        """Nothing."""

    def tone(self, name: str) -> None:
        """Nothing."""

    def hush(self) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Bell(Silent):
    """The terminal's bell, rung by `ring` for what begins or ends; a bell knows no words and no time ahead."""

    #: What it rings for.
    TELLS = frozenset({"reverse", "walk", "stop", "done", "alarm", "lost"})

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal

    def reached(self, cue: Mapping[str, object]) -> None:
        """Ring for a cue whose tone it knows."""
        self.tone(str(cue["tone"]))

    def tone(self, name: str) -> None:
        """Ring where it is one of what a bell tells."""
        if name in self.TELLS:
            self._terminal.write("\a")
            self._terminal.flush()


class Device:
    """The machine's own sound device. Raises OSError where there is none."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        from miniaudio import Backend, MiniaudioError, PlaybackDevice

        from retropace.voice.sound import RATE, Mixer

        self._clock, self._mixer, self._asked_s = clock, Mixer(), clock()
        real = [backend for backend in Backend if backend is not Backend.NULL]
        try:
            with _unheard():
                self._device = PlaybackDevice(
                    nchannels=2, sample_rate=RATE, buffersize_msec=_BUFFER_MS, backends=real, app_name="retropace"
                )
            self._device.start(self._blocks())
        except MiniaudioError as error:
            raise OSError(str(error)) from error

    def _blocks(self) -> Generator[bytes, int, None]:
        """What the device plays; begun before it is handed over, as the device expects it."""
        given = self._given()
        next(given)
        return given

    def _given(self) -> Generator[bytes, int, None]:
        frames = yield b""
        while True:
            self._asked_s = self._clock()
            frames = yield self._mixer.block(self._asked_s + _LATENCY_S, frames)

    @property
    def working(self) -> bool:
        """Whether it still asks for something to play."""
        return self._clock() - self._asked_s < _SILENT_S

    def place(self, at_s: float, cue: Mapping[str, object]) -> None:
        """Have a cue heard at `at_s` of the clock."""
        from retropace.voice.sound import cue_sound

        self._mixer.place(at_s, cue_sound(cue))

    def reached(self, cue: Mapping[str, object]) -> None:
        """Nothing: it sounds already."""

    def tone(self, name: str) -> None:
        """Have a tone heard now."""
        from retropace.voice.sound import tone_sound

        self._mixer.place(self._clock() + _LATENCY_S, tone_sound(name))

    def hush(self) -> None:
        """Take back what was placed."""
        self._mixer.hush()

    def close(self) -> None:
        """Let go of the device."""
        self._device.close()
