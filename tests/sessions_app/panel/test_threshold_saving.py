"""R42: a change of thresholds is saved once, with its reason and its replay, and overwrites nothing unseen."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from checks_app.thresholds import DEFAULTS, Band
from sessions_app.choices import ReplayState
from sessions_app.models import ReplayRun
from sessions_app.replay import runs
from settings_app import resolution
from settings_app.models import Company, User
from tests.factories import NOW, CompanyFactory
from tests.replays import GOOD, past, queue, work
from tests.tuning import LOOSER, OTHER, PAGE, REVIEW, SAVE, STRICTER, browser, directions, entered, master, said, store, text

__all__ = ["browser", "master", "queue"]


def test_stricter_change_is_saved_and_says_where_it_stands(browser: Client, company: Company, master: User) -> None:
    """R42: it applies, it is journalled, and the page names the journal."""
    response = browser.post(SAVE, entered(company, STRICTER, "GEO"))
    assert response.headers["Location"] == f"{PAGE}?market=GEO"
    assert "Saved for Georgia: Liveness." in said(response)
    assert reverse("panel:journal") in said(response)
    assert resolution.thresholds_for(company=company, market="GEO").liveness == Band(0.45, 0.75)
    rows = company.threshold_changes.all()
    assert {(row.name, row.market, row.actor, row.replay) for row in rows} == {
        ("liveness_decline", "GEO", master, None),
        ("liveness_approve", "GEO", master, None),
    }
    assert len({row.saved_together for row in rows}) == 1


def test_looser_change_without_a_reason_stays_on_the_page(browser: Client, company: Company) -> None:
    """R42."""
    response = browser.post(SAVE, entered(company, LOOSER, reason="   "))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["reason"]
    assert ("liveness_decline", "0.3") in response.context["hidden"]
    assert resolution.thresholds_for(company=company, market="") == DEFAULTS


def test_looser_change_with_a_reason_is_saved_with_it(browser: Client, company: Company) -> None:
    browser.post(SAVE, entered(company, LOOSER, reason="  Older cameras in the south  "))
    assert set(company.threshold_changes.values_list("reason", flat=True)) == {"Older cameras in the south"}


def test_reason_of_501_characters_is_refused_and_kept(browser: Client, company: Company) -> None:
    response = browser.post(SAVE, entered(company, LOOSER, reason="x" * 501))
    assert response.status_code == 422
    assert "x" * 501 in text(response)
    assert not company.threshold_changes.exists()


def test_several_checks_at_once_need_a_tick_and_a_reason_where_one_loosens(browser: Client, company: Company) -> None:
    """R42: everything that is missing is said at once."""
    response = browser.post(SAVE, entered(company, LOOSER | OTHER))
    assert set(response.context["form"].errors) == {"several_confirmed", "reason"}
    saved = browser.post(SAVE, entered(company, LOOSER | OTHER, several_confirmed="on", reason="New cameras"))
    assert saved.status_code == 302
    assert company.threshold_changes.count() == 4


def test_second_click_makes_no_second_change(browser: Client, company: Company) -> None:
    sent = entered(company, STRICTER)
    browser.post(SAVE, sent)
    response = browser.post(SAVE, sent)
    assert response.status_code == 302
    assert "apply already" in said(response)
    assert company.threshold_changes.count() == 2
    assert company.audit_events.count() == 1


def test_master_learns_that_a_colleague_changed_the_same_check(browser: Client, company: Company, master: User) -> None:
    """R42: nothing is overwritten unseen; the second look shows the colleague's value as the old one."""
    sent = entered(company, STRICTER)
    store(company, {"liveness_decline": "0.6", "liveness_approve": "0.9"}, actor=master)
    response = browser.post(SAVE, sent)
    assert response.status_code == 422
    assert "Meanwhile Nino Kapanadze changed Liveness" in text(response)
    assert directions(response) == {"Liveness: decline below": "loosened", "Liveness: approve from": "loosened"}
    assert resolution.thresholds_for(company=company, market="").liveness == Band(0.6, 0.9)
    again = dict(response.context["hidden"]) | {"reason": "Too strict"}
    assert browser.post(SAVE, again).status_code == 302
    assert resolution.thresholds_for(company=company, market="").liveness == Band(0.45, 0.75)


