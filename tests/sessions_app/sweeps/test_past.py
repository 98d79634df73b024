"""R43, R50: nobody need think of counts and of numbers for replays after an update, or when a company moves."""

from __future__ import annotations

import pytest

from sessions_app import erasure, sweeps, verification
from sessions_app.metrics import recount
from sessions_app.models import Attempt, ReplayLine, SweepRun
from sessions_app.replay import preparation
from sessions_app.sweeps import Sweep
from settings_app.models import Company
from tests import findings as drawn
from tests.captures import processing_attempt
from tests.factories import NOW, CompanyFactory, MasterFactory, finished_session
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


@pytest.fixture
def drawn_past(drawn_checks: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "load_calibration", lambda *_: drawn.CALIBRATION)


def decided() -> Attempt:
    """An attempt of the past, of which no line was kept."""
    attempt = Attempt.objects.get(pk=processing_attempt().pk)
    verification.verify(attempt=attempt, now=NOW)
    ReplayLine.objects.all().delete()
    return Attempt.objects.get(pk=attempt.pk)


@pytest.mark.usefixtures("drawn_past")
def test_line_that_a_replay_misses_is_made() -> None:
    attempt = decided()
    sweeps.catch_up(now=NOW)
    assert ReplayLine.objects.get().attempt_id == attempt.pk


@pytest.mark.usefixtures("drawn_past")
def test_attempt_that_can_have_no_line_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its pictures are erased, so the next minute would find no more."""
    session = decided().session
    erasure.erase_pictures(session=session, actor=MasterFactory(company=session.company), now=NOW)
    sweeps.catch_up(now=NOW)
    monkeypatch.setattr(preparation, "make_line", lambda attempt: pytest.fail(f"{attempt} again"))
    sweeps.catch_up(now=NOW)
    assert not SweepRun.objects.get(name=Sweep.CATCH_UP).failure


@pytest.mark.usefixtures("drawn_past")
def test_run_whose_time_is_over_goes_on_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "BATCH", 1)
    monkeypatch.setattr("sessions_app.sweeps.past.OF_THE_TIME", 0)
    attempts = [decided() for _ in range(2)]
    made = []
    for _minute in range(2):
        sweeps.catch_up(now=NOW)
        made.append(set(ReplayLine.objects.values_list("attempt_id", flat=True)))
    assert made == [{attempts[0].pk}, {attempt.pk for attempt in attempts}]
