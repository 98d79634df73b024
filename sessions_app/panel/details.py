"""The details page put together: photos left, data right (R70). Facts are printed as they are stored, unknown ones stay empty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from checks_app.results import DocumentFindings
from sessions_app import findings
from sessions_app.choices import AttemptState, EventKind
from sessions_app.models import Attempt, Capture, VerificationSession
from sessions_app.panel import attempts, document_tables, duplicate_list, facts, labels, phone_list, pictures, timeline
from sessions_app.panel.pictures import Found
from settings_app.models import ExtraField

CHALLENGES = ("captures__challenge", "attempts__captures__challenge")


def with_everything(sessions: Any) -> Any:
    """Read what the page needs in a fixed number of queries."""
    return sessions.select_related("company", "created_by", "batch").prefetch_related(
        "captures__images",
        "attempts__checks",
        "attempts__captures__images",
        "events__actor",
        "transfers",
        *CHALLENGES,
        *duplicate_list.PREFETCHED,
    )


def context_of(session: VerificationSession, fields: list[ExtraField], *, now: datetime) -> dict[str, Any]:
    """Everything that the page prints of a session read by `with_everything`."""
    last = last_decided(session)
    captures = shown_captures(session, last)
    found = findings_of(session)
    photos, frames = pictures.main_photos(captures, found), pictures.frames(captures)
    tries = attempts.tries_of(session, found, shown=[*photos, *frames])
    documents = documents_of(captures, found)
    today = (last.submitted_at if last else now).astimezone(session.company.zone).date()
    return {
        "session": session,
        "badge": labels.standing_badge(session, now=now),
        "name": facts.name_of(session),
        "photos": photos,
        "pair": pictures.pair_of(captures, found),
        "erased_at": erased_at(session),
        "frames": frames,
        "moves": pictures.moves(captures),
        "bursts": pictures.bursts(captures),
        "person": facts.person(session),
        "result": facts.result(session, last),
        "given": facts.given(session, now=now),
        "extra": facts.extra_fields(session, fields),
        "device": facts.device(session),
        "phones": phone_list.phones_of(session, now=now),
        "on_a_phone": phone_list.ON_A_PHONE if phone_list.is_on_a_phone(session, now=now) else None,
        "mrz": document_tables.mrz_lines(documents, today=today),
        "duplicates": duplicate_list.duplicates_of(session),
        "printed": document_tables.print_lines(documents, today=today),
        "tries": tries,
        "chosen": attempts.chosen(tries),
        "timeline": timeline.lines_of(session),
        "looks": timeline.looks_at(session),
        "link_works": session.is_open and session.link_works(now),
    }


def last_decided(session: VerificationSession) -> Attempt | None:
    """The attempt whose result stands."""
    decided = [attempt for attempt in session.attempts.all() if attempt.state == AttemptState.DECIDED]
    return max(decided, key=lambda attempt: attempt.number, default=None)


def shown_captures(session: VerificationSession, last: Attempt | None) -> list[Capture]:
    """What was judged last; in an open session, what counts for the next attempt."""
    if last is None or session.is_open:
        return [capture for capture in session.captures.all() if capture.replaced_at is None]
    captures = list(last.captures.all())
    for capture in captures:
        capture.session = session  # read already, with its company
    return captures


def findings_of(session: VerificationSession) -> Found:
    """What was found in every picture of the session, each opened once."""
    return {capture.pk: findings.read(capture) for capture in session.captures.all()}


def documents_of(captures: Iterable[Capture], found: Found) -> list[DocumentFindings]:
    seen = (found.get(capture.pk) for capture in captures)
    return [side for side in seen if isinstance(side, DocumentFindings)]


def erased_at(session: VerificationSession) -> datetime | None:
    """When the pictures of the session were erased."""
    return next((event.at for event in session.events.all() if event.kind == EventKind.PICTURES_ERASED), None)
