"""Cameras that give up in other ways than with an error at the start: each is noticed, and what comes back is used without a touch."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from sessions_app.models import Transfer
from settings_app.models import Company
from tests.browser.conftest import Opens
from tests.browser.people import A_PHONE, IPHONE, NO_CAMERA
from tests.browser.stack import Stack
from tests.browser.test_flow_pages import at_the_camera
from tests.browser.test_transfer import scanned

pytestmark = pytest.mark.django_db(transaction=True)

A_COMPUTER: dict[str, object] = {"user_agent": None, "is_mobile": False, "has_touch": False, "width": 1440, "height": 900}
SEES = "[data-hint]:not(:empty)"
LOSES = "document.querySelector('video').srcObject.getVideoTracks()[0]"
INSIDE_AN_APP = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS]"
WITHOUT_INTERFACE = "Object.defineProperty(navigator, 'mediaDevices', {value: undefined})"
PLAYS_AFTER_A_TAP = """
const { play } = HTMLMediaElement.prototype;
let tapped = false;
addEventListener("click", () => (tapped = true), { capture: true });
HTMLMediaElement.prototype.play = function () {
  return tapped ? play.call(this) : Promise.reject(new DOMException("", "NotAllowedError"));
};
"""
ANSWERS_WHEN_TOLD = """
const { getUserMedia } = MediaDevices.prototype;
const told = new Promise((resolve) => (globalThis.answerNow = resolve));
MediaDevices.prototype.getUserMedia = (wishes) => told.then(() => getUserMedia.call(navigator.mediaDevices, wishes));
"""
TAKES_WISHES_FOR_CONDITIONS = """
const { getUserMedia } = MediaDevices.prototype;
MediaDevices.prototype.getUserMedia = (wishes) =>
  wishes.video === true
    ? getUserMedia.call(navigator.mediaDevices, wishes)
    : Promise.reject(new DOMException("", "OverconstrainedError"));
"""
BLOCKED_AT_FIRST = """
const { getUserMedia } = MediaDevices.prototype;
globalThis.permission = Object.assign(new EventTarget(), { state: "denied" });
navigator.permissions.query = async () => permission;
MediaDevices.prototype.getUserMedia = (wishes) =>
  permission.state === "granted"
    ? getUserMedia.call(navigator.mediaDevices, wishes)
    : Promise.reject(new DOMException("", "NotAllowedError"));
"""
PLUGGED_IN = """
delete navigator.mediaDevices.getUserMedia;
delete navigator.mediaDevices.enumerateDevices;
navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
"""
NO_LONGER_ALLOWED = f"""
navigator.permissions.query = async () => Object.assign(new EventTarget(), {{ state: "denied" }});
{LOSES}.dispatchEvent(new Event("ended"));
"""
UNPLUGGED = f"""
navigator.mediaDevices.enumerateDevices = () => Promise.resolve([]);
{LOSES}.dispatchEvent(new Event("ended"));
"""


@pytest.fixture
def at_camera(company: Company, stack: Stack, opens: Opens) -> Opens:
    """A phone, or what the options say, at the picture of the document, with a script that came before the page's own."""

    def window(script: str = "", **options: object) -> Page:
        _session, link = at_the_camera(company, stack)
        page = opens(**{**A_PHONE, **options})
        page.add_init_script(script)
        page.goto(link)
        return page

    return window


@pytest.mark.parametrize(
    ("state", "failure", "what"),
    [
        ("denied", "new DOMException('', 'NotAllowedError')", "not allowed on this page"),
        ("prompt", "new DOMException('', 'NotAllowedError')", "was not allowed"),
        ("denied", "new DOMException('Permission denied by system', 'NotAllowedError')", "does not let the browser"),
        ("granted", "new DOMException('', 'NotReadableError')", "Another app is using the camera"),
    ],
    ids=["blocked", "dismissed", "blocked by the system", "in use"],
)
def test_a_desktop_whose_camera_is_refused_explains_and_offers_the_phone(at_camera: Opens, state: str, failure: str, what: str) -> None:
    """R10: blocked here, in the system, or in use: each has its own remedy, and the phone stands beside it."""
    script = f"""
        navigator.permissions.query = async () => Object.assign(new EventTarget(), {{ state: "{state}" }});
        navigator.mediaDevices.getUserMedia = () => Promise.reject({failure});
    """
    page = at_camera(script, **A_COMPUTER)
    expect(page.locator("[data-what]")).to_contain_text(what)
    page.click("text=Continue on your phone")
    scanned(page)


