"""Server: the house opened to browsers. A house without accounts opens to this machine only."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from retropace.errors import UnusableInput
from retropace.store.database import open_database
from retropace.store.house_secret import house_secret
from retropace.store.takeover import open_folder
from retropace.web.house import LOOPBACK, House

if TYPE_CHECKING:
    from uvicorn import Config

    from retropace.web.authority import Certificates
    from retropace.web.guard import App
from retropace.web.link_messages import MOST_BYTES

#: Where it listens unless told otherwise.
DEFAULT_PORT = 8417
#: More connections than that at once are told to come back.
MOST_CONNECTIONS = 1000
_KEEP_ALIVE_S = 5
_HEAD_BYTES = 32_768


def require_loopback(host: str) -> None:
    """Raise UnusableInput for an address that others could reach."""
    if not is_loopback(host):
        remedy = "Leave --host out. To let others in, people need accounts: ./run serve --accounts"
        raise UnusableInput(f"Without accounts retropace listens on this machine only, not on {host}", remedy=remedy)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def local_house(folder: Path, tell: Callable[[str], None] | None = None, host: str = "127.0.0.1") -> House:
    """The house of one person, kept in `folder`; `tell` hears of readable files there that were taken over."""
    database = open_folder(folder, tell).database
    name = f"[{host}]" if ":" in host else host
    return House(database, hosts=LOOPBACK | {name}, secret=house_secret(database), folder=folder)


def shared_house(url: str, *, https: bool = False, sign_up: bool = False, names: Sequence[str] = ()) -> House:
    """The house of many people with accounts. `names` are those it answers to, all where none is given."""
    database = open_database(url)
    hosts = frozenset(name.lower() for name in names) or None
    return House(database, accounts=True, hosts=hosts, secret=house_secret(database), https=https, sign_up=sign_up)


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


def serve(house: House, host: str, port: int, proxies: str | None = None) -> None:
    """Answer until somebody stops it with Ctrl-C. `proxies` are the addresses whose word on who calls is believed."""
    import uvicorn

    from retropace.web.app import app

    uvicorn.Server(config(app(house), host, port, proxies)).run()


def config(
    answers: "App", host: str, port: int, proxies: str | None = None, certificates: "Certificates | None" = None
) -> "Config":
    """How one address is listened at; by https where there are `certificates`."""
    import uvicorn

    from retropace.web.protocol import PatientProtocol

    return uvicorn.Config(
        answers,
        host=host,
        port=port,
        http=PatientProtocol,
        log_level="warning",
        access_log=False,
        lifespan="off",
        ws="websockets-sansio",
        ws_max_size=MOST_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=None,  # pages say themselves that they are there
        server_header=False,
        proxy_headers=proxies is not None,
        forwarded_allow_ips=proxies,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE_S,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        ssl_certfile=None if certificates is None else certificates.chain,
        ssl_keyfile=None if certificates is None else certificates.key,
    )
