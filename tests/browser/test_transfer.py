"""The hand-over: a computer that cannot take pictures, a phone that can, and everything that happens between the two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from sessions_app.models import Transfer, VerificationSession
from settings_app.models import Company
from tests.browser import scenes
from tests.browser.conftest import Opens
from tests.browser.people import A_PHONE, NO_CAMERA, PATIENCE, Complaints, Visitor
from tests.browser.scenes import FakeCamera
from tests.browser.stack import Stack
from tests.browser.test_flow_pages import at_the_camera
from tests.browser.test_journeys import HOLDER, invite

pytestmark = pytest.mark.django_db(transaction=True)

CODE, MIRROR = "section[data-when=waiting]:not([hidden]) .qr", "section[data-when=connected]:not([hidden])"
AT_THE_CAMERA = "[data-capture][data-kind=DOCUMENT_FRONT]"


@dataclass
class Pair:
    """A computer and the phone that took its session over, by the code that is kept here."""

    session: VerificationSession
    desktop: Page
    phone: Visitor
    code: str


@pytest.fixture
def desktop(opens: Opens) -> Page:
    """A computer without a camera."""
    page = opens(1440, 900)
    page.add_init_script(NO_CAMERA)
    return page


@pytest.fixture
def phone(opens: Opens, camera: FakeCamera) -> Visitor:
    return Visitor(opens(**A_PHONE), camera)


@pytest.fixture
def pair(company: Company, stack: Stack, desktop: Page, phone: Visitor) -> Pair:
    """A session before its first picture, in the dark, where none takes itself."""
    session, link = at_the_camera(company, stack)
    phone.camera.show(scenes.still(np.full((*reversed(scenes.SIZE), 3), 20, np.uint8)))
    desktop.goto(link)
    code = scanned(desktop)
    phone.open(code)
    phone.reach(AT_THE_CAMERA)
    desktop.wait_for_selector(MIRROR)
    return Pair(session, desktop, phone, code)


def scanned(desktop: Page) -> str:
    """What the code on the screen leads to."""
    desktop.wait_for_selector(CODE)
    return desktop.input_value("#link")


def step_done(desktop: Page, name: str) -> None:
    expect(desktop.locator("[data-mirror] .mirror-done", has_text=name)).to_be_visible()


def test_what_begins_on_a_desktop_is_done_on_a_phone_and_ends_on_the_desktop(
    company: Company, stack: Stack, desktop: Page, phone: Visitor
) -> None:
    """R10-R13: the code appears by itself, the phone goes on at the very step, the desktop follows it, and both survive a reload."""
    session, link = invite(company, stack)
    begun = Visitor(desktop, phone.camera)
    begun.open(link)
    begun.agree()
    begun.choose("PASSPORT")
    address = scanned(desktop)
    phone.camera.show(scenes.passport(HOLDER))
    phone.open(address)
    phone.shoot("DOCUMENT_FRONT", then=scenes.selfie())
    step_done(desktop, "Passport")
    assert desktop.inner_text("[data-digits]") == phone.page.inner_text(".phone-bar strong") == session.transfers.get().digits
    assert "Pixel 8" in desktop.inner_text("[data-device]")
    phone.reach("[data-kind=SELFIE]")
    phone.page.reload()
    phone.reach("[data-kind=SELFIE]")
    desktop.reload()
    phone.shoot("SELFIE", then=scenes.selfie())
    step_done(desktop, "Selfie")
    phone.turn_head()
    assert phone.submit() == "APPROVE"
    assert "put the phone away" in phone.page.inner_text("main")
    desktop.wait_for_selector("[data-outcome=APPROVE]", timeout=PATIENCE)
    session.refresh_from_db()
    assert session.transfers.get().end == "COMPLETED"
    assert session.device == "Mobile"


def test_the_code_can_be_typed_as_people_type(company: Company, stack: Stack, desktop: Page, phone: Visitor) -> None:
    """R13: small letters, spaces; and what is wrong is said without losing it."""
    session, link = at_the_camera(company, stack)
    desktop.goto(link)
    desktop.wait_for_selector(CODE)
    typed = desktop.inner_text(".typed")
    phone.open(f"{stack.url}/phone/")
    phone.page.fill("input[name=code]", "1234")
    phone.page.click(".actions button")
    expect(phone.page.locator(".error")).to_contain_text("does not work")
    assert phone.page.input_value("input[name=code]") == "1234"
    phone.page.fill("input[name=code]", f" {typed.lower().replace('-', '  ')} ")
    phone.page.click(".actions button")
    phone.reach(AT_THE_CAMERA)
    expect(desktop.locator("[data-digits]")).to_have_text(session.transfers.get().digits)


def test_a_second_phone_is_told_and_the_desktop_hears_of_it(pair: Pair, opens: Opens) -> None:
    """R11: one winner; the phone that scans once more is not another one."""
    second = opens(**A_PHONE)
    second.goto(pair.code)
    expect(second.locator("h1")).to_have_text("Another phone is connected already")
    expect(pair.desktop.locator("[data-rivals]")).to_be_visible()
    pair.phone.open(pair.code)
    pair.phone.reach(AT_THE_CAMERA)
    assert Transfer.objects.count() == 1


def test_taken_back_to_the_desktop_and_handed_over_once_more(pair: Pair) -> None:
    """R14: the phone says so by itself; the desktop goes on, and scanning again is the way back."""
    desktop, phone = pair.desktop, pair.phone
    desktop.click("[data-action=take-back]")
    expect(desktop.locator("[data-what]")).to_contain_text("no camera")
    assert desktop.is_visible("input[type=file]")
    phone.reach(".sign")
    expect(phone.page.locator("h1")).to_have_text("Please go on at your computer")
    assert [found["id"] for found in Axe().run(phone.page).response["violations"]] == []
    desktop.click("text=Continue on your phone")
    phone.open(scanned(desktop))
    phone.reach(AT_THE_CAMERA)
    desktop.wait_for_selector(MIRROR)


def test_a_connection_that_ends_brings_a_new_code_by_itself(pair: Pair) -> None:
    """R11: the end of the phone's time ends nothing else; both say what to do."""
    pair.session.transfers.update(expires_at=timezone.now() + timedelta(milliseconds=1), connected_at=timezone.now() - timedelta(hours=1))
    assert scanned(pair.desktop) != pair.code
    assert pair.desktop.is_visible("[data-ended]")
    pair.phone.reach(".sign")
    expect(pair.phone.page.locator("h1")).to_have_text("The time on this phone is over")
    assert [found["id"] for found in Axe().run(pair.phone.page).response["violations"]] == []


