import base64
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from verifyportal import env

KEY = base64.b64encode(bytes(32)).decode()
OTHER = base64.b64encode(bytes(range(32))).decode()


def test_a_required_variable_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        env.text("SECRET_KEY")


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACE_ENGINE", " ")
    assert env.text("FACE_ENGINE", "dlib") == "dlib"


def test_a_folder_may_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FACE_MODELS_DIR", raising=False)
    assert env.folder("FACE_MODELS_DIR") is None
    monkeypatch.setenv("FACE_MODELS_DIR", "/srv/models")
    assert env.folder("FACE_MODELS_DIR") == Path("/srv/models")


@pytest.mark.parametrize(("written", "meant"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("no", False)])
def test_a_flag_is_read_in_the_usual_spellings(monkeypatch: pytest.MonkeyPatch, written: str, meant: bool) -> None:
    monkeypatch.setenv("DEBUG", written)
    assert env.flag("DEBUG") is meant


def test_a_flag_that_says_neither_yes_nor_no_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="DEBUG"):
        env.flag("DEBUG")


@pytest.mark.parametrize("written", ["-1", "1.5", "²", "many"])
def test_a_number_that_is_not_whole_is_refused(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", written)
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
        env.whole("TRUSTED_PROXIES", 0)


def test_the_first_master_key_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASTER_KEYS", f"new:{OTHER}, old:{KEY}")
    keys = env.master_keys("MASTER_KEYS")
    assert list(keys) == ["new", "old"]
    assert keys["new"] == bytes(range(32))


@pytest.mark.parametrize("written", ["k:c2hvcnQ=", "k:not base64", f":{KEY}", KEY])
def test_a_bad_master_key_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("MASTER_KEYS", written)
    with pytest.raises(ImproperlyConfigured, match="MASTER_KEYS") as refusal:
        env.master_keys("MASTER_KEYS")
    assert written.partition(":")[2] not in str(refusal.value) or not written.partition(":")[2]


def test_two_master_keys_cannot_share_an_id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASTER_KEYS", f"k:{KEY},k:{OTHER}")
    with pytest.raises(ImproperlyConfigured, match="twice"):
        env.master_keys("MASTER_KEYS")


def test_a_database_address_keeps_its_socket_and_its_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:p%40ss@/portal?host=%2Frun%2Fpg&sslmode=require")
    parts = env.database("DATABASE_URL")
    assert (parts["NAME"], parts["USER"], parts["PASSWORD"], parts["HOST"]) == ("portal", "ann", "p@ss", "/run/pg")
    assert parts["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("written", ["sqlite:///db", "portal", "postgresql://h/db?nonsense=1"])
def test_another_database_address_is_refused(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("DATABASE_URL", written)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database("DATABASE_URL")


@pytest.mark.parametrize("written", ["https://verify.example", "http://127.0.0.1:8000/", "http://localhost:9"])
def test_an_address_is_secure_or_this_machine(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", written)
    assert env.public_base_url("PUBLIC_BASE_URL") == written.rstrip("/")


@pytest.mark.parametrize("written", ["http://192.168.1.7:8000", "https://verify.example/portal", "verify.example", "ftp://verify.example"])
def test_an_address_where_cameras_stay_shut_is_refused(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("PUBLIC_BASE_URL", written)
    with pytest.raises(ImproperlyConfigured, match="PUBLIC_BASE_URL"):
        env.public_base_url("PUBLIC_BASE_URL")
