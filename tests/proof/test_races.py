"""Two at the same moment, 500 times each: one winner, the other is told, and nothing is left half done."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from sessions_app import answers, claims, lifecycle, review, submission, sweeps, transfers, verification
from sessions_app.choices import AttemptState, CaptureKind, CaptureSource, Outcome
from sessions_app.models import Attempt, Capture, Review, SweepRun, Transfer, VerificationSession
from settings_app.models import User
from tests import findings as drawn
from tests.captures import CLIENT, answered_session, processing_attempt, ready_session
from tests.factories import NOW, CompanyFactory, MasterFactory, SessionFactory, UserFactory
from tests.proof.ring import ROUNDS, Side, meet
from tests.reviews import decide, judged

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("without_files", "quick_checks")]

SECOND = timedelta(seconds=1)
_keys = count(1)


@pytest.fixture
def quick_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every picture is good, and is not opened to see it."""
    monkeypatch.setattr(verification, "findings_of", lambda captures: drawn.of_passport())
    monkeypatch.setattr(verification, "load_calibration", lambda *_: drawn.CALIBRATION)


def fresh(session: VerificationSession) -> VerificationSession:
    """As a request finds it."""
    return VerificationSession.objects.select_related("company").get(pk=session.pk)


def submits(key: str = "", *, early: timedelta | None = None) -> Side:
    """early: so long before the link expires; None: at once."""

    def act(session: VerificationSession) -> Attempt:
        now = NOW if early is None else session.expires_at - early
        return submission.submit_attempt(session=fresh(session), submit_key=key, now=now)

    return act


def sends(key: str, *, via: bool = False, early: timedelta | None = None) -> Side:
    def act(session: VerificationSession) -> Capture:
        return submission.store_capture(
            session=fresh(session),
            kind=CaptureKind.DOCUMENT_FRONT,
            source=CaptureSource.CAMERA,
            upload_key=key,
            uploads=[submission.Upload(b"")],
            now=NOW if early is None else session.expires_at - early,
            via=Transfer.objects.get(session=session) if via else None,
        )

    return act


def sweeps_at_its_end(session: VerificationSession) -> int:
    return sweeps.close_overdue_sessions(now=session.expires_at)


def connects(key: str) -> Side:
    def act(session: VerificationSession) -> Transfer:
        return transfers.connect(code=session.transfer_codes.get(), phone_key=key, client=CLIENT, now=NOW)[0]

    return act


def decides(actor: User, outcome: Outcome) -> Side:
    return lambda session: decide(fresh(session), actor, outcome)


def with_code() -> VerificationSession:
    session = answered_session()
    transfers.issue_code(session=session, now=NOW)
    return session


def on_a_phone() -> VerificationSession:
    session = with_code()
    connects("phone")(session)
    return session


def a_working_attempt() -> Attempt:
    return processing_attempt(ready_session(company=CompanyFactory(duplicate_faces=False)))


def test_submitting_twice_at_once_is_one_attempt() -> None:
    """R4: an impatient finger (the same key), or two tabs (another one), cost no retry."""
    met = meet(ready_session(), submits("key"), lambda session: submits("key" if session.pk % 2 else "other")(session))
    met.each(lambda session, one, other: one.pk == other.pk)
    met.count_each("attempts", 1)


def test_same_upload_twice_at_once_is_one_picture() -> None:
    """R4: a browser that lost the line sends again while the first try still runs."""
    met = meet(answered_session(), sends("key"), sends("key"))
    met.each(lambda session, one, other: one.pk == other.pk)
    met.count_each("captures", 1)


def test_two_uploads_of_one_kind_at_once_leave_one_that_counts() -> None:
    """R5: both are kept, the later one is current."""
    met = meet(answered_session(), sends("one"), sends("other"))
    met.count_each("captures", 2)
    met.count_each("captures", 1, replaced_at=None)


def test_phone_that_connects_while_the_desktop_sends_leaves_one_hand() -> None:
    """R11, R12: the picture came before the phone, or the desktop is told; the phone is connected either way."""
    met = meet(with_code(), sends("key"), connects("phone"), refusals=(transfers.UsedElsewhere,))
    met.count_each("transfers", 1, ended_at=None)
    stored = met.wins(Capture)[0]
    assert Capture.objects.filter(session__in=met.sessions).count() == stored


def test_of_phone_and_desktop_that_send_at_once_the_phone_wins() -> None:
    """R11: who has the session acts, the other is told."""
    met = meet(on_a_phone(), sends("phone", via=True), sends("desktop"), refusals=(transfers.UsedElsewhere,))
    assert met.wins(Capture) == [ROUNDS, 0]
    met.count_each("captures", 1)


def test_of_two_phones_that_connect_at_once_one_is_connected() -> None:
    """R11: one winner; the other is told, and so is the desktop."""
    met = meet(with_code(), connects("one"), connects("other"), refusals=(transfers.AnotherPhone,))
    assert sum(met.wins(Transfer)) == ROUNDS
    met.count_each("transfers", 1)
    met.count_each("transfers", 1, rivals=1)


def test_session_taken_back_while_the_phone_sends_is_in_one_hand() -> None:
    """R14: the picture came before, or the phone is told; nothing is lost, and the desktop has the session."""
    met = meet(
        on_a_phone(),
        lambda session: transfers.take_back(session=session, now=NOW),
        sends("phone", via=True),
        refusals=(transfers.UsedElsewhere,),
    )
    met.count_each("transfers", 1, end="TAKEN_BACK")
    assert Capture.objects.filter(session__in=met.sessions).count() == met.wins(Capture)[1]


