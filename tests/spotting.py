"""A runner's page and a spotter's page in a real browser, for tests and for measuring."""

import time
import uuid
from typing import TYPE_CHECKING, Any

from retropace.web.assets import address

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: The runner's page as a coach would use the module, which obeys at once unless it is told not to.
RUNNER = """async ([script, run]) => {
    const {Spotter} = await import(script)
    const csrf = document.querySelector("meta[name=csrf]").content
    const spotter = new Spotter({run, csrf, rules: {beat: 0.5, lost: 1.5}})
    const told = {obeys: true, link: [], stop: [], spotters: [], closed: []}
    for (const name of ["link", "stop", "spotters", "closed"]) {
        spotter.addEventListener(name, ({detail}) => {
            told[name].push({...detail, at: performance.timeOrigin + performance.now()})
            if (name === "stop" && told.obeys) spotter.stopped(detail.id)
        })
    }
    Object.assign(window, {spotter, told})
    const {url} = await spotter.invite()
    spotter.open()
    return url
}"""
#: Notes when a spotter's page shows something else, and how loud it is.
NOTES = """
window.shown = []
window.taps = []
const connect = AudioNode.prototype.connect
AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode) {
        const tap = new AnalyserNode(this.context, {fftSize: 2048})
        window.taps.push(tap)
        connect.call(this, tap)
    }
    return connect.call(this, to, ...rest)
}
window.loudness = () => Math.max(0, ...window.taps.map((tap) => {
    const samples = new Float32Array(tap.fftSize)
    tap.getFloatTimeDomainData(samples)
    return Math.max(...samples.map(Math.abs))
}))
document.addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
    const show = document.body.dataset.show
    if (window.shown.at(-1)?.show !== show) window.shown.push({show, at: performance.timeOrigin + performance.now()})
}).observe(document.body, {attributes: true, attributeFilter: ["data-show"]}))
addEventListener("pointerdown", (event) => { window.pressed = performance.timeOrigin + event.timeStamp }, {capture: true})
addEventListener("keydown", (event) => { window.pressed = performance.timeOrigin + event.timeStamp }, {capture: true})
"""
RUNNING = {"status": "running", "state": "reverse", "why": None, "repeat": 4, "of": 6, "left_s": 12.0, "next": "walk"}
RUNNING |= {"to_end_m": 41.0, "clear_m": 55.0, "keep_m": 5.0, "treadmill": False}
SIZE = {"width": 390, "height": 844}


def run_page(browser: "Browser", house: str, run: str | None = None) -> tuple["Page", str]:
    """The page of a runner, and the path of its invitation."""
    page = browser.new_context(viewport=SIZE).new_page()  # type: ignore[arg-type]
    page.goto(f"{house}/evidence")
    url: str = page.evaluate(RUNNER, [address("coach-spotter.js"), run or str(uuid.uuid4())])
    page.evaluate("state => spotter.tell(state)", RUNNING)
    return page, url.removeprefix(house)


def spot_page(browser: "Browser", where: str, name: str = "", **context: Any) -> "Page":
    """The page of a spotter who is ready."""
    page = browser.new_context(**({"viewport": SIZE} | context)).new_page()
    page.add_init_script(NOTES)
    page.goto(where)
    page.fill("#name", name)
    page.get_by_role("button", name="I am ready").click()
    return page


def until(page: "Page", true: str, seconds: float = 20.0) -> Any:
    """Wait until something is true in a page. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (found := page.evaluate(true)):
        assert time.monotonic() < deadline, f"{true}: not within {seconds} s"
        page.wait_for_timeout(20)
    return found


def shows(page: "Page", what: str, seconds: float = 20.0) -> None:
    """Wait until a spotter's page shows `what`."""
    until(page, f"document.body.dataset.show === '{what}'", seconds)


def linked(runner: "Page", *, alive: bool = True, seconds: float = 20.0) -> None:
    """Wait until a runner's page has a spotter, or none any more."""
    until(runner, f"spotter.linked === {str(alive).lower()}", seconds)
