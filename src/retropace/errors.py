"""The few ways retropace refuses, each with the facts a caller can act on.

A message is one sentence of what happened and where, then one of what to do. The command line prints it and leaves with
`exit_code`; nothing else of ours is ever raised on purpose.
"""

from typing import ClassVar


def printable(words: str) -> str:
    """`words` that may come from a file, without characters that would steer a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in words)


def writable(name: str) -> str:
    r"""A file's name as text that can be written: a disk may hold names that are no Unicode.

    >>> writable(b"caf\xe9.fit".decode("utf-8", "surrogateescape"))
    'caf?.fit'
    """
    return name.encode("utf-8", "replace").decode()


class RetropaceError(Exception):
    """Base of every error of ours. `str(error)` is what a person reads.

    >>> str(UnreadableFile("The file ends in the middle of a record", file="run.fit", offset=812, remedy="Copy it again."))
    'The file ends in the middle of a record (run.fit, byte 812). Copy it again.'
    """

    exit_code: ClassVar[int] = 2

    def __init__(
        self,
        what: str,
        *,
        file: str | None = None,
        field: str | None = None,
        offset: int | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.file = None if file is None else writable(file)
        self.field = field
        self.offset = offset
        self.remedy = remedy

    def __str__(self) -> str:
        places = [self.file, self.field, None if self.offset is None else f"byte {self.offset}"]
        where = ", ".join(place for place in places if place)
        sentence = f"{self.what} ({where})." if where else f"{self.what}."
        return printable(f"{sentence} {self.remedy}" if self.remedy else sentence)


class UnreadableFile(RetropaceError):
    """A file we know the kind of, but cannot read: damaged, empty, or refused by `strict`."""


class UnsupportedFile(RetropaceError):
    """A file of a kind we do not read; the remedy says what to export instead."""


class UnusableInput(RetropaceError):
    """A setting, option or settings file a person wrote that cannot be used; `field` names it."""


class OutOfRange(RetropaceError):
    """A number outside the range in which a model or quantity means anything."""


class UncitedValue(RetropaceError):
    """A constant, rule or claim without a known source. Raised while the package loads, so a test sees it."""


class StoreFailure(RetropaceError):
    """What is kept cannot be read or written just now: a full or read-only disk, a lock, a database out of reach."""


class Conflict(StoreFailure):
    """What was to be kept contradicts what is kept already: the name is taken, or what it belongs to is gone."""


class Damaged(StoreFailure):
    """One thing that is kept is not what it was; all else is as well as ever."""


class NotFound(RetropaceError):
    """There is no such thing, or it is not yours to see: both are told in the same words."""


class NotBegun(UnusableInput):
    """Something must come first: a screening, or saying what one wants."""


class NotSignedIn(RetropaceError):
    """Nobody is signed in, and this belongs to somebody."""


class NotAllowed(RetropaceError):
    """Whoever asks is known, and may not do this."""


class TooSoon(RetropaceError):
    """This was tried too often; the remedy says when to try again, in `wait_s` seconds."""

    def __init__(self, what: str, wait_s: float, remedy: str) -> None:
        super().__init__(what, remedy=remedy)
        self.wait_s = wait_s


def require_within(value: float | None, low: float, high: float, field: str, file: str | None = None) -> None:
    """Raise UnusableInput for a number outside `low` to `high`; None and NaN say nothing and pass.

    >>> require_within(34, 5, 110, "age_years")
    """
    if value is None or value != value or low <= value <= high:
        return
    remedy = f"Give a number from {low:g} to {high:g}, or leave it out."
    raise UnusableInput(f"{value:g} is out of range", file=file, field=field, remedy=remedy)
