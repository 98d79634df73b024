"""R42, R43, R50: a threshold is tuned in a real browser, from the slider over the replay and the reason to its mark on the metrics."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from sessions_app.choices import Outcome
from settings_app.models import Company
from tests.browser.conftest import Opens
from tests.browser.people import PATIENCE, Agent
from tests.browser.stack import Stack
from tests.factories import MasterFactory
from tests.replays import GOOD, past

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "Two weeks of cameras that shake"
PHONE = 360  # px, of the narrowest that are about


@pytest.fixture
def master(opens: Opens, stack: Stack, company: Company) -> Agent:
    someone = Agent(opens(1440, 900), stack.url)
    someone.log_in(MasterFactory(company=company).email)
    return someone


def unreadable(page: Page) -> list[str]:
    """What somebody could not read or use on a page that one reaches by sending a form only."""
    return [violation["id"] for violation in Axe().run(page).response["violations"]]


def width_on_a_phone(page: Page) -> int:
    """How wide the page becomes there; the window is what it was afterwards."""
    window = page.viewport_size
    page.set_viewport_size({"width": PHONE, "height": 640})
    width = int(page.evaluate("document.documentElement.scrollWidth"))
    page.set_viewport_size(window)  # type: ignore[arg-type]
    return width


def test_threshold_is_tuned_with_the_keyboard_tried_explained_saved_and_marked(company: Company, master: Agent) -> None:
    """Nothing is saved before the replay was seen and the reason written; the journal keeps both."""
    yesterday = timezone.now() - timedelta(days=1)
    for liveness in (0.95, 0.95, 0.72):
        past(company, GOOD._replace(liveness=liveness), at=yesterday, outcome=Outcome.APPROVE)
    page, card = master.page, master.page.locator("#liveness")
    page.goto(f"{master.url}/settings/thresholds/")
    expect(page.locator("[data-count]")).to_have_text("Nothing changed yet")
    expect(card.locator("[data-lately=approve]")).to_have_text("3")

    card.locator("[data-slide=high]").focus()
    for _press in range(5):
        page.keyboard.press("ArrowRight")
    expect(card.locator("[data-number=high]")).to_have_value("0.75")
    expect(card.locator("[data-lately=review]")).to_have_text("1")
    expect(card.locator("[data-changed]")).to_have_text("▲ stricter than now")
    card.locator("[data-slide=low]").focus()
    page.keyboard.press("ArrowLeft")
    expect(card.locator("[data-number=low]")).to_have_value("0.39")
    expect(card.locator("[data-changed]")).to_have_text("▲▼ stricter and looser than now")
    expect(page.locator("[data-count]")).to_have_text("1 check changed")

    page.keyboard.press("Enter")
    page.wait_for_url("**/thresholds/review/")
    expect(page.locator("#replay")).to_contain_text("1 approval", timeout=PATIENCE)
    assert width_on_a_phone(page) == PHONE
    assert unreadable(page) == []
    page.click("#save .button-primary")
    expect(page.locator("#save .error")).to_contain_text("Write down why")
    page.fill("#id_reason", REASON)
    page.click("#save .button-primary")
    expect(page.locator(".toast")).to_contain_text("Saved for the whole company: Liveness.")
    expect(card.locator(".tune-own")).to_have_text("Own")

    rows = company.threshold_changes.order_by("name")
    assert [(row.name, row.new, row.reason) for row in rows] == [("liveness_approve", 0.75, REASON), ("liveness_decline", 0.39, REASON)]
    assert [row.replay["sessions"] for row in rows if row.replay] == [3, 3]
    page.goto(f"{master.url}/metrics/")
    expect(page.locator("svg.marks text").first).to_have_text("1")
    expect(page.locator("#change-1")).to_contain_text(REASON)


def test_thresholds_are_tuned_without_scripts(company: Company, stack: Stack, opens: Opens) -> None:
    """Numbers, buttons of the server, and a step before saving: nothing of it needs a script."""
    page = opens(390, 844, java_script_enabled=False)
    Agent(page, stack.url).log_in(MasterFactory(company=company).email)
    page.goto(f"{stack.url}/settings/thresholds/?market=GEO")
    expect(page.locator("[data-slide]").first).to_be_hidden()
    page.locator("#photocopy button[name=default]").click()
    expect(page.locator("[name=photocopy_approve]")).to_have_value("0.50")
    page.fill("[name=photocopy_approve]", "0.6")
    page.check("[name=face_match_level][value='5']")
    page.check("[name=face_review_level][value='3']")
    page.locator(".tune-bar .button-primary").click()
    expect(page.locator(".several")).to_contain_text("Not a photocopy, Face match would change together")
    page.check("[name=several_confirmed]")
    page.locator("#save .button-primary").click()
    expect(page.locator("main")).to_contain_text("Saved for Georgia: Not a photocopy, Face match.")
    assert company.threshold_changes.filter(market="GEO").count() == 4
