"""R50: each figure leads to exactly the sessions behind it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client

from checks_app.results import Check
from sessions_app.choices import Outcome
from sessions_app.metrics import reading, recount
from sessions_app.metrics.rates import Rate
from sessions_app.metrics.reading import Scope
from sessions_app.models import VerificationSession
from sessions_app.panel.counting import Count
from sessions_app.panel.listing import count_text
from sessions_app.panel.metric_links import behind
from settings_app.models import Company
from tests.crowd import crowd
from tests.factories import NOW, finished_session

CHECKS = (Check.LIVENESS, Check.FACE_MATCH, Check.SCREEN_REPLAY)
SESSIONS = 240
SLICES: tuple[dict[str, str], ...] = (
    {},
    {"market": "GEO"},
    {"market": ""},
    {"document": "PASSPORT"},
    {"document": ""},
    {"device": "Mobile"},
    {"device": "", "market": "ESP"},
)


@pytest.fixture
def past(company: Company) -> list[Scope]:
    """Sessions of five days with everything that can be counted; the middle three days, whole and cut in many ways."""
    company.time_zone = "Asia/Tbilisi"
    company.save(update_fields=["time_zone"])
    chance, sessions = random.Random(5), crowd(company, SESSIONS)
    for session in sessions:
        session.device = chance.choice(["PC", "Mobile", ""])
        session.forced_retries = chance.choice([0, 0, 1, 3])
        session.decided_by_hand = session.outcome in (Outcome.APPROVE, Outcome.DECLINE) and chance.random() < 0.4
        session.judged_checks = sorted(chance.sample(CHECKS, chance.randint(0, 3)))
        session.failed_checks = [check for check in session.judged_checks if chance.random() < 0.3]
        session.unclear_checks = [check for check in session.judged_checks if check not in session.failed_checks and chance.random() < 0.3]
    columns = ["device", "forced_retries", "decided_by_hand", "judged_checks", "failed_checks", "unclear_checks"]
    VerificationSession.objects.bulk_update(sessions, columns)
    recount.ensure(company)
    today = NOW.astimezone(company.zone).date()
    whole = Scope(company, today - timedelta(days=3), today - timedelta(days=1))
    assert min(reading.totals(whole).share_of(rate).n for rate in Rate) > 5, "there must be something to find"
    return [replace(whole, **narrowed) for narrowed in SLICES]  # type: ignore[arg-type]


def listed(panel: Client, address: str) -> str:
    response = panel.get(address)
    assert response.status_code == 200
    count: str = response.context["listing"].count
    return count


def words(number: int) -> str:
    return str(count_text(Count(number, is_exact=True)))


def test_a_rate_leads_to_the_sessions_over_its_line_and_the_whole_to_those_under_it(panel: Client, past: list[Scope]) -> None:
    for scope in past:
        counts = reading.totals(scope)
        assert listed(panel, behind(scope)) == words(counts.finished), scope
        for rate in Rate:
            assert listed(panel, behind(scope, rate=rate)) == words(counts.share_of(rate).n), (scope, rate)


def test_a_check_leads_to_the_sessions_in_which_it_failed_or_was_unclear(panel: Client, past: list[Scope]) -> None:
    for scope in past[:3]:
        for check, counts in reading.checks(scope).items():
            found = listed(panel, behind(scope, check=check)), listed(panel, behind(scope, unclear=check))
            assert found == (words(counts.failed), words(counts.unclear)), (scope, check)


def test_days_of_a_link_are_those_of_the_outcome_in_the_companys_time_zone(panel: Client, company: Company) -> None:
    """A session that waited long for its end counts on the day of the end, until the last second."""
    company.time_zone = "Pacific/Kiritimati"
    company.save(update_fields=["time_zone"])
    today = NOW.astimezone(company.zone).date()
    start = NOW.astimezone(company.zone).replace(hour=0, minute=0)
    for offset in (timedelta(seconds=-1), timedelta(), timedelta(days=1, seconds=-1), timedelta(days=1)):
        finished_session(company=company, now=start - timedelta(days=20), closed_at=start + offset)
    recount.ensure(company)
    scope = Scope(company, today, today)
    assert reading.totals(scope).finished == 2
    assert listed(panel, behind(scope)) == words(2)


def test_filters_of_a_link_are_named_and_can_be_taken_away(panel: Client, past: list[Scope]) -> None:
    """R61: the state of the list is in the address and on the page."""
    response = panel.get(behind(replace(past[0], market="", device="PC"), rate=Rate.REJECTION) + "&failed=LIVENESS&retaken=yes")
    chips = [str(chip.label) for chip in response.context["listing"].chips]
    assert chips == [
        "Declined",
        "PC",
        "Ended from 19 Nov 2026",
        "Ended to 21 Nov 2026",
        "Decided by the checks",
        "Pictures retaken",
        "Liveness: failed",
        "Without a market",
    ]
    query = next(chip.query for chip in response.context["listing"].chips if chip.label == "Decided by the checks")
    assert "by=" not in query
    assert "failed=LIVENESS" in query


def test_filters_without_a_control_stay_when_another_is_set(panel: Client, past: list[Scope]) -> None:
    """R62: the form of the list carries them along."""
    page = panel.get(behind(past[0], rate=Rate.REJECTION)).content.decode()
    assert '<input type="hidden" name="by" value="checks">' in page
    assert f'<input type="hidden" name="closed_from" value="{past[0].first.isoformat()}">' in page
