"""The cheap half of the checks: an attempt is judged and decided once, and what did not finish never passes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from checks_app.results import Check, Reason, Status
from sessions_app import duplicates, leases, lifecycle, verification
from sessions_app.choices import AttemptState, CaptureKind, CaptureSource, CaptureState, EventKind, Outcome, OutcomeReason
from sessions_app.models import Attempt, VerificationSession
from settings_app.choices import DocumentChoice
from settings_app.models import ThresholdSet
from tests import findings as drawn
from tests.captures import add_capture, die_three_times, processing_attempt, ready_session
from tests.factories import NOW, CompanyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("drawn_checks")]

ONLY_WHERE_ASKED = {Check.SIDES_AGREE, Check.MINIMUM_AGE, Check.EXPECTED_PERSON}  # of a passport whose holder nobody announced


def decided(attempt: Attempt, now: Any = NOW) -> Attempt:
    verification.verify(attempt=Attempt.objects.get(pk=attempt.pk), now=now)
    return Attempt.objects.get(pk=attempt.pk)


def test_good_session_is_approved_with_its_columns_and_records() -> None:
    """R20, R37: each check keeps score, threshold as applied, engine, version and time."""
    attempt = decided(processing_attempt())
    session = attempt.session
    assert (attempt.state, attempt.verdict, attempt.reasons, attempt.decided_at) == (AttemptState.DECIDED, "APPROVE", [], NOW)
    assert (session.outcome, session.closed_at, session.result_attempt, session.reasons) == (Outcome.APPROVE, NOW, 1, [])
    assert (session.last_name, session.document_valid, session.liveness_passed, session.match_level) == ("BERIDZE", True, True, 7)
    match = attempt.checks.get(check_name=Check.FACE_MATCH)
    assert (match.status, match.engine, match.engine_version, match.took_ms) == ("PASSED", "drawn-faces", "1", 200)
    assert (match.score, match.approve_from) == pytest.approx((0.9, 0.55))
    assert set(attempt.checks.values_list("check_name", flat=True)) == set(Check) - ONLY_WHERE_ASKED


@pytest.mark.parametrize(("minimum_age", "verdict"), [(36, "APPROVE"), (37, "DECLINE")])
def test_minimum_age_of_the_company_is_asked_for(minimum_age: int, verdict: str) -> None:
    """R36: she was born on 17 April 1990."""
    session = ready_session(company=CompanyFactory(minimum_age=minimum_age))
    assert decided(processing_attempt(session)).verdict == verdict


@pytest.mark.parametrize(("strict", "verdict"), [(False, "APPROVE"), (True, "REVIEW")])
def test_company_decides_how_exactly_names_must_match(strict: bool, verdict: str) -> None:
    """R36."""
    session = ready_session(company=CompanyFactory(strict_names=strict), expected_last_name="Beridse")
    assert decided(processing_attempt(session)).verdict == verdict


def test_good_card_is_approved() -> None:
    attempt = decided(processing_attempt(ready_session(DocumentChoice.ID_CARD)))
    assert (attempt.verdict, attempt.session.document_kind) == ("APPROVE", "ID_CARD")
    assert attempt.checks.filter(check_name=Check.SIDES_AGREE, status=Status.PASSED).exists()


def test_thresholds_of_the_market_apply_and_are_kept_as_applied() -> None:
    """R37, R41: and old results do not change when they do."""
    session = ready_session(market="GEO")
    strict = ThresholdSet.objects.create(company=session.company, market="GEO", liveness_decline=0.96, liveness_approve=0.99)
    attempt = decided(processing_attempt(session))
    strict.delete()
    check = attempt.checks.get(check_name=Check.LIVENESS)
    assert (check.status, check.score, check.decline_below, check.approve_from) == ("FAILED", 0.95, 0.96, 0.99)
    assert attempt.verdict == "RETRY"


ELSE = drawn.selfie(face=drawn.face(0.9))


def test_failed_check_asks_for_its_own_captures_again_and_for_no_others() -> None:
    """R5, R22: retry drops only the captures concerned."""
    session = ready_session(changed={CaptureKind.SELFIE: ELSE, CaptureKind.LIVENESS: drawn.liveness(embedding=(0.9,))})
    attempt = decided(processing_attempt(session))
    assert (attempt.verdict, attempt.session.outcome) == ("RETRY", Outcome.PENDING)
    assert set(session.captures.current().values_list("kind", flat=True)) == {CaptureKind.DOCUMENT_FRONT, CaptureKind.LIVENESS}
    assert attempt.captures.count() == 3
    assert session.events.filter(kind=EventKind.RETRY_ASKED).count() == 1


def test_failed_document_keeps_the_face() -> None:
    forged = drawn.passport(screen_replay=drawn.measure(0.0, Reason.SHOWN_ON_SCREEN))
    session = ready_session(changed={CaptureKind.DOCUMENT_FRONT: forged})
    decided(processing_attempt(session))
    assert set(session.captures.current().values_list("kind", flat=True)) == {CaptureKind.SELFIE, CaptureKind.LIVENESS}
    assert VerificationSession.objects.get(pk=session.pk).digital_spoof


def test_unclear_check_beside_a_failed_one_is_not_asked_again() -> None:
    session = ready_session(changed={CaptureKind.SELFIE: ELSE, CaptureKind.DOCUMENT_FRONT: drawn.passport(photocopy=drawn.measure(0.3))})
    decided(processing_attempt(session))
    assert CaptureKind.DOCUMENT_FRONT in session.captures.current().values_list("kind", flat=True)


def test_last_attempt_that_fails_declines_because_retries_ran_out() -> None:
    """R21: DECLINE with the reason RETRIES_EXHAUSTED."""
    session = ready_session(company=CompanyFactory(max_retries=0), changed={CaptureKind.SELFIE: ELSE})
    attempt = decided(processing_attempt(session))
    assert (attempt.verdict, attempt.session.outcome) == ("DECLINE", Outcome.DECLINE)
    assert attempt.session.reasons[0] == OutcomeReason.RETRIES_EXHAUSTED
    assert OutcomeReason.RETRIES_EXHAUSTED not in attempt.reasons


@pytest.mark.parametrize(("number", "verdict"), [(4, "RETRY"), (5, "RETRY"), (6, "DECLINE")])
def test_sixth_attempt_is_the_last(number: int, verdict: str) -> None:
    """R4: five retries are six attempts."""
    session = ready_session(changed={CaptureKind.SELFIE: ELSE})
    for _ in range(number - 1):
        processing_attempt(session, state=AttemptState.DECIDED, verdict="RETRY", decided_at=NOW)
    attempt = decided(processing_attempt(session))
    assert (attempt.number, attempt.verdict) == (number, verdict)


@pytest.mark.parametrize(("manual_review", "outcome"), [(True, Outcome.REVIEW), (False, Outcome.DECLINE)])
def test_unclear_session_goes_to_review_unless_the_company_has_none(manual_review: bool, outcome: Outcome) -> None:
    """R22: the switch of the company."""
    unclear = drawn.passport(photocopy=drawn.measure(0.3, Reason.PHOTOCOPY_SUSPECTED))
    session = ready_session(company=CompanyFactory(manual_review=manual_review), changed={CaptureKind.DOCUMENT_FRONT: unclear})
    attempt = decided(processing_attempt(session))
    assert (attempt.session.outcome, attempt.session.reasons) == (outcome, [Reason.PHOTOCOPY_SUSPECTED])


@pytest.mark.parametrize("kind", [CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE, CaptureKind.LIVENESS])
def test_capture_that_crashed_is_never_approved(kind: CaptureKind) -> None:
    """R22: fail closed."""
    session = ready_session()
    add_capture(session, kind, state=CaptureState.CRASHED)
    assert decided(processing_attempt(session)).verdict == "REVIEW"


@pytest.mark.parametrize("kind", [CaptureKind.DOCUMENT_FRONT, CaptureKind.SELFIE, CaptureKind.LIVENESS])
def test_file_instead_of_camera_is_never_approved(kind: CaptureKind) -> None:
    """R34: a file proves nothing about the moment."""
    session = ready_session()
    session.captures.filter(kind=kind).update(source=CaptureSource.FILE)
    attempt = decided(processing_attempt(session))
    assert (attempt.verdict, attempt.reasons) == ("REVIEW", [Reason.NOT_LIVE_CAPTURE])


def every_check_unclear(attempt: Attempt) -> bool:
    records = set(attempt.checks.values_list("check_name", "status", "score"))
    expected = set(Check) - ONLY_WHERE_ASKED
    return records == {(check.value, "UNCLEAR", None) for check in expected}


@pytest.mark.parametrize("broken", ["findings_of", "load_calibration"])
def test_judging_that_crashes_leaves_every_check_unclear(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """R22: a check that crashed is unclear, never passed."""

    def crash(*_: Any) -> Any:
        raise RuntimeError("boom")

    monkeypatch.setattr(verification, broken, crash)
    attempt = decided(processing_attempt())
    assert (attempt.verdict, attempt.reasons, attempt.session.outcome) == ("REVIEW", [Reason.CHECK_CRASHED], Outcome.REVIEW)
    assert every_check_unclear(attempt)


def test_findings_that_somebody_altered_are_never_approved() -> None:
    session = ready_session()
    session.captures.filter(kind=CaptureKind.SELFIE).update(findings_sealed=b"forged" * 20)
    attempt = decided(processing_attempt(session))
    assert attempt.verdict == "REVIEW"
    assert every_check_unclear(attempt)


def test_third_death_of_an_attempt_sends_it_to_review_with_every_check_unclear(monkeypatch: pytest.MonkeyPatch) -> None:
    """R22: fail closed, and the user is not left waiting."""
    attempt = processing_attempt()
    later = die_three_times(attempt)
    monkeypatch.setattr(verification, "findings_of", lambda captures: pytest.fail("it was judged a fourth time"))
    attempt = decided(attempt, now=later)
    assert attempt.verdict == "REVIEW"
    assert every_check_unclear(attempt)


@pytest.mark.parametrize("part", ["findings_of", "load_calibration"])
def test_database_that_goes_away_while_judging_decides_nothing(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = processing_attempt()

    def away(*_: Any) -> Any:
        raise OperationalError("terminating connection due to administrator command")

    with monkeypatch.context() as outage:
        outage.setattr(verification, part, away)
        attempt = decided(attempt)
    assert (attempt.state, attempt.tries, attempt.checks.count()) == (AttemptState.PROCESSING, 0, 0)
    assert decided(attempt, now=NOW + leases.POSTPONED).verdict == "APPROVE"


def test_database_that_goes_away_in_the_search_of_duplicates_leaves_no_check_unclear(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(**_: Any) -> Any:
        raise OperationalError("away")

    attempt = processing_attempt()
    monkeypatch.setattr(duplicates, "search", away)
    assert decided(attempt).state == AttemptState.PROCESSING


def test_second_verification_changes_nothing() -> None:
    """A task may run twice; R26: exactly one final event."""
    attempt = decided(processing_attempt())
    again = decided(attempt, now=NOW + timedelta(hours=1))
    assert (again.decided_at, again.tries, again.checks.count()) == (NOW, 1, attempt.checks.count())
    assert attempt.session.events.filter(kind=EventKind.APPROVED).count() == 1


def test_worker_that_lost_the_attempt_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fencing: its successor decided meanwhile."""
    attempt = processing_attempt()
    read = verification.findings_of

    def overtaken(captures: Any) -> Any:
        monkeypatch.setattr(verification, "findings_of", read)
        decided(attempt, now=NOW + leases.LEASE)
        return drawn.of_passport(selfie=ELSE)

    monkeypatch.setattr(verification, "findings_of", overtaken)
    with pytest.raises(lifecycle.LeaseLost):
        decided(attempt)
    attempt.refresh_from_db()
    assert (attempt.verdict, attempt.decided_at) == ("APPROVE", NOW + leases.LEASE)
    assert attempt.checks.filter(check_name=Check.FACE_MATCH).get().status == "PASSED"


