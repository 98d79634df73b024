"""R34: the server draws the challenge at random; it is answered once and within its time."""

from datetime import timedelta

import pytest

from sessions_app import challenges, lifecycle
from sessions_app.choices import CaptureKind
from tests.captures import add_capture, answered_session
from tests.factories import NOW, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_each_challenge_is_new() -> None:
    session = SessionFactory()
    drawn = [challenges.issue(session=session, now=NOW) for _ in range(40)]
    assert len({challenge.nonce for challenge in drawn}) == 40
    assert len({tuple(challenge.moves) for challenge in drawn}) > 1
    assert {move for challenge in drawn for move in challenge.moves} == {"LEFT", "RIGHT"}


@pytest.mark.parametrize(("late", "valid"), [(-1, True), (0, False), (1, False)])
def test_challenge_is_valid_for_exactly_its_time(late: int, valid: bool) -> None:
    session = SessionFactory()
    challenge = challenges.issue(session=session, now=NOW)
    moment = NOW + challenges.ANSWER_WITHIN + timedelta(seconds=late)
    if valid:
        assert challenges.find_valid(session=session, nonce=challenge.nonce, now=moment) == challenge
    else:
        with pytest.raises(challenges.ChallengeNotValid):
            challenges.find_valid(session=session, nonce=challenge.nonce, now=moment)


def test_answered_challenge_is_not_valid_again() -> None:
    session = answered_session()
    capture = add_capture(session, CaptureKind.LIVENESS)
    assert capture.challenge is not None
    with pytest.raises(challenges.ChallengeNotValid):
        challenges.find_valid(session=session, nonce=capture.challenge.nonce, now=NOW)


def test_challenge_of_another_session_is_not_valid_here() -> None:
    """Somebody else's answer cannot be replayed."""
    challenge = challenges.issue(session=SessionFactory(), now=NOW)
    with pytest.raises(challenges.ChallengeNotValid):
        challenges.find_valid(session=SessionFactory(), nonce=challenge.nonce, now=NOW)


@pytest.mark.parametrize("nonce", ["", "0" * 32])
def test_invented_challenge_is_not_valid(nonce: str) -> None:
    session = SessionFactory()
    challenges.issue(session=session, now=NOW)
    with pytest.raises(challenges.ChallengeNotValid):
        challenges.find_valid(session=session, nonce=nonce, now=NOW)


def test_closed_session_gets_no_challenge() -> None:
    session = SessionFactory()
    lifecycle.cancel(session=session, actor=UserFactory(company=session.company), now=NOW)
    with pytest.raises(lifecycle.SessionClosed):
        challenges.issue(session=session, now=NOW)
