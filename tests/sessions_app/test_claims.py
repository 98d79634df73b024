"""R24: who works on which review; one person at a time, and nobody for ever."""

from __future__ import annotations

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import transaction

from sessions_app import claims, lifecycle
from sessions_app.choices import Outcome
from sessions_app.models import VerificationSession
from settings_app import people
from settings_app.choices import AuditKind
from tests.concurrency import finish_connection, race
from tests.factories import NOW, CompanyFactory, MasterFactory, UserFactory, finished_session
from tests.reviews import colleague, load, waiting

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def audited(session: VerificationSession, kind: AuditKind = AuditKind.REVIEW_CLAIMED) -> int:
    return session.company.audit_events.filter(kind=kind, session_public_id=session.public_id).count()


def test_claim_holds_for_fifteen_minutes_and_is_audited() -> None:
    session = waiting()
    agent = colleague(session)
    claims.claim(session=session, actor=agent, now=NOW)
    stored = load(session)
    assert (stored.claimed_by, stored.claimed_until) == (agent, NOW + timedelta(minutes=15))
    assert session.company.audit_events.get(kind=AuditKind.REVIEW_CLAIMED).actor == agent


@pytest.mark.parametrize(("late", "held"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_claim_of_another_holds_until_its_last_moment(late: timedelta, held: bool) -> None:
    """An expired claim counts as none."""
    session = waiting()
    claims.claim(session=session, actor=colleague(session, full_name="Nino Kapanadze"), now=NOW)
    moment, second = NOW + claims.LASTS + late, colleague(session)
    if held:
        with pytest.raises(claims.ClaimedByAnother, match="Nino Kapanadze"):
            claims.claim(session=session, actor=second, now=moment)
    else:
        claims.claim(session=session, actor=second, now=moment)
        assert load(session).claimed_by == second


@pytest.mark.parametrize(("late", "renewed"), [(-SECOND, True), (timedelta(0), False), (SECOND, False)])
def test_live_claim_is_renewed_while_its_holder_works(late: timedelta, renewed: bool) -> None:
    session = waiting()
    agent = colleague(session)
    claims.claim(session=session, actor=agent, now=NOW)
    moment = NOW + claims.LASTS + late
    assert claims.renew(session=session, actor=agent, now=moment) is renewed
    assert load(session).claimed_until == (moment + claims.LASTS if renewed else NOW + claims.LASTS)
    assert audited(session) == 1


def test_claim_is_renewed_by_its_holder_alone() -> None:
    session = waiting()
    claims.claim(session=session, actor=colleague(session), now=NOW)
    assert not claims.renew(session=session, actor=colleague(session), now=NOW + SECOND)


def test_claiming_again_lasts_longer_and_leaves_no_second_trace() -> None:
    session = waiting()
    agent = colleague(session)
    for moment in (NOW, NOW + SECOND):
        claims.claim(session=session, actor=agent, now=moment)
    assert load(session).claimed_until == NOW + SECOND + claims.LASTS
    assert audited(session) == 1


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.REVIEW])
def test_only_sessions_in_review_are_claimed(outcome: Outcome) -> None:
    session = finished_session(outcome)
    with pytest.raises(claims.NotInReview):
        claims.claim(session=session, actor=colleague(session), now=NOW)
    assert not audited(session)


def test_master_takes_over_what_an_agent_holds() -> None:
    session = waiting()
    agent, master = colleague(session), MasterFactory(company=session.company)
    claims.claim(session=session, actor=agent, now=NOW)
    claims.claim(session=session, actor=master, now=NOW, take_over=True)
    assert load(session).claimed_by == master
    assert session.company.audit_events.get(kind=AuditKind.REVIEW_CLAIMED, actor=master).details == {"taken_from": agent.pk}


@pytest.mark.parametrize(("is_master", "take_over"), [(True, False), (False, True)])
def test_nothing_is_taken_over_by_accident_or_by_agents(is_master: bool, take_over: bool) -> None:
    session = waiting()
    first = colleague(session)
    claims.claim(session=session, actor=first, now=NOW)
    second = (MasterFactory if is_master else UserFactory)(company=session.company)
    with pytest.raises(claims.ClaimedByAnother):
        claims.claim(session=session, actor=second, now=NOW, take_over=take_over)
    assert load(session).claimed_by == first


def test_released_session_is_free_and_the_release_is_audited() -> None:
    session = waiting()
    agent = colleague(session)
    claims.claim(session=session, actor=agent, now=NOW)
    assert claims.release(session=session, actor=agent, now=NOW)
    assert not claims.release(session=session, actor=agent, now=NOW)
    assert (load(session).claimed_by, load(session).claimed_until) == (None, None)
    assert audited(session, AuditKind.REVIEW_RELEASED) == 1


