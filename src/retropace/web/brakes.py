"""Brakes of the doors: how often somebody may try a password or a code, and what keeps others from locking them out.

A try from a browser that signed in to this account before counts in a bucket of its own: whoever guesses elsewhere cannot
empty it. All others share one bucket an account and one a network; each lets a try through again after seconds or minutes.
"""

import hashlib
import hmac
import ipaddress
import secrets

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from retropace.errors import TooSoon
from retropace.store.brakes import Brake, Brakes
from retropace.web.house import House

KNOWN_COOKIE = "retropace_known"
_KNOWN_DAYS = 365
#: Tries at once, then one more each so many seconds.
FROM_KNOWN = Brake(10, 60)
FROM_NETWORK_TO_ACCOUNT = Brake(5, 120)
FROM_NETWORK = Brake(30, 30)
TO_ACCOUNT = Brake(50, 20)
CODES = Brake(5, 120)
SIGN_UPS = Brake(5, 3600)
GUESSES = Brake(20, 10)


def take_try(house: House, request: Request, login: str) -> None:
    """Count a try to sign in as `login`. Raises TooSoon where there were too many."""
    brakes, now, (own, account, pair) = Brakes(house.database), house.clock(), _buckets(house, request, login)
    if own is not None:
        brakes.take(own, FROM_KNOWN, now)
        return
    brakes.take(pair, FROM_NETWORK_TO_ACCOUNT, now)
    brakes.take(f"network {network(request)}", FROM_NETWORK, now)
    try:
        brakes.take(account, TO_ACCOUNT, now)
    except TooSoon as error:
        remedy = f"{error.remedy} A browser in which you signed in before is not held up."
        raise TooSoon("Somebody tries many passwords for this name", error.wait_s, remedy) from error


def take_code(house: House, request: Request, login: str) -> None:
    """Count a try of a second step, or of the password of somebody who is signed in. Raises TooSoon."""
    own, _, _ = _buckets(house, request, login)
    Brakes(house.database).take(f"code {own or _word(login)}", CODES, house.clock())


def take_sign_up(house: House, request: Request) -> None:
    """Count an account made. Raises TooSoon."""
    Brakes(house.database).take(f"sign-up {network(request)}", SIGN_UPS, house.clock())


def take_guess(house: House, asking: HTTPConnection) -> None:
    """Count a secret address that leads nowhere. Raises TooSoon where there were too many."""
    Brakes(house.database).take(f"guess {network(asking)}", GUESSES, house.clock())


def release(house: House, request: Request, login: str) -> None:
    """The try was right: it counts for nothing, nor do the ones before it from here."""
    own, _, pair = _buckets(house, request, login)
    Brakes(house.database).forget(own or pair, f"code {own or _word(login)}")


def buckets_of(login: str) -> tuple[str, ...]:
    """What holds up everybody who signs in as `login`."""
    return (f"account {_word(login)}", f"code {_word(login)}")


def network(request: HTTPConnection) -> str:
    """Whoever has one address of version 6 has the 2^64 beside it as well."""
    address = request.client.host if request.client else ""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return address


def keep_known(house: House, request: Request, response: Response, login: str) -> None:
    """Let the browser show later that somebody signed in to `login` with it."""
    if _device(house, request, login) is None:
        device = secrets.token_hex(8)
        value = f"{device}.{_signed(house, device, login)}"
        response.set_cookie(
            KNOWN_COOKIE,
            value,
            max_age=_KNOWN_DAYS * 86_400,
            httponly=True,
            samesite="lax",
            secure=house.https,
            path="/sign-in",
        )


def _buckets(house: House, request: Request, login: str) -> tuple[str | None, str, str]:
    """The bucket of a browser that is known (None: it is not), of the account, and of account and network."""
    device = _device(house, request, login)
    own = None if device is None else f"known {_word(login)} {device}"
    return own, f"account {_word(login)}", f"pair {_word(login)} {network(request)}"


def _device(house: House, request: Request, login: str) -> str | None:
    device, _, signature = request.cookies.get(KNOWN_COOKIE, "").partition(".")
    right = hmac.compare_digest(signature.encode(), _signed(house, device, login).encode())
    return device if right else None


def _signed(house: House, device: str, login: str) -> str:
    return hmac.new(house.secret, f"known {device} {login}".encode(), hashlib.sha256).hexdigest()


def _word(login: str) -> str:
    """A login as a bucket's name: somebody may type anything, at any length."""
    return hashlib.sha256(login.encode("utf-8", "replace")).hexdigest()[:32]
