"""`retropace serve`: the app in a browser. `./run` alone does the same."""

import os
import secrets
import sys
import webbrowser
from argparse import Namespace

from retropace.cli.asked import folder_of, print_note
from retropace.web.server import free_port, local_house, require_loopback, serve


def run(options: Namespace) -> int:
    """Serve until Ctrl-C."""
    require_loopback(options.host)
    house = local_house(folder_of(options), secrets.token_bytes(32), print_note)
    port = free_port(options.host, options.port)
    address = f"http://{options.host}:{port}/"
    sys.stdout.write(f"retropace is at {address}   (Ctrl-C stops it)\n")
    sys.stdout.flush()
    if not options.quiet and _has_screen():
        webbrowser.open(address)
    serve(house, options.host, port)
    return 0


def _has_screen() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
