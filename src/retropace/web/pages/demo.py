"""Demo: a person who never was, to look round with. Entering makes them, leaving throws them away."""

import datetime as dt
import threading

from starlette.responses import Response

from retropace.demo_person import fill
from retropace.errors import NotAllowed
from retropace.store.notebook import DEMO, Notebook
from retropace.store.recordings import Recordings
from retropace.web.doors import Door
from retropace.web.frame import page, see_other
from retropace.web.identity import forget_who, keep_who
from retropace.web.language import say
from retropace.web.visit import Visit

#: One at a time: a button pressed twice makes one demo person.
_making = threading.Lock()


def before(visit: Visit) -> Response:
    """What the demo person is, and a button to enter."""
    return page(visit, "demo.html")


def enter(visit: Visit) -> Response:
    """Make the demo person where there is none of today, and open their notebook."""
    _require_own_machine(visit)
    demo = Notebook(visit.house.database, DEMO)
    with _making:
        if _last_lived(demo) != visit.today - dt.timedelta(days=1):
            demo.end()
            fill(demo, Recordings(visit.house.database, DEMO), visit.today)
    response = see_other(visit, "/", say("This is the demo person. Your own notebook is untouched."))
    keep_who(response, DEMO)
    return response


def leave(visit: Visit) -> Response:
    """Throw the demo person away and open one's own notebook."""
    _require_own_machine(visit)
    Notebook(visit.house.database, DEMO).end()
    response = see_other(visit, "/", say("Back in your own notebook. The demo person is gone."))
    forget_who(response)
    return response


def _last_lived(demo: Notebook) -> dt.date | None:
    """The day before the one the demo person was made on, as near as its exercises and log tell."""
    days = [*demo.exercises_done(), *(entry.day for entry in demo.log())]
    return max(days, default=None)


def _require_own_machine(visit: Visit) -> None:
    if visit.house.accounts:
        raise NotAllowed("There is no demo person on a server", remedy="On your own machine: ./run demo --serve")


DOORS = (
    Door("/demo", before),
    Door("/demo/enter", enter, ("POST",)),
    Door("/demo/leave", leave, ("POST",)),
)
