"""What is known of a session as definition lists: the person, the result, what the company gave, the device (R70)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks_app.document import countries
from checks_app.results import Check
from sessions_app import creation
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


def given(session: VerificationSession, *, now: datetime) -> list[Fact]:
    """Who asked for the session and with what, and when what happened to it."""
    creator = session.created_by.email if session.created_by else ""
    expected = " ".join(filter(None, [session.expected_first_name, session.expected_last_name]))
    used = {"used": len(session.attempts.all()), "most": session.max_retries + 1}
    facts = [
        Fact(_("Company"), session.company.name),
        Fact(_("Reference"), session.reference, is_code=True),
        Fact(_("Market"), country(session.market)),
        Fact(_("Language"), dict(settings.LANGUAGES).get(session.language, session.language)),
        Fact(_("Session ID"), str(session.public_id), is_code=True),
        Fact(_("Created"), creator, moment=session.created_at),
        Fact(_("Opened"), moment=session.opened_at),
        Fact(_("Completed"), moment=session.closed_at),
        Fact(_("Link valid until"), moment=session.expires_at, notes=_about_the_link(session, now)),
        Fact(_("Attempts"), gettext("%(used)s of %(most)s") % used),
        Fact(_("Retaken pictures"), str(session.forced_retries)),
    ]
    if session.return_url:
        gone: list[type_of_text] = [] if creation.return_address(session) else [_("No longer allowed, so nobody is led there.")]
        facts.append(Fact(_("Return address"), session.return_url, notes=gone))
    if expected or session.expected_birth_date:
        facts.append(Fact(_("Expected person"), expected, day=session.expected_birth_date))
    return facts


def _about_the_link(session: VerificationSession, now: datetime) -> list[type_of_text]:
    """What the outcome does not say by itself while the session is open."""
    if session.is_open and not session.link_works(now):
        return [_("It has expired. The outcome follows within a minute.")]
    idle = session.company.inactivity_minutes
    if session.is_open and idle and session.last_activity_at:
        until = (session.last_activity_at + timedelta(minutes=idle)).astimezone(session.company.zone)
        return [gettext("Without another step, abandoned at %(until)s.") % {"until": date_format(until, "j M Y H:i")}]
    return []


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
