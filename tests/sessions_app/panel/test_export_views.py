"""R65, R81: who gets which sessions as a file, the trace it leaves, and what the page is told meanwhile."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from redis.exceptions import ConnectionError as NoCache

from sessions_app import export, export_progress
from sessions_app.choices import Outcome
from sessions_app.export_progress import Progress
from sessions_app.panel.export_columns import columns
from settings_app.audit import first_broken
from settings_app.choices import AuditKind
from settings_app.models import Company, User
from tests.factories import NOW, MasterFactory, finished_session
from tests.sessions_app.panel.conftest import logged_in
from tests.sessions_app.panel.exports import download, rows_of

ROWS_OF_SEVERAL_CHUNKS = 400


def names(file: bytes) -> list[str]:
    return [row["First Name"] for row in rows_of(file)]


def traces(company: Company) -> list[tuple[str, dict[str, Any]]]:
    kinds = (AuditKind.SESSIONS_EXPORTED, AuditKind.EXPORT_ENDED)
    return [(event.kind, event.details) for event in company.audit_events.filter(kind__in=kinds).order_by("number")]


def many(company: Company, number: int = ROWS_OF_SEVERAL_CHUNKS) -> None:
    """So many sessions that are all the same but for their ids."""
    finished_session(company=company, first_name="NINO")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM sessions_app_verificationsession LIMIT 0")
        columns = [column.name for column in cursor.description]
        own = {"id": "number + 1000000", "public_id": "gen_random_uuid()", "token_hash": "md5(number::text)", "handle": "number::text"}
        values = ", ".join(own.get(name, name) for name in columns)
        cursor.execute(
            f"INSERT INTO sessions_app_verificationsession ({', '.join(columns)}) SELECT {values}"
            f" FROM sessions_app_verificationsession, generate_series(2, {number}) AS number"
        )


def test_file_holds_what_the_list_finds_newest_first(panel: Client, company: Company) -> None:
    """R65: search and filters count; order, place and page size of the list do not."""
    for day, (name, outcome) in enumerate([("NINO", "APPROVE"), ("NINA", "DECLINE"), ("NINO", "DECLINE"), ("GIORGI", "APPROVE")]):
        finished_session(Outcome(outcome), company=company, now=NOW + timedelta(days=day), first_name=name, search_text=f" {name.lower()} ")
    assert names(download(panel)) == ["GIORGI", "NINO", "NINA", "NINO"]
    assert names(download(panel, q="nin", status="failed", sort="first_name", size="25", after=str(uuid4()))) == ["NINO", "NINA"]


@pytest.mark.parametrize("query", [{"q": "!"}, {"q": "nobody"}, {"status": "success", "outcome": "DECLINE"}])
def test_nothing_found_is_a_file_with_its_header_alone(panel: Client, company: Company, query: dict[str, str]) -> None:
    finished_session(company=company)
    assert names(download(panel, **query)) == []
    assert traces(company)[-1][1] | {"export": ""} == {"export": "", "rows": 0, "complete": True}


def test_file_never_holds_another_companys_session(stranger: Client, panel: Client, company: Company) -> None:
    """R81."""
    finished_session(company=company, first_name="NINO")
    assert names(download(stranger)) == []
    assert names(download(panel)) == ["NINO"]


def test_master_exports_too(company: Company) -> None:
    finished_session(company=company, first_name="NINO")
    assert names(download(logged_in(MasterFactory(company=company)))) == ["NINO"]


def test_answer_is_a_download_that_nobody_keeps_or_packs(panel: Client, company: Company) -> None:
    """R65: named for company and day, streamed, and never stored on the way."""
    answer = panel.get("/sessions/export.csv", headers={"Accept-Encoding": "gzip, br"})
    headers = {name: answer.headers.get(name, "") for name in ("Content-Type", "Cache-Control", "Content-Encoding", "Content-Length")}
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="demo-bank-sessions-20')
    assert headers == {
        "Content-Type": "text/csv; charset=utf-8",
        "Cache-Control": "private, no-store, no-transform",
        "Content-Encoding": "",
        "Content-Length": "",
    }


def test_trace_stands_before_the_first_byte_and_names_filters_alone(panel: Client, company: Company) -> None:
    """R65: what was searched for is personal data and stays out of the trail."""
    panel.get("/sessions/export.csv", {"q": "beridze", "status": "failed", "from_day": "2026-01-01", "market": ""})
    ((kind, details),) = traces(company)
    assert (kind, details | {"export": ""}) == (
        AuditKind.SESSIONS_EXPORTED,
        {"export": "", "filters": "from_day status", "searched": True},
    )


def test_end_is_recorded_with_the_number_of_rows(panel: Client, company: Company) -> None:
    """R65: both rows name the same export, and the chain holds."""
    finished_session(company=company)
    download(panel)
    (_, began), (kind, ended) = traces(company)
    assert (kind, ended) == (AuditKind.EXPORT_ENDED, {"export": began["export"], "rows": 1, "complete": True})
    assert first_broken(company) is None


def test_page_is_told_how_far_its_export_is(panel: Client, company: Company) -> None:
    finished_session(company=company)
    export_id = uuid4()
    answer = panel.get("/sessions/export.csv", {"export": str(export_id)})
    assert panel.get(f"/sessions/export/{export_id}/progress/").json() == {"state": "running", "rows": 0}
    b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert panel.get(f"/sessions/export/{export_id}/progress/").json() == {"state": "done", "rows": 1}


def test_export_that_was_cancelled_can_begin_anew(panel: Client, company: Company) -> None:
    """A browser that tries again uses the same address."""
    finished_session(company=company, first_name="NINO")
    export_id = str(uuid4())
    download(panel, export=export_id)
    assert panel.post(f"/sessions/export/{export_id}/cancel/").status_code == 204
    assert names(download(panel, export=export_id)) == ["NINO"]


def test_progress_is_nobody_elses_business(panel: Client, company: Company, stranger: Client) -> None:
    """R81: not even a colleague's."""
    export_id = uuid4()
    download(panel, export=str(export_id))
    others = (stranger, logged_in(MasterFactory(company=company)))
    assert [other.get(f"/sessions/export/{export_id}/progress/").status_code for other in others] == [404, 404]
    assert [other.post(f"/sessions/export/{export_id}/cancel/").status_code for other in others] == [404, 404]


