"""HTTPS on a local network: an authority of our own and a certificate for this machine's address. Browsers open cameras only there."""

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 3650
LEAF_DAYS = 397  # browsers refuse more
RENEW_DAYS = 30
PRIVATE_NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8")


@dataclass(frozen=True)
class Identity:
    """Files in PEM: what the server shows, its key, and the authority that a phone may be told to trust."""

    certificate: Path
    key: Path
    authority: Path


def identity_for(address: str, home: Path, *, now: datetime.datetime) -> Identity:
    """Return a certificate for `address` (IPv4) and this machine's loopback names, signed by the authority kept in `home`."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = Identity(home / "server.pem", home / "server.key", home / "authority.pem")
    authority_key = home / "authority.key"
    if not (files.authority.exists() and authority_key.exists() and _lasts(files.authority, now) and _may_vouch(files.authority, address)):
        _make_authority(files.authority, authority_key, address, now)
        files.certificate.unlink(missing_ok=True)
    if not (files.certificate.exists() and files.key.exists() and _lasts(files.certificate, now) and _covers(files.certificate, address)):
        _make_leaf(files, authority_key, address, now)
    return files


def _load(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _lasts(path: Path, now: datetime.datetime) -> bool:
    return _load(path).not_valid_after_utc > now + datetime.timedelta(days=RENEW_DAYS)


def _covers(path: Path, address: str) -> bool:
    names = _load(path).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return ipaddress.ip_address(address) in names.get_values_for_type(x509.IPAddress)


def _may_vouch(authority: Path, address: str) -> bool:
    permitted = _load(authority).extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    networks = [name.value for name in permitted if isinstance(name, x509.IPAddress)]
    return any(ipaddress.ip_address(address) in network for network in networks if isinstance(network, ipaddress.IPv4Network))


def _builder(
    subject: str, issuer: x509.Name | None, public: ec.EllipticCurvePublicKey, now: datetime.datetime, days: int
) -> x509.CertificateBuilder:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer or name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))  # a phone's clock may be behind
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _make_authority(certificate: Path, key_file: Path, address: str, now: datetime.datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    # A phone that trusts it trusts it for private addresses and our own, never for a bank.
    allowed = [x509.IPAddress(ipaddress.ip_network(network)) for network in (*PRIVATE_NETWORKS, address)]
    built = (
        _builder("VerifyPortal on this network", None, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.NameConstraints([*allowed, x509.DNSName("localhost")], None), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(key_file, _pem(key))
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))


def _make_leaf(files: Identity, authority_key: Path, address: str, now: datetime.datetime) -> None:
    signer = serialization.load_pem_private_key(authority_key.read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    addresses = [x509.IPAddress(ipaddress.ip_address(each)) for each in dict.fromkeys((address, "127.0.0.1"))]
    built = (
        _builder(address, _load(files.authority).subject, key.public_key(), now, LEAF_DAYS)
        .add_extension(x509.SubjectAlternativeName([*addresses, x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write(files.key, _pem(key))
    files.certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _write(path: Path, content: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(content)
