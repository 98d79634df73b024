"""R44: alerts of drift in the ribbon, on the page of metrics and on their own, and the note that closes one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape

from sessions_app.choices import Outcome
from sessions_app.drift import alerts
from sessions_app.models import DriftAlert
from sessions_app.panel import drift_cards
from settings_app import thresholds
from settings_app.models import Company, User
from tests.drifts import YESTERDAY, alert_of
from tests.factories import NOW, CompanyFactory, MasterFactory, finished_session
from tests.sessions_app.panel.conftest import logged_in

PAGE, METRICS = "/metrics/drift/", "/metrics/"
BADGE = "open alerts of drift"


@pytest.fixture
def master(company: Company) -> User:
    return MasterFactory(company=company, full_name="Nino Kapanadze")


@pytest.fixture
def desk(master: User) -> Client:
    """The browser of a master user of `company`."""
    return logged_in(master)


def text(browser: Client, path: str) -> str:
    return " ".join(browser.get(path).content.decode().split())


def form_of(alert: DriftAlert) -> str:
    return f"{PAGE}{alert.pk}/acknowledge/"


def answer(browser: Client, alert: DriftAlert, note: str) -> Any:
    return browser.post(form_of(alert), {"note": note})


def test_alert_says_what_where_since_when_and_how_many(panel: Client, company: Company) -> None:
    alert_of(company)
    page = text(panel, PAGE)
    for words in (
        "Rejection rate",
        "Georgia",
        "Since Wed 18 Nov 2026",
        "22.6 %: 14 of 62",
        "4.7 %: 38 of 812",
        "Higher than before",
    ):
        assert words in page


def test_check_of_the_whole_company_is_named_in_words(panel: Client, company: Company) -> None:
    alert_of(company, market="", rate="check:LIVENESS", rising=False)
    page = text(panel, PAGE)
    for words in ("Failures of “Liveness”", "All markets", "Lower than before"):
        assert words in page


def test_alert_leads_to_exactly_the_sessions_behind_it(panel: Client, company: Company) -> None:
    """R44: of that market and those days, declined by the checks."""
    within = NOW.replace(day=20)
    behind = finished_session(Outcome.DECLINE, company=company, market="GEO", now=within)
    others = [
        finished_session(Outcome.DECLINE, company=company, market="ARM", now=within),
        finished_session(Outcome.DECLINE, company=company, market="GEO", now=NOW.replace(day=17)),
        finished_session(Outcome.APPROVE, company=company, market="GEO", now=within),
    ]
    page = text(panel, drift_cards.card_of(company, alert_of(company)).sessions)
    assert [str(session.public_id) in page for session in (behind, *others)] == [True, False, False, False]


def test_chart_shows_the_alert_with_its_baseline(company: Company) -> None:
    query = parse_qs(urlsplit(drift_cards.card_of(company, alert_of(company)).chart).query)
    assert query == {"period": ["days"], "from_day": ["2026-10-21"], "to_day": [YESTERDAY.isoformat()], "market": ["GEO"]}


def test_ribbon_counts_open_alerts_on_every_page(panel: Client, company: Company, master: User) -> None:
    assert BADGE not in text(panel, "/sessions/")
    alert, _ = alert_of(company), alert_of(company, market="")
    assert f'<span class="tally">2</span> <span class="hidden">{BADGE}</span>' in text(panel, "/sessions/")
    alerts.acknowledge(alert=alert, note="Seen", actor=master, now=NOW)
    assert f'<span class="tally">1</span> <span class="hidden">{BADGE}</span>' in text(panel, "/sessions/")


def test_ribbon_counts_nobody_elses_alerts(stranger: Client, company: Company) -> None:
    alert_of(company)
    assert BADGE not in text(stranger, "/sessions/")


def test_history_shows_nobody_elses_alerts(stranger: Client, company: Company) -> None:
    """R81."""
    alert_of(company)
    assert "No alert yet" in text(stranger, PAGE)


def test_metrics_show_open_alerts_alone(panel: Client, company: Company, master: User) -> None:
    seen = alert_of(company)
    alerts.acknowledge(alert=seen, note="A partner's campaign", actor=master, now=NOW)
    alert_of(company, rate="abandonment")
    shown = panel.get(METRICS).context["drift"]
    assert [card.alert.rate for card in shown.alerts.cards] == ["abandonment"]


def test_metrics_show_a_few_alerts_and_the_number_of_all(panel: Client, company: Company) -> None:
    for market in ("", "GEO", "ARM", "AZE", "TUR"):
        alert_of(company, market=market)
    shown = panel.get(METRICS).context["drift"]
    assert (len(shown.alerts.cards), shown.alerts.number) == (drift_cards.SHOWN, 5)
    assert "All 5 open alerts" in text(panel, METRICS)


@pytest.mark.parametrize("path", [METRICS, PAGE])
def test_early_sign_is_shown_with_its_sessions_and_out_of_the_ribbon(panel: Client, company: Company, path: str) -> None:
    """R44: a single market, and less evidence than for an alert."""
    sign = alert_of(company, is_early=True)
    page = text(panel, path)
    assert "1 early sign" in page
    assert escape(drift_cards.card_of(company, sign).sessions) in page
    assert BADGE not in page


def test_page_of_metrics_is_silent_about_drift_where_there_is_none(panel: Client, company: Company) -> None:
    alert_of(company, is_early=True, faded_at=NOW)
    assert 'id="drift"' not in text(panel, METRICS)


def test_early_signs_that_faded_are_told_for_three_months(desk: Client, company: Company) -> None:
    """They closed by themselves: nothing is to be done about them."""
    now = timezone.now()
    alert_of(company, is_early=True, rate="approval", faded_at=now - timedelta(days=drift_cards.FADED_DAYS + 1))
    faded = alert_of(company, is_early=True, faded_at=now - timedelta(days=1))
    page = text(desk, PAGE)
    assert "1 early sign of the last 90 days faded by itself" in page
    assert form_of(faded) not in page


def test_early_sign_is_acknowledged_as_an_alert_is(desk: Client, company: Company) -> None:
    sign = alert_of(company, is_early=True)
    assert "Acknowledge an early sign" in text(desk, form_of(sign))
    answer(desk, sign, "One branch has a new camera")
    page = text(desk, PAGE)
    assert "Early sign: higher than before" in page
    assert "One branch has a new camera" in page


def test_page_says_where_a_wanted_change_began_a_new_baseline(panel: Client, company: Company) -> None:
    """R44: a wanted change is no drift. Changed today, watched again nine days later."""
    now = timezone.now()
    values = {"liveness_decline": 0.5, "liveness_approve": 0.9}
    thresholds.change(company=company, market="GEO", values=values, reason="", actor=None, now=now)
    today = now.astimezone(company.zone).date()
    days = {"since": date_format(today, "j M"), "again": date_format(today + timedelta(days=9), "j M")}
    words = "Thresholds changed in Georgia on {since}: a new baseline begins there, watched again from {again}."
    assert words.format(**days) in text(panel, PAGE)


def test_agent_sees_alerts_and_is_offered_no_form(panel: Client, desk: Client, company: Company) -> None:
    """R46."""
    alert = alert_of(company)
    assert form_of(alert) not in text(panel, PAGE)
    assert form_of(alert) in text(desk, PAGE)


@pytest.mark.parametrize("method", ["get", "post"])
def test_agent_cannot_acknowledge(panel: Client, company: Company, method: str) -> None:
    """R46: his own company's alert is a 403."""
    alert = alert_of(company)
    assert getattr(panel, method)(form_of(alert), {"note": "Seen"}).status_code == 403
    assert alerts.open_of(company).exists()


