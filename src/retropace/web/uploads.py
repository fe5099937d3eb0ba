"""Uploads: a form read as it arrives, its files spooled to the disk, and an end put to what would never end."""

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.types import Message

#: A form's fields hold no more than this [bytes] each, and there are no more of them.
LARGEST_FIELD_BYTES, MOST_FIELDS = 200_000, 2000
#: What all fields of a form hold together [bytes]; its files come beside them.
LARGEST_FORM_BYTES = 2_000_000
_FORMS = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})
# From this size on a file lies on the disk and not in memory: 500 small ones at once must not fill it.
MultiPartParser.spool_max_size = 1 << 16


async def form_of(request: Request, most_files: int, most_bytes: int) -> FormData:
    """What a form brought: at most `most_files` files of `most_bytes` in all; nothing where it is no form.

    Raises HTTPException: 413 where it is more, 507 where the disk is full, 400 where it cannot be read.
    """
    most_bytes += LARGEST_FORM_BYTES
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in _FORMS:
        return FormData()
    if _claimed_bytes(request) > most_bytes:
        raise HTTPException(413)
    try:
        form: FormData = await _counted(request, most_bytes).form(
            max_files=most_files, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD_BYTES
        )
    except OSError as error:
        raise HTTPException(507) from error
    return form


async def body_of(request: Request, most_bytes: int) -> bytes:
    """What a request brought that is no form. Raises HTTPException 413 where it is more than `most_bytes`."""
    if _claimed_bytes(request) > most_bytes:
        raise HTTPException(413)
    return await _counted(request, most_bytes).body()


def _claimed_bytes(request: Request) -> int:
    claimed = request.headers.get("content-length", "")
    return int(claimed) if claimed.isdecimal() and len(claimed) < 20 else 0


def _counted(request: Request, most_bytes: int) -> Request:
    """The same request, which breaks off where more arrives than it may bring, whatever length it claimed."""
    arrived = 0

    async def receive() -> Message:
        nonlocal arrived
        message = await request.receive()
        arrived += len(message.get("body", b""))
        if arrived > most_bytes:
            raise HTTPException(413)
        return message

    return Request(request.scope, receive)
