"""What a reviewer corrects of the fields that were read: never a picture, and the trail keeps what stood there before (R24)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from checks_app.results import DocumentFields, DocumentFindings, SessionFindings
from sessions_app import claims, findings, lifecycle, result_columns, search
from sessions_app.choices import CaptureKind, EventKind, Outcome
from sessions_app.models import VerificationSession
from sessions_app.redo import DOCUMENT_SIDES
from settings_app import audit, keys
from settings_app.choices import AuditKind
from settings_app.models import User
from verifyportal import crypto

FIELDS = ("first_name", "last_name", "personal_number", "document_number", "birth_date", "nationality", "sex", "expiry_date")
"""What may be corrected."""

Value = str | date | None


class NotAsShown(Exception):
    """Somebody else corrected the session since its form was shown. `current`: the fields that differ, as they stand now."""

    def __init__(self, current: Mapping[str, Value]) -> None:
        super().__init__(", ".join(current))
        self.current = current


@dataclass(frozen=True, slots=True)
class Correction:
    """One field that was corrected, as the trail keeps it."""

    field: str
    before: str
    after: str
    actor: User | None
    at: datetime


def fields_of(session: VerificationSession) -> dict[str, Value]:
    """The fields as they stand."""
    return {name: getattr(session, name) for name in FIELDS}


@transaction.atomic
def correct(
    *, session: VerificationSession, shown: Mapping[str, Value], values: Mapping[str, Value], actor: User, now: datetime
) -> list[str]:
    """Correct fields of a session in review and return which. shown: what the form showed; values: what is right.

    Raises NotAsShown, claims.NotInReview or claims.ClaimedByAnother; then nothing changes.
    """
    locked = lifecycle.lock(session.pk)
    if locked.outcome != Outcome.REVIEW:
        raise claims.NotInReview(locked.pk)
    claims.require_not_anothers(locked, actor=actor, now=now)
    standing = fields_of(locked)
    moved = {name: value for name, value in standing.items() if value != shown[name]}
    if moved:
        raise NotAsShown(moved)
    changed = [name for name in FIELDS if values[name] != standing[name]]
    if not changed:
        return []
    for name in changed:
        setattr(locked, name, values[name])
    locked.search_text = _search_text(locked, set(changed))
    locked.save(update_fields=[*changed, "search_text"])
    claims.renew(session=locked, actor=actor, now=now)
    lifecycle.note(session=locked, kind=EventKind.FIELDS_EDITED, actor=actor, now=now, fields=",".join(changed))
    for name in changed:
        _leave_trace(locked, name, standing[name], values[name], actor=actor, now=now)
    return changed


def of_session(session: VerificationSession) -> list[Correction]:
    """Every correction of a session, oldest first. Raises crypto.DoesNotOpen."""
    trail = session.company.audit_events.filter(session_public_id=session.public_id, kind=AuditKind.FIELDS_EDITED)
    events = list(trail.select_related("actor").order_by("number"))
    if not events:
        return []
    unseal = crypto.unsealer(keys.key_of(session.company))

    def read(details: Mapping[str, str], side: str) -> str:
        return unseal(base64.b64decode(details[side]), _context(session, details["field"], side)).decode()

    return [
        Correction(event.details["field"], read(event.details, "before"), read(event.details, "after"), event.actor, event.at)
        for event in events
    ]


def _leave_trace(session: VerificationSession, name: str, before: Value, after: Value, *, actor: User, now: datetime) -> None:
    key = keys.key_of(session.company)
    sealed = {
        side: base64.b64encode(crypto.seal(key, str(value or "").encode(), context=_context(session, name, side))).decode()
        for side, value in (("before", before), ("after", after))
    }
    audit.record(
        company=session.company,
        kind=AuditKind.FIELDS_EDITED,
        actor=actor,
        session_id=session.public_id,
        now=now,
        field=name,
        before=sealed["before"],
        after=sealed["after"],
    )


def _search_text(session: VerificationSession, changed: set[str]) -> str:
    """A name that was not corrected is found in both its spellings, as it was before."""
    plain = DocumentFields() if {"first_name", "last_name"} <= changed else _as_read(session)
    first = session.first_name if "first_name" in changed else result_columns.both(session.first_name, plain.first_name)
    last = session.last_name if "last_name" in changed else result_columns.both(session.last_name, plain.last_name)
    return search.search_text(first, last, session.personal_number, session.document_number)


def _as_read(session: VerificationSession) -> DocumentFields:
    """What the machine-readable zone of the attempt that gave the result says."""
    attempt = session.attempts.filter(number=session.result_attempt).first()
    captures = attempt.captures.filter(kind__in=DOCUMENT_SIDES) if attempt else ()
    sides = {capture.kind: found for capture in captures if isinstance(found := findings.read(capture), DocumentFindings)}
    return result_columns.fields_of(SessionFindings(front=sides.get(CaptureKind.DOCUMENT_FRONT), back=sides.get(CaptureKind.DOCUMENT_BACK)))


def _context(session: VerificationSession, name: str, side: str) -> str:
    return f"correction:{session.public_id}:{name}:{side}"
