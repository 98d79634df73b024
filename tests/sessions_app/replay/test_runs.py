"""R43: what a replay counts, about whom, and against what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sessions_app import review
from sessions_app.choices import Outcome
from sessions_app.models import ReplayLine, ReplayRun
from sessions_app.replay import runs
from sessions_app.replay.runs import Wanted
from settings_app.choices import AuditKind
from settings_app.models import Company, ThresholdSet
from tests import reviews
from tests.factories import NOW, CompanyFactory, MasterFactory
from tests.replays import GOOD, LOOSE, STRICT, STRICTEST, ends, past, queue, replayed, retry, start

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queue")]
__all__ = ["queue"]


@pytest.fixture
def company() -> Company:
    found: Company = CompanyFactory()
    return found


def test_candidate_that_says_what_applies_changes_nothing(company: Company) -> None:
    """R43: also where sessions were decided under other thresholds than today's."""
    past(company, GOOD)
    past(company, retry(), GOOD)
    ThresholdSet.objects.create(company=company, **STRICT)
    run = replayed(company, STRICT)
    assert ends(run) == {"REVIEW>REVIEW": 2}
    assert (runs.tally_of(run).differing, runs.tally_of(run).checks, run.changed) == (2, {}, [])


@pytest.mark.parametrize(
    ("values", "expected"),
    [(STRICT, {"APPROVE>REVIEW": 1}), (STRICTEST, {"APPROVE>DECLINE": 1}), (LOOSE, {"APPROVE>APPROVE": 1})],
)
def test_session_is_counted_by_its_ends_before_and_after(company: Company, values: dict[str, float], expected: dict[str, int]) -> None:
    past(company, GOOD)
    assert ends(replayed(company, values)) == expected


def test_session_that_would_be_asked_again_counts_as_declined_and_apart(company: Company) -> None:
    """What the person would have done then is not on record."""
    past(company, GOOD)
    past(company, GOOD._replace(retries_left=0))
    tally = runs.tally_of(replayed(company, STRICTEST))
    assert (tally.ends, tally.tried_again) == ({"APPROVE>DECLINE": 2}, {"before": 0, "after": 1})


def test_first_attempt_that_passes_ends_the_session(company: Company) -> None:
    """Looser liveness: the first attempt would have been enough."""
    session = past(company, retry(), GOOD._replace(photocopy=0.3))
    run = replayed(company, LOOSE)
    assert ends(run) == {"REVIEW>APPROVE": 1}
    assert run.changed == [[str(session.public_id), "REVIEW", "APPROVE", "", ["LIVENESS"]]]


def test_later_attempts_count_where_the_first_would_fail_now(company: Company) -> None:
    past(company, GOOD._replace(photocopy=0.3, liveness=0.5), GOOD, outcome=Outcome.APPROVE)
    tally = runs.tally_of(replayed(company, {"liveness_decline": 0.6, "liveness_approve": 0.7}))
    assert tally.ends == {"REVIEW>APPROVE": 1}


def test_session_whose_step_was_done_again_counts_once_at_its_first_outcome(company: Company) -> None:
    """R24: what came after the reviewer's wish was another set of pictures."""
    past(company, GOOD._replace(photocopy=0.3), GOOD)
    run = replayed(company, STRICT)
    assert (ends(run), run.done) == ({"REVIEW>REVIEW": 1}, 1)


def test_moves_of_each_check_are_counted_by_attempt(company: Company) -> None:
    past(company, GOOD, market="GEO")
    past(company, retry(), GOOD, market="DEU")
    tally = runs.tally_of(replayed(company, STRICT | {"face_review_level": 1, "face_match_level": 1}))
    assert (tally.attempts, tally.checks) == (3, {"LIVENESS>PASSED>UNCLEAR": 2})


def test_abandoned_sessions_stand_apart(company: Company) -> None:
    """They had no outcome of the checks; but a looser threshold might have let them through."""
    past(company, retry(), retry(), outcome=Outcome.ABANDONED)
    past(company, retry(failed=True), outcome=Outcome.ABANDONED)
    past(company, GOOD)
    run = replayed(company, LOOSE)
    tally = runs.tally_of(run)
    assert (tally.abandoned, tally.abandoned_ends, tally.sessions) == (2, {"AGAIN>APPROVE": 1, "AGAIN>AGAIN": 1}, 1)
    assert [row[1:3] for row in run.changed] == [["ABANDONED", "APPROVE"]]


