"""Days as documents print them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks_app.document.printed_dates import days, is_printed

DAY = date(1974, 8, 12)


@pytest.mark.parametrize(
    "text",
    [
        "12.08.1974", "12 08 1974", "12/08/1974", "12-8-1974", "1974-08-12", "1974.08.12", "12 AUG 1974", "12AUG1974", "12 AUG/AOÛT 1974",
        "12. AOÛT 1974", "12 AGO 1974", "12 AĞU 1974", "12 AUGUST 1974", "BORN 12 AUG 1974 IN ZENITH",
    ],
)  # fmt: skip
def test_a_day_is_found_in_every_form(text: str) -> None:
    assert DAY in days(text)


@pytest.mark.parametrize("text", ["31.02.1974", "12 XYZ 1974", "12 1974", "112.08.1974", "12.08.19745", "? AUG 1974", "12 ? 1974", ""])
def test_what_is_no_day_is_not_found(text: str) -> None:
    assert DAY not in days(text)
    assert not days("31.02.1974")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("12.08.74", True),
        ("12 AUG/AOÛT 74", True),
        ("12AUG74", True),
        ("12.08.1974", True),
        ("12.08.75", False),
        ("112.08.74", False),
        ("08.74", False),
    ],
)
def test_a_known_day_is_found_by_two_digits_of_its_year(text: str, printed: bool) -> None:
    assert is_printed(DAY, text) is printed
    assert not days(text) or "1974" in text


def test_an_order_that_allows_two_readings_gives_both() -> None:
    assert days("04/05/1980") == {date(1980, 5, 4), date(1980, 4, 5)}


@settings(deadline=None)
@given(st.text("0123456789./- ?JANUGMR\n", max_size=300))
def test_any_text_can_be_searched(text: str) -> None:
    """Hostile input."""
    assert all(isinstance(day, date) for day in days(text))
