"""Authority: this machine's own certificates, so that a phone on the same network gets a private connection.

A phone gives sensors, a screen that stays on and pages that work offline only to pages with a certificate it trusts. Where
no public name leads to this machine nobody else can issue one, so it makes its own authority, which may vouch for names and
addresses of private networks alone (RFC 5280, name constraints): whoever trusts it trusts it for nothing else.
"""

import datetime as dt
import ipaddress
import os
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from retropace.errors import StoreFailure

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

#: The authority lasts as long as phones may keep it; what it issues as long as browsers accept (398 days).
_AUTHORITY_DAYS, _ISSUED_DAYS = 3650, 397
#: Issued anew when fewer days than these are left.
_RENEW_DAYS = 60
_PRIVATE_NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8")
_PRIVATE_NETWORKS_6 = ("fc00::/7", "fe80::/10", "::1/128")
_NAMES = ("local", "localhost", "lan", "home.arpa", "internal")
_CLOCKS_APART = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where the files are: what phones are to trust, what the server shows, its key. `fingerprint` is the authority's."""

    authority: Path
    chain: Path
    key: Path
    fingerprint: str


def certificates(folder: Path, names: Sequence[str], addresses: Sequence[str], now: dt.datetime) -> Certificates:
    """Certificates for this machine under `names` and `addresses`, kept in `folder`; made where missing, old or for others.

    The authority stays the same, so that a phone trusts it once. Raises StoreFailure where the folder cannot be written.
    """
    paths = folder / "authority.crt", folder / "authority.key", folder / "server.crt", folder / "server.key"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        authority, signer = _authority(paths[0], paths[1], now)
        if not _serves(paths[2], paths[3], authority, names, addresses, now):
            _issue(paths[2], paths[3], authority, signer, names, addresses, now)
    except OSError as error:
        remedy = "Make room, or name another --folder."
        raise StoreFailure(
            f"The certificates cannot be kept: {error.strerror}", file=str(folder), remedy=remedy
        ) from error
    from cryptography.hazmat.primitives import hashes

    fingerprint = authority.fingerprint(hashes.SHA256()).hex(":").upper()
    return Certificates(paths[0], paths[2], paths[3], fingerprint)


def is_private(address: str) -> bool:
    """Whether the authority may vouch for this address.

    >>> is_private("192.168.1.20"), is_private("8.8.8.8")
    (True, False)
    """
    found = ipaddress.ip_address(address)
    networks = map(ipaddress.ip_network, (*_PRIVATE_NETWORKS, *_PRIVATE_NETWORKS_6))
    return any(found in network for network in networks if network.version == found.version)


def profile(authority: Path) -> bytes:
    """The authority as a configuration profile, which iPhones install from a page."""
    import plistlib

    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    certificate = x509.load_pem_x509_certificate(authority.read_bytes())
    seed = certificate.serial_number.to_bytes(20, "big").hex()
    payload = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": "app.retropace.authority.root",
        "PayloadUUID": str(uuid.uuid5(uuid.NAMESPACE_OID, f"root {seed}")),
        "PayloadDisplayName": "retropace on your own network",
        "PayloadContent": certificate.public_bytes(Encoding.DER),
    }
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": "app.retropace.authority",
            "PayloadUUID": str(uuid.uuid5(uuid.NAMESPACE_OID, seed)),
            "PayloadDisplayName": "retropace on your own network",
            "PayloadDescription": "Lets this phone trust your own computer's retropace, on private networks only.",
            "PayloadContent": [payload],
        }
    )


# -- making and keeping -------------------------------------------------------------------------------------------------


def _authority(
    certificate_path: Path, key_path: Path, now: dt.datetime
) -> "tuple[x509.Certificate, ec.EllipticCurvePrivateKey]":
    """The authority that is kept, a new one where there is none, or none that lasts."""
    kept = _kept(certificate_path, key_path)
    if kept is not None and kept[0].not_valid_after_utc - now > dt.timedelta(days=_ISSUED_DAYS):
        return kept
    made = _made_authority(now)
    _write(key_path, _key_pem(made[1]))
    _write(certificate_path, _pem(made[0]))
    return made


def _kept(certificate_path: Path, key_path: Path) -> "tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None":
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        certificate = x509.load_pem_x509_certificate(certificate_path.read_bytes())
        key = load_pem_private_key(key_path.read_bytes(), None)
    except (FileNotFoundError, ValueError, TypeError):
        return None  # never made, or cut short when it was
    belongs = isinstance(key, ec.EllipticCurvePrivateKey) and certificate.public_key() == key.public_key()
    return (certificate, key) if belongs and isinstance(key, ec.EllipticCurvePrivateKey) else None


def _made_authority(now: dt.datetime) -> "tuple[x509.Certificate, ec.EllipticCurvePrivateKey]":
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = _named(f"retropace on {_machine()}")
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    networks = [x509.IPAddress(ipaddress.ip_network(n)) for n in (*_PRIVATE_NETWORKS, *_PRIVATE_NETWORKS_6)]
    permitted = [*(x509.DNSName(name) for name in _NAMES), *networks]
    certificate = (
        _begun(name, name, key, now, _AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return certificate, key


def _serves(
    chain_path: Path,
    key_path: Path,
    authority: "x509.Certificate",
    names: Sequence[str],
    addresses: Sequence[str],
    now: dt.datetime,
) -> bool:
    """Whether what was issued before still does."""
    from cryptography import x509

    kept = _kept(chain_path, key_path)
    if kept is None or not _issued_by(authority, kept[0]):
        return False
    if kept[0].not_valid_after_utc - now < dt.timedelta(days=_RENEW_DAYS) or kept[0].not_valid_before_utc > now:
        return False
    known = kept[0].extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    has_names = set(names) <= set(known.get_values_for_type(x509.DNSName))
    return has_names and set(addresses) <= {str(found) for found in known.get_values_for_type(x509.IPAddress)}


def _issued_by(authority: "x509.Certificate", certificate: "x509.Certificate") -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _issue(
    chain_path: Path,
    key_path: Path,
    authority: "x509.Certificate",
    signer: "ec.EllipticCurvePrivateKey",
    names: Sequence[str],
    addresses: Sequence[str],
    now: dt.datetime,
) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID

    key = ec.generate_private_key(ec.SECP256R1())
    served = [*map(x509.DNSName, names), *(x509.IPAddress(ipaddress.ip_address(found)) for found in addresses)]
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    certificate = (
        _begun(_named(names[0] if names else "retropace"), authority.subject, key, now, _ISSUED_DAYS)
        .add_extension(x509.SubjectAlternativeName(served), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(issuer_key, critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write(key_path, _key_pem(key))
    _write(chain_path, _pem(certificate) + _pem(authority))


def _begun(
    subject: "x509.Name", issuer: "x509.Name", key: "ec.EllipticCurvePrivateKey", now: dt.datetime, days: int
) -> "x509.CertificateBuilder":
    from cryptography import x509

    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCKS_APART)
        .not_valid_after(now + dt.timedelta(days=days))
    )


def _named(words: str) -> "x509.Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words[:64])])


def _machine() -> str:
    import socket

    return socket.gethostname().partition(".")[0] or "this machine"


def _pem(certificate: "x509.Certificate") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _key_pem(key: "ec.EllipticCurvePrivateKey") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all, and for nobody else to read."""
    part = path.with_suffix(f"{path.suffix}.new")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
