"""A runner's phone in a browser, and a session short enough to run through in it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, CDPSession, Page, Route

Json = dict[str, Any]
#: A session as (state, seconds): long enough to be stopped in, short enough for a test.
SHORT = (("walk", 1.0), ("reverse", 4.0), ("walk", 2.0), ("reverse", 2.0), ("walk", 1.0))
_DOING = {"walk": ("walk", "Walk"), "reverse": ("reverse_run", "Reverse run"), "stand": ("stand", "Stand")}
_SENSORS = {
    "accelerometer": {"x": 0.1, "y": 0.2, "z": 9.8},
    "linear-acceleration": {"x": 0.1, "y": 0.2, "z": 0.3},
    "gyroscope": {"x": 0.1, "y": 0.2, "z": 0.3},
}
HERE = {"latitude": 52.5, "longitude": 13.4, "accuracy": 4}


def shortened(told: Json, steps: tuple[tuple[str, float], ...] = SHORT) -> Json:
    """The answer of /coach/session.json with a session of a few seconds in place of its own, which begins at once."""
    for guide in (told["guide"], told["walking"]["guide"]):
        walked = guide is told["walking"]["guide"]
        pieces, at_s = [], 0.0
        for step, (state, lasts_s) in enumerate(steps):
            pieces.append(_piece(step, "walk" if walked else state, at_s, at_s + lasts_s))
            at_s += lasts_s
        guide |= {"pieces": pieces, "starts_s": -0.3, "ends_s": at_s, "cues": _cues(pieces)}
    return told


def _piece(step: int, state: str, start_s: float, end_s: float) -> Json:
    doing, words = _DOING[state]
    backward = state == "reverse"
    room = (
        {"speed_mps": 1.8, "room_s": 20.0, "room_m": 40.0}
        if backward
        else dict.fromkeys(("speed_mps", "room_s", "room_m"))
    )
    place = {"start_s": start_s, "end_s": end_s, "step": step, "repeat": int(backward), "of": int(backward)}
    return {**place, "doing": doing, "state": state, "words": words, **room}


def _cues(pieces: list[Json]) -> list[Json]:
    found = [_cue(piece["start_s"], piece["state"], piece["words"], piece["step"]) for piece in pieces]
    looks = [
        _cue(piece["start_s"] + 1.5, "look", "Look left.", piece["step"], "left")
        for piece in pieces
        if piece["state"] == "reverse"
    ]
    last = pieces[-1]
    return sorted(
        [*found, *looks, _cue(last["end_s"], "done", "Done.", last["step"])], key=lambda cue: float(cue["at_s"])
    )


def _cue(at_s: float, kind: str, say: str, step: int, side: str | None = None) -> Json:
    tone = f"look_{side}" if side else kind
    sound = {"clips": [], "tone": tone, "clips_at_s": 0.3}
    return {"at_s": at_s, "kind": kind, "key": kind, "say": say, "duration_s": 0.8, "step": step, "side": side, **sound}


def give(page: "Page", change: Callable[[Json], Json]) -> None:
    """Have the page be given today's session changed by `change`."""

    def answer(route: "Route") -> None:
        if route.request.method != "GET" or "day=" in route.request.url:
            route.fallback()
            return
        response = route.fetch()
        told = response.json()
        route.fulfill(response=response, json=change(told) if "guide" in told else told)

    page.route("**/coach/session.json*", answer)


def phone(page: "Page", context: "BrowserContext") -> "CDPSession":
    """Sensors as a phone in a hand has them: 60 times a second, all the same; and a place."""
    devtools = context.new_cdp_session(page)
    for kind, reading in _SENSORS.items():
        devtools.send(
            "Emulation.setSensorOverrideEnabled", {"enabled": True, "type": kind, "metadata": {"available": True}}
        )
        devtools.send("Emulation.setSensorOverrideReadings", {"type": kind, "reading": {"xyz": reading}})
    context.grant_permissions(["geolocation", "accelerometer", "gyroscope", "magnetometer", "screen-wake-lock"])
    context.set_geolocation(HERE)  # type: ignore[arg-type]
    return devtools


def wait(page: "Page", what: str, *, seconds: float = 20.0, **given: Any) -> Any:
    """What an expression gives once it is true: under our policy a page evaluates no text of its own."""
    for _ in range(int(seconds * 20)):
        found = page.evaluate(what, given or None)
        if found:
            return found
        page.wait_for_timeout(50)
    raise AssertionError(f"never: {what}; {page.inner_text('main')[:400]}")


def is_there(page: "Page") -> None:
    """Wait until every part of the coach is there."""
    wait(page, "document.body.dataset.has === 'all'")


def tick(page: "Page") -> None:
    """Make sure of all five things, by a script: hands do so in the test of the ticks."""
    page.evaluate("document.querySelectorAll('.ticks input:not(:checked)').forEach((box) => box.click())")


def live(page: "Page", status: str, state: str | None = None) -> None:
    """Wait until the live screen shows this."""
    asked: dict[str, Any] = {"status": status, "state": state}
    wait(
        page,
        "({ status, state }) => { const { dataset } = document.querySelector('.live');"
        " return dataset.status === status && (!state || dataset.state === state) }",
        **asked,
    )


def marks(page: "Page") -> list[Json]:
    """The marks that this phone keeps of all runs, those of the last moment included."""
    page.wait_for_timeout(600)
    found: list[Json] = page.evaluate(
        """async () => {
        const asked = (request) => new Promise((done, failed) => {
          request.onsuccess = () => done(request.result); request.onerror = () => failed(request.error) })
        const base = await asked(indexedDB.open("retropace-coach"))
        const chunks = await asked(base.transaction("chunks").objectStore("chunks").getAll())
        const lines = chunks.filter((one) => one.stream === "lines")
        const text = lines.map((one) => new TextDecoder().decode(one.bytes)).join("")
        base.close()
        return text.split("\\n").filter(Boolean).map((line) => JSON.parse(line)).filter((line) => line.k === "mark")
    }"""
    )
    return found
