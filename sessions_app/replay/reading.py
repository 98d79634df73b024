"""Past sessions for a replay, newest first, some at a time: by key, so that memory stays flat and any worker can go on (R43)."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from checks_app.decision import Verdict
from checks_app.rejudging import Essence
from sessions_app.choices import Outcome
from sessions_app.models import ReplayLine, Review, VerificationSession
from sessions_app.replay.lines import ESSENCE_COLUMNS
from sessions_app.replay.tally import Line
from settings_app.models.threshold_set import SCORES


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


class Kind(NamedTuple):
    """All that decides how a session ends in a replay; sessions of one kind end alike. attempts: JSON, for `lines_of`."""

    market: str
    attempts: str


class Past(NamedTuple):
    """A session and its kind."""

    session_id: int
    kind: Kind


Edges = Mapping[str, list[float]]
"""For each score the places where its status may change, see `checks_app.thresholds.edges_of`."""

LINES, SESSIONS = ReplayLine._meta.db_table, VerificationSession._meta.db_table


def _kept(column: str) -> str:
    """A score counts by the edge that it reaches."""
    edges = f"%({column})s::float8[]"
    return f"({edges})[width_bucket(line.{column}, {edges})]" if column in SCORES else f"line.{column}"


ATTEMPTS = f"""
SELECT picked.at::text, picked.id, picked.session_id, picked.market, attempts.ended_by, attempts.told
FROM picked CROSS JOIN LATERAL (
    SELECT min(line.attempt_id) FILTER (WHERE line.verdict <> '{Verdict.RETRY}') AS ended_by,
    json_agg(json_build_array(line.verdict, {", ".join(map(_kept, ESSENCE_COLUMNS))}) ORDER BY line.attempt_id)::text AS told
    FROM {LINES} AS line WHERE line.session_id = picked.session_id
) AS attempts
ORDER BY picked.at DESC, picked.id DESC
"""  # noqa: S608 - names of our own tables and columns
"""The attempts of each session that was picked. at is text, because only the last one is looked at and a date costs as much as a row."""

ENDED = f"""
WITH picked AS MATERIALIZED (
    SELECT line.decided_at AS at, line.attempt_id AS id, line.session_id, line.market FROM {LINES} AS line
    WHERE line.company_id = %(company)s AND line.verdict <> '{Verdict.RETRY}' AND (%(market)s = '' OR line.market = %(market)s)
    AND line.decided_at <= %(at)s AND (line.decided_at, line.attempt_id) < (%(at)s, %(id)s)
    AND (%(since)s::timestamptz IS NULL OR line.decided_at >= %(since)s)
    ORDER BY line.decided_at DESC, line.attempt_id DESC LIMIT %(many)s
) {ATTEMPTS}"""  # noqa: S608
"""Verdicts that ended a session, with all attempts of the session."""

ABANDONED = f"""
WITH picked AS MATERIALIZED (
    SELECT session.closed_at AS at, session.id, session.id AS session_id, session.market FROM {SESSIONS} AS session
    WHERE session.company_id = %(company)s AND session.outcome = '{Outcome.ABANDONED}' AND session.closed_at IS NOT NULL
    AND (%(market)s = '' OR session.market = %(market)s)
    AND session.closed_at <= %(at)s AND (session.closed_at, session.id) < (%(at)s, %(id)s)
    AND (%(since)s::timestamptz IS NULL OR session.closed_at >= %(since)s)
    ORDER BY session.closed_at DESC, session.id DESC LIMIT %(many)s
) {ATTEMPTS}"""  # noqa: S608
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


def ended(window: Window, place: Place | None, *, edges: Edges, many: int) -> tuple[list[Past], Place | None]:
    """Sessions that had an automatic outcome, by the moment of their first. Returns them and the place after them; None: no more."""
    rows = _rows(ENDED, window, place=place, edges=edges, many=many)
    # another verdict ended it first where a reviewer had a step done again, and the session stands at its first outcome
    found = [Past(session, Kind(market, told)) for _at, picked, session, market, ended_by, told in rows if ended_by == picked]
    return found, _place_after(rows, many)


def abandoned(window: Window, place: Place | None, *, edges: Edges, many: int) -> tuple[list[Past], Place | None]:
    """Sessions that were abandoned after failed attempts."""
    rows = _rows(ABANDONED, window, place=place, edges=edges, many=many)
    found = [Past(session, Kind(market, told)) for _at, _id, session, market, ended_by, told in rows if told and ended_by is None]
    return found, _place_after(rows, many)


def lines_of(kind: Kind) -> tuple[Line, ...]:
    """The attempts of sessions of this kind, oldest first. Scores are the edges that they reach."""
    return tuple(Line(recorded, Essence._make(kept)) for recorded, *kept in json.loads(kind.attempts))


def without_line(window: Window) -> int:
    """Sessions of the window that cannot be replayed, because nothing was kept of them."""
    return int(_rows(WITHOUT_LINE, window)[0][0])


def public_ids(session_ids: Collection[int]) -> dict[int, UUID]:
    return dict(VerificationSession.objects.filter(pk__in=session_ids).values_list("pk", "public_id"))


def decided_by_people(session_ids: Collection[int]) -> dict[int, str]:
    """What reviewers decided and what stands."""
    return dict(Review.objects.filter(session__in=session_ids, undone_at=None).values_list("session_id", "outcome"))


def _rows(
    query: str, window: Window, *, place: Place | None = None, edges: Edges | None = None, many: int | None = None
) -> list[tuple[Any, ...]]:
    start = place or Place(window.until, 0)  # before the first row of that moment
    values: dict[str, Any] = {"company": window.company_id, "market": window.market, "since": window.since, "until": window.until}
    with connection.cursor() as cursor:
        cursor.execute(query, {**values, **(edges or {}), "at": start.at, "id": start.id, "many": many})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _place_after(rows: list[tuple[Any, ...]], many: int) -> Place | None:
    if len(rows) < many:
        return None
    at, last = rows[-1][:2]
    return Place(datetime.fromisoformat(at), last)
