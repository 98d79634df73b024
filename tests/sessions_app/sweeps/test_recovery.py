"""What Redis or a worker lost, the database still knows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import OperationalError

from sessions_app import leases, sweeps
from sessions_app.choices import AttemptState, CaptureKind, CaptureState
from sessions_app.models import Attempt, Capture
from sessions_app.sweeps import recovery
from tests.captures import add_capture, answered_session, processing_attempt
from tests.factories import NOW
from verifyportal.celery import app

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
Sent = list[tuple[str, int]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What went to the broker: task and id."""
    messages: Sent = []

    def send_task(name: str, kwargs: dict[str, int], **options: Any) -> None:
        messages.append((name.rpartition(".")[2], next(iter(kwargs.values()))))

    monkeypatch.setattr(app, "send_task", send_task)
    return messages


def test_recovery_names_tasks_that_exist() -> None:
    """It knows them by name; a misspelt one would be work that is never done."""
    app.loader.import_default_modules()
    assert {recovery.INSPECT, recovery.VERIFY} <= set(app.tasks)


@pytest.mark.parametrize(("late", "found"), [(-1, 0), (0, 2), (1, 2)])
def test_work_that_no_worker_took_is_found_after_a_grace(late: int, found: int, sent: Sent) -> None:
    capture = add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT)
    attempt = processing_attempt(submitted_at=NOW)
    assert sweeps.recover_overdue(now=NOW + recovery.GRACE + late * SECOND) == found
    assert sent == [("inspect_capture", capture.pk), ("verify_attempt", attempt.pk)][:found]


@pytest.mark.parametrize(("late", "found"), [(-1, 0), (0, 2), (1, 2)])
def test_work_of_a_dead_worker_is_found_when_its_lease_ends(late: int, found: int, sent: Sent) -> None:
    capture = add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT)
    attempt = processing_attempt(submitted_at=NOW)
    leases.claim(capture, now=NOW)
    leases.claim(attempt, now=NOW)
    assert sweeps.recover_overdue(now=NOW + leases.LEASE + late * SECOND) == found
    assert len(sent) == found


def test_work_that_is_done_or_no_longer_wanted_is_not_looked_for(sent: Sent) -> None:
    session = answered_session()
    replaced = add_capture(session, CaptureKind.DOCUMENT_FRONT)
    crashed = add_capture(session, CaptureKind.DOCUMENT_FRONT, state=CaptureState.CRASHED)
    done = processing_attempt()
    Attempt.objects.filter(pk=done.pk).update(state=AttemptState.DECIDED, verdict="REVIEW", decided_at=NOW)
    assert Capture.objects.get(pk=replaced.pk).replaced_at is not None
    assert crashed.state == CaptureState.CRASHED
    assert (sweeps.recover_overdue(now=NOW + timedelta(days=1)), sent) == (0, [])


def test_one_run_enqueues_everything_and_the_next_does_not_repeat_it(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five batches of lost work; no heap of repetitions behind a long queue."""
    monkeypatch.setattr(recovery, "BATCH", 1)
    ids = [processing_attempt(submitted_at=NOW).pk for _ in range(5)]
    later = NOW + recovery.GRACE
    assert [sweeps.recover_overdue(now=later), sweeps.recover_overdue(now=later + SECOND)] == [5, 0]
    assert sent == [("verify_attempt", pk) for pk in ids]


def test_queue_that_is_away_ends_the_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each further message would wait as long as the first; the work is found again."""
    asked: list[str] = []

    def away(name: str, **options: Any) -> None:
        asked.append(name)
        raise OperationalError

    monkeypatch.setattr(app, "send_task", away)
    for _ in range(3):
        processing_attempt(submitted_at=NOW)
    with pytest.raises(OperationalError):
        sweeps.recover_overdue(now=NOW + recovery.GRACE)
    assert len(asked) == 1
