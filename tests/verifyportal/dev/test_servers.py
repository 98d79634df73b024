"""PostgreSQL and Valkey as ./run starts them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from verifyportal.dev import postgres, valkey

pytestmark = pytest.mark.slow
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")


@pytest.fixture
def home() -> Iterator[Path]:
    """A directory that every user may walk into; pytest's own is closed to the user that root lends the server."""
    path = Path(tempfile.mkdtemp(prefix="vp-test-"))
    path.chmod(0o755)
    yield path
    for link in (entry for entry in path.rglob("*") if entry.is_symlink()):
        shutil.rmtree(link.resolve(), ignore_errors=True)
    shutil.rmtree(path)


def _ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row[0] if row else None


def test_the_database_survives_a_stop(home: Path) -> None:
    server = postgres.start(home / "postgres", log=home / "log")
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    server.stop()
    server = postgres.start(home / "postgres", log=home / "log")
    assert _ask(server.url, "SELECT number FROM kept") == 7
    server.stop()


def test_the_database_opens_no_network_port_and_sorts_alike_everywhere(home: Path) -> None:
    server = postgres.start(home / "postgres", log=home / "log", durable=False)
    assert _ask(server.url, "SHOW listen_addresses") == ""
    assert _ask(server.url, "SELECT datcollate FROM pg_database WHERE datname = current_database()") == "C.UTF-8"
    server.stop()


def test_the_socket_is_closed_to_other_users(home: Path) -> None:
    server = postgres.start(home / "postgres", log=home / "log", durable=False)
    assert server.sockets.stat().st_mode & 0o077 == 0
    server.stop()


def test_a_clone_with_a_long_path_gets_a_short_socket(home: Path) -> None:
    deep = home / ("a-rather-long-name/" * 6)
    server = postgres.start(deep / "postgres", log=home / "log", durable=False)
    assert _ask(server.url, "SELECT 1") == 1
    server.stop()
    assert not server.sockets.exists()


@as_root
def test_a_clone_that_only_root_may_enter_still_works(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    server = postgres.start(closed / "postgres", log=home / "log", durable=False)
    assert _ask(server.url, "SELECT 1") == 1
    assert (closed / "postgres").is_symlink()
    server.stop()


def test_a_throwaway_cluster_that_is_broken_is_made_anew(home: Path) -> None:
    postgres.start(home / "postgres", log=home / "log", durable=False).stop()
    (home / "postgres" / "data" / "global" / "pg_control").write_bytes(b"broken")
    server = postgres.start(home / "postgres", log=home / "log", durable=False)
    assert _ask(server.url, "SELECT 1") == 1
    server.stop()


def test_a_broken_cluster_with_data_is_left_alone(home: Path) -> None:
    postgres.start(home / "postgres", log=home / "log").stop()
    (home / "postgres" / "data" / "global" / "pg_control").write_bytes(b"broken")
    with pytest.raises(postgres.PostgresFailed, match="pg_control"):
        postgres.start(home / "postgres", log=home / "log")
    assert (home / "postgres" / "data" / "PG_VERSION").exists()


def test_the_queue_survives_a_stop_and_wants_its_password(home: Path) -> None:
    server = valkey.start(home / "valkey", log=home / "log")
    redis.Redis.from_url(server.url).set("kept", 7)
    server.stop()
    server = valkey.start(home / "valkey", log=home / "log")
    assert redis.Redis.from_url(server.url).get("kept") == b"7"
    stranger = redis.Redis.from_url("redis://" + server.url.partition("@")[2])
    with pytest.raises(redis.AuthenticationError):
        stranger.get("kept")
    server.stop()
