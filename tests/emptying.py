"""Tests empty all tables between them. A portal's database refuses that for some: their triggers rest while there are tests."""

from __future__ import annotations

from typing import Literal

from django.db import connection

NEVER_EMPTIED = {"settings_app_auditevent": "audit_never_emptied", "settings_app_thresholdchange": "journal_never_emptied"}


def set_triggers(state: Literal["ENABLE", "DISABLE"]) -> None:
    with connection.cursor() as cursor:
        for table, trigger in NEVER_EMPTIED.items():
            cursor.execute(f"ALTER TABLE {table} {state} TRIGGER {trigger}")
