"""The expensive half of the checks: each picture is inspected once, and what crashed or hung never passes."""

import contextlib
import errno
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection

from checks_app import pipeline
from checks_app.results import Reason
from sessions_app import findings, leases, outages, storage, verification
from sessions_app.choices import CaptureKind, CaptureState, EventKind
from sessions_app.ingest import Picture
from sessions_app.models import Capture, VerificationSession
from tests import files
from tests import findings as drawn
from tests.captures import add_capture, answered_session, die_three_times
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("drawn_checks")]

PICTURE = Picture(jpeg=files.jpeg(), width=320, height=240)


def waiting(kind: CaptureKind = CaptureKind.DOCUMENT_FRONT, session: VerificationSession | None = None) -> Capture:
    capture = add_capture(session or answered_session(), kind)
    storage.write_picture(capture, PICTURE, position=0, step=None, at_ms=None).save()
    return capture


def inspected(capture: Capture, now: Any = NOW) -> Capture:
    verification.inspect(capture=Capture.objects.get(pk=capture.pk), now=now)
    return Capture.objects.get(pk=capture.pk)


@pytest.mark.parametrize("kind", list(CaptureKind))
def test_inspection_stores_what_was_found(kind: CaptureKind, drawn_checks: dict[str, Any]) -> None:
    capture = inspected(waiting(kind))
    assert (capture.state, capture.problems, capture.inspected_at) == (CaptureState.INSPECTED, [], NOW)
    assert findings.read(capture) == drawn_checks[kind]


def test_inspected_selfie_keeps_its_face_alone_too() -> None:
    """R36: for the search of duplicates; as float32, sealed."""
    capture = inspected(waiting(CaptureKind.SELFIE))
    plain = findings.face_opener(capture.session.company)(capture.public_id, bytes(capture.face_sealed or b""))
    assert (np.frombuffer(plain, "<f4").tolist(), capture.face_engine) == (pytest.approx([0.1]), "drawn-faces 1")
    assert plain not in bytes(capture.face_sealed or b"")


def test_poor_picture_is_a_forced_retry_and_counted(drawn_checks: dict[str, Any]) -> None:
    """R35: answered at capture, counted, and it costs no attempt."""
    drawn_checks[CaptureKind.DOCUMENT_FRONT] = drawn.passport(problems=(Reason.GLARE, Reason.BLURRED))
    capture = inspected(waiting())
    session = VerificationSession.objects.get(pk=capture.session_id)
    assert (capture.problems, capture.is_usable) == ([Reason.GLARE, Reason.BLURRED], False)
    assert (session.forced_retries, session.attempts.count()) == (1, 0)
    assert session.events.get(kind=EventKind.RETAKE_ASKED).details == {"capture": "DOCUMENT_FRONT", "problem": "GLARE"}


def test_good_picture_is_no_forced_retry() -> None:
    assert VerificationSession.objects.get(pk=inspected(waiting()).session_id).forced_retries == 0


@pytest.mark.parametrize("crash", [RuntimeError("boom"), MemoryError(), SoftTimeLimitExceeded()])
def test_inspection_that_crashes_or_hangs_is_recorded_as_such(drawn_checks: dict[str, Any], crash: Exception) -> None:
    """R22: a check that crashed or hung is unclear, never passed; the user may go on."""
    drawn_checks[CaptureKind.DOCUMENT_FRONT] = crash
    capture = inspected(waiting())
    assert (capture.state, capture.findings_sealed, capture.is_usable) == (CaptureState.CRASHED, None, True)


def test_picture_whose_file_is_gone_is_a_crash_and_no_pass() -> None:
    capture = waiting()
    storage.discard(capture.images.get())
    assert inspected(capture).state == CaptureState.CRASHED


