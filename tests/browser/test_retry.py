"""Trying again, to the result and back to the company: the marked picture, the step that failed, the countdown that can be stopped."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest
from django.utils import timezone
from playwright.sync_api import Page, Request, expect

from sessions_app.choices import CaptureKind, Outcome
from sessions_app.models import VerificationSession
from settings_app.models import Company
from tests.browser import scenes
from tests.browser.conftest import Opens
from tests.browser.people import ANDROID, NO_CAMERA, Complaints, Visitor
from tests.browser.stack import Stack
from tests.browser.test_flow_pages import _with_glare, at_the_camera
from tests.browser.test_journeys import HOLDER, invite

pytestmark = pytest.mark.django_db(transaction=True)
BANK = "https://bank.example/back"


def test_person_is_led_through_what_failed_and_is_approved(company: Company, stack: Stack, visitor: Visitor, tmp_path: Path) -> None:
    """R4, R5, R25, R35: glare at the camera, then a picture that was fed to the browser, then the passport itself."""
    session, link = invite(company, stack)
    glaring = tmp_path / "glare.jpg"
    cv2.imwrite(str(glaring), cv2.cvtColor(_with_glare(), cv2.COLOR_RGB2BGR))
    visitor.camera.show(scenes.frozen(scenes.passport_photo(HOLDER)))
    visitor.open(link)
    visitor.agree()
    visitor.choose("PASSPORT")
    visitor.page.click("[data-action=file]")
    visitor.page.set_input_files("[data-part=file] input[type=file]", glaring)
    visitor.page.wait_for_selector("[data-defects~=GLARE] ellipse")
    assert not visitor.page.locator("[data-lesson]").count()
    visitor.shots = visitor.sent
    visitor.page.click("[data-action=again]")
    live = scenes.selfie()
    visitor.shoot("DOCUMENT_FRONT", then=live)
    visitor.shoot("SELFIE", then=live)
    visitor.turn_head()
    assert visitor.submit() == "RETRY"

    page = visitor.page
    expect(page.locator("h1")).to_have_text("Please take it again")
    expect(page.locator(".problems")).to_contain_text("did not send a live picture")
    page.wait_for_function("document.querySelector('[data-picture]').naturalWidth > 0")
    visitor.camera.show(scenes.passport(HOLDER))
    visitor.shots = visitor.sent
    page.click("[data-action=again]")
    visitor.shoot("DOCUMENT_FRONT", then=live)
    assert visitor.submit() == "APPROVE"
    assert list(session.attempts.order_by("number").values_list("verdict", flat=True)) == ["RETRY", "APPROVE"]
    assert session.captures.filter(kind=CaptureKind.SELFIE).count() == 1


def _finished(company: Company, stack: Stack, opens: Opens) -> tuple[Page, list[Request]]:
    """The page of a result whose address leads to the company, with the clock in our hands."""
    Company.objects.filter(pk=company.pk).update(allowed_return_origins=["https://bank.example"])
    session, link = invite(company, stack)
    now = timezone.now()
    VerificationSession.objects.filter(pk=session.pk).update(outcome=Outcome.APPROVE, closed_at=now, opened_at=now, return_url=BANK)
    page, asked = opens(), list[Request]()
    page.route(f"{BANK}*", lambda route: route.fulfill(body="<h1>The bank</h1>", content_type="text/html"))
    page.on("request", lambda request: asked.append(request) if request.url.startswith(BANK) else None)
    page.clock.install()
    page.goto(link)
    page.wait_for_selector("[data-onward-line]:not([hidden])")
    return page, asked


def test_result_leads_back_by_itself_and_lets_who_returns_stay(company: Company, stack: Stack, opens: Opens) -> None:
    """R7: nothing of the verification goes along, and the back button is no trap."""
    page, asked = _finished(company, stack, opens)
    page.clock.run_for(9_000)
    assert asked == []
    page.clock.run_for(2_000)
    page.wait_for_url(BANK)
    assert "referer" not in asked[0].headers
    page.go_back()
    page.wait_for_selector("[data-outcome=APPROVE]")
    page.clock.run_for(20_000)
    expect(page.locator("[data-onward-line]")).to_be_hidden()
    assert len(asked) == 1


def test_way_back_waits_for_who_wants_to_stay(company: Company, stack: Stack, opens: Opens) -> None:
    """R7: by keyboard, and the button remains."""
    page, asked = _finished(company, stack, opens)
    page.locator("[data-onward-stop]").press("Enter")
    page.clock.run_for(20_000)
    assert asked == []
    expect(page.locator("[data-onward-link]")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(BANK)


def test_open_page_learns_that_the_company_cancelled(company: Company, stack: Stack, opens: Opens) -> None:
    """R8: as soon as somebody looks at it again."""
    session, link = invite(company, stack)
    page = opens()
    page.goto(link)
    page.wait_for_selector("button[name=answer]")
    VerificationSession.objects.filter(pk=session.pk).update(outcome=Outcome.CANCELLED, closed_at=timezone.now())
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("[data-ending=cancelled]")


@pytest.mark.parametrize(("status", "sentence"), [(413, "too large to be sent"), (507, "went wrong on our side")])
def test_errors_of_a_proxy_are_told_in_our_words(
    company: Company, stack: Stack, opens: Opens, complaints: Complaints, status: int, sentence: str, tmp_path: Path
) -> None:
    """R35: its page is not for scripts, and the person can go on at once."""
    _session, link = at_the_camera(company, stack)
    photo = tmp_path / "photo.jpg"
    cv2.imwrite(str(photo), _with_glare())
    page = opens(user_agent=ANDROID)
    page.add_init_script(NO_CAMERA)
    page.route("**/captures/", lambda route: route.fulfill(status=status, body="<html>No</html>", content_type="text/html"))
    page.goto(link)
    page.set_input_files("[data-part=file] input[type=file]", photo)
    expect(page.locator("[data-refusal]")).to_contain_text(sentence)
    assert page.locator("[data-part=file]").is_visible()
    complaints.heard[:] = [heard for heard in complaints.heard if str(status) not in heard]
