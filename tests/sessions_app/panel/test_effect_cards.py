"""R42: seven days later, in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from sessions_app.models import DailyCount
from sessions_app.panel import effect_cards
from sessions_app.panel.effect_cards import Card
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


def said(shown: Card, what: str) -> str:
    (words,) = [line.words for line in shown.lines if line.words.startswith(what)]
    return words.replace("\u00a0", " ")


@pytest.fixture
def counted(company: Company) -> Company:
    company.counted_zone = company.time_zone
    company.save()
    count(company, BEFORE, declined=36, of=395)
    return company


def test_clear_fall_is_told_with_numbers_and_interval(counted: Company) -> None:
    count(counted, AFTER, declined=17, of=402)
    words = "Rejections fell from 9.1 % (36 of 395) to 4.2 % (17 of 402); the difference is −4.9 points, −8.5 to −1.4."
    assert said(card(counted), "Rejections") == words


def test_clear_rise_is_told_as_one(counted: Company) -> None:
    count(counted, AFTER, declined=80, of=402)
    assert said(card(counted), "Rejections").startswith("Rejections rose from 9.1 % (36 of 395) to 19.9 % (80 of 402);")


def test_difference_that_may_be_none_is_not_called_one(counted: Company) -> None:
    count(counted, AFTER, declined=33, of=402)
    shown = card(counted)
    assert said(shown, "Rejections").startswith("Rejections: no clear change, 9.1 % (36 of 395) before and 8.2 % (33 of 402) after;")
    assert not any(line.is_clear for line in shown.lines)


def test_side_without_sessions_leaves_nothing_to_compare(counted: Company) -> None:
    words = "Rejections: nothing to compare; before 9.1 % (36 of 395), after no sessions."
    assert said(card(counted), "Rejections") == words


@pytest.mark.parametrize(
    ("days", "title"), [(1, "What follows is counted from tomorrow on"), (2, "So far, 1 day"), (4, "So far, 3 days"), (8, "7 days later")]
)
def test_card_says_how_many_days_it_speaks_of(counted: Company, days: int, title: str) -> None:
    assert card(counted, now=CHANGED + days * DAY).title.startswith(title)


def test_no_sessions_at_all_are_one_sentence(company: Company) -> None:
    company.counted_zone = company.time_zone
    company.save()
    assert [line.words for line in card(company).lines] == ["No session finished in the days before and after."]


def test_sessions_that_wait_for_a_reviewer_are_named(counted: Company) -> None:
    """They would pass for fewer approvals."""
    count(counted, AFTER, declined=17, of=392)
    assert not [line for line in card(counted).lines if "reviewer" in line.words]
    DailyCount.objects.filter(company=counted, day=AFTER).update(in_review=10)
    every = journal.entries(counted)
    (shown,) = effect_cards.cards_of(counted, every, every=every, now=CHANGED + 8 * DAY).values()
    words = "Still waiting for a reviewer, and so neither approved nor rejected: 0.0 % (0 of 395) before, 2.5 % (10 of 402) after."
    assert said(shown, "Still") == words


def test_journal_shows_the_card_of_each_entry(counted: Company) -> None:
    count(counted, AFTER, declined=17, of=402)
    card(counted)
    browser: Client = logged_in(MasterFactory(company=counted))
    assert "Rejections fell from" in browser.get("/settings/journal/").content.decode()
