"""Going on: what opens once a screen of the first visit was answered."""

from starlette.responses import Response

from retropace.store import Screened
from retropace.web.frame import see_other
from retropace.web.pages.welcome_kept import finish, keep, last_finished
from retropace.web.pages.welcome_steps import At, Step, Way, next_open, refuses
from retropace.web.visit import Visit


def go_on(visit: Visit, where: At, screened: Screened) -> Response:
    """Keep the answers and open what comes next: the next screen, or the result where this was the last or says stop."""
    today, notebook = visit.today, visit.notebook
    if refuses(where.step, screened):
        finish(notebook, screened)
        return see_other(visit, "/welcome/result")
    before = last_finished(notebook)
    done = where.changes or where.step is Step.PLACE
    if before is not None and (where.then == "again" or (done and where.then != "on" and before.answers.day != today)):
        keep(notebook, screened)
        return see_other(visit, "/welcome/again")  # earlier days' answers count from today only once they are confirmed
    if where.step is Step.PLACE or (done and before is not None):
        finish(notebook, screened)
        tried = where.way is Way.TRY and not where.then
        return see_other(visit, "/welcome/try/session" if tried else "/welcome/result")
    keep(notebook, screened)
    after = where.after() if where.number else next_open(where.way, screened)
    return see_other(visit, where.address(after or Step.PLACE))


def kept_quietly(visit: Visit) -> bool:
    """Whether the page itself keeps what was just answered, while somebody is still reading it."""
    return visit.form.get("keep") == "quietly"
