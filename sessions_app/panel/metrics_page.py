"""The page of metrics, put together: figures, charts, tables, and the changes of thresholds that stand in them (R50)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from sessions_app.metrics.rates import Rate, Share
from sessions_app.metrics.reading import Scope
from sessions_app.panel import effect_cards
from sessions_app.panel import metrics_charts as charts
from sessions_app.panel import metrics_counts as counting
from sessions_app.panel import metrics_tables as tables
from sessions_app.panel.effect_cards import Card
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.metric_links import behind
from sessions_app.panel.metrics_charts import Mark, Point
from sessions_app.panel.metrics_counts import Numbers, Slice
from sessions_app.panel.metrics_periods import Bucket
from sessions_app.panel.metrics_scope import NOTHING, Asked
from sessions_app.panel.metrics_tables import CheckLine, Line, TableName
from sessions_app.panel.metrics_words import DEFINITIONS, SMALL, TITLES, Change, change, market_words, told
from sessions_app.panel.shares import percent, spread
from settings_app import journal

MOST_FAILED = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One rate of the whole period."""

    rate: Rate
    title: type_of_text
    definition: type_of_text
    share: Share
    way: str
    change: Change
    spark: SafeString

    @property
    def percent(self) -> str:
        return percent(self.share.share)

    @property
    def spread(self) -> str:
        return spread(self.share.interval)

    @property
    def is_small(self) -> bool:
        return self.share.of < SMALL


@dataclass(frozen=True, slots=True)
class Chart:
    """One rate over time."""

    rate: Rate
    title: type_of_text
    lines: SafeString
    marks: SafeString


@dataclass(frozen=True, slots=True)
class Note:
    """A change of thresholds in the period, and what followed it. market: in words; empty: the company's own thresholds."""

    number: int
    day: date
    market: str
    what: str
    reason: str
    effect: Card | None

    @property
    def shows_effect(self) -> bool:
        """Whether what followed is worth seeing at once."""
        return self.effect is not None and any(row.is_clear for row in self.effect.rows)


@dataclass(frozen=True, slots=True)
class Table:
    """Rates by market, document type or device."""

    name: TableName
    body: SafeString

    @property
    def first(self) -> str:
        return str(tables.HEADS[self.name])

    @property
    def has_course(self) -> bool:
        return self.name is TableName.MARKETS


@dataclass(frozen=True, slots=True)
class Failing:
    """A check among those that fail most often."""

    words: str
    share: Share
    way: str

    @property
    def percent(self) -> str:
        return percent(self.share.share)


def context_of(asked: Asked, query: QueryDict) -> dict[str, Any]:
    """Everything that the templates print. query: of the address, to lead to other ones."""
    numbers = counting.read(asked)
    page = {"asked": asked, "counts": numbers.counts, "before": numbers.before, "ways": _ways(asked, numbers), "saved": _query(query)}
    page["markets"] = _markets(asked, numbers.markets)
    if not numbers.counts.finished:
        return page | {"has_any": asked.scope.company.sessions.exclude(closed_at=None).exists()}
    points = _points(numbers)
    notes = _notes(asked)
    lines = tables.check_lines(asked.scope, numbers)
    edge = tables.edge_of(lines)
    return page | {
        "figures": [_figure(rate, asked, numbers, points[rate]) for rate in Rate],
        "failing": [_failing(line) for line in lines[:MOST_FAILED] if line.counts.failed],
        "charts": _charts(asked, numbers, points, notes),
        "notes": notes,
        "rates": tables.heads(),
        "times": _times(asked, numbers),
        "tables": [_table(name, asked, numbers, query) for name in (TableName.MARKETS, TableName.DOCUMENTS, TableName.DEVICES)],
        "checks": tables.checks_body(lines, edge=edge),
        "checks_edge": f"{100 * edge:g}",
        "definitions": [(TITLES[rate], DEFINITIONS[rate]) for rate in Rate],
    }


def context_of_waiting(asked: Asked, query: QueryDict) -> dict[str, Any]:
    """For a page without figures, while many sessions are being counted."""
    return {"asked": asked, "markets": _markets(asked, []), "saved": _query(query), "is_waiting": True}


def _markets(asked: Asked, counted: Sequence[Slice]) -> list[tuple[str, str]]:
    """What one may narrow the page to, by name: the markets of these days, and the chosen one."""
    found = {one.value for one in counted} | ({asked.scope.market} - {None})
    return sorted(((market or NOTHING, market_words(market)) for market in found if market is not None), key=lambda choice: choice[1])


def _ways(asked: Asked, numbers: Numbers) -> dict[str, str]:
    return {"finished": behind(asked.scope), "before": behind(numbers.before_scope)}


def _query(query: QueryDict, *without: str) -> str:
    """The address's query without some of its names, to be gone on with."""
    rest = query.copy()
    for name in without:
        rest.pop(name, None)
    return rest.urlencode()


