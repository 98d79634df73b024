"""The older past of the demonstration: what the metrics show must be what the product would have made of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from checks_app.decision import Verdict
from checks_app.results import DocumentKind
from sessions_app.choices import Outcome
from sessions_app.metrics import recount
from sessions_app.models import Attempt, DailyCount, ReplayLine, VerificationSession
from settings_app.models import Company, ThresholdChange
from tests.histories import by_hand, kept
from verifyportal.dev.demo.companies import BANK, found_company
from verifyportal.dev.demo.past import LONG_AGO, Past
from verifyportal.dev.demo.pictures import Draft, draw_holder

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


@pytest.fixture
def bank(db: None, settings: Any) -> Company:
    """With two sessions or three on each working day."""
    settings.ACCEPT_SPECIMENS = True
    company = found_company(BANK, password="-", now=NOW - LONG_AGO)
    holders = [draw_holder(Draft(number, NOW.date(), kind)) for number, kind in enumerate(DocumentKind)]
    past = Past(company, holders, now=NOW, a_day=2.6, seed=7)
    for moment in (NOW - LONG_AGO, NOW):
        past.live_until(moment)
    return company


def test_past_is_what_the_products_own_rules_make_of_it(bank: Company) -> None:
    """R22, R50: outcomes follow from attempts, counts from sessions, and every attempt can be replayed."""
    recount.ensure(bank)
    assert kept(bank) == by_hand(bank)
    attempts = Attempt.objects.exclude(verdict=Verdict.RETRY)
    assert attempts.count() > 50
    assert ReplayLine.objects.count() == Attempt.objects.count()
    undecided = attempts.exclude(verdict=Verdict.REVIEW).select_related("session")
    assert all(attempt.verdict == attempt.session.outcome for attempt in undecided)
    assert not VerificationSession.objects.filter(outcome=Outcome.REVIEW).exists(), "people have looked at all of them"
    assert {Outcome.ABANDONED, Outcome.EXPIRED, Outcome.DECLINE} <= set(bank.sessions.values_list("outcome", flat=True))
    assert not bank.sessions.filter(closed_at__gt=NOW).exists()


def test_past_covers_eight_weeks_and_holds_a_change_with_its_reason(bank: Company) -> None:
    """R42, R50."""
    recount.ensure(bank)
    assert DailyCount.objects.filter(company=bank).values("day").distinct().count() > 40
    change = ThresholdChange.objects.get(company=bank, name="liveness_approve", market="")
    assert (change.new, (NOW - change.at).days) == (0.62, 15)
    assert "approved by hand" in change.reason
    applied = Attempt.objects.filter(session__market="GEO", checks__check_name="LIVENESS").order_by("decided_at")
    assert list(applied.values_list("checks__approve_from", flat=True))[:: applied.count() - 1] == [0.7, 0.62]
