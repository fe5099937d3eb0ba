"""Failure: a refusal in words, as a page or as JSON; one shape for every error."""

import logging
import math
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retropace.errors import (
    Conflict,
    NotAllowed,
    NotBegun,
    NotFound,
    NotSignedIn,
    RetropaceError,
    StoreFailure,
    TooSoon,
    UnusableInput,
)
from retropace.web.frame import page, see_other
from retropace.web.house import House
from retropace.web.identity import is_api
from retropace.web.language import say
from retropace.web.visit import Visit

_log = logging.getLogger("retropace")
_STATUS: tuple[tuple[type[RetropaceError], int], ...] = (
    (NotSignedIn, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (TooSoon, 429),
    (StoreFailure, 503),
    (RetropaceError, 400),
)


def refusal(visit: Visit, error: RetropaceError) -> Response:
    """What is answered instead of what was asked for. Where something must come first, that page is opened."""
    error = _for_strangers(visit, error)
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    if wants_json(visit.request):
        answer = as_json(error, status)
    elif isinstance(error, NotSignedIn):
        return _to_sign_in(visit)
    elif isinstance(error, NotBegun):
        return see_other(visit, "/welcome")
    else:
        answer = page(visit, "failure.html", status=status, error=error)
    if isinstance(error, TooSoon):
        answer.headers["retry-after"] = str(max(1, math.ceil(error.wait_s)))
    if isinstance(error, NotSignedIn) and is_api(visit.request):
        answer.headers["www-authenticate"] = "Bearer"
    return answer


def wants_json(request: Request) -> bool:
    """Whether a program asks: by the API, or our coach's scripts on a phone."""
    path = request.url.path
    asks = path.startswith("/coach/") and "application/json" in request.headers.get("accept", "")
    return is_api(request) or asks or path.startswith("/coach/runs") or path == "/coach/session.json"


def _for_strangers(visit: Visit, error: RetropaceError) -> RetropaceError:
    """The same refusal without what is only its owner's, or the server's, to know."""
    if visit.house.accounts and isinstance(error, StoreFailure) and not isinstance(error, Conflict):
        _log.error("%s", error)  # where the database is belongs into the server's log
        return StoreFailure("What is kept is out of reach just now", remedy="Try again in a moment.")
    if isinstance(error, NotBegun) and not visit.own:
        return NotFound("There is nothing to see here yet", remedy="They have not begun.")
    return error


def _to_sign_in(visit: Visit) -> Response:
    """First sign in, then on to what was asked for; what a form brought is lost, and that is said."""
    if visit.house.paired:
        return see_other(visit, "/pair")
    url = visit.request.url
    if visit.request.method not in ("GET", "HEAD"):
        return see_other(visit, "/sign-in", say("You were signed out, so nothing was kept. Sign in and repeat it."))
    asked = url.path + (f"?{url.query}" if url.query else "")
    return see_other(visit, "/sign-in" if asked == "/" else f"/sign-in?{urlencode({'next': asked})}")


def as_json(error: RetropaceError, status: int) -> Response:
    """The one shape of an error: {"error": {"what": ..., "where": ..., "field": ..., "remedy": ...}}."""
    told = {"what": error.what, "where": error.file, "field": error.field, "remedy": error.remedy}
    return JSONResponse({"error": told}, status)


_ASTRAY = {
    404: ("There is no such page", "Go back, or open Today."),
    405: ("This page cannot be asked for in this way", "Go back, or open Today."),
    413: ("This is more than can be sent in one go", "Send at most 500 files and 1 GB at a time."),
    507: ("There is no room on the disk to take this in", "Make room and send it again: nothing was changed."),
}


def astray(house: House, request: Request, error: Exception) -> Response:
    """There is no such page, or it cannot be asked for in this way."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    what, remedy = _ASTRAY.get(status, ("This could not be read", "Go back, or open Today."))
    if status == 413 and wants_json(request):
        remedy = "Send less in one go."
    told = UnusableInput(what, remedy=remedy)
    return _page(house, request, told, status)


def broken(house: House, request: Request, error: Exception) -> Response:  # noqa: ARG001 - the server logs it
    """A fault of ours. The server writes it down; the person reads a sentence."""
    told = UnusableInput("Something went wrong on our side", remedy="What was kept before is kept. Try again.")
    return _page(house, request, told, 500)


def _page(house: House, request: Request, told: RetropaceError, status: int) -> Response:
    if wants_json(request):
        return as_json(told, status)
    stranger = Visit(request, house, "", "", FormData(), "")
    return page(stranger, "failure.html", status=status, error=told)