def _points(numbers: Numbers) -> dict[Rate, list[Point]]:
    named = [(bucket, bucket.words, counts) for bucket, counts in zip(numbers.buckets, numbers.by_bucket, strict=True)]
    return {rate: [_point(bucket, words, counts.share_of(rate)) for bucket, words, counts in named] for rate in Rate}


def _point(bucket: Bucket, words: str, share: Share) -> Point:
    ending = f", {tables.bucket_note(bucket)}" if bucket.is_open or bucket.is_cut else ""
    return Point(words, share, bucket.is_open, told=f"{words}: {told(share)}{ending}")


def _figure(rate: Rate, asked: Asked, numbers: Numbers, points: Sequence[Point]) -> Figure:
    share = numbers.counts.share_of(rate)
    return Figure(
        rate=rate,
        title=TITLES[rate],
        definition=DEFINITIONS[rate],
        share=share,
        way=behind(asked.scope, rate=rate),
        change=change(share, numbers.before.share_of(rate)),
        spark=charts.sparkline(points),
    )


def _failing(line: CheckLine) -> Failing:
    return Failing(line.words, line.counts.failing, behind(line.scope, check=line.check))


def _charts(asked: Asked, numbers: Numbers, points: dict[Rate, list[Point]], notes: Sequence[Note]) -> list[Chart]:
    begins = [bucket.first for bucket in numbers.buckets]
    marks = [Mark(bisect_right(begins, note.day) - 1, note.number, _note_words(note)) for note in notes]
    first, others = (charts.marks(marks, len(begins), focusable=focusable) for focusable in (True, False))
    days = asked.stretch.words
    return [Chart(rate, TITLES[rate], _drawn(rate, days, points[rate]), first if rate is Rate.APPROVAL else others) for rate in Rate]


def _drawn(rate: Rate, days: str, points: Sequence[Point]) -> SafeString:
    return charts.line_chart(
        points,
        name=rate.value,
        title=gettext("%(rate)s, %(days)s") % {"rate": TITLES[rate], "days": days},
        desc=_course_words(points),
    )


def _course_words(points: Sequence[Point]) -> str:
    """The course in two sentences: where it begins and ends, and its extremes."""
    counted = [point for point in points if point.share.of]
    low, high = (pick(counted, key=lambda point: point.share.share or 0.0) for pick in (min, max))
    edges = {"first": counted[0].told, "last": counted[-1].told, "low": low.told, "high": high.told}
    return gettext("First: %(first)s. Last: %(last)s. Lowest: %(low)s. Highest: %(high)s. The table below holds every figure.") % edges


def _notes(asked: Asked) -> list[Note]:
    found = journal.markers(asked.scope.company, market=asked.scope.market, first=asked.stretch.first, last=asked.stretch.last)
    if not found:
        return []
    every = journal.entries(asked.scope.company, since=found[0].at - effect_cards.MIXES, until=found[-1].at + effect_cards.MIXES)
    effects = effect_cards.cards_of(asked.scope.company, [one.entry for one in found], every=every, now=asked.now)
    return [
        Note(number, one.day, market_words(one.market) if one.market else "", one.what, one.reason, effects.get(one.entry.number))
        for number, one in enumerate(found, 1)
    ]


def _note_words(note: Note) -> str:
    where = note.market or gettext("All markets")
    return f"{note.number}. {date_format(note.day, 'j M Y')}, {where}: {note.what}"


def _times(asked: Asked, numbers: Numbers) -> SafeString:
    """The charts as a table, newest first."""
    counted, scope = reversed(list(zip(numbers.buckets, numbers.by_bucket, strict=True))), asked.scope
    narrowed = (scope.market, scope.document, scope.device)
    return tables.body(
        Line(bucket.words, Scope(scope.company, bucket.first, bucket.last, *narrowed), counts, note=tables.bucket_note(bucket))
        for bucket, counts in counted
    )


def _table(name: TableName, asked: Asked, numbers: Numbers, query: QueryDict) -> Table:
    dimension = name.value.removesuffix("s")
    chosen = getattr(asked.scope, dimension)
    everything = _query(query, dimension)
    here = f"{reverse('panel:metrics')}?{everything}{'&' if everything else ''}"
    return Table(name, tables.body(_line(name, one, dimension, chosen, here, numbers) for one in tables.slices_of(name, numbers)))


def _line(name: TableName, one: Slice, dimension: str, chosen: str | None, here: str, numbers: Numbers) -> Line:
    """A line whose name narrows the page to it; the name of the chosen one leads back to all."""
    counted = zip(numbers.buckets, one.by_bucket, strict=False)
    return Line(
        words=tables.SAY[name](one.value),
        scope=one.scope,
        counts=one.counts,
        way=here if one.value == chosen else f"{here}{dimension}={one.value or NOTHING}",
        is_chosen=one.value == chosen,
        course=[Point("", counts.share_of(Rate.APPROVAL), bucket.is_open) for bucket, counts in counted] if one.by_bucket else None,
    )
