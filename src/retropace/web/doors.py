"""Doors: every address of the app, what answers it, and who may come in. The list is tested door by door."""

import enum
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from retropace.errors import RetropaceError, UnusableInput
from retropace.store.notebook import LOCAL
from retropace.web.failure import refusal
from retropace.web.house import House
from retropace.web.uploads import body_of, form_of
from retropace.web.visit import Visit


class Needs(enum.StrEnum):
    """Who may come in."""

    NOBODY = "nobody"  # open to everybody: the sign-in page, the evidence
    OWNER = "owner"  # the person themselves


Answer = Callable[[Visit], Response]

_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SEED_COOKIE = "retropace_seed"


@dataclass(frozen=True, slots=True)
class Door:
    """One address. `shares` names what an owner must share for somebody else to come in under /with/PERSON; None: nobody.

    `most_files` of `most_bytes` in all a form may bring. `shared_in`: the browser itself may post here, when somebody
    shares a file with the installed app; no page is open then that could give the form its token. A door of the API takes
    no form but a body of up to `most_body_bytes`.
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


def route(door: Door, house: House) -> Route:
    """The door as a route of `house`: opens the notebook, reads the form, and answers outside the event loop."""

    async def endpoint(request: Request) -> Response:
        body = await body_of(request, door.most_body_bytes) if door.most_body_bytes else b""
        form = await _form(request, door)  # Starlette answers a form that cannot be read with a 400 of its own
        try:
            return await run_in_threadpool(_answered, door, house, request, form, body)
        finally:
            await form.close()

    return Route(door.path, endpoint, methods=list(door.methods))


async def _form(request: Request, door: Door) -> FormData:
    if request.method not in _UNSAFE or door.most_body_bytes:
        return FormData()
    return await form_of(request, door.most_files, door.most_bytes if door.most_files else 0)


def _answered(door: Door, house: House, request: Request, form: FormData, body: bytes = b"") -> Response:
    seed = request.cookies.get(SEED_COOKIE) or secrets.token_urlsafe(24)
    visit = replace(_visit(house, request, form, seed), body=body)
    try:
        if request.method in _UNSAFE and door.most_body_bytes:
            require_no_form(request)
        elif request.method in _UNSAFE and not (door.shared_in and by_the_browser(request)):
            require_same_origin(visit)
        response = door.answer(visit)
    except RetropaceError as error:
        response = refusal(visit, error)
    if SEED_COOKIE not in request.cookies:
        response.set_cookie(SEED_COOKIE, seed, httponly=True, samesite="strict", secure=house.https)
    return response


def _visit(house: House, request: Request, form: FormData, seed: str) -> Visit:
    person_id = "" if house.accounts else LOCAL
    return Visit(request, house, person_id, person_id, form, csrf_token(house, seed))


def csrf_token(house: House, seed: str) -> str:
    """What a form of ours carries, so that no other site can send it in somebody's name."""
    return hmac.new(house.secret, seed.encode(), hashlib.sha256).hexdigest()


def by_the_browser(request: Request) -> bool:
    """Whether the browser says that no other site made it send this: "none" is the person's own doing, outside any page.

    No page can write this header, and browsers that do not send it cannot share files with an app either.
    """
    return request.headers.get("sec-fetch-site") in ("none", "same-origin")


def require_same_origin(visit: Visit) -> None:
    """Raise UnusableInput for a form that was not made by a page of this house for this browser."""
    sent = visit.request.headers.get("x-csrf") or visit.form.get("csrf")
    if not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), visit.csrf.encode()):
        raise UnusableInput("This form is too old or came from elsewhere", remedy="Load the page again and repeat it.")


#: What a program sends. A page elsewhere can make a browser send forms and plain text unasked, but never these.
_BODIES = frozenset({"application/json", "application/octet-stream"})


def require_no_form(request: Request) -> None:
    """Raise UnusableInput for a request to the API that a page of somebody else's could have made a browser send."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    elsewhere = request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
    if elsewhere or (request.method == "POST" and kind not in _BODIES):
        remedy = "Send content-type application/json, or application/octet-stream for a file."
        raise UnusableInput("This request does not say that a program made it", field="content-type", remedy=remedy)
