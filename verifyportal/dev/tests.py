"""What `./run test` runs."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from verifyportal.dev.services import ROOT

WAITING = ("tests/browser",)
"""Tests that mostly wait, for pages and for people before a camera."""

COMPUTING = ("tests/checks_app", "tests/proof")
"""The checks, and the long proofs."""


def some(arguments: Sequence[str]) -> NoReturn:
    """Become pytest; tests/conftest.py starts the services when a test first needs them."""
    os.chdir(ROOT)
    os.execve(sys.executable, _pytest(*arguments), _environment())  # noqa: S606 - no shell is the point


def everything() -> int:
    """Run all tests in three processes side by side, so that two cores have work while some wait. Returns 0 when all passed.

    What those print who run beside is shown when they have ended.
    """
    patient = ["nice", "-n", "10"]  # arithmetic makes way for everybody
    others = _all_but(*WAITING, *COMPUTING)
    with _beside("checks", *patient, *_pytest(*COMPUTING)) as checks, _beside("rest", *_pytest(*others)) as rest:
        waiting = subprocess.run(_pytest(*WAITING), cwd=ROOT, env=_environment(), check=False).returncode
        return waiting or rest.wait() or checks.wait()


@contextmanager
def _beside(name: str, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Tests with services of their own; on servers that DATABASE_URL and REDIS_URL name, with a database and prefix of their own."""
    own = {
        "TEST_HOME": str(ROOT / "var" / f"test-{name}"),
        "TEST_DATABASE_NAME": f"{os.environ.get('TEST_DATABASE_NAME', 'test')}_{name}",
    }
    with tempfile.TemporaryFile() as told:
        running = subprocess.Popen(
            [*command, "-p", "no:cacheprovider"],
            cwd=ROOT,
            env=_environment() | own,
            stdout=told,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            yield running
            running.wait()
        finally:
            running.kill()
            running.wait()
            told.seek(0)
            print(told.read().decode(errors="replace"), flush=True)


def _all_but(*paths: str) -> list[str]:
    """Whatever is new belongs to these."""
    return [f"--ignore={path}" for path in paths]


def _pytest(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]


def _environment() -> dict[str, str]:
    """Importing `verifyportal` has set the portal's own settings; tests have theirs."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
