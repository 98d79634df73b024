"""Look at every rate of a company once its day is over, and tell of each that left its baseline (R44)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q

from sessions_app.days import day_of
from sessions_app.drift import detection
from sessions_app.drift.detection import DAYS, EARLY, FADED, Drift
from sessions_app.drift.restarts import restarts
from sessions_app.drift.series import Series, Watched, read
from sessions_app.metrics import recount
from sessions_app.models import DriftAlert
from sessions_app.models.drift_alert import OPEN
from settings_app.models import Company


def look_at(company: Company, *, now: datetime) -> int:
    """Test the whole days up to yesterday. Returns how many alerts are new; early signs are none.

    Nothing depends on having looked yesterday: the test sees all days itself, and a rate has one open alert or early sign at most.
    """
    recount.ensure(company)
    last = day_of(now, company.zone) - timedelta(days=1)
    with transaction.atomic():
        known = list(company.drift_alerts.filter(OPEN | Q(acknowledged_at__gte=now - timedelta(days=DAYS + 1))))
        signs = {Watched(one.market, one.rate): one for one in known if one.is_open and one.is_early}
        found = _found(_to_test(company, known, last=last), signs)
        standing = {watched for watched, sign in signs.items() if watched in found and found[watched].rising == sign.rising}
        _fade([sign.pk for watched, sign in signs.items() if watched not in standing], now=now)
        told = {watched: _columns(watched, drift, last=last, now=now) for watched, drift in found.items() if drift.nats >= EARLY}
        fresh = [DriftAlert(company=company, **columns) for watched, columns in told.items() if watched not in standing]
        DriftAlert.objects.bulk_create(fresh, ignore_conflicts=True)
        grown = sum(_grow(signs[watched], columns) for watched, columns in told.items() if watched in standing)
    return grown + sum(not alert.is_early for alert in fresh)


def _to_test(company: Company, known: Iterable[DriftAlert], *, last: date) -> list[Series]:
    """An open alert says it already; one that was acknowledged begins a new baseline."""
    series = read(company, last=last)
    if not series:
        return []
    begin = restarts(company, last=last, alerts=known)
    alerts = {Watched(one.market, one.rate) for one in known if one.is_open and not one.is_early}
    return [_after(one, begin.last_of(one.watched), last=last) for one in series if one.watched not in alerts]


def _after(series: Series, restart: date | None, *, last: date) -> Series:
    """Without the days up to a restart."""
    if restart is None:
        return series
    days = series.days.copy()
    days[:, : max(0, DAYS - (last - restart).days)] = 0
    return Series(series.watched, days)


def _found(series: list[Series], signs: Collection[Watched]) -> dict[Watched, Drift]:
    """What is worth telling, and what is left of the early signs."""
    if not series:
        return {}
    days = np.stack([one.days for one in series])
    limits = np.array([FADED if one.watched in signs else EARLY for one in series])
    drifts = detection.drifts(days[:, 0], days[:, 1], limits=limits)
    return {one.watched: drift for one, drift in zip(series, drifts, strict=True) if drift is not None}


def _fade(signs: list[int], *, now: datetime) -> None:
    if signs:
        DriftAlert.objects.filter(OPEN, is_early=True, pk__in=signs).update(faded_at=now)


def _grow(sign: DriftAlert, columns: dict[str, Any]) -> int:
    """Make an alert of an early sign, with the counts of today. Returns 1, or 0 where it stays a sign or somebody closed it meanwhile."""
    if columns["is_early"]:
        return 0
    return DriftAlert.objects.filter(OPEN, is_early=True, pk=sign.pk).update(**columns)


def _columns(watched: Watched, drift: Drift, *, last: date, now: datetime) -> dict[str, Any]:
    return {
        "market": watched.market,
        "rate": watched.name,
        "is_early": watched.is_early(drift.nats),
        "rising": drift.rising,
        "first_day": last - timedelta(days=drift.days - 1),
        "last_day": last,
        "observed": drift.observed,
        "observed_of": drift.observed_of,
        "baseline": drift.baseline,
        "baseline_of": drift.baseline_of,
        "raised_at": now,
    }
