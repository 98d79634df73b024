"""Pictures, findings and faces leave together, for good, and leave the outcome behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from checks_app.results import DocumentFields
from sessions_app import duplicates, erasure, storage
from sessions_app.choices import AttemptState, CaptureKind, CaptureState, EventKind, Outcome
from sessions_app.models import CaptureImage, VerificationSession
from settings_app import audit
from settings_app.choices import AuditKind
from tests import findings as drawn
from tests.factories import NOW, MasterFactory, OperatorFactory, SessionFactory, checked_session, finished_session

pytestmark = pytest.mark.django_db

FACE = 0.123456789012


@pytest.fixture
def erase(django_capture_on_commit_callbacks: Any) -> Callable[[VerificationSession], bool]:
    def erase_now(session: VerificationSession) -> bool:
        with django_capture_on_commit_callbacks(execute=True):
            return erasure.erase_pictures(session=session, actor=OperatorFactory(), now=NOW)

    return erase_now


def everything_stored() -> str:
    """Every row of every table as text; bytes as hexadecimal digits."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


def secrets_of(session: VerificationSession) -> list[str]:
    """What the rows hold of pictures and faces: sealed findings, sealed faces, keys and names of files."""
    captures = [value for row in session.captures.values_list("findings_sealed", "face_sealed") for value in row if value is not None]
    images = CaptureImage.objects.filter(capture__session=session)
    keys = [bytes(value).hex() for value in (*captures, *images.values_list("wrapped_key", flat=True))]
    return [*keys, *images.values_list("path", flat=True), *images.values_list("sha256", flat=True)]


def test_nothing_of_the_face_is_left_in_any_column(erase: Any) -> None:
    face = drawn.selfie(face=drawn.face(FACE))
    session = checked_session(drawn.of_passport(selfie=face, liveness=drawn.liveness(embedding=(FACE,))))
    secrets = secrets_of(session)
    assert len(secrets) == 3 + 1 + 3 * 3
    assert all(secret in everything_stored() for secret in secrets)
    assert erase(session)
    left = everything_stored()
    assert [secret for secret in secrets if secret in left] == []
    assert not session.captures.exclude(state=CaptureState.ERASED).exists()


def test_files_are_gone_and_those_of_others_stay(erase: Any, capture_root: Path) -> None:
    session, other = checked_session(), checked_session()
    assert len(list(capture_root.rglob("*.bin"))) == 6
    erase(session)
    assert {path.parent.name for path in capture_root.rglob("*.bin")} == {str(other.public_id)}


def test_what_the_checks_concluded_stays(erase: Any) -> None:
    session = checked_session()
    checks = session.attempts.get().checks.count()
    erase(session)
    session.refresh_from_db()
    assert (session.outcome, session.last_name, session.match_level) == (Outcome.APPROVE, "BERIDZE", 7)
    assert session.attempts.get().checks.count() == checks


def test_duplicates_no_longer_find_the_face(erase: Any) -> None:
    """R36."""
    session = checked_session()
    searching = SessionFactory(company=session.company)

    def compared() -> int:
        return duplicates.search(session=searching, face=drawn.face(), stated=DocumentFields(), calibration=drawn.CALIBRATION).compared

    before = compared()
    erase(session)
    assert (before, compared()) == (1, 0)


def test_erasing_leaves_one_event_and_one_trace(erase: Any) -> None:
    session = checked_session()
    assert [erase(session), erase(session)] == [True, False]
    assert session.events.filter(kind=EventKind.PICTURES_ERASED).count() == 1
    trace = session.company.audit_events.get(kind=AuditKind.PICTURES_ERASED)
    assert (trace.session_public_id, trace.details) == (session.public_id, {"captures": 3})
    assert audit.first_broken(session.company) is None


