"""Keeps the daily counts true: each change of an outcome counts its session out of where it stood and into where it stands (R50).

All happens in the transaction of the outcome, so a count never tells of a session that was not stored, or misses one. What a session
adds is a function of its row alone, therefore a recount from scratch gives the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.backends.utils import CursorWrapper

from sessions_app.choices import Outcome
from sessions_app.days import day_of
from sessions_app.metrics.rates import COUNTED
from sessions_app.models import VerificationSession

LOCKS = 7303
"""First key of the advisory locks: shared by everyone who counts sessions of a company, alone for who counts them all anew."""

COLUMN_OF: dict[tuple[str, bool], str] = {
    (Outcome.APPROVE, False): "approved_by_checks",
    (Outcome.APPROVE, True): "approved_by_hand",
    (Outcome.REVIEW, False): "in_review",
    (Outcome.DECLINE, False): "declined_by_checks",
    (Outcome.DECLINE, True): "declined_by_hand",
    (Outcome.ABANDONED, False): "abandoned",
}
"""Where a finished session counts, by its outcome and whether a reviewer decided. Every other session counts nowhere."""

STANDING = """
SELECT company.counted_zone, session.company_id, session.market, coalesce(nullif(session.document_kind, ''), session.chosen_document),
    session.device, (session.forced_retries > 0)::int, session.judged_checks, session.failed_checks, session.unclear_checks
FROM sessions_app_verificationsession AS session JOIN settings_app_company AS company ON company.id = session.company_id
WHERE session.id = %s
"""
COLUMNS, VALUES = ", ".join(COUNTED), ", ".join(f"%({name})s" for name in COUNTED)
MORE = ", ".join(f"{name} = kept.{name} + excluded.{name}" for name in COUNTED)
LESS = ", ".join(f"{name} = greatest(0, {name} - %({name})s)" for name in COUNTED)
COUNT_IN = f"""
INSERT INTO sessions_app_dailycount AS kept (company_id, day, market, document, device, {COLUMNS})
VALUES (%(company)s, %(day)s, %(market)s, %(document)s, %(device)s, {VALUES})
ON CONFLICT (company_id, day, market, document, device) DO UPDATE SET {MORE}
"""  # noqa: S608  constants alone
COUNT_OUT = f"""
UPDATE sessions_app_dailycount SET {LESS}
WHERE company_id = %(company)s AND day = %(day)s AND market = %(market)s AND document = %(document)s AND device = %(device)s
"""  # noqa: S608  constants alone
CHECKS_IN = """
INSERT INTO sessions_app_dailycheckcount AS kept (company_id, day, market, document, device, check_name, judged, failed, unclear)
SELECT %(company)s, %(day)s, %(market)s, %(document)s, %(device)s,
    name, 1, (name = ANY(%(failed)s::text[]))::int, (name = ANY(%(unclear)s::text[]))::int
FROM unnest(%(judged)s::text[]) AS name
ON CONFLICT (company_id, day, check_name, market, document, device) DO UPDATE SET
    judged = kept.judged + excluded.judged, failed = kept.failed + excluded.failed, unclear = kept.unclear + excluded.unclear
"""
CHECKS_OUT = """
UPDATE sessions_app_dailycheckcount SET
    judged = greatest(0, judged - 1),
    failed = greatest(0, failed - (check_name = ANY(%(failed)s::text[]))::int),
    unclear = greatest(0, unclear - (check_name = ANY(%(unclear)s::text[]))::int)
WHERE company_id = %(company)s AND day = %(day)s AND market = %(market)s AND document = %(document)s AND device = %(device)s
    AND check_name = ANY(%(judged)s::text[])
"""
# A number that was wrong before never stands in the way of an outcome (greatest), and a recount finds it.


@dataclass(frozen=True, slots=True)
class Ending:
    """How a session ended, if it did."""

    outcome: str
    closed_at: datetime | None
    by_hand: bool

    @property
    def column(self) -> str | None:
        """The column in which it counts; None: in none."""
        return COLUMN_OF.get((self.outcome, self.by_hand))

    def day(self, zone: ZoneInfo) -> date:
        assert self.closed_at is not None, "whatever counts is closed"
        return day_of(self.closed_at, zone)


@dataclass(frozen=True, slots=True)
class Standing:
    """What else of a session counts, and the time zone of the company's days ('': nothing is counted yet)."""

    zone: str
    values: dict[str, Any]


def count_move(session: VerificationSession, *, old: Ending, new: Ending) -> None:
    """Count a session anew after its move and in the same transaction, which holds its row.

    Whoever changes counts of a slice holds the slice's own row before those of its checks, and earlier days before later ones: so
    nobody waits in a circle.
    """
    moves = [(ending, way) for ending, way in ((old, (COUNT_OUT, CHECKS_OUT)), (new, (COUNT_IN, CHECKS_IN))) if ending.column]
    if not moves:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [LOCKS, session.company_id])
        standing = _standing(cursor, session)  # only now: the zone changes under the lock, other columns may have changed a moment ago
        if not standing.zone:
            return  # everything is counted when somebody first looks
        zone = ZoneInfo(standing.zone)
        moves.sort(key=lambda move: move[0].day(zone))  # stable: out first on the same day
        stays = len({ending.day(zone) for ending, _way in moves}) < len(moves)
        for ending, (count, checks) in moves:
            columns = {name: int(name == ending.column) for name in COLUMN_OF.values()}
            values = standing.values | columns | {"day": ending.day(zone)}
            cursor.execute(count, values)
            if values["judged"] and not stays:
                cursor.execute(checks, values)


def _standing(cursor: CursorWrapper, session: VerificationSession) -> Standing:
    cursor.execute(STANDING, [session.pk])
    zone, *values = cursor.fetchone()
    names = ("company", "market", "document", "device", "retaken", "judged", "failed", "unclear")
    return Standing(zone, dict(zip(names, values, strict=True)))
