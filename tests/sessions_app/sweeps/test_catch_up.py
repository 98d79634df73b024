"""R50: nobody need think of counting after an update, or when a company moves."""

from __future__ import annotations

import pytest

from sessions_app import sweeps
from sessions_app.metrics import recount
from sessions_app.models import SweepRun
from sessions_app.sweeps import Sweep
from settings_app.models import Company
from tests.factories import NOW, CompanyFactory, finished_session
from tests.histories import by_hand, kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    """With a session that ended before anything was counted."""
    found: Company = CompanyFactory(time_zone="Asia/Tbilisi")
    finished_session(company=found, judged_checks=["MRZ"])
    return found


def test_company_that_nobody_counted_is_counted(company: Company) -> None:
    assert sweeps.catch_up(now=NOW) == 1
    assert kept(company)[0] == by_hand(company)[0] != {}


def test_company_that_moved_is_counted_by_its_new_days(company: Company) -> None:
    recount.ensure(company)
    company.time_zone = "Pacific/Kiritimati"
    company.save(update_fields=["time_zone"])
    assert sweeps.catch_up(now=NOW) == 1
    assert kept(company)[0] == by_hand(company)[0]


def test_company_that_is_counted_is_left_alone(company: Company) -> None:
    sweeps.catch_up(now=NOW)
    assert sweeps.catch_up(now=NOW) == 0


def test_company_that_fails_holds_up_no_other(company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(time_zone="Nowhere/Land")
    CompanyFactory()
    assert sweeps.catch_up(now=NOW) == 1
    assert SweepRun.objects.get(name=Sweep.CATCH_UP).failure
