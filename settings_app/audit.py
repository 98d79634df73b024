"""The audit trail of a company: who looked at or changed what, in a chain that shows tampering."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from settings_app.choices import AuditKind
from settings_app.models import AuditEvent, Company, User

AUDIT_LOCK_NAMESPACE = 7301
"""First key of the advisory lock that keeps the chain of one company in order."""

Changed = Mapping[str, Sequence[Any] | None]
"""Settings by name: what stood there and what stands there now, or None where the name alone may be kept."""

Detail = str | int | Changed


def record(
    *, company: Company, kind: AuditKind, now: datetime, actor: User | None = None, session_id: UUID | None = None, **details: Detail
) -> AuditEvent:
    """Append one event to the company's chain. Details are ids, counts and settings, never personal data in the clear."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [AUDIT_LOCK_NAMESPACE, company.pk])
        last = company.audit_events.order_by("-number").first()
        event = AuditEvent(
            company=company,
            number=last.number + 1 if last else 1,
            kind=kind,
            actor=actor,
            session_public_id=session_id,
            details=details,
            at=now,
        )
        event.seal = seal(event, previous=last.seal if last else "")
        event.save(force_insert=True)
    return event


def seal(event: AuditEvent, *, previous: str) -> str:
    """Compute the SHA-256 seal of an event over its content and the seal before it."""
    content = [
        event.company_id,
        event.number,
        event.kind,
        event.actor_id,
        str(event.session_public_id or ""),
        event.details,
        event.at.timestamp(),
        previous,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def first_broken(company: Company) -> AuditEvent | None:
    """Walk the company's chain and return the first event that was altered, or after which one is missing; None: intact."""
    previous, number = "", 0
    for event in company.audit_events.order_by("number").iterator():
        if event.number != number + 1 or event.seal != seal(event, previous=previous):
            return event
        previous, number = event.seal, event.number
    return None
