"""What the page of people prints (R46, R80)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from settings_app import invitation_mail, people
from settings_app.access import PanelRequest
from settings_app.choices import Role
from settings_app.models import Company, Invitation, User
from settings_app.panel.people_forms import InviteForm
from settings_app.people import Invited

BY_MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Shown:
    """A link that was just made; it is shown this once. sent: by e-mail; failed: it should have been."""

    invitation: Invitation
    link: str
    sent: bool
    failed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A colleague."""

    person: User
    is_self: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """An invitation that is not accepted yet."""

    invitation: Invitation
    is_open: bool
    stands: bool


def context_of(request: PanelRequest, *, now: datetime, form: InviteForm | None = None, shown: Shown | None = None) -> dict[str, Any]:
    company: Company = request.company
    return {
        "rows": [Row(person, person == request.user) for person in people.members(company)],
        "waiting": [Waiting(one, one.is_open(now), people.stands(one)) for one in people.pending(company)],
        "form": form or InviteForm(),
        "shown": shown,
        "roles": Role.choices,
    }


def hand_on(invited: Invited, *, by: str) -> Shown:
    """Send the new link, or show it: also when it was to be sent and could not."""
    link = settings.PUBLIC_BASE_URL + reverse("join_enter", args=[invited.token])
    wanted = by == BY_MAIL and invitation_mail.is_offered()
    sent = wanted and invitation_mail.send(invitation=invited.invitation, link=link)
    return Shown(invited.invitation, "" if sent else link, sent, wanted and not sent)
