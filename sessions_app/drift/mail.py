"""One short e-mail when rates left their baseline, where the operator named a mail server. It holds no figure and names nobody."""

from __future__ import annotations

from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from settings_app.choices import Role
from settings_app.models import Company

log = structlog.get_logger(__name__)


def tell(company: Company, *, number: int) -> None:
    """Write to the company's active master users. A mail that cannot be sent is logged: the alerts stand in the panel all the same."""
    people = list(company.users.filter(role=Role.MASTER, is_active=True).values_list("email", flat=True)) if settings.EMAIL_HOST else []
    if not people:
        return
    name = " ".join(company.name.split())  # a header holds one line
    what = ngettext("%(number)s rate left its baseline", "%(number)s rates left their baselines", number) % {"number": number}
    body = gettext("%(what)s at %(company)s. What it is, and the sessions behind it:\n\n%(link)s\n\nAcknowledge it there with a note.") % {
        "what": what,
        "company": name,
        "link": settings.PUBLIC_BASE_URL + reverse("panel:drift_list"),
    }
    try:
        EmailMessage(subject=f"VerifyPortal, {name}: {what}", body=body, bcc=people).send()
    except (SMTPException, OSError, ValueError) as error:  # the last is an address that no header can hold
        log.warning("drift_mail_failed", company=company.pk, error=type(error).__name__)
