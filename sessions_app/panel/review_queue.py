"""The queue of sessions in review, who has waited longest first, and the number in the ribbon (R24)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sessions_app import claims
from sessions_app.choices import Outcome
from sessions_app.models import VerificationSession
from sessions_app.panel import drift_cards, facts
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.orders import Keyed, Order, Place
from sessions_app.panel.review_card import Claim, claim_of
from sessions_app.panel.review_words import reasons_of
from settings_app.choices import DocumentChoice
from settings_app.models import Company, User

PAGE_SIZE = 50
BADGE_COUNTS_TO = 99
"""Above, the ribbon says 99+: counting on would tell nobody anything."""

LONGEST_WAITING = Order("closed_at", F("closed_at"), descending=False)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

FILTERS: dict[str, type_of_text] = {"": _("All"), "unclaimed": _("Unclaimed"), "mine": _("Mine")}


@dataclass(frozen=True, slots=True)
class Row:
    """A session that waits. `ticked` is what its box sends: the session and the attempt that gave the result."""

    public_id: UUID
    has_selfie: bool
    name: str
    identified: bool
    document: type_of_text
    why: list[type_of_text]
    since: datetime
    claim: Claim
    ticked: str


@dataclass(frozen=True, slots=True)
class Filter:
    label: type_of_text
    query: str
    active: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the queue. Queries are without the question mark; '' means no such link."""

    rows: list[Row]
    filters: list[Filter]
    narrowed: bool
    paged: bool
    earlier: str
    later: str
    shown: str


def queue_of(*, company: Company, user: User, asked: dict[str, Any], now: datetime) -> Queue:
    """Read the page that the address asks for. asked: `show`, and `after` or `before` a place."""
    show = asked.get("show", "")
    show = show if show in FILTERS else ""
    sessions, earlier, later = _page(_waiting(company, user, show, now), asked)
    return Queue(
        rows=[_row(session, user, now) for session in sessions],
        filters=[Filter(label, urlencode({"show": name} if name else {}), name == show) for name, label in FILTERS.items()],
        narrowed=bool(show),
        paged=bool(asked.get("after") or asked.get("before")),
        earlier=_query(show, before=_place(sessions[0])) if earlier else "",
        later=_query(show, after=_place(sessions[-1])) if later else "",
        shown=show,
    )


def number_waiting(company: Company) -> str:
    """How many sessions of the company are in review, as the badge says it; '' for none. One query that stops at a hundred.

    Every page asks it. Django takes longer to wrap it into a COUNT than to fetch a hundred keys.
    """
    number = len(company.sessions.filter(outcome=Outcome.REVIEW).order_by().values_list("pk")[: BADGE_COUNTS_TO + 1])
    if number > BADGE_COUNTS_TO:
        return f"{BADGE_COUNTS_TO}+"
    return str(number) if number else ""


def ribbon(request: HttpRequest) -> dict[str, Callable[[], str]]:
    """For templates: the numbers in the ribbon, asked for by pages of a company only, when they print them, and once."""
    company: Company | None = getattr(request, "company", None)
    return {
        "reviews_waiting": cache(lambda: number_waiting(company) if company else ""),
        "drifts_open": cache(lambda: drift_cards.number_open(company) if company else ""),
    }


def _waiting(company: Company, user: User, show: str, now: datetime) -> Keyed:
    found = LONGEST_WAITING.keyed(company.sessions.filter(outcome=Outcome.REVIEW).for_listing().select_related("claimed_by"))
    if show == "unclaimed":
        return found.filter(claims.unclaimed(now))
    return found.filter(claimed_by=user, claimed_until__gt=now) if show == "mine" else found


def _page(waiting: Keyed, asked: dict[str, Any]) -> tuple[list[VerificationSession], bool, bool]:
    """The sessions of the page, and whether there are earlier and later ones. A place stays one when its session has left the queue."""
    if before := _read_place(asked.get("before", "")):
        found = _first(waiting, LONGEST_WAITING.backwards(), before)[::-1]
        if len(found) > PAGE_SIZE:
            return found[1:], True, True
    elif after := _read_place(asked.get("after", "")):
        found = _first(waiting, LONGEST_WAITING, after)
        return found[:PAGE_SIZE], bool(found), len(found) > PAGE_SIZE
    found = _first(waiting, LONGEST_WAITING, None)
    return found[:PAGE_SIZE], False, len(found) > PAGE_SIZE


def _first(waiting: Keyed, order: Order, place: Place | None) -> list[VerificationSession]:
    return list(order.sort(order.beyond(waiting, place))[: PAGE_SIZE + 1])


def _place(session: VerificationSession) -> str:
    """Where a session stands: microseconds and a number, which stay true whatever becomes of the session."""
    since = session.closed_at or EPOCH
    return f"{(since - EPOCH) // timedelta(microseconds=1)}-{session.pk}"


def _read_place(text: str) -> Place | None:
    since, _dash, number = text.partition("-")
    if not (since.isdecimal() and number.isdecimal() and len(since) < 18 and len(number) < 19):
        return None
    return EPOCH + timedelta(microseconds=int(since)), int(number)


def _query(show: str, **place: str) -> str:
    return urlencode({**({"show": show} if show else {}), **place})


def _row(session: VerificationSession, user: User, now: datetime) -> Row:
    document = session.document_kind or session.chosen_document
    return Row(
        public_id=session.public_id,
        has_selfie=session.selfie_id is not None,  # type: ignore[attr-defined]  # annotated by for_listing
        name=facts.name_of(session),
        identified=bool(session.first_name or session.last_name),
        document=DocumentChoice(document).label if document else "",
        why=reasons_of(session),
        since=session.closed_at or EPOCH,
        claim=claim_of(session, user=user, now=now),
        ticked=f"{session.public_id}.{session.result_attempt}",
    )