def test_a_phone_without_connection_loses_nothing(pair: Pair, complaints: Complaints) -> None:
    """R5, R13: the desktop says that the phone is quiet; the picture goes out when the phone is back."""
    phone = pair.phone
    phone.page.wait_for_selector("[data-hint]:not(:empty)")
    phone.page.context.set_offline(True)
    expect(phone.page.locator("[data-no-connection]")).to_be_visible()
    phone.page.click("[data-action=shutter]")
    phone.page.wait_for_selector("text=No connection, trying again…")
    pair.session.transfers.update(last_seen_at=timezone.now() - timedelta(seconds=30))
    expect(pair.desktop.locator("[data-quiet]")).to_be_visible()
    phone.page.context.set_offline(False)
    expect(pair.desktop.locator("[data-quiet]")).to_be_hidden()
    phone.page.wait_for_selector("[data-defects], [data-kind=SELFIE]", timeout=PATIENCE)
    assert pair.session.captures.count() == 1
    complaints.forgive("ERR_INTERNET_DISCONNECTED")


def test_a_desktop_without_connection_covers_a_code_that_is_over(
    company: Company, stack: Stack, desktop: Page, complaints: Complaints
) -> None:
    """R11: a code renews by itself every two minutes; one that is over can be scanned by nobody."""
    _session, link = at_the_camera(company, stack)
    desktop.clock.install()
    desktop.goto(link)
    first = scanned(desktop)
    desktop.clock.fast_forward("02:05")
    expect(desktop.locator("#link")).not_to_have_value(first)
    desktop.context.set_offline(True)
    desktop.clock.fast_forward("05:30")
    desktop.clock.run_for(10_000)
    expect(desktop.locator("[data-over]")).to_be_visible()
    assert desktop.is_visible("[data-no-connection]")
    desktop.context.set_offline(False)
    desktop.clock.run_for(10_000)
    expect(desktop.locator("[data-over]")).to_be_hidden()
    complaints.forgive("ERR_INTERNET_DISCONNECTED")


