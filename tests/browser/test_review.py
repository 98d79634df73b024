"""R24, R26: one review in a real browser with nothing but the keyboard, and the link that asks for a step again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from sessions_app import claims
from sessions_app.choices import Outcome
from settings_app.models import Company
from tests.browser.people import Agent, Complaints
from tests.browser.stack import Stack
from tests.factories import UserFactory
from tests.reviews import WHY, judged, load, waiting

pytestmark = pytest.mark.django_db(transaction=True)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText"))


def leave_dialog(page: Page) -> None:
    """Whatever is pressed before it has closed still belongs to it."""
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    rest(page)


def rest(page: Page) -> None:
    """Let what is being swapped in become what can be pressed."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def test_review_is_done_with_the_keyboard_alone(company: Company, agent: Agent) -> None:
    """From the queue to the decision, and back by undo."""
    now = timezone.now()
    hours = {"NINO": 3, "DIEGO": 2, "AMARA": 1}
    sessions = [waiting(company=company, first_name=name, closed_at=now - timedelta(hours=ago)) for name, ago in hours.items()]
    page, press = agent.page, agent.page.keyboard.press
    page.goto(f"{agent.url}/review/")
    expect(page.locator(".ribbon .tally")).to_have_text("3")
    for key, name in (("j", "NINO"), ("j", "DIEGO"), ("j", "AMARA"), ("j", "AMARA"), ("k", "DIEGO")):
        press(key)
        assert focused(page) == name
    press("x")
    expect(page.locator("tbody input:checked")).to_have_count(1)
    expect(page.locator("[data-ticked]")).to_have_text("1 selected")
    press("?")
    expect(page.locator("#keys")).to_be_visible()
    leave_dialog(page)
    press("Enter")
    page.wait_for_url(f"**/sessions/{sessions[1].public_id}/")
    press("]")  # whoever has waited longest
    page.wait_for_url(f"**/sessions/{sessions[0].public_id}/")
    expect(page.locator("#claim")).to_contain_text("You have this session")
    rest(page)
    press("d")
    expect(page.locator("dialog[open] h2")).to_have_text("Decline this session?")
    leave_dialog(page)
    press("a")
    expect(page.locator("dialog[open] h2")).to_have_text("Approve this session?")
    press("ArrowDown")
    press("Tab")
    page.keyboard.type("as alike as can be: d u ]")
    press("Tab")
    press("Enter")
    expect(page.locator("[data-key=u]")).to_be_visible()
    expect(page.locator(".ribbon .tally")).to_have_text("2")
    decided = load(sessions[0])
    assert (decided.outcome, decided.reasons) == (Outcome.APPROVE, ["SAME_PERSON"])
    press("u")
    expect(page.locator("[data-key=a]")).to_be_visible()
    undone = load(sessions[0])
    assert (undone.outcome, undone.reasons, undone.closed_at) == (Outcome.REVIEW, WHY, sessions[0].closed_at)


# Ends a dialog, and presses a key before the next frame is drawn: until then the focus is still inside of what was closed.
CLOSE_AND_PRESS = """(key) => {
  document.getElementById("dialog").close();
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}"""


def test_key_pressed_the_moment_a_dialog_closes_counts(company: Company, agent: Agent) -> None:
    """Quick fingers: Escape and the next key may come within one frame."""
    session = waiting(company=company)
    agent.page.goto(f"{agent.url}/sessions/{session.public_id}/")
    agent.page.keyboard.press("d")
    agent.page.locator("dialog[open] input").first.focus()
    agent.page.evaluate(CLOSE_AND_PRESS, "a")
    expect(agent.page.locator("dialog[open] h2")).to_have_text("Approve this session?")


def test_dialog_that_opens_in_the_frame_of_the_last_ones_end_is_filled(company: Company, agent: Agent) -> None:
    """The browser tells that a dialog has closed with the next frame only."""
    session = waiting(company=company)
    agent.page.goto(f"{agent.url}/sessions/{session.public_id}/")
    agent.page.keyboard.press("d")
    expect(agent.page.locator("dialog[open] h2")).to_be_visible()
    agent.page.evaluate(
        """() => {
          const dialog = document.getElementById("dialog");
          dialog.close();
          dialog.showModal();
          return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        }"""
    )
    expect(agent.page.locator("dialog[open] h2")).to_have_text("Decline this session?")


def test_dialog_that_cannot_be_fetched_says_so(company: Company, agent: Agent, complaints: Complaints) -> None:
    """R61: a key or button without an answer is not silent."""
    session = waiting(company=company)
    agent.page.route("**/decline/", lambda route: route.abort())
    agent.page.goto(f"{agent.url}/sessions/{session.public_id}/")
    agent.page.keyboard.press("d")
    expect(agent.page.locator("#toasts [role=alert]")).to_contain_text("The portal did not answer.")
    complaints.heard.clear()  # the browser itself complains of the connection


def test_page_that_lost_its_session_to_a_master_says_so(company: Company, agent: Agent) -> None:
    """The claim is renewed while one works; whoever lost it learns that before he has written everything."""
    session = waiting(company=company)
    page = agent.page
    page.goto(f"{agent.url}/sessions/{session.public_id}/")
    page.click("#claim button")
    expect(page.locator("#claim")).to_contain_text("You have this session")
    claims.claim(
        session=session,
        actor=UserFactory(company=company, full_name="Diego Morales", role="MASTER"),
        now=timezone.now(),
        take_over=True,
    )
    page.evaluate("document.getElementById('claim').dispatchEvent(new Event('working'))")
    expect(page.locator("#claim")).to_contain_text("Diego Morales has this session")


def test_step_asked_again_opens_for_the_person(company: Company, stack: Stack, agent: Agent) -> None:
    """R5, R6: the agent gets the same link, and it leads to that step alone."""
    session = judged(company=company, now=timezone.now())
    page = agent.page
    page.goto(f"{agent.url}/sessions/{session.public_id}/")
    page.keyboard.press("s")
    page.check("dialog[open] input[value=SELFIE]")
    page.click("dialog[open] button[type=submit]")
    page.wait_for_url("**/ready/")
    page.goto(page.input_value("#link"))
    expect(page.locator("h1")).to_have_text("Please take it again")
    expect(page.locator(".lead")).to_have_text("Please do this step once more. Everything else is saved.")
