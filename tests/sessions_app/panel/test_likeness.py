"""R33: a likeness is told by how rare it is among strangers, never by a percentage."""

from __future__ import annotations

import pytest

from sessions_app.panel.likeness import likeness_text, two_digits


@pytest.mark.parametrize(
    ("level", "one_in", "text"),
    [
        (0, 0.0, "strangers are as alike more often than 1 in 100"),
        (1, 100.0, "as alike as 1 in 100 pairs of strangers"),
        (4, 4_321.9, "as alike as 1 in 4,300 pairs of strangers"),
        (6, 123_456.0, "as alike as 1 in 120,000 pairs of strangers"),
        (7, 500_000.0, "rarer than 1 in 500,000 among pairs of strangers"),
        (7, 250_096.6, "rarer than 1 in 250,000 among pairs of strangers"),
        (6, 40_000.0, "rarer than 1 in 40,000 among pairs of strangers"),  # the data end before level 6
    ],
)
def test_likeness_is_told_by_how_rare_it_is(level: int, one_in: float, text: str) -> None:
    assert likeness_text(level, one_in) == text


@pytest.mark.parametrize(("number", "rounded"), [(1.0, 1), (99.6, 100), (104.0, 100), (4_350.1, 4_400), (999_999.0, 1_000_000)])
def test_two_digits_are_kept(number: float, rounded: int) -> None:
    assert two_digits(number) == rounded
