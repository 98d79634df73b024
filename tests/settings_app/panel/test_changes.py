"""R46, R47: the page of changed settings, as an auditor reads it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from settings_app import audit, branding, company_settings
from settings_app.choices import SETTINGS_KINDS, AuditKind
from settings_app.models import Company, User
from settings_app.panel import change_page
from tests.factories import NOW, CompanyFactory, MasterFactory

pytestmark = pytest.mark.django_db
PAGE = "/settings/sessions/changes/"


@pytest.fixture
def company() -> Company:
    return CompanyFactory(time_zone="Asia/Tbilisi")


@pytest.fixture
def master(company: Company) -> User:
    return MasterFactory(company=company, full_name="Mari Lomidze")


def change(company: Company, actor: User | None, *, at: Any = NOW, **values: Any) -> None:
    company_settings.change(company=company, values=values, actor=actor, now=at, erasure_confirmed=True)


def text_of(reader: User, query: str = "") -> str:
    client = Client()
    client.force_login(reader)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(PAGE + query).content.decode()))


def test_change_tells_who_when_and_from_what_to_what(company: Company, master: User) -> None:
    """Hours are those of the company."""
    change(company, master, max_retries=2, manual_review=False, retention_days=90)
    text = text_of(master)
    assert f"Mari Lomidze {NOW.astimezone(company.zone):%-d %b %Y %H:%M}" in text
    for line in (
        "Retries in one session 5 → 2",
        "What the checks cannot settle People review it → Nobody reviews: decline it",
        "Days until pictures are erased none → 90",
    ):
        assert line in text


def test_branding_shows_its_colours_and_keeps_the_address_to_itself(company: Company, master: User) -> None:
    branding.change(company=company, support_email="nino@example.com", colour="#1a5fb4", actor=master, now=NOW)
    text = text_of(master)
    assert "Colour none → #1a5fb4" in text
    assert "Support address changed; the trail does not keep its value" in text
    assert "nino@example.com" not in text


def test_newest_change_stands_first(company: Company, master: User) -> None:
    change(company, master, link_days=8)
    change(company, master, link_days=9, at=NOW + timedelta(days=1))
    assert [save.lines[0].after for save in change_page.page_of(company, "")] == ["9", "8"]


def test_settings_of_one_save_stand_in_the_order_of_their_page(company: Company, master: User) -> None:
    change(company, master, time_zone="UTC", link_days=8, minimum_age=18)
    (save,) = change_page.page_of(company, "")
    assert [str(line.title) for line in save.lines] == ["Days a link stays valid", "Minimum age", "Time zone"]


def test_entry_from_before_values_were_kept_names_what_changed(company: Company, master: User) -> None:
    audit.record(company=company, kind=AuditKind.SETTINGS_CHANGED, actor=master, now=NOW, changed="link_days, gone_since")
    (save,) = change_page.page_of(company, "")
    assert [(str(line.title), line.is_kept) for line in save.lines] == [("Days a link stays valid", False), ("gone_since", False)]


def test_other_companies_and_other_acts_are_not_shown(company: Company, master: User) -> None:
    """R81."""
    other = CompanyFactory()
    change(other, None, link_days=3)
    audit.record(company=company, kind=AuditKind.JOURNAL_EXPORTED, actor=master, now=NOW, saves=1)
    assert "Nothing was changed yet" in text_of(master)


@pytest.mark.parametrize(("page", "shown"), [("", [25, 6]), ("2", [5, 1]), ("99", [5, 1]), ("nonsense", [25, 6])])
def test_page_of_twenty_is_read_with_two_queries_from_its_own_index(company: Company, master: User, page: str, shown: list[int]) -> None:
    for days in range(1, 26):
        change(company, master, link_days=days if days != 7 else 70)
    with CaptureQueriesContext(connection) as queries:
        saves = list(change_page.page_of(company, page))
    assert [int(saves[at].lines[0].after) for at in (0, -1)] == shown
    assert len(queries) == 2


def test_changes_are_found_without_walking_the_whole_trail(company: Company, master: User) -> None:
    """A trail holds a line for every photo that somebody looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = company.audit_events.filter(kind__in=SETTINGS_KINDS).order_by("-number").explain()
    assert "audit_of_settings" in plan
