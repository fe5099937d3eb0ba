"""Evidence: what is known about running backward, claim by claim, and where every number comes from."""

from starlette.responses import Response

from retropace.claims import claims
from retropace.sources import bibliography
from retropace.web.doors import Door, Needs
from retropace.web.frame import page
from retropace.web.visit import Visit


def evidence(visit: Visit) -> Response:
    """Every claim with its verdict, and the bibliography that all marks lead to."""
    return page(visit, "evidence.html", tab="evidence", claims=claims(), sources=bibliography().values())


DOORS = (Door("/evidence", evidence, needs=Needs.NOBODY),)
