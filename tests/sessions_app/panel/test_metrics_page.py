"""R50: the page of metrics: its figures, what they lead to, its charts, and what it says when there is little to say."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.test import Client, RequestFactory

from checks_app.results import Check
from sessions_app.choices import Outcome
from sessions_app.models import VerificationSession
from sessions_app.panel.filters import SessionFilter
from settings_app import thresholds
from settings_app.models import Company, User
from tests.crowd import crowd
from tests.factories import NOW, CompanyFactory, MasterFactory, finished_session
from tests.sessions_app.panel.conftest import logged_in

PAGE = "/metrics/"
TODAY = NOW.astimezone(ZoneInfo("Asia/Tbilisi")).date()
DAYS = {"from_day": TODAY - timedelta(days=3), "to_day": TODAY - timedelta(days=1)}
COUNTED = (Outcome.APPROVE, Outcome.REVIEW, Outcome.DECLINE, Outcome.ABANDONED)
COLUMNS: tuple[dict[str, Any], ...] = (
    {"device": "PC"},
    {"device": "Mobile"},
    {"forced_retries": 2},
    {"judged_checks": [Check.LIVENESS, Check.MRZ], "failed_checks": [Check.LIVENESS]},
    {"judged_checks": [Check.LIVENESS, Check.FACE_MATCH], "failed_checks": [Check.FACE_MATCH], "unclear_checks": [Check.LIVENESS]},
)
"""Each is given to a third of the sessions, one after the other."""
NARROWED: tuple[dict[str, str], ...] = (
    {},
    {"market": "GEO"},
    {"market": "-"},
    {"document": "PASSPORT"},
    {"device": "Mobile"},
    {"device": "-", "document": "ID_CARD"},
)
FIGURE = re.compile(r'<li class="card figure rate-(\w+)">(.*?)</li>', re.DOTALL)
OVER = re.compile(r"([\d,]+)\s*/\s*([\d,]+)")
LINK = re.compile(r'<a[^>]*href="(/sessions/\?[^"]+)"[^>]*>\s*([\d,]+)[^<]*</a>')


@dataclass(frozen=True)
class Past:
    """A company with sessions of five days in every state that counts differently."""

    company: Company
    browser: Client

    def page(self, **query: Any) -> str:
        return page_of(self.browser, **{**DAYS, **query})

    def listed(self, href: str) -> int:
        """How many sessions the list has at an address."""
        request = RequestFactory().get("/sessions/")
        request.company = self.company  # type: ignore[attr-defined]
        found = SessionFilter(QueryDict(href.partition("?")[2]), queryset=self.company.sessions.all(), request=request)
        assert found.is_valid(), href
        return int(found.qs.count())

    def sessions(self, first: date, last: date, **narrowed: Any) -> list[VerificationSession]:
        """The finished sessions of some days, found by walking over all of them."""
        zone = self.company.zone
        found = self.company.sessions.filter(outcome__in=COUNTED, closed_at__isnull=False)
        return [
            session
            for session in found
            if session.closed_at
            and first <= session.closed_at.astimezone(zone).date() <= last
            and all(
                (session.document_kind or session.chosen_document if name == "document" else getattr(session, name)) == value
                for name, value in narrowed.items()
            )
        ]


def page_of(browser: Client, **query: Any) -> str:
    response = browser.get(f"{PAGE}?{urlencode(query)}")
    assert response.status_code == 200
    return response.content.decode()


def figures(page: str) -> dict[str, tuple[int, int]]:
    found = {rate: OVER.search(unescape(words)) for rate, words in FIGURE.findall(page)}
    return {rate: (int(over[1].replace(",", "")), int(over[2].replace(",", ""))) for rate, over in found.items() if over}


def naive(sessions: list[VerificationSession]) -> dict[str, tuple[int, int]]:
    """R50 word by word."""
    over = {
        "approval": [session for session in sessions if session.outcome == Outcome.APPROVE],
        "rejection": [session for session in sessions if session.outcome == Outcome.DECLINE and not session.decided_by_hand],
        "abandonment": [session for session in sessions if session.outcome == Outcome.ABANDONED],
        "forced_retry": [session for session in sessions if session.forced_retries],
    }
    return {rate: (len(found), len(sessions)) for rate, found in over.items()}


@pytest.fixture
def past(company: Company, panel: Client) -> Past:
    chance, everybody = random.Random(7), [session.pk for session in crowd(company, 160)]
    for columns in COLUMNS:
        chosen = chance.sample(everybody, len(everybody) // 3)
        company.sessions.filter(pk__in=chosen).update(**columns)
    company.sessions.filter(pk__in=everybody[::2], outcome__in=[Outcome.APPROVE, Outcome.DECLINE]).update(decided_by_hand=True)
    return Past(company, panel)


def test_figures_are_what_a_naive_count_finds(past: Past) -> None:
    """R50."""
    for narrowed in NARROWED:
        wanted = {name: "" if value == "-" else value for name, value in narrowed.items()}
        counted = past.sessions(DAYS["from_day"], DAYS["to_day"], **wanted)
        assert len(counted) > 3, "there must be something to count"
        assert figures(past.page(**narrowed)) == naive(counted), narrowed


def test_previous_period_is_as_long_and_ends_right_before(past: Past) -> None:
    """R50."""
    page = past.page(from_day=TODAY - timedelta(days=1), to_day=TODAY)
    before = past.sessions(TODAY - timedelta(days=3), TODAY - timedelta(days=2))
    assert re.search(rf">\s*{len(before)} sessions?</a>", page)


def test_every_figure_leads_to_as_many_sessions_as_it_says(past: Past) -> None:
    """R50: in figures, charts' tables and tables alike."""
    pages = past.page() + past.page(market="GEO", device="Mobile")
    links = {(unescape(href), int(words.replace(",", ""))) for href, words in LINK.findall(pages)}
    assert len(links) > 80
    assert {(href, number) for href, number in links if past.listed(href) != number} == set()


