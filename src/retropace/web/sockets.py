"""Sockets: where the phones of a runner and their spotters reach the run's room; STOP by post, where no socket opens."""

from functools import partial
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from retropace.errors import NotFound, RetropaceError, StoreFailure, TooSoon, UnusableInput
from retropace.store.spotter_links import SpotterLinks, Spotting
from retropace.store.token import checksum
from retropace.web.brakes import take_guess
from retropace.web.failure import as_json
from retropace.web.house import House
from retropace.web.identity import visitor
from retropace.web.language import say
from retropace.web.link import (
    ENDED,
    MALFORMED,
    NOBODY,
    NOT_YOURS,
    TOO_MANY,
    Full,
    Gone,
    NotTheirs,
    Room,
    Seat,
    converse,
)
from retropace.web.link_messages import FROM_SPOTTER, MOST_BYTES, Malformed, is_identity, read
from retropace.web.uploads import body_of

_STATUS = {UnusableInput: 400, NotFound: 404, TooSoon: 429, StoreFailure: 503}


class Refused(Exception):
    """Why a socket is closed again at once: a code that the page knows, and words for whoever reads along."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


def socket_routes(house: House) -> list[BaseRoute]:
    """The addresses of a run's link: the runner's, a spotter's, and a spotter's STOP by post."""
    return [
        WebSocketRoute("/coach/runs/{run}/link", partial(_open, house, True)),  # noqa: FBT003 - of the runner
        WebSocketRoute("/spot/{token}/link", partial(_open, house, False)),  # noqa: FBT003
        Route("/spot/{token}/stop", partial(_stop, house), methods=["POST"]),
    ]


# -- sockets ------------------------------------------------------------------------------------------------------------


async def _open(house: House, of_runner: bool, socket: WebSocket) -> None:  # noqa: FBT001
    """A socket opens once its phone has its place: whoever sees it open is in the room."""
    if not from_here(socket):
        await socket.close(1008)  # before it was accepted: the page elsewhere sees a 403
        return
    try:
        room, seat = await (_runner if of_runner else _spotter)(house, socket)
    except Refused as refused:
        await _turn_away(socket, refused.code, str(refused))
    except RetropaceError as error:
        await _turn_away(socket, 1013, error.what[:100])  # the page tries again in a while
    else:
        try:
            await socket.accept()
        except BaseException:
            room.leave(seat)
            raise
        await converse(room, seat, _Texts(socket))


async def _turn_away(socket: WebSocket, code: int, why: str) -> None:
    """Only a socket that was accepted can be told a code and words."""
    await socket.accept()
    await socket.close(code, why)


def from_here(asking: HTTPConnection) -> bool:
    """Whether a page of ours opens this socket: browsers say from which origin, and no page can change what they say."""
    try:
        origin = urlsplit(asking.headers.get("origin", "")).netloc.lower()
    except ValueError:
        return False
    return bool(origin) and origin == asking.headers.get("host", "").lower()


async def _runner(house: House, socket: WebSocket) -> tuple[Room, Seat]:
    """The place of somebody's own phone in the room of their own run. Raises Refused."""
    page = _page(house, socket)
    who = (await run_in_threadpool(visitor, house, socket)).person_id
    if not who:
        raise Refused(NOBODY, "Sign in first")
    run = str(socket.path_params["run"])
    if not is_identity(run):
        raise Refused(ENDED, "There is no such run")
    room = _room(house, who, run)
    return room, room.enter_runner(page)


async def _spotter(house: House, socket: WebSocket) -> tuple[Room, Seat]:
    """The place of a phone that brings a token. Raises Refused."""
    page = _page(house, socket)
    found = await spotting(house, str(socket.path_params["token"]), socket)
    if found is None:
        raise Refused(ENDED, "This invitation has ended, or never was one")
    room = _room(house, found.person_id, found.run)
    try:
        return room, room.enter_spotter(page)
    except Full as full:
        raise Refused(TOO_MANY, "There are enough spotters") from full


def _page(house: House, socket: WebSocket) -> str:
    """What a page calls itself, so that it takes its own old place when it comes back. Raises Refused."""
    page = socket.query_params.get("page")
    if not is_identity(page):
        raise Refused(MALFORMED, "The page does not say which it is")
    try:
        house.links.require_place()
    except Full as full:
        raise Refused(TOO_MANY, "There are too many links just now") from full
    return str(page)


def _room(house: House, person_id: str, run: str) -> Room:
    try:
        return house.links.room(person_id, run)
    except NotTheirs as error:
        raise Refused(NOT_YOURS, "This run is not yours") from error
    except Full as error:
        raise Refused(TOO_MANY, "You have too many runs just now") from error


class _Texts:
    """A websocket as a room needs it. What is no text is taken for an empty one, which says nothing."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def receive_text(self) -> str:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise Gone
        return str(message.get("text") or "")

    async def send_text(self, data: str) -> None:
        try:
            await self._socket.send_text(data)
        except (WebSocketDisconnect, RuntimeError) as error:
            raise Gone from error

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        try:
            await self._socket.close(code, reason)
        except (WebSocketDisconnect, RuntimeError) as error:
            raise Gone from error


# -- tokens -------------------------------------------------------------------------------------------------------------


async def spotting(house: House, token: str, asking: HTTPConnection) -> Spotting | None:
    """What a spotter's token opens, None for one that opens nothing. Raises TooSoon after too many of those."""
    now = house.clock()
    found = house.links.opens(checksum(token), now)
    if found is None:
        found = await run_in_threadpool(known_spotting, house, token, asking)
    return found


def known_spotting(house: House, token: str, asking: HTTPConnection) -> Spotting | None:
    """The same, as the database knows it."""
    found = SpotterLinks(house.database).find(token, house.clock())
    if found is None:
        take_guess(house, asking)
    else:
        house.links.remember(found, house.clock())
    return found


def end_spotting(house: House, person_id: str, run: str) -> bool:
    """Let the link to this run open nothing any more, and whoever came by it leave; whether there was one."""
    ended = SpotterLinks(house.database).end(person_id, run)
    if ended:
        house.links.forget(person_id)
    return ended


# -- STOP by post -------------------------------------------------------------------------------------------------------


async def _stop(house: House, request: Request) -> Response:
    """Latch a STOP. Needs no cookie and no page of ours: who has the token may stop the run, and do nothing else."""
    try:
        told = read(await body_of(request, MOST_BYTES), {"stop": FROM_SPOTTER["stop"]})
        found = await spotting(house, str(request.path_params["token"]), request)
        if found is None:
            raise NotFound(say("This invitation has ended, or never was one"))
        room = house.links.room(found.person_id, found.run)
        if not room.posts.allows():
            raise TooSoon(say("These are too many at once"), 1.0, say("Wait a second."))
    except (Malformed, HTTPException, Full, NotTheirs) as error:
        return as_json(UnusableInput(say("This STOP cannot be understood"), remedy=str(error)), 400)
    except RetropaceError as error:
        return as_json(error, next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 400))
    obeyed = room.stop(told["id"], told["at_ms"])
    answer = {"id": told["id"], "state": "stopped" if obeyed else "latched", "runner": room.runner is not None}
    return JSONResponse(answer, 200, headers={"cache-control": "no-store"})
