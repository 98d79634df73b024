"""R24, R26: a person decides, once, with a reason, and may take it back for a short while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sessions_app import claims, lifecycle, review
from sessions_app.choices import EventKind, Outcome, ReviewReason
from sessions_app.models import Review, VerificationSession
from settings_app import audit
from settings_app.choices import AuditKind
from tests.concurrency import race
from tests.factories import NOW, MasterFactory, finished_session
from tests.reviews import WHY, colleague, decide, fitting, load, waiting
from verifyportal import crypto

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
ENDS = (EventKind.APPROVED, EventKind.DECLINED)


def standing_ends(session: VerificationSession) -> list[str]:
    return list(session.events.filter(kind__in=ENDS, withdrawn_at=None).values_list("kind", flat=True))


@pytest.mark.parametrize(("outcome", "reason"), fitting())
def test_each_decision_ends_the_session_with_its_reason(outcome: Outcome, reason: ReviewReason) -> None:
    """R25: the code becomes the session's reason; R26: one end."""
    session = waiting()
    agent = colleague(session)
    decide(session, agent, outcome, reason=reason, note="Compared by telephone")
    stored = load(session)
    assert (stored.outcome, stored.reasons, stored.closed_at) == (outcome, [reason], NOW)
    assert standing_ends(session) == [EventKind.for_outcome(outcome)]
    assert session.events.get(kind=EventKind.for_outcome(outcome)).actor == agent


def test_decision_is_audited_with_codes_alone() -> None:
    session = waiting(first_name="NINO")
    agent = colleague(session)
    made = decide(session, agent, note="Nino herself, I know her")
    event = session.company.audit_events.get(kind=AuditKind.SESSION_REVIEWED)
    assert (event.actor, event.session_public_id) == (agent, session.public_id)
    assert event.details == {"review": made.pk, "decision": "APPROVE", "reason": made.reason}


def test_note_of_a_decision_is_sealed_and_opens_for_its_company_alone() -> None:
    session = waiting()
    made = decide(session, colleague(session), note="  Compared by telephone\n")
    assert b"telephone" not in bytes(made.note_sealed or b"")
    assert review.note_of(Review.objects.get(pk=made.pk), session.company) == "Compared by telephone"
    with pytest.raises(crypto.DoesNotOpen):
        review.note_of(made, waiting().company)


def test_sealed_note_opens_in_its_own_review_alone() -> None:
    first, second = waiting(), waiting()
    made = decide(first, colleague(first), note="Compared by telephone")
    other = decide(second, colleague(second))
    other.note_sealed = made.note_sealed
    with pytest.raises(crypto.DoesNotOpen):
        review.note_of(other, first.company)


@pytest.mark.parametrize("outcome", review.REASONS)
@pytest.mark.parametrize("note", ["", " \n"])
def test_another_reason_needs_words(outcome: Outcome, note: str) -> None:
    session = waiting()
    with pytest.raises(review.NoteMissing):
        decide(session, colleague(session), outcome, reason=ReviewReason.OTHER, note=note)
    assert load(session).outcome == Outcome.REVIEW


def test_every_reason_is_offered_for_something() -> None:
    assert {reason for reasons in review.REASONS.values() for reason in reasons} == set(ReviewReason)


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [(outcome, reason) for outcome in review.REASONS for reason in ReviewReason if reason not in review.REASONS[outcome]],
)
def test_reason_of_the_other_decision_is_refused(outcome: Outcome, reason: ReviewReason) -> None:
    session = waiting()
    with pytest.raises(review.ReasonDoesNotFit):
        decide(session, colleague(session), outcome, reason=reason)
    assert load(session).outcome == Outcome.REVIEW


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.REVIEW])
def test_only_a_session_in_review_is_decided_by_a_person(outcome: Outcome) -> None:
    """R26: what the checks decided, or a colleague before, stays."""
    session = finished_session(outcome)
    with pytest.raises(lifecycle.TransitionRefused):
        decide(session, colleague(session))
    assert load(session).outcome == outcome
    assert not session.company.audit_events.filter(kind=AuditKind.SESSION_REVIEWED).exists()


def test_pictures_that_came_after_the_page_was_opened_are_not_decided_unseen() -> None:
    session = waiting(result_attempt=2)
    with pytest.raises(review.SeenBefore):
        decide(session, colleague(session), attempt=1)
    assert load(session).outcome == Outcome.REVIEW


