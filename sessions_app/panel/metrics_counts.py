"""The numbers of a page of metrics: four queries of daily counts, put together by bucket, market, document and device (R50)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from checks_app.results import Check
from sessions_app.metrics import reading
from sessions_app.metrics.rates import CheckCounts, Counts
from sessions_app.metrics.reading import Scope
from sessions_app.panel.metrics_periods import DAY, Bucket, cut
from sessions_app.panel.metrics_scope import Asked

NOTHING = Counts()


@dataclass(frozen=True, slots=True)
class Slice:
    """What is counted together on a line of a table. scope: its sessions; by_bucket: the same over time."""

    value: str
    scope: Scope
    counts: Counts
    by_bucket: list[Counts]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everything that the page prints. before: the previous period, as long. markets: all of them, whichever is chosen."""

    counts: Counts
    before: Counts
    before_scope: Scope
    buckets: list[Bucket]
    by_bucket: list[Counts]
    markets: list[Slice]
    documents: list[Slice]
    devices: list[Slice]
    checks: dict[Check, CheckCounts]


def read(asked: Asked) -> Numbers:
    """Ask the daily counts. A table of markets (documents, devices) shows all of them, narrowed by the other filters alone."""
    scope, buckets = asked.scope, cut(asked.stretch, asked.step, today=asked.today)
    before = replace(scope, first=asked.stretch.before.first, last=asked.stretch.before.last)
    found = reading.by_market_and_day(replace(scope, market=None))
    markets = [_market(scope, market, days, buckets) for market, days in found.items()]
    chosen = [one for one in markets if scope.market in (None, one.value)]
    by_bucket = [Counts.total(counts) for counts in zip(*(one.by_bucket for one in chosen), strict=True)] or [NOTHING] * len(buckets)
    documents, devices = _by_document_and_device(scope)
    return Numbers(
        counts=Counts.total(one.counts for one in chosen),
        before=reading.totals(before),
        before_scope=before,
        buckets=buckets,
        by_bucket=by_bucket,
        markets=_most_first(markets),
        documents=documents,
        devices=devices,
        checks=reading.checks(scope),
    )


def _market(scope: Scope, market: str, days: dict[date, Counts], buckets: list[Bucket]) -> Slice:
    by_bucket = [days.get(bucket.first, NOTHING) if bucket.first == bucket.last else _between(days, bucket) for bucket in buckets]
    return Slice(market, replace(scope, market=market), Counts.total(by_bucket), by_bucket)


def _by_document_and_device(scope: Scope) -> tuple[list[Slice], list[Slice]]:
    found = reading.by_document_and_device(replace(scope, document=None, device=None))
    documents, devices = defaultdict(list), defaultdict(list)
    for (document, device), counts in found.items():
        if scope.device in (None, device):
            documents[document].append(counts)
        if scope.document in (None, document):
            devices[device].append(counts)
    return (
        _most_first(Slice(value, replace(scope, document=value), Counts.total(counts), []) for value, counts in documents.items()),
        _most_first(Slice(value, replace(scope, device=value), Counts.total(counts), []) for value, counts in devices.items()),
    )


def _between(days: dict[date, Counts], bucket: Bucket) -> Counts:
    return Counts.total(days.get(bucket.first + number * DAY, NOTHING) for number in range((bucket.last - bucket.first).days + 1))


def _most_first(slices: Iterable[Slice]) -> list[Slice]:
    return sorted((one for one in slices if one.counts.finished), key=lambda one: (-one.counts.finished, one.value))
