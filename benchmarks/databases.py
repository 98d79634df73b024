"""Databases of many sessions, made once: a second run finds them. They stand beside the one that DATABASE_URL names."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from benchmarks import million

MARK = "sessions_"


def use(rows: int) -> None:
    """Connect to a database of so many sessions, made now if there is none of this generator and these migrations."""
    name = f"{MARK}{rows}_{_state()}"
    _connect_to(os.environ["DATABASE_URL"].rsplit("/", 1)[1].partition("?")[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{MARK}{rows}\\_%"])
        known = {found for (found,) in cursor.fetchall()}
        for old in known - {name}:
            _run(cursor, "DROP DATABASE {}", old)
        if name not in known:
            _make(cursor, name, rows)
    _connect_to(name)


def _make(cursor: Any, name: str, rows: int) -> None:
    began, unfinished = time.monotonic(), f"unfinished_{rows}"
    print(f"Making {rows:,} sessions (once) …", flush=True)
    _run(cursor, "DROP DATABASE IF EXISTS {}", unfinished)
    _run(cursor, "CREATE DATABASE {}", unfinished)
    first = connection.settings_dict["NAME"]
    _connect_to(unfinished)
    call_command("migrate", interactive=False, verbosity=0)
    million.fill(rows=rows, now=datetime.now(UTC))
    _connect_to(first)
    with connection.cursor() as again:
        _run(again, f"ALTER DATABASE {{}} RENAME TO {name}", unfinished)
    print(f"… in {time.monotonic() - began:.0f} s\n", flush=True)


def _run(cursor: Any, statement: str, name: str) -> None:
    cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _connect_to(name: str) -> None:
    connection.close()
    connections["default"].settings_dict["NAME"] = name


def _state() -> str:
    """Changes with the generator and with the migrations."""
    digest = hashlib.sha256(str(million.VERSION).encode())
    for path in sorted(Path(million.__file__).parents[1].glob("s*_app/migrations/0*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
