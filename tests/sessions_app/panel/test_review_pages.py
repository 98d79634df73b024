"""R24, R26, R81: what a reviewer sees and does on the details page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from sessions_app import claims, notes, review
from sessions_app.choices import Outcome, RedoStep
from sessions_app.models import Note, Review, SessionEvent, VerificationSession
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from tests.factories import MasterFactory, UserFactory, finished_session
from tests.reviews import decide, judged, load, waiting
from tests.sessions_app.panel.conftest import logged_in

HTMX = {"HX-Request": "true"}


def address(session: VerificationSession, act: str = "") -> str:
    return f"/sessions/{session.public_id}/{act}"


def details(panel: Client, session: VerificationSession) -> str:
    return " ".join(panel.get(address(session)).content.decode().split())


def test_card_offers_everything_while_the_session_is_in_review(panel: Client, company: Company) -> None:
    session = waiting(company=company)
    page = details(panel, session)
    assert "Nobody has this session." in page
    assert all(f'data-key="{key}"' in page for key in ("a", "d", "s", "e", "]"))
    assert 'data-key="u"' not in page


@pytest.mark.parametrize("outcome", [Outcome.PENDING, Outcome.APPROVE, Outcome.DECLINE, Outcome.ABANDONED])
def test_card_is_missing_where_nobody_reviewed(panel: Client, company: Company, outcome: Outcome) -> None:
    assert "data-review" not in details(panel, finished_session(outcome, company=company))


def test_card_of_a_session_that_a_colleague_has_offers_no_decision(panel: Client, company: Company) -> None:
    session = waiting(company=company)
    claims.claim(session=session, actor=UserFactory(company=company, full_name="Diego Morales"), now=timezone.now())
    page = details(panel, session)
    assert "<strong>Diego Morales</strong> has this session until" in page
    assert 'data-key="a"' not in page
    assert "Take it over" not in page


def test_master_is_offered_to_take_over(company: Company) -> None:
    session, master = waiting(company=company), MasterFactory(company=company)
    claims.claim(session=session, actor=UserFactory(company=company), now=timezone.now())
    browser = logged_in(master)
    assert "Take it over" in details(browser, session)
    browser.post(address(session, "claim/"), {"take_over": "1"})
    assert load(session).claimed_by == master


def test_session_is_claimed_and_released_on_its_page(panel: Client, company: Company, agent: User) -> None:
    session = waiting(company=company)
    panel.post(address(session, "claim/"))
    assert load(session).claimed_by == agent
    assert "You have this session until" in details(panel, session)
    panel.post(address(session, "release/"))
    assert load(session).claimed_by is None


def test_refused_claim_names_who_has_the_session(panel: Client, company: Company) -> None:
    session = waiting(company=company)
    claims.claim(session=session, actor=UserFactory(company=company, full_name="Diego Morales"), now=timezone.now())
    assert "Diego Morales is reviewing this session now." in panel.post(address(session, "claim/"), follow=True).content.decode()


def test_sign_of_work_renews_the_claim_and_is_not_audited(panel: Client, company: Company, agent: User) -> None:
    session = waiting(company=company)
    claims.claim(session=session, actor=agent, now=timezone.now() - timedelta(minutes=10))
    answer = panel.post(address(session, "keep/"), headers=HTMX)
    assert "You have this session until" in answer.content.decode()
    assert (load(session).claimed_until or timezone.now()) > timezone.now() + timedelta(minutes=14)
    assert company.audit_events.filter(kind=AuditKind.REVIEW_CLAIMED).count() == 1


@pytest.mark.parametrize("outcome", [Outcome.REVIEW, Outcome.APPROVE, Outcome.PENDING])
def test_sign_of_work_tells_when_the_session_is_not_ones_own_any_more(panel: Client, company: Company, outcome: Outcome) -> None:
    session = finished_session(outcome, company=company)
    page = panel.post(address(session, "keep/"), headers=HTMX).content.decode()
    assert ("Nobody has this session." if outcome == Outcome.REVIEW else "not in review any more") in page


@pytest.mark.parametrize(("act", "outcome"), [("approve/", Outcome.APPROVE), ("decline/", Outcome.DECLINE)])
def test_decision_is_made_on_the_page_and_the_next_one_offered(panel: Client, company: Company, act: str, outcome: Outcome) -> None:
    session = waiting(company=company)
    given = {"reason": review.REASONS[outcome][0], "note": "Compared by telephone", "attempt": 0}
    answer = panel.post(address(session, act), given, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(address(session), 302)]
    assert load(session).outcome == outcome
    assert all(said in page for said in ("Compared by telephone", 'data-key="u"', 'data-key="]"', "Next in the queue"))


@pytest.mark.parametrize("act", ["approve/", "decline/", "redo/", "correct/"])
def test_form_is_a_page_or_a_dialog(panel: Client, company: Company, act: str) -> None:
    session = waiting(company=company)
    page, dialog = panel.get(address(session, act)), panel.get(address(session, act), headers=HTMX)
    assert "<html" in page.content.decode()
    assert "<html" not in dialog.content.decode()
    for answer in (page, dialog):
        assert f'action="{address(session, act)}"' in answer.content.decode()


@pytest.mark.parametrize("act", ["approve/", "decline/", "redo/", "correct/"])
def test_form_of_a_session_that_cannot_be_decided_says_why(panel: Client, company: Company, act: str) -> None:
    decided, held = waiting(company=company), waiting(company=company)
    colleague = UserFactory(company=company, full_name="Diego Morales")
    decide(decided, colleague, now=timezone.now())
    claims.claim(session=held, actor=colleague, now=timezone.now())
    for session, said in ((decided, "Diego Morales has approved"), (held, "Diego Morales is reviewing")):
        text = panel.get(address(session, act), headers=HTMX).content.decode()
        assert said in text
        assert "<form" not in text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"attempt": 0}, "reason"),
        ({"attempt": 0, "reason": "DOCUMENT_FORGED"}, "reason"),
        ({"attempt": 0, "reason": "OTHER"}, "note"),
        ({"attempt": 0, "reason": "OTHER", "note": " "}, "note"),
        ({"attempt": 0, "reason": "SAME_PERSON", "note": "x" * 2001}, "note"),
        ({"reason": "SAME_PERSON"}, "attempt"),
    ],
)
def test_incomplete_decision_comes_back_with_its_fault(panel: Client, company: Company, given: dict[str, Any], field: str) -> None:
    session = waiting(company=company)
    answer = panel.post(address(session, "approve/"), given)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert load(session).outcome == Outcome.REVIEW


def test_whoever_is_slower_learns_who_was_faster(panel: Client, company: Company) -> None:
    """R26."""
    session = waiting(company=company)
    decide(session, UserFactory(company=company, full_name="Diego Morales"), Outcome.DECLINE, now=timezone.now())
    page = panel.post(address(session, "approve/"), {"reason": "SAME_PERSON", "attempt": 0}, follow=True).content.decode()
    assert "Diego Morales has declined this session already. Nothing was changed." in page
    assert load(session).outcome == Outcome.DECLINE


def test_decision_on_what_a_colleague_holds_keeps_the_note(panel: Client, company: Company) -> None:
    session = waiting(company=company)
    claims.claim(session=session, actor=UserFactory(company=company, full_name="Diego Morales"), now=timezone.now())
    answer = panel.post(address(session, "approve/"), {"reason": "SAME_PERSON", "attempt": 0, "note": "Long thoughts"})
    assert answer.status_code == 422
    assert "Diego Morales is reviewing this session now." in answer.content.decode()


def test_new_pictures_are_looked_at_first(panel: Client, company: Company) -> None:
    session = waiting(company=company, result_attempt=2)
    page = panel.post(address(session, "approve/"), {"reason": "SAME_PERSON", "attempt": 1}, follow=True).content.decode()
    assert "sent new pictures since you opened this page" in page
    assert load(session).outcome == Outcome.REVIEW


def test_decision_is_undone_and_stays_visible(panel: Client, company: Company) -> None:
    session = waiting(company=company)
    panel.post(address(session, "approve/"), {"reason": "SAME_PERSON", "note": "Too fast", "attempt": 0})
    page = panel.post(address(session, "undo/"), follow=True).content.decode()
    assert load(session).outcome == Outcome.REVIEW
    assert all(said in page for said in ("The decision is undone.", "Undone by", "Too fast", 'data-key="a"'))


def test_late_undo_is_refused_in_words(panel: Client, company: Company, agent: User) -> None:
    session = waiting(company=company)
    decide(session, agent, now=timezone.now() - review.UNDO_WITHIN)
    assert 'data-key="u"' not in details(panel, session)
    assert "This decision can no longer be undone." in panel.post(address(session, "undo/"), follow=True).content.decode()
    assert load(session).outcome == Outcome.APPROVE


def test_step_asked_again_leads_to_the_link_to_send(panel: Client, company: Company) -> None:
    """R6: the same link, shown with a trace."""
    session = judged(company=company)
    answer = panel.post(address(session, "redo/"), {"step": RedoStep.SELFIE}, follow=True)
    assert answer.redirect_chain == [(address(session, "ready/"), 302)]
    assert "/v/" in answer.content.decode()
    assert "asks you to do one step of your verification once more" in answer.content.decode()
    assert load(session).is_open
    assert company.audit_events.filter(kind=AuditKind.LINK_SHOWN).count() == 1


def test_step_is_refused_in_words_when_no_attempt_is_left(panel: Client, company: Company) -> None:
    """R4."""
    session = judged(company=company, attempts=6)
    assert "used all attempts of this session" in panel.get(address(session, "redo/")).content.decode()
    page = panel.post(address(session, "redo/"), {"step": RedoStep.SELFIE}, follow=True).content.decode()
    assert "used all attempts of this session" in page
    assert load(session).outcome == Outcome.REVIEW


@pytest.mark.parametrize("step", ["", "CONSENT"])
def test_only_steps_with_pictures_are_asked_again(panel: Client, company: Company, step: str) -> None:
    session = judged(company=company)
    assert panel.post(address(session, "redo/"), {"step": step}).status_code == 422
    assert load(session).outcome == Outcome.REVIEW


def test_notes_are_added_and_listed_with_author_and_time(panel: Client, company: Company, agent: User) -> None:
    session = finished_session(Outcome.APPROVE, company=company)
    assert panel.post(address(session, "notes/"), {"text": "Called back.\n<b>twice</b>"}).headers["Location"] == address(session)
    page = details(panel, session)
    assert "Called back.<br>&lt;b&gt;twice&lt;/b&gt;" in page
    assert agent.email in page


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_note_that_says_nothing_or_too_much_comes_back(panel: Client, company: Company, text: str) -> None:
    session = waiting(company=company)
    assert panel.post(address(session, "notes/"), {"text": text}).status_code == 422
    assert not notes.of_session(session)


@pytest.mark.parametrize("outcome", [Outcome.REVIEW, Outcome.APPROVE, Outcome.PENDING])
def test_menu_of_a_row_offers_the_review_where_there_is_one(panel: Client, company: Company, outcome: Outcome) -> None:
    session = finished_session(outcome, company=company)
    menu = panel.get(address(session, "menu/")).content.decode()
    assert (address(session, "claim/") in menu) is (outcome == Outcome.REVIEW)


def test_operators_have_no_page_for_notes_and_reviews() -> None:
    """R80: they see that a session was reviewed, in its outcome, and nothing that was written."""
    assert not {Note, Review, SessionEvent} & set(admin.site._registry)


@pytest.mark.parametrize("act", ["approve/", "decline/", "undo/", "redo/", "correct/", "notes/", "claim/", "release/", "keep/"])
def test_another_company_reaches_nothing(stranger: Client, company: Company, act: str) -> None:
    """R81."""
    session = waiting(company=company)
    data = {"reason": "SAME_PERSON", "attempt": 0, "step": "SELFIE", "text": "x", "first_name": "X"}
    assert stranger.post(address(session, act), data).status_code == 404
    assert (load(session).outcome, load(session).claimed_by, Review.objects.count()) == (Outcome.REVIEW, None, 0)
