"""Access: how one gets in: the password, the second step, the browsers that are signed in, the programs with a token."""

from dataclasses import dataclass

from starlette.responses import Response

from retropace.errors import RetropaceError, TooSoon, UnusableInput
from retropace.store.accounts import Account, Accounts
from retropace.store.api_tokens import ApiTokens
from retropace.store.second_step import SecondStep, address_of, new_secret, require_secret
from retropace.store.sign_ins import SignIns
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say, say_count
from retropace.web.qr import qr_svg
from retropace.web.signing_in import account_of, password_in, renewed, require_password, sign_in_of
from retropace.web.visit import Visit

_LONGEST_CODE, _LONGEST_NAME = 60, 60


# -- the password -------------------------------------------------------------------------------------------------------


def password(visit: Visit) -> Response:
    """The form for another password."""
    return page(visit, "access_password.html", account=account_of(visit), error=None)


def change_password(visit: Visit) -> Response:
    """Another password; every other browser is signed out."""
    try:
        account = require_password(visit, "present")
        Accounts(visit.house.database).change_password(account, password_in(visit, "password"))
    except (TooSoon, UnusableInput) as error:
        return page(visit, "access_password.html", status=_status(error), account=account_of(visit), error=error)
    said = say("Your password is changed. Every other browser is signed out.")
    return renewed(visit, see_other(visit, "/settings", said))


# -- the second step ----------------------------------------------------------------------------------------------------


def second_step(visit: Visit) -> Response:
    """Whether a code is asked for, and how to begin or end that."""
    return _second_step(visit)


def begin_second_step(visit: Visit) -> Response:
    """Ask for codes from now on; the recovery codes are shown this once."""
    secret = require_secret(visit.text("secret", 64))
    try:
        account = require_password(visit)
        codes = SecondStep(visit.house.database).begin(
            account, secret, visit.text("code", _LONGEST_CODE).replace(" ", ""), visit.house.clock()
        )
    except (TooSoon, UnusableInput) as error:
        return _second_step(visit, secret, error)
    return renewed(visit, page(visit, "access_recovery.html", codes=codes, first=True))


def renew_recovery(visit: Visit) -> Response:
    """New recovery codes, shown this once; the old ones count no more."""
    try:
        account = require_password(visit)
    except (TooSoon, UnusableInput) as error:
        return _second_step(visit, error=error)
    if account.totp_secret is None:
        return see_other(visit, "/settings/second-step")
    return page(
        visit, "access_recovery.html", codes=SecondStep(visit.house.database).renew_recovery(account), first=False
    )


def end_second_step(visit: Visit) -> Response:
    """Ask for codes no more."""
    try:
        SecondStep(visit.house.database).end(require_password(visit))
    except (TooSoon, UnusableInput) as error:
        return _second_step(visit, error=error)
    return renewed(visit, see_other(visit, "/settings", say("Your password alone is enough again.")))


def _second_step(visit: Visit, secret: str = "", error: RetropaceError | None = None) -> Response:
    account = account_of(visit)
    on = account.totp_secret is not None
    secret = secret or new_secret()
    return page(
        visit,
        "access_second_step.html",
        status=200 if error is None else _status(error),
        account=account,
        left=SecondStep(visit.house.database).recovery_left(account) if on else 0,
        secret="" if on else secret,
        drawing="" if on else qr_svg(address_of(secret, account.login), say("QR code for your authenticator app")),
        error=error,
    )


# -- browsers -----------------------------------------------------------------------------------------------------------


def browsers(visit: Visit) -> Response:
    """Where one is signed in."""
    account = account_of(visit)
    found = SignIns(visit.house.database).of(account.person_id, visit.house.clock())
    return page(visit, "access_browsers.html", browsers=found, here=sign_in_of(visit).checksum)


def end_browser(visit: Visit) -> Response:
    """Sign one browser out."""
    account = account_of(visit)
    SignIns(visit.house.database).end_by_id(account.person_id, visit.path("sign_in"))
    return see_other(visit, "/settings/browsers", say("That browser is signed out."))


def end_browsers(visit: Visit) -> Response:
    """Sign every other browser out."""
    account = account_of(visit)
    ended = SignIns(visit.house.database).end_all(account.person_id, but=sign_in_of(visit))
    said = say_count("{count} browser is signed out.", "{count} browsers are signed out.", ended)
    return see_other(visit, "/settings/browsers", said)


# -- programs -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shown:
    """A token that was made just now, and what it is for."""

    name: str
    token: str


def tokens(visit: Visit) -> Response:
    """The tokens of programs."""
    return _tokens(visit, account_of(visit))


def add_token(visit: Visit) -> Response:
    """A new token, shown this once."""
    account = account_of(visit)
    try:
        name = _token_name(visit)
        may_write = visit.choice("scope", ("read", "write")) == "write"
        token = ApiTokens(visit.house.database).add(account.person_id, name, visit.house.clock(), may_write=may_write)
    except UnusableInput as error:
        return _tokens(visit, account, error=error)
    return _tokens(visit, account, _Shown(name, token))


def _token_name(visit: Visit) -> str:
    name = visit.text("name", _LONGEST_NAME)
    if not name:
        raise UnusableInput(say("The token has no name"), field="name", remedy=say("Say what it is for."))
    return name


def remove_token(visit: Visit) -> Response:
    """Take a token away, at once."""
    account = account_of(visit)
    ApiTokens(visit.house.database).remove(account.person_id, visit.path("token"))
    return see_other(visit, "/settings/tokens", say("The token is gone. Whatever used it is signed out."))


def _tokens(
    visit: Visit, account: Account, made: _Shown | None = None, error: RetropaceError | None = None
) -> Response:
    found = ApiTokens(visit.house.database).of(account.person_id)
    status = 200 if error is None else 400
    return page(visit, "access_tokens.html", status=status, tokens=found, made=made, error=error)


def _status(error: RetropaceError) -> int:
    return 429 if isinstance(error, TooSoon) else 400


DOORS = (
    Door("/settings/password", password),
    Door("/settings/password", change_password, ("POST",)),
    Door("/settings/second-step", second_step),
    Door("/settings/second-step", begin_second_step, ("POST",)),
    Door("/settings/second-step/recovery", renew_recovery, ("POST",)),
    Door("/settings/second-step/end", end_second_step, ("POST",)),
    Door("/settings/browsers", browsers),
    Door("/settings/browsers/end", end_browsers, ("POST",)),
    Door("/settings/browsers/{sign_in}/end", end_browser, ("POST",)),
    Door("/settings/tokens", tokens),
    Door("/settings/tokens", add_token, ("POST",)),
    Door("/settings/tokens/{token}/remove", remove_token, ("POST",)),
)
