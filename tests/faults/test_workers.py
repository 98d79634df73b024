"""Real Celery workers on a real broker: they do the work, or never hear of it, and the session still ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from sessions_app import submission, tasks
from sessions_app.choices import CaptureKind, EventKind, Outcome
from sessions_app.models import Attempt, Capture
from tests.captures import CHECKS_OF_A_PASSPORT, answered_session
from tests.workers import earlier, fresh_session, inspected, outcome_of, send, send_all, tasks_in_queues, wait_for, wipe_broker, worker
from verifyportal.celery import app

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("drawn_checks", "empty_queues")]


def test_worker_takes_a_session_from_its_first_picture_to_its_outcome() -> None:
    session = fresh_session()
    with worker():
        send_all(session)
        submission.submit_attempt(session=session, now=timezone.now())
        wait_for(lambda: outcome_of(session) == Outcome.APPROVE)
    assert session.attempts.get().checks.count() == CHECKS_OF_A_PASSPORT
    assert tasks_in_queues() == 0


def test_queue_wiped_between_submission_and_worker_loses_nothing() -> None:
    """PostgreSQL is the truth of the queue."""
    session = fresh_session()
    with worker():
        send_all(session)
    attempt = submission.submit_attempt(session=session, now=earlier())
    assert tasks_in_queues() == 1
    wipe_broker()
    with worker():
        tasks.recover_overdue.delay()
        wait_for(lambda: outcome_of(session) == Outcome.APPROVE)
    assert Attempt.objects.get(pk=attempt.pk).tries == 1


def test_queue_wiped_after_an_upload_loses_nothing() -> None:
    capture = send(fresh_session(), CaptureKind.DOCUMENT_FRONT)
    wipe_broker()
    with worker():
        tasks.recover_overdue.delay()
        wait_for(lambda: inspected(capture))


def test_task_delivered_three_times_works_once() -> None:
    """Redelivery is normal; the lease makes it harmless."""
    capture = send(fresh_session(), CaptureKind.DOCUMENT_FRONT)
    for _ in range(2):
        tasks.inspect_capture.delay(capture_id=capture.pk)
    assert tasks_in_queues() == 3
    with worker():
        wait_for(lambda: inspected(capture) and tasks_in_queues() == 0)
    assert Capture.objects.get(pk=capture.pk).tries == 1


def test_sweep_of_the_scheduler_closes_what_is_overdue() -> None:
    session = answered_session(now=timezone.now() - timedelta(days=8))
    with worker():
        tasks.close_overdue_sessions.delay()
        wait_for(lambda: outcome_of(session) == Outcome.ABANDONED)
    assert session.events.filter(kind=EventKind.ABANDONED).count() == 1


def test_scheduler_names_tasks_and_queues_that_exist() -> None:
    """A misspelt name would be a sweep that never runs."""
    app.loader.import_default_modules()
    schedule: Any = django_settings.CELERY_BEAT_SCHEDULE
    assert {entry["task"] for entry in schedule.values()} <= set(app.tasks)
    assert {entry["options"]["queue"] for entry in schedule.values()} <= set(django_settings.CELERY_TASK_QUEUES)
