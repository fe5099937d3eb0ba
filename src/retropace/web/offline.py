"""Offline: what a phone keeps, so that a session begins without a server: the coach, its parts, and a word for the rest."""

import hashlib
import json
import re
from functools import cache

from retropace.web import assets

#: Pages that open without a server. Nothing personal stands in them: what is personal stays in the page's own database.
PAGES = ("/coach", "/phone")
#: What the offline page is made of.
_ITS_OWN = frozenset({"frame.css", "look.css", "icon.svg", "icon-180.png", "offline.js", "app.webmanifest"})
_COACH = re.compile(r"coach[\w-]*\.(js|css)|phone[\w-]*\.(js|css)|voice-\w+\.mp3")


def kept_assets() -> list[str]:
    """Names of the assets that are kept."""
    return [name for name in assets.assets() if name in _ITS_OWN or _COACH.fullmatch(name)]


def service_worker(pages: bytes) -> bytes:
    """The service worker's script; it changes when an asset does, or one of `pages` as they are served."""
    return _filled(hashlib.sha256(pages).hexdigest()[:12])


@cache
def _filled(pages: str) -> bytes:
    script = assets.assets()["sw.js"].content.decode()
    kept = json.dumps([assets.address(name) for name in kept_assets()])
    filled = script.replace("%EDITION%", f"retropace {assets.edition()} {pages}")
    return filled.replace("/*KEPT*/ []", kept).replace("/*PAGES*/ []", json.dumps(PAGES)).encode()
