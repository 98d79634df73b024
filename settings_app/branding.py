"""How the flow looks like the company's own: its logo, one colour, and where its people ask for help (R47)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from settings_app import audit
from settings_app.choices import AuditKind, LogoPlate
from settings_app.models import Company, Logo, User


@dataclass(frozen=True, slots=True)
class NewLogo:
    """A logo as it will be stored: a PNG of our own making."""

    png: bytes
    width: int
    height: int
    plate: LogoPlate | None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.png).hexdigest()


def logo_of(company: Company) -> Logo | None:
    """Return what pages need to know of a company's logo; the picture itself is not read."""
    return Logo.objects.defer("png").filter(company=company).first()


def picture(sha256: str) -> bytes | None:
    """Return the logo with this digest, whoever's it is; None when there is none (any more)."""
    found = Logo.objects.filter(sha256=sha256).values_list("png", flat=True).first()
    return None if found is None else bytes(found)


@transaction.atomic
def change(
    *,
    company: Company,
    actor: User,
    now: datetime,
    support_email: str | None = None,
    colour: str | None = None,
    logo: NewLogo | None = None,
    drops_logo: bool = False,
) -> bool:
    """Store a company's branding; None keeps what there is. colour: "#rrggbb" or empty. drops_logo: when no new one is given.

    Returns whether anything changed; only then there is a line in the audit trail.
    """
    locked = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    changed: dict[str, list[str] | None] = {}
    if support_email is not None and locked.support_email != support_email:
        changed["support_email"] = None  # an address may be somebody's: the trail keeps the name of the setting alone
        locked.support_email = support_email
    if colour is not None and locked.brand_colour != colour:
        changed["brand_colour"] = [locked.brand_colour, colour]
        locked.brand_colour = colour
    locked.save(update_fields=list(changed))
    if _store_logo(locked, logo, drops=drops_logo, now=now):
        changed["logo"] = None
    if changed:
        audit.record(company=locked, kind=AuditKind.BRANDING_CHANGED, actor=actor, now=now, changed=changed)
    return bool(changed)


def _store_logo(company: Company, logo: NewLogo | None, *, drops: bool, now: datetime) -> bool:
    before = Logo.objects.filter(company=company)
    if logo is None:
        return drops and bool(before.delete()[0])
    if before.filter(sha256=logo.sha256).exists():
        return False
    values = {"png": logo.png, "sha256": logo.sha256, "width": logo.width, "height": logo.height, "plate": logo.plate or "", "at": now}
    Logo.objects.update_or_create(company=company, defaults=values)
    return True