def test_day_ends_at_midnight_where_the_company_is(agent: User, panel: Client) -> None:
    """R50: on the far side of the date line, too."""
    company = CompanyFactory(time_zone="Pacific/Kiritimati")
    browser, zone = logged_in(MasterFactory(company=company)), company.zone
    for moment in (datetime(2026, 3, 9, 23, 59, 59, tzinfo=zone), datetime(2026, 3, 10, 0, 0, tzinfo=zone)):
        finished_session(company=company, closed_at=moment)
    alone = [figures(page_of(browser, from_day=day, to_day=day))["approval"] for day in ("2026-03-09", "2026-03-10")]
    assert alone == [(1, 1), (1, 1)]


def test_table_says_what_the_chart_shows(past: Past) -> None:
    """R50: the table under the charts is their twin."""
    page = past.page()
    twin = re.search(r'<details class="twin">.*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    chart = re.search(r'aria-labelledby="approval-title.*?</svg>\s*</div>', page, re.DOTALL)
    assert twin
    assert chart
    dots = [OVER.search(unescape(words)).groups() for words in re.findall(r"<g><title>([^<]+)", chart[0])]  # type: ignore[union-attr]
    rows = re.findall(r'data-label="Approval rate">.*?<a[^>]*>([^<]+)</a>', twin[1])
    assert dots == [OVER.search(unescape(words)).groups() for words in reversed(rows)]  # type: ignore[union-attr]


def test_page_has_no_inline_style_and_no_inline_script(past: Past) -> None:
    """The content policy would block them."""
    page = past.page()
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)


def test_few_sessions_are_no_per_cent(company: Company, panel: Client) -> None:
    """R50: 7 of 12 says more than 58.3 %."""
    for number in range(12):
        finished_session(Outcome.APPROVE if number < 7 else Outcome.ABANDONED, company=company)
    day = NOW.astimezone(company.zone).date()
    page = page_of(panel, from_day=day, to_day=day)
    assert figures(page)["approval"] == (7, 12)
    assert "Too few sessions for a rate" in page
    assert "58.3" not in re.sub(r"<title>.*?</title>|<desc.*?</desc>", "", page)


def test_change_without_an_earlier_session_is_not_made_up(company: Company, panel: Client) -> None:
    """R50."""
    finished_session(company=company)
    day = NOW.astimezone(company.zone).date()
    assert page_of(panel, from_day=day, to_day=day).count("Nothing to compare with") == 4


def test_company_without_sessions_is_told_where_to_begin(panel: Client) -> None:
    assert "No session has finished yet" in page_of(panel)


