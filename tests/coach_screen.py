"""The live screen alone on a page of its own: a guide, its ribbon, and a script that shows it what a test wants."""

import json
from collections.abc import Callable, Iterator
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

#: Phones: size [CSS px] and how large a CSS px is [mm]: width of the screen by its CSS width. An iPhone SE is a small phone.
PHONES = {
    "iPhone SE": (375, 667, 58.4 / 375),
    "small Android": (360, 740, 0.1625),
    "iPhone": (390, 844, 0.1625),
    "Pixel": (412, 915, 0.1625),
    "on its side": (844, 390, 0.1625),
    "SE on its side": (667, 375, 58.4 / 375),
}
TINY = {"tiny": (320, 568), "tiny on its side": (568, 320), "short": (360, 640)}
SIZES = {name: size[:2] for name, size in PHONES.items()} | TINY
#: The phones' own letters are lower than those of this machine: San Francisco 0.705, Roboto 0.711 of their size.
LOWEST_CAPITAL = 0.70
LEAST_MM = 12.0
REPEAT, WALK, WARM_UP, DRILLS = 12, 13, 0, 1  # pieces of the guide: fourth repeat, the walk after it
LOOK = {"kind": "look", "key": "look_left", "side": "left", "say": "Look left.", "duration_s": 1.8, "at_s": 0}
NEXT = LOOK | {"kind": "next", "side": None, "say": "Reverse run, 20 seconds, repeat 5 of 6. Check behind."}
LONG = {
    "reverse": "RÜCKWÄRTSLAUF",
    "walk": "SPAZIEREN",
    "stand": "STEHENBLEIBEN",
    "left": "SINISTRA",
    "right": "RECHTSRUM",
}
TROUBLES = [{"key": key} for key in ("spotter-lost", "sound", "gps", "awake")]

_PAGE = """<!doctype html><html lang="en"{theme}><head><meta charset="utf-8"><title>Live</title>
<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<link rel="icon" href="{icon}"><link rel="stylesheet" href="{look}"><link rel="stylesheet" href="{frame}">
<link rel="stylesheet" href="{coach}"></head>
<body><main id="main"><h1 class="sr">Live</h1><section id="live">{markup}</section></main></body></html>"""
_BEGIN = """async ({module, guide, ribbon, words}) => {
    const {Screen} = await import(module)
    const root = document.querySelector("#live")
    window.told = []
    window.screen_ = new Screen(root, {guide, ribbon, words})
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
    page: "Page", origin: str, made: Guide, *, theme: str = "dark", words: dict[str, str] | None = None
) -> None:
    """The screen of `made` on a page of the house at `origin`, under our policy; `words` replace those of the page."""
    content = _PAGE.format(
        theme="" if theme == "system" else f' data-theme="{theme}"',
        icon=address("icon.svg"),
        look=address("look.css"),
        frame=address("frame.css"),
        coach=address("coach.css"),
        markup=environment().get_template("coach_live.html").render(),
    )
    page.route(
        f"{origin}/live-alone",
        lambda route: route.fulfill(
            body=content, content_type="text/html", headers={"content-security-policy": POLICY}
        ),
    )
    page.goto(f"{origin}/live-alone")
    given = {"module": address("coach-screen.js"), "guide": guide_json(made), "words": words or {}}
    page.evaluate(_BEGIN, json.loads(json.dumps(given | {"ribbon": live_ribbon(made, label="Six repeats backward")})))


def show(page: "Page", **now: Any) -> None:
    """Show this; what is left out is a running session with everything well."""
    page.evaluate("now => show(now)", now)


def told(page: "Page") -> list[str]:
    """The names of the events so far."""
    found: list[str] = page.evaluate("() => told.map(([kind]) => kind)")
    return found


def seen(state: str, *, why: str | None = None, against: bool = False, since_s: float = 0.0) -> dict[str, Any]:
    """What the phone's motion shows, as the screen is told it."""
    return {"state": state, "why": why, "against": against, "since_s": since_s}


def every_state(page: "Page") -> Iterator[tuple[str, dict[str, Any]]]:
    """Shows one state of a running session after the other; tells which."""
    running: dict[str, dict[str, Any]] = {
        "reverse": {"piece": REPEAT, "left_s": 12, "locked": True, "cue": LOOK},
        "unlocked": {"piece": REPEAT, "left_s": 12, "locked": False, "cue": NEXT},
        "in trouble": {
            "piece": REPEAT,
            "left_s": 12,
            "warnings": TROUBLES,
            "spotter": {"linked": False, "name": "Sam"},
        },
        "seen": {"piece": REPEAT, "left_s": 2, "seen": seen("unknown", why="placement"), "spotter": None},
        "seen otherwise": {"piece": REPEAT, "left_s": 2, "seen": seen("forward", against=True)},
        "walk": {"piece": WALK, "left_s": 38, "locked": True, "cue": NEXT},
        "walk in trouble": {"piece": WALK, "left_s": 299, "locked": False, "warnings": TROUBLES},
        "warm-up": {"piece": WARM_UP, "left_s": 3599},
        "drills": {"piece": DRILLS, "left_s": 99},
        "turn": {"piece": REPEAT, "left_s": 5, "state": "stop"},
        "ready": {"piece": WARM_UP, "left_s": 300, "position_s": -4},
        "paused": {"piece": WALK, "left_s": 38, "status": "paused"},
    }
    for name, now in running.items():
        show(page, **now)
        yield name, now


def words_of(page: "Page", part: str) -> str:
    return page.locator(f"[data-part={part}]").first.text_content() or ""


#: Opens the screen alone in a page of its own: fixture `live`.
Opened = Callable[..., "Page"]
