"""R50: the tables of the metrics as files."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from sessions_app.choices import Outcome
from sessions_app.panel.metrics_tables import TableName
from settings_app.choices import AuditKind
from settings_app.models import Company
from tests.factories import NOW, finished_session

FILE = "/metrics/table.csv"


@pytest.fixture
def days(company: Company) -> dict[str, Any]:
    """Eight sessions in two markets on two days, as the address names the days."""
    today = NOW.astimezone(company.zone).date()
    checked = {"judged_checks": ["LIVENESS"], "failed_checks": ["LIVENESS"]}
    for number in range(8):
        finished_session(
            Outcome.DECLINE if number < 2 else Outcome.APPROVE,
            company=company,
            market="GEO" if number < 5 else "ESP",
            document_kind="PASSPORT",
            device="Mobile",
            closed_at=NOW - timedelta(days=number % 2),
            **(checked if number < 2 else {"judged_checks": ["LIVENESS"]}),
        )
    return {"from_day": today - timedelta(days=1), "to_day": today}


def rows(panel: Client, **query: Any) -> list[list[str]]:
    answer = panel.get(FILE, query)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_file_holds_numbers_rates_and_intervals(panel: Client, days: dict[str, Any]) -> None:
    """R50: 3 of 5 with Wilson's interval."""
    head, georgia, spain = rows(panel, table="markets", **days)
    assert head[:7] == ["Code", "Market", "Finished", "Approved", "Approval rate %", "Approval rate, 95 % from", "Approval rate, 95 % to"]
    assert georgia[:7] == ["GEO", "Georgia", "5", "3", "60.00", "23.07", "88.24"]
    assert spain[:5] == ["ESP", "Spain", "3", "3", "100.00"]


@pytest.mark.parametrize(
    ("table", "first"),
    [
        ("days", ["2026-11-21", "2026-11-22"]),
        ("markets", ["GEO", "ESP"]),
        ("documents", ["Passport"]),
        ("devices", ["Mobile"]),
        ("checks", ["Liveness"]),
    ],
)
def test_every_table_can_be_saved(panel: Client, days: dict[str, Any], table: str, first: list[str]) -> None:
    """R50."""
    assert [row[0] for row in rows(panel, table=table, **days)[1:]] == first


def test_every_table_of_the_page_is_among_them(panel: Client, days: dict[str, Any]) -> None:
    """R50."""
    page = panel.get("/metrics/", days).content.decode()
    assert [name for name in TableName.values if f"table={name}" not in page] == []


def test_file_is_of_what_the_page_shows(panel: Client, days: dict[str, Any]) -> None:
    """R50: with its days and filters."""
    assert [row[2] for row in rows(panel, table="days", market="ESP", **days)[1:]] == ["2", "1"]


def test_check_tells_failed_and_unclear(panel: Client, days: dict[str, Any]) -> None:
    """R50."""
    head, liveness = rows(panel, table="checks", **days)
    found = dict(zip(head, liveness, strict=True))
    assert [found[name] for name in ("Judged", "Failed", "Failure rate %", "Unclear")] == ["8", "2", "25.00", "0"]


def test_file_is_for_one_reader_and_leaves_a_trace(company: Company, panel: Client, days: dict[str, Any]) -> None:
    """R50: who took which figures away."""
    answer = panel.get(FILE, {"table": "devices", **days})
    event = company.audit_events.get(kind=AuditKind.METRICS_EXPORTED)
    assert answer["Cache-Control"] == "private, no-store"
    assert event.details == {"table": "devices", "days": f"{days['from_day']} {days['to_day']}"}


@pytest.mark.parametrize("table", ["", "sessions"])
def test_unknown_table_is_not_found(panel: Client, table: str) -> None:
    assert panel.get(FILE, {"table": table}).status_code == 404


def test_file_of_a_stranger_is_empty(stranger: Client, days: dict[str, Any]) -> None:
    """R81."""
    assert rows(stranger, table="markets", **days)[1:] == []