def test_a_browser_that_saves_power_asks_for_a_tap(at_camera: Opens) -> None:
    """R35: a refusal to play is no refusal of the camera."""
    page = at_camera(PLAYS_AFTER_A_TAP)
    page.tap("[data-action=play]")
    page.wait_for_selector(SEES)
    assert page.is_hidden("[data-action=play]")


def test_a_camera_that_never_answers_is_named_and_used_when_it_does(at_camera: Opens) -> None:
    """R35: nobody waits before a black square."""
    page = at_camera(f"{ANSWERS_WHEN_TOLD} setTimeout = ((wait) => (act, ms) => wait(act, ms / 20))(setTimeout);")
    expect(page.locator("[data-what]")).to_contain_text("does not answer")
    page.evaluate("answerNow()")
    page.wait_for_selector(SEES)


def test_a_camera_that_takes_wishes_for_conditions_opens_all_the_same(at_camera: Opens) -> None:
    """R35"""
    at_camera(TAKES_WISHES_FOR_CONDITIONS).wait_for_selector(SEES)


@pytest.mark.parametrize(("act", "what"), [(NO_LONGER_ALLOWED, "not allowed on this page"), (UNPLUGGED, "was disconnected")])
def test_a_camera_that_goes_away_in_the_middle_is_named(at_camera: Opens, act: str, what: str) -> None:
    """R35: with a photo as the other way."""
    page = at_camera()
    page.wait_for_selector(SEES)
    page.evaluate(act)
    expect(page.locator("[data-what]")).to_contain_text(what)
    assert page.is_visible("input[type=file]")


def test_a_camera_that_another_app_took_is_opened_again(at_camera: Opens) -> None:
    """R35: as on a phone after a look at another app."""
    page = at_camera()
    page.wait_for_selector(SEES)
    before = page.evaluate(f"{LOSES}.id")
    page.evaluate(f"{LOSES}.dispatchEvent(new Event('ended'))")
    page.wait_for_function(
        "before => ![undefined, before].includes(document.querySelector('video').srcObject?.getVideoTracks()[0].id)", arg=before
    )
    page.wait_for_selector(SEES)


@pytest.mark.parametrize("options", [{}, A_COMPUTER], ids=["phone", "computer"])
def test_a_camera_that_is_plugged_in_is_used_by_itself(at_camera: Opens, options: dict[str, object]) -> None:
    """R10: also by a computer that showed the code already."""
    page = at_camera(f"if (!sessionStorage.getItem('plugged')) {{ {NO_CAMERA} }}", **options)
    page.wait_for_selector(".qr, [data-part=error]:not([hidden])")
    page.evaluate(f"sessionStorage.setItem('plugged', 'yes'); {PLUGGED_IN}")
    page.wait_for_selector(SEES)


def test_a_camera_that_is_allowed_after_all_is_used_by_itself(at_camera: Opens) -> None:
    """R35: whoever follows the remedy need not come back and press."""
    page = at_camera(BLOCKED_AT_FIRST)
    expect(page.locator("[data-what]")).to_contain_text("not allowed on this page")
    page.evaluate("permission.state = 'granted'; permission.dispatchEvent(new Event('change'))")
    page.wait_for_selector(SEES)


def test_inside_another_app_the_link_is_given_for_a_browser(at_camera: Opens) -> None:
    """R10: what a message or a code opened in an app of its own, which has no camera."""
    page = at_camera(WITHOUT_INTERFACE, user_agent=INSIDE_AN_APP)
    expect(page.locator("[data-remedy]")).to_contain_text("Open this link in Safari")
    link = page.input_value("#own-link")
    page.context.clear_cookies()
    page.goto(link)
    page.wait_for_selector("[data-capture]")
    assert not Transfer.objects.exists()


def test_outside_of_apps_the_link_is_not_shown(at_camera: Opens) -> None:
    """R1: a secret is repeated only to whom it helps."""
    page = at_camera(WITHOUT_INTERFACE, user_agent=IPHONE)
    expect(page.locator("[data-remedy]")).to_contain_text("Open the link in Safari")
    assert not page.locator("#own-link").count()
