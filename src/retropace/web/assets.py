"""Assets: styles and scripts, served under one checksum of them all, so that browsers may keep them for ever."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response

from retropace.errors import NotFound
from retropace.views import drawing
from retropace.views.bodymap import body_stylesheet
from retropace.views.palette import DARK, LIGHT, PAPER, SUN, declarations
from retropace.views.pose import pose_stylesheet
from retropace.voice import SPRITE, sprite

_KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
    "png": "image/png",
    "mp3": "audio/mpeg",
}
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file, as it is and compressed."""

    content: bytes
    compressed: bytes
    kind: str


@cache
def assets() -> dict[str, Asset]:
    """Every asset by name; look.css is made from the palette and the drawings' own styles, body.css from the body map.

    The live coach has a look of its own, dark or for direct sun, whatever the rest of the app has.
    """
    folder = resources.files("retropace.web").joinpath("static")
    found = {file.name: file.read_bytes() for file in folder.iterdir() if file.name.rpartition(".")[2] in _KINDS}
    found["look.css"] = _look().encode()
    found["body.css"] = body_stylesheet().encode()
    found[SPRITE] = sprite()
    found["coach-live.css"] = _live_looks().encode() + found["coach-live.css"]
    return {
        name: Asset(content, gzip.compress(content, 9, mtime=0), _KINDS[name.rpartition(".")[2]])
        for name, content in sorted(found.items())
    }


@cache
def edition() -> str:
    """The checksum of all assets."""
    whole = hashlib.sha256()
    for name, asset in assets().items():
        whole.update(name.encode() + asset.content)
    return whole.hexdigest()[:12]


def address(name: str) -> str:
    """Where an asset is found. Raises NotFound for one that is not there, so that a test sees it."""
    if name not in assets():
        raise NotFound(f"There is no asset {name}")
    return f"/s/{edition()}/{name}"


async def serve(request: Request) -> Response:
    """One asset; an old edition's address gives the present one, unkept."""
    asset = assets().get(str(request.path_params["name"]))
    if asset is None:
        return Response(status_code=404)
    kept = _FOR_EVER if request.path_params["edition"] == edition() else "no-cache"
    headers = {"cache-control": kept, "vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.compressed, media_type=asset.kind, headers=headers | {"content-encoding": "gzip"})
    return Response(asset.content, media_type=asset.kind, headers=headers)


def _live_looks() -> str:
    dark, sun = declarations(DARK), declarations(SUN)
    return f".live{{color-scheme:dark;{dark}}}.live[data-look=sun]{{color-scheme:light;{sun}}}"


def _look() -> str:
    dark = declarations(DARK)
    return (
        f":root{{color-scheme:light dark;{declarations(LIGHT)}}}"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f":root[data-theme=light]{{color-scheme:light}}:root[data-theme=dark]{{color-scheme:dark;{dark}}}"
        f"{drawing.stylesheet()}{pose_stylesheet()}"
        f"@media print{{:root:root:root{{color-scheme:light;{declarations(PAPER)}}}}}"
    )
