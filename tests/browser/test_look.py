"""Every page on a phone, a desk and a wall, light and dark: it fits, the browser does not complain, everybody can read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from settings_app.models import Company
from tests.browser.conftest import Opens
from tests.browser.people import Agent, Complaints
from tests.browser.stack import Stack
from tests.factories import MasterFactory
from verifyportal.dev import seed
from verifyportal.dev.demo import pages
from verifyportal.dev.demo.companies import BANK

pytestmark = pytest.mark.django_db(transaction=True)
SESSIONS = 17
WRONG_FOR_SOMEBODY = ("serious", "critical")
DESK, PHONE = (1440, 900, "light"), (390, 844, "dark")
PATIENCE, SETTLE = 5_000, 100  # ms
SCROLLERS = 8  # stops of the browser's own, at what scrolls
TABBED = (
    "panel-sessions-filtered",
    "panel-details-review",
    "panel-details-unopened",
    "panel-review",
    "panel-new",
    "panel-match-levels",
    "account-two-factor",
    "panel-settings-fields",
)
OTHER_WIDTHS = (768, 1920)
OPEN = ":popover-open, dialog[open]"
OVERFLOW = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return "";
  const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > edge);
  return wide.slice(-1).map((one) => one.outerHTML.slice(0, 120))[0] || "something";
}"""

INTERACTIVE = "a[href], button, input, select, textarea, summary, [tabindex='0']"
BY_KEYBOARD = """(interactive) => {
  const reachable = (one) =>
    one.checkVisibility({ visibilityProperty: true }) && !one.disabled && !one.closest("[inert], [tabindex='-1']:not(main)") &&
    one.type !== "hidden" && (one.type !== "radio" || one.checked || !document.querySelector(`[name="${one.name}"]:checked`));
  window.expected = [...document.querySelectorAll(interactive)].filter(reachable);
  return expected.map((one) => one.outerHTML.replace(/\\s+/g, " ").slice(0, 120));
}"""
FOCUSED = """() => {
  const one = document.activeElement;
  const ringed = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  const around = [getComputedStyle(one), getComputedStyle(one, "::after"), one.closest("label") && getComputedStyle(one.closest("label"))];
  return { place: one === document.body ? null : expected.indexOf(one), visible: around.some((style) => style && ringed(style)) };
}"""


@pytest.fixture
def shots(transactional_db: None, stack: Stack, settings: Any) -> list[pages.Shot]:
    """The pages of a small demonstration."""
    settings.CAPTURE_ROOT, settings.ACCEPT_SPECIMENS = stack.captures, True
    seed.seed(sessions=SESSIONS, number=3, now=timezone.now())
    return [*pages.flow(now=timezone.now()), *pages.panel(now=timezone.now())]  # the sessions of the flow are seen in the panel as well


@pytest.fixture
def company_agent(opens: Opens, stack: Stack, shots: list[pages.Shot]) -> Agent:
    agent = Agent(opens(1440, 900), stack.url)
    agent.log_in(MasterFactory(company=Company.objects.get(name=BANK.name)).email)
    return agent


def test_the_pages_of_the_panel_fit_and_read_well(company_agent: Agent, shots: list[pages.Shot]) -> None:
    """R2: any browser, any width. Sideways scrolling, a script error, a blocked style or a fault of contrast fails."""
    page, url = company_agent.page, company_agent.url
    assert [fault for shot in shots if shot.by_agent for fault in faults_of(page, url, shot)] == []


def test_the_pages_of_everybody_fit_and_read_well(opens: Opens, stack: Stack, shots: list[pages.Shot], complaints: Complaints) -> None:
    """R2: the flow, accounts, errors and the style page."""
    page = opens(1440, 900, permissions=["camera"])
    page.route("**/captures/", lambda route: route.abort())
    assert [fault for shot in shots if not shot.by_agent for fault in faults_of(page, stack.url, shot)] == []
    complaints.forgive("net::ERR_FAILED")  # where the shutter went off by itself


def faults_of(page: Page, url: str, shot: pages.Shot) -> Iterator[str]:
    """Open the page once, and look at it on a desk in the light and on a phone in the dark."""
    if shot.link:
        page.goto(url + shot.link)
    page.goto(url + shot.path)
    page.wait_for_selector("h1")
    for width, height, scheme in (DESK, PHONE):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": height})
        if shot.press and not page.locator(opened_by(shot)).count():
            page.locator(shot.press[0]).first.click(timeout=PATIENCE)
            page.wait_for_selector(opened_by(shot), timeout=PATIENCE)
        yield from too_wide(page, shot, width)
        for violation in Axe().run(page).response["violations"]:
            if violation["impact"] in WRONG_FOR_SOMEBODY:
                yield f"{shot.name}, {scheme}: {violation['id']}: {violation['nodes'][0]['html'][:160]}"
    for width in OTHER_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        yield from too_wide(page, shot, width)


