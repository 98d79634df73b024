"""R70: every attempt of a session, which of them is opened, and what comes first in it."""

from __future__ import annotations

from django.test import Client

from sessions_app import erasure
from sessions_app.choices import CaptureKind
from sessions_app.models import VerificationSession
from sessions_app.panel.attempts import Try
from settings_app.models import Company, User
from tests import findings as given
from tests.captures import processing_attempt
from tests.factories import NOW, checked_session, decide_attempt, store_inspected

FLAT = given.of_passport(liveness=given.liveness(liveness=given.measure(0.1)))


def tries(panel: Client, session: VerificationSession) -> list[Try]:
    made: list[Try] = panel.get(f"/sessions/{session.public_id}/").context["tries"]
    return made


def twice_tried(company: Company) -> VerificationSession:
    """The face moved like a flat picture at first, then well."""
    session = checked_session(FLAT, company=company)
    store_inspected(session, CaptureKind.SELFIE, given.selfie())
    store_inspected(session, CaptureKind.LIVENESS, given.liveness())
    decide_attempt(session, session.captures.filter(replaced_at=None), given.of_passport())
    return session


def test_earlier_attempt_shows_evidence_on_its_own_picture(panel: Client, company: Company) -> None:
    first, second = tries(panel, twice_tried(company))
    evidence = [card.evidence for made in (first, second) for card in made.cards if card.check == "LIVENESS"]
    assert [photo.anchor.partition("-")[0] for photo in evidence if photo] == ["attempt", "photo"]


def test_failed_checks_come_first(panel: Client, company: Company) -> None:
    [made] = tries(panel, checked_session(FLAT, company=company))
    assert made.cards[0].check == "LIVENESS"


def test_attempt_that_gave_the_result_is_opened(panel: Client, company: Company) -> None:
    session = twice_tried(company)
    response = panel.get(f"/sessions/{session.public_id}/")
    assert response.context["chosen"].attempt.number == 2
    assert [made.gave_the_result for made in response.context["tries"]] == [False, True]


def test_latest_decided_attempt_is_opened_while_the_next_is_being_checked(panel: Client, company: Company) -> None:
    session = checked_session(FLAT, company=company)
    processing_attempt(session)
    assert panel.get(f"/sessions/{session.public_id}/").context["chosen"].attempt.number == 1


def test_attempt_whose_pictures_are_erased_says_so(panel: Client, company: Company, agent: User) -> None:
    session = checked_session(company=company)
    erasure.erase_pictures(session=session, actor=agent, now=NOW)
    page = panel.get(f"/sessions/{session.public_id}/").content.decode()
    assert "The pictures of this attempt were erased." in page
    assert "Show on the picture" not in page
