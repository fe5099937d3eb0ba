"""Near: the house of one person opened to phones on the same network, each of which is let in once.

Three addresses: plain on this machine, as always; encrypted for phones; and a plain one with nothing but the certificate and
how to trust it, for a phone that does not trust it yet.
"""

import asyncio
import contextlib
import datetime as dt
import ipaddress
import secrets
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from retropace.errors import UnusableInput
from retropace.web import assets
from retropace.web.authority import Certificates, certificates, is_private, profile
from retropace.web.frame import environment
from retropace.web.guard import Guard
from retropace.web.house import LOOPBACK, House, Near
from retropace.web.language import speak
from retropace.web.server import config, free_port

if TYPE_CHECKING:
    import uvicorn

#: Signs of a code that nobody mixes up when reading it aloud: 12 of them are 60 bits.
_SIGNS, _LENGTH = "ABCDEFGHJKMNPQRSTVWXYZ23456789", 12
#: Where nothing is sent, only asked which of our addresses would be used (RFC 5737, RFC 3849).
_NOWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


def pairing_code() -> str:
    """A new code that lets a phone in, in groups of four."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    return "-".join(signs[at : at + 4] for at in range(0, _LENGTH, 4))


def same_code(one: str, other: str) -> bool:
    """Whether two codes are one, as people type them.

    >>> same_code("abcd efgh jkmn", "ABCD-EFGH-JKMN")
    True
    """
    plain = ("".join(filter(str.isalnum, code.upper())).encode() for code in (one, other))
    return secrets.compare_digest(*plain)


def own_addresses() -> list[str]:
    """This machine's addresses on private networks, short ones first, and of these the one that leads outward."""
    found = []
    for family, nowhere in _NOWHERE:
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asking:
            asking.connect((nowhere, 9))
            found.append(str(asking.getsockname()[0]))
    with contextlib.suppress(OSError):
        found += [str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None)]
    plain = (address.partition("%")[0] for address in found)
    private = [address for address in dict.fromkeys(plain) if is_private(address) and not _is_alone(address)]
    return sorted(private, key=lambda address: ":" in address)


def _is_alone(address: str) -> bool:
    """Whether nobody else reaches us by it, or only by saying through which cable."""
    parsed = ipaddress.ip_address(address)
    return parsed.is_loopback or parsed.is_link_local


def own_names(more: Sequence[str] = ()) -> list[str]:
    """The names phones may find this machine by: the one it announces on its own network, and whatever else it is told."""
    announced = socket.gethostname().partition(".")[0].lower()
    return list(dict.fromkeys([*(name.lower() for name in more), f"{announced}.local", "localhost"]))


def nearby(house: House, port: int, now: dt.datetime, names: Sequence[str] = ()) -> tuple[House, Certificates]:
    """`house` as phones on the network reach it, and what it shows them. Raises UnusableInput where there is no network."""
    addresses = own_addresses()
    if not addresses:
        remedy = "Join the network that the phone is in, then start again."
        raise UnusableInput("This machine is in no private network", field="--lan", remedy=remedy)
    if house.folder is None:
        raise UnusableInput(
            "Phones come to the house of one person only", field="--lan", remedy="Leave --accounts out."
        )
    shown = certificates(house.folder / "tls", [n for n in own_names(names) if is_ours(n)], addresses, now)
    first = f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]
    encrypted = free_port("0.0.0.0", port + 1)  # noqa: S104 - the network is whom it is for
    helping = free_port("0.0.0.0", encrypted + 1)  # noqa: S104
    near = Near(f"https://{first}:{encrypted}", f"http://{first}:{helping}", shown.fingerprint, pairing_code())
    hosts = LOOPBACK | {f"[{a}]" if ":" in a else a for a in addresses} | set(own_names(names))
    return replace(house, near=near, hosts=hosts, https=True, paired=True), shown


def is_ours(name: str) -> bool:
    """Whether our authority may vouch for this name; others come through a proxy that has its own certificate."""
    return name.endswith((".local", ".lan", ".home.arpa", ".internal")) or name == "localhost"


def serve_near(house: House, host: str, port: int, phones: House, shown: Certificates) -> None:
    """Answer at all three addresses until somebody stops it with Ctrl-C. `phones` is `house` as phones reach it."""
    import uvicorn

    from retropace.web.app import app

    near = phones.near
    assert near is not None  # noqa: S101 - made by nearby()
    encrypted, helping = (int(address.rpartition(":")[2]) for address in (near.address, near.help_address))
    first = uvicorn.Server(config(app(replace(house, near=near)), host, port))
    others = {
        encrypted: _following(config(app(phones), host, encrypted, certificates=shown)),
        helping: _following(config(help_app(phones, shown), host, helping)),
    }
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_together(first, others))


async def _together(first: "uvicorn.Server", others: "Mapping[int, uvicorn.Server]") -> None:
    """The first hears Ctrl-C; the others, each at its port on every address, end with it."""
    tasks = [asyncio.create_task(first.serve())]
    for port, server in others.items():
        tasks.append(asyncio.create_task(server.serve(sockets=[_everywhere(port)])))
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for server in (first, *others.values()):
        server.should_exit = True
    await asyncio.gather(*tasks)


def _everywhere(port: int) -> socket.socket:
    """Listens at `port` on every address of this machine, old and new ones where it has both."""
    if socket.has_dualstack_ipv6():
        return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)
    return socket.create_server(("", port))


def help_app(house: House, shown: Certificates) -> Starlette:
    """What a phone that trusts nothing yet may see: how to trust, and the certificate. Nothing of anybody's is here."""

    async def explain(request: Request) -> Response:  # noqa: ARG001
        speak("en")
        return HTMLResponse(environment().get_template("trust.html").render(language="en", near=house.near))

    async def certificate(request: Request) -> Response:  # noqa: ARG001
        headers = {"content-disposition": 'attachment; filename="retropace.crt"'}
        return Response(shown.authority.read_bytes(), media_type="application/x-x509-ca-cert", headers=headers)

    async def apple(request: Request) -> Response:  # noqa: ARG001
        headers = {"content-disposition": 'attachment; filename="retropace.mobileconfig"'}
        return Response(profile(shown.authority), media_type="application/x-apple-aspen-config", headers=headers)

    return Starlette(
        routes=[
            Route("/", explain),
            Route("/retropace.crt", certificate),
            Route("/retropace.mobileconfig", apple),
            Route("/s/{edition}/{name}", assets.serve),
        ],
        middleware=[Middleware(Guard, house=replace(house, https=False))],
    )


def _following(made: "uvicorn.Config") -> "uvicorn.Server":
    """A server that leaves Ctrl-C to another one. Made here: uvicorn is loaded only where something is served."""
    import uvicorn

    class Following(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    return Following(made)
