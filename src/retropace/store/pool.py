"""Pool: a few connections, made when they are needed and handed from thread to thread."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from retropace.errors import StoreFailure

C = TypeVar("C")

#: How long somebody waits for a connection, or for another writer [s].
PATIENCE_S = 10.0


class Pool(Generic[C]):
    """At most `size` connections. One after which `spoilt(error)` holds is closed and not lent again."""

    def __init__(
        self,
        connect: Callable[[], C],
        close: Callable[[C], None],
        spoilt: Callable[[BaseException], bool],
        size: int = 8,
    ) -> None:
        self._connect, self._close, self._spoilt = connect, close, spoilt
        self._free = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._idle: list[C] = []
        self._closed = False

    @contextmanager
    def lent(self, begin: Callable[[C], None]) -> Iterator[C]:
        """A connection on which `begin` was called; an idle one that has died meanwhile is replaced.

        Raises StoreFailure where all stay in use, and whatever `begin` raises on a new connection.
        """
        if not self._free.acquire(timeout=PATIENCE_S):
            raise StoreFailure("The database is busy", remedy="Wait a moment and try again. Nothing was changed.")
        try:
            connection = self._begun(begin)
            try:
                yield connection
            except BaseException as error:
                self._give_back(connection, keep=not self._spoilt(error))
                raise
            self._give_back(connection, keep=True)
        finally:
            self._free.release()

    def close(self) -> None:
        """Close every idle connection now, and those in use when they come back."""
        with self._lock:
            self._closed, idle, self._idle = True, self._idle, []
        for connection in idle:
            self._close(connection)

    def __del__(self) -> None:
        self.close()

    def _begun(self, begin: Callable[[C], None]) -> C:
        while (idle := self._one_idle()) is not None:
            try:
                begin(idle)
            except BaseException as error:
                self._give_back(idle, keep=not self._spoilt(error))
                if not self._spoilt(error):
                    raise
            else:
                return idle
        made = self._connect()
        try:
            begin(made)
        except BaseException:
            self._close(made)
            raise
        return made

    def _one_idle(self) -> C | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _give_back(self, connection: C, *, keep: bool) -> None:
        with self._lock:
            if keep and not self._closed:
                self._idle.append(connection)
                return
        self._close(connection)
