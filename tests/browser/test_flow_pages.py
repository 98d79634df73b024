"""The camera pages of the flow by themselves: hints, the shutter, a lost connection, cameras that refuse, and no script at all."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from checks_app.imaging import RgbImage
from sessions_app import answers
from sessions_app.models import VerificationSession
from settings_app.models import Company
from tests.browser import scenes
from tests.browser.conftest import Opens
from tests.browser.people import ANDROID, IPHONE, Complaints, Visitor
from tests.browser.stack import Stack
from tests.browser.test_journeys import HOLDER, invite
from verifyportal.dev import portraits, specimens

pytestmark = pytest.mark.django_db(transaction=True)

FAILING = "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', '%s'))"


def at_the_camera(company: Company, stack: Stack) -> tuple[VerificationSession, str]:
    session, link = invite(company, stack)
    now = timezone.now()
    answers.consent(session=session, version="test", language="en", now=now)
    answers.choose_document(session=session, country="UTO", document="PASSPORT", now=now)
    return session, link


def table(share: float = 0.84) -> RgbImage:
    """A passport on a wooden table; share: of the picture's width. 0: no passport."""
    width, height = scenes.SIZE
    grain = np.random.default_rng(7).normal(0, 4, (height, width, 1))
    picture = np.clip(np.array((112, 92, 74)) + grain, 0, 255).astype(np.uint8)
    if share:
        drawn = specimens.draw_passport(HOLDER, portraits.astronaut_portrait())
        wide = int(width * share)
        small = cv2.resize(drawn, (wide, wide * drawn.shape[0] // drawn.shape[1]), interpolation=cv2.INTER_AREA)
        top, left = (height - small.shape[0]) // 2, (width - wide) // 2
        picture[top : top + small.shape[0], left : left + wide] = small
    return picture


def _with_glare() -> RgbImage:
    return np.asarray(cv2.ellipse(table(), (700, 400), (110, 70), 20, 0, 360, (255, 255, 255), -1), dtype=np.uint8)


SCENES = {
    "search": lambda: table(0),
    "closer": lambda: table(0.5),
    "dark": lambda: (table() * 0.2).astype(np.uint8),
    "blurred": lambda: np.asarray(cv2.GaussianBlur(table(), (0, 0), 6), dtype=np.uint8),
    "glare": _with_glare,
}


@pytest.mark.parametrize("hint", SCENES)
def test_the_page_says_what_to_do_and_does_not_take_a_poor_picture(company: Company, stack: Stack, visitor: Visitor, hint: str) -> None:
    """R35: before any picture is sent."""
    _session, link = at_the_camera(company, stack)
    visitor.camera.show(scenes.still(SCENES[hint]()))
    visitor.open(link)
    visitor.page.wait_for_selector(f"[data-hint={hint}]")
    visitor.page.wait_for_timeout(1500)
    assert visitor.page.is_visible("[data-action=shutter]")
    assert visitor.sent == 0


def test_a_good_picture_is_taken_without_a_touch(company: Company, stack: Stack, visitor: Visitor) -> None:
    """R35"""
    session, link = at_the_camera(company, stack)
    visitor.camera.show(scenes.still(table()))
    visitor.open(link)
    visitor.page.wait_for_selector(".shown-good")
    assert visitor.sent == 1
    assert session.captures.get().source == "CAMERA"
    visitor.page.wait_for_selector("[data-capture][data-kind=SELFIE]")


def test_a_lost_connection_loses_nothing(company: Company, stack: Stack, visitor: Visitor, complaints: Complaints) -> None:
    """R5: the picture is kept and sent when the connection is back, once."""
    session, link = at_the_camera(company, stack)
    visitor.camera.show(scenes.still(table()))
    visitor.open(link)
    visitor.page.wait_for_selector("[data-hint]:not(:empty)")
    visitor.page.context.set_offline(True)
    visitor.page.wait_for_selector("text=No connection, trying again…")
    assert not session.captures.exists()
    visitor.page.context.set_offline(False)
    visitor.page.wait_for_selector("[data-capture][data-kind=SELFIE]")
    assert session.captures.count() == 1
    complaints.forgive("ERR_INTERNET_DISCONNECTED")


@pytest.mark.parametrize(
    ("agent", "failure", "what", "remedy"),
    [
        (ANDROID, "NotAllowedError", "not allowed on this page", "Tap the sign to the left of the address"),
        (IPHONE, "NotAllowedError", "not allowed on this page", "Open Settings, then Apps, Safari, Camera"),
        (None, "NotAllowedError", "not allowed on this page", "Click the camera sign beside the address"),
        (ANDROID, "NotFoundError", "no camera on this device", "Choose a photo instead"),
        (IPHONE, "NotReadableError", "Another app is using the camera", "Close other apps"),
        (None, "NotReadableError", "Another app is using the camera", "Close other programs and tabs"),
        (ANDROID, "SomethingNew", "could not be started", "Reload the page"),
    ],
)
def test_each_camera_error_is_named_with_its_remedy(
    company: Company, stack: Stack, opens: Opens, agent: str | None, failure: str, what: str, remedy: str
) -> None:
    """R35: and a photo can be chosen instead."""
    _session, link = at_the_camera(company, stack)
    page = opens(user_agent=agent)
    page.add_init_script(FAILING % failure)
    page.goto(link)
    page.wait_for_selector("[data-part=error]:not([hidden])")
    assert what in page.inner_text("[data-what]")
    assert remedy in page.inner_text("[data-remedy]")
    assert page.is_visible("input[type=file]")


def test_a_file_that_is_refused_is_told_also_where_there_is_no_camera(company: Company, stack: Stack, opens: Opens, tmp_path: Path) -> None:
    """R35: both stand there: why the file was not taken, and what is wrong with the camera."""
    _session, link = at_the_camera(company, stack)
    page = opens(user_agent=ANDROID)
    page.add_init_script(FAILING % "NotFoundError")
    page.goto(link)
    letter = tmp_path / "letter.jpg"
    letter.write_text("no picture at all")
    page.set_input_files("input[type=file]", letter)
    page.wait_for_selector("[data-part=refusal]:not([hidden]) ~ [data-part=error]:not([hidden])")
    assert "not a picture that we can read" in page.inner_text("[data-refusal]")


def test_a_browser_without_camera_interface_is_told_so(company: Company, stack: Stack, opens: Opens) -> None:
    """R35"""
    _session, link = at_the_camera(company, stack)
    page = opens(user_agent=ANDROID)
    page.add_init_script("Object.defineProperty(navigator, 'mediaDevices', {value: undefined})")
    page.goto(link)
    page.wait_for_selector("text=This browser gives the page no camera.")
    assert page.is_visible("text=Open the link in Chrome")


def test_the_flow_works_without_any_script(company: Company, stack: Stack, opens: Opens, tmp_path: Path) -> None:
    """R2: plain forms, and pages that look again by themselves."""
    photo = tmp_path / "passport.jpg"
    cv2.imwrite(str(photo), cv2.cvtColor(table(), cv2.COLOR_RGB2BGR))
    session, link = invite(company, stack)
    page = opens(java_script_enabled=False)
    page.goto(link)
    page.click("button[value=yes]")
    page.select_option("select[name=country]", "UTO")
    page.check("input[value=PASSPORT]")
    page.click(".actions button")
    page.set_input_files("input[type=file]", photo)
    page.click("form.file button")
    page.wait_for_selector("[data-capture][data-kind=SELFIE]", timeout=60_000)
    assert session.captures.get().source == "FILE"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_hold_to_the_rules_of_accessibility(company: Company, stack: Stack, opens: Opens, theme: str) -> None:
    """Contrast, names, order and focus of the pages before the camera and of the page that says nothing; none scrolls sideways at 320."""
    _session, link = invite(company, stack)
    page = opens(320, 640, color_scheme=theme, bypass_csp=True)
    for act in (lambda: page.goto(link), lambda: page.click("button[value=yes]"), lambda: page.goto(f"{stack.url}/v/unknown/")):
        act()
        page.wait_for_load_state()
        assert [found["id"] for found in Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("document.activeElement.localName") == "h1"
