"""What `./run test` runs."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import NoReturn

from verifyportal.dev.services import ROOT

CHECKS = "tests/checks_app"
"""Tests that need no services and much arithmetic; the others mostly wait for browsers, workers and a database."""


def some(arguments: Sequence[str]) -> NoReturn:
    """Become pytest; tests/conftest.py starts the services when a test first needs them."""
    os.chdir(ROOT)
    os.execve(sys.executable, _pytest(*arguments), _environment())  # noqa: S606 - no shell is the point


def everything() -> int:
    """Run all tests in two processes side by side, so that two cores have work. Returns 0 when all passed."""
    with tempfile.TemporaryFile() as told:
        polite = ["nice", "-n", "10"]  # who waits for a browser must not wait for arithmetic
        command = [*polite, *_pytest(CHECKS, "-p", "no:cacheprovider")]
        checks = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=told, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            others = subprocess.run(_pytest(f"--ignore={CHECKS}"), cwd=ROOT, env=_environment(), check=False).returncode
            status = checks.wait()
        finally:
            checks.kill()
            checks.wait()
        told.seek(0)
        print(told.read().decode(errors="replace"), flush=True)
    return others or status


def _pytest(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]


def _environment() -> dict[str, str]:
    """Importing `verifyportal` has set the portal's own settings; tests have theirs."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
