"""The export under an agent's hands: it follows the filters, says how far it is, how it ended, and can be stopped (R65)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from sessions_app.models import VerificationSession
from sessions_app.search import search_text
from settings_app.models import Company
from tests.browser.people import Agent
from tests.factories import finished_session
from tests.sessions_app.panel.exports import rows_of

pytestmark = pytest.mark.django_db(transaction=True)


def person(company: Company, name: str) -> VerificationSession:
    return finished_session(company=company, first_name=name, search_text=search_text(name, "", "", ""))


def answer_progress(page: Page, state: str, rows: int) -> None:
    """Let the page hear this whenever it asks."""
    page.unroute("**/sessions/export/*/progress/")
    page.route("**/sessions/export/*/progress/", lambda route: route.fulfill(json={"state": state, "rows": rows}))


def test_export_holds_what_the_list_shows_after_typing(agent: Agent, company: Company) -> None:
    """R61, R65: the filters change the list without loading the page again."""
    for name in ("NINO", "NINA", "GIORGI"):
        person(company, name)
    agent.page.reload()
    agent.page.fill("#id_q", "nin")
    expect(agent.page.locator(".count")).to_contain_text("2 sessions")
    with agent.page.expect_download() as begun:
        agent.page.get_by_role("link", name="Export CSV").click()
    assert {row["First Name"] for row in rows_of(begun.value.path().read_bytes())} == {"NINO", "NINA"}
    expect(agent.page.locator(".toast")).to_contain_text("The export is complete: 2 sessions.")
    expect(agent.page.get_by_role("link", name="Export CSV")).to_be_visible()


def test_page_counts_and_a_cancelled_export_is_called_so(agent: Agent, company: Company) -> None:
    """R65: with the keyboard alone; the focus is never lost."""
    page = agent.page
    answer_progress(page, "running", 1234)
    page.get_by_role("link", name="Export CSV").focus()
    with page.expect_download():
        page.keyboard.press("Enter")
    expect(page.locator("#exporting output")).to_have_text("1,234 sessions so far")
    expect(page.get_by_role("button", name="Cancel export")).to_be_focused()
    with page.expect_response("**/sessions/export/*/cancel/") as told:
        page.keyboard.press("Enter")
    assert told.value.status == 204
    answer_progress(page, "broken-off", 1300)
    expect(page.locator(".toast")).to_contain_text("The export is cancelled.")
    expect(page.get_by_role("link", name="Export CSV")).to_be_visible()


def test_export_that_breaks_off_is_an_alert(agent: Agent) -> None:
    """R65: nobody takes half a file for a whole one."""
    answer_progress(agent.page, "broken-off", 5000)
    with agent.page.expect_download():
        agent.page.get_by_role("link", name="Export CSV").click()
    expect(agent.page.get_by_role("alert")).to_contain_text("The export broke off after 5,000 sessions.")
