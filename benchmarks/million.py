"""A database as large as a busy company's: `python -m benchmarks.million --rows 1000000`.

DATABASE_URL names a migrated database without a company; SECRET_KEY and MASTER_KEYS are set as for the portal. Six of ten sessions
belong to one company, the others to four. The same number of rows gives the same sessions but for the moment they are counted back
from. Names are made searchable by the product's own rule; everything else is SQL.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
from django.db import connection, transaction

from benchmarks.million_names import SCRIPTS

VERSION = 3
"""Of the rows that are made. A database of another version is no longer ours."""

LARGEST = "Meridian Bank"
COMPANIES = (
    (LARGEST, "Asia/Tbilisi"),
    ("Borealis Pay", "Europe/Oslo"),
    ("Cumbre", "Europe/Madrid"),
    ("Delta Loans", "UTC"),
    ("Esker", "UTC"),
)
"""Name and time zone. Of ten sessions the companies have six, one, one, one and one."""

EXTRA_FIELDS = (("phone", "Phone", "PHONE"), ("email", "E-mail", "EMAIL"), ("account", "Account", "TEXT"))
SPAN = timedelta(days=730)
SESSIONS = Path(__file__).with_suffix(".sql")
TABLES = ("sessions_app_verificationsession", "sessions_app_capture", "sessions_app_attempt")

PICK = """
CREATE OR REPLACE FUNCTION pg_temp.pick(row_number bigint, salt int, choices int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT mod(hashint8extended(row_number, salt) & 2147483647, choices)::int $$
"""
SELFIES = """
INSERT INTO sessions_app_capture (session_id, public_id, kind, source, upload_key, state, problems, kept_despite_problems, findings_sealed,
    face_engine, created_at, inspected_at, tries)
SELECT id, md5('selfie' || id)::uuid, 'SELFIE', 'CAMERA', md5('key' || id), 'INSPECTED', '{}', false, '\\x00', '', opened_at, opened_at, 1
FROM sessions_app_verificationsession WHERE result_attempt > 0
"""
ATTEMPTS = """
INSERT INTO sessions_app_attempt (session_id, number, max_retries, submit_key, state, verdict, reasons, submitted_at, decided_at, tries)
SELECT id, result_attempt, 5, '', 'DECIDED', outcome, '{}', last_activity_at, closed_at, 1
FROM sessions_app_verificationsession WHERE result_attempt > 0
"""


class NotEmpty(RuntimeError):
    """The database holds a company already; it stays as it is."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.million", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="sessions to make")
    options = parser.parse_args()
    django.setup()
    began = time.monotonic()
    fill(rows=options.rows, now=datetime.now(UTC))
    print(f"{options.rows:,} sessions in {time.monotonic() - began:.0f} s")


def fill(*, rows: int, now: datetime) -> None:
    """Fill a migrated database that holds no company yet, wholly or not at all. Raises NotEmpty."""
    from sessions_app.metrics import recount
    from settings_app.models import Company

    if Company.objects.exists():
        raise NotEmpty("This database holds a company already. Name an empty one.")
    with transaction.atomic(), connection.cursor() as cursor:
        found_companies(now)
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL maintenance_work_mem = '512MB'; SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(PICK)
        list_names(cursor)
        with without_indexes(cursor):
            given: dict[str, Any] = {"rows": rows, "now": now, "span": SPAN}
            for statement in (SESSIONS.read_text("utf-8"), SELFIES, ATTEMPTS):
                cursor.execute(statement, given)
    for company in Company.objects.all():
        recount.recount(company=company)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def found_companies(now: datetime) -> None:
    from settings_app import keys
    from settings_app.choices import Role
    from settings_app.models import Company, User

    for position, (name, zone) in enumerate(COMPANIES):
        company = Company(name=name, time_zone=zone, created_at=now - SPAN)
        keys.give_key(company)
        company.save(force_insert=True)
        for place, (key, label, kind) in enumerate(EXTRA_FIELDS):
            company.extra_fields.create(key=key, label=label, type=kind, position=place)
        for role in Role:
            User.objects.create_user(f"{role.lower()}@company{position}.example", company=company, role=role)


def list_names(cursor: Any) -> None:
    """Give SQL every name, and what the product's search makes of it."""
    from sessions_app.search import normalise

    cursor.execute(
        "CREATE TEMP TABLE name (script int, part int, position int, written text, words text, PRIMARY KEY (script, part, position))"
        " ON COMMIT DROP"
    )
    for number, script in enumerate(SCRIPTS):
        for part, names in enumerate((script.first, tuple(script.last()))):
            lines = [(number, part, position, name, " ".join(normalise(name))) for position, name in enumerate(names)]
            cursor.executemany("INSERT INTO name VALUES (%s, %s, %s, %s, %s)", lines)
    cursor.execute("CREATE TEMP TABLE script (percent int PRIMARY KEY, script int, firsts int, lasts int) ON COMMIT DROP")
    scripts = [number for number, script in enumerate(SCRIPTS) for _ in range(script.share)]
    sizes = [(len(script.first), len(list(script.last()))) for script in SCRIPTS]
    cursor.executemany(
        "INSERT INTO script VALUES (%s, %s, %s, %s)", [(percent, number, *sizes[number]) for percent, number in enumerate(scripts)]
    )
    cursor.execute("ANALYZE name; ANALYZE script")


@contextmanager
def without_indexes(cursor: Any) -> Iterator[None]:
    """Drop the indexes that no constraint stands on, and make them again: building them at once takes a fraction of the time."""
    cursor.execute(
        "SELECT format('%%I', i.indexname), i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s)"
        " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname) AND i.indexdef NOT LIKE 'CREATE UNIQUE%%'",
        [list(TABLES)],
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        cursor.execute(definition)


if __name__ == "__main__":
    main()
