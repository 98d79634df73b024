"""Alerts of drift and early signs in words, each with the way to its sessions and to its chart (R44)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
from sessions_app.models.drift_alert import OPEN
from sessions_app.panel.check_words import TITLES as CHECK_TITLES
from sessions_app.panel.labels import Badge
from sessions_app.panel.metric_links import behind
from sessions_app.panel.metrics_scope import Period
from sessions_app.panel.metrics_words import TITLES, market_words
from sessions_app.panel.shares import percent
from settings_app.models import Company

COUNTS_TO = 99
SHOWN = 4
"""Alerts on the page of metrics, and early signs: more would push the figures away. All stand on a page of their own."""

FADED_DAYS = 90
"""For so long the page of alerts tells which early signs faded."""


@dataclass(frozen=True, slots=True)
class Card:
    """One alert, or early sign. sessions, chart: addresses."""

    alert: DriftAlert
    title: str
    where: str
    badge: Badge
    observed: str
    before: str
    sessions: str
    chart: str


@dataclass(frozen=True, slots=True)
class Told:
    """Some of the open alerts, or of the early signs. number: of all."""

    number: int
    cards: list[Card]

    @property
    def left_out(self) -> int:
        return self.number - len(self.cards)


@dataclass(frozen=True, slots=True)
class Drift:
    """What the page of metrics says about drift. anew: sentences about places that are not watched yet."""

    alerts: Told
    signs: Told
    anew: list[str]


def drift_of(company: Company, *, today: date) -> Drift | None:
    """None: nothing is open."""
    found = list(alerts.open_of(company))
    if not found:
        return None
    of_alerts, of_signs = ([alert for alert in found if alert.is_early is early] for early in (False, True))
    return Drift(_told(company, of_alerts), _told(company, of_signs), anew_of(company, today=today))


def signs_of(company: Company) -> Told:
    """All early signs that stand."""
    found = cards_of(company, alerts.open_of(company).filter(is_early=True))
    return Told(len(found), found)


def faded_of(company: Company, *, now: datetime) -> list[Card]:
    return cards_of(company, alerts.faded_of(company, since=now - timedelta(days=FADED_DAYS)))


def anew_of(company: Company, *, today: date) -> list[str]:
    """Which places are not watched yet, because their thresholds changed."""
    return [_anew(one) for one in restarts.anew(company, today=today)]


def _told(company: Company, found: list[DriftAlert]) -> Told:
    return Told(len(found), cards_of(company, found[:SHOWN]))


def cards_of(company: Company, found: Iterable[DriftAlert]) -> list[Card]:
    return [card_of(company, alert) for alert in found]


def card_of(company: Company, alert: DriftAlert) -> Card:
    watched = Watched(alert.market, alert.rate)
    scope = Scope(company, first=alert.first_day, last=alert.last_day, market=alert.market or None)
    return Card(
        alert=alert,
        title=_title(watched),
        where=market_words(alert.market) if alert.market else gettext("All markets"),
        badge=_badge(alert),
        observed=gettext("%(share)s: %(n)s of %(of)s") % _written(Share(alert.observed, alert.observed_of)),
        before=gettext("%(share)s: %(n)s of %(of)s") % _written(Share(alert.baseline, alert.baseline_of)),
        sessions=behind(scope, rate=watched.rate, check=watched.check),
        chart=_chart(alert),
    )


def number_open(company: Company) -> str:
    """How many alerts are open, as the ribbon says it; '' for none. One query of a partial index."""
    return badge(len(company.drift_alerts.filter(OPEN, is_early=False).order_by().values_list("pk")[: COUNTS_TO + 1]))


def badge(number: int) -> str:
    if number > COUNTS_TO:
        return f"{COUNTS_TO}+"
    return str(number) if number else ""


def _title(watched: Watched) -> str:
    if watched.rate:
        return str(TITLES[watched.rate])
    return gettext("Failures of “%(check)s”") % {"check": CHECK_TITLES[watched.name.partition(":")[2]]}


def _badge(alert: DriftAlert) -> Badge:
    """The tone does not say what is good: a check that stopped failing may have stopped looking."""
    if alert.is_early:
        return Badge("pending", gettext("Early sign: higher than before") if alert.rising else gettext("Early sign: lower than before"))
    return Badge("review", gettext("Higher than before") if alert.rising else gettext("Lower than before"))


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
