"""Counts every finished session of a company from scratch: when nobody has yet, in another time zone, or to see that all is well."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Min

from sessions_app.days import day_of, start_of
from sessions_app.metrics.rates import COUNTED
from sessions_app.metrics.rollup import COLUMN_OF, LOCKS
from settings_app.models import Company

COUNTED_IN = {column: f"(outcome, by_hand) = ('{outcome}', {by_hand})" for (outcome, by_hand), column in COLUMN_OF.items()}
NUMBERS = ", ".join(f"count(*) FILTER (WHERE {COUNTED_IN.get(name, name)})" for name in COUNTED)
OLD, NEW = (", ".join(f"{row}.{name}" for name in COUNTED) for row in ("kept", "excluded"))
COUNTS = f"""
INSERT INTO sessions_app_dailycount AS kept (company_id, day, market, document, device, {", ".join(COUNTED)})
SELECT %(company)s, day, market, document, device, {NUMBERS}
FROM (
    SELECT (%(days)s::date[])[width_bucket(closed_at, %(starts)s::timestamptz[])] AS day, market,
        coalesce(nullif(document_kind, ''), chosen_document) AS document, device, outcome, decided_by_hand AS by_hand,
        forced_retries > 0 AS retaken
    FROM sessions_app_verificationsession
    WHERE company_id = %(company)s AND closed_at IS NOT NULL AND outcome = ANY(%(outcomes)s)
    UNION ALL
    SELECT day, market, document, device, '', false, false FROM sessions_app_dailycount WHERE company_id = %(company)s
) AS found
GROUP BY day, market, document, device
ORDER BY day
ON CONFLICT (company_id, day, market, document, device) DO UPDATE SET ({", ".join(COUNTED)}) = ROW ({NEW})
WHERE ({OLD}) <> ({NEW})
"""  # noqa: S608  constants alone
CHECK_COUNTS = """
INSERT INTO sessions_app_dailycheckcount AS kept (company_id, day, market, document, device, check_name, judged, failed, unclear)
SELECT %(company)s, day, market, document, device, name, sum(judged), sum(failed), sum(unclear)
FROM (
    SELECT (%(days)s::date[])[width_bucket(closed_at, %(starts)s::timestamptz[])] AS day, market,
        coalesce(nullif(document_kind, ''), chosen_document) AS document, device, name,
        1 AS judged, (name = ANY(failed_checks))::int AS failed, (name = ANY(unclear_checks))::int AS unclear
    FROM sessions_app_verificationsession, unnest(judged_checks) AS name
    WHERE company_id = %(company)s AND closed_at IS NOT NULL AND outcome = ANY(%(outcomes)s)
    UNION ALL
    SELECT day, market, document, device, check_name, 0, 0, 0 FROM sessions_app_dailycheckcount WHERE company_id = %(company)s
) AS found
GROUP BY day, market, document, device, name
ORDER BY day
ON CONFLICT (company_id, day, check_name, market, document, device) DO UPDATE SET
    judged = excluded.judged, failed = excluded.failed, unclear = excluded.unclear
WHERE (kept.judged, kept.failed, kept.unclear) <> (excluded.judged, excluded.failed, excluded.unclear)
"""
# What is counted already takes part with nothing, so that a slice without a session comes to zero. Days are stored one after the other,
# as they come by themselves: whoever reads a month finds it on few pages of the disk.


MOST_AT_ONCE = 20_000
"""Sessions that a page counts while somebody waits for it: a fifth of a second. More are left to the sweep, which comes every minute."""


def ensure(company: Company) -> None:
    """See to it that there are counts in the company's time zone. Whoever reads metrics asks for this first."""
    if company.counted_zone != company.time_zone:
        recount(company=company, if_stale=True)


def ensure_soon(company: Company) -> bool:
    """The same for who cannot wait: False while so many sessions are not counted that he would have to."""
    is_counted = company.counted_zone == company.time_zone
    if not is_counted and company.sessions.filter(closed_at__isnull=False).order_by()[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE:
        return False
    ensure(company)
    return True


@transaction.atomic
def recount(*, company: Company, if_stale: bool = False) -> int:
    """Count anew and return how many counts were not right. if_stale: unless somebody did while we waited.

    Outcomes of the company wait meanwhile: those stored before are counted here, those after it by themselves.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCKS, company.pk])
        company.refresh_from_db(fields=["time_zone", "counted_zone"])
        if if_stale and company.counted_zone == company.time_zone:
            return 0
        wrong = 0
        for statement in (COUNTS, CHECK_COUNTS):
            cursor.execute(statement, _days(company) | {"company": company.pk, "outcomes": sorted({outcome for outcome, _ in COLUMN_OF})})
            wrong += cursor.rowcount
    company.counted_zone = company.time_zone
    company.save(update_fields=["counted_zone"])
    return wrong


def _days(company: Company) -> dict[str, list[Any]]:
    """Every day on which a session ended, and its first moment: so the calendar is this machine's for each count, not the database's."""
    ends = company.sessions.filter(closed_at__isnull=False).aggregate(first=Min("closed_at"), last=Max("closed_at"))
    if ends["first"] is None:
        return {"days": [], "starts": []}
    first, last = (day_of(ends[edge], company.zone) for edge in ("first", "last"))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return {"days": days, "starts": [start_of(day, company.zone) for day in days]}