def test_sessions_that_the_checks_did_not_end_are_left_out(company: Company) -> None:
    past(company, retry(), outcome=Outcome.PENDING)
    past(company, retry(), outcome=Outcome.CANCELLED)
    assert replayed(company, LOOSE).done == 0


# Whose thresholds


def test_change_of_the_company_reaches_markets_that_inherit(company: Company) -> None:
    """R41: a market with a band of its own keeps it."""
    ThresholdSet.objects.create(company=company, market="DEU", liveness_decline=0.4, liveness_approve=0.7)
    for market in ("", "GEO", "DEU"):
        past(company, GOOD, market=market)
    assert ends(replayed(company, STRICT)) == {"APPROVE>REVIEW": 2, "APPROVE>APPROVE": 1}


def test_change_of_a_market_is_tried_on_its_sessions_alone(company: Company) -> None:
    for market in ("", "GEO", "DEU"):
        past(company, GOOD, market=market)
        past(company, retry(), market=market, outcome=Outcome.ABANDONED)
    run = replayed(company, STRICT, market="GEO")
    assert (ends(run), runs.tally_of(run).abandoned) == ({"APPROVE>REVIEW": 1}, 1)


def test_value_given_back_to_inheritance_is_judged_as_inherited(company: Company) -> None:
    ThresholdSet.objects.create(company=company, **STRICT)
    ThresholdSet.objects.create(company=company, market="GEO", liveness_decline=0.4, liveness_approve=0.7)
    past(company, GOOD, market="GEO")
    assert ends(replayed(company, dict.fromkeys(STRICT), market="GEO")) == {"APPROVE>REVIEW": 1}


def test_other_companies_sessions_are_never_replayed(company: Company) -> None:
    """R81."""
    past(CompanyFactory(), GOOD)
    past(CompanyFactory(), retry(), outcome=Outcome.ABANDONED)
    run = replayed(company, STRICT)
    assert (run.done, runs.tally_of(run).abandoned, runs.tally_of(run).without_line) == (0, 0, 0)


# Which sessions


def test_newest_sessions_are_replayed_first(company: Company) -> None:
    past(company, GOOD._replace(photocopy=0.3), at=NOW - timedelta(days=3))
    past(company, GOOD, at=NOW - timedelta(days=1))
    past(company, GOOD, at=NOW)
    run = replayed(company, STRICT, wanted=Wanted(newest=2))
    assert (ends(run), run.done, run.total) == ({"APPROVE>REVIEW": 2}, 2, 2)


def test_abandoned_sessions_are_those_of_the_same_time(company: Company) -> None:
    past(company, retry(), outcome=Outcome.ABANDONED, at=NOW - timedelta(days=4))
    past(company, retry(), outcome=Outcome.ABANDONED, at=NOW - timedelta(days=1))
    for days in (3, 2, 0):
        past(company, GOOD, at=NOW - timedelta(days=days))
    assert runs.tally_of(replayed(company, LOOSE, wanted=Wanted(newest=2))).abandoned == 1


def test_days_are_days_of_the_companys_time_zone() -> None:
    tbilisi = CompanyFactory(time_zone="Asia/Tbilisi")  # four hours ahead
    for hour in (19, 20):
        past(tbilisi, GOOD, at=datetime(2026, 11, 20, hour, 30, tzinfo=UTC))
    for hour in (19, 20):
        past(tbilisi, GOOD, at=datetime(2026, 11, 21, hour, 30, tzinfo=UTC))
    run = replayed(tbilisi, STRICT, wanted=Wanted(from_day=date(2026, 11, 21), to_day=date(2026, 11, 21)))
    assert run.done == 2


