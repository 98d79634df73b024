"""R25, R37: each check in words."""

from __future__ import annotations

import pytest

from checks_app.results import Check, Status
from sessions_app.models import CheckRecord
from sessions_app.panel.check_cards import card_of
from sessions_app.panel.check_words import SENTENCES, TITLES


@pytest.mark.parametrize(
    ("name", "values", "measured"),
    [
        (Check.MINIMUM_AGE, {"age": 17.0, "minimum_age": 18.0}, ["17 years", "required: 18 years"]),
        (Check.MINIMUM_AGE, {}, []),
        (Check.EXPECTED_PERSON, {"first_name": 0.855, "last_name": 1.0}, ["First name 86 % alike", "Last name 100 % alike"]),
        (
            Check.PRINT_AGREES,
            {"last_name": 1.0, "sex": 0.5, "birth_date": 0.0},
            ["agrees: Last name", "doubtful: Sex", "differs: Birth date"],
        ),
    ],
)
def test_check_card_says_what_was_measured(name: Check, values: dict[str, float], measured: list[str]) -> None:
    """R37."""
    record = CheckRecord(check_name=name, status="UNCLEAR", engine="rules", engine_version="2", took_ms=0, details=values)
    assert card_of(record).measured == measured


@pytest.mark.parametrize("check", Check)
@pytest.mark.parametrize("status", Status)
def test_every_conclusion_has_its_words(check: Check, status: Status) -> None:
    """R25."""
    assert TITLES[check]
    assert SENTENCES[check, status]
