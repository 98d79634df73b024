"""R43: what a master reads while nobody takes his replay up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from sessions_app.models import ReplayRun
from sessions_app.replay import runs
from settings_app.models import Company
from tests.factories import MasterFactory
from tests.replays import STRICT, queue, start
from tests.sessions_app.panel.conftest import logged_in
from verifyportal import pulse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queue")]
__all__ = ["queue"]


@pytest.fixture
def browser(company: Company) -> Client:
    return logged_in(MasterFactory(company=company))


def moved(run: ReplayRun, at: datetime) -> None:
    run.result["moved_at"] = at.isoformat()
    run.save()


def shown(browser: Client, run: ReplayRun) -> str:
    return str(browser.get(f"/settings/replays/{run.public_id}/").content.decode())


@pytest.fixture
def unheard(company: Company) -> ReplayRun:
    """A replay that is waiting for some seconds."""
    run = start(company, STRICT)
    moved(run, timezone.now() - runs.QUIET)
    return run


@pytest.fixture
def _no_pulse() -> Iterator[None]:
    pulse.broker().delete(settings.REDIS_PREFIX + pulse.SIGNS)
    yield
    pulse.broker().delete(settings.REDIS_PREFIX + pulse.SIGNS)


@pytest.mark.usefixtures("_no_pulse")
def test_waiting_page_says_that_no_worker_runs(browser: Client, unheard: ReplayRun) -> None:
    """Nobody has to watch a bar that cannot move: it says so, and goes on by itself when there is one."""
    page = shown(browser, unheard)
    assert "No worker is running" in page
    assert "saving does not need it" in page
    assert f'hx-get="/settings/replays/{unheard.public_id}/"' in page


@pytest.mark.usefixtures("_no_pulse")
def test_waiting_page_says_that_the_workers_are_busy(browser: Client, unheard: ReplayRun) -> None:
    pulse.give_sign("celery@one", tuple(settings.CELERY_TASK_QUEUES))
    assert "may be busy with pictures" in shown(browser, unheard)


def test_waiting_page_says_that_the_queue_is_away(browser: Client, unheard: ReplayRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    assert "queue of the workers does not answer" in shown(browser, unheard)


def test_waiting_page_asks_nobody_in_the_first_seconds(browser: Client, company: Company) -> None:
    run = start(company, STRICT)
    moved(run, timezone.now())
    assert "saving does not need it" not in shown(browser, run)
