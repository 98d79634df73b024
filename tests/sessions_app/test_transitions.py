from itertools import product

import pytest

from sessions_app import lifecycle
from sessions_app.choices import EventKind, Outcome
from sessions_app.models import VerificationSession
from sessions_app.transitions import ALLOWED_MOVES, UNDONE_MOVES
from tests.factories import NOW, finished_session

EXPECTED = {
    *((Outcome.PENDING, new) for new in Outcome if new is not Outcome.PENDING),
    (Outcome.REVIEW, Outcome.APPROVE),
    (Outcome.REVIEW, Outcome.DECLINE),
    (Outcome.REVIEW, Outcome.PENDING),
}
EXPECTED_WHEN_UNDONE = {(Outcome.APPROVE, Outcome.REVIEW), (Outcome.DECLINE, Outcome.REVIEW)}


def test_table_names_every_outcome() -> None:
    assert set(ALLOWED_MOVES) == set(UNDONE_MOVES) == set(Outcome)


def test_undoing_opens_two_moves_and_no_other() -> None:
    """R26: only what a review decides is ever taken back, and only into review."""
    assert {(old, new) for old, moves in UNDONE_MOVES.items() for new in moves} == EXPECTED_WHEN_UNDONE


@pytest.mark.django_db
@pytest.mark.parametrize(("old", "new"), list(product(Outcome, Outcome)))
def test_moves_are_allowed_exactly_as_the_requirements_say(old: Outcome, new: Outcome) -> None:
    """R20, R26: walked pair by pair; what is final changes no more, and a refused move leaves no trace."""
    opened = {"opened_at": None} if (old, new) == (Outcome.PENDING, Outcome.EXPIRED) else {}
    session = finished_session(old, **opened)
    if (old, new) in EXPECTED:
        lifecycle._move(session, new, now=NOW)
        assert list(session.events.exclude(kind=EventKind.CREATED).values_list("kind", flat=True)) == [EventKind.for_outcome(new)]
    else:
        with pytest.raises(lifecycle.TransitionRefused):
            lifecycle._move(session, new, now=NOW)
        assert not session.events.exclude(kind=EventKind.CREATED).exists()
    stored = VerificationSession.objects.get(pk=session.pk)
    assert stored.outcome == (new if (old, new) in EXPECTED else old)
    assert stored.is_open is (stored.closed_at is None)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_end_has_an_event_of_its_own(outcome: Outcome) -> None:
    """R26: exactly one final outcome event."""
    assert EventKind.for_outcome(outcome) in EventKind
