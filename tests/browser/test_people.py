"""R46, R80: a colleague is invited by a link, joins with it, works, and is out with his next click."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from settings_app.models import Company
from tests.browser.conftest import Opens
from tests.browser.people import Agent
from tests.browser.stack import Stack
from tests.factories import PASSWORD, MasterFactory

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "tamar@example.com"


def test_colleague_is_invited_joins_and_is_put_out(company: Company, opens: Opens, stack: Stack) -> None:
    """From the master's desk to a new colleague's phone and back."""
    master = Agent(opens(1440, 900, permissions=["clipboard-read", "clipboard-write"]), stack.url)
    master.log_in(MasterFactory(company=company).email)
    desk, phone = master.page, opens()

    desk.goto(f"{stack.url}/settings/people/")
    desk.get_by_label("E-mail address").fill(ADDRESS)
    desk.keyboard.press("Enter")
    expect(desk.locator("#invited")).to_be_focused()
    desk.click("[data-copy]")
    expect(desk.locator("[data-copy-state]")).to_have_text("Copied to the clipboard.")
    link = desk.evaluate("navigator.clipboard.readText()")

    phone.goto(link)
    expect(phone).to_have_url(f"{stack.url}/join/")
    phone.get_by_label("Your name").fill("Tamar Gelashvili")
    phone.get_by_label("Password", exact=True).fill(PASSWORD)
    phone.get_by_label("Password again").fill(PASSWORD)
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/accounts/login/")
    phone.get_by_label("E-mail address").fill(ADDRESS)
    phone.get_by_label("Password").fill(PASSWORD)
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/sessions/")

    desk.goto(f"{stack.url}/settings/people/")
    person = desk.locator(".person", has_text="Tamar Gelashvili")
    person.locator("summary").focus()
    desk.keyboard.press("Enter")
    person.get_by_role("button", name="Deactivate").click()
    expect(desk.locator(".toast")).to_contain_text("Tamar Gelashvili is logged out")
    phone.reload()
    expect(phone).to_have_url(f"{stack.url}/accounts/login/?next=/sessions/")
    phone.goto(link)
    expect(phone.get_by_role("heading")).to_have_text("This link does not work")
