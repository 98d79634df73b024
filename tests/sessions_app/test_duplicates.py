"""R36: the same face under another identity is found inside the company, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from checks_app.results import Check, DocumentFields, DocumentFindings, Engine, Reason
from sessions_app import duplicates, submission, verification
from sessions_app.choices import AttemptState, CaptureKind, Outcome
from sessions_app.duplicates import is_same_person, level_needed
from sessions_app.findings import Findings
from sessions_app.models import Attempt, Capture, PossibleDuplicate, VerificationSession
from settings_app.models import Company
from tests import findings as drawn
from tests.captures import add_capture, processing_attempt, ready_session
from tests.concurrency import race
from tests.factories import NOW, CompanyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("drawn_checks")]

THEIR_PRINT = "GEORGIA KAPANADZE GIORGI 03.02.1985 99 ZZ 00001"
LEVEL_6, LEVEL_7 = drawn.LEVEL_DISTANCES[6], drawn.LEVEL_DISTANCES[7]
MINE = 0.1  # where the selfie of a good session lies


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory()


def of_somebody_else(**changes: Any) -> DocumentFindings:
    stated = {"first_name": "GIORGI", "last_name": "KAPANADZE", "document_number": "99ZZ00001", "birth_date": date(1985, 2, 3)}
    return drawn.passport(fields=drawn.fields(**(stated | changes)), printed_text=THEIR_PRINT, printed_surely=THEIR_PRINT)


def earlier(company: Company, *, at: float = MINE, document: DocumentFindings | None = None) -> VerificationSession:
    """A session that was decided: another person's, with a face `at` so far from the portrait."""
    changed: dict[CaptureKind, Findings] = {
        CaptureKind.DOCUMENT_FRONT: document or of_somebody_else(),
        CaptureKind.SELFIE: drawn.selfie(face=drawn.face(at)),
        CaptureKind.LIVENESS: drawn.liveness(embedding=(at,)),
    }
    session = ready_session(company=company, changed=changed)
    judged(session)
    return session


def judged(session: VerificationSession) -> Attempt:
    attempt = processing_attempt(session)
    verification.verify(attempt=Attempt.objects.select_related("session__company").get(pk=attempt.pk), now=NOW)
    return Attempt.objects.get(pk=attempt.pk)


def compared(attempt: Attempt) -> float:
    details: dict[str, float] = attempt.checks.get(check_name=Check.DUPLICATE_FACE).details
    return details["compared"]


def test_same_face_under_another_identity_is_a_doubt(company: Company) -> None:
    """R36: people look at it, and see whom it is like."""
    other = earlier(company)
    attempt = judged(ready_session(company=company))
    assert (attempt.verdict, attempt.reasons) == ("REVIEW", [Reason.DUPLICATE_FACE])
    named = attempt.possible_duplicates.get()
    assert (named.other, named.level, named.one_in) == (other, 7, 500_000)
    check = attempt.checks.get(check_name=Check.DUPLICATE_FACE)
    assert (check.engine, check.details) == ("drawn-faces", {"compared": 1, "level_needed": 6, "found": 1})


def test_the_earlier_session_stands(company: Company) -> None:
    other = earlier(company)
    judged(ready_session(company=company))
    assert VerificationSession.objects.get(pk=other.pk).outcome == Outcome.APPROVE


@pytest.mark.parametrize(("away", "verdict"), [(LEVEL_6 - 0.001, "REVIEW"), (LEVEL_6 + 0.001, "APPROVE")])
def test_face_must_reach_level_six(company: Company, away: float, verdict: str) -> None:
    earlier(company, at=MINE + away)
    assert judged(ready_session(company=company)).verdict == verdict


@pytest.mark.parametrize(("away", "verdict"), [(LEVEL_7 - 0.001, "REVIEW"), (LEVEL_7 + 0.001, "APPROVE")])
def test_among_many_faces_it_must_reach_level_seven(company: Company, away: float, verdict: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "MOST_FACES", 0)
    earlier(company, at=MINE + away)
    assert judged(ready_session(company=company)).verdict == verdict


@pytest.mark.parametrize(("faces", "level"), [(0, 6), (10_000, 6), (10_001, 7)])
def test_level_rises_with_the_number_of_faces(faces: int, level: int) -> None:
    """At level 6 ten thousand faces name a stranger in one of ten sessions."""
    assert level_needed(faces) == level


