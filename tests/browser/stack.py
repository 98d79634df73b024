"""A whole portal beside the test: the real server and a real worker as processes of their own, on the test's database and broker."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.utils import timezone

from sessions_app.choices import AttemptState, CaptureState
from sessions_app.models import Attempt, Capture
from verifyportal import pulse
from verifyportal.dev import portal, process
from verifyportal.dev.valkey import free_port
from verifyportal.health import heartbeat

READY_SECONDS = 60
SETTLE_SECONDS, QUIET_LOOKS = 20, 3
BUSY_NEIGHBOURS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
WAITING = Capture.objects.filter(state=CaptureState.WAITING)
PROCESSING = Attempt.objects.filter(state=AttemptState.PROCESSING)
ARTIFACTS = Path(settings.BASE_DIR) / "var" / "test" / "artifacts"


@dataclass(frozen=True)
class Stack:
    """A running portal."""

    url: str
    logs: Path
    captures: Path

    def keep_logs(self, name: str) -> None:
        """Put the logs beside the screenshots of a failure."""
        for log in self.logs.glob("*.log"):
            shutil.copy(log, ARTIFACTS / f"{name}-{log.name}")


@contextmanager
def running(home: Path) -> Iterator[Stack]:
    """Start server and worker, and wait until a task has gone all the way round."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = _environment(home, url)
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    web += ["--blocking-threads", "4", "--no-ws", "verifyportal.wsgi:application"]
    commands = {"web": web, "worker": portal.worker_command(2)}
    children = [
        process.spawn(command, log=home / f"{name}.log", orphan_signal=signal.SIGTERM, env=environment)
        for name, command in commands.items()
    ]
    try:
        _wait(url, home)
        yield Stack(url, home, Path(environment["CAPTURE_ROOT"]))
    finally:
        for child in children:
            process.stop(child, with_signal=signal.SIGTERM, patience=20)


def settle() -> None:
    """Wait until server and worker have no transaction open and no work in hand, so that emptying the tables meets nobody."""
    deadline, quiet = time.monotonic() + SETTLE_SECONDS, 0
    while quiet < QUIET_LOOKS and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(BUSY_NEIGHBOURS)
            (neighbours,) = cursor.fetchone()
        leased = [held.filter(lease_until__gt=timezone.now()).exists() for held in (WAITING, PROCESSING)]
        quiet = 0 if neighbours or any(leased) else quiet + 1
        time.sleep(0.1)


def _environment(home: Path, url: str) -> dict[str, str]:
    """The tests' own environment, with the test database instead of the one it was made from."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database,
        "DATABASE_CONN_MAX_AGE": "0",
        "PUBLIC_BASE_URL": url,
        "CAPTURE_ROOT": str(home / "captures"),
        "ACCEPT_SPECIMENS": "1",
        "DEBUG": "0",
        "LOG_JSON": "0",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(settings.BASE_DIR),
        "PYTHONUNBUFFERED": "1",
    }


def _wait(url: str, home: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    pulse.give_sign(pulse.BEAT)  # no beat runs here
    heartbeat.delay()
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    logs = "\n".join(process.last_lines(log) for log in home.glob("*.log"))
    raise TimeoutError(f"The portal of the tests did not start:\n{logs}")
