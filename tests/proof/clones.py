"""The same session many times over, made in a few statements: races need hundreds that nobody has touched."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Model

from sessions_app import tokens
from sessions_app.models import Attempt, Capture, LivenessChallenge, Review, SessionEvent, Transfer, TransferCode, VerificationSession

AFRESH: dict[str, Any] = {
    "public_id": uuid.uuid4,
    "token_hash": lambda: tokens.hash_token(tokens.new_token()),
    "typed_hash": lambda: tokens.hash_token(tokens.new_token()),
    "handle": tokens.new_handle,
    "nonce": tokens.new_token,
}
"""What no two rows may have in common."""

APART = timedelta(seconds=10)
"""One clone expires so much later than the one before, so that a sweep meets one of them at a time."""


def clones(session: VerificationSession, count: int) -> list[VerificationSession]:
    """Copy a session as it stands, with its pictures, attempts, phones, codes, reviews and timeline."""
    session.refresh_from_db()
    made = [_copy(session, expires_at=session.expires_at + number * APART) for number in range(count)]
    VerificationSession.objects.bulk_create(made)
    challenges = _cloned(made, LivenessChallenge, session)
    captures: dict[tuple[int, int], Capture] = {}
    for (number, old), capture in _copies(made, Capture, session):
        if capture.challenge_id is not None:
            capture.challenge = challenges[number, capture.challenge_id]
        captures[number, old] = capture
    Capture.objects.bulk_create(captures.values())
    attempts = _cloned(made, Attempt, session)
    held = list(Attempt.captures.through._default_manager.filter(attempt__session=session).values_list("attempt_id", "capture_id"))
    Attempt.captures.through._default_manager.bulk_create(
        Attempt.captures.through(attempt=attempts[number, attempt], capture=captures[number, capture])
        for number in range(count)
        for attempt, capture in held
    )
    for model in (Transfer, TransferCode, Review, SessionEvent):
        _cloned(made, model, session)
    return made


def _cloned(made: list[VerificationSession], model: type[Any], session: VerificationSession) -> dict[tuple[int, int], Any]:
    found = dict(_copies(made, model, session))
    model._default_manager.bulk_create(found.values())
    return found


def _copies(made: list[VerificationSession], model: type[Any], session: VerificationSession) -> Iterable[tuple[tuple[int, int], Any]]:
    """Yield the copies of the session's rows, by (number of the clone, key of the row)."""
    rows = list(model._default_manager.filter(session=session).order_by("pk"))
    return (((number, row.pk), _copy(row, session=clone)) for number, clone in enumerate(made) for row in rows)


def _copy(row: Model, **changes: Any) -> Any:
    made = copy.copy(row)
    made._state = copy.copy(row._state)
    made.pk, made._state.adding = None, True
    names = {field.name for field in row._meta.concrete_fields}
    for name, value in {**{name: make() for name, make in AFRESH.items() if name in names}, **changes}.items():
        setattr(made, name, value)
    return made