def test_claim_of_another_is_released_by_a_master_and_by_no_agent() -> None:
    session = waiting()
    agent, master = colleague(session), MasterFactory(company=session.company)
    claims.claim(session=session, actor=agent, now=NOW)
    with pytest.raises(claims.ClaimedByAnother):
        claims.release(session=session, actor=colleague(session), now=NOW)
    assert claims.release(session=session, actor=master, now=NOW)
    assert session.company.audit_events.get(kind=AuditKind.REVIEW_RELEASED).details == {"taken_from": agent.pk}


def test_next_is_the_one_that_has_waited_longest_in_ones_own_company() -> None:
    """R81: another company's queue does not exist."""
    company = CompanyFactory()
    newer = waiting(company=company, closed_at=NOW)
    older = waiting(company=company, closed_at=NOW - timedelta(hours=2))
    waiting(closed_at=NOW - timedelta(days=9))
    agent = UserFactory(company=company)
    taken = [claims.claim_next(company=company, actor=agent, now=NOW) for _ in range(3)]
    assert taken == [older, newer, None]
    assert audited(older) == audited(newer) == 1


@pytest.mark.parametrize(("late", "taken"), [(-SECOND, False), (timedelta(0), True)])
def test_next_passes_over_what_somebody_holds(late: timedelta, taken: bool) -> None:
    session = waiting()
    claims.claim(session=session, actor=colleague(session), now=NOW)
    found = claims.claim_next(company=session.company, actor=colleague(session), now=NOW + claims.LASTS + late)
    assert (found is not None) is taken


def test_a_master_takes_the_next_unclaimed_one_like_everybody() -> None:
    session = waiting()
    claims.claim(session=session, actor=colleague(session), now=NOW)
    assert claims.claim_next(company=session.company, actor=MasterFactory(company=session.company), now=NOW) is None


def held_by_somebody_deactivated() -> VerificationSession:
    """A session whose claim would still last."""
    session = waiting()
    agent = colleague(session)
    claims.claim(session=session, actor=agent, now=NOW)
    people.deactivate(person=agent, actor=MasterFactory(company=session.company), now=NOW)
    return load(session)


def test_claim_of_somebody_deactivated_is_none() -> None:
    session = held_by_somebody_deactivated()
    assert claims.holder_of(session, now=NOW) is None


def test_what_somebody_deactivated_held_is_free_for_an_agent_at_once() -> None:
    session = held_by_somebody_deactivated()
    second = colleague(session)
    claims.claim(session=session, actor=second, now=NOW)
    assert load(session).claimed_by == second


def test_next_takes_what_somebody_deactivated_held() -> None:
    session = held_by_somebody_deactivated()
    assert claims.claim_next(company=session.company, actor=colleague(session), now=NOW) == session


def test_decision_ends_the_claim() -> None:
    session = waiting()
    claims.claim(session=session, actor=colleague(session), now=NOW)
    lifecycle._move(load(session), Outcome.APPROVE, now=NOW)
    assert load(session).claimed_by is None


@pytest.mark.django_db(transaction=True)
def test_agents_who_start_at_the_same_moment_get_different_sessions() -> None:
    company = CompanyFactory()
    for minutes in range(4):
        waiting(company=company, closed_at=NOW + timedelta(minutes=minutes))
    agents = [UserFactory(company=company) for _ in range(4)]
    taken = race(*[lambda agent=agent: claims.claim_next(company=company, actor=agent, now=NOW) for agent in agents])
    assert len({session.pk for session in taken}) == 4
    assert company.sessions.filter(claimed_by=None).count() == 0


@pytest.mark.django_db(transaction=True)
def test_next_waits_for_nobody_who_is_at_a_session_right_now() -> None:
    """SKIP LOCKED: a session that is being written to is passed over."""
    company = CompanyFactory()
    older, newer = waiting(company=company, closed_at=NOW - timedelta(hours=1)), waiting(company=company)
    locked, done = Event(), Event()

    def hold() -> None:
        with finish_connection(), transaction.atomic():
            lifecycle.lock(older.pk)
            locked.set()
            done.wait(10)

    holder = Thread(target=hold)
    holder.start()
    try:
        assert locked.wait(10)
        assert claims.claim_next(company=company, actor=UserFactory(company=company), now=NOW) == newer
    finally:
        done.set()
        holder.join()


@pytest.mark.django_db(transaction=True)
def test_one_of_many_who_claim_the_same_session_gets_it() -> None:
    session = waiting()
    agents = [colleague(session) for _ in range(4)]
    answers = race(*[lambda agent=agent: claims.claim(session=session, actor=agent, now=NOW) for agent in agents])
    assert [type(answer) for answer in answers].count(claims.ClaimedByAnother) == 3
    assert audited(session) == 1
