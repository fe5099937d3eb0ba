"""A wire between a browser and a house, that can be cut: it goes silent, as radio does, or breaks, as a server that dies."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_RESET = struct.pack("ii", 1, 0)


class Wire:
    """Passes on what comes until it is cut. `address` is where the house is reached over it."""

    def __init__(self, house: str) -> None:
        self._house = _place(house)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._passes = threading.Event()
        self._passes.set()
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """Nothing comes through any more, and nobody is told."""
        self._passes.clear()

    def mend(self) -> None:
        """It works again; what was under way when it was cut comes late, or never."""
        self._passes.set()

    def lead_to(self, house: str) -> None:
        """Every connection is reset; from now on it leads to another house, as after a restart."""
        self._house = _place(house)
        self._reset()

    def tear(self) -> None:
        """Every connection is reset, and none is taken."""
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # a thread that waits there would still take one more
        self._listening.close()
        self._passes.set()
        self._reset()

    def _reset(self) -> None:
        for end in [*self._ends]:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _listen(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        self._passes.wait()
        try:
            far = socket.create_connection(self._house)
        except OSError:
            near.close()
            return
        for end in (near, far):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._ends += [near, far]
        for source, sink in ((near, far), (far, near)):
            threading.Thread(target=self._pass, args=(source, sink), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while words := source.recv(65_536):
                self._passes.wait()
                sink.sendall(words)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def _place(house: str) -> tuple[str, int]:
    there = urlsplit(house)
    assert there.hostname
    assert there.port
    return there.hostname, there.port


@contextmanager
def wired(house: str) -> Iterator[Wire]:
    """A wire to a house."""
    wire = Wire(house)
    try:
        yield wire
    finally:
        wire.tear()
