"""Uploads: what is too much, or cannot be read as a form, is answered in a sentence."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from retropace.web import uploads
from retropace.web.doors import Door
from retropace.web.pages import intake_page

if TYPE_CHECKING:
    from starlette.types import Message

    from .conftest import Client


def request(body: bytes, kind: str, length: int | None = None, piece: int = 1000) -> Request:
    pieces = [body[start : start + piece] for start in range(0, len(body), piece)] or [b""]

    async def receive() -> "Message":
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    headers = [(b"content-type", kind.encode())]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    return Request(
        {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b"", "app": None}, receive
    )


def read(made: Request, most_files: int = 2, most_bytes: int = 0) -> dict[str, object]:
    """The form's fields, files by their names."""
    import anyio

    async def form() -> dict[str, object]:
        found = await uploads.form_of(made, most_files, most_bytes)
        told = {name: getattr(value, "filename", value) for name, value in found.items()}
        await found.close()
        return told

    with ThreadPoolExecutor(1) as elsewhere:  # a browser of another test may keep this thread's loop
        return elsewhere.submit(anyio.run, form).result()


PLAIN = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"


def file_part(name: str, content: bytes) -> bytes:
    head = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n"


def test_a_form_is_read() -> None:
    assert read(request(b"a=1&b=2", PLAIN))["b"] == "2"
    assert read(request(file_part("a.fit", b"123") + b"--x--\r\n", PARTS)) == {"files": "a.fit"}


def test_no_form_brings_nothing() -> None:
    assert not read(request(b"{}", "application/json", length=10**12))


def test_too_much_is_refused_before_it_comes() -> None:
    with pytest.raises(HTTPException) as told:
        read(request(b"a=1", PLAIN, length=10**12))
    assert told.value.status_code == 413


def test_too_much_is_broken_off_whatever_length_it_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST_FORM_BYTES", 5000)
    body = file_part("a.fit", b"x" * 20_000) + b"--x--\r\n"
    assert read(request(body, PARTS, length=10), most_bytes=20_000)
    with pytest.raises(HTTPException) as told:
        read(request(body, PARTS, length=10), most_bytes=10_000)
    assert told.value.status_code == 413


def test_too_many_files_are_refused() -> None:
    body = b"".join(file_part(f"{n}.fit", b"x") for n in range(3)) + b"--x--\r\n"
    with pytest.raises(HTTPException, match="Too many files"):
        read(request(body, PARTS), most_files=2, most_bytes=10**6)


def test_what_is_no_form_at_all(client: "Client") -> None:
    answer = client.post("/sessions/import", content=b"nonsense", headers={"content-type": "multipart/form-data"})
    assert answer.status_code == 400
    assert "could not be read" in answer.text


def test_a_full_disk_is_a_sentence(client: "Client", monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("starlette.formparsers.SpooledTemporaryFile", full)
    answer = client.post("/sessions/import", files=[("files", ("a.fit", b"x"))])
    assert answer.status_code == 507
    assert "There is no room on the disk" in answer.text


def test_only_doors_that_ask_for_files_take_any() -> None:
    assert {door.path for door in intake_page.DOORS if door.most_files} == {
        "/sessions/import",
        "/sessions/import/one",
        "/sessions/share",
    }
    assert Door("/x", intake_page.add).most_files == 0
