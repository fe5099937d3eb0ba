"""`retropace serve`: the app in a browser. `./run` alone does the same; with --accounts it is open to many people."""

import os
import sys
import webbrowser
from argparse import Namespace

from retropace.cli.asked import database_of, folder_of, print_note
from retropace.errors import UnusableInput
from retropace.web.house import House, Near
from retropace.web.server import free_port, is_loopback, local_house, require_loopback, serve, shared_house


def run(options: Namespace) -> int:
    """Serve until Ctrl-C."""
    if options.accounts and options.lan:
        remedy = "Leave one of them out: people with accounts need a server with a name (docs/server.md)."
        raise UnusableInput("--lan is for the house of one person", field="--lan", remedy=remedy)
    return _for_many(options) if options.accounts else _for_one(options)


def _for_one(options: Namespace) -> int:
    for option in ("database", "behind_proxy", "name", "sign_up", "plain_http"):
        if getattr(options, option) and not (option == "name" and options.lan):
            written = f"--{option.replace('_', '-')}"
            raise UnusableInput(f"{written} is for people with accounts", remedy="Add --accounts, or leave it out.")
    require_loopback(options.host)
    house = local_house(folder_of(options), print_note, options.host)
    port = free_port(options.host, options.port)
    address = _address("http", options.host, port)
    if options.lan:
        return _near(house, options, port)
    _say(f"retropace is at {address}   (Ctrl-C stops it)")
    if not options.quiet and _has_screen():
        webbrowser.open(address)
    serve(house, options.host, port)
    return 0


def _near(house: House, options: Namespace, port: int) -> int:
    """Serve this machine and the phones on its network."""
    from retropace.web.near import nearby, serve_near

    phones, shown = nearby(house, port, house.clock(), options.name)
    _say(f"retropace is at {_address('http', options.host, port)}   (Ctrl-C stops it)")
    if phones.near is not None:
        _explain(phones.near)
    serve_near(house, options.host, port, phones, shown)
    return 0


def _explain(near: Near) -> None:
    """What to do on the phone, with codes for its camera."""
    import segno

    _say("\n1  Trust this computer, once for each phone. Scan and follow the page:")
    segno.make(near.help_address, error="l", micro=False).terminal(out=sys.stdout, compact=True)
    _say(f"   {near.help_address}   fingerprint {near.fingerprint[:23]}... (all of it: Settings, Your phones)")
    _say("\n2  Open retropace on the phone and let it in. Scan:")
    segno.make(f"{near.address}/pair/{near.pairing}", error="l", micro=False).terminal(out=sys.stdout, compact=True)
    _say(f"   {near.address}   code {near.pairing}")
    _say("\nNobody on your network gets in without the code. Away from home: docs/phone.md.\n")


def _for_many(options: Namespace) -> int:
    _require_private(options)
    https = options.behind_proxy is not None
    house = shared_house(database_of(options), https=https, sign_up=options.sign_up, names=options.name)
    port = free_port(options.host, options.port)
    if port != options.port:
        raise UnusableInput(f"Port {options.port} is in use", field="--port", remedy="Name another one.")
    _say(f"retropace listens at {_address('http', options.host, port)} for people with accounts   (Ctrl-C stops it)")
    serve(house, options.host, port, options.behind_proxy)
    return 0


def _require_private(options: Namespace) -> None:
    """Raise UnusableInput where passwords would cross a network for all to read."""
    if options.behind_proxy is None and not is_loopback(options.host) and not options.plain_http:
        remedy = "Put it behind a proxy with TLS and add --behind-proxy (see docs/server.md)."
        raise UnusableInput(f"On {options.host} passwords would travel unencrypted", field="--host", remedy=remedy)


def _address(scheme: str, host: str, port: int) -> str:
    return f"{scheme}://[{host}]:{port}/" if ":" in host else f"{scheme}://{host}:{port}/"


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _has_screen() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