def no_sweep_stumbled() -> bool:
    return not SweepRun.objects.exclude(failure="").exists()


def test_submitting_in_the_moment_of_expiry_has_one_winner() -> None:
    """R23: it is being checked and stays open, or it is abandoned and nothing was submitted."""
    met = meet(ready_session(), submits(early=SECOND), sweeps_at_its_end, refusals=(lifecycle.SessionClosed,))

    met.each(lambda session, won, _: session.outcome == (Outcome.PENDING if isinstance(won, Attempt) else Outcome.ABANDONED))
    assert Attempt.objects.filter(session__in=met.sessions).count() == met.wins(Attempt)[0]
    assert no_sweep_stumbled()


def test_sending_in_the_moment_of_expiry_stores_a_picture_or_says_why_not() -> None:
    """R3, R23: the sweep closes it before or after, or leaves it to the next one."""
    met = meet(answered_session(), sends("key", early=SECOND), sweeps_at_its_end, refusals=(lifecycle.SessionClosed,))
    met.each(lambda session, sent, _: isinstance(sent, Capture) or session.outcome == Outcome.ABANDONED)
    assert Capture.objects.filter(session__in=met.sessions).count() == met.wins(Capture)[0]
    assert no_sweep_stumbled()


def test_opening_in_the_moment_of_expiry_is_told_apart_from_never() -> None:
    """R8: opened at the last second is ABANDONED, else EXPIRED."""

    def opens(session: VerificationSession) -> None:
        answers.open_link(session=session, client=CLIENT, now=session.expires_at - SECOND)

    met = meet(SessionFactory(), opens, sweeps_at_its_end, refusals=(lifecycle.SessionClosed,))

    def told(session: VerificationSession, opened: Any, _: int) -> bool:
        ends = (Outcome.PENDING, Outcome.ABANDONED) if opened is None else (Outcome.EXPIRED,)
        return (session.opened_at is not None) is (opened is None) and session.outcome in ends

    met.each(told)
    assert no_sweep_stumbled()


def test_of_two_sweeps_at_once_one_closes() -> None:
    """R23"""
    met = meet(answered_session(), sweeps_at_its_end, sweeps_at_its_end)
    met.each(lambda session, one, other: one + other == 1 and session.outcome == Outcome.ABANDONED)
    assert no_sweep_stumbled()


def test_of_two_reviews_at_once_one_stands() -> None:
    """R24, R26"""
    session = judged()
    company = session.company
    sides = [decides(UserFactory(company=company), outcome) for outcome in (Outcome.APPROVE, Outcome.DECLINE)]
    met = meet(session, *sides, refusals=(lifecycle.TransitionRefused,))
    met.each(lambda session, one, other: [session.outcome] == [done.outcome for done in (one, other) if isinstance(done, Review)])
    met.count_each("reviews", 1)


def test_of_two_claims_at_once_one_holds() -> None:
    """R24"""
    session = judged()
    agents = [UserFactory(company=session.company) for _ in range(2)]
    sides = [lambda session, agent=agent: claims.claim(session=session, actor=agent, now=NOW) for agent in agents]
    met = meet(session, *sides, refusals=(claims.ClaimedByAnother,))
    met.each(lambda session, *told: [session.claimed_by_id] == [agent.pk for agent, no in zip(agents, told, strict=True) if no is None])


def test_undoing_twice_at_once_undoes_once() -> None:
    """R26"""
    session = judged()
    agent, master = UserFactory(company=session.company), MasterFactory(company=session.company)
    decide(session, agent)
    sides = [lambda session, actor=actor: review.undo(session=session, actor=actor, now=NOW) for actor in (agent, master)]
    met = meet(session, *sides, refusals=(review.UndoRefused,))
    assert sum(met.wins(Review)) == ROUNDS
    met.each(lambda session, *_: session.outcome == Outcome.REVIEW)


def test_undo_against_a_new_decision_leaves_one_that_stands_or_none() -> None:
    """R26: decided anew after the undo, or refused before it."""
    session = judged()
    agent = UserFactory(company=session.company)
    decide(session, agent)

    def undoes(session: VerificationSession) -> Review:
        return review.undo(session=session, actor=agent, now=NOW)

    met = meet(session, undoes, decides(agent, Outcome.DECLINE), refusals=(lifecycle.TransitionRefused,))
    met.each(lambda session, undone, new: session.outcome == (Outcome.DECLINE if isinstance(new, Review) else Outcome.REVIEW))


def test_cancelling_in_the_moment_of_the_decision_has_one_winner() -> None:
    """R26: the results of the checks are kept with the attempt either way."""
    attempt = a_working_attempt()
    agent = UserFactory(company=attempt.session.company)
    met = meet(
        attempt.session,
        verifies,
        lambda session: lifecycle.cancel(session=fresh(session), actor=agent, now=NOW),
        refusals=(lifecycle.TransitionRefused,),
    )

    def told(session: VerificationSession, _: Any, cancelled: Any) -> bool:
        return session.outcome == (Outcome.CANCELLED if cancelled is None else Outcome.APPROVE)

    met.each(told)
    met.count_each("attempts", 1, state=AttemptState.DECIDED)


def verifies(session: VerificationSession) -> None:
    verification.verify(attempt=Attempt.objects.select_related("session__company").get(session=session), now=NOW)


def test_of_two_workers_with_one_attempt_one_decides() -> None:
    """R26: a task may be delivered twice."""
    attempt = a_working_attempt()
    met = meet(attempt.session, verifies, verifies)
    met.each(lambda session, *_: session.outcome == Outcome.APPROVE)
    met.count_each("attempts", 1, tries=1)
