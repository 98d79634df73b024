"""What a company may say about the taking of pictures, seen from the chair of the person (R47)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from sessions_app.choices import CaptureKind, CaptureSource
from settings_app.models import Company
from tests import findings as drawn
from tests.browser import scenes
from tests.browser.conftest import Opens
from tests.browser.people import A_PHONE, NO_CAMERA, Visitor
from tests.browser.stack import Stack
from tests.browser.test_flow_pages import at_the_camera, table
from tests.browser.test_journeys import HOLDER, invite
from tests.browser.test_transfer import scanned
from tests.factories import store_inspected

pytestmark = pytest.mark.django_db(transaction=True)


def test_person_shows_the_face_before_the_document_and_is_approved(company: Company, stack: Stack, visitor: Visitor) -> None:
    """R47: the same checks in another order."""
    Company.objects.update(face_first=True)
    company.refresh_from_db()
    session, link = invite(company, stack)
    visitor.camera.show(scenes.selfie())
    visitor.open(link)
    visitor.agree()
    visitor.shoot("SELFIE", then=scenes.selfie())
    visitor.turn_head()
    visitor.reach("select[name=country]")
    visitor.camera.show(scenes.passport(HOLDER))
    visitor.shots = visitor.sent  # the frames of the challenge were sent as well
    visitor.choose("PASSPORT")
    visitor.shoot("DOCUMENT_FRONT", then=scenes.selfie())
    assert visitor.submit() == "APPROVE"
    taken = session.captures.order_by("pk").values_list("kind", flat=True)
    assert list(taken) == ["SELFIE", "LIVENESS", "DOCUMENT_FRONT"]


SEND_A_FILE = """async (address) => {
  const body = new FormData();
  const fields = { kind: "DOCUMENT_FRONT", source: "FILE", upload_key: "0123456789abcdef" };
  fields.csrfmiddlewaretoken = document.querySelector("[name=csrfmiddlewaretoken]").value;
  Object.entries(fields).forEach(([name, value]) => body.append(name, value));
  body.append("image", new Blob(["no matter what"]), "photo.jpg");
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  return [answer.status, (await answer.json()).error];
}"""


def test_computer_without_a_camera_finds_the_phone_where_no_files_are_taken(company: Company, stack: Stack, opens: Opens) -> None:
    """R47, R10: the code appears by itself; who stays finds no file to choose, and a forged upload is refused with what to do."""
    Company.objects.update(allow_uploads=False)
    session, link = at_the_camera(company, stack)
    desktop = opens(1440, 900)
    desktop.add_init_script(NO_CAMERA)
    desktop.goto(link)
    code = scanned(desktop)
    desktop.click("[data-here]")
    expect(desktop.locator("[data-remedy]")).to_have_text("Connect a camera, or open the link on your phone.")
    assert desktop.locator("input[type=file]").count() == 0
    assert desktop.is_visible("text=Continue on your phone")
    status, told = desktop.evaluate(SEND_A_FILE, desktop.get_attribute("[data-capture]", "data-send"))
    assert (status, told) == (422, "Demo Bank takes no files. Please use the camera of this page, or continue on your phone.")
    phone = opens(**A_PHONE)
    phone.goto(code)
    phone.wait_for_selector("[data-hint]:not(:empty)")
    assert not session.captures.exists()


def test_whoever_cannot_turn_his_head_lets_the_camera_take_one_picture(
    company: Company, stack: Stack, visitor: Visitor, settings: Settings
) -> None:
    """R34, R47: where no files are taken there is a way all the same, with the keyboard alone."""
    Company.objects.update(allow_uploads=False)
    session, link = at_the_camera(company, stack)
    settings.CAPTURE_ROOT = stack.captures
    store_inspected(session, CaptureKind.DOCUMENT_FRONT, drawn.passport())
    store_inspected(session, CaptureKind.SELFIE, drawn.selfie())
    visitor.camera.show(scenes.selfie())
    visitor.open(link)
    visitor.page.locator("[data-cannot] summary").press("Enter")
    visitor.page.locator("[data-action=one]").press("Enter")
    visitor.reach("[data-action=submit]")
    sent = session.captures.get(kind=CaptureKind.LIVENESS)
    assert (sent.source, sent.images.count(), sent.problems) == (CaptureSource.CAMERA, 1, [])


def test_whoever_chose_a_file_finds_back_to_the_camera(company: Company, stack: Stack, visitor: Visitor) -> None:
    """R35: also without a pointer: the focus does not get lost with what was pressed."""
    _session, link = at_the_camera(company, stack)
    visitor.camera.show(scenes.still(table(0)))
    visitor.open(link)
    visitor.page.wait_for_selector("[data-hint=search]")
    visitor.page.locator("[data-action=file]").press("Enter")
    expect(visitor.page.locator("#file")).to_be_focused()
    visitor.page.locator("[data-back]").press("Enter")
    expect(visitor.page.locator("h1")).to_be_focused()
    visitor.page.wait_for_selector("[data-hint=search]")
    expect(visitor.page.locator("#file")).to_be_hidden()
