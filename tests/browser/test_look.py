"""Every page on a phone and on a desk: nothing scrolls sideways, nothing makes the browser complain, everybody can read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from settings_app.models import Company
from tests.browser.conftest import Opens
from tests.browser.people import Agent
from tests.browser.stack import Stack
from tests.factories import UserFactory
from verifyportal.dev import seed
from verifyportal.dev.demo import pages
from verifyportal.dev.demo.companies import BANK

pytestmark = pytest.mark.django_db(transaction=True)
SESSIONS = 12
WRONG_FOR_SOMEBODY = ("serious", "critical")


@pytest.fixture
def shots(transactional_db: None, stack: Stack, settings: Any) -> list[pages.Shot]:
    """The pages of a small demonstration."""
    settings.CAPTURE_ROOT, settings.ACCEPT_SPECIMENS = stack.captures, True
    seed.seed(sessions=SESSIONS, number=3, now=timezone.now())
    return [*pages.panel(), *pages.flow(now=timezone.now())]


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900)])
@pytest.mark.parametrize("by_agent", [True, False], ids=["panel", "flow"])
def test_pages_fit_and_read_well(by_agent: bool, width: int, height: int, shots: list[pages.Shot], stack: Stack, opens: Opens) -> None:
    """R2: any browser, any width. Sideways scrolling, a script error, a blocked style or a fault of contrast fails."""
    page = opens(width, height, permissions=["camera"])
    page.route("**/captures/", lambda route: route.abort())
    if by_agent:
        Agent(page, stack.url).log_in(UserFactory(company=Company.objects.get(name=BANK.name)).email)
    faults = [fault for shot in shots if shot.by_agent == by_agent for fault in faults_of(page, stack.url, shot)]
    assert faults == []


def faults_of(page: Page, url: str, shot: pages.Shot) -> Iterator[str]:
    page.goto(url + shot.path)
    page.wait_for_selector("h1")
    sideways = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if sideways > 0:
        yield f"{shot.name} scrolls sideways by {sideways} pixels"
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] in WRONG_FOR_SOMEBODY:
            yield f"{shot.name}: {violation['id']}: {violation['nodes'][0]['html'][:120]}"
