"""A phone made of a browser: its sensors are moved, its permissions taken by hand."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from made_stores import begun_store
from retropace.web.assets import address
from retropace.web.house import House
from served import HOSTS, NOW, PHONE, context_of, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

Vector = tuple[float, float, float]
_MOTION = ("accelerometer", "linear-acceleration", "gyroscope")
_TURNS = ("relative-orientation", "absolute-orientation")


class Phone:
    """One page in a browser of its own; what its modules tell is collected in `self.heard` of the page."""

    def __init__(self, page: "Page", cdp: "CDPSession", wide: "CDPSession", origin: str) -> None:
        self.page, self.cdp, self.wide, self.origin = page, cdp, wide, origin

    def run(self, body: str, value: object = None) -> Any:
        """What a function returns whose body is `body`; `value` is what it is given, asset(name) imports one of ours."""
        folder = address("frame.css").removesuffix("frame.css")
        made = f"async (value) => {{ const asset = (name) => import({json.dumps(folder)} + name); {body} }}"
        return self.page.evaluate(made, value)

    def wear(self, *kinds: str) -> None:
        """Have the sensors `kinds`: all of motion and orientation unless said."""
        for kind in kinds or _MOTION + _TURNS:
            self.cdp.send(
                "Emulation.setSensorOverrideEnabled", {"enabled": True, "type": kind, "metadata": {"available": True}}
            )

    def move(self, whole: Vector, free: Vector = (0.0, 0.0, 0.0), turn: Vector = (0.0, 0.0, 0.0)) -> None:
        """Acceleration with gravity and without [m/s2], and rate of turn [rad/s]."""
        for kind, (x, y, z) in zip(_MOTION, (whole, free, turn), strict=True):
            self.cdp.send(
                "Emulation.setSensorOverrideReadings", {"type": kind, "reading": {"xyz": {"x": x, "y": y, "z": z}}}
            )

    def turn(self, kind: str, quaternion: Sequence[float]) -> None:
        """Hold it so: `kind` is relative-orientation or absolute-orientation, the quaternion x, y, z, w."""
        reading = {"quaternion": dict(zip("xyzw", quaternion, strict=True))}
        self.cdp.send("Emulation.setSensorOverrideReadings", {"type": kind, "reading": reading})

    def stand_at(self, **where: float) -> None:
        """Be at latitude, longitude, accuracy; without any of it the satellites are lost."""
        self.cdp.send("Emulation.setGeolocationOverride", where)

    def permit(self, name: str, setting: str) -> None:
        """`granted`, `denied` or `prompt`."""
        mine = self.cdp.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
        permission = {"permission": {"name": name}, "setting": setting, "origin": self.origin, "browserContextId": mine}
        self.wide.send("Browser.setPermission", permission)

    def wait(self, seconds: float) -> None:
        """Let it go on."""
        self.page.wait_for_timeout(1000 * seconds)


@contextmanager
def phone_in(browser: "Browser", served: str) -> Iterator[Phone]:
    """A phone on a page of the house at `served`."""
    context = context_of(browser, PHONE)
    page = context.new_page()
    page.goto(served + "/evidence")
    wide = browser.new_browser_cdp_session()
    yield Phone(page, context.new_cdp_session(page), wide, served)
    wide.detach()
    context.close()


@contextmanager
def phone_at_home(browser: "Browser", folder: Path) -> Iterator[Phone]:
    """A phone in a house of its own, for tests that change nothing in it."""
    database = begun_store(folder / "retropace.db")
    house = House(database, secret=b"test", clock=lambda: NOW, hosts=HOSTS)
    with serving(house) as origin, phone_in(browser, origin) as found:
        yield found
    database.close()