def test_cancelled_export_ends_with_a_line_that_says_so(
    panel: Client, agent: User, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_progress, "EVERY", 0)
    many(company)
    export_id = uuid4()
    lines = panel.get("/sessions/export.csv", {"export": str(export_id)}).streaming_content  # type: ignore[attr-defined]
    begun = next(lines) + next(lines)
    Progress(company_id=company.pk, user_id=agent.pk, export_id=export_id).cancel()
    file = begun + b"".join(lines)
    assert b"INCOMPLETE" in file.splitlines()[-1]
    assert len(file.splitlines()) < ROWS_OF_SEVERAL_CHUNKS
    assert traces(company)[-1][1]["complete"] is False
    assert panel.get(f"/sessions/export/{export_id}/progress/").json()["state"] == "broken-off"


def test_browser_that_goes_away_leaves_a_trace_and_a_free_connection(agent: User, company: Company) -> None:
    """R65: closing is what a web server does with an answer that nobody takes."""
    many(company)
    wanted = export.Export(uuid4(), company, agent, company.sessions.newest_first(), columns(company, []))
    lines = export.stream(wanted, clock=lambda: NOW)
    next(lines), next(lines)
    lines.close()  # type: ignore[attr-defined]
    ((kind, details),) = traces(company)
    assert (kind, details["complete"], 0 < details["rows"] < ROWS_OF_SEVERAL_CHUNKS) == (AuditKind.EXPORT_ENDED, False, True)


@pytest.mark.django_db(transaction=True)
def test_database_that_fails_midway_is_seen_in_the_file_and_in_the_trail(panel: Client, company: Company) -> None:
    """R65: half a file must not look whole, whatever the web server makes of the error."""
    many(company)
    lines: Iterator[bytes] = panel.get("/sessions/export.csv").streaming_content  # type: ignore[attr-defined]
    file = [next(lines), next(lines)]
    end_every_connection()
    with pytest.raises(Exception, match=r"terminating|closed|lost"):
        file.extend(lines)
    assert b"INCOMPLETE" in file[-1]
    assert traces(company)[-1][1]["complete"] is False


def end_every_connection() -> None:
    """As when the database server is stopped for an instant."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    other.close()


def test_dead_cache_does_not_touch_the_file(panel: Client, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The progress is news, not a condition."""

    def dead(*_: Any, **__: Any) -> None:
        raise NoCache("nobody there")

    finished_session(company=company, first_name="NINO")
    with monkeypatch.context() as patch:
        for name in ("get", "set", "delete"):
            patch.setattr(cache, name, dead)
        assert names(download(panel)) == ["NINO"]
    assert traces(company)[-1][1]["complete"] is True


def test_memory_does_not_grow_with_the_rows(panel: Client, company: Company) -> None:
    """R65: ten times the rows, the same memory."""
    many(company, 2_000)
    few = peak_of_download(panel)
    company.sessions.all().delete()
    many(company, 20_000)
    assert peak_of_download(panel) < few + 8 * export.CHUNK  # the file has a hundred chunks


def peak_of_download(panel: Client) -> int:
    """The most bytes that Python held while the file went by."""
    lines = panel.get("/sessions/export.csv").streaming_content  # type: ignore[attr-defined]
    tracemalloc.start()
    for _ in lines:
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak
