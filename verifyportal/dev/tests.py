"""What `./run test` runs."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import NoReturn

from verifyportal.dev.services import ROOT

BESIDE = ("tests/checks_app", "tests/proof", "tests/sessions_app/flow", "tests/sessions_app/panel")
"""Half of the time: the checks, the long proofs, the pages asked without a browser. The others mostly wait for browsers and workers."""

OWN = {"TEST_HOME": str(ROOT / "var" / "test-beside"), "TEST_DATABASE_NAME": os.environ.get("TEST_DATABASE_NAME", "test") + "_beside"}
"""The services of those beside: other ones, or on the servers that DATABASE_URL and REDIS_URL name another database and prefix."""


def some(arguments: Sequence[str]) -> NoReturn:
    """Become pytest; tests/conftest.py starts the services when a test first needs them."""
    os.chdir(ROOT)
    os.execve(sys.executable, _pytest(*arguments), _environment())  # noqa: S606 - no shell is the point


def everything() -> int:
    """Run all tests in two processes side by side, so that two cores have work. Returns 0 when all passed."""
    polite = ["nice", "-n", "10"]  # who waits for a browser must not wait for arithmetic
    command = [*polite, *_pytest(*BESIDE, "-p", "no:cacheprovider")]
    with tempfile.TemporaryFile() as told:
        beside = subprocess.Popen(
            command, cwd=ROOT, env=_environment() | OWN, stdout=told, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
        try:
            others = subprocess.run(_pytest(*(f"--ignore={path}" for path in BESIDE)), cwd=ROOT, env=_environment(), check=False).returncode
            status = beside.wait()
        finally:
            beside.kill()
            beside.wait()
        told.seek(0)
        print(told.read().decode(errors="replace"), flush=True)
    return others or status


def _pytest(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]


def _environment() -> dict[str, str]:
    """Importing `verifyportal` has set the portal's own settings; tests have theirs."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