def test_returning_customer_is_no_doubt(company: Company) -> None:
    judged(ready_session(company=company))
    attempt = judged(ready_session(company=company))
    assert (attempt.verdict, compared(attempt), attempt.possible_duplicates.count()) == ("APPROVE", 1, 0)


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"document_number": "77AA11111"}, True),  # a new passport
        ({"first_name": "ANA", "birth_date": date(1999, 9, 9)}, True),  # misread, and still the same passport
        ({"document_number": "77AA11111", "first_name": "NİNO"}, True),
        ({"document_number": "77AA11111", "first_name": "ANA"}, False),
        ({"document_number": "77AA11111", "birth_date": date(1990, 4, 18)}, False),
        ({"document_number": "77AA11111", "birth_date": None}, False),
        ({"issuing_state": "ESP", "last_name": "KAPANADZE"}, False),  # numbers are given out per state
    ],
)
def test_identity_is_the_document_or_the_name_with_the_birth_date(changes: dict[str, Any], same: bool) -> None:
    assert is_same_person(drawn.fields(), drawn.fields(**changes)) is same


def test_two_sessions_without_an_identity_are_not_the_same_person() -> None:
    assert not is_same_person(DocumentFields(), DocumentFields())


def test_who_states_no_identity_is_not_said_to_be_somebody_else(company: Company) -> None:
    earlier(company, document=drawn.passport(mrz=None, fields=None))
    assert judged(ready_session(company=company)).verdict == "APPROVE"


def test_session_whose_document_was_not_read_still_names_who_has_its_face(company: Company) -> None:
    """Else a hidden zone would hide the other account from those who look at it."""
    other = earlier(company)
    unread = drawn.passport(mrz=None, fields=None)
    attempt = judged(ready_session(company=company, changed={CaptureKind.DOCUMENT_FRONT: unread}))
    assert attempt.possible_duplicates.get().other == other


def test_same_face_in_another_company_is_never_found(company: Company) -> None:
    """R81."""
    earlier(CompanyFactory())
    attempt = judged(ready_session(company=company))
    assert (attempt.verdict, compared(attempt)) == ("APPROVE", 0)


@pytest.mark.parametrize("engine", [Engine("drawn-faces", "2"), Engine("others", "1")])
def test_faces_of_another_engine_or_version_are_not_compared(company: Company, engine: Engine) -> None:
    """R37: a distance between them means nothing."""
    other = earlier(company)
    add_capture(other, CaptureKind.SELFIE, drawn.selfie(face=replace(drawn.face(MINE), engine=engine)))
    other.captures.filter(kind=CaptureKind.SELFIE, face_engine="drawn-faces 1").delete()
    assert compared(judged(ready_session(company=company))) == 0


def test_only_the_latest_face_of_a_session_counts(company: Company) -> None:
    other = earlier(company)
    add_capture(other, CaptureKind.SELFIE, drawn.selfie(face=drawn.face(0.9)))
    attempt = judged(ready_session(company=company))
    assert (attempt.verdict, compared(attempt)) == ("APPROVE", 1)


def test_session_that_never_submitted_is_not_compared(company: Company) -> None:
    ready_session(company=company, changed={CaptureKind.DOCUMENT_FRONT: of_somebody_else()})
    assert compared(judged(ready_session(company=company))) == 0


def test_of_two_sessions_submitted_at_once_each_later_judgement_sees_the_other(company: Company) -> None:
    """The other one has no columns yet: its documents say who it is."""
    first = processing_attempt(ready_session(company=company, changed={CaptureKind.DOCUMENT_FRONT: of_somebody_else()}))
    second = processing_attempt(ready_session(company=company))
    for attempt in (second, first):
        verification.verify(attempt=Attempt.objects.get(pk=attempt.pk), now=NOW)
    assert set(Attempt.objects.values_list("verdict", flat=True)) == {"REVIEW"}
    assert set(PossibleDuplicate.objects.values_list("attempt", "other")) == {(first.pk, second.session_id), (second.pk, first.session_id)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(3))
