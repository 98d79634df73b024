"""The details page in a browser: the viewer by keyboard, the faces compared, evidence, tabs (R37, R70)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from checks_app.results import Reason
from sessions_app.choices import CaptureKind
from sessions_app.models import VerificationSession
from settings_app.choices import AuditKind
from settings_app.models import Company
from tests import findings as given
from tests.browser.conftest import Opens
from tests.browser.people import Agent
from tests.browser.stack import Stack
from tests.factories import NOW, UserFactory, checked_session, decide_attempt, picture, store_inspected

pytestmark = pytest.mark.django_db(transaction=True)
FLAT = given.of_passport(liveness=given.liveness(liveness=given.measure(0.1, Reason.FLAT_FACE)))
FLASHES_A_SECOND = 3  # more can harm: WCAG 2.3.1


@pytest.fixture
def session(company: Company, stack: Stack, settings: Any) -> VerificationSession:
    """Two attempts; the first failed."""
    settings.CAPTURE_ROOT = stack.captures
    made = checked_session(FLAT, company=company)
    made.captures.filter(kind=CaptureKind.SELFIE).update(replaced_at=NOW)  # taken again, although it was good
    store_inspected(made, CaptureKind.SELFIE, given.selfie(), pictures=[picture((90, 90, 90))])
    store_inspected(made, CaptureKind.LIVENESS, given.liveness())
    decide_attempt(made, made.captures.filter(replaced_at=None), given.of_passport())
    made.refresh_from_db()
    return made


@pytest.fixture
def page(agent: Agent, session: VerificationSession) -> Page:
    agent.page.goto(f"{agent.url}/sessions/{session.public_id}/")
    agent.page.wait_for_load_state("networkidle")
    return agent.page


def caption(page: Page) -> str:
    return " ".join(page.inner_text("#viewer-caption").split())


def transform(page: Page) -> str:
    return str(page.eval_on_selector(".viewer-sheet", "sheet => sheet.style.transform"))


def test_viewer_is_used_by_keyboard_alone(page: Page) -> None:
    page.locator(".photos-main a").first.press("Enter")
    assert caption(page) == "Selfie 1 / 4"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert caption(page) == "Document, front 3 / 4"
    for key, expected in {"+": "rotate(0deg) scale(1.4)", "r": "rotate(90deg) scale(1.4)", "0": "rotate(0deg) scale(1)"}.items():
        page.keyboard.press(key)
        assert transform(page).endswith(expected)
    assert page.is_visible(".viewer-sheet .mark-document")
    page.keyboard.press("m")
    assert page.is_hidden(".viewer-sheet .mark-document")
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()
    assert page.evaluate("document.activeElement === document.querySelector('.photos-main a')")


def test_looking_closer_leaves_one_trace_a_photo(page: Page, company: Company) -> None:
    """R80: the whole photo is fetched when the screen shows more than the page did, and once; what the page shows is not fetched again."""
    looks = company.audit_events.filter(kind=AuditKind.PHOTO_VIEWED)
    before, front = looks.count(), page.locator(".photos-main figure:has(.mark-document) a")
    front.evaluate("link => (link.dataset.width = '4000')")
    with page.expect_response(lambda answer: answer.url.endswith("/0/")):
        front.click()
    for _ in range(2):
        page.keyboard.press("Escape")
        expect(page.locator("#viewer")).to_be_hidden()
        front.press("Enter")
    page.keyboard.press("b")
    page.wait_for_load_state("networkidle")
    assert looks.count() == before + 1


def test_evidence_of_a_check_opens_with_its_own_marks_alone(page: Page) -> None:
    """R37."""
    page.click("[role=tabpanel]:visible [data-evidence=MRZ]")
    assert caption(page) == "Machine-readable zone: Document, front 3 / 4"
    assert page.is_visible(".viewer-sheet .mark-zone")
    assert page.is_hidden(".viewer-sheet .mark-portrait")


def test_faces_are_compared_at_the_same_size(page: Page) -> None:
    page.click(".compare-line button")
    page.wait_for_function("[...document.querySelectorAll('.face-frame img')].every((image) => image.style.height)")
    shares = page.eval_on_selector_all(
        ".face-frame img",
        """images => images.map((image, at) => {
            const [left, top, right, bottom] = document.querySelector("[data-compare]").dataset[at ? "secondFace" : "firstFace"]
                .trim().split(/\\s+/).map(Number);
            return (bottom - top) * image.offsetHeight / image.parentElement.offsetHeight;
        })""",
    )
    assert shares == pytest.approx([0.55, 0.55], abs=0.01)


def test_faces_take_turns_slowly_enough_for_everybody(page: Page) -> None:
    """Twice a second, and a slow fade where movement troubles. The key works from the page itself."""
    page.keyboard.press("b")
    assert page.get_attribute("[data-act=blink]", "aria-pressed") == "true"
    name, seconds = animation(page)
    assert name == "blink"
    assert 2 / seconds < FLASHES_A_SECOND  # away and back
    page.emulate_media(reduced_motion="reduce")
    name, seconds = animation(page)
    assert name == "fade"
    assert seconds >= 2
    page.click("[data-act=blink]")
    assert page.get_attribute("[data-act=blink]", "aria-pressed") == "false"


def animation(page: Page) -> tuple[str, float]:
    styles = "face => [getComputedStyle(face).animationName, parseFloat(getComputedStyle(face).animationDuration)]"
    name, seconds = page.eval_on_selector(".faces figure:last-child", styles)
    return str(name), float(seconds)


def test_attempts_are_tabs_with_arrow_keys(page: Page) -> None:
    tabs = page.get_by_role("tab")
    assert tabs.nth(1).get_attribute("aria-selected") == "true"  # it gave the result
    assert page.is_hidden("#attempt-1")
    tabs.nth(1).press("ArrowLeft")
    assert page.is_visible("#attempt-1")
    assert page.is_hidden("#attempt-2")
    assert tabs.nth(0).evaluate("tab => tab === document.activeElement")
    tabs.nth(0).press("End")
    assert page.is_visible("#attempt-2")


def test_page_without_scripts_shows_every_attempt_and_opens_photos(opens: Opens, stack: Stack, session: VerificationSession) -> None:
    someone = Agent(opens(1440, 900, java_script_enabled=False), stack.url)
    someone.log_in(UserFactory(company=session.company).email)
    someone.page.goto(f"{someone.url}/sessions/{session.public_id}/")
    assert someone.page.is_visible("#attempt-1")
    assert someone.page.is_visible("#attempt-2")
    answer = someone.page.request.get(someone.url + str(someone.page.get_attribute(".photos-main a", "href")))
    assert answer.headers["content-type"] == "image/jpeg"
