"""A whole portal of the fault bench's own: each part a process that can be killed, on a disk that can be filled."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import redis

from verifyportal.dev import portal, postgres, process, services, valkey

DISK_MB = 600
CORES = portal.cores()
READY_SECONDS = 120


class NotStarted(Exception):
    """The portal of the bench did not come up; its logs stand in the directory that the message names."""


@dataclass
class Stack:
    """Servers, web, worker, beat and, beside them, a worker of the naive queue that suffers the same."""

    home: Path
    environment: dict[str, str]
    address: str
    database: postgres.Postgres
    broker: valkey.Valkey
    disk: Path | None
    parts: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start_part(self, name: str) -> None:
        environment = self.environment if name == "web" else services.worker_environment(self.environment)
        log = self.home / "log" / f"{name}.log"
        self.parts[name] = process.spawn(self._command(name), log=log, orphan_signal=signal.SIGTERM, env=environment)

    def _command(self, name: str) -> list[str]:
        celery = [sys.executable, "-m", "celery", "-A"]
        quiet = ["--without-gossip", "--without-mingle", "--concurrency", str(CORES)]
        port = self.address.rsplit(":", 1)[1]
        return {
            "web": [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", port),
                *("--blocking-threads", "8", "--no-ws", "verifyportal.wsgi:application"),
            ],
            "worker": [*celery, "benchmarks.faults_worker", "worker", "--queues", "inspect,verify,sweeps", "-O", "fair", *quiet],
            "beat": [*celery, "verifyportal", "beat", "--schedule", str(self.home / "schedule"), "--pidfile="],
            "naive": [*celery, "benchmarks.faults_naive", "worker", *quiet],
        }[name]

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            with suppress(OSError, urllib.error.HTTPError), urllib.request.urlopen(f"{self.address}/readyz", timeout=5):  # noqa: S310 - ours
                return
            time.sleep(0.3)
        raise NotStarted(self.home / "log")

    def kill_a_child(self) -> None:
        """SIGKILL for one process of each pool, as the kernel does when memory runs out."""
        for name in ("worker", "naive"):
            random.choice(psutil.Process(self.parts[name].pid).children()).kill()

    def kill_the_worker(self) -> None:
        """SIGKILL for the whole of each worker; somebody starts them again."""
        for name in ("worker", "naive"):
            self.parts[name].kill()
            self.parts[name].wait()
            self.start_part(name)

    def flush_broker(self) -> None:
        redis.Redis.from_url(self.broker.url).flushall()

    def restart_broker(self) -> None:
        self.stop_broker()
        time.sleep(3)
        self.start_broker()

    def stop_broker(self) -> None:
        self.broker.child.kill()
        self.broker.child.wait()

    def start_broker(self) -> None:
        """Come back at the same address without any data."""
        shutil.rmtree(self.home / "valkey")
        self.broker = valkey.start(self.home / "valkey", log=self.home / "log" / "valkey.log", again=self.broker)

    def restart_database(self) -> None:
        """Immediate shutdown, as `pg_ctl -m immediate` asks for: no farewell to anybody, recovery from the log at the next start."""
        self.database.child.send_signal(signal.SIGQUIT)
        self.database.child.wait()
        self.database = postgres.start(self.home / "postgres", log=self.home / "log" / "postgres.log")

    def fill_disk(self) -> None:
        """No room for a picture for some seconds."""
        assert self.disk is not None
        ballast = self.disk / "ballast"
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while file.write(bytes(1 << 16)):
                pass
        time.sleep(8)
        ballast.unlink()


@contextmanager
def running() -> Iterator[Stack]:
    """Start everything in a directory of its own, wait until it is ready, and leave nothing behind."""
    home = Path(tempfile.mkdtemp(prefix="vp-faults-", dir="/tmp"))
    home.chmod(0o755)  # PostgreSQL is another user's, when root starts it
    disk = _small_disk(home / "captures")
    stack = None
    try:
        database = postgres.start(home / "postgres", log=home / "log" / "postgres.log")
        broker = valkey.start(home / "valkey", log=home / "log" / "valkey.log")
        port = valkey.free_port()
        environment = {
            **{name: value for name, value in os.environ.items() if name != "TEST_DATABASE_NAME"},
            **services.base_environment(home),
            "DATABASE_URL": database.url,
            "REDIS_URL": broker.url,
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
            "LOG_LEVEL": "WARNING",
            "FAULTS_DEATHS": str(home / "deaths"),
            "FAULTS_NAIVE": str(home / "naive-done"),
        }
        stack = Stack(home, environment, f"http://127.0.0.1:{port}", database, broker, disk)
        for command in (["migrate", "--verbosity=0"], ["collectstatic", "--no-input", "--verbosity=0"]):
            subprocess.run([sys.executable, services.ROOT / "manage.py", *command], env=environment, check=True)
        for name in ("worker", "naive", "web", "beat"):
            stack.start_part(name)
        stack.wait_until_ready()
        yield stack
    finally:
        if stack is not None:
            for child in (*stack.parts.values(), stack.broker.child):
                process.stop(child, with_signal=signal.SIGKILL, patience=10)
            stack.database.stop()
        if disk is not None:
            subprocess.run(["umount", "--lazy", disk], check=False)
        shutil.rmtree((home / "postgres").resolve(), ignore_errors=True)  # a link, where PostgreSQL's user cannot come so far
        shutil.rmtree(home, ignore_errors=True)


def _small_disk(place: Path) -> Path | None:
    """Mount a small file system for the captures. None: this machine does not let us."""
    place.mkdir(mode=0o700)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=0700", "tmpfs", str(place)]
    try:
        return place if subprocess.run(command, capture_output=True, check=False).returncode == 0 else None
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise
        return None
