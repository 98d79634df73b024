"""R25, R37: each check in words."""

from __future__ import annotations

import pytest

from checks_app.results import Check, Status
from sessions_app.models import CheckRecord
from sessions_app.panel.check_cards import card_of, margin_of, not_asked
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


@pytest.mark.parametrize(
    ("status", "score", "details", "words"),
    [
        ("PASSED", 0.7, {}, "0.050 above the limit"),
        ("PASSED", 0.65, {}, "exactly on the limit"),
        ("UNCLEAR", 0.649, {}, "0.001 below the limit"),
        ("UNCLEAR", 0.9, {}, "0.250 above the limit"),  # a doubt holds it back
        ("FAILED", 0.3, {}, "0.050 below the review limit"),
        ("PASSED", 0.7, {"distance": 0.3}, "0.050 below the limit"),
        ("UNCLEAR", 0.6, {"distance": 0.4}, "0.050 above the limit"),
        ("FAILED", 0.3, {"distance": 0.7}, "0.050 above the review limit"),
        ("UNCLEAR", None, {}, ""),
    ],
)
def test_margin_says_how_far_from_the_limit_that_decided(status: str, score: float | None, details: dict[str, float], words: str) -> None:
    """R37. A distance is better when it is small."""
    record = CheckRecord(check_name=Check.LIVENESS, status=status, score=score, decline_below=0.35, approve_from=0.65, details=details)
    assert margin_of(record) == words


@pytest.mark.parametrize(
    ("reason", "word"), [("CHECK_CRASHED", "Crashed"), ("CAPTURE_MISSING", "Did not run"), ("MRZ_NOT_READ", "Unclear")]
)
def test_check_without_a_result_of_its_own_says_so(reason: str, word: str) -> None:
    record = CheckRecord(check_name=Check.MRZ, status="UNCLEAR", reasons=[reason], engine="rules", engine_version="1", took_ms=0)
    assert card_of(record).badge.word == word


def test_checks_that_were_not_asked_for_are_named() -> None:
    made = [CheckRecord(check_name=Check.MRZ), CheckRecord(check_name=Check.MINIMUM_AGE)]
    assert [str(title) for title in not_asked(made)] == ["Expected person", "No duplicate face"]


def test_attempt_without_checks_says_nothing_of_those_not_asked_for() -> None:
    assert not_asked([]) == []
