"""R50: charts as pictures that pass the content policy, for eyes, pointers, keyboards and screen readers."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from sessions_app.metrics.rates import Share
from sessions_app.panel.metrics_charts import Mark, Point, bar, line_chart, marks, scale_of, sparkline


def points(*shares: tuple[int, int], last_is_open: bool = False) -> list[Point]:
    last = len(shares) - 1
    return [
        Point(f"{day + 1} Nov", Share(n, of), is_open=last_is_open and day == last, told=f"{n} / {of}")
        for day, (n, of) in enumerate(shares)
    ]


def drawn(*shares: tuple[int, int], last_is_open: bool = False) -> str:
    return line_chart(points(*shares, last_is_open=last_is_open), name="approval", title="Approval <rate>", desc="Up & down")


def test_chart_is_a_picture_with_a_title_and_a_description() -> None:
    """R50: what a screen reader says instead."""
    picture = ElementTree.fromstring(drawn((1, 2), (3, 4)))
    named = {part.get("id"): part.text for part in picture if part.tag in ("title", "desc")}
    assert picture.get("role") == "img"
    assert [named[name] for name in (picture.get("aria-labelledby") or "").split()] == ["Approval <rate>", "Up & down"]


@pytest.mark.parametrize(
    "picture",
    [
        drawn((1, 2), (0, 0), (3, 4), last_is_open=True),
        sparkline(points((1, 2), (3, 4))),
        bar(Share(3, 40), Share(2, 40), edge=0.2),
        marks([Mark(0, 1, "a & b"), Mark(0, 2, "c")], 4, focusable=False),
    ],
)
def test_pictures_are_whole_and_hold_no_style_and_no_script(picture: str) -> None:
    """The content policy blocks both."""
    tags = list(ElementTree.fromstring(picture).iter())
    assert tags
    assert not [part for part in tags if part.tag == "script" or {"style", "onclick"} & set(part.attrib)]


def test_bucket_without_sessions_leaves_a_gap() -> None:
    """R50: nothing is not zero."""
    line = re.search(r'class="line" d="([^"]+)"', drawn((1, 2), (2, 2), (0, 0), (1, 2), (2, 2)))
    assert line
    assert line[1].count("M") == 2


def test_lone_bucket_between_gaps_is_still_seen() -> None:
    """R50."""
    assert 'd="M500.0 20.0h0"' in drawn((0, 0), (1, 2), (0, 0))


def test_zero_of_some_is_drawn_on_the_ground_line() -> None:
    """R50: 0 of 5 is a figure."""
    assert drawn((0, 5), (0, 5)).count('cy="140.0"') == 2


def test_bucket_that_is_not_over_is_hollow_and_its_line_dashed() -> None:
    """R50."""
    picture = drawn((1, 2), (2, 2), (1, 2), last_is_open=True)
    assert (picture.count('class="dot open"'), picture.count('class="line open"')) == (1, 1)


def test_every_bucket_of_a_year_is_drawn_without_a_dot_each() -> None:
    """R50: 365 dots would hide the line."""
    picture = drawn(*[(1, 2)] * 365)
    assert picture.count("<circle") == 0
    assert picture.count("L") >= 364


@pytest.mark.parametrize(("highest", "edge"), [((0, 9), 0.01), ((1, 100), 0.01), ((11, 1000), 0.02), ((2, 5), 0.4), ((1, 1), 1.0)])
def test_scale_ends_at_the_first_round_rate_above(highest: tuple[int, int], edge: float) -> None:
    """R50."""
    assert scale_of(points(highest)) == edge


def test_change_of_thresholds_is_a_link_that_the_keyboard_reaches_once() -> None:
    """R50: in one of the charts; the others answer the pointer."""
    first, other = (marks([Mark(2, 1, "1. Liveness 0.7 → 0.6")], 10, focusable=focusable) for focusable in (True, False))
    assert 'href="#change-1" aria-label="1. Liveness 0.7 → 0.6"' in first
    assert "tabindex" not in first
    assert 'tabindex="-1"' in other


def test_changes_of_one_bucket_share_a_line() -> None:
    """R50."""
    found = marks([Mark(2, 1, "one"), Mark(2, 2, "two"), Mark(5, 3, "three")], 10, focusable=True)
    assert re.findall(r"<text[^>]*>([^<]+)", found) == ["1–2", "3"]


def test_numbers_that_would_lie_on_each_other_are_left_out() -> None:
    """R50: the line and its words stay."""
    found = marks([Mark(day, day + 1, f"change {day}") for day in range(4)], 90, focusable=True)
    assert (found.count("<line"), found.count("<text")) == (4, 1)


def test_bar_never_leaves_its_picture() -> None:
    """R50: not even where the interval does."""
    widths = [float(found) for found in re.findall(r'(?:width|x2|x)="([\d.]+)%"', bar(Share(1, 2), Share(1, 2), edge=0.6))]
    assert max(widths) <= 100


def test_lone_bucket_has_its_interval() -> None:
    """R50: one day has 95 % of what it does not know, too."""
    band = re.search(r'class="band" d="([^"]+)"', drawn((8, 20)))
    assert band
    assert band[1].startswith("M493.0")
    assert band[1].endswith("Z")