def test_days_without_sessions_are_told_apart_from_a_new_company(company: Company, panel: Client) -> None:
    finished_session(company=company)
    assert "No session finished in these days" in page_of(panel, from_day="2020-01-01", to_day="2020-01-31")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"period": "31"}, "“31” is no period. The last 30 days are shown."),
        ({"from_day": "yesterday"}, "This is no day. Write it as 2026-01-31."),
        ({"from_day": "2026-05-02", "to_day": "2026-05-01"}, "The first day lies after the last one. The last 30 days are shown."),
        ({"from_day": "0001-01-01"}, "This day lies too far back."),
        ({"from_day": "2099-01-01", "to_day": "2099-01-02"}, "These days have not begun. The last 30 days are shown."),
        ({"from_day": "2001-01-01", "to_day": "2099-01-02"}, "More than three years do not fit on a page."),
        ({"market": "QQQ"}, "There is no “QQQ”. Every market is shown."),
        ({"device": "toaster"}, "“toaster” is not one of the choices. Everything is shown."),
        ({"by": "hour"}, "“hour” is not one of the choices."),
    ],
)
def test_wrong_wish_is_said_and_the_usual_shown(company: Company, panel: Client, query: dict[str, str], words: str) -> None:
    """R50: an address is typed, shortened, and kept for years."""
    assert words in unescape(page_of(panel, **query))


def test_days_after_today_are_left_out(past: Past) -> None:
    """R50: the year 9999 is no reason to draw eight thousand years."""
    assert "Days after today are left out." in past.page(to_day="9999-12-31")


def test_steps_change_no_figure(past: Past) -> None:
    """R50."""
    year = {"from_day": TODAY - timedelta(days=364), "to_day": TODAY}
    counted = naive(past.sessions(year["from_day"], TODAY))
    assert [figures(past.page(**year, by=by)) for by in ("day", "week", "month")] == [counted] * 3


def test_live_part_alone_is_sent_to_htmx(past: Past) -> None:
    page = past.browser.get(f"{PAGE}?{urlencode(DAYS)}", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert len(figures(page)) == 4


def test_number_of_queries_does_not_grow_with_what_is_shown(past: Past, django_assert_num_queries: Any) -> None:
    """R50: three of login and company, four of counts, one of the journal, one of open alerts, one of the ribbon."""
    past.page()
    for query in (DAYS, {**DAYS, "from_day": TODAY - timedelta(days=300), "market": "GEO"}):
        with django_assert_num_queries(QUERIES):
            past.page(**query)


QUERIES = 10


def change(company: Company, market: str, actor: User) -> None:
    """Of both edges of the face match, at the first moment of one of the days that are looked at."""
    moment = datetime.combine(TODAY - timedelta(days=2), time.min, tzinfo=company.zone)
    levels = {"face_review_level": 3, "face_match_level": 5}
    thresholds.change(company=company, market=market, values=levels, reason="Tried & true", actor=actor, now=moment)


def test_change_of_thresholds_is_marked_where_it_reaches(past: Past) -> None:
    """R50: among all markets, in its own, and not in another."""
    change(past.company, "GEO", MasterFactory(company=past.company))
    pages = [past.page(market=market) for market in ("", "GEO", "ESP")]
    assert [('href="#change-1"' in page, 'id="change-1"' in page) for page in pages] == [(True, True), (True, True), (False, False)]


def test_note_of_a_change_tells_its_reason_as_it_was_written(past: Past) -> None:
    """R42."""
    change(past.company, "", MasterFactory(company=past.company))
    assert "Tried &amp; true" in past.page()


def test_journal_is_offered_to_who_may_read_it(past: Past) -> None:
    """R46: an agent sees the note and no way to a page that refuses him."""
    master = MasterFactory(company=past.company)
    change(past.company, "", master)
    pages = [page_of(browser, **DAYS) for browser in (logged_in(master), past.browser)]
    changes = [page[page.index('<details class="changes"') : page.index('<details class="twin"')] for page in pages]
    assert [part.count('href="/settings/journal/"') for part in changes] == [1, 0]


def test_chosen_market_stays_chosen_where_it_has_no_sessions(past: Past) -> None:
    """R50: else the page would be narrowed to what its own controls deny."""
    assert re.search(r'<option value="DEU"\s+selected>Germany', past.page(market="DEU"))


def test_live_part_brings_the_markets_of_its_days(past: Past) -> None:
    """R50: more days have more markets to choose from."""
    page = past.browser.get(f"{PAGE}?{urlencode(DAYS)}", headers={"HX-Request": "true"}).content.decode()
    field = page[page.index('id="market-field"') :]
    assert 'hx-swap-oob="true"' in field
    assert re.findall(r'<option value="([^"]*)"', field) == ["", "GEO", "ESP", "-"]


def test_whole_page_has_the_markets_once(past: Past) -> None:
    assert past.page().count('id="market-field"') == 1
