"""Passwords: what is kept of them is an argon2id hash, made slow and large on purpose."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from retropace.errors import TooSoon, UnusableInput

if TYPE_CHECKING:
    from argon2 import PasswordHasher

#: Long beats tricky: no rule of digits and signs, as NIST SP 800-63B-4 recommends.
SHORTEST, LONGEST = 12, 200
#: Hashes made at the same time: each takes 64 MiB, and many at once would take all there is. Nobody waits long for a turn.
_AT_ONCE, _PATIENCE_S = threading.BoundedSemaphore(2), 5.0


def require_usable(password: str, login: str = "") -> None:
    """Raise UnusableInput for a password that is short, widely used, or the login itself."""
    field = "password"
    if len(password) < SHORTEST:
        remedy = f"Use {SHORTEST} characters or more. Four words in a row do well."
        raise UnusableInput("This password is too short", field=field, remedy=remedy)
    if len(password) > LONGEST:
        raise UnusableInput("This password is too long", field=field, remedy=f"Use at most {LONGEST} characters.")
    plain = password.casefold()
    if plain in _common() or len(set(plain)) < 5:
        remedy = "Many people use it, so it is tried first. Four words in a row do well."
        raise UnusableInput("This password is too well known", field=field, remedy=remedy)
    if login and login.casefold() in plain and len(plain) - len(login) < 8:
        raise UnusableInput("This password is mostly your name", field=field, remedy="Choose another.")


def hashed(password: str) -> str:
    """The hash to keep. Raises TooSoon where many are made just now."""
    with _turn():
        return _hasher().hash(_same(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether it is the password. Where none is kept, the answer takes as long. Raises TooSoon as `hashed`."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    nobody = _nobody()  # made by whoever asks first, known or not
    try:
        with _turn():
            _hasher().verify(kept or nobody, _same(password))
    except (Argon2Error, InvalidHashError):
        return False
    return kept is not None


def is_old(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(kept)


@contextmanager
def _turn() -> Iterator[None]:
    """One of the few who hash at the same time."""
    if not _AT_ONCE.acquire(timeout=_PATIENCE_S):
        raise TooSoon("Many people sign in just now", _PATIENCE_S, "Try again in a few seconds.")
    try:
        yield
    finally:
        _AT_ONCE.release()


def _same(password: str) -> str:
    """One way to write letters that keyboards write in several; what is too long to be a password is cut."""
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])


@cache
def _hasher() -> "PasswordHasher":
    """RFC 9106, section 4: the second recommended option (64 MiB, 3 passes, 4 lanes), for servers with many people."""
    from argon2 import PasswordHasher
    from argon2.profiles import RFC_9106_LOW_MEMORY

    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


@cache
def _common() -> frozenset[str]:
    """Passwords of twelve characters and more that people use most, one a line."""
    text = resources.files("retropace.store").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.splitlines())
