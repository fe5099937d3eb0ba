"""Pairing: a phone on the same network is let in once, by a code from the computer; and how to get a phone there at all."""

from starlette.responses import Response

from retropace.errors import NotAllowed, UnusableInput
from retropace.store.notebook import LOCAL
from retropace.store.sign_ins import SignIns
from retropace.web.brakes import take_guess
from retropace.web.device import device_words
from retropace.web.doors import Door, Needs
from retropace.web.frame import page, see_other
from retropace.web.identity import keep_sign_in
from retropace.web.language import say
from retropace.web.near import same_code
from retropace.web.qr import qr_svg
from retropace.web.visit import Visit

_LONGEST_CODE = 40
_COMMAND = "./run serve --lan"


def pair(visit: Visit) -> Response:
    """Where a phone says the code; with the code in the address it only has to say yes."""
    if not visit.house.paired or (visit.visitor is not None and visit.visitor.sign_in is not None):
        return see_other(visit, "/")
    code = str(visit.request.path_params.get("code", ""))[:_LONGEST_CODE]
    return page(visit, "pairing.html", code=code, error=None)


def let_in(visit: Visit) -> Response:
    """Let this phone in."""
    near = visit.house.near
    if near is None or not visit.house.paired:
        return see_other(visit, "/")
    if not same_code(visit.text("code", _LONGEST_CODE), near.pairing):
        take_guess(visit.house, visit.request)
        error = UnusableInput(say("This is not the code"), remedy=say("Read it from your computer again."))
        return page(visit, "pairing.html", status=400, code="", error=error)
    device = device_words(visit.request.headers.get("user-agent", ""))
    token = SignIns(visit.house.database).begin(LOCAL, device, visit.house.clock())
    answer = see_other(visit, "/", say("This phone is let in."))
    keep_sign_in(visit.house, answer, token)
    return answer


def phones(visit: Visit) -> Response:
    """How to get a phone here; what is shown for the phone is for the computer's own screen alone."""
    near = visit.house.near
    if visit.house.accounts or visit.house.paired:
        return see_other(visit, "/settings")
    let_in_at = "" if near is None else f"{near.address}/pair/{near.pairing}"
    return page(
        visit,
        "phones.html",
        tab="settings",
        near=near,
        command=_COMMAND,
        let_in_at=let_in_at,
        trust=None if near is None else qr_svg(near.help_address, say("Code that leads to the help page")),
        open_it=None if near is None else qr_svg(let_in_at, say("Code that lets a phone in")),
        known=SignIns(visit.house.database).of(LOCAL, visit.house.clock()),
    )


def forget(visit: Visit) -> Response:
    """Let a phone in no more."""
    if visit.house.accounts or visit.house.paired:
        raise NotAllowed("Phones are sent away from the computer only")
    SignIns(visit.house.database).end_by_id(LOCAL, visit.path("sign_in"))
    return see_other(visit, "/phones", say("That phone is let in no more."))


DOORS: tuple[Door, ...] = (
    Door("/pair", pair, needs=Needs.NOBODY),
    Door("/pair/{code}", pair, needs=Needs.NOBODY),
    Door("/pair", let_in, ("POST",), needs=Needs.NOBODY),
    Door("/phones", phones),
    Door("/phones/{sign_in}/forget", forget, ("POST",)),
)