@pytest.mark.parametrize(("late", "held"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_live_claim_of_another_refuses_a_decision_and_names_him(late: timedelta, held: bool) -> None:
    session = waiting()
    claims.claim(session=session, actor=colleague(session, full_name="Nino Kapanadze"), now=NOW)
    moment = NOW + claims.LASTS + late
    if held:
        with pytest.raises(claims.ClaimedByAnother, match="Nino Kapanadze"):
            decide(session, colleague(session), now=moment)
    else:
        assert decide(session, colleague(session), now=moment)


def test_master_decides_what_another_holds_only_after_taking_it_over() -> None:
    session = waiting()
    master = MasterFactory(company=session.company)
    claims.claim(session=session, actor=colleague(session), now=NOW)
    with pytest.raises(claims.ClaimedByAnother):
        decide(session, master)
    claims.claim(session=session, actor=master, now=NOW, take_over=True)
    assert decide(session, master)


@pytest.mark.parametrize("outcome", review.REASONS)
def test_undone_decision_leaves_the_session_as_it_waited_before(outcome: Outcome) -> None:
    """R26: reasons and waiting time come back, and the end is withdrawn."""
    since = NOW - timedelta(hours=5)
    session = waiting(closed_at=since)
    agent = colleague(session)
    made = decide(session, agent, outcome)
    review.undo(session=session, actor=agent, now=NOW + SECOND)
    stored = load(session)
    assert (stored.outcome, stored.reasons, stored.closed_at) == (Outcome.REVIEW, WHY, since)
    assert standing_ends(session) == []
    assert session.events.get(kind__in=ENDS).withdrawn_at == NOW + SECOND
    assert session.events.get(kind=EventKind.REVIEW_UNDONE).actor == agent
    made.refresh_from_db()
    assert (made.undone_at, made.undone_by) == (NOW + SECOND, agent)
    assert session.company.audit_events.get(kind=AuditKind.REVIEW_UNDONE).details == {"review": made.pk}


def test_whoever_undoes_has_the_session() -> None:
    session = waiting()
    agent = colleague(session)
    decide(session, agent)
    review.undo(session=session, actor=agent, now=NOW)
    assert load(session).claimed_by == agent


def test_undone_session_is_decided_anew_and_has_one_standing_end() -> None:
    """R26: exactly one."""
    session = waiting()
    agent = colleague(session)
    decide(session, agent, Outcome.APPROVE)
    review.undo(session=session, actor=agent, now=NOW)
    decide(session, agent, Outcome.DECLINE)
    assert load(session).outcome == Outcome.DECLINE
    assert standing_ends(session) == [EventKind.DECLINED]
    assert session.reviews.count() == 2
    assert audit.first_broken(session.company) is None


@pytest.mark.parametrize(("late", "possible"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
@pytest.mark.parametrize("by_master", [False, True])
def test_decision_is_undone_within_fifteen_minutes(late: timedelta, possible: bool, by_master: bool) -> None:
    """R26."""
    session = waiting()
    agent = colleague(session)
    made = decide(session, agent)
    actor = MasterFactory(company=session.company) if by_master else agent
    moment = NOW + review.UNDO_WITHIN + late
    assert review.may_undo(made, actor=actor, now=moment) is possible
    if possible:
        review.undo(session=session, actor=actor, now=moment)
    else:
        with pytest.raises(review.UndoRefused):
            review.undo(session=session, actor=actor, now=moment)
    assert load(session).outcome == (Outcome.REVIEW if possible else Outcome.APPROVE)


def test_another_agent_undoes_nothing() -> None:
    session = waiting()
    decide(session, colleague(session))
    with pytest.raises(review.UndoRefused):
        review.undo(session=session, actor=colleague(session), now=NOW)


@pytest.mark.parametrize("outcome", Outcome)
def test_what_the_checks_decided_is_never_undone(outcome: Outcome) -> None:
    """R26: not even by a master."""
    session = finished_session(outcome)
    with pytest.raises(review.UndoRefused):
        review.undo(session=session, actor=MasterFactory(company=session.company), now=NOW)
    assert load(session).outcome == outcome


def test_decision_is_undone_once() -> None:
    session = waiting()
    agent = colleague(session)
    decide(session, agent)
    review.undo(session=session, actor=agent, now=NOW)
    with pytest.raises(review.UndoRefused):
        review.undo(session=session, actor=agent, now=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(2))
def test_two_who_decide_at_once_have_one_winner(turn: int) -> None:
    session = waiting()
    first, second = colleague(session), colleague(session)
    answers = race(lambda: decide(session, first, Outcome.APPROVE), lambda: decide(session, second, Outcome.DECLINE))
    assert sorted(type(answer).__name__ for answer in answers) == ["Review", "TransitionRefused"]
    winner: Any = next(answer for answer in answers if isinstance(answer, Review))
    assert load(session).outcome == winner.outcome
    assert len(standing_ends(session)) == 1
    assert session.company.audit_events.filter(kind=AuditKind.SESSION_REVIEWED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_decision_undone_twice_at_once_is_undone_once() -> None:
    session = waiting()
    agent, master = colleague(session), MasterFactory(company=session.company)
    decide(session, agent)
    answers = race(*[lambda actor=actor: review.undo(session=session, actor=actor, now=NOW) for actor in (agent, master)])
    assert sorted(type(answer).__name__ for answer in answers) == ["Review", "UndoRefused"]
    assert session.events.filter(kind=EventKind.REVIEW_UNDONE).count() == 1
