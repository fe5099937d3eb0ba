"""Account: signing in, with a second step where somebody wants one, signing out, and making an account."""

import unicodedata
from urllib.parse import urlencode

from starlette.responses import Response

from retropace.errors import NotFound, NotSignedIn, RetropaceError, TooSoon, UnusableInput
from retropace.store.accounts import Account, Accounts
from retropace.store.second_step import SecondStep
from retropace.store.sign_ins import SignIns
from retropace.web.brakes import take_code, take_sign_up, take_try
from retropace.web.doors import Door, Needs
from retropace.web.frame import page, see_other
from retropace.web.identity import forget_sign_in
from retropace.web.language import say
from retropace.web.signing_in import begin_half, complete, password_in, require_accounts, safe_path
from retropace.web.visit import Visit

_LONGEST_LOGIN, _LONGEST_CODE = 100, 60


def sign_in(visit: Visit) -> Response:
    """The form; whoever is signed in goes on."""
    require_accounts(visit)
    going = safe_path(visit.asked("next"))
    if visit.viewer_id:
        return see_other(visit, going)
    return _sign_in_page(visit, "", going)


def try_password(visit: Visit) -> Response:
    """Compare the password; who has a second step is asked for its code."""
    require_accounts(visit)
    typed, going = visit.text("login", _LONGEST_LOGIN), safe_path(visit.text("next"))
    login = unicodedata.normalize("NFKC", typed).casefold()
    try:
        take_try(visit.house, visit.request, login)
        account = _whose(visit, login)
    except TooSoon as error:
        return _sign_in_page(visit, typed, going, error)
    if account is None:
        told = UnusableInput(say("Name and password do not belong together"), remedy=say("Try once more."))
        return _sign_in_page(visit, typed, going, told)
    if account.totp_secret is not None:
        return begin_half(visit, account, _code_path(going))
    return complete(visit, account, going)


def _whose(visit: Visit, login: str) -> Account | None:
    """The account, where its password was typed; the answer takes as long where there is no such account."""
    accounts = Accounts(visit.house.database)
    account = accounts.by_login(login)
    return account if accounts.knows(account, password_in(visit, "password")) else None


def code(visit: Visit) -> Response:
    """The form for the second step's code."""
    _half(visit)
    return page(visit, "sign_in_code.html", going=safe_path(visit.asked("next")), error=None)


def try_code(visit: Visit) -> Response:
    """Compare the code."""
    account, going = _half(visit), safe_path(visit.text("next"))
    try:
        _require_code(visit, account)
    except (TooSoon, UnusableInput) as error:
        return page(visit, "sign_in_code.html", status=_status(error), going=going, error=error)
    return complete(visit, account, going)


def _require_code(visit: Visit, account: Account) -> None:
    take_code(visit.house, visit.request, account.login)
    code = visit.text("code", _LONGEST_CODE)
    if not SecondStep(visit.house.database).passes(account, code, visit.house.clock()):
        raise UnusableInput(say("This code does not fit"), remedy=say("Each code works once: wait for the next one."))


def sign_out(visit: Visit) -> Response:
    """This browser is signed out."""
    require_accounts(visit)
    if visit.visitor is not None and visit.visitor.sign_in is not None:
        SignIns(visit.house.database).end(visit.visitor.sign_in)
    response = see_other(visit, "/sign-in", say("You are signed out."))
    forget_sign_in(visit.house, response)
    return response


def sign_up(visit: Visit) -> Response:
    """The form for an account of one's own."""
    _require_open(visit)
    return page(visit, "sign_up.html", login="", going=safe_path(visit.asked("next")), error=None)


def make_account(visit: Visit) -> Response:
    """Make an account and sign in."""
    _require_open(visit)
    typed, going = visit.text("login", _LONGEST_LOGIN), safe_path(visit.text("next"))
    try:
        take_sign_up(visit.house, visit.request)
        account = Accounts(visit.house.database).add(typed, password_in(visit, "password"), visit.house.clock())
    except (TooSoon, UnusableInput) as error:
        return page(visit, "sign_up.html", status=_status(error), login=typed, going=going, error=error)
    return complete(visit, account, going)


def _half(visit: Visit) -> Account:
    """Whose second step is asked for. Raises NotSignedIn where no password came before, or too long ago."""
    require_accounts(visit)
    if visit.visitor is None or visit.visitor.half is None:
        raise NotSignedIn("The password comes first", remedy="Sign in once more.")
    return Accounts(visit.house.database).of(visit.visitor.half.person_id)


def _require_open(visit: Visit) -> None:
    require_accounts(visit)
    if not visit.house.sign_up:
        raise NotFound("Accounts are made by whoever runs this server", remedy="Ask them for one.")


def _code_path(going: str) -> str:
    return "/sign-in/code" if going == "/" else f"/sign-in/code?{urlencode({'next': going})}"


def _sign_in_page(visit: Visit, login: str, going: str, error: RetropaceError | None = None) -> Response:
    status = 200 if error is None else _status(error)
    return page(visit, "sign_in.html", status=status, login=login, going=going, error=error)


def _status(error: RetropaceError) -> int:
    return 429 if isinstance(error, TooSoon) else 400


DOORS = (
    Door("/sign-in", sign_in, needs=Needs.NOBODY),
    Door("/sign-in", try_password, ("POST",), Needs.NOBODY),
    Door("/sign-in/code", code, needs=Needs.NOBODY),
    Door("/sign-in/code", try_code, ("POST",), Needs.NOBODY),
    Door("/sign-out", sign_out, ("POST",), Needs.NOBODY),
    Door("/sign-up", sign_up, needs=Needs.NOBODY),
    Door("/sign-up", make_account, ("POST",), Needs.NOBODY),
)
