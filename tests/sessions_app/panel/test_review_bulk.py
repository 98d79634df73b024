"""R24, R81: several sessions of the queue at once, each through the same door as alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from sessions_app import claims
from sessions_app.choices import Outcome
from sessions_app.models import VerificationSession
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from tests.factories import MasterFactory, UserFactory
from tests.reviews import load, waiting
from tests.sessions_app.panel.conftest import logged_in


def ticked(*sessions: VerificationSession) -> dict[str, list[str]]:
    return {"session": [f"{session.public_id}.{session.result_attempt}" for session in sessions]}


def test_selected_sessions_are_claimed_and_released(panel: Client, company: Company, agent: User) -> None:
    sessions = [waiting(company=company) for _ in range(3)]
    page = panel.post("/review/selected/", ticked(*sessions[:2]) | {"action": "claim"}, follow=True).content.decode()
    assert "You have 2 sessions now." in page
    assert [load(session).claimed_by for session in sessions] == [agent, agent, None]
    panel.post("/review/selected/", ticked(*sessions) | {"action": "release"})
    assert [load(session).claimed_by for session in sessions] == [None] * 3


def test_selected_session_of_a_colleague_is_skipped_and_named(panel: Client, company: Company) -> None:
    free, held = waiting(company=company), waiting(company=company, first_name="NINO", last_name="BERIDZE")
    claims.claim(session=held, actor=UserFactory(company=company, full_name="Diego Morales"), now=timezone.now())
    page = panel.post("/review/selected/", ticked(free, held) | {"action": "claim"}, follow=True).content.decode()
    assert "You have 1 session now." in page
    assert "Skipped: NINO BERIDZE. Diego Morales is reviewing this session now." in page


def test_master_takes_nothing_over_in_bulk(company: Company) -> None:
    held = waiting(company=company)
    colleague = UserFactory(company=company)
    claims.claim(session=held, actor=colleague, now=timezone.now())
    logged_in(MasterFactory(company=company)).post("/review/selected/", ticked(held) | {"action": "claim"})
    assert load(held).claimed_by == colleague


def test_declining_several_asks_first_and_lists_them(panel: Client, company: Company) -> None:
    sessions = [waiting(company=company, first_name=name) for name in ("NINO", "DIEGO")]
    answer = panel.post("/review/selected/", ticked(*sessions) | {"action": "decline"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert all(said in text for said in ("Decline 2 sessions?", "NINO", "DIEGO", "The document is forged or altered"))
    assert {load(session).outcome for session in sessions} == {Outcome.REVIEW}


def test_several_are_declined_each_by_itself(panel: Client, company: Company, agent: User) -> None:
    sessions = [waiting(company=company) for _ in range(2)]
    given = ticked(*sessions) | {"action": "decline", "confirmed": "1", "reason": "DOCUMENT_FORGED", "note": "Same printer"}
    assert "2 sessions declined." in panel.post("/review/selected/", given, follow=True).content.decode()
    for session in sessions:
        assert (load(session).outcome, load(session).reasons) == (Outcome.DECLINE, ["DOCUMENT_FORGED"])
    assert company.audit_events.filter(kind=AuditKind.SESSION_REVIEWED, actor=agent).count() == 2


def test_session_that_changed_meanwhile_is_skipped_and_named(panel: Client, company: Company) -> None:
    still, decided, resent = (waiting(company=company, first_name=name) for name in ("NINO", "DIEGO", "AMARA"))
    boxes = ticked(still, decided, resent)
    logged_in(UserFactory(company=company, full_name="Diego Morales")).post(
        f"/sessions/{decided.public_id}/approve/", {"reason": "SAME_PERSON", "attempt": 0}
    )
    VerificationSession.objects.filter(pk=resent.pk).update(result_attempt=1)
    text = panel.post(
        "/review/selected/", boxes | {"action": "decline", "confirmed": "1", "reason": "DUPLICATE"}, follow=True
    ).content.decode()
    assert "1 session declined." in text
    assert "Skipped: DIEGO. Diego Morales has approved this session already." in text
    assert "Skipped: AMARA. The person has sent new pictures" in text
    assert [load(session).outcome for session in (still, decided, resent)] == [Outcome.DECLINE, Outcome.APPROVE, Outcome.REVIEW]


@pytest.mark.parametrize("given", [{}, {"reason": "OTHER"}, {"reason": "OTHER", "note": " "}, {"reason": "DOCUMENT_GENUINE"}])
def test_declining_several_needs_a_reason_that_says_something(panel: Client, company: Company, given: dict[str, str]) -> None:
    session = waiting(company=company)
    answer = panel.post("/review/selected/", ticked(session) | {"action": "decline", "confirmed": "1"} | given)
    assert answer.status_code == 422
    assert load(session).outcome == Outcome.REVIEW


@pytest.mark.parametrize("action", ["approve", "", "delete"])
def test_nothing_is_approved_in_bulk(panel: Client, company: Company, action: str) -> None:
    """An approval is given to somebody who was looked at."""
    session = waiting(company=company)
    panel.post("/review/selected/", ticked(session) | {"action": action, "confirmed": "1", "reason": "SAME_PERSON"})
    assert load(session).outcome == Outcome.REVIEW


@pytest.mark.parametrize("boxes", [[], ["nonsense"], ["00000000-0000-0000-0000-000000000000.1"]])
def test_boxes_that_name_no_session_do_nothing(panel: Client, boxes: list[str]) -> None:
    text = panel.post("/review/selected/", {"session": boxes, "action": "claim"}, follow=True).content.decode()
    assert "No session was selected." in text


def test_sessions_of_another_company_are_not_in_reach_of_boxes(stranger: Client, company: Company) -> None:
    """R81."""
    session = waiting(company=company)
    for action in ("claim", "decline"):
        stranger.post("/review/selected/", ticked(session) | {"action": action, "confirmed": "1", "reason": "DUPLICATE"})
    assert (load(session).outcome, load(session).claimed_by) == (Outcome.REVIEW, None)
