"""R42, R81: the tuning journal and the audit trail cannot be emptied, whoever asks for it."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from tests import emptying

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def as_in_a_portal(db: None) -> None:
    """Undone with the transaction of the test."""
    emptying.set_triggers("ENABLE")


@pytest.mark.parametrize("table", emptying.NEVER_EMPTIED)
def test_database_refuses_to_empty_the_table(table: str) -> None:
    """The tests' own role is a superuser."""
    with pytest.raises(DatabaseError, match=f"{table} is append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_flush_is_refused_in_words() -> None:
    with pytest.raises(CommandError, match="audit trail and the tuning journal are append-only"):
        call_command("flush", interactive=False, verbosity=0)


def test_flush_that_fails_otherwise_says_what_django_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.ops, "execute_sql_flush", lambda _statements: 1 / 0)
    with pytest.raises(CommandError, match="couldn't be flushed"):
        call_command("flush", interactive=False, verbosity=0)