def test_pages_of_sessions_follow_without_gap_or_repeat(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where several were decided at the same moment, and where some are passed over."""
    monkeypatch.setattr("sessions_app.replay.slices.CHUNK", 2)
    for number in range(7):
        past(company, GOOD, at=NOW - timedelta(minutes=number // 3))
        past(company, retry(), outcome=Outcome.ABANDONED, at=NOW - timedelta(minutes=number // 3))
    past(company, GOOD._replace(photocopy=0.3), GOOD, at=NOW)
    run = replayed(company, STRICT)
    assert (run.done, runs.tally_of(run).abandoned) == (8, 7)
    assert len({row[0] for row in run.changed}) == 7


def test_sessions_of_which_nothing_is_kept_are_counted(company: Company) -> None:
    """An honest figure says about whom it says nothing."""
    past(company, GOOD)
    old = past(company, GOOD)
    ReplayLine.objects.filter(session=old).delete()
    tally = runs.tally_of(replayed(company, STRICT))
    assert (tally.sessions, tally.without_line) == (1, 1)


def test_list_of_changed_sessions_is_bounded_and_the_count_is_not(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sessions_app.replay.tally.MOST_LISTED", 2)
    for _ in range(3):
        past(company, GOOD)
    run = replayed(company, STRICT)
    assert (len(run.changed), ends(run)) == (2, {"APPROVE>REVIEW": 3})


# What people had decided


@pytest.mark.parametrize(
    ("decided", "expected"), [(Outcome.DECLINE, "REVIEW>APPROVE>DECLINE"), (Outcome.APPROVE, "REVIEW>APPROVE>APPROVE")]
)
def test_reviewed_sessions_tell_what_a_person_thought(company: Company, decided: Outcome, expected: str) -> None:
    """R43: the only ground truth there is."""
    session = past(company, GOOD._replace(liveness=0.5))
    reviews.decide(session, reviews.colleague(session), decided)
    run = replayed(company, LOOSE)
    assert runs.tally_of(run).people == {f"REVIEW>APPROVE>{decided}": 1}
    assert run.changed[0][3] == decided


def test_review_that_was_undone_tells_nothing(company: Company) -> None:
    session = past(company, GOOD._replace(liveness=0.5))
    agent = reviews.colleague(session)
    reviews.decide(session, agent)
    review.undo(session=session, actor=agent, now=NOW)
    assert runs.tally_of(replayed(company, LOOSE)).people == {}


def test_review_of_later_pictures_tells_nothing_about_the_first(company: Company) -> None:
    unclear = GOOD._replace(liveness=0.5)
    session = past(company, unclear, unclear)
    reviews.decide(session, reviews.colleague(session), Outcome.DECLINE)
    tally = runs.tally_of(replayed(company, LOOSE))
    assert (tally.ends, tally.people) == ({"REVIEW>APPROVE": 1}, {})


def test_review_of_a_session_that_stays_as_it_was_tells_nothing(company: Company) -> None:
    session = past(company, GOOD._replace(photocopy=0.3))
    reviews.decide(session, reviews.colleague(session))
    assert runs.tally_of(replayed(company, LOOSE)).people == {}


# What is left of it


def test_start_stands_in_the_audit_trail(company: Company) -> None:
    master = MasterFactory(company=company)
    start(company, STRICT, market="GEO", actor=master)
    event = company.audit_events.get(kind=AuditKind.REPLAY_STARTED)
    assert (event.actor, event.details) == (master, {"market": "GEO", "sessions": "newest 1000"})


def seen(company: Company, run: ReplayRun, **given: Any) -> dict[str, Any] | None:
    asked: dict[str, Any] = {"company": company, "public_id": run.public_id, "market": run.market, "values": run.values}
    return runs.summary_for(**(asked | given))


def test_journal_gets_the_counts_of_a_replay(company: Company) -> None:
    past(company, GOOD)
    past(company, GOOD._replace(failed=True, retries_left=0))
    assert seen(company, replayed(company, STRICT)) == {"sessions": 2, "would end differently": 1, "approve → review": 1}


def test_replay_of_other_values_says_nothing_about_these(company: Company) -> None:
    run = replayed(company, STRICT)
    assert seen(company, run, values=STRICTEST) is None
    assert seen(company, run, market="GEO") is None
    assert seen(CompanyFactory(), run) is None


def test_replay_against_thresholds_that_have_changed_says_nothing(company: Company) -> None:
    run = replayed(company, STRICT)
    ThresholdSet.objects.create(company=company, photocopy_decline=0.2, photocopy_approve=0.9)
    assert seen(company, run) is None


def test_replay_that_is_not_done_says_nothing(company: Company) -> None:
    assert seen(company, start(company, STRICT)) is None
