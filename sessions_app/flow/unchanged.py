"""The short way for pages that wait: "nothing has changed", from one look at PostgreSQL, before Django is asked.

A waiting page asks every second or so and mostly hears what it knows. `progress` answers with a tag of everything that the answer
follows from; a page that still has this tag is told 304 here. Whatever else comes, or goes wrong, goes on to Django. The tag comes from
the rows as they stand (`xmin` changes with every write to a row), so there is nothing to invalidate and no cache that could be wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2s
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import Error as DatabaseError
from django.db import connection
from django.http import parse_cookie
from django.utils import timezone
from psycopg import pq

from sessions_app import tokens, transfers
from sessions_app.flow.access import COOKIE

BEFORE, AFTER = "/verify/", "/progress/"

STANDING = b"""
    SELECT own.id, extract(epoch FROM own.last_seen_at), ROW(
        s.xmin,
        (SELECT ROW(count(*), max(c.xmin::text::bigint))
            FROM sessions_app_capture c WHERE c.session_id = s.id AND c.replaced_at IS NULL),
        (SELECT a.id FROM sessions_app_attempt a WHERE a.session_id = s.id AND a.verdict = ''),
        CASE WHEN s.extra_filled_at IS NULL THEN
            (SELECT ROW(count(*), max(f.xmin::text::bigint)) FROM settings_app_extrafield f WHERE f.company_id = s.company_id) END,
        (SELECT ROW(m.face_first, m.allowed_documents) FROM settings_app_company m WHERE m.id = s.company_id),
        own.end, own.expires_at > $3,
        t.id, t.rivals, CASE WHEN own.id IS NULL THEN t.last_seen_at <= $4 END
    )::text
    FROM (
        SELECT id AS session_id, NULL::bigint AS transfer_id FROM sessions_app_verificationsession WHERE handle = $1 AND token_hash = $2
        UNION ALL
        SELECT session_id, id FROM sessions_app_transfer WHERE handle = $1 AND token_hash = $2
    ) AS who
    JOIN sessions_app_verificationsession s ON s.id = who.session_id AND s.expires_at > $3
    LEFT JOIN sessions_app_transfer own ON own.id = who.transfer_id
    LEFT JOIN sessions_app_transfer t ON t.session_id = s.id AND t.ended_at IS NULL AND t.expires_at > $3
"""
"""By handle ($1) and cookie ($2): nobody else learns even that something changed. $3 is now, $4 since when a silent phone is quiet."""

SEEN = b"UPDATE sessions_app_transfer SET last_seen_at = $2 WHERE id = $1 AND ended_at IS NULL AND expires_at > $2"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Standing:
    """tag: names everything that the answer follows from. phone: the transfer of the phone that asks, and when it was last seen."""

    tag: str
    phone: tuple[int, datetime] | None


def look(*, handle: str, token: str, now: datetime) -> Standing | None:
    """Return how the session stands for whoever holds this handle and token; None when nobody does, or when it cannot be told."""
    found = _run(STANDING, handle, tokens.hash_token(token), now.isoformat(), (now - transfers.QUIET_AFTER).isoformat())
    if found is None or found.ntuples == 0:
        return None
    transfer_id, last_seen, facts = (found.get_value(0, column) for column in range(3))
    assert facts is not None
    phone = (int(transfer_id), datetime.fromtimestamp(float(last_seen), UTC)) if transfer_id and last_seen else None
    return Standing(blake2s(facts, digest_size=12).hexdigest(), phone)


def _run(statement: bytes, *given: str) -> pq.abc.PGresult | None:
    """Run a statement whose plan PostgreSQL keeps: planning it costs more than running it, and psycopg's own way three times as much.

    None when the database is away or keeps no plans (an old PgBouncer): Django then does without the short way, or says what is wrong.
    """
    try:
        connection.ensure_connection()
        raw: psycopg.Connection[Any] = connection.connection
        name = blake2s(statement, digest_size=8).hexdigest().encode()
        prepared = _prepared.setdefault(raw, set())
        if name not in prepared:
            _succeeded(raw, raw.pgconn.prepare(name, statement))
            prepared.add(name)
        return _succeeded(raw, raw.pgconn.exec_prepared(name, [value.encode() for value in given]))
    except (DatabaseError, psycopg.Error):
        connection.close()
        return None


_prepared: WeakKeyDictionary[psycopg.Connection[Any], set[bytes]] = WeakKeyDictionary()


def _succeeded(raw: psycopg.Connection[Any], result: pq.abc.PGresult) -> pq.abc.PGresult:
    if result.status not in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
        raise psycopg.errors.error_from_result(result, raw.info.encoding)
    return result


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
    standing = look(handle=path[len(BEFORE) : -len(AFTER)], token=token, now=now)
    if standing is None or standing.tag not in has:
        return None
    if standing.phone:
        _note_phone(*standing.phone, now=now)
    return f'"{standing.tag}"'


def _note_phone(transfer_id: int, last_seen_at: datetime, *, now: datetime) -> None:
    """Do what `transfers.seen` does, at a fifth of its price."""
    if last_seen_at <= now - transfers.SEEN_EVERY:
        _run(SEEN, str(transfer_id), now.isoformat())
