"""Link, its messages: what a runner's and a spotter's phone may say to each other, each a flat JSON object with its kind."""

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

#: The longest message [bytes]: a state is the longest there is, and takes 300.
MOST_BYTES = 4096
_MOST_KEYS, _LONGEST_WORDS = 32, 120
_IDENTITY = re.compile(r"[A-Za-z0-9-]{8,64}")
Check = Callable[[object], bool]


class Malformed(ValueError):
    """A message that none of our pages sends."""


def is_identity(value: object) -> bool:
    """Whether something names a STOP, a page or a run: letters, digits and hyphens, 8 to 64 of them."""
    return isinstance(value, str) and _IDENTITY.fullmatch(value) is not None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_words(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_WORDS and value.isprintable()


def _is_plain(value: object) -> bool:
    return value is None or _is_flag(value) or _is_number(value) or _is_words(value)


def _is_state(value: object) -> bool:
    """A flat table of plain values."""
    return (
        isinstance(value, dict)
        and len(value) <= _MOST_KEYS
        and all(len(key) <= _LONGEST_WORDS and _is_plain(one) for key, one in value.items())
    )


#: What each kind of message of a runner brings, and of a spotter; nothing is left out and nothing added.
FROM_RUNNER: Mapping[str, Mapping[str, Check]] = {
    "beat": {"t": _is_number},
    "state": {"state": _is_state},
    "stopped": {"id": is_identity},
    "went_on": {},
    "over": {},
}
FROM_SPOTTER: Mapping[str, Mapping[str, Check]] = {
    "beat": {"t": _is_number, "visible": _is_flag},
    "hello": {"name": _is_words},
    "stop": {"id": is_identity, "at_ms": _is_number},
}


def read(text: str | bytes, kinds: Mapping[str, Mapping[str, Check]]) -> dict[str, Any]:
    """A message of one of these kinds. Raises Malformed for anything else.

    >>> read('{"k": "stop", "id": "3f2a77c1", "at_ms": 1795338000000}', FROM_SPOTTER)["id"]
    '3f2a77c1'
    """
    if len(text) > MOST_BYTES:
        raise Malformed("This is longer than a message may be")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Malformed("This is no message") from error
    checks = kinds.get(told.get("k", "")) if isinstance(told, dict) and isinstance(told.get("k"), str) else None
    if checks is None:
        raise Malformed("This kind of message is not known here")
    if told.keys() - {"k"} != checks.keys() or not all(check(told[name]) for name, check in checks.items()):
        raise Malformed("This message lacks something, or has more than it should")
    return dict(told)


def written(kind: str, **fields: object) -> str:
    """A message as it is sent."""
    return json.dumps({"k": kind, **fields}, separators=(",", ":"), allow_nan=False)
