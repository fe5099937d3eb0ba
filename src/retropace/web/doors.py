"""Doors: every address of the app, what answers it, and who may come in. The list is tested door by door."""

import enum
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from retropace.errors import RetropaceError, UnusableInput
from retropace.web.failure import refusal
from retropace.web.house import House
from retropace.web.identity import UNSAFE, csrf_token, is_api, keep_seed, require_may, seed_of, shared_with, visitor
from retropace.web.language import speak
from retropace.web.looks import note_look
from retropace.web.uploads import body_of, form_of
from retropace.web.visit import Visit


class Needs(enum.StrEnum):
    """Who may come in."""

    NOBODY = "nobody"  # open to everybody: the sign-in page, the evidence
    OWNER = "owner"  # the person themselves


Answer = Callable[[Visit], Response]


@dataclass(frozen=True, slots=True)
class Door:
    """One address. `shares` names what an owner must share for somebody else to come in under /with/PERSON; None: nobody.

    `most_files` of `most_bytes` in all a form may bring. `shared_in`: the browser itself may post here, when somebody
    shares a file with the installed app; no page is open then that could give the form its token. A door of the API, or one
    for our own scripts, takes no form but a body of up to `most_body_bytes`; scripts send the token as the header x-csrf.
    """

    path: str
    answer: Answer
    methods: tuple[str, ...] = ("GET",)
    needs: Needs = Needs.OWNER
    shares: str | None = None
    most_files: int = 0
    most_bytes: int = 1_000_000_000
    shared_in: bool = False
    most_body_bytes: int = 0


def route(door: Door, house: House, *, shared: bool = False) -> Route:
    """The door as a route of `house`: says who asks, reads the form, and answers outside the event loop.

    `shared`: as it stands under /with/PERSON, for those to whom that person shows it.
    """

    async def endpoint(request: Request) -> Response:
        admitted = await run_in_threadpool(_admitted, door, house, request, shared=shared)
        if isinstance(admitted, Response):
            return admitted  # before anything of what was sent is read
        body = await body_of(request, door.most_body_bytes) if door.most_body_bytes else b""
        form = await _form(request, door)  # Starlette answers a form that cannot be read with a 400 of its own
        try:
            return await run_in_threadpool(_answered, door, replace(admitted, form=form, body=body))
        finally:
            await form.close()

    return Route(f"/with/{{owner}}{door.path}" if shared else door.path, endpoint, methods=list(door.methods))


async def _form(request: Request, door: Door) -> FormData:
    if request.method not in UNSAFE or door.most_body_bytes:
        return FormData()
    return await form_of(request, door.most_files, door.most_bytes if door.most_files else 0)


def _admitted(door: Door, house: House, request: Request, *, shared: bool) -> Visit | Response:
    """The visit, or what is answered to somebody who may not come in."""
    visit = Visit(request, house, "", "", FormData(), csrf_token(house, seed_of(request)))
    try:
        asking = visitor(house, request)
        visit = replace(
            visit,
            visitor=asking,
            person_id=asking.person_id,
            viewer_id=asking.person_id,
            csrf=csrf_token(house, asking.bound_to),
        )
        if door.needs is Needs.OWNER:
            require_may(asking, request)
        if request.method in UNSAFE and not (door.shared_in and by_the_browser(request)):
            require_not_elsewhere(request)
        return _with_owner(visit, door) if shared else visit
    except RetropaceError as error:
        return refusal(visit, error)


def _with_owner(visit: Visit, door: Door) -> Visit:
    """The visit to somebody who shares this door. Raises NotFound."""
    share = shared_with(visit.house, visit.viewer_id, visit.path("owner"), door.shares or "")
    return replace(visit, person_id=share.person_id, shares=share.shares, called=share.name)


def _answered(door: Door, visit: Visit) -> Response:
    request = visit.request
    try:
        speak(visit.settings.language)
        if request.method in UNSAFE and door.most_body_bytes and is_api(request):
            require_no_form(request)
        elif request.method in UNSAFE and not (door.shared_in and by_the_browser(request)):
            require_own_form(visit)
        response = door.answer(visit)
        if visit.shares is not None and response.status_code < 400:
            note_look(visit, response)
    except RetropaceError as error:
        response = refusal(visit, error)
    keep_seed(visit.house, request, response)
    return response


def by_the_browser(request: Request) -> bool:
    """Whether the browser says that no other site made it send this: "none" is the person's own doing, outside any page.

    No page can write this header, and browsers that do not send it cannot share files with an app either.
    """
    return request.headers.get("sec-fetch-site") in ("none", "same-origin")


def require_not_elsewhere(request: Request) -> None:
    """Raise UnusableInput for what a page of another site made the browser send; old browsers do not say where from."""
    elsewhere = request.headers.get("sec-fetch-site", "same-origin") not in ("none", "same-origin")
    origin = request.headers.get("origin")
    if elsewhere or (origin is not None and _host_in(origin) != request.headers["host"].lower()):
        raise UnusableInput("This was sent from another site", remedy="Open the page here and repeat it.")


def _host_in(origin: str) -> str:
    """Name and port of an origin, "" where it is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def require_own_form(visit: Visit) -> None:
    """Raise UnusableInput for a form that was not made by a page of this house for this browser."""
    sent = visit.request.headers.get("x-csrf") or visit.form.get("csrf")
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), visit.csrf.encode()):
        raise UnusableInput("This form is too old or came from elsewhere", remedy="Load the page again and repeat it.")


#: What a program sends. A page elsewhere can make a browser send forms and plain text unasked, but never these.
_BODIES = frozenset({"application/json", "application/octet-stream"})


def require_no_form(request: Request) -> None:
    """Raise UnusableInput for a request to the API that a page of somebody else's could have made a browser send."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method == "POST" and kind not in _BODIES:
        remedy = "Send content-type application/json, or application/octet-stream for a file."
        raise UnusableInput("This request does not say that a program made it", field="content-type", remedy=remedy)
