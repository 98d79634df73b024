"""Past sessions for a replay, newest first, some at a time: by key, so that memory stays flat and any worker can go on (R43)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from checks_app.decision import Verdict
from checks_app.rejudging import Essence
from sessions_app.choices import Outcome
from sessions_app.models import ReplayLine, Review, VerificationSession
from sessions_app.replay.lines import ESSENCE_COLUMNS
from sessions_app.replay.tally import Line


class Place(NamedTuple):
    """Up to where was read: a moment, and a row of that moment."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Window:
    """Which sessions are replayed. market: '' for all. since: None as far back as there are any."""

    company_id: int
    market: str
    since: datetime | None
    until: datetime


class Past(NamedTuple):
    """A session with its attempts, oldest first."""

    session_id: int
    market: str
    lines: tuple[Line, ...]

    @property
    def recorded(self) -> list[str]:
        """The verdicts that ended it; several when a reviewer asked for a step again."""
        return [line.recorded for line in self.lines if line.recorded != Verdict.RETRY]


COLUMNS = ", ".join(f"line.{name}" for name in ("session_id", "market", "verdict", *ESSENCE_COLUMNS))
LINES, SESSIONS = ReplayLine._meta.db_table, VerificationSession._meta.db_table

ENDED = f"""
WITH picked AS MATERIALIZED (
    SELECT line.session_id, line.attempt_id, line.decided_at FROM {LINES} AS line
    WHERE line.company_id = %(company)s AND line.verdict <> '{Verdict.RETRY}' AND (%(market)s = '' OR line.market = %(market)s)
    AND line.decided_at <= %(at)s AND (line.decided_at, line.attempt_id) < (%(at)s, %(id)s)
    AND (%(since)s::timestamptz IS NULL OR line.decided_at >= %(since)s)
    ORDER BY line.decided_at DESC, line.attempt_id DESC LIMIT %(many)s
)
SELECT picked.decided_at, picked.attempt_id, line.attempt_id, {COLUMNS}
FROM picked CROSS JOIN LATERAL (SELECT * FROM {LINES} AS of_session WHERE of_session.session_id = picked.session_id OFFSET 0) AS line
ORDER BY picked.decided_at DESC, picked.attempt_id DESC, line.attempt_id
"""  # noqa: S608 - names of our own tables and columns
"""Verdicts that ended a session, each with all attempts of the session.

OFFSET 0 keeps the planner at one look by session for each: it would rather read the whole table once for every chunk.
"""

ABANDONED = f"""
WITH picked AS MATERIALIZED (
    SELECT session.id, session.closed_at FROM {SESSIONS} AS session
    WHERE session.company_id = %(company)s AND session.outcome = '{Outcome.ABANDONED}' AND session.closed_at IS NOT NULL
    AND (%(market)s = '' OR session.market = %(market)s)
    AND session.closed_at <= %(at)s AND (session.closed_at, session.id) < (%(at)s, %(id)s)
    AND (%(since)s::timestamptz IS NULL OR session.closed_at >= %(since)s)
    ORDER BY session.closed_at DESC, session.id DESC LIMIT %(many)s
)
SELECT picked.closed_at, picked.id, line.attempt_id, {COLUMNS}
FROM picked LEFT JOIN LATERAL (SELECT * FROM {LINES} AS of_session WHERE of_session.session_id = picked.id OFFSET 0) AS line ON true
ORDER BY picked.closed_at DESC, picked.id DESC, line.attempt_id
"""  # noqa: S608
"""Abandoned sessions with their attempts; most have none."""

WITHOUT_LINE = f"""
SELECT count(*) FROM {SESSIONS} AS session
WHERE session.company_id = %(company)s AND session.closed_at IS NOT NULL AND session.closed_at < %(until)s AND session.result_attempt > 0
AND session.outcome IN ('{Outcome.APPROVE}', '{Outcome.REVIEW}', '{Outcome.DECLINE}')
AND (%(market)s = '' OR session.market = %(market)s)
AND (%(since)s::timestamptz IS NULL OR session.closed_at >= %(since)s)
AND NOT EXISTS (SELECT 1 FROM {LINES} AS line WHERE line.session_id = session.id)
"""  # noqa: S608

COUNT = f"""
SELECT count(*) FROM (
    SELECT 1 FROM {LINES} AS line
    WHERE line.company_id = %(company)s AND line.verdict <> '{Verdict.RETRY}' AND (%(market)s = '' OR line.market = %(market)s)
    AND line.decided_at < %(until)s AND (%(since)s::timestamptz IS NULL OR line.decided_at >= %(since)s) LIMIT %(many)s
) AS found
"""  # noqa: S608


def count(window: Window, *, at_most: int | None) -> int:
    """How many sessions there are to replay, but for the few that ended twice."""
    return int(_rows(COUNT, window, many=at_most)[0][0])


def ended(window: Window, place: Place | None, *, many: int) -> tuple[list[Past], Place | None]:
    """Sessions that had an automatic outcome, by the moment of their first. Returns them and the place after them; None: no more."""
    rows = _rows(ENDED, window, place=place, many=many)
    found = []
    for (_at, picked), group in groupby(rows, key=lambda row: row[:2]):
        attempts = list(group)
        first = next(row[2] for row in attempts if row[5] != Verdict.RETRY)
        if first == picked:  # else a reviewer had a step done again, and the session stands at its first outcome
            found.append(_past(attempts))
    return found, _place_after(rows, many)


def abandoned(window: Window, place: Place | None, *, many: int) -> tuple[list[Past], Place | None]:
    """Sessions that were abandoned after failed attempts."""
    rows = _rows(ABANDONED, window, place=place, many=many)
    tried = [list(group) for _key, group in groupby((row for row in rows if row[2] is not None), key=lambda row: row[1])]
    found = [past for past in map(_past, tried) if not past.recorded]
    return found, _place_after(rows, many)


def without_line(window: Window) -> int:
    """Sessions of the window that cannot be replayed, because nothing was kept of them."""
    return int(_rows(WITHOUT_LINE, window)[0][0])


def public_ids(session_ids: Collection[int]) -> dict[int, UUID]:
    return dict(VerificationSession.objects.filter(pk__in=session_ids).values_list("pk", "public_id"))


def decided_by_people(session_ids: Collection[int]) -> dict[int, str]:
    """What reviewers decided and what stands."""
    return dict(Review.objects.filter(session__in=session_ids, undone_at=None).values_list("session_id", "outcome"))


def _rows(query: str, window: Window, *, place: Place | None = None, many: int | None = None) -> list[tuple[Any, ...]]:
    start = place or Place(window.until, 0)  # before the first row of that moment
    values: dict[str, Any] = {"company": window.company_id, "market": window.market, "since": window.since, "until": window.until}
    with connection.cursor() as cursor:
        cursor.execute(query, values | {"at": start.at, "id": start.id, "many": many})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _past(rows: list[tuple[Any, ...]]) -> Past:
    lines = tuple(Line(row[3], row[5], Essence._make(row[6:])) for row in rows)
    return Past(rows[0][3], rows[0][4], lines)


def _place_after(rows: list[tuple[Any, ...]], many: int) -> Place | None:
    picked = {row[:2] for row in rows}
    return Place(*rows[-1][:2]) if len(picked) == many else None
