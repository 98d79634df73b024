"""R42: the journal as a page and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from settings_app import thresholds
from settings_app.choices import AuditKind
from settings_app.models import Company, ThresholdChange, User
from tests.factories import NOW, CompanyFactory, MasterFactory
from tests.sessions_app.panel.conftest import logged_in

PAGE, FILE = "/settings/journal/", "/settings/journal/export.csv"
STRICT = {"liveness_decline": 0.5, "liveness_approve": 0.9}
LOOSE = {"liveness_decline": 0.1, "liveness_approve": 0.2}
LEVELS: dict[str, float] = {"face_review_level": 3, "face_match_level": 5}


@pytest.fixture
def master(company: Company) -> User:
    return MasterFactory(company=company, full_name="Nino Kapanadze", email="nino@example.com")


@pytest.fixture
def desk(master: User) -> Client:
    """The browser of a master user of `company`."""
    return logged_in(master)


def change(
    company: Company, values: Mapping[str, float | None], *, market: str = "", reason: str = "", actor: User | None = None, **more: Any
) -> None:
    given = {"now": NOW, "several_confirmed": True, **more}
    thresholds.change(company=company, market=market, values=values, reason=reason, actor=actor, **given)


def entries(desk: Client, query: str = "") -> list[Any]:
    return list(desk.get(f"{PAGE}{query}").context["page"])


def rows(desk: Client, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(desk.get(f"{FILE}{query}").content.decode("utf-8-sig"), newline="")))


def test_page_shows_one_entry_for_one_save(desk: Client, company: Company, master: User) -> None:
    change(company, STRICT | LEVELS, market="GEO", reason="Tried with our own people", actor=master)
    assert [(shown.where, shown.who, len(shown.lines)) for shown in entries(desk)] == [("Georgia", "Nino Kapanadze", 4)]
    assert "Tried with our own people" in desk.get(PAGE).content.decode()


def test_empty_journal_says_so_and_leads_to_the_thresholds(desk: Client) -> None:
    page = desk.get(PAGE).content.decode()
    assert "Nothing was changed yet" in page
    assert "export.csv" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Georgia", "The whole company"]),
        ("?market=GEO", ["Georgia"]),
        ("?market=company", ["The whole company"]),
        ("?threshold=liveness", ["The whole company"]),
        ("?threshold=face_match", ["Georgia"]),
        ("?market=GEO&threshold=liveness", []),
        ("?market=nonsense", ["Georgia", "The whole company"]),
    ],
)
def test_entries_are_filtered_by_market_and_threshold(desk: Client, company: Company, query: str, found: list[str]) -> None:
    """The file holds what the page shows."""
    change(company, STRICT)
    change(company, LEVELS, market="GEO", now=NOW + timedelta(hours=1))
    assert [shown.where for shown in entries(desk, query)] == found
    assert len(rows(desk, query)) == 2 * len(found)


def test_nothing_found_is_not_taken_for_an_empty_journal(desk: Client, company: Company) -> None:
    change(company, STRICT)
    assert "No entry matches" in desk.get(f"{PAGE}?threshold=photocopy").content.decode()


def test_older_entries_stand_on_further_pages(desk: Client, company: Company) -> None:
    for hour in range(11):
        change(company, {"liveness_decline": 0.5, "liveness_approve": 0.71 + hour / 100}, now=NOW + timedelta(hours=hour))
    assert [len(entries(desk, f"?page={page}")) for page in (1, 2)] == [10, 1]


def test_person_who_has_left_keeps_his_entries(desk: Client, company: Company) -> None:
    gone = MasterFactory(company=company, full_name="Diego Morales", is_active=False)
    change(company, STRICT, actor=gone)
    assert entries(desk)[0].who == "Diego Morales (deactivated)"


def test_entry_without_a_person_says_where_it_comes_from(desk: Client, company: Company) -> None:
    change(company, STRICT)
    assert entries(desk)[0].who == "Set up with the portal"


def test_entry_keeps_what_the_replay_had_shown(desk: Client, company: Company) -> None:
    """R43: as it was seen before saving, in the page and in the file; or that there was none."""
    seen = {"sessions": 500, "would end differently": 12, "approve → review": 12}
    change(company, STRICT, replay=seen)
    change(company, LEVELS, now=NOW + timedelta(hours=1))
    without, kept = entries(desk)
    assert without.replay == "Saved without replay."
    assert kept.replay == "Replayed before saving. sessions: 500 · would end differently: 12 · approve → review: 12"
    assert rows(desk)[-1]["Replay"] == kept.replay


def test_words_of_people_are_never_markup(desk: Client, company: Company) -> None:
    change(company, LOOSE, reason="<script>alert(1)</script>")
    assert "<script>alert" not in desk.get(PAGE).content.decode()


def test_journal_of_another_company_is_not_shown(desk: Client, company: Company) -> None:
    """R81."""
    change(CompanyFactory(), STRICT)
    assert (entries(desk), rows(desk)) == ([], [])


def test_number_of_queries_does_not_grow_with_the_journal(
    desk: Client, company: Company, master: User, django_assert_max_num_queries: Any
) -> None:
    for hour in range(9):
        change(company, {"liveness_decline": 0.5, "liveness_approve": 0.71 + hour / 100}, actor=master, now=NOW + timedelta(hours=hour))
    with django_assert_max_num_queries(13):
        desk.get(PAGE)


def test_file_has_one_line_for_each_threshold(desk: Client, company: Company, master: User) -> None:
    """R42: times on the clocks of the company."""
    change(company, LOOSE, reason="Older phones", actor=master)
    change(company, dict.fromkeys(LOOSE), now=datetime.fromisoformat("2026-11-22T20:00:00+00:00"))
    newest, *_others, oldest = rows(desk)
    assert (newest["Time"], newest["Old value"], newest["New value"], newest["Direction"]) == (
        "2026-11-23 00:00:00",
        "0.1",
        "",
        "tightened",
    )
    assert [oldest[name] for name in ("Person", "Threshold", "Applied before", "Applied after", "Reason")] == [
        "nino@example.com",
        "liveness_approve",
        "0.7",
        "0.2",
        "Older phones",
    ]


@pytest.mark.parametrize("reason", ["=1+1", "\t=cmd", "＝1", " -2", "@SUM(A1)"])
def test_no_reason_is_a_formula_in_a_spreadsheet(desk: Client, company: Company, reason: str) -> None:
    """R65: as in the sessions' file."""
    ThresholdChange.objects.create(company=company, name="liveness_approve", new=0.9, reason=reason, at=NOW)
    assert rows(desk)[0]["Reason"] == f"'{reason}"


