"""Originals: files as they came, kept once a person by the checksum of the whole, in compressed pieces."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from retropace.errors import Damaged
from retropace.store.database import Transaction

#: An original is kept in pieces of this size before compression [bytes], so that no row grows out of hand.
_PIECE_BYTES = 1 << 20
#: The quickest level takes FIT files at 46 MB/s to 51 % where the usual one takes them at 17 MB/s to 48 % (measured).
_LEVEL = 1
#: What begins like this is compressed already: zip, gzip.
_PACKED = (b"PK\x03\x04", b"\x1f\x8b")


@dataclass(frozen=True, slots=True)
class Original:
    """A file ready to be kept: packed before the transaction begins, so that nobody waits for that."""

    sha256: str
    size_bytes: int
    pieces: tuple[bytes, ...]


def original_of(content: bytes) -> Original:
    """`content` packed for keeping."""
    return Original(hashlib.sha256(content).hexdigest(), len(content), tuple(_pieces(content)))


def _pieces(content: bytes) -> Iterator[bytes]:
    level = 0 if content.startswith(_PACKED) else _LEVEL
    for start in range(0, len(content), _PIECE_BYTES):
        yield zlib.compress(content[start : start + _PIECE_BYTES], level)


def put(now: Transaction, person_id: str, original: Original) -> None:
    """Keep an original that is not kept yet."""
    now.run(
        "INSERT INTO original (person, sha256, size_bytes) VALUES (:person, :sha256, :size_bytes)",
        person=person_id,
        sha256=original.sha256,
        size_bytes=original.size_bytes,
    )
    _put_pieces(now, person_id, original)


def _put_pieces(now: Transaction, person_id: str, original: Original) -> None:
    for number, piece in enumerate(original.pieces):
        now.run(
            "INSERT INTO piece (person, sha256, number, content) VALUES (:person, :sha256, :number, :content)",
            person=person_id,
            sha256=original.sha256,
            number=number,
            content=piece,
        )


def take(now: Transaction, person_id: str, sha256: str, name: str) -> bytes:
    """The file as it came. Raises Damaged where what is kept is not what came; `name` is for the message."""
    rows = now.all(
        "SELECT content FROM piece WHERE person = :person AND sha256 = :sha256 ORDER BY number",
        person=person_id,
        sha256=sha256,
    )
    try:
        content = b"".join(zlib.decompress(row[0]) for row in rows if isinstance(row[0], bytes))
    except zlib.error:
        content = b""
    if hashlib.sha256(content).hexdigest() != sha256:
        remedy = "Bring back a backup, or import the file again."
        raise Damaged("The original is damaged where it is kept", file=name, remedy=remedy)
    return content


def heal(now: Transaction, person_id: str, original: Original) -> bool:
    """Put an original in the place of a damaged one; whether that one was damaged."""
    try:
        take(now, person_id, original.sha256, "")
    except Damaged:
        now.run(
            "DELETE FROM piece WHERE person = :person AND sha256 = :sha256", person=person_id, sha256=original.sha256
        )
        _put_pieces(now, person_id, original)
        return True
    return False


def remove(now: Transaction, person_id: str, sha256: str) -> None:
    """Delete an original and, with it, the recording read from it."""
    for table in ("recording", "original"):
        now.run(
            f"DELETE FROM {table} WHERE person = :person AND sha256 = :sha256",  # noqa: S608 - our own words
            person=person_id,
            sha256=sha256,
        )
