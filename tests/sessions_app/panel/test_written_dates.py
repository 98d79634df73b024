from __future__ import annotations

from datetime import date

import pytest

from sessions_app.panel import written_dates


@pytest.mark.parametrize(
    "text",
    [
        "1990-04-17",
        "1990-4-17",
        "1990/04/17",
        "1990.04.17",
        "1990-04-17 00:00:00",
        "1990-04-17T00:00:00.000",
        "17.04.1990",
        "17.4.1990",
        "17/04/1990",
        "04/17/1990",
        "17-04-1990",
        "17 Apr 1990",
        "17-Apr-1990",
        "17 april 1990",
        "April 17, 1990",
        "Apr. 17 1990",
    ],
)
def test_day_is_read_as_people_write_it(text: str) -> None:
    assert written_dates.read(text) == date(1990, 4, 17)


def test_day_and_month_may_stand_either_way_round_when_they_are_the_same() -> None:
    assert written_dates.read("05/05/1990") == date(1990, 5, 5)


@pytest.mark.parametrize("text", ["04/05/1990", "4-5-1990", "12/11/1990"])
def test_day_that_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(written_dates.NotADay, match="two different days"):
        written_dates.read(text)


@pytest.mark.parametrize(
    "text",
    ["", "17/04/90", "17.04.90", "33000", "1990", "31.02.1990", "1990-13-01", "13/13/1990", "1990-04-17 12:30:00", "17 Ap 1990",
     "17 Avril 1990", "0000-01-01", "1990-04/17", "tomorrow", "१७.०४.१९९०x"],
)  # fmt: skip
def test_text_that_names_no_day_is_refused(text: str) -> None:
    """A year of two digits, the number of a day, a day that does not exist."""
    with pytest.raises(written_dates.NotADay, match="no date"):
        written_dates.read(text)
