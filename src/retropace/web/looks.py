"""Looks: what is written down when somebody opens a page of somebody else, and how its owner reads it."""

from starlette.responses import Response

from retropace.store.audit import Audit
from retropace.web.visit import Visit


def note_look(visit: Visit, answer: Response) -> None:
    """Write down who looked at what: a line a day and page, whatever parts of it were asked for; files apart."""
    whole = visit.request.url.path.removeprefix(f"/with/{visit.person_id}")
    page = whole if "content-disposition" in answer.headers else "/".join(whole.split("/")[:3])
    Audit(visit.house.database).note(visit.person_id, visit.viewer_id, visit.called, page, visit.house.clock())
