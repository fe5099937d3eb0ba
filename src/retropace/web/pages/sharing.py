"""Sharing: one's own side of it: who may see what, invitations by link, and who looked."""

import datetime as dt

from starlette.responses import Response

from retropace.errors import RetropaceError, UnusableInput
from retropace.store.accounts import Accounts
from retropace.store.audit import Audit
from retropace.store.sharing import SHARES, Sharing
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say
from retropace.web.qr import qr_svg
from retropace.web.signing_in import require_accounts
from retropace.web.visit import Visit
from retropace.web.watched import OVERVIEW, name_of, share_words, shares_words, shown

_LONGEST_NAME = 60
#: Days an invitation may stay open, and the usual choice.
LASTS, USUAL_LAST = (1, 7, 14), 7


# -- the owner's side ---------------------------------------------------------------------------------------------------


def sharing(visit: Visit) -> Response:
    """With whom one shares what, and the form for an invitation."""
    return _sharing(visit)


def invite(visit: Visit) -> Response:
    """An invitation, whose link is shown this once."""
    require_accounts(visit)
    try:
        name, days = _name(visit), int(visit.choice("days", [str(days) for days in LASTS]) or USUAL_LAST)
        lasts = dt.timedelta(days=days)
        code = Sharing(visit.house.database).invite(
            visit.viewer_id, name, visit.texts("shares"), visit.house.clock(), lasts
        )
    except UnusableInput as error:
        return _sharing(visit, error)
    link = f"{_here(visit)}/invited/{code}"
    drawing = qr_svg(link, say("QR code of the link"))
    return page(visit, "sharing_link.html", link=link, drawing=drawing, name=name, until=visit.now + lasts)


def withdraw(visit: Visit) -> Response:
    """Take an open invitation back."""
    require_accounts(visit)
    Sharing(visit.house.database).withdraw(visit.viewer_id, visit.path("invitation"))
    return see_other(visit, "/sharing", say("The invitation is taken back. Its link opens nothing now."))


def change(visit: Visit) -> Response:
    """Share something else with somebody, at once."""
    require_accounts(visit)
    try:
        Sharing(visit.house.database).change(visit.viewer_id, visit.path("viewer"), visit.texts("shares"))
    except UnusableInput as error:
        return _sharing(visit, error)
    return see_other(visit, "/sharing", say("Changed. It counts from this moment."))


def stop(visit: Visit) -> Response:
    """Share nothing with somebody any more, at once."""
    require_accounts(visit)
    Sharing(visit.house.database).stop(visit.viewer_id, visit.path("viewer"))
    return see_other(visit, "/sharing", say("Stopped. They see nothing of you from this moment."))


def looks(visit: Visit) -> Response:
    """Who looked at what, and when."""
    require_accounts(visit)
    found = Audit(visit.house.database).looks(visit.viewer_id)
    days: dict[dt.date, list[tuple[str, str, str, int]]] = {}
    for look in found:
        at = look.last.astimezone(visit.now.tzinfo)
        days.setdefault(at.date(), []).append((look.name, page_words(look.page), f"{at:%H:%M}", look.times))
    return page(visit, "sharing_looks.html", days=days, today=visit.today)


def page_words(path: str) -> str:
    """What somebody looked at, in words.

    >>> page_words("/sessions"), page_words("/sessions/0123456789ab/report.html")
    ('Sessions', 'Sessions: 0123456789ab/report.html')
    """
    known = [
        (first, words) for words, first in ((share_words(share), path) for share, path in shown(frozenset(SHARES)))
    ]
    others = {OVERVIEW: say("Their list of people"), "/": say("Today"), "/home": say("Home workout")}
    if path in others:
        return others[path]
    for first, words in known:
        inside = path.removeprefix(first).strip("/") if path == first or path.startswith(f"{first}/") else None
        if inside is not None:
            return f"{words}: {inside}" if inside else words
    return path


def _sharing(visit: Visit, error: RetropaceError | None = None) -> Response:
    require_accounts(visit)
    house, now = visit.house, visit.house.clock()
    store = Sharing(house.database)
    logins = {
        share.viewer_id: Accounts(house.database).of(share.viewer_id).login for share in store.viewers(visit.viewer_id)
    }
    looked = {look.viewer_id: look.last for look in reversed(Audit(house.database).looks(visit.viewer_id))}
    return page(
        visit,
        "sharing.html",
        status=200 if error is None else 400,
        viewers=store.viewers(visit.viewer_id),
        invitations=store.invitations(visit.viewer_id, now),
        logins=logins,
        looked=looked,
        kinds=[(share, share_words(share), _shows(share)) for share in SHARES],
        lasts=LASTS,
        usual=USUAL_LAST,
        typed=visit.form,
        shares_words=shares_words,
        error=error,
    )


def _shows(share: str) -> str:
    """What somebody sees to whom this is shared."""
    return {
        "plan": say("the weeks ahead and why they are so"),
        "log": say("effort, pain, soreness and what you wrote down"),
        "sessions": say("recordings and their figures; tracks stay hidden round home"),
        "progress": say("minutes, ratios, tests and the report"),
        "screening": say("your health answers' result, its reasons and limits"),
    }[share]


def _name(visit: Visit) -> str:
    name = visit.text("name", _LONGEST_NAME)
    if not name:
        raise UnusableInput(say("The invitation has no name"), field="name", remedy=say("Say whom it is for."))
    return name


def _here(visit: Visit) -> str:
    """Where this house is, as the browser asked for it."""
    scheme = "https" if visit.house.https else visit.request.url.scheme
    return f"{scheme}://{visit.request.headers['host']}"


# -- the invited one's side ---------------------------------------------------------------------------------------------


def invited(visit: Visit) -> Response:
    """Who invites, and to what."""
    require_accounts(visit)
    found = Sharing(visit.house.database).invitation(visit.path("code"), visit.house.clock())
    return page(
        visit,
        "invited.html",
        invitation=found,
        owner=name_of(visit.house.database, found.person_id),
        me=name_of(visit.house.database, visit.viewer_id),
        own_invitation=found.person_id == visit.viewer_id,
        kinds=[(share_words(share), _shows(share)) for share in SHARES if share in found.shares],
        code=visit.path("code"),
    )


def accept(visit: Visit) -> Response:
    """See from now on what is shared."""
    require_accounts(visit)
    made = Sharing(visit.house.database).accept(visit.path("code"), visit.viewer_id, visit.house.clock())
    name = name_of(visit.house.database, made.person_id)
    return see_other(visit, "/people", say("{name} shares with you now. They see whenever you look.", name=name))


def decline(visit: Visit) -> Response:
    """Refuse, so that nobody else can take the link."""
    require_accounts(visit)
    Sharing(visit.house.database).decline(visit.path("code"), visit.house.clock())
    return see_other(visit, "/", say("Declined. The link opens nothing now."))


DOORS = (
    Door("/sharing", sharing),
    Door("/sharing/invite", invite, ("POST",)),
    Door("/sharing/invitations/{invitation}/withdraw", withdraw, ("POST",)),
    Door("/sharing/looks", looks),
    Door("/sharing/with/{viewer}", change, ("POST",)),
    Door("/sharing/with/{viewer}/stop", stop, ("POST",)),
    Door("/invited/{code}", invited),
    Door("/invited/{code}/accept", accept, ("POST",)),
    Door("/invited/{code}/decline", decline, ("POST",)),
)
