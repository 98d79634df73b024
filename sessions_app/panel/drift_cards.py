"""Alerts of drift in words, each with the way to its sessions and to its chart (R44)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext

from sessions_app.drift import alerts, restarts
from sessions_app.drift.detection import BASELINE
from sessions_app.drift.restarts import Anew
from sessions_app.drift.series import Watched
from sessions_app.metrics.rates import Share
from sessions_app.metrics.reading import Scope
from sessions_app.models import DriftAlert
from sessions_app.panel.check_words import TITLES as CHECK_TITLES
from sessions_app.panel.labels import Badge
from sessions_app.panel.metric_links import behind
from sessions_app.panel.metrics_scope import Period
from sessions_app.panel.metrics_words import TITLES, market_words, percent
from settings_app.models import Company

COUNTS_TO = 99
SHOWN = 4
"""Alerts on the page of metrics: more would push the figures away. All stand on a page of their own."""


@dataclass(frozen=True, slots=True)
class Card:
    """One alert. sessions, chart: addresses."""

    alert: DriftAlert
    title: str
    where: str
    badge: Badge
    observed: str
    before: str
    sessions: str
    chart: str

    @property
    def is_open(self) -> bool:
        return self.alert.acknowledged_at is None


@dataclass(frozen=True, slots=True)
class Drift:
    """What the page of metrics says about drift. number: of all open alerts; anew: sentences about places that are not watched yet."""

    number: int
    cards: list[Card]
    anew: list[str]


def drift_of(company: Company, *, today: date) -> Drift:
    found = list(alerts.open_of(company))
    return Drift(len(found), cards_of(company, found[:SHOWN]), anew_of(company, today=today))


def anew_of(company: Company, *, today: date) -> list[str]:
    """Which places are not watched yet, because their thresholds changed."""
    return [_anew(one) for one in restarts.anew(company, today=today)]


def cards_of(company: Company, found: Iterable[DriftAlert]) -> list[Card]:
    return [card_of(company, alert) for alert in found]


def card_of(company: Company, alert: DriftAlert) -> Card:
    watched = Watched(alert.market, alert.rate)
    scope = Scope(company, first=alert.first_day, last=alert.last_day, market=alert.market or None)
    return Card(
        alert=alert,
        title=_title(watched),
        where=market_words(alert.market) if alert.market else gettext("All markets"),
        badge=_badge(watched, rising=alert.rising),
        observed=gettext("%(share)s: %(n)s of %(of)s") % _written(Share(alert.observed, alert.observed_of)),
        before=gettext("%(share)s: %(n)s of %(of)s") % _written(Share(alert.baseline, alert.baseline_of)),
        sessions=behind(scope, rate=watched.rate, check=watched.check),
        chart=_chart(alert),
    )


def number_open(company: Company) -> str:
    """How many alerts are open, as the ribbon says it; '' for none. One query of a partial index."""
    number = company.drift_alerts.filter(acknowledged_at=None).order_by()[: COUNTS_TO + 1].count()
    if number > COUNTS_TO:
        return f"{COUNTS_TO}+"
    return str(number) if number else ""


def _title(watched: Watched) -> str:
    if watched.rate:
        return str(TITLES[watched.rate])
    return gettext("Failures of “%(check)s”") % {"check": CHECK_TITLES[watched.name.partition(":")[2]]}


def _badge(watched: Watched, *, rising: bool) -> Badge:
    """The tone does not say what is good: a check that stopped failing may have stopped looking."""
    return Badge("review", gettext("Higher than before") if rising else gettext("Lower than before"))


def _written(share: Share) -> dict[str, str]:
    return {"share": percent(share.share), "n": f"{share.n:,}", "of": f"{share.of:,}"}


def _chart(alert: DriftAlert) -> str:
    """The page of metrics over the alert's days and its baseline's."""
    first = date.fromordinal(alert.first_day.toordinal() - BASELINE)
    days = {"period": Period.DAYS.value, "from_day": first.isoformat(), "to_day": alert.last_day.isoformat()}
    narrowed = {"market": alert.market} if alert.market else {}
    part = "#checks" if Watched(alert.market, alert.rate).check else "#over-time"
    return f"{reverse('panel:metrics')}?{urlencode({**days, **narrowed})}{part}"


def _anew(one: Anew) -> str:
    days = {"since": date_format(one.since, "j M"), "again": date_format(one.again, "j M")}
    if one.market:
        words = gettext("Thresholds changed in %(market)s on %(since)s: a new baseline begins there, watched again from %(again)s.")
        return words % {**days, "market": market_words(one.market)}
    return gettext("The company's thresholds changed on %(since)s: a new baseline begins, watched again from %(again)s.") % days
