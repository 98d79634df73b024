"""Look at every rate of a company once its day is over, and raise an alert for each that left its baseline (R44)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np
from django.db import transaction
from django.db.models import Q

from sessions_app.days import day_of
from sessions_app.drift import detection
from sessions_app.drift.detection import DAYS, Drift
from sessions_app.drift.restarts import restarts
from sessions_app.drift.series import Series, Watched, read
from sessions_app.metrics import recount
from sessions_app.models import DriftAlert
from settings_app.models import Company


def look_at(company: Company, *, now: datetime) -> int:
    """Test the whole days up to yesterday. Returns how many alerts are new.

    Nothing depends on having looked yesterday: the test sees all days itself, and a rate has one open alert at most.
    """
    recount.ensure(company)
    last = day_of(now, company.zone) - timedelta(days=1)
    with transaction.atomic():
        series = read(company, last=last)
        fresh = _fresh(company, series, last=last, now=now) if series else []
        DriftAlert.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _fresh(company: Company, series: list[Series], *, last: date, now: datetime) -> list[DriftAlert]:
    """An open alert says it already; one that was acknowledged begins a new baseline."""
    counts = Q(acknowledged_at=None) | Q(acknowledged_at__gte=now - timedelta(days=DAYS + 1))
    alerts = list(company.drift_alerts.filter(counts))
    begin = restarts(company, last=last, alerts=alerts)
    is_open = {Watched(alert.market, alert.rate) for alert in alerts if alert.acknowledged_at is None}
    shut = [_after(one, begin.last_of(one.watched), last=last) for one in series if one.watched not in is_open]
    return [_alert(company, watched, drift, last=last, now=now) for watched, drift in _found(shut)]


def _after(series: Series, restart: date | None, *, last: date) -> Series:
    """Without the days up to a restart."""
    if restart is None:
        return series
    days = series.days.copy()
    days[:, : max(0, DAYS - (last - restart).days)] = 0
    return Series(series.watched, days)


def _found(series: list[Series]) -> Iterator[tuple[Watched, Drift]]:
    if not series:
        return
    days = np.stack([one.days for one in series])
    limits = np.array([one.watched.limit for one in series])
    for one, drift in zip(series, detection.drifts(days[:, 0], days[:, 1], limits=limits), strict=True):
        if drift is not None:
            yield one.watched, drift


def _alert(company: Company, watched: Watched, drift: Drift, *, last: date, now: datetime) -> DriftAlert:
    return DriftAlert(
        company=company,
        market=watched.market,
        rate=watched.name,
        rising=drift.rising,
        first_day=last - timedelta(days=drift.days - 1),
        last_day=last,
        observed=drift.observed,
        observed_of=drift.observed_of,
        baseline=drift.baseline,
        baseline_of=drift.baseline_of,
        raised_at=now,
    )
