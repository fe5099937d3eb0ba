"""Failure: a refusal in words, as a page or as JSON; one shape for every error."""

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from retropace.errors import Conflict, NotBegun, NotFound, RetropaceError, StoreFailure, UnusableInput
from retropace.web.frame import page, see_other
from retropace.web.house import House
from retropace.web.visit import Visit

_STATUS: tuple[tuple[type[RetropaceError], int], ...] = (
    (NotFound, 404),
    (Conflict, 409),
    (StoreFailure, 503),
    (RetropaceError, 400),
)


def refusal(visit: Visit, error: RetropaceError) -> Response:
    """What is answered instead of what was asked for. Where something must come first, that page is opened."""
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    if visit.request.url.path.startswith("/api/"):
        return as_json(error, status)
    if isinstance(error, NotBegun) and visit.person_id == visit.viewer_id:
        return see_other(visit, "/welcome")
    return page(visit, "failure.html", status=status, error=error)


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
    told = UnusableInput(what, remedy=remedy)
    return _page(house, request, told, status)


def broken(house: House, request: Request, error: Exception) -> Response:  # noqa: ARG001 - the server logs it
    """A fault of ours. The server writes it down; the person reads a sentence."""
    told = UnusableInput("Something went wrong on our side", remedy="What was kept before is kept. Try again.")
    return _page(house, request, told, 500)


def _page(house: House, request: Request, told: RetropaceError, status: int) -> Response:
    if request.url.path.startswith("/api/"):
        return as_json(told, status)
    stranger = Visit(request, house, "", "", FormData(), "")
    return page(stranger, "failure.html", status=status, error=told)
