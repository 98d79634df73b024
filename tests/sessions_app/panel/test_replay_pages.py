"""R43: the pages on which a change is tried before it is saved."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sessions_app.choices import Outcome, ReplayState
from sessions_app.models import ReplayRun, VerificationSession
from sessions_app.panel import replay_words
from sessions_app.replay.tally import Tally
from settings_app.models import Company, User
from tests import reviews
from tests.factories import MasterFactory
from tests.replays import GOOD, LOOSE, STRICT, STRICTEST, Queue, past, queue, replayed, start, work
from tests.sessions_app.panel.conftest import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queue")]
__all__ = ["queue"]

HTMX = {"HX-Request": "true"}
CHANGE = {"market": "", "newest": "1000", **{name: str(value) for name, value in STRICT.items()}}


@pytest.fixture
def master(company: Company) -> User:
    found: User = MasterFactory(company=company)
    return found


@pytest.fixture
def browser(master: User) -> Client:
    return logged_in(master)


def lately() -> datetime:
    return timezone.now() - timedelta(hours=1)


def shown(browser: Client, run: ReplayRun, under: str = "") -> str:
    response = browser.get(f"/settings/replays/{run.public_id}/{under}")
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


# Start, progress, end


def test_start_answers_the_part_of_the_page_that_asks_on_by_itself(browser: Client, company: Company) -> None:
    answer = browser.post("/settings/replays/", CHANGE, headers=HTMX)
    run = company.replay_runs.get()
    page = answer.content.decode()
    assert page.lstrip().startswith("<section")
    assert f'hx-get="/settings/replays/{run.public_id}/"' in page
    assert {name: run.values[name] for name in STRICT} == STRICT


def test_start_without_scripts_leads_to_the_report(browser: Client, company: Company) -> None:
    answer = browser.post("/settings/replays/", CHANGE)
    assert answer.headers["Location"] == f"/settings/replays/{company.replay_runs.get().public_id}/"


def test_progress_is_shown_until_the_end_and_no_longer(browser: Client, company: Company) -> None:
    past(company, GOOD)
    run = start(company, STRICT)
    ReplayRun.objects.filter(pk=run.pk).update(done=12_000, total=100_000, state=ReplayState.RUNNING)
    assert "12,000 of 100,000 sessions tried" in shown(browser, run)
    assert 'hx-trigger="load' not in shown(browser, work(run))


def test_replay_that_is_done_is_named_by_the_form_that_saves(browser: Client, company: Company) -> None:
    """So that the journal knows what was seen."""
    run = replayed(company, STRICT)
    part = browser.get(f"/settings/replays/{run.public_id}/", headers=HTMX).content.decode()
    assert f'value="{run.public_id}"' in part
    assert 'form="save"' in part


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"newest": ""}, "Choose how many of the newest sessions"),
        ({"newest": "7"}, "7 is not one of the available choices"),
        ({"from_day": "2026-11-22", "to_day": "2026-11-21"}, "The first day cannot come after the last."),
        ({"liveness_decline": "0.99"}, "This cannot lie above"),
        ({"market": "nowhere"}, "at most 3 characters"),
    ],
)
def test_what_cannot_be_tried_is_refused_in_words(browser: Client, company: Company, wrong: dict[str, str], words: str) -> None:
    answer = browser.post("/settings/replays/", CHANGE | wrong, headers=HTMX)
    assert words in answer.content.decode()
    assert not company.replay_runs.exists()


def test_days_win_over_the_number_that_the_form_brings_along(browser: Client, company: Company) -> None:
    browser.post("/settings/replays/", CHANGE | {"from_day": "2026-11-20", "to_day": "2026-11-21"})
    run = company.replay_runs.get()
    assert (run.newest, str(run.from_day), str(run.to_day)) == (None, "2026-11-20", "2026-11-21")


def test_queue_that_is_away_is_said_at_once(browser: Client, queue: Queue) -> None:
    """R43: a replay is recommended, never a lock."""
    queue.away = True
    answer = browser.post("/settings/replays/", CHANGE, headers=HTMX).content.decode()
    assert "Saving does not need it" in answer
    assert "hx-get" not in answer


def test_cancelled_replay_says_so(browser: Client, company: Company) -> None:
    run = start(company, STRICT)
    answer = browser.post(f"/settings/replays/{run.public_id}/cancel/", headers=HTMX)
    assert "This replay was cancelled" in answer.content.decode()


def test_waiting_page_hands_a_lost_run_on_again(browser: Client, company: Company, queue: Queue) -> None:
    run = start(company, STRICT)
    run.result["moved_at"] = (timezone.now() - timedelta(minutes=1)).isoformat()
    run.save()
    shown(browser, run)
    assert queue.sent == [run.pk, run.pk]


# Who may


@pytest.mark.parametrize("under", ["", "sessions/"])
def test_another_companys_replay_is_not_found(company: Company, under: str) -> None:
    """R81."""
    run = replayed(company, STRICT)
    assert logged_in(MasterFactory()).get(f"/settings/replays/{run.public_id}/{under}").status_code == 404


@pytest.mark.parametrize("under", ["", "sessions/"])
def test_agents_do_not_see_replays(panel: Client, company: Company, under: str) -> None:
    """R46."""
    run = replayed(company, STRICT)
    assert panel.get(f"/settings/replays/{run.public_id}/{under}").status_code == 403


def test_another_company_cancels_nothing(company: Company) -> None:
    run = start(company, STRICT)
    assert logged_in(MasterFactory()).post(f"/settings/replays/{run.public_id}/cancel/").status_code == 404
    assert ReplayRun.objects.get(pk=run.pk).state == ReplayState.WAITING


# The report


def cells(browser: Client, run: ReplayRun) -> list[list[int]]:
    report = browser.get(f"/settings/replays/{run.public_id}/").context["report"]
    return [[cell.part.n for cell in line.cells] for line in report.lines]


def test_table_has_what_was_in_rows_and_what_would_be_in_columns(browser: Client, company: Company) -> None:
    for _ in range(2):
        past(company, GOOD, at=lately())
    past(company, GOOD._replace(failed=True, failed_for_good=True), at=lately())
    past(company, GOOD._replace(liveness=0.5, retries_left=0), at=lately())
    assert cells(browser, replayed(company, STRICTEST)) == [[0, 0, 2], [0, 0, 1], [0, 0, 1]]


def test_changed_session_is_listed_and_linked(browser: Client, company: Company) -> None:
    session = past(company, GOOD, at=lately(), first_name="NINO", last_name="BERIDZE")
    page = shown(browser, replayed(company, STRICT))
    assert f'href="/sessions/{session.public_id}/"' in page
    assert "NINO BERIDZE" in page


def test_session_that_is_gone_is_listed_without_a_link(browser: Client, company: Company) -> None:
    session = past(company, GOOD, at=lately())
    run = replayed(company, STRICT)
    VerificationSession.objects.filter(pk=session.pk).delete()
    assert "No longer stored" in shown(browser, run)


def test_cell_leads_to_its_sessions_alone(browser: Client, company: Company) -> None:
    approved = past(company, GOOD, at=lately())
    reviewed = past(company, GOOD._replace(liveness=0.5), at=lately())
    run = replayed(company, STRICTEST)
    page = shown(browser, run, "sessions/?move=review-decline")
    assert str(reviewed.public_id) in page
    assert str(approved.public_id) not in page


def test_changed_sessions_come_in_pages(browser: Client, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sessions_app.panel.replay_report.ROWS", 2)
    for _ in range(3):
        past(company, GOOD, at=lately())
    run = replayed(company, STRICT)
    assert [len(browser.get(f"/settings/replays/{run.public_id}/?page={page}").context["rows"]) for page in (1, 2)] == [2, 1]


def test_report_asks_the_database_as_often_for_many_as_for_few(
    browser: Client, company: Company, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        past(company, GOOD, at=lately())
    run = replayed(company, STRICT)
    with django_assert_max_num_queries(12):
        shown(browser, run)


def test_report_names_the_change(browser: Client, company: Company) -> None:
    run = replayed(company, STRICT)
    tried = browser.get(f"/settings/replays/{run.public_id}/").context["tried"]
    assert [(line.now, line.tried) for line in tried] == [("inherited (0.40)", "0.40"), ("inherited (0.70)", "0.97")]


def test_report_of_what_no_longer_applies_says_so(browser: Client, company: Company) -> None:
    past(company, GOOD, at=lately())
    run = replayed(company, STRICT)
    company.threshold_sets.create(market="", photocopy_decline=0.2, photocopy_approve=0.9)
    assert "Thresholds have changed since" in shown(browser, run)


def test_what_people_decided_stands_in_the_report(browser: Client, company: Company) -> None:
    for decided in (Outcome.DECLINE, Outcome.DECLINE, Outcome.APPROVE):
        session = past(company, GOOD._replace(liveness=0.5), at=lately())
        reviews.decide(session, reviews.colleague(session), decided)
    past(company, GOOD._replace(liveness=0.5), at=lately())
    words = "2 of the 3 would-be approvals that reviewers had decided were declined, 1 approved."
    assert words in shown(browser, replayed(company, LOOSE))


# In words


def tally(**ends: int) -> Tally:
    counted = Tally(sessions=sum(ends.values()))
    counted.ends.update({name.replace("_", ">"): count for name, count in ends.items()})
    return counted


@pytest.mark.parametrize(
    ("counted", "words"),
    [
        (tally(), "There are no sessions to try this on yet."),
        (tally(APPROVE_APPROVE=1), "The one session would end as before."),
        (tally(APPROVE_APPROVE=1_200), "All 1,200 sessions would end as before."),
        (
            tally(APPROVE_APPROVE=988, APPROVE_REVIEW=9, REVIEW_DECLINE=3),
            "Of 1,000 sessions 12 would end differently: 9 approvals become reviews, 3 reviews become declines.",
        ),
        (tally(REVIEW_APPROVE=1, DECLINE_DECLINE=1), "Of 2 sessions 1 would end differently: 1 review becomes an approval."),
    ],
)
def test_result_is_said_in_one_sentence(counted: Tally, words: str) -> None:
    assert replay_words.sentence(counted) == words


def test_abandoned_sessions_are_said_apart() -> None:
    found = Tally(abandoned=2)
    found.abandoned_ends.update({"AGAIN>APPROVE": 1, "AGAIN>AGAIN": 1})
    assert replay_words.abandoned_sentence(found) == (
        "2 sessions of the same time were abandoned after failed attempts. By this change 1 of them would be approved, 0 sent to review."
    )