def test_master_of_another_company_finds_no_alert(company: Company) -> None:
    """R81."""
    alert = alert_of(company)
    assert answer(logged_in(MasterFactory(company=CompanyFactory())), alert, "Seen").status_code == 404
    assert alerts.open_of(company).exists()


def test_note_closes_the_alert_and_stays_beside_it(desk: Client, company: Company) -> None:
    alert = alert_of(company)
    assert answer(desk, alert, "One branch has a new camera").url == PAGE
    page = text(desk, PAGE)
    assert "Acknowledged by Nino Kapanadze" in page
    assert "One branch has a new camera" in page
    assert not alerts.open_of(company).exists()


def test_acknowledging_without_a_word_comes_back_with_what_is_missing(desk: Client, company: Company) -> None:
    response = answer(desk, alert_of(company), "  ")
    assert response.status_code == 422
    assert "Say what you found out" in response.content.decode()
    assert alerts.open_of(company).exists()


def test_second_note_does_not_replace_the_first(desk: Client, company: Company, master: User) -> None:
    alert = alert_of(company)
    alerts.acknowledge(alert=alert, note="First", actor=master, now=NOW)
    page = desk.post(form_of(alert), {"note": "Second"}, follow=True).content.decode()
    assert "It was closed before you" in page
    assert "Second" not in page


def test_note_is_text_and_never_markup(desk: Client, company: Company, master: User) -> None:
    alerts.acknowledge(alert=alert_of(company), note="<b>bold</b>", actor=master, now=NOW)
    assert "&lt;b&gt;bold&lt;/b&gt;" in text(desk, PAGE)
