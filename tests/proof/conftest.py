"""What the proofs share, and the line that tells how much was proven."""

from __future__ import annotations

from typing import Any

from tests.proof import test_life
from tests.proof.backstage import backstage, without_files
from tests.proof.machine import SessionMachine
from tests.sessions_app.conftest import capture_root, drawn_checks

__all__ = ["backstage", "capture_root", "drawn_checks", "without_files"]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    told = SessionMachine.told
    if told["runs"]:
        ends = ", ".join(f"{outcome} {count}" for outcome, count in sorted(told.items()) if outcome.isupper())
        done = f"{told['runs']} runs, {told['steps']} steps, {told['acts']} acts in {told['sessions']} sessions"
        terminalreporter.write_line(f"lives of a session, seed {test_life.SEED}: {done}; they ended {ends}")