@pytest.mark.parametrize("fault", [OperationalError("the database restarts"), OSError(errno.ENOSPC, "no room"), OSError(errno.EIO, "disk")])
def test_fault_of_the_machine_costs_the_picture_nothing(drawn_checks: dict[str, Any], fault: Exception) -> None:
    """It is no crash and no try: the same picture is inspected when the machine is well again."""
    drawn_checks[CaptureKind.DOCUMENT_FRONT] = fault
    capture = inspected(waiting())
    assert (capture.state, capture.tries) == (CaptureState.WAITING, 0)
    drawn_checks[CaptureKind.DOCUMENT_FRONT] = drawn.passport()
    assert inspected(capture, now=NOW + leases.POSTPONED).state == CaptureState.INSPECTED


@pytest.mark.parametrize(("late", "state"), [(-1, CaptureState.WAITING), (0, CaptureState.CRASHED)])
def test_machine_that_stays_ill_leaves_nobody_waiting_for_ever(drawn_checks: dict[str, Any], late: int, state: CaptureState) -> None:
    """R22: a person looks at the session instead."""
    drawn_checks[CaptureKind.DOCUMENT_FRONT] = OSError(errno.EIO, "disk")
    assert inspected(waiting(), now=NOW + outages.WAITED_AT_MOST + timedelta(seconds=late)).state == state


@pytest.mark.django_db(transaction=True)
def test_result_survives_the_loss_of_its_database_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL restarts while a picture is inspected: what was found is stored by the next connection."""
    capture, inspect = waiting(), verification._inspect

    def cut_off(work: Capture) -> Any:
        found = inspect(work)
        with contextlib.suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return found

    monkeypatch.setattr(verification, "_inspect", cut_off)
    monkeypatch.setattr(outages, "ASK_AGAIN", 0)
    stored = inspected(capture)
    assert (stored.state, stored.tries) == (CaptureState.INSPECTED, 1)


def test_second_inspection_changes_nothing(drawn_checks: dict[str, Any]) -> None:
    """A task may run twice."""
    capture = inspected(waiting())
    drawn_checks[CaptureKind.DOCUMENT_FRONT] = drawn.passport(problems=(Reason.GLARE,))
    again = inspected(capture, now=NOW + timedelta(hours=1))
    assert (again.problems, again.inspected_at, again.tries) == ([], NOW, 1)
    assert bytes(again.findings_sealed or b"") == bytes(capture.findings_sealed or b"")


def test_worker_that_lost_its_lease_writes_no_findings(drawn_checks: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Fencing: it comes back after its successor has finished."""
    capture = waiting()
    slow = verification._inspect

    def overtaken(work: Capture) -> Any:
        monkeypatch.setattr(verification, "_inspect", slow)
        inspected(work, now=NOW + leases.LEASE)
        return drawn.passport(problems=(Reason.GLARE,))

    monkeypatch.setattr(verification, "_inspect", overtaken)
    late = inspected(capture)
    assert (late.problems, late.inspected_at, late.tries) == ([], NOW + leases.LEASE, 2)
    assert late.session.forced_retries == 0


def test_third_death_of_an_inspection_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that kills every worker must not run for ever, and never passes."""
    capture = waiting()
    later = die_three_times(capture)
    monkeypatch.setattr(verification, "_inspect", lambda work: pytest.fail("it was inspected a fourth time"))
    capture = inspected(capture, now=later)
    assert (capture.state, capture.tries) == (CaptureState.CRASHED, leases.MAX_TRIES)


def test_work_that_is_not_used_up_is_not_given_up() -> None:
    """The watchdog may name it at any moment."""
    capture = waiting()
    verification.give_up(work=capture, now=NOW)
    leases.claim(capture, now=NOW)
    verification.give_up(work=capture, now=NOW + leases.LEASE)
    capture.refresh_from_db()
    assert (capture.state, capture.tries) == (CaptureState.WAITING, 1)


def test_pictures_that_were_inspected_are_upright_rgb_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks are given what they ask for: height x width x 3, RGB."""
    seen: list[Any] = []

    def look(image: Any, **_: Any) -> Any:
        seen.append(image)
        return drawn.passport()

    monkeypatch.setattr(pipeline, "inspect_document", look)
    inspected(waiting())
    assert seen[0].shape == (240, 320, 3)
    assert abs(int(seen[0][120, 20, 0]) - files.RED[0]) < 10
