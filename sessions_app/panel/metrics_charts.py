"""Charts as SVG made on the server: no script and no style attribute, so they pass the strict content security policy; colours are
classes, so they follow light and dark.

Why our own: of the libraries that draw SVG in Python, pygal is LGPL; leather (MIT, 0.4.1) writes its colours into attributes, has no
interval bands and no words for screen readers; svg.py (MIT, 1.10) prints tags and leaves the drawing to the caller.
Points are joined as strings because a page has hundreds of them.

Text must keep its size at any width, so positions across are per cent of the picture, and only lines and bands, whose strokes do not
scale, lie in a stretched coordinate system of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe

from sessions_app.metrics.rates import Share

WIDE = 1000  # units across the stretched coordinate system
HEAD, PLOT, FOOT = 20, 120, 20  # px: numbers of markers, lines, days
HEIGHT = HEAD + PLOT + FOOT
SPARK, LONE_BAND = 24, 14  # px; units across
SCALES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
BAR_SCALES = (0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
MOST_DOTS = 45
DIGIT = 0.024  # of the width: a digit of a marker's number, on a phone


@dataclass(frozen=True, slots=True)
class Point:
    """One bucket of a chart. words: its days; told: its figures in words, shown by the pointer."""

    words: str
    share: Share
    is_open: bool
    told: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A change of thresholds in a bucket. number: of its note below the charts; words: the note itself."""

    place: int
    number: int
    words: str


def scale_of(points: Iterable[Point]) -> float:
    """The rate at the upper edge: the first round one above every point."""
    highest = max((point.share.share or 0.0 for point in points), default=0.0)
    return next(edge for edge in SCALES if highest <= edge)


def line_chart(points: Sequence[Point], *, name: str, title: str, desc: str) -> SafeString:
    """Draw rates over time with the band of their 95 % intervals; a bucket without sessions leaves a gap.

    name: unique on the page, of letters. title, desc: what a screen reader says instead of the picture.
    """
    edge = scale_of(points)
    across = _places(len(points))
    parts = [
        f'<svg class="chart" role="img" width="100%" height="{HEIGHT}" aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(desc)}</desc>',
        _grid(edge),
        f'<svg class="lines" y="{HEAD}" width="100%" height="{PLOT}" viewBox="0 0 {WIDE} {PLOT}" preserveAspectRatio="none">',
        f'<path class="band" d="{_band(points, across, edge)}"/>',
        _lines(points, across, edge, PLOT),
        "</svg>",
        _dots(points, across, edge),
        _days(points, across),
        "</svg>",
    ]
    return mark_safe("".join(parts))  # noqa: S308  numbers, and texts that are escaped above


def marks(found: Sequence[Mark], buckets: int, *, focusable: bool) -> SafeString:
    """Draw thin lines where thresholds changed, laid over a chart, each a link to its note.

    A picture with role="img" may hold no links, so they are a picture of their own. focusable: one of several charts takes the keyboard
    to the notes; the others answer the pointer only.
    """
    if not found:
        return mark_safe("")
    across = _places(buckets)
    hidden, untouched = ("", "") if focusable else (' aria-hidden="true"', ' tabindex="-1"')
    parts = [f'<svg class="marks" width="100%" height="{HEIGHT}"{hidden}>']
    taken = -1.0
    for place, together in groupby(found, key=lambda mark: mark.place):
        several = list(together)
        x = across[place]
        number = str(several[0].number) if len(several) == 1 else f"{several[0].number}–{several[-1].number}"
        half = len(number) * DIGIT / 2
        shown = "" if x - half < taken else f'<text x="{x:.2%}" y="12" text-anchor="middle">{number}</text>'
        taken = x + half + DIGIT if shown else taken
        words = escape(" · ".join(mark.words for mark in several))
        parts.append(
            f'<a href="#change-{several[0].number}"{untouched} aria-label="{words}"><title>{words}</title>'
            f'<rect x="{x:.2%}" width="16" height="{HEAD + PLOT}" transform="translate(-8)"/>'
            f'<line x1="{x:.2%}" x2="{x:.2%}" y1="{HEAD - 4}" y2="{HEAD + PLOT}"/>{shown}</a>'
        )
    return mark_safe("".join([*parts, "</svg>"]))  # noqa: S308  as above


def sparkline(points: Sequence[Point], *, told: str = "") -> SafeString:
    """Draw the course alone. told: for screen readers; empty where the figures stand beside it."""
    edge = max((point.share.share or 0.0 for point in points), default=0.0) or 1.0
    speech = f'role="img" aria-label="{escape(told)}"' if told else 'aria-hidden="true"'
    lines = _lines(points, _places(len(points)), edge, SPARK)
    return mark_safe(  # noqa: S308  as above
        f'<svg class="spark" viewBox="0 0 {WIDE} {SPARK}" preserveAspectRatio="none" width="100%" height="{SPARK}" {speech}>{lines}</svg>'
    )


