"""The tables of the metrics, for the page and as files: the same lines, so that neither says what the other does not (R50).

A page has hundreds of cells, each with a link; they are joined as strings, because a template would take longer than all queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from django.db.models import TextChoices
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from checks_app.results import Check
from sessions_app.metrics.rates import CheckCounts, Counts, Rate, Share
from sessions_app.metrics.reading import Scope
from sessions_app.panel.check_words import TITLES as CHECK_TITLES
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.metric_links import behind
from sessions_app.panel.metrics_charts import BAR_SCALES, Point, bar, sparkline
from sessions_app.panel.metrics_counts import Numbers, Slice
from sessions_app.panel.metrics_periods import Bucket
from sessions_app.panel.metrics_words import COUNTED, SMALL, TITLES, device_words, document_words, market_words
from sessions_app.panel.shares import NONE, percent, spread

RATES = tuple(Rate)


class TableName(TextChoices):
    """The tables that can be saved as a file."""

    DAYS = "days", _("Over time")
    MARKETS = "markets", _("By market")
    DOCUMENTS = "documents", _("By document type")
    DEVICES = "devices", _("By device")
    CHECKS = "checks", _("Checks that failed")


HEADS: dict[TableName, type_of_text] = {
    TableName.DAYS: _("Days"),
    TableName.MARKETS: _("Market"),
    TableName.DOCUMENTS: _("Document"),
    TableName.DEVICES: _("Device"),
    TableName.CHECKS: _("Check"),
}
"""What stands over the first column."""

SAY: dict[TableName, Callable[[str], str]] = {
    TableName.MARKETS: market_words,
    TableName.DOCUMENTS: document_words,
    TableName.DEVICES: device_words,
}
"""How a table names its lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of rates. words: what it is about; note: what to know of it; way: the address that narrows the page to it."""

    words: str
    scope: Scope
    counts: Counts
    note: str = ""
    way: str = ""
    is_chosen: bool = False
    course: Sequence[Point] | None = None


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check over the period."""

    check: Check
    words: str
    scope: Scope
    counts: CheckCounts


def bucket_note(bucket: Bucket) -> str:
    """Why a bucket is not like its neighbours."""
    days = (bucket.last - bucket.first).days + 1
    cut = ngettext("%(days)s day only", "%(days)s days only", days) % {"days": days} if bucket.is_cut else ""
    return " · ".join(filter(None, [cut, gettext("not over yet") if bucket.is_open else ""]))


def check_lines(scope: Scope, numbers: Numbers) -> list[CheckLine]:
    """Every check that was judged, those that failed most often first."""
    found = [CheckLine(check, str(CHECK_TITLES[check]), scope, counts) for check, counts in numbers.checks.items()]
    return sorted(found, key=lambda line: (-(line.counts.failing.share or 0.0), -(line.counts.doubtful.share or 0.0), line.words))


def body(lines: Iterable[Line]) -> SafeString:
    """The rows of a table of rates; with a course where the lines have one."""
    labels = [escape(str(TITLES[rate])) for rate in RATES]
    finished = escape(gettext("Finished"))
    return mark_safe("".join(_row(line, labels, finished) for line in lines))  # noqa: S308  texts are escaped where they are put in


def _row(line: Line, labels: list[str], finished: str) -> str:
    words = escape(line.words)
    head = f'<a href="{escape(line.way)}"{" aria-current=true" if line.is_chosen else ""}>{words}</a>' if line.way else words
    note = f' <span class="note">{escape(line.note)}</span>' if line.note else ""
    count = line.counts.finished
    cells = "".join(
        _cell(label, line.counts.share_of(rate), behind(line.scope, rate=rate)) for label, rate in zip(labels, RATES, strict=True)
    )
    total = f'<a href="{escape(behind(line.scope))}">{count:,}</a>' if count else "0"
    course = "" if line.course is None else f'<td class="course">{sparkline(line.course)}</td>'
    return f'<tr><th scope="row">{head}{note}</th><td class="number" data-label="{finished}">{total}</td>{cells}{course}</tr>'


