"""R25: what the person reads after people have decided."""

from __future__ import annotations

import pytest
from django.utils import timezone

from sessions_app import review
from sessions_app.choices import Outcome
from tests.reviews import decide
from tests.sessions_app.flow.visitor import Visitor, member_of, sent_to_review

pytestmark = pytest.mark.django_db
SAID_TO_NOBODY = ("forged", "different people", "another identity", "scissors", "Diego")


def reviewed(outcome: Outcome, **given: object) -> str:
    visitor = sent_to_review(Visitor())
    member = member_of(visitor.session.company)
    decide(visitor.session, member, outcome, note="Cut with scissors, says Diego", now=timezone.now(), **given)
    return str(visitor.get().content.decode())


@pytest.mark.parametrize("reason", review.REASONS[Outcome.DECLINE])
def test_declined_person_is_told_nothing_of_what_was_doubted(reason: str) -> None:
    page = reviewed(Outcome.DECLINE, reason=reason)
    assert "could not" in page or "not accepted here" in page
    assert not [word for word in SAID_TO_NOBODY if word in page]


def test_approved_person_is_told_no_reason_at_all() -> None:
    page = reviewed(Outcome.APPROVE)
    assert not [word for word in ("Reviewer", "genuine", *SAID_TO_NOBODY) if word in page]
