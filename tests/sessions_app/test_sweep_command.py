"""`manage.py sweep`: what operators do without beat."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from sessions_app.sweeps import Sweep, runs
from tests.captures import answered_session

pytestmark = pytest.mark.django_db


def sweep(*names: str) -> dict[str, str]:
    """Run the command; what it says of each sweep."""
    out = StringIO()
    call_command("sweep", *names, stdout=out)
    return dict(line.split(": ", 1) for line in out.getvalue().splitlines())


def test_command_does_the_work_of_a_dead_beat_and_says_how_much() -> None:
    answered_session(now=timezone.now() - timedelta(days=8))
    assert sweep("close-overdue-sessions")["close-overdue-sessions"].startswith("1 handled")


def test_command_runs_every_sweep_when_none_is_named() -> None:
    assert list(sweep()) == list(Sweep)


def test_command_says_that_another_process_is_at_it() -> None:
    with runs._alone(Sweep.WATCH):
        assert sweep("watch-for-stuck") == {"watch-for-stuck": "another process does it at this moment"}


def test_command_says_what_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs.Run, "each", lambda self, items, act: self.complain("KeyError"))
    assert sweep("end-transfers")["end-transfers"].endswith("but: KeyError (1)")


def test_misspelt_name_is_refused() -> None:
    with pytest.raises(CommandError, match="nonsense"):
        sweep("nonsense")
