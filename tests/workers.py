"""Real Celery workers for tests, on a real broker, and sessions for them to work on."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from typing import Any

import redis
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.utils import timezone

from sessions_app import challenges, submission
from sessions_app.choices import CaptureKind, CaptureSource, CaptureState
from sessions_app.models import Capture, VerificationSession
from tests import files
from tests.captures import answered_session
from verifyportal.celery import app

PATIENCE = 60  # seconds until a test gives up waiting for a worker


def wipe_broker() -> None:
    """What FLUSHALL would do, for these tests' own part of the broker alone."""
    broker = redis.Redis.from_url(settings.REDIS_URL)
    for key in broker.scan_iter(f"{settings.REDIS_PREFIX}*"):
        broker.delete(key)


def tasks_in_queues() -> int:
    broker = redis.Redis.from_url(settings.REDIS_URL)
    return sum(int(broker.llen(f"{settings.REDIS_PREFIX}{queue}")) for queue in settings.CELERY_TASK_QUEUES)


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