def test_after_a_crash_before_the_files_nothing_opens_and_the_next_run_removes_them(
    erase: Any, capture_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = checked_session()
    image = CaptureImage.objects.filter(capture__session=session).select_related("capture__session__company")[0]
    with monkeypatch.context() as crashing:
        crashing.setattr(storage, "discard_folder", lambda session: None)
        erase(session)
    assert len(list(capture_root.rglob("*.bin"))) == 3
    assert not CaptureImage.objects.filter(pk=image.pk).exists()  # its key is gone with it
    erase(session)
    assert list(capture_root.rglob("*.bin")) == []


def test_files_stay_when_the_erasure_is_not_stored(capture_root: Path) -> None:
    session = checked_session()
    with transaction.atomic():
        erasure.erase_pictures(session=session, actor=OperatorFactory(), now=NOW)
        transaction.set_rollback(True)
    assert len(list(capture_root.rglob("*.bin"))) == 3
    assert session.captures.filter(state=CaptureState.INSPECTED).count() == 3


@pytest.mark.parametrize("outcome", Outcome)
def test_only_a_session_that_is_over_gives_up_its_pictures(outcome: Outcome, erase: Any) -> None:
    """In review people have yet to look."""
    session = finished_session(outcome)
    if outcome in (Outcome.PENDING, Outcome.REVIEW):
        with pytest.raises(erasure.PicturesStillNeeded):
            erase(session)
    else:
        assert erase(session) is False  # there was none


def test_session_cancelled_while_it_is_checked_keeps_its_pictures_until_then(erase: Any) -> None:
    session = checked_session()
    session.attempts.update(state=AttemptState.PROCESSING, verdict="", decided_at=None)
    with pytest.raises(erasure.PicturesStillNeeded):
        erase(session)


def test_erased_capture_cannot_hold_findings(erase: Any) -> None:
    session = checked_session()
    erase(session)
    with pytest.raises(IntegrityError), transaction.atomic():
        session.captures.filter(kind=CaptureKind.SELFIE).update(findings_sealed=b"again")


def test_details_page_tells_when_pictures_were_erased(erase: Any) -> None:
    """R70: no broken images."""
    session = checked_session()
    browser = Client()
    browser.force_login(MasterFactory(company=session.company))
    erase(session)
    page = browser.get(f"/sessions/{session.public_id}/").content.decode()
    assert "Pictures erased on" in page
    assert "22 Nov 2026" in page
    assert "/photos/" not in page
    assert "NINO BERIDZE" in page


def test_list_shows_no_selfie_that_is_gone(erase: Any) -> None:
    """R63: no broken images."""
    session = checked_session()
    listed = VerificationSession.objects.for_listing()
    assert listed.get(pk=session.pk).selfie_id is not None  # type: ignore[attr-defined]  # annotated
    erase(session)
    assert listed.get(pk=session.pk).selfie_id is None  # type: ignore[attr-defined]


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(OperatorFactory())
    return client


def ask(operator: Client, *sessions: VerificationSession, **more: str) -> Any:
    values = {"action": "erase_pictures", "_selected_action": [session.pk for session in sessions], **more}
    return operator.post(reverse("admin:sessions_app_verificationsession_changelist"), values, follow=True)


def test_operator_is_asked_before_anything_is_erased(operator: Client) -> None:
    """R80."""
    session = checked_session()
    page = ask(operator, session).content.decode()
    assert "erased for good" in page
    assert "BERIDZE" not in page
    assert CaptureImage.objects.filter(capture__session=session).count() == 3


def test_operator_erases_what_is_over_and_is_told_what_is_not(operator: Client) -> None:
    over, open_session = checked_session(), SessionFactory()
    page = ask(operator, over, open_session, confirmed="yes").content.decode()
    assert "Pictures of 1 session erased." in page
    assert "1 session is open or in review: nothing erased." in page
    assert not CaptureImage.objects.filter(capture__session=over).exists()


def test_master_user_cannot_erase(operator: Client) -> None:
    session = checked_session()
    master = Client()
    master.force_login(MasterFactory(company=session.company))
    ask(master, session, confirmed="yes")
    assert CaptureImage.objects.filter(capture__session=session).count() == 3
