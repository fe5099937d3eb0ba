"""Token: random words that open something. What is kept is their checksum, so that a copy of the database opens nothing."""

import hashlib
import secrets

#: A token's random part [bytes]: 256 bits cannot be guessed, so that a plain checksum of it is enough.
_BYTES = 32


def new_token(kind: str = "") -> str:
    """A token that nobody had before; `kind` comes first, so that people and scanners of leaks see what it is."""
    return f"{kind}{secrets.token_urlsafe(_BYTES)}"


def checksum(token: str) -> str:
    """What is kept of a token.

    >>> checksum("one")[:12]
    '7692c3ad3540'
    """
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
