"""R44: what a single market shows before it is an alert: it grows, or fades by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sessions_app.drift import watch
from sessions_app.models import DriftAlert
from settings_app import thresholds
from settings_app.models import Company
from tests.drifts import YESTERDAY, alert_of, count_check, course
from tests.factories import NOW, CompanyFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STRICT = {"liveness_decline": 0.5, "liveness_approve": 0.9}


@pytest.fixture
def company(db: None) -> Company:
    """One whose days are given to it, not counted from sessions."""
    return CompanyFactory(time_zone="UTC", counted_zone="UTC")


@pytest.fixture
def two_markets(company: Company) -> Company:
    """Nobody fails in Armenia. What happens in Georgia, `liveness` says."""
    course(company, *[0] * 40, market="ARM")
    return company


def liveness(company: Company, *failed: int) -> None:
    """Failures of 50 on each of the last days in Georgia, after calm ones; everybody was approved all the same."""
    course(company, *[0] * 40)
    for back, number in enumerate([*reversed(failed), *[3] * 36]):
        count_check(company, YESTERDAY - back * DAY, failed=number, of=50)


def sign_of(company: Company, **columns: object) -> DriftAlert:
    return alert_of(company, rate="check:LIVENESS", is_early=True, raised_at=NOW - 2 * DAY, **columns)


def in_georgia(company: Company) -> DriftAlert:
    return company.drift_alerts.get(market="GEO", acknowledged_at=None, faded_at=None)


@pytest.mark.parametrize(("failed", "is_early"), [(7, True), (12, False)])
def test_market_shows_an_early_sign_before_it_raises_an_alert(two_markets: Company, failed: int, is_early: bool) -> None:
    """Only alerts are counted, and so are told by mail."""
    liveness(two_markets, *[failed] * 4)
    new = watch.look_at(two_markets, now=NOW)
    assert in_georgia(two_markets).is_early is is_early
    assert new == two_markets.drift_alerts.filter(is_early=False).count()


def test_company_raises_an_alert_where_a_market_shows_an_early_sign(company: Company) -> None:
    """The same days, and one place only: its rates are few, and watched more closely."""
    liveness(company, *[7] * 4)
    assert watch.look_at(company, now=NOW) == 1
    assert [alert.market for alert in company.drift_alerts.filter(is_early=False)] == [""]


def test_early_sign_grows_to_an_alert_with_the_counts_of_that_day(two_markets: Company) -> None:
    sign = sign_of(two_markets, observed=1)
    liveness(two_markets, *[12] * 4)
    watch.look_at(two_markets, now=NOW)
    sign.refresh_from_db()
    assert (sign.is_early, sign.raised_at, sign.observed, sign.observed_of) == (False, NOW, 48, 200)
    assert in_georgia(two_markets) == sign


def test_early_sign_stays_while_there_is_less_to_show_it(two_markets: Company) -> None:
    """Too little to begin one; it would come and go every other day."""
    liveness(two_markets, *[6] * 4)
    watch.look_at(two_markets, now=NOW)
    assert not two_markets.drift_alerts.filter(market="GEO").exists()
    sign = sign_of(two_markets)
    watch.look_at(two_markets, now=NOW)
    assert in_georgia(two_markets) == sign


def test_early_sign_fades_when_nothing_shows_it(two_markets: Company) -> None:
    sign = sign_of(two_markets)
    liveness(two_markets)
    watch.look_at(two_markets, now=NOW)
    sign.refresh_from_db()
    assert sign.faded_at == NOW


def test_early_sign_of_a_rate_that_turned_fades(two_markets: Company) -> None:
    """'Lower than before' is no sign of a rate that is higher."""
    sign = sign_of(two_markets, rising=False)
    liveness(two_markets, *[7] * 4)
    watch.look_at(two_markets, now=NOW)
    sign.refresh_from_db()
    assert sign.faded_at == NOW
    assert in_georgia(two_markets).rising


def test_early_sign_fades_where_thresholds_change(two_markets: Company) -> None:
    """A new baseline begins there."""
    sign = sign_of(two_markets)
    liveness(two_markets, *[7] * 4)
    thresholds.change(company=two_markets, market="", values=STRICT, reason="", actor=None, now=NOW - DAY)
    watch.look_at(two_markets, now=NOW)
    sign.refresh_from_db()
    assert sign.faded_at == NOW
