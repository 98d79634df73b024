"""R62, R63: the words of the list."""

from __future__ import annotations

import pytest

from sessions_app.choices import Outcome
from sessions_app.panel import labels
from sessions_app.panel.labels import FinalStatus, Verified

VERIFIED = {
    Outcome.APPROVE: Verified.YES,
    Outcome.DECLINE: Verified.NO,
    Outcome.ABANDONED: Verified.NO,
    Outcome.EXPIRED: Verified.NO,
    Outcome.CANCELLED: Verified.NO,
    Outcome.PENDING: Verified.PENDING,
    Outcome.REVIEW: Verified.PENDING,
}


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_its_word_under_verified(outcome: Outcome) -> None:
    """R63."""
    assert labels.verified(outcome) is VERIFIED[outcome]


def test_success_is_verified_yes_and_failed_is_verified_no() -> None:
    """R63: one rule, one function."""
    assert set(labels.outcomes_of(FinalStatus.SUCCESS)) == {outcome for outcome, word in VERIFIED.items() if word is Verified.YES}
    assert set(labels.outcomes_of(FinalStatus.FAILED)) == {outcome for outcome, word in VERIFIED.items() if word is Verified.NO}


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_badge_with_a_word(outcome: Outcome) -> None:
    assert str(labels.outcome_badge(outcome).word) == str(outcome.label)
    assert str(labels.verified_badge(outcome).word) == str(VERIFIED[outcome].label)


def test_an_unknown_truth_has_no_word() -> None:
    assert labels.truth_badge(None, yes="yes", no="no").word == ""


def test_the_filters_bear_the_words_of_the_requirement() -> None:
    """R62."""
    assert [str(label) for label in labels.Spoof.labels] == ["Digital Spoof Detected", "Is not Full ID", "Low FAR rate"]
    assert [str(label) for label in FinalStatus.labels] == ["Success", "Failed"]
