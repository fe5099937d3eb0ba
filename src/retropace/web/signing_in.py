"""Signing in: from the right password to a browser that brings a token back, and the way on from there."""

from starlette.responses import Response

from retropace.errors import NotFound, NotSignedIn, UnusableInput
from retropace.store.accounts import Account, Accounts
from retropace.store.brakes import Brakes
from retropace.store.sign_ins import SignIn, SignIns
from retropace.web.brakes import keep_known, release, take_code
from retropace.web.device import device_words
from retropace.web.frame import see_other
from retropace.web.identity import keep_sign_in
from retropace.web.language import say
from retropace.web.visit import Visit

_LONGEST_NEXT, _LONGEST_PASSWORD = 500, 1000


def require_accounts(visit: Visit) -> None:
    """Raise NotFound in a house without accounts."""
    if not visit.house.accounts:
        raise NotFound("Nobody signs in here: this is one person's own", remedy="Open Today.")


def account_of(visit: Visit) -> Account:
    """The account of whoever is signed in. Raises NotFound in a house without accounts."""
    require_accounts(visit)
    return Accounts(visit.house.database).of(visit.viewer_id)


def sign_in_of(visit: Visit) -> SignIn:
    """By what this browser is signed in. Raises NotSignedIn."""
    if visit.visitor is None or visit.visitor.sign_in is None:
        raise NotSignedIn("Nobody is signed in", remedy="Sign in first.")
    return visit.visitor.sign_in


def password_in(visit: Visit, field: str) -> str:
    """A password exactly as it was typed, blanks and all."""
    value = visit.form.get(field)
    return value[:_LONGEST_PASSWORD] if isinstance(value, str) else ""


def require_password(visit: Visit, field: str = "password") -> Account:
    """The account, where its password was typed once more. Raises UnusableInput, TooSoon."""
    account = account_of(visit)
    take_code(visit.house, visit.request, account.login)
    if not Accounts(visit.house.database).knows(account, password_in(visit, field)):
        raise UnusableInput(say("This is not your password"), field=field, remedy=say("Try once more."))
    release(visit.house, visit.request, account.login)
    return account


def begin_half(visit: Visit, account: Account, path: str) -> Response:
    """The password was right: ask for the code of the second step next."""
    _end_present(visit)
    token = _begun(visit, account, half=True)
    response = see_other(visit, path)
    keep_sign_in(visit.house, response, token)
    return response


def complete(visit: Visit, account: Account, path: str, said: str = "") -> Response:
    """Sign this browser in, under a token that nobody had before, and go on to `path`."""
    _end_present(visit)
    token = _begun(visit, account)
    release(visit.house, visit.request, account.login)
    Brakes(visit.house.database).sweep(visit.house.clock())
    SignIns(visit.house.database).sweep(visit.house.clock())
    response = see_other(visit, path, said)
    keep_sign_in(visit.house, response, token)
    keep_known(visit.house, visit.request, response, account.login)
    return response


def renewed(visit: Visit, response: Response) -> Response:
    """The same response under a new token, for when the password or the second step changed."""
    account = account_of(visit)
    SignIns(visit.house.database).end_all(account.person_id)
    keep_sign_in(visit.house, response, _begun(visit, account))
    return response


def safe_path(text: str) -> str:
    """A path of ours to go on to; Today where it is anything else.

    >>> safe_path("/log/2026-11-22?x=1"), safe_path("//evil.example"), safe_path("https://evil.example")
    ('/log/2026-11-22?x=1', '/', '/')
    """
    fits = len(text) <= _LONGEST_NEXT and text.isprintable() and "\\" not in text
    inside = text.startswith("/") and not text.startswith(("//", "/sign-"))
    return text if fits and inside else "/"


def _begun(visit: Visit, account: Account, *, half: bool = False) -> str:
    device = device_words(visit.request.headers.get("user-agent", ""))
    return SignIns(visit.house.database).begin(account.person_id, device, visit.house.clock(), half=half)


def _end_present(visit: Visit) -> None:
    """A browser has one sign-in: what it had before ends."""
    present = None if visit.visitor is None else visit.visitor.sign_in or visit.visitor.half
    if present is not None:
        SignIns(visit.house.database).end(present)
