"""This phone: what is tried, what is said of it, and what is handed out."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.testclient import TestClient

from retropace.web.pages.phone import checks
from served import PHONE, context_of, listen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

SENSORS = ("accelerometer", "linear-acceleration", "gyroscope", "absolute-orientation", "relative-orientation")


def test_every_check_says_why_and_what_to_do(client: TestClient) -> None:
    page = client.get("/phone").text
    for check in checks():
        assert check.title in page
        assert check.fix.endswith((".", "--lan"))
    assert len({check.key for check in checks()}) == len(checks())


def states(page: "Page") -> dict[str, str]:
    found: dict[str, str] = page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('[data-check]')].map((row) =>"
        " [row.dataset.check, row.dataset.state]))"
    )
    return found


def shake(cdp: "CDPSession", seconds: float) -> None:
    """A phone that is moved a little, 60 times a second."""
    began, count = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        count += 1
        xyz = {"x": 0.1 * (count % 7), "y": 9.8, "z": 0.1 * (count % 3)}
        for kind in SENSORS[:3]:
            cdp.send("Emulation.setSensorOverrideReadings", {"type": kind, "reading": {"xyz": xyz}})
        quaternion = {"x": 0.0, "y": 0.0, "z": 0.1 + 0.001 * (count % 9), "w": 0.99}
        for kind in SENSORS[3:]:
            cdp.send("Emulation.setSensorOverrideReadings", {"type": kind, "reading": {"quaternion": quaternion}})
        time.sleep(1 / 60)


def test_a_phone_with_everything_can_coach(browser: "Browser", coach_at: str) -> None:
    context = context_of(browser, PHONE, keeps=True)
    context.grant_permissions(["geolocation", "accelerometer", "gyroscope", "magnetometer", "screen-wake-lock"])
    context.set_geolocation({"latitude": 50.0, "longitude": 8.0, "accuracy": 5.0})
    page = context.new_page()
    troubles = list[str]()
    listen(page, coach_at, troubles)
    page.goto(f"{coach_at}/phone")
    page.evaluate("() => setTimeout(() => document.querySelector('[data-do=test]').click(), 400)")
    cdp = context.new_cdp_session(page)
    for kind in SENSORS:
        cdp.send("Emulation.setSensorOverrideEnabled", {"enabled": True, "type": kind, "metadata": {"available": True}})
    shake(cdp, 6)
    page.get_by_role("button", name="Yes").click()
    shake(cdp, 8)
    page.locator("#told").wait_for()
    found = states(page)
    needed = ("secure", "sound", "awake", "keep", "offline", "motion", "orientation", "position", "clock")
    assert {key: found[key] for key in needed} == dict.fromkeys(needed, "works")
    assert page.locator("#verdict").inner_text() == "This phone can coach and record."
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save the result").click()
    told = json.loads(saved.value.path().read_text())
    assert told["checks"]["motion"]["rate"] > 25
    assert told["checks"]["sound"]["heard"] is True
    assert "lat" not in json.dumps(told).replace("platform", "").replace("latency", "")
    assert not troubles
    context.close()


def test_what_is_refused_is_said_with_what_to_do(open_page: "Callable[..., Page]") -> None:
    page = open_page("/phone")
    page.context.grant_permissions([])  # nothing is granted
    page.evaluate("() => setTimeout(() => document.querySelector('[data-do=test]').click(), 100)")
    page.get_by_role("button", name="No").click()
    page.locator("#told").wait_for()
    found = states(page)
    assert found["sound"] == "missing"
    assert found["motion"] in ("missing", "refused")
    assert page.locator("#verdict").inner_text().startswith("This phone cannot coach you yet.")
    assert page.locator("[data-check=sound] [data-part=fix]").is_visible()
    assert not page.locator("[data-check=secure] [data-part=fix]").is_visible()
