"""Server: the house opened to browsers. A house without accounts opens to this machine only."""

import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path

from retropace.errors import UnusableInput
from retropace.store.takeover import open_folder
from retropace.web.house import House

#: Where it listens unless told otherwise.
DEFAULT_PORT = 8417


def require_loopback(host: str) -> None:
    """Raise UnusableInput for an address that others could reach."""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        remedy = "Leave --host out. To let others in, people need accounts: ./run serve --accounts"
        raise UnusableInput(f"Without accounts retropace listens on this machine only, not on {host}", remedy=remedy)


def local_house(folder: Path, secret: bytes, tell: Callable[[str], None] | None = None) -> House:
    """The house of one person, kept in `folder`; `tell` hears of readable files there that were taken over."""
    return House(open_folder(folder, tell).database, secret=secret)


def free_port(host: str, wanted: int) -> int:
    """`wanted` where it is free, else one that is."""
    for port in (wanted, 0):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise UnusableInput(f"No port is free on {host}", field="--port", remedy="Name another host.")


def serve(house: House, host: str, port: int) -> None:
    """Answer until somebody stops it with Ctrl-C."""
    import uvicorn

    from retropace.web.app import app

    uvicorn.run(app(house), host=host, port=port, log_level="warning", access_log=False, lifespan="off", ws="none")
