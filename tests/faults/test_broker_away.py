"""A broker that goes away, stays silent, or comes back empty: nobody who submits notices, and no work is lost."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import kombu
import pytest
from django.utils import timezone

from sessions_app import dispatch, submission, tasks
from sessions_app.choices import AttemptState, CaptureKind, CaptureState, Outcome
from sessions_app.models import Capture
from tests.captures import ready_session
from tests.workers import fresh_session, inspected, outcome_of, send, wait_for, worker
from verifyportal.celery import RECONNECT_EVERY, app
from verifyportal.dev import valkey
from verifyportal.dev.valkey import Valkey

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("drawn_checks")]


@pytest.fixture
def broker(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Valkey]:
    """A broker of the test's own, so that it may die."""
    monkeypatch.setattr(dispatch, "_not_before", 0.0)
    own, usual = valkey.start(tmp_path / "valkey", log=tmp_path / "valkey.log"), settings.REDIS_URL
    settings.REDIS_URL = own.url
    _talk_to(app, own.url)
    yield own
    own.stop()
    _talk_to(app, usual)


def _talk_to(celery: Any, url: str) -> None:
    celery.conf.update(broker_url=url, broker_read_url=url, broker_write_url=url)
    celery._after_fork()  # forgets connections, as a new process does


def test_submission_without_a_broker_stands_and_is_decided_when_one_is_there_again(broker: Valkey, tmp_path: Path) -> None:
    """It comes back without any data, as after a lost disk."""
    session = ready_session(now=timezone.now())
    uploading = fresh_session()
    broker.child.kill()
    broker.child.wait()
    attempt = submission.submit_attempt(session=session, now=timezone.now())
    capture = send(uploading, CaptureKind.DOCUMENT_FRONT)
    assert (attempt.state, capture.state) == (AttemptState.PROCESSING, CaptureState.WAITING)
    back = valkey.start(tmp_path / "empty", log=tmp_path / "valkey.log", again=broker)
    try:
        with worker():
            make_it_older(attempt)
            tasks.recover_overdue.delay()
            wait_for(lambda: outcome_of(session) == Outcome.APPROVE and inspected(capture))
    finally:
        back.stop()


def test_submission_to_a_broker_that_says_nothing_comes_back(broker: Valkey) -> None:
    """Its connections open and stay silent, as behind a firewall: a request must not hang for ever."""
    tasks.inspect_capture.delay(capture_id=0)  # the connection is there already
    broker.child.send_signal(signal.SIGSTOP)
    try:
        capture = send(fresh_session(), CaptureKind.DOCUMENT_FRONT)
    finally:
        broker.child.send_signal(signal.SIGCONT)
    assert Capture.objects.filter(pk=capture.pk, state=CaptureState.WAITING).exists()


def test_worker_asks_for_its_broker_every_few_seconds_however_long_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Celery itself waits longer each time, at last half a minute, and gives up after a hundred times."""
    asked: dict[str, Any] = {}
    monkeypatch.setattr(kombu.Connection, "_ensure_connection", lambda connection, *_, **options: asked.update(options))
    app.connection_for_read().ensure_connection()
    assert (asked["interval_max"], app.conf.broker_connection_max_retries) == (RECONNECT_EVERY, None)


def make_it_older(attempt: Any) -> None:
    """Long enough ago for the recovery to look for it."""
    attempt.submitted_at -= timedelta(minutes=1)
    attempt.save(update_fields=["submitted_at"])
