"""What else can happen at the same moment: files, challenges, leases and locks. The races for the session itself are in tests/proof."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from checks_app.results import Reason
from sessions_app import challenges, leases, lifecycle, storage, submission, verification
from sessions_app.choices import CaptureKind, CaptureSource, CaptureState, EventKind
from sessions_app.ingest import Picture
from sessions_app.models import Capture, CaptureImage, VerificationSession
from sessions_app.submission import Upload
from settings_app import audit, thresholds
from settings_app.choices import AuditKind
from settings_app.models import Company
from tests import files
from tests import findings as drawn
from tests.captures import add_capture, answered_session
from tests.concurrency import PATIENCE, finish_connection, race
from tests.factories import NOW, CompanyFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("drawn_checks", "no_queue")]


@pytest.fixture
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is handed to workers: these tests play them."""
    monkeypatch.setattr(submission, "_enqueue", lambda task, **ids: None)


def send(session: VerificationSession, key: str, kind: CaptureKind = CaptureKind.DOCUMENT_FRONT, nonce: str = "") -> Capture:
    return submission.store_capture(
        session=VerificationSession.objects.get(pk=session.pk),
        kind=kind,
        source=CaptureSource.CAMERA,
        upload_key=key,
        uploads=[Upload(files.jpeg((40, 30)), step=0, at_ms=0)],
        now=NOW,
        nonce=nonce,
    )


def waiting_capture() -> Capture:
    capture = add_capture(answered_session(), CaptureKind.DOCUMENT_FRONT)
    storage.write_picture(capture, Picture(files.jpeg(), 320, 240), position=0, step=None, at_ms=None).save()
    return capture


def load(session: VerificationSession) -> VerificationSession:
    return VerificationSession.objects.get(pk=session.pk)


def test_same_upload_sent_four_times_at_once_is_one_capture(capture_root: Path) -> None:
    """R4: a browser that lost the connection sends again while the first try still runs."""
    session = answered_session()
    stored = race(*[lambda: send(session, "upload-1").pk] * 4)
    assert len(set(stored)) == 1
    assert (Capture.objects.count(), CaptureImage.objects.count()) == (1, 1)
    assert [str(path.relative_to(capture_root)) for path in capture_root.rglob("*.bin")] == [CaptureImage.objects.get().path]
    assert session.events.filter(kind=EventKind.CAPTURED).count() == 1


def test_two_tabs_that_ask_at_once_get_one_challenge() -> None:
    """R34: a second tab is no second draw."""
    session = answered_session()
    first, second = race(*[lambda: challenges.issue(session=load(session), now=NOW)] * 2)
    assert first == second


def test_challenge_answered_twice_at_once_is_answered_once() -> None:
    """R34: two answers to one challenge would be a second try at it."""
    session = answered_session()
    add_capture(session, CaptureKind.DOCUMENT_FRONT, drawn.passport())
    add_capture(session, CaptureKind.SELFIE, drawn.selfie())
    nonce = challenges.issue(session=session, now=NOW).nonce
    answers = race(*[lambda key=key: send(session, key, CaptureKind.LIVENESS, nonce) for key in ("upload-1", "upload-2")])
    assert sorted(type(answer).__name__ for answer in answers) == ["Capture", "ChallengeNotValid"]
    assert session.captures.filter(kind=CaptureKind.LIVENESS).count() == 1


