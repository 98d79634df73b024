"""Every attempt of a session with its photos and its checks, and the pictures on which each check rests (R37, R70)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from checks_app.results import Check, Status
from sessions_app.choices import AttemptState, CaptureState
from sessions_app.models import Attempt, Capture, VerificationSession
from sessions_app.panel import labels, pictures
from sessions_app.panel.check_cards import Card, card_of, not_asked
from sessions_app.panel.labels import Badge, type_of_text
from sessions_app.panel.pictures import Found, Pair, Photo
from sessions_app.reasons import staff_text

GRAVEST_FIRST = [Status.FAILED, Status.UNCLEAR, Status.PASSED]


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt with its photos and checks. pair: the faces it compared. not_asked: checks that had no part in it."""

    attempt: Attempt
    badge: Badge
    reasons: list[type_of_text]
    photos: list[Photo]
    cards: list[Card]
    pair: Pair | None
    not_asked: list[type_of_text]
    gave_the_result: bool
    erased: bool

    @property
    def anchor(self) -> str:
        return f"attempt-{self.attempt.number}"


def tries_of(session: VerificationSession, found: Found, *, shown: Iterable[Photo]) -> list[Try]:
    """The attempts in their order. shown: the pictures that stand large on the page; evidence is shown there where it can be."""
    large = list(shown)
    return [_try(session, attempt, found, large) for attempt in sorted(session.attempts.all(), key=lambda attempt: attempt.number)]


def chosen(tries: list[Try]) -> Try | None:
    """The attempt that the page opens: the one that gave the result, else the latest that was decided, else the latest."""
    gave = [made for made in tries if made.gave_the_result]
    decided = [made for made in tries if made.attempt.state == AttemptState.DECIDED]
    return next(reversed(gave or decided or tries), None)


def _try(session: VerificationSession, attempt: Attempt, found: Found, large: list[Photo]) -> Try:
    captures = sorted(attempt.captures.all(), key=lambda capture: capture.pk)
    for capture in captures:
        capture.session = session
    photos = pictures.attempt_photos(captures, found, number=attempt.number)
    pair = pictures.pair_of(captures, found)
    records = sorted(attempt.checks.all(), key=lambda record: (GRAVEST_FIRST.index(Status(record.status)), record.pk))
    return Try(
        attempt=attempt,
        badge=labels.verdict_badge(attempt.verdict),
        reasons=[staff_text(code) for code in attempt.reasons],
        photos=photos,
        cards=[_with_evidence(card_of(record), _seen_first(captures, large, photos), pair) for record in records],
        pair=pair,
        not_asked=not_asked(records),
        gave_the_result=attempt.number == session.result_attempt and not session.is_open,
        erased=any(capture.state == CaptureState.ERASED for capture in captures),
    )


def _seen_first(captures: list[Capture], large: list[Photo], small: list[Photo]) -> list[Photo]:
    """The attempt's own pictures, in the size in which the page shows them best."""
    own = {capture.pk for capture in captures}
    return [photo for photo in large if photo.capture.pk in own] + small


def _with_evidence(card: Card, photos: list[Photo], pair: Pair | None) -> Card:
    if card.check == Check.FACE_MATCH:
        return replace(card, compares=pair is not None)
    return replace(card, evidence=pictures.evidence_of(card.check, photos))
