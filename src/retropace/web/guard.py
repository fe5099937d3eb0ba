"""Guard: what stands before every door: the names we answer to, headers that keep a page to itself, an end to waiting."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.exceptions import HTTPException

from retropace.web.house import House

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Nothing is loaded from elsewhere, no inline script or style runs, nobody frames us.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), payment=(), usb=()",
}
#: Browsers that reached us encrypted once come encrypted for two years.
ENCRYPTED = {"strict-transport-security": "max-age=63072000"}
#: What is sent may take a minute and beside that must come at a thousand bytes a second: a slow phone does a hundred times
#: as much, whoever only wants to keep us waiting does not.
PATIENCE_S, SLOWEST_BYTES_S = 60.0, 1000.0
#: A name or address, and a port.
_HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]\s/]+)(?::\d{1,5})?")
_NOT_OURS = {"status": 421, "headers": [(b"content-type", b"text/plain")]}
_NOT_OURS_WORDS = b"This address is not one of ours. Open the one that was printed when retropace started.\n"


class Guard:
    """Refuses names that are not ours (a page elsewhere may point its own name at this machine), and adds the headers."""

    def __init__(self, app: App, house: House) -> None:
        self.app = app
        self.house = house
        self.headers = HEADERS | (ENCRYPTED if house.https and not house.paired else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] == "websocket" and not self._known(scope):
            await refuse_socket(scope, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                extra = [(k.encode(), v.encode()) for k, v in self.headers.items() if k.encode() not in present]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        if self._known(scope):
            await self.app(scope, in_time(receive), send_guarded)
            return
        await send_guarded({"type": "http.response.start", **_NOT_OURS})
        await send({"type": "http.response.body", "body": _NOT_OURS_WORDS})

    def _known(self, scope: Scope) -> bool:
        host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
        found = _HOST.fullmatch(host)
        return found is not None and (self.house.hosts is None or found[1].lower() in self.house.hosts)


async def refuse_socket(scope: Scope, send: Send) -> None:
    """Answer a websocket that asked for a name that is not ours."""
    if "websocket.http.response" in scope.get("extensions", {}):
        await send({"type": "websocket.http.response.start", **_NOT_OURS})
        await send({"type": "websocket.http.response.body", "body": _NOT_OURS_WORDS})
    else:
        await send({"type": "websocket.close", "code": 1008})


def in_time(receive: Receive, clock: Callable[[], float] = time.monotonic) -> Receive:
    """`receive` that gives up, with HTTPException 408, where what is sent does not come on."""
    began, arrived, whole = clock(), 0, False

    async def received() -> Message:
        nonlocal arrived, whole
        if whole:
            return await receive()  # only waits for the other side to hang up
        left_s = began + PATIENCE_S + arrived / SLOWEST_BYTES_S - clock()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, left_s))
        except TimeoutError as error:
            raise HTTPException(408) from error
        arrived += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        return message

    return received
