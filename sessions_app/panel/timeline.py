"""What happened to a session, and who looked at it (R24, R70, R81)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext

from sessions_app.choices import CaptureKind, EventKind, RedoStep
from sessions_app.models import SessionEvent, VerificationSession
from sessions_app.panel.facts import country
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.review_forms import field_label
from settings_app.choices import AuditKind, DocumentChoice
from settings_app.models import AuditEvent, User

LOOKS = (
    AuditKind.SESSION_VIEWED,
    AuditKind.PHOTO_VIEWED,
    AuditKind.LINK_SHOWN,
    AuditKind.LINKS_DOWNLOADED,
    AuditKind.REPORT_MADE,
)
"""What the second list tells; everything else that is audited stands on the timeline itself."""

LOOKS_TOGETHER = timedelta(minutes=10)
"""Looks of one person with less between them are one line: a page brings a dozen photos."""

LOOKS_READ = 1000
"""Audit rows, the latest ones; the whole trail stays in the audit."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline."""

    event: SessionEvent
    words: type_of_text
    details: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one person looked at in one go."""

    actor: User | None
    words: type_of_text
    kind: str
    first_at: datetime
    last_at: datetime
    times: int = 1


def lines_of(session: VerificationSession) -> list[Line]:
    """The events of a session, the oldest first."""
    events = sorted(session.events.all(), key=lambda event: (event.at, event.pk))
    return [Line(event, EventKind(event.kind).label, " · ".join(map(str, _details(event.details)))) for event in events]


def looks_at(session: VerificationSession) -> list[Look]:
    """Who looked at the session, its photos and its link, alone or with those of its batch, the oldest first."""
    ids = [session.public_id, *([session.batch.public_id] if session.batch else [])]
    rows = session.company.audit_events.filter(session_public_id__in=ids, kind__in=LOOKS).select_related("actor")
    return batched(reversed(list(rows.order_by("-at", "-number")[:LOOKS_READ])))


def batched(rows: Iterable[AuditEvent]) -> list[Look]:
    """Put looks of the same person and kind together that follow each other closely. rows: the oldest first."""
    looks: list[Look] = []
    latest: dict[tuple[int | None, str], int] = {}
    for row in rows:
        place = latest.get((row.actor_id, row.kind))
        if place is not None and row.at - looks[place].last_at < LOOKS_TOGETHER:
            looks[place] = replace(looks[place], last_at=row.at, times=looks[place].times + 1)
            continue
        latest[row.actor_id, row.kind] = len(looks)
        looks.append(Look(row.actor, AuditKind(row.kind).label, row.kind, row.at, row.at))
    return looks


def _details(given: dict[str, Any]) -> list[type_of_text]:
    words: list[type_of_text] = []
    if "attempt" in given:
        words.append(gettext("attempt %(number)s") % {"number": given["attempt"]})
    if given.get("capture") in CaptureKind.values:
        words.append(CaptureKind(given["capture"]).label)
    if given.get("document") in DocumentChoice.values:
        words.append(DocumentChoice(given["document"]).label)
    if given.get("step") in RedoStep.values:
        words.append(RedoStep(given["step"]).label)
    if isinstance(given.get("fields"), str):  # a number where extra fields were filled: of those nothing is named
        words += [str(field_label(name)) for name in given["fields"].split(",") if name]
    words += [country(given["country"])] if "country" in given else []
    words += [gettext("text %(version)s") % given] if "version" in given else []
    words += [str(given[key]) for key in ("device", "language") if given.get(key)]
    return words
