"""Authority: certificates that a real TLS client believes for private names, and for nothing else."""

import datetime as dt
import plistlib
import socket
import ssl
import threading
from pathlib import Path

import pytest
from cryptography import x509

from retropace.errors import StoreFailure
from retropace.web.authority import Certificates, certificates, is_private, profile

NAMES, ADDRESSES = ("desk.local", "localhost"), ("127.0.0.1", "192.168.1.20")


def present() -> dt.datetime:
    """TLS clients go by the machine's clock."""
    return dt.datetime.now(dt.UTC)


def made(folder: Path, *, names: tuple[str, ...] = NAMES, now: dt.datetime | None = None) -> Certificates:
    return certificates(folder / "tls", names, ADDRESSES, now or present())


def believed(authority: Path, shown: Certificates, name: str) -> None:
    """A handshake over a pair of sockets, as a browser at `name` does it. Raises ssl.SSLError where it is not believed."""
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=str(authority))
    server.load_cert_chain(shown.chain, shown.key)
    here, there = socket.socketpair()

    def answer() -> None:
        try:
            server.wrap_socket(there, server_side=True).close()
        except (ssl.SSLError, OSError):
            there.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        client.wrap_socket(here, server_hostname=name).close()
    finally:
        here.close()
        thread.join(5)


@pytest.mark.parametrize("name", [*NAMES, *ADDRESSES])
def test_a_phone_that_trusts_the_authority_believes_every_name_of_the_machine(tmp_path: Path, name: str) -> None:
    found = made(tmp_path)
    believed(found.authority, found, name)


def test_another_name_is_not_believed(tmp_path: Path) -> None:
    found = made(tmp_path)
    with pytest.raises(ssl.SSLError):
        believed(found.authority, found, "192.168.1.21")


def test_the_authority_cannot_vouch_for_the_world(tmp_path: Path) -> None:
    """Even where its key were stolen: what it issues for a public name nobody believes."""
    found = made(tmp_path, names=("bank.example",))
    with pytest.raises(ssl.SSLError, match="permitted subtree"):
        believed(found.authority, found, "bank.example")


def test_another_machines_authority_is_not_believed(tmp_path: Path) -> None:
    mine, other = made(tmp_path / "mine"), made(tmp_path / "other")
    with pytest.raises(ssl.SSLError):
        believed(other.authority, mine, "localhost")


def test_a_phone_trusts_once(tmp_path: Path) -> None:
    first = made(tmp_path)
    chain = first.chain.read_bytes()
    assert made(tmp_path) == first
    assert first.chain.read_bytes() == chain, "nothing is issued anew without a reason"
    moved = certificates(tmp_path / "tls", NAMES, ("10.0.0.7",), present())
    assert moved.fingerprint == first.fingerprint
    believed(first.authority, moved, "10.0.0.7")


def test_what_is_issued_is_renewed_before_it_ends(tmp_path: Path) -> None:
    first = made(tmp_path)
    later = made(tmp_path, now=present() + dt.timedelta(days=350))
    assert later.fingerprint == first.fingerprint
    ends = x509.load_pem_x509_certificate(later.chain.read_bytes()).not_valid_after_utc
    assert ends > present() + dt.timedelta(days=700)


def test_browsers_accept_how_long_it_lasts(tmp_path: Path) -> None:
    leaf = x509.load_pem_x509_certificate(made(tmp_path).chain.read_bytes())
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= dt.timedelta(days=398)


@pytest.mark.parametrize("name", ["authority.crt", "authority.key", "server.crt", "server.key"])
@pytest.mark.parametrize("content", [b"", b"rubbish", b"-----BEGIN CERTIFICATE-----\nMIIB\n"])
def test_a_damaged_file_is_made_anew(tmp_path: Path, name: str, content: bytes) -> None:
    made(tmp_path)
    (tmp_path / "tls" / name).write_bytes(content)
    found = made(tmp_path)
    believed(found.authority, found, "localhost")


def test_keys_are_for_nobody_else(tmp_path: Path) -> None:
    found = made(tmp_path)
    for path in (found.key, found.authority.with_suffix(".key")):
        assert path.stat().st_mode & 0o077 == 0


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "tls").write_text("a file in the way")
    with pytest.raises(StoreFailure, match="certificates cannot be kept"):
        made(tmp_path)


def test_the_profile_holds_the_authority(tmp_path: Path) -> None:
    found = made(tmp_path)
    told = plistlib.loads(profile(found.authority))
    inside = told["PayloadContent"][0]
    assert inside["PayloadType"] == "com.apple.security.root"
    assert x509.load_der_x509_certificate(inside["PayloadContent"]) == x509.load_pem_x509_certificate(
        found.authority.read_bytes()
    )


@pytest.mark.parametrize(
    ("address", "private"),
    [("10.1.2.3", True), ("172.31.0.1", True), ("172.32.0.1", False), ("fe80::1", True), ("2001:db8::1", False)],
)
def test_private_addresses(address: str, *, private: bool) -> None:
    assert is_private(address) is private