def test_a_desktop_without_script_hands_over_by_reloading(company: Company, stack: Stack, opens: Opens, phone: Visitor) -> None:
    """R2, R10: the code, the mirror and the way back are plain pages."""
    _session, link = at_the_camera(company, stack)
    desktop = opens(1440, 900, java_script_enabled=False)
    desktop.goto(link)
    desktop.click("text=Use your phone instead")
    phone.open(scanned(desktop))
    phone.reach(AT_THE_CAMERA)
    desktop.reload()
    expect(desktop.locator(".mirror-now")).to_contain_text("Passport")
    desktop.click("[data-action=take-back]")
    desktop.wait_for_selector(AT_THE_CAMERA)


def test_back_and_forth_on_a_phone_is_always_the_current_step(company: Company, stack: Stack, desktop: Page, phone: Visitor) -> None:
    """R12: no blank page and no form that is sent twice, also after an answer that was refused."""
    session, link = invite(company, stack)
    desktop.goto(link)
    desktop.goto(f"{desktop.url}phone/")
    phone.open(scanned(desktop))
    phone.agree()
    phone.page.select_option("select[name=country]", "UTO")
    phone.page.click(".actions button")
    expect(phone.page.locator(".error")).to_be_visible()
    phone.page.reload()
    expect(phone.page.locator(".error")).to_be_hidden()
    phone.choose("PASSPORT")
    phone.reach(AT_THE_CAMERA)
    for _step in range(3):
        phone.page.go_back()
        phone.reach(AT_THE_CAMERA)
    second_tab = phone.page.context.new_page()
    second_tab.goto(phone.page.url)
    second_tab.wait_for_selector(AT_THE_CAMERA)
    assert session.events.filter(kind="CONSENTED").count() == 1


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (NO_CAMERA, "missing"),
        ("Object.defineProperty(navigator, 'mediaDevices', {value: undefined})", "unsupported"),
        (
            "Object.defineProperty(navigator, 'mediaDevices', {value: undefined});"
            "Object.defineProperty(globalThis, 'isSecureContext', {value: false})",
            "insecure",
        ),
    ],
    ids=["missing", "unsupported", "insecure"],
)
def test_a_desktop_that_cannot_take_pictures_shows_the_code_by_itself(
    company: Company, stack: Stack, opens: Opens, trouble: str, why: str
) -> None:
    """R10: and whoever stays at the computer is not sent away again."""
    _session, link = at_the_camera(company, stack)
    page = opens(1440, 900)
    page.add_init_script(trouble)
    page.goto(link)
    scanned(page)
    assert page.url.endswith(f"?why={why}")
    page.click("[data-here]")
    expect(page.locator("[data-part=error] strong")).to_be_visible()
    page.reload()
    expect(page.locator("[data-part=error] strong")).to_be_visible()


def test_a_phone_never_sees_a_code(company: Company, stack: Stack, opens: Opens) -> None:
    """R10: without a camera it chooses a photo; the page of the code leads it on."""
    _session, link = at_the_camera(company, stack)
    page = opens(**A_PHONE)
    page.add_init_script(NO_CAMERA)
    page.goto(link)
    expect(page.locator("[data-what]")).to_contain_text("no camera")
    assert page.is_visible("input[type=file]")
    assert "/phone/" not in page.inner_html("main")
    page.goto(f"{page.url}phone/")
    page.wait_for_selector(AT_THE_CAMERA)
    assert not page.locator(".qr").count()
