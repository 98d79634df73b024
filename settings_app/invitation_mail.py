"""An invitation as an e-mail, where the operator named a mail server. A mail that cannot be sent never loses the invitation."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.formats import date_format
from django.utils.translation import gettext

from settings_app.models import Invitation

log = structlog.get_logger(__name__)


def is_offered() -> bool:
    """Whether this portal can send e-mail."""
    return bool(settings.EMAIL_HOST)


def send(*, invitation: Invitation, link: str) -> bool:
    """Send the link to the person who is invited. False: the mail server did not take it, so somebody must hand it on otherwise."""
    company = " ".join(invitation.company.name.split())  # a header holds one line
    until = date_format(invitation.expires_at.astimezone(invitation.company.zone), "j F Y H:i")
    message = EmailMessage(
        subject=gettext("%(company)s invites you to VerifyPortal") % {"company": company},
        body=gettext(
            "%(company)s invites you to work with its identity verifications.\n\n"
            "Open this link and choose a password:\n\n%(link)s\n\n"
            "It works once, until %(until)s. It is meant for you alone: please do not forward it.\n"
            "If you did not expect this, ignore it; nothing happens."
        )
        % {"company": company, "link": link, "until": until},
        to=[invitation.email],
    )
    try:
        return bool(message.send())
    except (SMTPException, OSError, ValueError) as error:  # the last is an address that no header can hold
        log.warning("invitation_mail_failed", invitation=str(invitation.public_id), error=type(error).__name__)
        return False
