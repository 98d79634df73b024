"""Real Celery workers on a real broker: they do the work, die in the middle of it, or never hear of it, and the session still ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis
from celery.contrib.testing.worker import start_worker
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from sessions_app import challenges, submission, tasks
from sessions_app.choices import AttemptState, CaptureKind, CaptureSource, CaptureState, EventKind, Outcome
from sessions_app.models import Attempt, Capture, VerificationSession
from tests import files
from tests.captures import CHECKS_OF_A_PASSPORT, answered_session
from verifyportal.celery import app

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("drawn_checks", "empty_queues")]

PATIENCE = 60  # seconds until a test gives up waiting for a worker


def wipe_broker() -> None:
    """What FLUSHALL would do, for these tests' own part of the broker alone."""
    broker = redis.Redis.from_url(django_settings.REDIS_URL)
    for key in broker.scan_iter(f"{django_settings.REDIS_PREFIX}*"):
        broker.delete(key)


def tasks_in_queues() -> int:
    broker = redis.Redis.from_url(django_settings.REDIS_URL)
    return sum(int(broker.llen(f"{django_settings.REDIS_PREFIX}{queue}")) for queue in django_settings.CELERY_TASK_QUEUES)


@pytest.fixture
def empty_queues() -> Iterator[None]:
    wipe_broker()
    yield
    wipe_broker()


def worker() -> AbstractContextManager[Any]:
    """A real worker in a thread of this process, on all queues."""
    return start_worker(app, pool="solo", perform_ping_check=False)


def wait_for(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the worker never got there"
        time.sleep(0.05)


def earlier() -> Any:
    """A moment ago by the clock of the workers: long enough for the recovery to look for the work."""
    return timezone.now() - timedelta(minutes=1)


def send(session: VerificationSession, kind: CaptureKind) -> Capture:
    nonce = challenges.issue(session=session, now=earlier()).nonce if kind == CaptureKind.LIVENESS else ""
    return submission.store_capture(
        session=session,
        kind=kind,
        source=CaptureSource.CAMERA,
        upload_key=f"upload-{kind}",
        uploads=[submission.Upload(files.jpeg((40, 30)), step=0, at_ms=0)],
        now=earlier(),
        nonce=nonce,
    )


def inspected(capture: Capture) -> bool:
    return Capture.objects.filter(pk=capture.pk, state=CaptureState.INSPECTED).exists()


def send_all(session: VerificationSession) -> None:
    """Take every picture in its turn, each as soon as the one before it was inspected."""
    for kind in (CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE, CaptureKind.LIVENESS):
        if not session.captures.filter(kind=kind).exists():
            wait_for(partial(inspected, send(session, kind)))


def outcome_of(session: VerificationSession) -> str:
    return VerificationSession.objects.get(pk=session.pk).outcome


def fresh_session() -> VerificationSession:
    return answered_session(now=earlier())


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


def database_of_the_test() -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@pytest.fixture
def slow_worker(tmp_path: Path, capture_root: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A prefork worker whose inspections never end, and the file in which its child leaves its process id."""
    marker = tmp_path / "working"
    given = {
        "DATABASE_URL": database_of_the_test(),
        "REDIS_PREFIX": django_settings.REDIS_PREFIX,
        "CAPTURE_ROOT": str(capture_root),
        "FAULT_MARKER": str(marker),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-m", "celery", "-A", "tests.faults.slow_app", "worker", "--pool", "prefork", "-c", "1", "--without-mingle"]
    with (tmp_path / "worker.log").open("wb") as log:
        started = subprocess.Popen(command, cwd=django_settings.BASE_DIR, env=os.environ | given, stdout=log, stderr=log)
        try:
            yield started, marker
        finally:
            started.kill()
            started.wait()


def alive(process_id: int) -> bool:
    """Tell whether a process runs; one that is dead and not yet buried does not."""
    try:
        return ") Z " not in Path(f"/proc/{process_id}/stat").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.slow
def test_worker_killed_in_the_middle_of_an_inspection_delays_the_session_and_no_more(
    slow_worker: tuple[subprocess.Popen[bytes], Path],
) -> None:
    """SIGKILL: no farewell, no clean-up. The lease runs out, the sweep finds the work, another worker does it."""
    process, marker = slow_worker
    session = fresh_session()
    capture = send(session, CaptureKind.DOCUMENT_FRONT)
    wait_for(lambda: marker.exists() and marker.read_text())
    child = int(marker.read_text())
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_for(lambda: not alive(child))
    capture.refresh_from_db()
    assert (capture.state, capture.tries) == (CaptureState.WAITING, 1)
    assert capture.lease_until is not None
    assert capture.lease_until > timezone.now()
    Capture.objects.filter(pk=capture.pk).update(lease_until=timezone.now())  # as if we had waited until it ran out
    with worker():
        tasks.recover_overdue.delay()
        wait_for(lambda: inspected(capture))
        send_all(session)
        submission.submit_attempt(session=session, now=timezone.now())
        wait_for(lambda: outcome_of(session) == Outcome.APPROVE)
    assert Capture.objects.get(pk=capture.pk).tries == 2
    assert session.attempts.get().state == AttemptState.DECIDED