def test_file_is_what_spreadsheets_expect(desk: Client, company: Company) -> None:
    change(company, STRICT, reason="რბილი; „zu weich“")
    answer = desk.get(FILE)
    assert answer.content.startswith(b"\xef\xbb\xbfTime,")
    assert answer.content.count(b"\r\n") == 3
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="demo-bank-tuning-journal-')
    assert rows(desk)[0]["Reason"] == "რბილი; „zu weich“"


def test_file_bears_the_name_of_its_company_in_every_script(desk: Client, company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(name="თბილისის ბანკი")
    assert f"filename*=utf-8''{quote('თბილისის-ბანკი-tuning-journal-')}" in desk.get(FILE).headers["Content-Disposition"]


def test_file_is_audited_with_its_size(desk: Client, company: Company, master: User) -> None:
    change(company, STRICT)
    desk.get(FILE)
    event = company.audit_events.get(kind=AuditKind.JOURNAL_EXPORTED)
    assert (event.actor, event.details) == (master, {"saves": 1})


@pytest.mark.parametrize("path", [PAGE, FILE])
def test_agents_do_not_read_the_journal(panel: Client, company: Company, path: str) -> None:
    """R46."""
    assert panel.get(path).status_code == 403
    assert not company.audit_events.filter(kind=AuditKind.JOURNAL_EXPORTED).exists()
