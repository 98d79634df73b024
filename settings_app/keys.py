"""A company's own key: made with the company, wrapped by a master key, rewrapped when master keys rotate."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import Company
from verifyportal import crypto


def give_key(company: Company) -> None:
    """Give a new, unsaved company its key."""
    company.master_key_id, company.wrapped_key = crypto.wrap_with_master(crypto.new_key(), context=_context(company))


def key_of(company: Company) -> bytes:
    """Return the company's key. Raises crypto.MasterKeyMissing or crypto.DoesNotOpen."""
    return crypto.unwrap_with_master(company.master_key_id, bytes(company.wrapped_key), context=_context(company))


@transaction.atomic
def rotate(*, company: Company, now: datetime) -> bool:
    """Rewrap the company's key under the first master key; False when it already is. Files need not be touched."""
    locked = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    master_id, wrapped = crypto.wrap_with_master(key_of(locked), context=_context(locked))
    if master_id == locked.master_key_id:
        return False
    Company.objects.filter(pk=locked.pk).update(master_key_id=master_id, wrapped_key=wrapped)
    audit.record(company=locked, kind=AuditKind.KEYS_ROTATED, now=now, master_key=master_id)
    return True


def _context(company: Company) -> str:
    return f"company:{company.public_id}"