def _cell(label: str, share: Share, way: str) -> str:
    """Rate and n / N; of a few sessions n / N alone."""
    if not share.of:
        return f'<td class="number" data-label="{label}"><span class="unknown">{NONE}</span></td>'
    rate = "" if share.of < SMALL else f"<b>{percent(share.share)}</b> "
    return f'<td class="number" data-label="{label}">{rate}<a href="{escape(way)}">{share.n:,}\u00a0/\u00a0{share.of:,}</a></td>'


def checks_body(lines: Sequence[CheckLine], *, edge: float) -> SafeString:
    """The rows of the table of checks, with a bar each. edge: the rate at the end of a whole bar."""
    labels = [escape(gettext(word)) for word in ("Failed", "95 % interval", "Unclear")]
    return mark_safe("".join(_check_row(line, labels, edge) for line in lines))  # noqa: S308  as above


def _check_row(line: CheckLine, labels: list[str], edge: float) -> str:
    failing, doubtful = line.counts.failing, line.counts.doubtful
    failed, interval, unclear = labels
    return (
        f'<tr><th scope="row">{escape(line.words)}</th><td class="course">{bar(failing, doubtful, edge=edge)}</td>'
        f"{_cell(failed, failing, behind(line.scope, check=line.check))}"
        f'<td class="number soft" data-label="{interval}">{spread(failing.interval)}</td>'
        f"{_cell(unclear, doubtful, behind(line.scope, unclear=line.check))}</tr>"
    )


def edge_of(lines: Iterable[CheckLine]) -> float:
    """The rate at the end of a whole bar: the first round one that holds every bar."""
    highest = max(((line.counts.failed + line.counts.unclear) / line.counts.judged for line in lines), default=0.0)
    return next(edge for edge in BAR_SCALES if highest <= edge)


def heads() -> list[str]:
    """The rates as columns of a table."""
    return [str(TITLES[rate]) for rate in RATES]


def file_of(table: TableName, scope: Scope, numbers: Numbers) -> tuple[list[str], list[list[str]]]:
    """Head and rows of a table as a file: rates in per cent, with the ends of their 95 % intervals."""
    if table is TableName.CHECKS:
        return _checks_file(check_lines(scope, numbers))
    first = {TableName.DAYS: [gettext("From"), gettext("To")], TableName.MARKETS: [gettext("Code"), gettext("Market")]}
    head = [*first.get(table, [str(HEADS[table])]), gettext("Finished")]
    for rate in RATES:
        head += [str(COUNTED[rate]), *_rate_heads(str(TITLES[rate]))]
    if table is TableName.DAYS:
        counted = zip(numbers.buckets, numbers.by_bucket, strict=True)
        return head, [[bucket.first.isoformat(), bucket.last.isoformat(), *_cells(counts)] for bucket, counts in counted]
    return head, [[*_named(table, one), *_cells(one.counts)] for one in slices_of(table, numbers)]


def slices_of(table: TableName, numbers: Numbers) -> list[Slice]:
    return {TableName.MARKETS: numbers.markets, TableName.DOCUMENTS: numbers.documents, TableName.DEVICES: numbers.devices}[table]


def _named(table: TableName, one: Slice) -> list[str]:
    words = SAY[table](one.value)
    return [one.value, words] if table is TableName.MARKETS else [words]


def _checks_file(lines: Iterable[CheckLine]) -> tuple[list[str], list[list[str]]]:
    rate = _rate_heads(gettext("Failure rate"))
    head = [gettext("Check"), gettext("Judged"), gettext("Failed"), *rate, gettext("Unclear"), gettext("Unclear %")]
    rows = [
        [line.words, str(line.counts.judged), *_share_cells(line.counts.failing), *_share_cells(line.counts.doubtful)[:2]] for line in lines
    ]
    return head, rows


def _rate_heads(title: str) -> list[str]:
    return [gettext(words) % {"rate": title} for words in ("%(rate)s %%", "%(rate)s, 95 %% from", "%(rate)s, 95 %% to")]


def _cells(counts: Counts) -> list[str]:
    return [str(counts.finished), *(cell for rate in RATES for cell in _share_cells(counts.share_of(rate)))]


def _share_cells(share: Share) -> list[str]:
    interval = share.interval
    if interval is None:
        return [str(share.n), "", "", ""]
    return [str(share.n), *(f"{100 * value:.2f}" for value in (share.n / share.of, interval.low, interval.high))]
