"""The list under an agent's hands: late answers, rows that update themselves, keys, faces, and a network that fails (R61, R64)."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Route, expect

from sessions_app.choices import CaptureKind, Outcome
from sessions_app.models import VerificationSession
from sessions_app.search import search_text
from settings_app.choices import AuditKind
from settings_app.models import Company
from tests import findings as given
from tests.browser.conftest import Opens
from tests.browser.people import Agent, Complaints
from tests.browser.stack import Stack
from tests.factories import NOW, PASSWORD, UserFactory, finished_session, store_inspected

pytestmark = pytest.mark.django_db(transaction=True)
LIVE = 6_000  # ms: rows in progress ask every four seconds


class Held:
    """Requests that match are held until they are let go."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.page, self.pattern = page, pattern
        self.routes: list[Route] = []
        page.route(pattern, lambda route: self.routes.append(route))  # a built-in method will not do

    def wait(self, number: int = 1) -> None:
        for _ in range(100):
            if len(self.routes) >= number:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{number} requests of {self.pattern} were expected")

    def let_go(self) -> None:
        self.page.unroute(self.pattern)
        for route in self.routes:
            with suppress(Error):  # the page has given it up
                route.continue_()


def person(company: Company, first: str, last: str = "Beridze", outcome: Outcome = Outcome.APPROVE, **columns: Any) -> VerificationSession:
    words = search_text(first, last, "", "")
    return finished_session(outcome, company=company, first_name=first, last_name=last, search_text=words, reference=first, **columns)


def names(page: Page) -> list[str]:
    return page.locator("#results .row-link").all_inner_texts()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_late_answer_never_overwrites_a_newer_one(agent: Agent, company: Company, complaints: Complaints) -> None:
    """R61: the answer to the first letters comes after that to all of them. Focus and caret stay."""
    person(company, "Nino")
    person(company, "Nikoloz")
    page = agent.page
    page.reload()
    page.focus("#id_q")
    late = Held(page, "**/sessions/?q=ni")
    page.keyboard.type("ni")
    late.wait()
    page.keyboard.type("ko")
    expect(page.locator("#results .row-link")).to_have_text(["Nikoloz"])
    page.keyboard.press("ArrowLeft")
    late.let_go()
    page.wait_for_timeout(300)
    assert names(page) == ["Nikoloz"]
    assert page.url.endswith("?q=niko")
    assert (focused(page), page.evaluate("document.activeElement.selectionStart")) == ("id_q", 3)
    complaints.heard.clear()  # htmx tells the console that it gave up a request


def test_rows_become_quiet_bars_while_an_answer_is_late(agent: Agent, company: Company) -> None:
    person(company, "Nino")
    page = agent.page
    page.reload()
    late = Held(page, "**/sessions/?q=*")
    page.fill("#id_q", "nin")
    late.wait()
    expect(page.locator(".row-link")).to_have_css("opacity", "0")
    expect(page.locator("#results")).to_have_attribute("aria-busy", "true")
    late.let_go()
    expect(page.locator(".row-link")).to_have_css("opacity", "1")


def test_rows_that_update_themselves_keep_focus_and_scroll(agent: Agent, company: Company) -> None:
    """R64."""
    sessions = [person(company, f"Name{n}", outcome=Outcome.PENDING, now=NOW - timedelta(minutes=n)) for n in range(25)]
    page = agent.page
    page.reload()
    page.focus(f"#open-{sessions[20].public_id}")
    before = page.evaluate("scrollY")
    assert before > 0
    company.sessions.filter(pk__in=[sessions[3].pk, sessions[20].pk]).update(outcome=Outcome.CANCELLED, closed_at=NOW)
    expect(page.locator(f"#row-{sessions[20].public_id}")).to_contain_text("Cancelled", timeout=LIVE)
    assert (focused(page), page.evaluate("scrollY")) == (f"open-{sessions[20].public_id}", before)


def test_late_row_does_not_touch_the_list_that_came_after(agent: Agent, company: Company, complaints: Complaints) -> None:
    """R64: the rows ask, the answer is late, meanwhile the list is another one that shows the session as it is by now."""
    session = person(company, "Nino", outcome=Outcome.PENDING)
    page = agent.page
    page.reload()
    late = Held(page, "**/sessions/rows/**")
    late.wait()
    company.sessions.filter(pk=session.pk).update(outcome=Outcome.CANCELLED, closed_at=NOW)
    page.fill("#id_q", "nino")
    expect(page.locator(f"#row-{session.public_id}")).to_contain_text("Cancelled")
    page.evaluate("document.querySelector('.row-link').dataset.same = 'yes'")
    late.let_go()
    page.wait_for_timeout(300)
    expect(page.locator(".row-link[data-same=yes]")).to_have_count(1)
    complaints.heard.clear()  # htmx tells the console that the row found no place


