"""Spotter: an invitation to look out for one run, and the page of whoever took it: how the runner does, and STOP."""

from starlette.responses import JSONResponse, Response

from retropace.errors import NotFound
from retropace.quantities import shown
from retropace.rules import rules_on
from retropace.store.notebook import Notebook
from retropace.store.spotter_links import SpotterLinks
from retropace.store.token import checksum
from retropace.web.doors import Door, Needs
from retropace.web.frame import page
from retropace.web.house import LOOPBACK
from retropace.web.language import say
from retropace.web.link_messages import is_identity
from retropace.web.qr import qr_svg
from retropace.web.sockets import end_spotting, known_spotting
from retropace.web.visit import Visit

#: Rules that the page goes by, as they are called in coach.toml.
_RULES = ("beat", "lost", "undelivered")
#: Whoever has the address may stop the run: nobody else should be told it, or find it.
_SECRET = {"x-robots-tag": "noindex", "referrer-policy": "no-referrer"}


def invite(visit: Visit) -> Response:
    """An address that lets somebody look out for this run, as words and as a square for a camera; any before ends."""
    run = _run(visit)
    links = SpotterLinks(visit.house.database)
    token, made = links.renew(visit.person_id, run, visit.house.clock())
    visit.house.links.forget(visit.person_id)
    address = f"{_origin(visit)}/spot/{token}"
    square = qr_svg(address, say("Address for your spotter’s phone"))
    return JSONResponse(
        {"url": address, "qr": square, "expires": made.expires.isoformat(), "reachable": _reachable(visit)}
    )


def end(visit: Visit) -> Response:
    """Let the address open nothing any more; whoever came by it is told so."""
    return JSONResponse({"ended": end_spotting(visit.house, visit.person_id, _run(visit))})


def spot(visit: Visit) -> Response:
    """The page of a spotter, to whoever has its address."""
    token = visit.path("token")
    found = visit.house.links.opens(checksum(token), visit.house.clock())
    found = found or known_spotting(visit.house, token, visit.request)
    if found is None:
        return _secret(page(visit, "spotter_ended.html", status=404))
    rules = rules_on(visit.house.clock().date())
    settings = Notebook(visit.house.database, found.person_id).settings()
    name, (per_m, unit) = settings.name.split(), shown(1.0, "m", settings.system)
    return _secret(
        page(
            visit,
            "spotter.html",
            name=name[0] if name else None,
            token=token,
            per_m=per_m,
            to_the_line=say("feet to the line") if unit == "ft" else say("metres to the line"),
            rules={rule: rules.number(f"coach.{rule}") for rule in _RULES},
        )
    )


def _secret(response: Response) -> Response:
    response.headers.update(_SECRET)
    return response


def _run(visit: Visit) -> str:
    run = visit.path("run")
    if not is_identity(run):
        raise NotFound(say("There is no such run"))
    return run


def _origin(visit: Visit) -> str:
    """Where the browser that asks reached us."""
    scheme = "https" if visit.house.https else visit.request.url.scheme
    return f"{scheme}://{visit.request.headers.get('host', 'localhost')}"


def _reachable(visit: Visit) -> bool:
    """Whether another phone can come here at all: the names of this machine for itself mean another one there."""
    return (visit.request.url.hostname or "") not in {name.strip("[]") for name in LOOPBACK}


DOORS: tuple[Door, ...] = (
    Door("/coach/runs/{run}/spotter", invite, ("POST",)),
    Door("/coach/runs/{run}/spotter", end, ("DELETE",)),
    Door("/spot/{token}", spot, needs=Needs.NOBODY),
)
