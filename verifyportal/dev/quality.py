"""What `./run lint` asks of the code."""

import os
import subprocess
import sys
import time
from pathlib import Path

from verifyportal.dev.services import ROOT


def commands(root: Path) -> list[tuple[str, list[str]]]:
    """Return every check as a name and a command."""
    python = [sys.executable, "-m"]
    catalogues = sorted(str(path) for path in root.glob("locale/*/LC_MESSAGES/*.po"))
    return [
        ("ruff", [*python, "ruff", "check", "."]),
        ("format", [*python, "ruff", "format", "--check", "."]),
        ("mypy", [*python, "mypy", "."]),
        ("imports", [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]),
        ("templates", [*python, "djlint", "templates", "--check", "--lint", "--quiet"]),
        ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
        ("system", [sys.executable, "manage.py", "check", "--fail-level", "WARNING"]),
        *(("translations", ["msgfmt", "--check", "-o", os.devnull, path]) for path in catalogues),
    ]


def run() -> int:
    """Run every check, print what fails, and return 0 when none does."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)}
    failed = []
    for name, command in commands(ROOT):
        began = time.monotonic()
        finished = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        passed = finished.returncode == 0
        print(f"{'ok    ' if passed else 'FAILED'}  {name:12} {time.monotonic() - began:5.1f} s", flush=True)
        if not passed:
            failed.append(name)
            print(finished.stdout, flush=True)
    return 1 if failed else 0
