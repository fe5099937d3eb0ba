"""Guard: what stands before every door: the names we answer to, headers that keep a page to itself, errors in words."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from retropace.web.house import House

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
App = Callable[[Scope, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]

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


class Guard:
    """Refuses names that are not ours (a page elsewhere may point its own name at this machine), and adds the headers."""

    def __init__(self, app: App, house: House) -> None:
        self.app = app
        self.house = house

    async def __call__(
        self,
        scope: Scope,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                extra = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in present]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        if self._known(scope):
            await self.app(scope, receive, send_guarded)
            return
        body = b"This address is not one of ours. Open the one that was printed when retropace started.\n"
        head = {"type": "http.response.start", "status": 421, "headers": [(b"content-type", b"text/plain")]}
        await send_guarded(head)
        await send({"type": "http.response.body", "body": body})

    def _known(self, scope: Scope) -> bool:
        host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        return name.lower() in self.house.hosts
