"""People: for a coach or physiotherapist: who shares with them, and who needs an eye today."""

from starlette.responses import Response

from retropace.errors import NotFound
from retropace.store.sharing import Sharing
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.language import say
from retropace.web.signing_in import require_accounts
from retropace.web.visit import Visit
from retropace.web.watched import shares_words, watched


def people(visit: Visit) -> Response:
    """Everybody who shares with the viewer."""
    require_accounts(visit)
    found = watched(visit)
    urgent = [one for one in found if one.alerts]
    fine = [one for one in found if not one.alerts]
    return page(visit, "people.html", tab="people", urgent=urgent, fine=fine, shares_words=shares_words)


def one(visit: Visit) -> Response:
    """One of them: what they share, and why they need an eye."""
    require_accounts(visit)
    found = next((one for one in watched(visit) if one.person_id == visit.path("owner")), None)
    if found is None:
        raise NotFound("There is no such page", remedy="Go back, or open Today.")
    return page(visit, "people_one.html", tab="people", one=found)


def leave(visit: Visit) -> Response:
    """See nothing of somebody any more."""
    require_accounts(visit)
    Sharing(visit.house.database).stop(visit.path("owner"), visit.viewer_id)
    return see_other(visit, "/people", say("They are no longer on your list, and you see nothing of them."))


DOORS = (
    Door("/people", people),
    Door("/people/{owner}", one),
    Door("/people/{owner}/leave", leave, ("POST",)),
)