def opened_by(shot: pages.Shot) -> str:
    """What pressing shows: a section of the page stays a part of it, everything else lies over it."""
    return f"details[open] > :is({shot.press[0]})" if unfolds(shot) else OPEN


def unfolds(shot: pages.Shot) -> bool:
    return shot.press[0].endswith("summary")


def too_wide(page: Page, shot: pages.Shot, width: int) -> Iterator[str]:
    if culprit := page.evaluate(OVERFLOW):
        yield f"{shot.name} scrolls sideways at {width}: {culprit}"


def test_the_keyboard_alone_is_enough(company_agent: Agent, shots: list[pages.Shot]) -> None:
    """R2: everything is reached, in the order of reading, and seen to be; Escape closes what opened and gives the focus back."""
    page, url = company_agent.page, company_agent.url
    assert {shot.name for shot in shots} >= set(TABBED)
    faults = [fault for shot in shots if shot.by_agent and shot.name in TABBED for fault in lost_on_the_way(page, url, shot)]
    faults += [fault for shot in shots if shot.by_agent and shot.press and not unfolds(shot) for fault in stuck_in(page, url, shot)]
    assert not faults, "\n".join(faults)


def lost_on_the_way(page: Page, url: str, shot: pages.Shot) -> Iterator[str]:
    """Go through the whole page with the tab key."""
    page.goto(url + shot.path)
    page.wait_for_load_state()
    expected = page.evaluate(BY_KEYBOARD, INTERACTIVE)
    places: list[int] = []
    for _press in range(len(expected) + SCROLLERS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["place"] is None or (len(places) > 1 and focused["place"] == places[0]):  # out of the page, or round it
            break
        if focused["place"] >= 0:
            places.append(focused["place"])
            if not focused["visible"]:
                yield f"{shot.name}: no ring around {expected[focused['place']]}"
    else:
        yield f"{shot.name}: the focus never leaves the page"
    yield from (f"{shot.name}: never reached: {words}" for place, words in enumerate(expected) if place not in places)
    if places != sorted(places):
        yield f"{shot.name}: out of order: {places}"


def stuck_in(page: Page, url: str, shot: pages.Shot) -> Iterator[str]:
    """Open a menu or dialog with the Enter key, and leave it with Escape."""
    page.goto(url + shot.path)
    page.wait_for_load_state()
    opener = page.locator(shot.press[0]).first
    opener.press("Enter", timeout=PATIENCE)
    page.wait_for_selector(OPEN, timeout=PATIENCE)
    page.keyboard.press("Escape")
    page.wait_for_timeout(SETTLE)
    if page.locator(OPEN).count():
        yield f"{shot.name}: Escape does not close it"
    elif not opener.evaluate("one => one === document.activeElement"):
        yield f"{shot.name}: the focus went to {page.evaluate('document.activeElement.outerHTML.slice(0, 120)')}"


def test_the_first_tab_leads_past_the_ribbon(agent: Agent) -> None:
    page = agent.page
    page.wait_for_load_state()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_messages_float_without_taking_the_focus_and_can_be_closed(agent: Agent) -> None:
    page = agent.page
    page.wait_for_load_state()
    page.focus("#id_q")
    page.evaluate("document.dispatchEvent(new CustomEvent('toast', {detail: {text: 'Saved.', level: 'error'}}))")
    page.wait_for_selector("[role=alert] :text('Saved.')", timeout=PATIENCE)
    assert page.evaluate("document.activeElement.id") == "id_q"
    page.click(".toast [data-dismiss]")
    assert page.locator(".toasts > .toast").count() == 0


def test_a_form_that_is_sent_twice_in_haste_is_sent_once(agent: Agent, company: Company) -> None:
    page = agent.page
    page.goto(f"{agent.url}/sessions/new/")
    page.wait_for_load_state()
    page.evaluate("() => { const form = document.querySelector('main form'); form.requestSubmit(); form.requestSubmit(); }")
    page.wait_for_url("**/ready/")
    assert company.sessions.count() == 1
