"""Frame: puts a page's own part between head and navigation, and answers with it."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from starlette.responses import HTMLResponse, RedirectResponse, Response

from retropace import __version__
from retropace.quantities import in_units
from retropace.sources import bibliography
from retropace.views.drawing import brand
from retropace.web import assets
from retropace.web.days import short_day
from retropace.web.language import gettext_of_reader, ngettext_of_reader, speak
from retropace.web.moments import when
from retropace.web.visit import Visit

if TYPE_CHECKING:
    import jinja2

#: What was said by the page before, shown once.
SAID_COOKIE = "retropace_said"
_MOST_SAID = 400
#: What nobody has of somebody else.
_NOT_WITH = ("/evidence", "/settings", "/people", "/sharing", "/sign-")


def page(visit: Visit, template: str, *, status: int = 200, tab: str = "", **parts: Any) -> Response:
    """The page made from `templates/TEMPLATE`; `tab` is the main page it belongs to: today, plan, sessions, ..."""
    speak(visit.settings.language)
    said = unquote(visit.request.cookies.get(SAID_COOKIE, ""))[:_MOST_SAID]
    content = (
        environment()
        .get_template(template)
        .render(visit=visit, settings=visit.settings, tab=tab, said=said, url=_url_of(visit), **parts)
    )
    response = HTMLResponse(content, status, headers={"cache-control": "no-store"})
    if said:
        response.delete_cookie(SAID_COOKIE)
    return response


def see_other(visit: Visit, path: str, said: str = "") -> Response:
    """Go to another page of ours after something was done, with a sentence about it that is shown there."""
    response = RedirectResponse(_url_of(visit)(path), 303)
    if said:
        response.set_cookie(
            SAID_COOKIE,
            quote(said[:_MOST_SAID]),
            max_age=60,
            httponly=True,
            samesite="strict",
            secure=visit.house.https,
        )
    return response


def _url_of(visit: Visit) -> Any:
    """Addresses on this visit: somebody else's pages stay under /with/PERSON, what is everybody's or one's own does not."""
    if visit.own:
        return lambda path: path
    return lambda path: path if path.startswith(_NOT_WITH) else f"/with/{visit.person_id}{path}"


def _full_stop(words: str) -> str:
    return words if words.endswith((".", "?")) else f"{words}."


def _in_units(context: Mapping[str, Any], sentence: str) -> str:
    """A sentence of the rules, in the reader's units."""
    return in_units(sentence, context["settings"].system)


@cache
def environment() -> "jinja2.Environment":
    """The templates, escaping by default, strict about names."""
    import jinja2
    from markupsafe import Markup

    from retropace.web.compiled import Compiled

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("retropace.web", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=False,
        bytecode_cache=Compiled(Path(str(resources.files("retropace.web").joinpath("templates")))),
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext_of_reader, ngettext_of_reader, newstyle=True
    )
    made.filters |= {"svg": Markup, "full_stop": _full_stop, "in_units": jinja2.pass_context(_in_units)}
    made.globals |= {
        "asset": assets.address,
        "when": when,
        "short_day": short_day,
        "brand": Markup(f'<svg width="22" height="18" viewBox="0 0 22 18" aria-hidden="true">{brand(0, 0)}</svg>'),  # noqa: S704 - our own drawing
        "version": __version__,
        "source_of": bibliography().get,
    }
    return made
