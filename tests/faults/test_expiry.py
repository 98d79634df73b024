"""R3, R23: time runs out while nobody sweeps, and while the checks still work."""

from datetime import timedelta
from typing import Any

import pytest

from sessions_app import answers, challenges, lifecycle, submission, sweeps, verification
from sessions_app.choices import CaptureKind, CaptureSource, Outcome
from sessions_app.models import Attempt, VerificationSession
from tests import files
from tests import findings as drawn
from tests.captures import CLIENT, add_capture, processing_attempt, ready_session
from tests.factories import NOW, CompanyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("drawn_checks")]

ACTS: dict[str, Any] = {
    "open": lambda session, now: answers.open_link(session=session, client=CLIENT, now=now),
    "consent": lambda session, now: answers.consent(session=session, version="1", language="en", now=now),
    "challenge": lambda session, now: challenges.issue(session=session, now=now),
    "retake": lambda session, now: submission.retake(session=session, kind=CaptureKind.SELFIE, now=now),
    "keep": lambda session, now: submission.keep_despite_problems(capture=session.captures.all()[0], now=now),
    "submit": lambda session, now: submission.submit_attempt(session=session, now=now),
    "upload": lambda session, now: submission.store_capture(
        session=session,
        kind=CaptureKind.SELFIE,
        source=CaptureSource.CAMERA,
        upload_key="upload",
        uploads=[submission.Upload(files.jpeg())],
        now=now,
    ),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_dead_scheduler_never_lets_an_expired_link_work(act: Any) -> None:
    """R3: computed when read; no sweep has run for a month."""
    session = ready_session()
    with pytest.raises(lifecycle.SessionClosed):
        act(session, session.expires_at + timedelta(days=30))
    stored = VerificationSession.objects.get(pk=session.pk)
    assert (stored.outcome, stored.attempts.count()) == (Outcome.PENDING, 0)


def test_attempt_submitted_in_the_last_second_is_still_decided() -> None:
    """R23: the user was in time; how long the checks take is our affair."""
    session = ready_session()
    attempt = submission.submit_attempt(session=session, now=session.expires_at - timedelta(seconds=1))
    later = session.expires_at + timedelta(hours=1)
    assert sweeps.close_overdue_sessions(now=later) == 0
    verification.verify(attempt=Attempt.objects.get(pk=attempt.pk), now=later)
    assert VerificationSession.objects.get(pk=session.pk).outcome == Outcome.APPROVE


def test_retry_granted_after_the_link_expired_ends_as_abandoned() -> None:
    session = ready_session(changed={CaptureKind.SELFIE: drawn.selfie(face=drawn.face(0.9))})
    attempt = processing_attempt(session)
    later = session.expires_at + timedelta(hours=1)
    verification.verify(attempt=Attempt.objects.get(pk=attempt.pk), now=later)
    assert sweeps.close_overdue_sessions(now=later) == 1
    assert VerificationSession.objects.get(pk=session.pk).outcome == Outcome.ABANDONED


def test_slow_checks_do_not_use_up_the_users_time_to_be_away() -> None:
    """R23: the inactivity limit counts from the answer, not from the submission."""
    session = ready_session(company=CompanyFactory(inactivity_minutes=10), changed={CaptureKind.SELFIE: drawn.selfie(face=drawn.face(0.9))})
    attempt = processing_attempt(session)
    answered = attempt.submitted_at + timedelta(minutes=20)
    verification.verify(attempt=Attempt.objects.get(pk=attempt.pk), now=answered)
    assert sweeps.close_overdue_sessions(now=answered + timedelta(minutes=9)) == 0
    assert sweeps.close_overdue_sessions(now=answered + timedelta(minutes=10)) == 1


@pytest.mark.parametrize("act", [act for name, act in ACTS.items() if name in ("open", "consent", "challenge", "retake", "submit")])
def test_whatever_the_user_does_he_is_not_away(act: Any) -> None:
    """R23: who asks for a challenge or takes a picture again is there, although nothing has arrived yet."""
    session = ready_session(company=CompanyFactory(inactivity_minutes=10))
    act(session, NOW + timedelta(minutes=9))
    session.refresh_from_db()
    assert session.last_activity_at == NOW + timedelta(minutes=9)


@pytest.mark.parametrize(("late", "valid"), [(-1, True), (0, False)])
def test_challenge_that_runs_out_asks_for_a_new_one(late: int, valid: bool) -> None:
    """R34: answered within its time; the session itself goes on."""
    session = ready_session()
    session.captures.filter(kind=CaptureKind.LIVENESS).update(replaced_at=session.created_at)
    challenge = challenges.issue(session=session, now=session.created_at)
    moment = challenge.expires_at + timedelta(seconds=late)

    def answer() -> Any:
        return submission.store_capture(
            session=session,
            kind=CaptureKind.LIVENESS,
            source=CaptureSource.CAMERA,
            upload_key="upload",
            uploads=[submission.Upload(files.jpeg((40, 30)))],
            nonce=challenge.nonce,
            now=moment,
        )

    if valid:
        assert answer().pk
    else:
        with pytest.raises(challenges.ChallengeNotValid):
            answer()
        assert challenges.issue(session=session, now=moment).nonce != challenge.nonce


def test_capture_that_is_still_waiting_at_expiry_is_not_kept_alive_by_it() -> None:
    session = ready_session()
    add_capture(session, CaptureKind.SELFIE)
    assert sweeps.close_overdue_sessions(now=session.expires_at) == 1
