"""The live screen alone on a page of its own: a guide, its ribbon, and a script that shows it what a test wants."""

import json
from typing import TYPE_CHECKING, Any

from retropace.guide import Guide, guide_json
from retropace.situation import day_of, guide_of, situation
from retropace.store.notebook import Notebook
from retropace.views.live_ribbon import live_ribbon
from retropace.web.assets import address
from retropace.web.frame import environment
from retropace.web.guard import POLICY
from retropace.web.house import House
from served import TODAY

if TYPE_CHECKING:
    from playwright.sync_api import Page

_PAGE = """<!doctype html><html lang="en"{theme}><head><meta charset="utf-8"><title>Live</title>
<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<link rel="icon" href="{icon}"><link rel="stylesheet" href="{look}"><link rel="stylesheet" href="{frame}">
<link rel="stylesheet" href="{live}"></head><body><main id="main"><h1 class="sr">Live</h1>
<section id="live">{markup}</section></main></body></html>"""
_BEGIN = """async ({module, guide, ribbon}) => {
    const {Screen} = await import(module)
    const root = document.querySelector("#live")
    window.told = []
    window.screen_ = new Screen(root, {guide, ribbon})
    for (const kind of ["stop", "pause", "resume", "skip", "extend", "end", "unlock", "lock", "sun"])
        screen_.addEventListener(kind, (event) => told.push([kind, event.detail]))
    window.show = (now) => {
        const piece = guide.pieces[now.piece ?? 0]
        screen_.show({state: piece.state, position_s: piece.end_s - (now.left_s ?? 0), status: "running", why: null,
            cue: null, sound: true, warnings: [], seen: null, spotter: {linked: true, name: "Sam"}, ...now})
    }
}"""


def guided(house: House) -> Guide:
    """What the person of this house is coached through today: six repeats of 20 seconds, after a warm-up."""
    here = situation(Notebook(house.database), TODAY)
    session = day_of(here).session
    assert session is not None
    return guide_of(here, session)


def open_live(
    page: "Page", origin: str, made: Guide, *, theme: str = "dark", told: dict[str, Any] | None = None
) -> None:
    """The screen of `made` on a page of the house at `origin`, under our policy; `told` replaces parts of the guide."""
    content = _PAGE.format(
        theme="" if theme == "system" else f' data-theme="{theme}"',
        icon=address("icon.svg"),
        look=address("look.css"),
        frame=address("frame.css"),
        live=address("coach-live.css"),
        markup=environment().get_template("coach_live.html").render(),
    )
    page.route(
        f"{origin}/live-alone",
        lambda route: route.fulfill(
            body=content, content_type="text/html", headers={"content-security-policy": POLICY}
        ),
    )
    page.goto(f"{origin}/live-alone")
    given = json.loads(json.dumps(guide_json(made))) | (told or {})
    ribbon = live_ribbon(made, label="Six repeats backward")
    page.evaluate(_BEGIN, {"module": address("coach-screen.js"), "guide": given, "ribbon": ribbon})


def show(page: "Page", **now: Any) -> None:
    """Show this; what is left out is a running session with everything well."""
    page.evaluate("now => show(now)", now)


def told(page: "Page") -> list[str]:
    """The names of the events so far."""
    return [kind for kind, _ in page.evaluate("() => told")]