def bar(failing: Share, unclear: Share, *, edge: float) -> SafeString:
    """Draw a bar: failed in full, then unclear hatched, and a whisker over the 95 % interval of what failed."""
    wide, rest = (failing.share or 0.0) / edge, (unclear.share or 0.0) / edge
    low, high = (min(end / edge, 1.0) for end in _ends(failing))
    ends = f'x1="{low:.2%}" x2="{high:.2%}" y1="10" y2="10"'
    return mark_safe(  # noqa: S308  as above
        '<svg class="bar" width="100%" height="20" aria-hidden="true">'
        f'<rect class="failed" y="3" height="14" width="{wide:.2%}"/>'
        f'<rect class="unclear" x="{wide:.2%}" y="3" height="14" width="{min(rest, 1 - wide):.2%}"/>'
        f'<line class="casing" {ends}/><line {ends}/></svg>'
    )


def _places(count: int) -> list[float]:
    """Where the buckets stand, as parts of the width: each in the middle of its own."""
    return [(index + 0.5) / count for index in range(count)]


def _grid(edge: float) -> str:
    rows = ((0.0, HEAD + PLOT), (edge / 2, HEAD + PLOT / 2), (edge, HEAD))
    lines = "".join(f'<line class="grid" x2="100%" y1="{y:g}" y2="{y:g}"/>' for _rate, y in rows)
    return lines + "".join(f'<text x="-6" y="{y + 4:g}" text-anchor="end">{100 * rate:.3g}\u00a0%</text>' for rate, y in rows)


def _runs(points: Sequence[Point]) -> list[list[int]]:
    """The places of buckets with sessions, parted where there are none."""
    runs: list[list[int]] = []
    for index, point in enumerate(points):
        if point.share.of:
            if runs and runs[-1][-1] == index - 1:
                runs[-1].append(index)
            else:
                runs.append([index])
    return runs


def _lines(points: Sequence[Point], across: Sequence[float], edge: float, height: int) -> str:
    """The course; what leads to a bucket that is not over is dashed. A lone bucket is a dot, drawn as a line of no length."""
    firm, open_ = [], ""
    for run in _runs(points):
        spots = [f"{across[i] * WIDE:.1f} {_y(points[i].share.share or 0.0, edge, height):.1f}" for i in run]
        if len(spots) > 1 and points[run[-1]].is_open:
            open_ = f'<path class="line open" d="M{spots[-2]}L{spots.pop()}"/>'
        firm.append(f"M{spots[0]}h0" if len(spots) == 1 else "M" + "L".join(spots))
    return f'<path class="line" d="{"".join(firm)}"/>{open_}'


def _band(points: Sequence[Point], across: Sequence[float], edge: float) -> str:
    """The intervals as one shape for each run of buckets; a lone bucket has a narrow one of its own."""
    parts = []
    for run in _runs(points):
        ends = [(across[i] * WIDE, _ends(points[i].share)) for i in run]
        if len(ends) == 1:
            (middle, interval), half = ends[0], LONE_BAND / 2
            ends = [(middle - half, interval), (middle + half, interval)]
        above = "L".join(f"{x:.1f} {_y(min(high, edge), edge, PLOT):.1f}" for x, (_low, high) in ends)
        below = "L".join(f"{x:.1f} {_y(low, edge, PLOT):.1f}" for x, (low, _high) in reversed(ends))
        parts.append(f"M{above}L{below}Z")
    return "".join(parts)


def _ends(share: Share) -> tuple[float, float]:
    interval = share.interval
    return (interval.low, interval.high) if interval else (0.0, 0.0)


def _dots(points: Sequence[Point], across: Sequence[float], edge: float) -> str:
    """A dot for each bucket, hollow while it is not over, and around it a column that shows its figures to the pointer."""
    if len(points) > MOST_DOTS:
        return ""
    wide = 1 / len(points)
    return "".join(
        f'<g><title>{escape(point.told)}</title><rect class="touch" x="{x - wide / 2:.2%}" y="{HEAD}" width="{wide:.2%}" height="{PLOT}"/>'
        f'<circle class="{"dot open" if point.is_open else "dot"}" r="3" cx="{x:.2%}" '
        f'cy="{HEAD + _y(point.share.share or 0.0, edge, PLOT):.1f}"/></g>'
        for point, x in zip(points, across, strict=True)
        if point.share.of
    )


def _days(points: Sequence[Point], across: Sequence[float]) -> str:
    """The first, the middle and the last bucket by name: more would not fit on a phone."""
    last = len(points) - 1
    ends = {0: "start", last // 2: "middle", last: "end"} if last > 1 else {0: "start", last: "end"} if last else {0: "middle"}
    at = {0: 0.0, last: 1.0} if last else {}
    return "".join(
        f'<text class="day" x="{at.get(place, across[place]):.2%}" y="{HEIGHT - 5}" text-anchor="{anchor}">'
        f"{escape(points[place].words)}</text>"
        for place, anchor in ends.items()
    )


def _y(share: float, edge: float, height: int) -> float:
    return height * (1 - share / edge)
