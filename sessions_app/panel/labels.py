"""The words in which the panel speaks of sessions: Verified, Success and Failed, the spoof flags, and badges (R62, R63)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from checks_app.decision import Verdict
from checks_app.liveness.challenge import Move
from checks_app.results import Status
from sessions_app.choices import AttemptState, Outcome
from sessions_app.models import VerificationSession

type_of_text = str | Promise

UNIDENTIFIED = "******"


class Verified(TextChoices):
    """R63: what the list says of a session in one word."""

    YES = "YES", _("Yes")
    NO = "NO", _("No")
    PENDING = "PENDING", _("Pending")


class FinalStatus(TextChoices):
    """R62: Success is Verified Yes, Failed is Verified No."""

    SUCCESS = "success", _("Success")
    FAILED = "failed", _("Failed")


class Spoof(TextChoices):
    """R62: possible spoofs. The values are the columns of the session."""

    DIGITAL_SPOOF = "digital_spoof", _("Digital Spoof Detected")
    NOT_FULL_ID = "not_full_id", _("Is not Full ID")
    LOW_FAR = "low_far", _("Low FAR rate")


class Decider(TextChoices):
    """Who ended a session."""

    CHECKS = "checks", _("Decided by the checks")
    HAND = "hand", _("Decided by a reviewer")


class Without(TextChoices):
    """What a finished session may lack (R50)."""

    MARKET = "market", _("Without a market")
    DOCUMENT = "document", _("Without a document")
    DEVICE = "device", _("Without a device")


@dataclass(frozen=True, slots=True)
class Badge:
    """A word with a shape and a tone: approve ●, review ◐, decline ■, pending ○, abandoned –. Never colour alone."""

    tone: str
    word: type_of_text


def verified(outcome: str) -> Verified:
    """The one rule behind Verified, Success and Failed (R63)."""
    if outcome == Outcome.APPROVE:
        return Verified.YES
    return Verified.PENDING if outcome in (Outcome.PENDING, Outcome.REVIEW) else Verified.NO


def outcomes_of(status: str) -> list[Outcome]:
    """The outcomes that a final status stands for: the same rule, read the other way."""
    wanted = {FinalStatus.SUCCESS.value: Verified.YES, FinalStatus.FAILED.value: Verified.NO}[status]
    return [outcome for outcome in Outcome if verified(outcome) is wanted]


MRZ_FIELDS: dict[str, type_of_text] = {
    "document_code": _("Document code"),
    "issuing_state": _("Issuing state"),
    "names": _("Names"),
    "last_name": _("Last name"),
    "first_name": _("First name"),
    "document_number": _("Document number"),
    "nationality": _("Nationality"),
    "birth_date": _("Birth date"),
    "sex": _("Sex"),
    "expiry_date": _("Expiration date"),
    "personal_number": _("Personal number"),
    "optional_data": _("Optional data"),
    "optional_data_2": _("Optional data, second part"),
    "composite": _("Composite check digit"),
}


MOVES: dict[str, type_of_text] = {
    Move.LEFT: _("left"),
    Move.RIGHT: _("right"),
    Move.UP: _("up"),
    Move.DOWN: _("down"),
    Move.CLOSER: _("closer"),
}
"""What a challenge asked; left is the person's own left."""


def mrz_field_label(name: str) -> type_of_text:
    """The name of a field of the machine-readable zone, or of what is read from it."""
    return MRZ_FIELDS[name]


TONES = {
    Outcome.APPROVE: "approve",
    Outcome.REVIEW: "review",
    Outcome.DECLINE: "decline",
    Outcome.PENDING: "pending",
    Outcome.ABANDONED: "abandoned",
    Outcome.EXPIRED: "abandoned",
    Outcome.CANCELLED: "abandoned",
}


def verified_badge(outcome: str) -> Badge:
    return Badge(TONES[Outcome(outcome)], verified(outcome).label)


def outcome_badge(outcome: str) -> Badge:
    return Badge(TONES[Outcome(outcome)], Outcome(outcome).label)


def open_word(*, opened: bool, over: bool, checking: bool) -> type_of_text:
    """How an open session stands. over: its link is, and no sweep has closed it yet; nobody can go on in it."""
    if checking:
        return _("Being checked")
    if over:
        return _("Link expired")
    return _("In progress") if opened else _("Not opened yet")


def standing_badge(session: VerificationSession, *, now: datetime) -> Badge:
    """The badge of a session whose outcome is read together with the clock: an expired one never looks alive (R3)."""
    checking = any(attempt.state == AttemptState.PROCESSING for attempt in session.attempts.all())
    if not session.is_open or checking or session.link_works(now):
        return outcome_badge(session.outcome)
    return Badge(TONES[Outcome.EXPIRED], open_word(opened=session.opened_at is not None, over=True, checking=False))


def verdict_badge(verdict: str) -> Badge:
    """The badge of an attempt; one that is still being checked has no verdict."""
    if not verdict:
        return Badge("pending", _("Being checked"))
    if verdict == Verdict.RETRY:
        return Badge("decline", _("Not passed, retry offered"))
    return outcome_badge(verdict)


def status_badge(status: str) -> Badge:
    """The badge of one check."""
    return {
        Status.PASSED.value: Badge("approve", _("Passed")),
        Status.UNCLEAR.value: Badge("review", _("Unclear")),
        Status.FAILED.value: Badge("decline", _("Failed")),
    }[status]


def truth_badge(truth: bool | None, *, yes: type_of_text, no: type_of_text) -> Badge:
    """The badge of a statement that holds, does not hold, or is unknown (no word)."""
    if truth is None:
        return Badge("abandoned", "")
    return Badge("approve", yes) if truth else Badge("decline", no)
