"""R24, R4, R5: a reviewer asks for one step again; the link leads exactly there, and the old attempt keeps what it had."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from checks_app.decision import Decision, Verdict
from sessions_app import answers, claims, creation, erasure, leases, lifecycle, review, steps, sweeps
from sessions_app.choices import CaptureKind, EventKind, Outcome, RedoStep
from sessions_app.models import Attempt
from sessions_app.steps import Step
from settings_app.choices import AuditKind, DocumentChoice
from tests.captures import CLIENT
from tests.concurrency import race
from tests.factories import NOW, CompanyFactory, UserFactory, finished_session
from tests.reviews import colleague, decide, judged, load
from tests.sessions_app.flow.visitor import Visitor, inspected, sent_to_review

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
LANDS_AT = {RedoStep.DOCUMENT: Step.DOCUMENT_FRONT, RedoStep.SELFIE: Step.SELFIE, RedoStep.LIVENESS: Step.LIVENESS}
HEADINGS = {RedoStep.DOCUMENT: "Front of your card", RedoStep.SELFIE: "Take a selfie", RedoStep.LIVENESS: "Show that it is you"}
LEFT = {
    RedoStep.DOCUMENT: {CaptureKind.SELFIE, CaptureKind.LIVENESS},
    RedoStep.SELFIE: {CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK, CaptureKind.LIVENESS},
    RedoStep.LIVENESS: {CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK, CaptureKind.SELFIE},
}


@pytest.mark.parametrize("step", RedoStep)
def test_session_is_open_again_at_that_step_alone(step: RedoStep) -> None:
    """R5: nothing else is asked twice."""
    session = judged(DocumentChoice.ID_CARD)
    agent = colleague(session)
    claims.claim(session=session, actor=agent, now=NOW)
    review.ask_again(session=session, step=step, actor=agent, now=NOW)
    stored = load(session)
    assert (stored.outcome, stored.closed_at, stored.reasons, stored.claimed_by) == (Outcome.PENDING, None, [], None)
    assert steps.step_of(stored) == LANDS_AT[step]
    assert set(session.captures.current().values_list("kind", flat=True)) == LEFT[step]


def test_old_attempt_keeps_its_pictures() -> None:
    session = judged()
    before = set(session.attempts.get().captures.all())
    review.ask_again(session=session, step=RedoStep.SELFIE, actor=colleague(session), now=NOW)
    assert set(session.attempts.get().captures.all()) == before
    assert session.captures.count() == len(before)


def test_asking_leaves_its_traces() -> None:
    session = judged()
    agent = colleague(session)
    review.ask_again(session=session, step=RedoStep.LIVENESS, actor=agent, now=NOW)
    event = session.events.get(kind=EventKind.REDO_ASKED)
    assert (event.actor, event.details) == (agent, {"step": "LIVENESS"})
    trail = session.company.audit_events.get(kind=AuditKind.REDO_ASKED)
    assert (trail.actor, trail.session_public_id, trail.details) == (agent, session.public_id, {"step": "LIVENESS"})


@pytest.mark.parametrize(("days_later", "expires_after"), [(0, 7), (3, 10), (30, 37)])
def test_link_is_valid_for_the_companys_days_once_more(days_later: int, expires_after: int) -> None:
    """R3: also when it had expired; never shorter than before."""
    session = judged()
    moment = NOW + timedelta(days=days_later)
    review.ask_again(session=session, step=RedoStep.SELFIE, actor=colleague(session), now=moment)
    stored = load(session)
    assert stored.expires_at == NOW + timedelta(days=expires_after)
    assert stored.link_works(moment + timedelta(days=7) - SECOND)
    assert not stored.link_works(stored.expires_at)


def test_link_that_lasts_longer_is_not_cut_short() -> None:
    session = judged(company=CompanyFactory(link_days=30))
    session.company.link_days = 1
    session.company.save()
    review.ask_again(session=session, step=RedoStep.SELFIE, actor=colleague(session), now=NOW)
    assert load(session).expires_at == NOW + timedelta(days=30)


@pytest.mark.parametrize(("attempts", "possible"), [(5, True), (6, False)])
def test_nothing_is_asked_when_no_attempt_is_left(attempts: int, possible: bool) -> None:
    """R4: never more than six attempts, whoever asks."""
    session = judged(attempts=attempts)
    if possible:
        review.ask_again(session=session, step=RedoStep.SELFIE, actor=colleague(session), now=NOW)
        assert load(session).is_open
    else:
        with pytest.raises(review.NoAttemptLeft):
            review.ask_again(session=session, step=RedoStep.SELFIE, actor=colleague(session), now=NOW)
        assert load(session).outcome == Outcome.REVIEW
        assert session.captures.current().count() == 3


def test_step_is_not_asked_again_beside_pictures_that_are_erased() -> None:
    """Approved, erased, and the approval undone: one picture alone makes no attempt."""
    session = judged()
    agent = colleague(session)
    decide(session, agent)
    erasure.erase_pictures(session=session, actor=agent, now=NOW)
    review.undo(session=session, actor=agent, now=NOW)
    with pytest.raises(review.PicturesErased):
        review.ask_again(session=session, step=RedoStep.SELFIE, actor=agent, now=NOW)
    assert load(session).outcome == Outcome.REVIEW


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.REVIEW])
def test_only_a_session_in_review_is_opened_again(outcome: Outcome) -> None:
    """R26."""
    session = finished_session(outcome)
    with pytest.raises(lifecycle.TransitionRefused):
        review.ask_again(session=session, step=RedoStep.SELFIE, actor=colleague(session), now=NOW)
    assert load(session).outcome == outcome


def test_live_claim_of_another_refuses_to_ask() -> None:
    session = judged()
    claims.claim(session=session, actor=colleague(session), now=NOW)
    with pytest.raises(claims.ClaimedByAnother):
        review.ask_again(session=session, step=RedoStep.SELFIE, actor=colleague(session), now=NOW)
    assert session.captures.current().count() == 3


@pytest.mark.parametrize(("late", "closed"), [(-SECOND, 0), (timedelta(0), 1)])
def test_person_who_does_not_come_back_is_abandoned_when_the_link_expires(late: timedelta, closed: int) -> None:
    """R23."""
    session = judged()
    moment = NOW + timedelta(days=20)
    review.ask_again(session=session, step=RedoStep.SELFIE, actor=colleague(session), now=moment)
    assert sweeps.close_overdue_sessions(now=moment + timedelta(days=7) + late) == closed
    assert load(session).outcome == (Outcome.ABANDONED if closed else Outcome.PENDING)


def test_inactivity_counts_from_the_moment_when_the_person_is_back() -> None:
    """R23: what lies before the asking does not count, and nobody is idle who has not read the mail yet."""
    session = judged(company=CompanyFactory(inactivity_minutes=30))
    moment = NOW + timedelta(hours=5)
    review.ask_again(session=session, step=RedoStep.SELFIE, actor=colleague(session), now=moment)
    assert sweeps.close_overdue_sessions(now=moment + timedelta(hours=2)) == 0
    answers.open_link(session=session, client=CLIENT, now=moment + timedelta(hours=3))
    assert sweeps.close_overdue_sessions(now=moment + timedelta(hours=3, minutes=30) - SECOND) == 0
    assert sweeps.close_overdue_sessions(now=moment + timedelta(hours=3, minutes=30)) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(2))
def test_asking_and_deciding_at_once_have_one_winner(turn: int) -> None:
    session = judged()
    first, second = colleague(session), colleague(session)
    race(
        lambda: review.ask_again(session=session, step=RedoStep.SELFIE, actor=first, now=NOW),
        lambda: decide(session, second),
    )
    if load(session).outcome == Outcome.PENDING:
        assert not session.reviews.exists()
    else:
        assert (load(session).outcome, session.captures.current().count()) == (Outcome.APPROVE, 3)


@pytest.mark.parametrize("step", RedoStep)
def test_the_same_link_opens_exactly_that_step_in_any_browser(step: RedoStep) -> None:
    """R5, R6."""
    visitor = sent_to_review(Visitor())
    agent = UserFactory(company=visitor.session.company)
    assert visitor.step is Step.DONE
    review.ask_again(session=visitor.session, step=step, actor=agent, now=timezone.now())
    link = creation.reveal_link(session=visitor.fresh(), actor=agent, now=timezone.now())
    assert link.endswith(visitor.link)
    visitor.client = Client()
    page = visitor.client.get(visitor.link, follow=True).content.decode()
    assert HEADINGS[step] in page
    assert "Please do this step once more. Everything else is saved." in page


def test_person_does_the_step_and_submits_a_second_attempt() -> None:
    """R4, R5: through the pages, from the link to the checks."""
    visitor = sent_to_review(Visitor())
    review.ask_again(session=visitor.session, step=RedoStep.SELFIE, actor=UserFactory(company=visitor.session.company), now=timezone.now())
    visitor.client = Client()
    visitor.client.get(visitor.link, follow=True)
    assert visitor.send(CaptureKind.SELFIE).status_code == 201
    inspected(visitor.session.captures.current().get(kind=CaptureKind.SELFIE))
    assert visitor.step is Step.OVERVIEW
    visitor.post("submit")
    assert steps.step_of(visitor.fresh()) == Step.CHECKING
    first, second = Attempt.objects.filter(session=visitor.session).order_by("number")
    shared = set(first.captures.all()) & set(second.captures.all())
    assert {capture.kind for capture in shared} == {CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK, CaptureKind.LIVENESS}
    leases.claim(second, now=timezone.now())
    lifecycle.record_decision(attempt=second, results=(), decision=Decision(Verdict.APPROVE), columns={}, now=timezone.now())
    assert visitor.fresh().outcome == Outcome.APPROVE
    assert visitor.session.result_attempt == 2
