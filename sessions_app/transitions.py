"""Which outcome may follow which: data, walked pair by pair in a test (R20, R26)."""

from sessions_app.choices import Outcome

ALLOWED_MOVES: dict[Outcome, frozenset[Outcome]] = {
    Outcome.PENDING: frozenset({Outcome.APPROVE, Outcome.REVIEW, Outcome.DECLINE, Outcome.ABANDONED, Outcome.EXPIRED, Outcome.CANCELLED}),
    Outcome.REVIEW: frozenset({Outcome.APPROVE, Outcome.DECLINE, Outcome.PENDING}),
    Outcome.APPROVE: frozenset(),
    Outcome.DECLINE: frozenset(),
    Outcome.ABANDONED: frozenset(),
    Outcome.EXPIRED: frozenset(),
    Outcome.CANCELLED: frozenset(),
}

UNDONE_MOVES: dict[Outcome, frozenset[Outcome]] = {
    **dict.fromkeys(Outcome, frozenset()),
    Outcome.APPROVE: frozenset({Outcome.REVIEW}),
    Outcome.DECLINE: frozenset({Outcome.REVIEW}),
}
"""Open only while the review that caused the outcome is being undone."""
