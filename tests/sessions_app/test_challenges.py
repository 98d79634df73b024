"""R34: the server draws the challenge at random; it is answered once and within its time."""

from datetime import datetime, timedelta

import pytest

from checks_app.liveness.challenge import FLASH_COLOURS, Move
from sessions_app import challenges, lifecycle
from sessions_app.choices import CaptureKind
from sessions_app.models import LivenessChallenge, VerificationSession
from tests.captures import add_capture, answered_session, processing_attempt
from tests.factories import NOW, CompanyFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db


def draw_all(session: VerificationSession, start: datetime = NOW) -> list[LivenessChallenge]:
    """Ask so late each time that the challenge before can no longer be started, and as often as it is allowed."""
    times = [start + number * challenges.START_WITHIN for number in range(challenges.MOST_DRAWN)]
    return [challenges.issue(session=session, now=time) for time in times]


def test_each_challenge_is_new() -> None:
    drawn = [challenge for _ in range(5) for challenge in draw_all(SessionFactory())]
    assert len({challenge.nonce for challenge in drawn}) == 5 * challenges.MOST_DRAWN
    assert len({tuple(challenge.moves) for challenge in drawn}) > 1
    assert {move for challenge in drawn for move in challenge.moves} <= set(Move)


@pytest.mark.parametrize(("seconds", "same"), [(1, True), (89, True), (90, False)])
def test_whoever_asks_again_meets_the_same_challenge_while_it_can_be_started(seconds: int, same: bool) -> None:
    """A reload, a second tab or a lost connection brings no other moves, or anybody could ask until they fit his recording."""
    session = SessionFactory()
    moment = NOW + timedelta(seconds=seconds)
    first = challenges.issue(session=session, now=NOW)
    assert (challenges.issue(session=session, now=moment) == first) is same


def test_challenge_after_an_answered_one_is_new() -> None:
    """Whose face left the picture does other moves, not those that he knows by now."""
    capture = add_capture(answered_session(), CaptureKind.LIVENESS)
    assert challenges.issue(session=capture.session, now=NOW) != capture.challenge


def test_challenges_of_an_attempt_are_used_up() -> None:
    session = SessionFactory()
    last = draw_all(session)[-1]
    moment = last.issued_at + challenges.START_WITHIN
    assert challenges.issue(session=session, now=moment - timedelta(seconds=1)) == last
    with pytest.raises(challenges.ChallengesUsedUp):
        challenges.issue(session=session, now=moment)


def test_next_attempt_has_challenges_of_its_own() -> None:
    session = answered_session()
    moment = draw_all(session)[-1].issued_at + challenges.START_WITHIN
    processing_attempt(session, submitted_at=moment)
    assert len(draw_all(session, moment + timedelta(seconds=1))) == challenges.MOST_DRAWN


def test_one_photo_instead_is_never_refused() -> None:
    """It answers the challenge that is open, so that nobody gets rid of that one in this way."""
    session = SessionFactory()
    last = draw_all(session)[-1]
    assert challenges.for_one_photo(session=session, now=last.issued_at) == last
    assert challenges.for_one_photo(session=session, now=last.expires_at) != last


@pytest.mark.parametrize(("flashes", "count"), [(True, challenges.FLASHES), (False, 0)])
def test_the_company_decides_whether_the_screen_flashes(flashes: bool, count: int) -> None:
    challenge = challenges.issue(session=SessionFactory(company=CompanyFactory(liveness_flash=flashes)), now=NOW)
    assert len(challenge.flashes) == count
    assert set(challenge.flashes) <= set(FLASH_COLOURS)
    assert challenge.asked.flashes == tuple(challenge.flashes)


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
