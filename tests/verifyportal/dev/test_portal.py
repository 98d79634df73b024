"""./run as a person meets it: a whole portal in a directory of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from verifyportal.dev import process
from verifyportal.dev.services import ROOT

pytestmark = pytest.mark.slow
OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "MASTER_KEYS", "REDIS_PREFIX", "DJANGO_SETTINGS_MODULE", "PUBLIC_BASE_URL", "DEBUG")


@dataclass
class Started:
    """A supervisor started as a child of the tests."""

    home: Path
    port: int
    supervisor: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def family(self) -> list[psutil.Process]:
        return [psutil.Process(self.supervisor.pid), *psutil.Process(self.supervisor.pid).children(recursive=True)]

    def said(self) -> str:
        return (self.home / "terminal").read_text()


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**kept, "PORTAL_HOME": str(home), "DEMO_SESSIONS": "2", "PYTHONPATH": str(ROOT)}


def _run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "verifyportal.dev.supervisor", *arguments]
    return subprocess.run(command, env=_environment(home), cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="vp-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def portal(home: Path) -> Iterator[Started]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (home / "terminal").unlink(missing_ok=True)
    supervisor = process.spawn(
        [sys.executable, "-m", "verifyportal.dev.supervisor", "--port", str(port)],
        log=home / "terminal",
        orphan_signal=signal.SIGTERM,
        env=_environment(home),
    )
    started = Started(home, port, supervisor)
    while "is ready" not in started.said():
        assert supervisor.poll() is None, started.said()
        time.sleep(0.1)
    yield started
    process.stop(supervisor, with_signal=signal.SIGTERM, patience=90)


def test_one_command_leads_to_a_portal_that_can_work_and_ctrl_c_ends_all_of_it(portal: Started) -> None:
    with urllib.request.urlopen(f"{portal.url}/readyz") as answer:
        assert json.load(answer)["ready"]
    assert portal.url in portal.said()
    assert "/v/" in portal.said()
    family = portal.family()
    portal.supervisor.send_signal(signal.SIGINT)
    assert portal.supervisor.wait() == 0
    assert "Stopped." in portal.said()
    assert not [member for member in family if member.is_running()]


def test_a_second_start_is_refused_with_the_address_of_the_first(portal: Started) -> None:
    second = _run(portal.home)
    assert second.returncode == 1
    assert f"already running at {portal.url}" in second.stderr


def test_manage_works_beside_a_running_portal(portal: Started) -> None:
    counted = _run(portal.home, "manage", "shell", "-c", "from settings_app.models import User; print('people', User.objects.count())")
    assert counted.returncode == 0, counted.stderr
    assert "people 0" not in counted.stdout
    assert "people" in counted.stdout


def test_killing_the_supervisor_leaves_no_orphan_and_the_next_start_works(portal: Started) -> None:
    family = portal.family()
    assert len(family) >= 8  # itself, two servers and their children, a worker and its children, web and beat
    portal.supervisor.kill()
    portal.supervisor.wait()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive
    again = _run(portal.home, "manage", "shell", "-c", "from django.db import connection; connection.ensure_connection(); print('fine')")
    assert "fine" in again.stdout, again.stderr


def test_a_part_that_dies_is_shown_with_the_end_of_its_log(portal: Started) -> None:
    worker = next(child for child in psutil.Process(portal.supervisor.pid).children() if "worker" in child.cmdline())
    worker.kill()
    assert portal.supervisor.wait() == 1
    assert "worker has ended" in portal.said()
    assert "ready." in portal.said()  # the last words of the worker


def test_a_taken_port_is_explained(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = _run(home, "--port", str(port))
    assert refused.returncode == 1
    assert f"Port {port} is taken by" in refused.stderr
    assert f"./run --port {port + 1}" in refused.stderr