def test_two_people_with_one_face_who_submit_in_the_same_moment_are_not_both_approved(turn: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In real PostgreSQL, each on a connection of its own, from the submission to the decision."""
    monkeypatch.setattr(submission, "_enqueue", lambda task, **ids: None)
    company = CompanyFactory()
    sessions = [ready_session(company=company), ready_session(company=company, changed={CaptureKind.DOCUMENT_FRONT: of_somebody_else()})]

    def submit_and_judge(session: VerificationSession) -> str:
        attempt = submission.submit_attempt(session=VerificationSession.objects.get(pk=session.pk), now=NOW)
        verification.verify(attempt=Attempt.objects.get(pk=attempt.pk), now=NOW)
        return Attempt.objects.get(pk=attempt.pk).verdict

    assert "REVIEW" in race(*[partial(submit_and_judge, session) for session in sessions])


def test_returning_customer_whose_other_session_is_being_checked_is_no_doubt(company: Company) -> None:
    processing_attempt(ready_session(company=company))
    attempt = judged(ready_session(company=company))
    assert (attempt.verdict, compared(attempt)) == ("APPROVE", 1)


def test_company_can_switch_the_search_off() -> None:
    company = CompanyFactory(duplicate_faces=False)
    earlier(company)
    attempt = judged(ready_session(company=company))
    assert attempt.verdict == "APPROVE"
    assert not attempt.checks.filter(check_name=Check.DUPLICATE_FACE).exists()


def test_search_that_crashes_is_unclear_and_leaves_the_other_checks_alone(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """R22: fail closed."""

    def crash(**_: Any) -> Any:
        raise RuntimeError("boom")

    monkeypatch.setattr(duplicates, "search", crash)
    attempt = judged(ready_session(company=company))
    assert (attempt.verdict, attempt.reasons) == ("REVIEW", [Reason.CHECK_CRASHED])
    assert list(attempt.checks.exclude(status="PASSED").values_list("check_name", flat=True)) == [Check.DUPLICATE_FACE]


def test_stored_face_that_somebody_altered_leaves_the_search_unclear(company: Company) -> None:
    """A face that does not open may be the very one that is sought."""
    other = earlier(company)
    Capture.objects.filter(session=other, kind=CaptureKind.SELFIE).update(face_sealed=b"forged" * 20)
    assert judged(ready_session(company=company)).reasons == [Reason.CHECK_CRASHED]


def test_face_moved_to_another_capture_does_not_open(company: Company) -> None:
    one, other = earlier(company), earlier(company, document=of_somebody_else(document_number="1", first_name="ANA"))
    sealed = one.captures.get(kind=CaptureKind.SELFIE).face_sealed
    other.captures.filter(kind=CaptureKind.SELFIE).update(face_sealed=sealed)
    assert judged(ready_session(company=company)).reasons == [Reason.CHECK_CRASHED]


def test_only_the_most_alike_are_named(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "MOST_NAMED", 2)
    others = [earlier(company, at=MINE + away) for away in (0.2, 0.0, 0.1)]
    PossibleDuplicate.objects.all().delete()
    attempt = judged(ready_session(company=company))
    assert set(attempt.possible_duplicates.values_list("other", flat=True)) == {others[1].pk, others[2].pk}


def test_faces_are_compared_in_batches_without_losing_any(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "BATCH", 2)
    for number in range(5):
        earlier(company, at=0.9, document=of_somebody_else(document_number=f"N{number}"))
    last = earlier(company)
    attempt = judged(ready_session(company=company))
    assert (compared(attempt), attempt.possible_duplicates.get().other) == (6, last)


def test_selfie_keeps_its_face_sealed_and_nothing_else_does(company: Company) -> None:
    session = ready_session(company=company)
    sealed = {capture.kind: (capture.face_sealed is not None, capture.face_engine) for capture in session.captures.all()}
    assert sealed.pop(CaptureKind.SELFIE) == (True, "drawn-faces 1")
    assert set(sealed.values()) == {(False, "")}


def test_session_without_a_face_is_unclear_for_want_of_it(company: Company) -> None:
    session = ready_session(company=company, changed={CaptureKind.SELFIE: drawn.selfie(face=None, faces=0)})
    attempt = judged(session)
    assert attempt.checks.get(check_name=Check.DUPLICATE_FACE).reasons == [Reason.CAPTURE_MISSING]
    assert attempt.state == AttemptState.DECIDED
