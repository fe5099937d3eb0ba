"""Operation: one thing a program may ask for, with the types of what it brings and gets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from retropace.errors import UnusableInput
from retropace.web.doors import Door, Needs
from retropace.web.visit import Visit

#: Bodies of records, and of files.
MOST_RECORD_BYTES, MOST_FILE_BYTES = 1_000_000, 100_000_000
ROOT = "/api/v1"


@dataclass(frozen=True, slots=True)
class Operation:
    """`answer` gets the visit and, where something is `brought`, that; it gives a `gives`. A type of bytes is a file.

    `fails` are the statuses it may refuse with beside 400, 401, 403 and 503. `asks` are query fields with their meaning.
    """

    method: str
    path: str
    says: str
    answer: Callable[..., Any]
    gives: Any
    brings: Any = None
    fails: tuple[int, ...] = ()
    asks: tuple[tuple[str, str], ...] = ()
    needs: Needs = Needs.OWNER

    @property
    def key(self) -> str:
        """A name that is the operation's own: get_log_day."""
        words = self.path.replace("{", "").replace("}", "").strip("/").replace("/", "_").replace(".", "_")
        return f"{self.method.lower()}_{words}"


def door_of(operation: Operation) -> Door:
    """The operation as a door of the house."""

    def answer(visit: Visit) -> Response:
        if operation.brings is None:
            return told(operation.answer(visit))
        brought = visit.body if operation.brings is bytes else record_of(visit.body, operation.brings)
        return told(operation.answer(visit, brought))

    most = MOST_FILE_BYTES if operation.brings is bytes else MOST_RECORD_BYTES
    return Door(ROOT + operation.path, answer, (operation.method,), operation.needs, most_body_bytes=most)


def record_of(body: bytes, kind: Any) -> Any:
    """The record in a JSON body. Raises UnusableInput naming the field that does not fit."""
    import msgspec

    try:
        return msgspec.json.decode(body or b"null", type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        what, _, place = str(error).partition(" - at `$")
        remedy = "See the description of this API: /api/v1/openapi.json"
        raise UnusableInput(what.rstrip("."), field=place.strip("`.") or "body", remedy=remedy) from error


def told(found: Any) -> Response:
    """What was found as JSON; a response stays what it is."""
    import msgspec

    if isinstance(found, Response):
        return found
    return Response(msgspec.json.encode(found), media_type="application/json", headers={"cache-control": "no-store"})
