"""One session as a row of the list: what the template prints, decided beforehand (R63)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import dateformat
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sessions_app.choices import Outcome
from sessions_app.models import VerificationSession
from sessions_app.panel import labels
from sessions_app.panel.labels import UNIDENTIFIED, Badge, truth_badge, type_of_text, verified_badge
from settings_app.choices import DocumentChoice
from settings_app.models import ExtraField


@dataclass(frozen=True, slots=True)
class Row:
    """A row. `stamp` changes whenever anything that the row shows does, so that an unchanged row is left alone.

    What is our own text is marked as safe: escaping it again was a third of the time that printing a row takes.
    """

    public_id: UUID
    key: SafeString  # the public id as text
    address: SafeString  # of the details page; the row's other addresses continue it
    selfie_id: UUID | None
    first_name: str
    last_name: str
    identified: bool
    created_at: datetime
    created: SafeString  # in the company's time zone, for reading
    moment: SafeString  # the same, for machines
    exact: str
    judgement: SafeString  # the cells that say how it stands
    extra: str
    is_open: bool
    stamp: str


def rows_of(sessions: Iterable[VerificationSession], fields: list[ExtraField], zone: ZoneInfo, *, now: datetime) -> list[Row]:
    """Turn sessions read with `for_rows` into rows. fields: the extra fields of their company, in order; zone: the company's."""
    pages = reverse("panel:session_list")
    return [_row(session, fields, zone, pages, now) for session in sessions]


def extra_pairs(session: VerificationSession, fields: Iterable[ExtraField]) -> list[tuple[str, str]]:
    """The extra values that the session holds as (label, value), in the company's order."""
    given: dict[str, Any] = session.extra_values
    return [(field.label, str(given[field.key])) for field in fields if given.get(field.key)]


@dataclass(frozen=True, slots=True)
class Words:
    """What a row says of its state, in one language."""

    document: type_of_text
    liveness: Badge
    verified: Badge
    exact: str


def _row(session: VerificationSession, fields: list[ExtraField], zone: ZoneInfo, pages: str, now: datetime) -> Row:
    pairs = extra_pairs(session, fields)
    extra = "; ".join(f"{label}: {value}" for label, value in pairs) if len(pairs) > 1 else "".join(value for _, value in pairs)
    created = session.created_at.astimezone(zone)
    over = not session.link_works(now)
    words, judgement = _words(
        get_language(),
        session.outcome,
        opened=session.opened_at is not None,
        over=over,
        checking=session.being_checked is not None,  # type: ignore[attr-defined]  # annotated by for_rows
        live=session.liveness_passed,
        document=session.document_kind or session.chosen_document,
    )
    return Row(
        public_id=session.public_id,
        key=SafeString(session.public_id),
        address=SafeString(f"{pages}{session.public_id}/"),
        selfie_id=session.selfie_id,  # type: ignore[attr-defined]  # annotated by for_rows
        first_name=session.first_name or UNIDENTIFIED,
        last_name=session.last_name or UNIDENTIFIED,
        identified=bool(session.first_name or session.last_name),
        created_at=session.created_at,
        created=SafeString(dateformat.format(created, "j M Y H:i")),
        moment=SafeString(created.isoformat(timespec="seconds")),
        exact=words.exact,
        judgement=judgement,
        extra=extra,
        is_open=session.is_open,
        stamp=_stamp(session, extra, over),
    )


@lru_cache(maxsize=1024)
def _words(
    language: str, outcome: str, *, opened: bool, over: bool, checking: bool, live: bool | None, document: str
) -> tuple[Words, SafeString]:
    """What a row says and the cells that say it, translated and printed once for all rows that stand alike."""
    words = Words(
        document=DocumentChoice(document).label if document else "",
        liveness=truth_badge(live, yes=_("Passed"), no=_("Not passed")),
        verified=verified_badge(outcome),
        exact=str(Outcome(outcome).label if outcome != Outcome.PENDING else labels.open_word(opened=opened, over=over, checking=checking)),
    )
    return words, render_to_string("panel/sessions/_judgement.html", {"words": words})


def _stamp(session: VerificationSession, extra: str, over: bool) -> str:
    shown = [
        session.outcome,
        over and session.is_open,
        session.opened_at is None,
        session.being_checked is None,  # type: ignore[attr-defined]
        session.selfie_id,  # type: ignore[attr-defined]
        session.first_name,
        session.last_name,
        session.document_kind or session.chosen_document,
        session.liveness_passed,
        extra,
    ]
    return hashlib.blake2s(repr(shown).encode(), digest_size=6).hexdigest()
