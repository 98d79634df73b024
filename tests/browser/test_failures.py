"""The panel without its server: what was asked for and did not come is told, once, and goes on when it can (R61, R64)."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from sessions_app.choices import ReplayState
from sessions_app.models import VerificationSession
from sessions_app.replay import slices
from settings_app.models import Company
from tests.browser.conftest import Opens
from tests.browser.people import Agent, Complaints
from tests.browser.stack import Stack
from tests.browser.test_own_look import drag
from tests.factories import PASSWORD, ExtraFieldFactory, MasterFactory, OperatorFactory
from tests.reviews import waiting

pytestmark = pytest.mark.django_db(transaction=True)


def work(page: Page) -> None:
    """Give a sign that somebody works on the page; his claim is then asked to last longer."""
    page.evaluate("document.getElementById('claim').dispatchEvent(new Event('working'))")


def alerts(page: Page) -> Locator:
    return page.locator("#toasts [role=alert]")


@pytest.fixture
def master(company: Company, stack: Stack, opens: Opens) -> Agent:
    someone = Agent(opens(1440, 900), stack.url)
    someone.log_in(MasterFactory(company=company).email)
    return someone


@pytest.fixture
def claimed(company: Company, agent: Agent) -> VerificationSession:
    """A session in review that the agent has taken, its details before him."""
    session = waiting(company=company)
    agent.page.goto(f"{agent.url}/sessions/{session.public_id}/")
    agent.page.click("#claim button")
    expect(agent.page.locator("#claim")).to_contain_text("You have this session")
    return session


def test_claim_that_cannot_be_renewed_is_told_until_it_can(claimed: VerificationSession, agent: Agent, complaints: Complaints) -> None:
    """Once, however often it fails."""
    agent.page.route("**/keep/", lambda route: route.abort())
    agent.page.reload()  # a page that is there already may still get one answer
    for _sign in range(2):
        with agent.page.expect_event("requestfailed"):
            work(agent.page)
    expect(alerts(agent.page)).to_have_count(1)
    expect(alerts(agent.page)).to_contain_text("The portal did not answer.")
    agent.page.unroute("**/keep/")
    work(agent.page)
    expect(alerts(agent.page)).to_have_count(0)
    complaints.heard.clear()  # the browser itself complains of the connection


def test_who_is_logged_out_meanwhile_keeps_what_he_wrote(claimed: VerificationSession, agent: Agent) -> None:
    """R80: the page of somebody who has written nothing gives way to the login."""
    page = agent.page
    page.context.clear_cookies(name="sessionid")
    page.fill("textarea[name=text]", "the corner looks glued")
    work(page)
    expect(alerts(page)).to_contain_text("You are logged out.")
    assert page.input_value("textarea[name=text]") == "the corner looks glued"
    page.eval_on_selector("textarea[name=text]", "(note) => { note.value = ''; }")  # a key would be a sign of work already
    work(page)
    page.wait_for_url("**/accounts/login/**")


def test_replay_goes_on_after_questions_without_an_answer(company: Company, master: Agent, complaints: Complaints) -> None:
    """R43: else its bar would turn for ever."""
    now = timezone.now()
    result = asdict(slices.begin(company, now=now))
    run = company.replay_runs.create(values={"liveness_approve": 0.8}, newest=1_000, result=result, created_at=now)
    page, address = master.page, f"{master.url}/settings/replays/{run.public_id}/"
    page.goto(address)
    page.route(address, lambda route: route.abort())
    expect(alerts(page)).to_contain_text("What you see may be out of date.")
    company.replay_runs.update(state=ReplayState.CANCELLED, finished_at=now)
    page.unroute(address)
    expect(page.locator("#replay")).to_contain_text("This replay was cancelled")
    expect(alerts(page)).to_have_count(0)
    complaints.heard.clear()  # the browser itself complains of the connection


def test_field_that_was_dragged_in_vain_goes_back(company: Company, master: Agent, complaints: Complaints) -> None:
    """R45: the page shows the order that is stored."""
    fields = [ExtraFieldFactory(company=company, label=label, position=at) for at, label in enumerate(("One", "Two"))]
    page = master.page
    page.route("**/order/", lambda route: route.abort())
    page.goto(f"{master.url}/settings/extra-fields/")
    page.wait_for_load_state("networkidle")  # nothing moves any more under the mouse
    drag(page, fields[1].pk, onto=fields[0].pk)
    expect(alerts(page)).to_contain_text("The portal did not answer.")
    expect(page.locator(".field-label")).to_have_text(["One", "Two"])
    complaints.heard.clear()  # the browser itself complains of the connection


def test_state_of_the_portal_does_not_look_well_when_it_cannot_be_asked(opens: Opens, stack: Stack, complaints: Complaints) -> None:
    """R81: "Everything works" is gone from the page as soon as nothing answers any more."""
    page, address = opens(1440, 900), f"{stack.url}/admin/state/"
    page.route(address, lambda route: route.abort() if "hx-request" in route.request.headers else route.continue_())
    page.goto(address)
    page.fill("input[name=login]", OperatorFactory().email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit], form button[type=submit]")
    page.wait_for_url(address)
    expect(page.locator("#trouble")).to_contain_text("The portal does not answer.")
    expect(page.locator(".state-well")).to_be_hidden()
    complaints.heard.clear()  # the browser itself complains of the connection
