"""The command line as an operator meets it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def manage(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with nothing set that a portal needs."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=kept, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", ["evaluate_mrz", "evaluate_document"])
def test_measuring_needs_no_keys_and_no_services(command: str, tmp_path: Path) -> None:
    answer = manage(command, str(tmp_path))
    assert (answer.returncode, answer.stderr.splitlines()[-1:]) == (1, [f"CommandError: {tmp_path / 'manifest.csv'} is missing"])


def test_everything_else_asks_for_its_keys() -> None:
    answer = manage("migrate")
    assert answer.returncode != 0
    assert "SECRET_KEY is required" in answer.stderr
