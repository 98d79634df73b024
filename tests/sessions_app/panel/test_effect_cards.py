"""R42: seven days later, as a table."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from sessions_app.models import DailyCount
from sessions_app.panel import effect_cards
from sessions_app.panel.effect_cards import Card, Row, Side
from settings_app import journal, thresholds
from settings_app.models import Company
from tests.drifts import count
from tests.factories import MasterFactory
from tests.sessions_app.panel.conftest import logged_in

CHANGED = datetime(2026, 11, 8, 14, tzinfo=UTC)
BEFORE, AFTER = date(2026, 11, 5), date(2026, 11, 9)
DAY = timedelta(days=1)


def card(company: Company, *, now: datetime = CHANGED + 8 * DAY) -> Card:
    given = {"values": {"liveness_decline": 0.5, "liveness_approve": 0.9}, "reason": "", "actor": None}
    thresholds.change(company=company, market="GEO", now=CHANGED, **given)  # type: ignore[arg-type]
    entries = journal.entries(company)
    return effect_cards.cards_of(company, entries, every=entries, now=now)[entries[0].number]


def row(shown: Card, what: str) -> Row:
    (found,) = [row for row in shown.rows if row.what == what]
    return found


@pytest.fixture
def counted(company: Company) -> Company:
    company.counted_zone = company.time_zone
    company.save()
    count(company, BEFORE, declined=36, of=395)
    return company


def test_clear_fall_is_told_with_numbers_and_interval(counted: Company) -> None:
    count(counted, AFTER, declined=17, of=402)
    before, after = Side("9.1\u00a0%", "36 of 395"), Side("4.2\u00a0%", "17 of 402")
    assert row(card(counted), "Rejections") == Row("Rejections", before, after, "−4.9", "−8.5 to −1.4", "fell", is_clear=True)


def test_clear_rise_is_told_as_one(counted: Company) -> None:
    count(counted, AFTER, declined=80, of=402)
    assert row(card(counted), "Rejections").verdict == "rose"


def test_difference_that_may_be_none_is_not_called_one(counted: Company) -> None:
    count(counted, AFTER, declined=33, of=402)
    shown = card(counted)
    assert {row.verdict for row in shown.rows} == {"no clear change", "nothing to compare"}
    assert not any(row.is_clear for row in shown.rows)


def test_side_without_sessions_leaves_nothing_to_compare(counted: Company) -> None:
    rejections = row(card(counted), "Rejections")
    assert (rejections.after, rejections.change, rejections.verdict) == (Side("–", "no sessions"), "", "nothing to compare")


@pytest.mark.parametrize(
    ("days", "title"), [(1, "What follows is counted from tomorrow on"), (2, "So far, 1 day"), (4, "So far, 3 days"), (8, "7 days later")]
)
def test_card_says_how_many_days_it_speaks_of(counted: Company, days: int, title: str) -> None:
    assert card(counted, now=CHANGED + days * DAY).title.startswith(title)


def test_no_sessions_at_all_are_one_sentence(company: Company) -> None:
    company.counted_zone = company.time_zone
    company.save()
    shown = card(company)
    assert (shown.title, shown.rows) == ("No session finished in the days before and after.", [])


def test_sessions_that_wait_for_a_reviewer_are_named(counted: Company) -> None:
    """They would pass for fewer approvals."""
    count(counted, AFTER, declined=17, of=392)
    assert not [row for row in card(counted).rows if "reviewer" in row.what]
    DailyCount.objects.filter(company=counted, day=AFTER).update(in_review=10)
    every = journal.entries(counted)
    (shown,) = effect_cards.cards_of(counted, every, every=every, now=CHANGED + 8 * DAY).values()
    waiting = row(shown, "Wait for a reviewer")
    assert (waiting.before.counted, waiting.after.counted, waiting.verdict) == ("0 of 395", "10 of 402", "")


def test_journal_shows_the_card_of_each_entry(counted: Company) -> None:
    count(counted, AFTER, declined=17, of=402)
    card(counted)
    browser: Client = logged_in(MasterFactory(company=counted))
    assert "17 of 402" in browser.get("/settings/journal/").content.decode()
