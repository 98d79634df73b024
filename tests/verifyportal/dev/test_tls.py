import datetime
import ssl
from pathlib import Path

import pytest

from verifyportal.dev import tls

NOW = datetime.datetime.now(datetime.UTC)


def _greet(identity: tls.Identity, address: str) -> None:
    """Shake hands in memory: a browser at `address` that trusts the authority, against our certificate."""
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(identity.certificate, identity.key)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client_side = ssl.create_default_context(cafile=str(identity.authority))
    client_side.verify_flags |= ssl.VERIFY_X509_STRICT
    client = client_side.wrap_bio(to_client, to_server, server_hostname=address)
    server = server_side.wrap_bio(to_server, to_client, server_side=True)
    for side in (client, server, client, server):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue


@pytest.mark.parametrize("address", ["192.168.1.7", "127.0.0.1", "localhost"])
def test_a_phone_that_trusts_the_authority_accepts_our_certificate(tmp_path: Path, address: str) -> None:
    _greet(tls.identity_for("192.168.1.7", tmp_path, now=NOW), address)


def test_the_certificate_is_for_our_address_alone(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        _greet(tls.identity_for("192.168.1.7", tmp_path, now=NOW), "192.168.1.8")


def test_the_authority_cannot_vouch_for_a_strangers_address(tmp_path: Path) -> None:
    identity = tls.identity_for("192.168.1.7", tmp_path, now=NOW)
    tls._make_leaf(identity, tmp_path / "authority.key", "203.0.113.9", NOW)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        _greet(identity, "203.0.113.9")


def test_a_network_with_public_addresses_is_served_too(tmp_path: Path) -> None:
    tls.identity_for("192.168.1.7", tmp_path, now=NOW)
    _greet(tls.identity_for("203.0.113.9", tmp_path, now=NOW), "203.0.113.9")


def test_a_new_address_gets_a_certificate_under_the_same_authority(tmp_path: Path) -> None:
    first = tls.identity_for("192.168.1.7", tmp_path, now=NOW)
    authority, certificate = first.authority.read_bytes(), first.certificate.read_bytes()
    assert tls.identity_for("192.168.1.7", tmp_path, now=NOW).certificate.read_bytes() == certificate
    moved = tls.identity_for("10.0.0.4", tmp_path, now=NOW)
    assert moved.authority.read_bytes() == authority
    assert moved.certificate.read_bytes() != certificate


def test_a_certificate_is_renewed_before_it_ends(tmp_path: Path) -> None:
    certificate = tls.identity_for("192.168.1.7", tmp_path, now=NOW).certificate.read_bytes()
    later = NOW + datetime.timedelta(days=tls.LEAF_DAYS - 1)
    assert tls.identity_for("192.168.1.7", tmp_path, now=later).certificate.read_bytes() != certificate


def test_keys_are_closed_to_others(tmp_path: Path) -> None:
    tls.identity_for("192.168.1.7", tmp_path, now=NOW)
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.glob("*.key"))
