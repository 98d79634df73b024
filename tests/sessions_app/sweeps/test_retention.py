"""R47: pictures are kept as long as the company says, and not a second longer than the next run takes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from sessions_app import erasure, lifecycle, sweeps
from sessions_app.choices import AttemptState, CaptureKind, CaptureState, EventKind, Outcome
from sessions_app.models import Attempt, CaptureImage, VerificationSession
from settings_app.choices import AuditKind
from settings_app.models import Company
from tests import findings as drawn
from tests.captures import add_capture
from tests.concurrency import race
from tests.factories import NOW, CompanyFactory, checked_session, finished_session

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=30)


def ended(outcome: Outcome = Outcome.APPROVE, *, days: int | None = 30) -> VerificationSession:
    """A session with a picture, of a company that keeps pictures for so many days."""
    session = finished_session(outcome, company=CompanyFactory(retention_days=days))
    add_capture(session, CaptureKind.SELFIE, drawn.selfie())
    return session


def has_pictures(session: VerificationSession) -> bool:
    return session.captures.exclude(state=CaptureState.ERASED).exists()


@pytest.mark.parametrize(("late", "erased"), [(-1, False), (0, True), (1, True)])
def test_pictures_are_erased_at_exactly_the_end_of_their_time(late: int, erased: bool) -> None:
    """R47: 30 d - 1 s, 30 d, 30 d + 1 s after the outcome."""
    session = ended()
    assert session.closed_at is not None
    assert sweeps.erase_old_pictures(now=session.closed_at + DAYS + timedelta(seconds=late)) == int(erased)
    assert has_pictures(session) is not erased


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.PENDING])
def test_every_end_but_a_review_ends_the_time_of_pictures(outcome: Outcome) -> None:
    """R47, R24: who has yet to look needs them."""
    session = ended(outcome)
    sweeps.erase_old_pictures(now=NOW + 99 * DAYS)
    assert has_pictures(session) is (outcome is Outcome.REVIEW)


def test_open_session_keeps_its_pictures() -> None:
    session = ended()
    VerificationSession.objects.filter(pk=session.pk).update(outcome=Outcome.PENDING, closed_at=None)
    assert sweeps.erase_old_pictures(now=NOW + 99 * DAYS) == 0
    assert has_pictures(session)


def test_company_without_a_limit_keeps_its_pictures() -> None:
    session = ended(days=None)
    assert sweeps.erase_old_pictures(now=NOW + 99 * DAYS) == 0
    assert has_pictures(session)


def test_second_run_erases_and_notes_nothing() -> None:
    session = ended()
    assert [sweeps.erase_old_pictures(now=NOW + 2 * DAYS) for _ in range(3)] == [1, 0, 0]
    assert session.events.filter(kind=EventKind.PICTURES_ERASED).count() == 1


def test_erasing_by_age_stands_in_the_audit_trail_without_a_person() -> None:
    """R47: nobody pressed a button."""
    session = ended()
    sweeps.erase_old_pictures(now=NOW + 2 * DAYS)
    trace = session.company.audit_events.get(kind=AuditKind.PICTURES_ERASED)
    assert (trace.actor, trace.session_public_id, trace.details) == (None, session.public_id, {"captures": 1})


def test_files_leave_with_their_rows(django_capture_on_commit_callbacks: Any) -> None:
    session = checked_session(drawn.of_passport())
    Company.objects.filter(pk=session.company_id).update(retention_days=1)
    images = list(CaptureImage.objects.filter(capture__session=session))
    with django_capture_on_commit_callbacks(execute=True):
        sweeps.erase_old_pictures(now=NOW + DAYS)
    assert images
    assert not [image for image in images if (Path(settings.CAPTURE_ROOT) / image.path).exists()]


def test_session_that_is_being_checked_is_left_alone() -> None:
    """Cancelled while it was with the checks: the worker still reads its pictures."""
    session = ended(Outcome.CANCELLED)
    Attempt.objects.create(session=session, number=1, max_retries=5, state=AttemptState.PROCESSING, submitted_at=NOW)
    assert sweeps.erase_old_pictures(now=NOW + 2 * DAYS) == 0
    assert has_pictures(session)


def test_time_that_was_made_longer_meanwhile_is_heeded() -> None:
    """What the sweep found is looked at again under the session's lock."""
    session = ended()
    Company.objects.filter(pk=session.company_id).update(retention_days=90)
    assert not erasure.erase_when_old(session=session, now=NOW + 2 * DAYS)
    assert has_pictures(session)


def test_each_company_has_its_own_time() -> None:
    """R81."""
    soon, late = ended(days=1), ended(days=60)
    sweeps.erase_old_pictures(now=NOW + 2 * DAYS - timedelta(days=1))
    assert (has_pictures(soon), has_pictures(late)) == (False, True)


def test_one_failing_session_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = ended(), ended()
    erase = erasure.erase_when_old

    def failing(*, session: VerificationSession, **given: Any) -> bool:
        if session.pk == broken.pk:
            raise ValueError
        return erase(session=session, **given)

    monkeypatch.setattr(erasure, "erase_when_old", failing)
    sweeps.erase_old_pictures(now=NOW + 2 * DAYS)
    assert (has_pictures(broken), has_pictures(sound)) == (True, False)


def test_old_sessions_are_found_by_an_index() -> None:
    """Among a million; on a table this small PostgreSQL has to be told."""
    ended = CompanyFactory().sessions.keeping_pictures(closed_by=NOW).order_by("closed_at", "pk")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "session_by_end" in ended[:500].explain()


@pytest.mark.django_db(transaction=True)
def test_session_in_use_is_left_for_the_next_run() -> None:
    session = ended()
    with transaction.atomic():
        lifecycle.lock(session.pk)
        (refusal,) = race(lambda: erasure.erase_when_old(session=session, now=NOW + 2 * DAYS))
    assert isinstance(refusal, lifecycle.InUse)
    assert sweeps.erase_old_pictures(now=NOW + 2 * DAYS) == 1
