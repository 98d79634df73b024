"""R42: what the rates were seven days before a change of thresholds and seven days after it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checks_app.results import Check
from sessions_app import tuning_effects
from sessions_app.metrics.rates import Rate, Share
from sessions_app.tuning_effects import Effect, effects_of
from settings_app import journal, thresholds
from settings_app.journal import Entry
from settings_app.models import Company
from tests.drifts import count, count_check
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db
CHANGED = datetime(2026, 11, 8, 14, tzinfo=UTC)
DAY = timedelta(days=1)
LATER = CHANGED + 8 * DAY
STRICT, STRICTER = ({"liveness_decline": low, "liveness_approve": 0.9} for low in (0.5, 0.6))
COPIES = {"photocopy_decline": 0.8, "photocopy_approve": 0.95}


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory(counted_zone="UTC")


def tune(company: Company, values: Mapping[str, float], *, market: str = "", at: datetime = CHANGED) -> None:
    thresholds.change(company=company, market=market, values=values, reason="Wanted", actor=None, now=at, several_confirmed=True)


def newest(company: Company, *, now: datetime = LATER) -> Effect:
    every = journal.entries(company)
    return effects_of(company, entries=every[:1], every=every, now=now)[every[0].number]


def moved(effect: Effect, what: Rate | Check = Rate.REJECTION) -> tuple[tuple[int, int], tuple[int, int]]:
    (found,) = [one for one in effect.moved if one.what is what]
    return (found.before.n, found.before.of), (found.after.n, found.after.of)


def daily(company: Company, *, market: str = "GEO", days: int = 21) -> None:
    """Each day declines as many as it has behind it, out of a hundred: so every sum tells which days are in it."""
    for number in range(days):
        count(company, date(2026, 10, 28) + number * DAY, declined=number, of=100, market=market)


def test_seven_days_before_and_after_without_the_day_of_the_change(company: Company) -> None:
    """1 to 7 November are days 4 to 10, 9 to 15 November are days 12 to 18."""
    daily(company)
    tune(company, STRICT)
    effect = newest(company)
    assert effect.is_whole
    assert moved(effect) == ((sum(range(4, 11)), 700), (sum(range(12, 19)), 700))


def test_days_are_those_of_the_company() -> None:
    """At 21:00 UTC on the 8th it is the 9th in Tbilisi, and the 9th is the mixed day."""
    company = CompanyFactory(time_zone="Asia/Tbilisi", counted_zone="Asia/Tbilisi")
    daily(company)
    tune(company, STRICT, at=CHANGED.replace(hour=21))
    assert moved(newest(company, now=LATER + DAY)) == ((sum(range(5, 12)), 700), (sum(range(13, 20)), 700))


@pytest.mark.parametrize(("days", "shown"), [(0, 0), (1, 0), (2, 1), (4, 3), (7, 6), (8, 7), (400, 7)])
def test_days_since_then_are_whole_ones(company: Company, days: int, shown: int) -> None:
    """Today is not over, so on the day after the change there is nothing yet."""
    daily(company)
    tune(company, STRICT)
    effect = newest(company, now=CHANGED + days * DAY)
    assert (effect.days, moved(effect)[1][1]) == (shown, 100 * shown)


def test_change_of_a_market_is_measured_there_alone(company: Company) -> None:
    daily(company)
    count(company, date(2026, 11, 10), declined=50, of=50, market="ARM")
    tune(company, STRICT, market="ARM")
    assert moved(newest(company)) == ((0, 0), (50, 50))


def test_change_of_the_company_is_measured_where_it_reaches(company: Company) -> None:
    """R41: a market with a value of its own was not judged differently; sessions without a market were."""
    tune(company, STRICT, market="ARM", at=CHANGED - 100 * DAY)
    for market, of in (("GEO", 1), ("", 10), ("ARM", 100)):
        count(company, date(2026, 11, 10), declined=0, of=of, market=market)
    tune(company, STRICTER)
    assert moved(newest(company))[1] == (0, 11)


def test_touched_check_is_measured_and_no_other(company: Company) -> None:
    for day in (date(2026, 11, 5), date(2026, 11, 12)):
        count_check(company, day, failed=day.day, of=40, check=Check.LIVENESS)
        count_check(company, day, failed=1, of=40, check=Check.PHOTOCOPY)
    tune(company, STRICT)
    effect = newest(company)
    assert moved(effect, Check.LIVENESS) == ((5, 40), (12, 40))
    assert [one.what for one in effect.moved] == [*Rate, Check.LIVENESS]


def test_one_save_of_two_checks_measures_both(company: Company) -> None:
    tune(company, STRICT | COPIES)
    assert {one.what for one in newest(company).moved} == {*Rate, Check.LIVENESS, Check.PHOTOCOPY}


def test_value_that_is_stored_and_changes_nothing_has_no_effect(company: Company) -> None:
    """The market writes down what it inherited."""
    tune(company, STRICT, at=CHANGED - 50 * DAY)
    tune(company, STRICT, market="GEO")
    every = journal.entries(company)
    assert effects_of(company, entries=every[:1], every=every, now=LATER) == {}


@pytest.mark.parametrize(
    ("days", "market", "named"),
    [(-8, "GEO", False), (-7, "GEO", True), (3, "GEO", True), (7, "GEO", True), (8, "GEO", False), (3, "", True), (3, "ARM", False)],
)
def test_other_changes_that_mix_with_it_are_named(company: Company, days: int, market: str, named: bool) -> None:
    """Those of the same days that reach the same sessions."""
    tune(company, COPIES, market=market, at=CHANGED + days * DAY)
    tune(company, STRICT, market="GEO")
    every = journal.entries(company)
    entry = next(one for one in every if one.lines[0].name == "liveness_decline")
    effect = effects_of(company, entries=[entry], every=every, now=CHANGED + 30 * DAY)[entry.number]
    assert bool(effect.others) is named


def test_nobody_elses_sessions_are_counted(company: Company) -> None:
    """R81."""
    daily(CompanyFactory(counted_zone="UTC"))
    tune(company, STRICT)
    assert moved(newest(company)) == ((0, 0), (0, 0))


def test_page_of_entries_takes_two_queries(company: Company) -> None:
    for day in range(10):
        tune(company, {"liveness_decline": 0.4 + day / 50, "liveness_approve": 0.9}, at=CHANGED + 10 * day * DAY)
    every = journal.entries(company)
    with CaptureQueriesContext(connection) as asked:
        assert len(effects_of(company, entries=every, every=every, now=CHANGED + 200 * DAY)) == 10
    assert len(asked) == 2


@pytest.mark.parametrize("seed", range(5))
def test_effects_equal_a_naive_recount(company: Company, seed: int) -> None:
    """Every day of every market looked at for each save, by rules that are written anew here."""
    chance = random.Random(seed)
    markets, first = ("", "GEO", "ARM"), date(2026, 10, 1)
    days = {(first + number * DAY, market): chance.randint(0, 30) for number in range(60) for market in markets}
    for (day, market), of in days.items():
        count(company, day, declined=of // 3, of=of, market=market)
    for _ in range(6):
        low = chance.choice([0.1, 0.2, 0.3, 0.5])
        at = datetime(2026, 10, 5, 12, tzinfo=UTC) + chance.randint(0, 40) * DAY
        tune(company, {"liveness_decline": low, "liveness_approve": low + 0.3}, market=chance.choice(markets), at=at)
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    every = journal.entries(company)
    found = effects_of(company, entries=every, every=every, now=now)
    assert found
    for entry in every:
        if entry.number in found:
            assert moved(found[entry.number]) == _recounted(entry, days, now.date())


def _recounted(entry: Entry, days: Mapping[tuple[date, str], int], today: date) -> tuple[tuple[int, int], tuple[int, int]]:
    sides = [[0, 0], [0, 0]]
    for (day, market), of in days.items():
        lines = [line for line in entry.lines if line.applied_before != line.applied_after]
        if not any(entry.market == market or (entry.market == "" and market not in line.overridden_in) for line in lines):
            continue
        apart = (day - entry.at.date()).days
        if 1 <= abs(apart) <= 7 and day < today:
            sides[apart > 0][0] += of // 3
            sides[apart > 0][1] += of
    return (sides[0][0], sides[0][1]), (sides[1][0], sides[1][1])


def test_difference_comes_with_its_interval() -> None:
    """From 9.1 % to 4.2 %: Newcombe's interval leaves 0 out."""
    found = tuning_effects.Moved(Rate.REJECTION, Share(36, 395), Share(17, 402)).difference
    assert found is not None
    assert [round(100 * value, 1) for value in (found.change, found.interval.low, found.interval.high)] == [-4.9, -8.5, -1.4]
    assert found.is_clear
