"""R50: the page of metrics under a keyboard: figures that follow their controls, and notes of changed thresholds within reach."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from settings_app import thresholds
from settings_app.models import Company
from tests.browser.people import Agent
from tests.factories import MasterFactory, finished_session

pytestmark = pytest.mark.django_db(transaction=True)


def test_figures_follow_the_keyboard_and_a_note_is_reached_with_it(company: Company, agent: Agent) -> None:
    """R50: the period by arrow keys, the address with it; a mark on the chart leads to its note."""
    now, page = timezone.now(), agent.page
    for days, market in ((20, "ESP"), (2, "GEO")):
        finished_session(company=company, market=market, closed_at=now - timedelta(days=days))
    levels = {"face_review_level": 3, "face_match_level": 5}
    thresholds.change(
        company=company, market="", values=levels, reason="Twins", actor=MasterFactory(company=company), now=now - timedelta(days=3)
    )
    page.goto(f"{agent.url}/metrics/")
    figure = page.locator(".rate-approval .big")
    expect(figure).to_have_text("2 / 2")

    page.locator("[name=period]:checked").focus()
    page.keyboard.press("ArrowLeft")
    expect(figure).to_have_text("1 / 1")
    expect(page).to_have_url(re.compile(r"period=7\b"))
    expect(page.locator("#id_market option")).to_have_text(["Every market", "Georgia"])

    page.locator("svg.marks a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#change-1")).to_be_focused()
    expect(page.locator("#change-1")).to_contain_text("Twins")
