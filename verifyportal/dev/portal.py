"""A whole portal on one machine: servers, worker, web and beat, started in order, watched, and stopped in the reverse order."""

import datetime
import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import redis

from verifyportal.dev import addresses, process, secret_values, services, tls
from verifyportal.dev.addresses import Address
from verifyportal.dev.lock import Lock
from verifyportal.lifeline import end_with_parent

READY_SECONDS = 90
POLL_SECONDS = 0.2
WEB_PATIENCE, WORKER_PATIENCE, BEAT_PATIENCE = 10, 30, 5  # seconds to end after the signal
WEB_THREADS = 8
WEB_CONNECTIONS = 8192  # open at a time: a waiting page keeps its own, and granian's default leaves those beyond 1,024 without an answer
LOOPBACK_PASSWORD = "demonstration"  # noqa: S105 - printed at every start, and only this machine can use it


class PortalFailed(Exception):
    """A part of the portal did not start or has ended; the message carries the end of its log."""


@dataclass(frozen=True)
class Part:
    """One long-running process of the portal."""

    name: str
    child: subprocess.Popen[bytes]
    log: Path

    def require_alive(self) -> None:
        if self.child.poll() is not None:
            raise PortalFailed(f"{self.name} has ended ({self.child.returncode}). The end of {self.log}:\n\n{process.last_lines(self.log)}")


@dataclass
class Portal:
    """A running portal: what it is made of and what a newcomer needs."""

    address: Address
    environment: dict[str, str]
    access: dict[str, Any]
    authority: Path | None
    parts: list[Part] = field(default_factory=list)

    def watch(self) -> None:
        """Return never: raise PortalFailed when a part ends."""
        while True:
            for part in self.parts:
                part.require_alive()
            time.sleep(1)


@contextmanager
def running(home: Path, *, lan: bool, port: int, lock: Lock) -> Iterator[Portal]:
    """Start everything, wait until /readyz says so, and stop in order on the way out."""
    share = [lock.descriptor]
    address = addresses.choose(lan=lan, port=port)
    with ExitStack() as started:
        environment = started.enter_context(services.running(home, keep_open=share))
        environment |= {"PUBLIC_BASE_URL": address.url, "ALLOWED_HOSTS": address.name, "HSTS_SECONDS": "0"}
        identity = tls.identity_for(address.name, home / "tls", now=datetime.datetime.now(datetime.UTC)) if lan else None
        portal = Portal(address, environment, _prepare(environment, home, lan=lan), identity.authority if identity else None)
        _forget_heartbeat(environment)
        for name, command, orphan_signal, patience, its_environment in _commands(home, address, identity, environment):
            log = home / "log" / f"{name}.log"
            child = process.spawn(command, log=log, orphan_signal=orphan_signal, env=its_environment, keep_open=share)
            started.callback(process.stop, child, with_signal=signal.SIGTERM, patience=patience)
            portal.parts.append(Part(name, child, log))
        _wait_until_ready(portal)
        lock.write({"address": address.url, "environment": _changed(environment)})
        yield portal


def worker_command(concurrency: int) -> list[str]:
    """Return the command of a worker that serves every queue."""
    celery = [sys.executable, "-m", "celery", "-A", "verifyportal", "worker", "--queues", "inspect,verify,sweeps", "--loglevel", "INFO"]
    return [*celery, "--concurrency", str(concurrency), "-O", "fair", "--without-gossip", "--without-mingle"]


def cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _commands(
    home: Path, address: Address, identity: tls.Identity | None, environment: dict[str, str]
) -> Iterator[tuple[str, Sequence[str | Path], signal.Signals, int, dict[str, str]]]:
    for_workers = services.worker_environment(environment)
    # Its children watch the worker, so the kernel may take both at once; a warm end would wait for a broker that is gone as well.
    yield "worker", worker_command(cores()), signal.SIGKILL, WORKER_PATIENCE, for_workers
    web: list[str | Path] = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", address.host, "--port", str(address.port)]
    web += ["--blocking-threads", str(WEB_THREADS), "--backlog", str(WEB_CONNECTIONS)]
    web += ["--workers-kill-timeout", "5", "--no-ws", "verifyportal.wsgi:application"]
    if identity:
        web += ["--ssl-certificate", identity.certificate, "--ssl-keyfile", identity.key, "--ssl-protocol-min", "tls1.2"]
    yield "web", web, signal.SIGTERM, WEB_PATIENCE, environment
    schedule = home / "beat" / "schedule"
    schedule.parent.mkdir(exist_ok=True)
    beat: list[str | Path] = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "verifyportal",
        "beat",
        "--schedule",
        schedule,
        "--pidfile=",
        "--loglevel",
        "WARNING",
    ]
    yield "beat", beat, signal.SIGTERM, BEAT_PATIENCE, for_workers


def _prepare(environment: dict[str, str], home: Path, *, lan: bool) -> dict[str, Any]:
    """Run the one-off work in a process of its own and return how to log in."""
    password = secret_values.load(home / "secrets.env")["LAN_PASSWORD"] if lan else LOOPBACK_PASSWORD
    finished = subprocess.run(
        [sys.executable, "-m", "verifyportal.dev.prepare"],
        env={**environment, "DEMO_PASSWORD": password, "LOG_LEVEL": "WARNING"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=False,
        preexec_fn=partial(end_with_parent, signal.SIGKILL, os.getpid()),
    )
    if finished.returncode != 0:
        raise PortalFailed("The database or the static files could not be prepared; the reason stands above.")
    access: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    return access


def _forget_heartbeat(environment: dict[str, str]) -> None:
    """A heartbeat of the portal before us would make us look ready too early."""
    redis.Redis.from_url(environment["REDIS_URL"]).delete(environment.get("REDIS_PREFIX", "verifyportal:") + "heartbeat")


def _wait_until_ready(portal: Portal) -> None:
    trust = ssl.create_default_context(cafile=portal.authority) if portal.authority else None
    deadline = time.monotonic() + READY_SECONDS
    answer = "no answer"
    while time.monotonic() < deadline:
        for part in portal.parts:
            part.require_alive()
        try:
            with urllib.request.urlopen(f"{portal.address.local_url}/readyz", timeout=5, context=trust):  # noqa: S310 - our own address
                return
        except urllib.error.HTTPError as error:
            answer = error.read(2000).decode(errors="replace")
        except OSError as error:
            answer = str(error)
        time.sleep(POLL_SECONDS)
    raise PortalFailed(f"Not ready after {READY_SECONDS} s: {answer}")


def _changed(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if os.environ.get(name) != value}
