"""Protocol: HTTP/1.1 as uvicorn speaks it, which hangs up on whoever begins a request and does not go on with it."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

#: The lines before a request's content take this long at most [s].
HEAD_S = 15.0


class PatientProtocol(H11Protocol):
    """One connection. uvicorn itself waits for ever for the first line, and for the rest of a head."""

    head_s = HEAD_S
    _hanging_up: asyncio.TimerHandle | None = None
    _given_away = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody called: they have a while to say what they want."""
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Something came: a whole head ends the wait, a part of one begins it."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before or self._given_away:
            self._stop_waiting()
        elif self._hanging_up is None and (before is None or before.response_complete):  # type: ignore[redundant-expr]
            self._expect_head()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """They want a websocket: whoever speaks that has the connection from now on, and ends it."""
        self._given_away = True
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """They hung up."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        self._hanging_up = self.loop.call_later(self.head_s, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._hanging_up is not None:
            self._hanging_up.cancel()
            self._hanging_up = None
