"""The watchdog: it mends what needs no worker, says the rest aloud, and never touches work that goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sessions_app import leases, sweeps
from sessions_app.choices import AttemptState, CaptureKind, CaptureState, Outcome
from sessions_app.models import Attempt, Capture, SweepRun, VerificationSession
from sessions_app.sweeps import stuck
from tests.captures import add_capture, answered_session, die_three_times, processing_attempt
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("drawn_checks")]
LATE = NOW + stuck.STUCK_AFTER + timedelta(minutes=1)


def watch(now: datetime = LATE) -> int:
    return sweeps.watch_for_stuck(now=now)


def complaint() -> str:
    return SweepRun.objects.get().failure


def test_attempt_that_used_up_its_tries_goes_to_a_person() -> None:
    """Fail closed: unclear, so REVIEW; nothing is ever passed for want of a worker."""
    attempt = processing_attempt(submitted_at=NOW)
    die_three_times(attempt)
    assert watch() == 1
    assert VerificationSession.objects.get(pk=attempt.session_id).outcome == Outcome.REVIEW
    assert Attempt.objects.get(pk=attempt.pk).state == AttemptState.DECIDED
    assert complaint() == ""


def test_capture_that_used_up_its_tries_lets_its_user_go_on() -> None:
    capture = add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT)
    die_three_times(capture)
    assert watch() == 1
    assert Capture.objects.get(pk=capture.pk).state == CaptureState.CRASHED


@pytest.mark.parametrize(("late", "said"), [(-1, ""), (0, "attempts stuck (1)"), (1, "attempts stuck (1)")])
def test_attempt_that_nobody_takes_is_reported_after_ten_minutes(late: int, said: str) -> None:
    """A worker that comes back will do it: nothing is decided without one."""
    attempt = processing_attempt(submitted_at=NOW)
    assert watch(NOW + stuck.STUCK_AFTER + timedelta(seconds=late)) == 0
    assert Attempt.objects.get(pk=attempt.pk).state == AttemptState.PROCESSING
    assert complaint() == said


def test_capture_of_a_person_who_waits_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    capture = add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT)
    watch()
    assert complaint() == "captures stuck (1)"
    assert str(capture.pk) in caplog.text


def test_capture_that_nobody_waits_for_is_not_reported() -> None:
    session = answered_session()
    add_capture(session, CaptureKind.DOCUMENT_FRONT)
    sweeps.close_overdue_sessions(now=session.expires_at)
    watch(session.expires_at)
    assert SweepRun.objects.get(name=sweeps.Sweep.WATCH).failure == ""


def test_work_that_goes_on_is_left_alone() -> None:
    """Its third try, and the lease still holds."""
    attempt = processing_attempt(submitted_at=NOW)
    die_three_times(attempt)
    Attempt.objects.filter(pk=attempt.pk).update(lease_until=LATE + timedelta(seconds=1))
    assert watch() == 0
    assert Attempt.objects.get(pk=attempt.pk).state == AttemptState.PROCESSING


def test_lease_of_a_wrong_clock_is_taken_away() -> None:
    """A machine that thinks it is next week would keep the session for a week."""
    attempt = processing_attempt(submitted_at=NOW)
    assert leases.claim(attempt, now=NOW + timedelta(days=7))
    assert not leases.claim(Attempt.objects.get(pk=attempt.pk), now=LATE)
    assert watch() == 1
    assert not leases.still_held(attempt)
    assert leases.claim(Attempt.objects.get(pk=attempt.pk), now=LATE)


def test_watchdog_that_finds_nothing_says_nothing() -> None:
    assert watch() == 0
    assert complaint() == ""
