"""R4: an attempt is one submission of captures for checking, at most six in a session."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from sessions_app import lifecycle, submission
from sessions_app.choices import AttemptState, CaptureKind, EventKind, Outcome
from sessions_app.models import Attempt, VerificationSession
from settings_app.choices import DocumentChoice
from tests import findings as drawn
from tests.captures import add_capture, processing_attempt, ready_session
from tests.factories import NOW, CompanyFactory

pytestmark = pytest.mark.django_db


def test_submission_is_one_attempt_with_the_current_captures() -> None:
    session = ready_session()
    replaced = session.captures.get(kind=CaptureKind.SELFIE)
    add_capture(session, CaptureKind.SELFIE, drawn.selfie())
    attempt = submission.submit_attempt(session=session, now=NOW)
    assert (attempt.number, attempt.state, attempt.max_retries, attempt.submitted_at) == (1, AttemptState.PROCESSING, 5, NOW)
    assert set(attempt.captures.all()) == set(session.captures.current())
    assert replaced not in attempt.captures.all()


def test_back_from_before_another_choice_is_not_submitted() -> None:
    session = ready_session(DocumentChoice.ID_CARD)
    VerificationSession.objects.filter(pk=session.pk).update(chosen_document=DocumentChoice.PASSPORT)
    attempt = submission.submit_attempt(session=session, now=NOW)
    assert not attempt.captures.filter(kind=CaptureKind.DOCUMENT_BACK).exists()


def test_submitting_twice_is_one_attempt() -> None:
    """R4: a double click costs nothing."""
    session = ready_session()
    assert submission.submit_attempt(session=session, now=NOW) == submission.submit_attempt(session=session, now=NOW)
    assert session.attempts.count() == 1
    assert session.events.filter(kind=EventKind.SUBMITTED).count() == 1


def test_same_submission_again_is_the_same_attempt_even_when_it_is_decided() -> None:
    """R4: the request came twice, the second time after RETRY and with the next pictures already there; no other attempt is used up."""
    session = ready_session()
    first = submission.submit_attempt(session=session, submit_key="key-of-this-page", now=NOW)
    session.attempts.update(state=AttemptState.DECIDED, verdict="RETRY", decided_at=NOW)
    add_capture(session, CaptureKind.SELFIE, drawn.selfie())
    assert submission.submit_attempt(session=session, submit_key="key-of-this-page", now=NOW) == first
    assert session.attempts.count() == 1


def test_submission_with_a_key_of_its_own_is_another_attempt() -> None:
    session = after_attempts(1)
    assert submission.submit_attempt(session=session, submit_key="key-of-this-page", now=NOW).number == 2


def test_same_key_in_another_session_is_another_attempt() -> None:
    first, second = (submission.submit_attempt(session=ready_session(), submit_key="key", now=NOW) for _ in range(2))
    assert first.session_id != second.session_id


def test_submission_repeated_after_the_end_tells_what_it_made() -> None:
    """R26: it changes nothing."""
    session = ready_session()
    first = submission.submit_attempt(session=session, submit_key="key-of-this-page", now=NOW)
    session.attempts.update(state=AttemptState.DECIDED, verdict="APPROVE", decided_at=NOW)
    lifecycle._move(session, Outcome.APPROVE, now=NOW)
    assert submission.submit_attempt(session=session, submit_key="key-of-this-page", now=NOW) == first


@pytest.mark.parametrize("missing", [CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE, CaptureKind.LIVENESS])
def test_incomplete_session_cannot_be_submitted(missing: CaptureKind) -> None:
    session = ready_session()
    session.captures.filter(kind=missing).update(replaced_at=NOW)
    with pytest.raises(submission.NotReady):
        submission.submit_attempt(session=session, now=NOW)


def test_picture_still_being_inspected_cannot_be_submitted() -> None:
    session = ready_session()
    add_capture(session, CaptureKind.SELFIE)
    with pytest.raises(submission.NotReady):
        submission.submit_attempt(session=session, now=NOW)


@pytest.mark.parametrize(("late", "taken"), [(-1, True), (0, False), (1, False)])
def test_submission_is_taken_until_the_link_expires(late: int, taken: bool) -> None:
    """R3: 7 d - 1 s, 7 d, 7 d + 1 s."""
    session = ready_session()
    moment = session.expires_at + timedelta(seconds=late)
    if taken:
        assert submission.submit_attempt(session=session, now=moment).number == 1
    else:
        with pytest.raises(lifecycle.SessionClosed):
            submission.submit_attempt(session=session, now=moment)


def after_attempts(count: int, **company: Any) -> VerificationSession:
    session = ready_session(company=CompanyFactory(**company))
    for _ in range(count):
        processing_attempt(session, state=AttemptState.DECIDED, verdict="RETRY", decided_at=NOW)
    return session


def test_sixth_attempt_is_allowed_and_the_seventh_is_not() -> None:
    """R4: at most five retries."""
    assert submission.submit_attempt(session=after_attempts(5), now=NOW).number == 6
    with pytest.raises(submission.RetriesExhausted):
        submission.submit_attempt(session=after_attempts(6), now=NOW)


@pytest.mark.parametrize("retries", [0, 2])
def test_company_sets_how_many_retries_there_are(retries: int) -> None:
    """R47: a setting."""
    assert submission.submit_attempt(session=after_attempts(retries, max_retries=retries), now=NOW).number == retries + 1
    with pytest.raises(submission.RetriesExhausted):
        submission.submit_attempt(session=after_attempts(retries + 1, max_retries=retries), now=NOW)


@pytest.mark.parametrize("number", [0, 7, 8])
def test_database_refuses_the_seventh_attempt_by_itself(number: int) -> None:
    """R4: the seventh is refused in the database too."""
    session = after_attempts(5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(session=session, number=number, max_retries=5, submitted_at=NOW)
    assert Attempt.objects.create(session=session, number=6, max_retries=5, submitted_at=NOW).pk


def test_database_refuses_two_attempts_in_work_at_once() -> None:
    attempt = processing_attempt()
    with pytest.raises(IntegrityError), transaction.atomic():
        processing_attempt(attempt.session)
