"""The daily counts against a count by hand over generated histories. A thousand, each time others, and what they were:

HISTORIES=1000 pytest -s tests/sessions_app/metrics/test_equality.py
"""

from __future__ import annotations

import os
import sys
from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from checks_app.results import Reason
from sessions_app import verification
from sessions_app.choices import Outcome
from sessions_app.metrics import recount
from sessions_app.models import VerificationSession
from settings_app.models import User
from tests import findings
from tests.factories import CompanyFactory, MasterFactory, UserFactory
from tests.histories import Life, Past, by_hand, kept, pasts

IN_A_COMPANY = 10
HISTORIES = int(os.environ.get("HISTORIES", "60"))
POOR = findings.passport(problems=(Reason.GLARE,))


def staff_of(company: object) -> list[User]:
    return [UserFactory(company=company), MasterFactory(company=company)]


@pytest.mark.django_db
def test_daily_counts_are_what_a_count_by_hand_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """R50: whatever happens to sessions, and whenever somebody first looks."""
    told: Counter[str] = Counter()
    monkeypatch.setattr(verification, "_inspect", lambda capture: POOR)

    @settings(
        max_examples=HISTORIES // IN_A_COMPANY,
        deadline=None,
        database=None,
        derandomize="HISTORIES" not in os.environ,  # the suite's are the same each time
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(pasts(IN_A_COMPANY))
    def live(past: Past) -> None:
        company = CompanyFactory(time_zone=past.zone, manual_review=past.manual_review, max_retries=1)
        staff = staff_of(company)
        for number, history in enumerate(past.histories):
            if number == past.looked:
                recount.ensure(company)
            if number == past.moved:
                company.time_zone = past.other_zone
                company.save(update_fields=["time_zone"])
            Life(company, staff, history)
        recount.ensure(company)
        assert kept(company) == by_hand(company)
        assert recount.recount(company=company) == 0
        told.update(VerificationSession.objects.filter(company=company).values_list("outcome", flat=True))
        told["histories"] += len(past.histories)

    live()
    assert told["histories"] >= HISTORIES // IN_A_COMPANY * IN_A_COMPANY
    assert set(Outcome) <= told.keys(), "the histories miss an outcome"
    sys.stdout.write(f"\n{told['histories']:,} histories, 0 differences; their outcomes: {dict(told)}\n")