def test_what_a_colleague_changed_elsewhere_is_kept(browser: Client, company: Company) -> None:
    """A form carries every threshold; those that he left alone must not undo what somebody else did."""
    sent = entered(company, STRICTER)
    store(company, OTHER)
    response = browser.post(SAVE, sent)
    assert "Meanwhile Somebody changed Not a photocopy" in text(response)
    assert set(directions(response)) == {"Liveness: decline below", "Liveness: approve from"}
    browser.post(SAVE, dict(response.context["hidden"]))
    applied = resolution.thresholds_for(company=company, market="")
    assert (applied.photocopy, applied.liveness) == (Band(0.2, 0.6), Band(0.45, 0.75))


def test_replay_that_was_seen_goes_to_the_journal(browser: Client, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """R42: its summary at that time, of exactly these values."""
    run = ReplayRun.objects.create(company=company, values={}, newest=1000, state=ReplayState.DONE, created_at=NOW)
    asked: list[dict[str, Any]] = []

    def summary_for(**given: Any) -> dict[str, Any]:
        asked.append(given)
        return {"sessions": 401}

    monkeypatch.setattr(runs, "summary_for", summary_for)
    browser.post(SAVE, entered(company, STRICTER, "GEO", replay=str(run.public_id)))
    assert {row.replay["sessions"] for row in company.threshold_changes.all() if row.replay} == {401}
    assert (asked[0]["public_id"], asked[0]["market"], asked[0]["values"]["liveness_decline"]) == (run.public_id, "GEO", 0.45)


@pytest.mark.parametrize("replay", ["", "not-one", str(uuid4())])
def test_without_a_replay_one_can_still_save(browser: Client, company: Company, replay: str) -> None:
    """A replay is recommended, never a lock."""
    response = browser.post(SAVE, entered(company, STRICTER, replay=replay))
    assert response.status_code == 302
    assert set(company.threshold_changes.values_list("replay", flat=True)) == {None}


def test_ten_thousand_sessions_are_tried_unasked(browser: Client, company: Company) -> None:
    """R43: with a thousand, an interval would leave open what the change does."""
    page = browser.post(reverse("panel:threshold_review"), entered(company, STRICTER)).content.decode()
    assert '<option value="10000" selected>10,000</option>' in page


def test_refused_save_keeps_the_replay_that_was_shown(browser: Client, company: Company) -> None:
    run = ReplayRun.objects.create(company=company, values={}, newest=1000, state=ReplayState.DONE, created_at=NOW)
    strange = ReplayRun.objects.create(company=CompanyFactory(), values={}, newest=1000, created_at=NOW)
    for shown, kept in ((run, run.public_id), (strange, None)):
        response = browser.post(SAVE, entered(company, LOOSER, replay=str(shown.public_id)))
        assert response.context["replay"] == kept


@pytest.mark.usefixtures("queue")
def test_replay_on_a_page_of_its_own_leads_back_to_its_change(browser: Client, company: Company) -> None:
    """Without scripts the replay is a page; from there one goes on, and the journal keeps what it showed."""
    past(company, GOOD)
    browser.post(reverse("panel:replay_start"), entered(company, STRICTER) | {"newest": "1000"})
    run = work(company.replay_runs.get())
    page = text(browser.get(reverse("panel:replay", args=[run.public_id])))
    form = page.split(f'action="{REVIEW}"')[1].split("</form>")[0]
    sent = dict(re.findall(r'name="([a-z_]+)"\s+value="([^"]*)"', form))
    response = browser.post(REVIEW, sent)
    assert directions(response) == {"Liveness: decline below": "tightened", "Liveness: approve from": "tightened"}
    browser.post(SAVE, dict(response.context["hidden"]) | {"replay": str(response.context["replay"])})
    assert [row.replay["sessions"] for row in company.threshold_changes.all() if row.replay] == [1, 1]
