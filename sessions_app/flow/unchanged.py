"""The short way for pages that wait: "nothing has changed", from one look at PostgreSQL, before Django is asked.

A waiting page asks every second or so and mostly hears what it knows. `progress` answers with a tag of everything that the answer
follows from; a page that still has this tag is told 304 here. Whatever else comes, or goes wrong, goes on to Django. The tag comes from
the rows as they stand (`xmin` changes with every write to a row), so there is nothing to invalidate and no cache that could be wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s
from typing import Any

import psycopg
from django.db import Error as DatabaseError
from django.db import connection
from django.http import parse_cookie
from django.utils import timezone

from sessions_app import tokens, transfers
from sessions_app.flow.access import COOKIE

BEFORE, AFTER = "/verify/", "/progress/"

STANDING = """
    SELECT own.id, own.last_seen_at, ROW(
        s.xmin,
        (SELECT string_agg(c.xmin::text, ',' ORDER BY c.id)
            FROM sessions_app_capture c WHERE c.session_id = s.id AND c.replaced_at IS NULL),
        (SELECT a.id FROM sessions_app_attempt a WHERE a.session_id = s.id AND a.verdict = ''),
        CASE WHEN s.extra_filled_at IS NULL THEN
            (SELECT string_agg(f.xmin::text, ',' ORDER BY f.id) FROM settings_app_extrafield f WHERE f.company_id = s.company_id) END,
        own.end, own.expires_at > %(now)s,
        t.id, t.rivals, CASE WHEN own.id IS NULL THEN t.last_seen_at <= %(long_ago)s END
    )::text
    FROM (
        SELECT id AS session_id, NULL::bigint AS transfer_id FROM sessions_app_verificationsession
            WHERE handle = %(handle)s AND token_hash = %(token_hash)s
        UNION ALL
        SELECT session_id, id FROM sessions_app_transfer WHERE handle = %(handle)s AND token_hash = %(token_hash)s
    ) AS who
    JOIN sessions_app_verificationsession s ON s.id = who.session_id AND s.expires_at > %(now)s
    LEFT JOIN sessions_app_transfer own ON own.id = who.transfer_id
    LEFT JOIN sessions_app_transfer t ON t.session_id = s.id AND t.ended_at IS NULL AND t.expires_at > %(now)s
"""
"""By the handle and the cookie: nobody else learns even that something changed."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Standing:
    """tag: names everything that the answer follows from. phone: the transfer of the phone that asks, and when it was last seen."""

    tag: str
    phone: tuple[int, datetime] | None


def look(*, handle: str, token: str, now: datetime) -> Standing | None:
    """Return how the session stands for whoever holds this handle and token; None when nobody does."""
    connection.ensure_connection()
    given = {"handle": handle, "token_hash": tokens.hash_token(token), "now": now, "long_ago": now - transfers.QUIET_AFTER}
    found = _prepared(connection.connection, STANDING, given)
    if found is None:
        return None
    transfer_id, last_seen_at, facts = found
    tag = blake2s(facts.encode(), digest_size=12).hexdigest()
    return Standing(tag, (transfer_id, last_seen_at) if transfer_id else None)


def _prepared(raw: psycopg.Connection[Any], statement: str, given: dict[str, Any]) -> Any:
    """Run a statement whose plan PostgreSQL keeps: planning this one costs more than running it. Django's own statements are not kept."""
    raw.prepare_threshold = 0
    try:
        with psycopg.Cursor(raw) as cursor:
            return cursor.execute(statement, given, prepare=True).fetchone()
    finally:
        raw.prepare_threshold = None


def answer_before(application: Application) -> Application:
    """Put the short way before a WSGI application."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        tag = _still_good(environ)
        if tag is None:
            return application(environ, start_response)
        start_response("304 Not Modified", [("ETag", tag), ("Cache-Control", "private, no-store")])
        return []

    return answer


def _still_good(environ: dict[str, Any]) -> str | None:
    """Return the tag of now, if this is a page that asks for progress and has it already."""
    path, has = environ.get("PATH_INFO", ""), environ.get("HTTP_IF_NONE_MATCH", "")
    if not has or environ.get("REQUEST_METHOD") != "GET" or not (path.startswith(BEFORE) and path.endswith(AFTER)):
        return None
    token = parse_cookie(environ.get("HTTP_COOKIE", "")).get(COOKIE, "")
    now = timezone.now()
    try:
        standing = look(handle=path[len(BEFORE) : -len(AFTER)], token=token, now=now)
        if standing is None or standing.tag not in has:
            return None
        if standing.phone:
            transfer_id, last_seen_at = standing.phone
            transfers.seen(transfer_id=transfer_id, last_seen_at=last_seen_at, now=now)
    except (DatabaseError, psycopg.Error):
        connection.close()
        return None
    return f'"{standing.tag}"'
