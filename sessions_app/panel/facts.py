"""What is known of a session as definition lists: the person, the result, what the company gave, the device (R70)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from checks_app.document import countries
from checks_app.results import Check
from sessions_app.models import Attempt, VerificationSession
from sessions_app.panel import labels
from sessions_app.panel.check_cards import likeness_of
from sessions_app.panel.labels import Badge, type_of_text
from sessions_app.panel.likeness import level_text
from sessions_app.panel.rows import extra_pairs
from sessions_app.reasons import staff_text
from settings_app.choices import DocumentChoice
from settings_app.models import ExtraField

SEXES = {"M": _("male"), "F": _("female")}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a definition list. The value is a text, a day, a moment or a badge; empty when unknown."""

    term: type_of_text
    text: type_of_text = ""
    day: date | None = None
    moment: datetime | None = None
    badge: Badge | None = None
    notes: list[type_of_text] = field(default_factory=list)
    is_code: bool = False


def name_of(session: VerificationSession) -> str:
    return f"{session.first_name} {session.last_name}".strip() or labels.UNIDENTIFIED


def country(code: str) -> str:
    return f"{countries.name(code)} ({code})" if countries.is_known(code) else code


def person(session: VerificationSession) -> list[Fact]:
    document = DocumentChoice(session.document_kind).label if session.document_kind else ""
    return [
        Fact(_("First name"), session.first_name),
        Fact(_("Last name"), session.last_name),
        Fact(_("Personal number"), session.personal_number, is_code=True),
        Fact(_("Document number"), session.document_number, is_code=True),
        Fact(_("Birth date"), day=session.birth_date),
        Fact(_("Nationality"), country(session.nationality)),
        Fact(_("Sex"), SEXES.get(session.sex, "")),
        Fact(_("Expiration date"), day=session.expiry_date),
        Fact(_("Document type"), document),
        Fact(_("Issuing state"), country(session.issuing_state)),
    ]


def result(session: VerificationSession, attempt: Attempt | None) -> list[Fact]:
    """What the checks concluded; flags say nothing before a document was judged."""
    judged = session.document_valid is not None
    real = labels.truth_badge(not session.digital_spoof if judged else None, yes=_("ID is real"), no=_("ID is spoofed"))
    full = labels.truth_badge(not session.not_full_id if judged else None, yes=_("Full ID detected"), no=_("Full ID not detected"))
    level = session.match_level
    return [
        Fact(_("Verified"), badge=labels.verified_badge(session.outcome)),
        Fact(_("Outcome"), badge=labels.outcome_badge(session.outcome), notes=[staff_text(code) for code in session.reasons]),
        Fact(_("Liveness passed"), badge=labels.truth_badge(session.liveness_passed, yes=_("Yes"), no=_("No"))),
        Fact(_("Document valid"), badge=labels.truth_badge(session.document_valid, yes=_("Yes"), no=_("No"))),
        Fact(_("Face match"), "" if level is None else level_text(level), notes=_likeness(attempt)),
        Fact(_("Authenticity"), badge=real),
        Fact(_("Completeness"), badge=full),
    ]


def _likeness(attempt: Attempt | None) -> list[type_of_text]:
    said = [likeness_of(record) for record in attempt.checks.all() if record.check_name == Check.FACE_MATCH] if attempt else []
    return [words for words in said if words]


def given(session: VerificationSession) -> list[Fact]:
    """Who asked for the session, and when what happened to it."""
    creator = session.created_by.email if session.created_by else ""
    expected = " ".join(filter(None, [session.expected_first_name, session.expected_last_name]))
    facts = [
        Fact(_("Company"), session.company.name),
        Fact(_("Reference"), session.reference, is_code=True),
        Fact(_("Market"), country(session.market)),
        Fact(_("Session ID"), str(session.public_id), is_code=True),
        Fact(_("Created"), creator, moment=session.created_at),
        Fact(_("Opened"), moment=session.opened_at),
        Fact(_("Completed"), moment=session.closed_at),
        Fact(_("Link valid until"), moment=session.expires_at),
        Fact(_("Retaken pictures"), str(session.forced_retries)),
    ]
    if expected or session.expected_birth_date:
        facts.append(Fact(_("Expected person"), expected, day=session.expected_birth_date))
    return facts


def extra_fields(session: VerificationSession, fields: list[ExtraField]) -> list[Fact]:
    return [Fact(label, value) for label, value in extra_pairs(session, fields)]


def device(session: VerificationSession) -> list[Fact]:
    return [
        Fact(_("Device"), session.get_device_display()),
        Fact(_("Model"), session.device_model),
        Fact(_("Operating system"), session.os),
        Fact(_("Browser"), session.browser),
        Fact(_("IP address"), session.client_ip or "", is_code=True),
    ]