def test_document_must_be_valid_on_the_day_in_the_companys_time_zone() -> None:
    """R36: at 23:00 UTC it is tomorrow in Tbilisi."""
    expires = drawn.passport(fields=drawn.fields(expiry_date=date(2026, 11, 22)))
    evening = NOW.replace(hour=23)
    verdicts = []
    for zone in ("UTC", "Asia/Tbilisi"):
        session = ready_session(company=CompanyFactory(time_zone=zone), changed={CaptureKind.DOCUMENT_FRONT: expires})
        verdicts.append(decided(processing_attempt(session), now=evening).verdict)
    assert verdicts == ["APPROVE", "DECLINE"]


def test_expected_person_is_judged() -> None:
    """R36: the person whom the company expects."""
    session = ready_session(expected_birth_date=date(1991, 4, 17))
    assert decided(processing_attempt(session)).reasons == [Reason.PERSON_DIFFERS]


@pytest.mark.parametrize(("accepted", "verdict"), [(True, "APPROVE"), (False, "DECLINE")])
def test_specimen_counts_only_where_demonstrations_are_allowed(settings: Any, accepted: bool, verdict: str) -> None:
    settings.ACCEPT_SPECIMENS = accepted
    session = ready_session(changed={CaptureKind.DOCUMENT_FRONT: drawn.passport(fields=drawn.fields(issuing_state="UTO"))})
    VerificationSession.objects.filter(pk=session.pk).update(chosen_country="UTO")
    assert decided(processing_attempt(session)).verdict == verdict
