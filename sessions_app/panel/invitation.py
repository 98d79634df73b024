"""What to send to the person: the link, its QR code, and a short message in the person's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from sessions_app import creation, qr
from sessions_app.choices import EventKind
from sessions_app.models import VerificationSession
from settings_app.models import User


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that was just shown, ready to be handed on."""

    link: str
    code: qr.QrCode
    message: str
    mail: str  # address that opens the mail program with the message


def show(*, session: VerificationSession, actor: User, now: datetime) -> Invitation:
    """Reveal the session's link, which the audit trail records, and word the message around it (R6)."""
    link = creation.reveal_link(session=session, actor=actor, now=now)
    with translation.override(session.language or settings.LANGUAGE_CODE):
        words = {
            "company": session.company.name,
            "link": link,
            "day": date_format(session.expires_at.astimezone(session.company.zone), "DATE_FORMAT"),
        }
        subject = gettext("%(company)s: please verify your identity") % words
        message = (_once_more() if session.events.filter(kind=EventKind.REDO_ASKED).exists() else _first()) % words
    return Invitation(link, qr.draw(link), message, f"mailto:?subject={quote(subject)}&body={quote(message)}")


def _first() -> str:
    return gettext(
        "%(company)s asks you to verify your identity. Have your passport or ID card ready and open this link,"
        " best on a phone:\n\n%(link)s\n\nIt takes about two minutes. The link works until %(day)s."
    )


def _once_more() -> str:
    """After a reviewer asked for one step again."""
    return gettext(
        "%(company)s asks you to do one step of your verification once more. Open this link, best on a phone:\n\n%(link)s\n\n"
        "Everything else is saved. The link works until %(day)s."
    )
