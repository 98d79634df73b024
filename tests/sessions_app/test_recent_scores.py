"""R40: a limit is set against what was measured lately."""

from datetime import timedelta
from typing import Any

import pytest

from sessions_app import recent_scores
from sessions_app.choices import Outcome
from sessions_app.models import ReplayLine
from settings_app.models import Company
from tests.factories import NOW, CompanyFactory
from tests.replays import GOOD, past

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return CompanyFactory()


def scored(company: Company, *, market: str = "", **values: Any) -> None:
    past(company, GOOD._replace(**values), market=market, outcome=Outcome.REVIEW)


def test_scores_are_counted_by_the_hundredth_that_they_reach(company: Company) -> None:
    """0.29 is stored a hair below 0.29 hundredths, and still reaches it."""
    for score in (0.0, 0.29, 0.299, 0.3, 1.0):
        scored(company, liveness=score)
    spread = recent_scores.spreads(company=company, market="")["liveness"]
    assert {step: count for step, count in enumerate(spread.counts) if count} == {0: 1, 29: 2, 30: 1, 100: 1}
    assert (spread.between(0, 30), spread.between(30, 101)) == (3, 2)


def test_levels_are_counted_each_and_what_was_not_measured_is_left_out(company: Company) -> None:
    scored(company, face_level=0, liveness=None)
    scored(company, face_level=7)
    scored(company, face_level=None)
    found = recent_scores.spreads(company=company, market="")
    assert found["face_match"].counts == (1, 0, 0, 0, 0, 0, 0, 1)
    assert (found["face_match"].measured, found["liveness"].measured) == (2, 2)


def test_market_counts_its_own_attempts_and_the_company_all(company: Company) -> None:
    """R81: and never those of another company."""
    scored(company, market="GEO")
    scored(company)
    scored(CompanyFactory(), market="GEO")
    measured = {market: recent_scores.spreads(company=company, market=market)["liveness"].measured for market in ("", "GEO", "ESP")}
    assert measured == {"": 2, "GEO": 1, "ESP": 0}


def test_only_the_newest_are_looked_through(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent_scores, "SEARCHED", 1)
    scored(company, liveness=0.1)
    scored(company, liveness=0.9)
    ReplayLine.objects.filter(liveness=0.9).update(decided_at=NOW + timedelta(days=1))
    spread = recent_scores.spreads(company=company, market="")["liveness"]
    assert spread.between(90, 91) == spread.measured == 1
