import base64
from pathlib import Path

from verifyportal.dev import secret_values


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    first = secret_values.load(tmp_path / "secrets.env")
    assert secret_values.load(tmp_path / "secrets.env") == first


def test_two_installations_share_no_secret(tmp_path: Path) -> None:
    one, other = (secret_values.load(tmp_path / name / "secrets.env") for name in ("one", "other"))
    assert one.keys() == other.keys()
    assert not set(one.values()) & set(other.values())


def test_only_the_owner_can_read_them(tmp_path: Path) -> None:
    secret_values.load(tmp_path / "secrets.env")
    assert (tmp_path / "secrets.env").stat().st_mode & 0o077 == 0


def test_the_master_key_has_the_length_that_the_cipher_wants(tmp_path: Path) -> None:
    _, _, encoded = secret_values.load(tmp_path / "secrets.env")["MASTER_KEYS"].partition(":")
    assert len(base64.b64decode(encoded, validate=True)) == 32