def test_keyboard_alone_leads_from_the_login_to_the_details(opens: Opens, stack: Stack, company: Company) -> None:
    """R60, R61, R70: no pointer on the way, and whoever goes back stands at the same row."""
    first, second = person(company, "Ana", now=NOW - timedelta(hours=1)), person(company, "Nino")
    page = opens(1440, 900)
    page.goto(f"{stack.url}/accounts/login/")
    while focused(page) != "id_login":
        page.keyboard.press("Tab")
    page.keyboard.type(UserFactory(company=company).email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions/")
    seen = []
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
        seen.append(focused(page))
    assert seen == [f"open-{session.public_id}" for session in (second, first, second, first)]
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("jk/?")  # typed, not obeyed
    assert page.input_value("#id_q") == "jk/?"
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("ana")
    expect(page.locator("#results .row-link")).to_have_text(["Ana"])
    page.locator("#id_q").blur()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/sessions/{first.public_id}/")
    page.click("a.back")
    page.wait_for_url("**/sessions/?q=ana")  # the list as it was left
    page.go_back()
    page.go_back()
    page.wait_for_function(f"document.activeElement.id === 'open-{first.public_id}'")


def test_keys_turn_and_refresh_pages_and_can_be_switched_off(agent: Agent, company: Company) -> None:
    for number in range(26):
        person(company, f"Name{number}", now=NOW - timedelta(minutes=number))
    page = agent.page
    page.reload()
    page.keyboard.press("n")
    page.wait_for_url("**after=*")
    assert names(page) == ["Name25"]
    person(company, "Name26", now=NOW - timedelta(minutes=26))
    page.keyboard.press("r")
    expect(page.locator("#results .row-link")).to_have_text(["Name25", "Name26"])
    assert "after=" in page.url
    page.keyboard.press("p")
    page.wait_for_url("**before=*")
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'ჯ', code: 'KeyJ', bubbles: true}))")
    assert focused(page).startswith("open-")  # the letter on the key counts, whatever script it writes
    page.click("[data-keys-open]")
    page.uncheck("#keys input")
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("j")
    page.reload()
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    assert "before=" in page.url


def test_faces_of_a_page_come_in_one_request(agent: Agent, company: Company, stack: Stack, settings: Any) -> None:
    """R63, R80: one request and one trace; a row that updates itself keeps its face, and no broken picture is ever seen."""
    settings.CAPTURE_ROOT = stack.captures
    sessions = [person(company, name, outcome=Outcome.PENDING) for name in ("Ana", "Nino", "Gia")]
    for session in sessions[:2]:
        store_inspected(session, CaptureKind.SELFIE, given.selfie())
    page = agent.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/thumbnails/" in request.url else None)
    page.reload()
    expect(page.locator(".thumb img")).to_have_count(2)
    assert page.eval_on_selector_all(".thumb img", "images => images.map(image => image.naturalWidth)") == [80, 80]
    company.sessions.filter(pk=sessions[0].pk).update(outcome=Outcome.CANCELLED, closed_at=NOW)
    expect(page.locator(f"#row-{sessions[0].public_id}")).to_contain_text("Cancelled", timeout=LIVE)
    expect(page.locator(".thumb img")).to_have_count(2)
    page.wait_for_timeout(400)
    assert len(asked) == 1
    assert company.audit_events.filter(kind=AuditKind.THUMBNAILS_VIEWED).count() == 1


def test_network_that_fails_is_told_and_the_list_recovers(agent: Agent, company: Company, complaints: Complaints) -> None:
    person(company, "Nino")
    person(company, "Ana")
    page = agent.page
    page.route("**/sessions/?q=*", lambda route: route.abort())
    page.reload()
    page.fill("#id_q", "nino")
    expect(page.locator("#trouble")).to_be_visible()
    assert len(names(page)) == 2  # what was there stays
    page.unroute("**/sessions/?q=*")
    page.click("#trouble button")
    expect(page.locator("#results .row-link")).to_have_text(["Nino"])
    expect(page.locator("#trouble")).to_be_hidden()
    complaints.heard.clear()  # the browser itself complains of the connection


def test_whoever_is_logged_out_meanwhile_comes_to_the_login(agent: Agent, company: Company) -> None:
    page = agent.page
    page.context.clear_cookies()
    page.keyboard.press("r")
    page.wait_for_url("**/accounts/login/**")


def test_days_view_and_height_are_chosen_in_the_menus(agent: Agent, company: Company) -> None:
    """Presets keep the rest of the address; a view is saved and marked; the height of the rows is remembered."""
    person(company, "Nino", document_kind="PASSPORT")
    page = agent.page
    page.reload()
    page.click("[popovertarget=filter-document] >> nth=0")
    page.check("#id_document_0")
    page.wait_for_url("**document=*")
    page.keyboard.press("Escape")
    page.click("[popovertarget=filter-date] >> nth=0")
    page.click("text=Last 30 days")
    page.wait_for_url("**from_day=*")
    assert "document=PASSPORT" in page.url
    page.keyboard.press("Escape")
    page.click("[popovertarget=filter-views] >> nth=0")
    page.fill("#view-name", "Passports")
    page.keyboard.press("Enter")
    expect(page.locator("[data-query]")).to_have_attribute("aria-current", "true")
    page.click("[popovertarget=filter-display] >> nth=0")
    page.click("[data-density=dense]")
    page.reload()
    expect(page.locator("#results.dense")).to_have_count(1)