def test_capture_given_to_four_workers_is_inspected_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A task may be delivered more than once."""
    capture = waiting_capture()
    runs: list[Capture] = []
    inspect = verification._inspect

    def counted(work: Capture) -> Any:
        runs.append(work)
        return inspect(work)

    monkeypatch.setattr(verification, "_inspect", counted)
    race(*[lambda: verification.inspect(capture=Capture.objects.get(pk=capture.pk), now=NOW)] * 4)
    capture.refresh_from_db()
    assert (len(runs), capture.state, capture.tries) == (1, CaptureState.INSPECTED, 1)


def in_another_thread(pool: ThreadPoolExecutor, call: Any) -> Any:
    def run() -> Any:
        with finish_connection():
            return call()

    return pool.submit(run)


def is_locked(capture: Capture) -> bool:
    with transaction.atomic():
        return not Capture.objects.select_for_update(skip_locked=True).filter(pk=capture.pk).exists()


def someone_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees the same moment for ever
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        return bool(cursor.fetchone()[0])


def test_inspection_waits_for_the_session_before_it_touches_its_capture(drawn_checks: dict[str, Any]) -> None:
    """A newer upload holds the session and then wants the older capture: whoever took them the other way round would close a circle."""
    drawn_checks[CaptureKind.DOCUMENT_FRONT] = drawn.passport(problems=(Reason.GLARE,))
    capture = waiting_capture()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lifecycle.lock(capture.session_id)
            inspection = in_another_thread(pool, lambda: verification.inspect(capture=Capture.objects.get(pk=capture.pk), now=NOW))
            deadline = time.monotonic() + PATIENCE
            while not (someone_waits_for_a_lock() or inspection.done()) and time.monotonic() < deadline:
                time.sleep(0.01)
            assert not inspection.done()
            assert not is_locked(capture)
        inspection.result(PATIENCE)
    capture.refresh_from_db()
    assert capture.problems == [Reason.GLARE]


@pytest.mark.parametrize("turn", range(3))
def test_upload_and_inspection_of_the_older_picture_both_finish(turn: int, drawn_checks: dict[str, Any]) -> None:
    drawn_checks[CaptureKind.DOCUMENT_FRONT] = drawn.passport(problems=(Reason.GLARE,))
    older = waiting_capture()
    newer, inspected = race(
        lambda: send(older.session, "upload-newer"),
        lambda: verification.inspect(capture=Capture.objects.get(pk=older.pk), now=NOW),
    )
    older.refresh_from_db()
    assert (inspected, older.state, older.replaced_at) == (None, CaptureState.INSPECTED, NOW)
    assert list(older.session.captures.current()) == [newer]


def test_audit_goes_on_while_the_thresholds_of_its_company_change() -> None:
    """The change holds the company and then wants the chain; an audit holds the chain and names the company."""
    company = CompanyFactory()
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Company.objects.select_for_update(no_key=True).get(pk=company.pk)
        in_another_thread(pool, lambda: audit.record(company=company, kind=AuditKind.LINK_SHOWN, now=NOW)).result(PATIENCE)
        thresholds.change(
            company=company, market="", values={"liveness_decline": 0.5, "liveness_approve": 0.9}, reason="", actor=None, now=NOW
        )
    assert audit.first_broken(company) is None
    assert company.audit_events.count() == 2


@pytest.mark.parametrize("turn", range(3))
def test_thresholds_changed_by_two_masters_at_once_are_both_journalled(turn: int) -> None:
    """R42: who, when, old and new: the second sees what the first set."""
    company = CompanyFactory()

    def change(level: int) -> Any:
        values = {"face_match_level": level, "face_review_level": 2}
        return thresholds.change(company=company, market="", values=values, reason="tuning", actor=None, now=NOW)

    race(lambda: change(5), lambda: change(6))
    journal = list(company.threshold_changes.filter(name="face_match_level").order_by("pk").values_list("old", "new"))
    assert journal in ([(None, 5), (5, 6)], [(None, 6), (6, 5)])


@pytest.mark.parametrize("turn", range(3))
def test_two_masters_who_saw_the_same_values_cannot_both_replace_them(turn: int) -> None:
    """R42: the second learns of the first, whoever that is."""
    company = CompanyFactory()
    seen = thresholds.standing(company=company, market="")

    def change(level: int) -> Any:
        values = {"face_match_level": level, "face_review_level": 2}
        return thresholds.change(company=company, market="", values=values, reason="tuning", actor=None, now=NOW, seen=seen)

    answers = race(lambda: change(5), lambda: change(6))
    assert sorted(type(answer).__name__ for answer in answers) == ["ChangedMeanwhile", "list"]
    assert company.threshold_changes.count() == 2


def test_lease_is_given_to_one_of_many() -> None:
    capture = waiting_capture()
    assert sorted(race(*[lambda: leases.claim(Capture.objects.get(pk=capture.pk), now=NOW)] * 6)) == [False] * 5 + [True]
