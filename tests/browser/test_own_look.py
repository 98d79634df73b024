"""R45, R47: a company's own look and its own fields, in a real browser: shown before they are saved, and true in the flow."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import FrameLocator, Page, expect

from sessions_app import logos
from settings_app import branding, extra_fields
from settings_app.colours import SHAPE, TEXT, contrast, scheme_of
from settings_app.models import Company, User
from tests.browser.conftest import Opens
from tests.browser.people import Agent
from tests.browser.stack import Stack
from tests.browser.test_journeys import invite
from tests.factories import ExtraFieldFactory, MasterFactory
from tests.files import encode, scene

pytestmark = pytest.mark.django_db(transaction=True)

PALE = "#ffd400"
COLOUR_OF = """(element, property) => {
  const painted = document.createElement("canvas").getContext("2d");
  painted.fillStyle = getComputedStyle(element)[property];
  return painted.fillStyle;
}"""


@pytest.fixture
def master(opens: Opens, stack: Stack, company: Company) -> Agent:
    someone = Agent(opens(1440, 900), stack.url)
    someone.log_in(MasterFactory(company=company).email)
    return someone


def user_of(company: Company) -> User:
    return company.users.get()


def phone(page: Page, theme: str) -> FrameLocator:
    return page.frame_locator(f"iframe[name=preview-{theme}]")


def test_preview_shows_colour_and_logo_before_they_are_saved(company: Company, master: Agent, tmp_path: Path) -> None:
    page, scheme = master.page, scheme_of(PALE)
    page.goto(f"{master.url}/settings/branding/")
    expect(phone(page, "dark").locator(".company")).to_contain_text("Demo Bank")
    steps_back = page.evaluate("history.length")
    page.fill("#id_colour", PALE)
    (tmp_path / "logo.png").write_bytes(encode(scene((320, 96)), "PNG"))
    page.set_input_files("#id_logo", tmp_path / "logo.png")
    for theme, accent in (("light", scheme.light), ("dark", scheme.dark)):
        shown = phone(page, theme)
        expect(shown.locator(".company img")).to_have_attribute("alt", "Demo Bank")
        button = shown.locator("button.button").first
        expect(button).to_have_css("background-color", f"rgb{tuple(int(accent.fill[at : at + 2], 16) for at in (1, 3, 5))}")
    expect(page.locator("[data-preview-notes]")).to_contain_text("is too pale here")
    assert page.evaluate("history.length") == steps_back
    assert Company.objects.get(pk=company.pk).brand_colour == ""


def test_flow_wears_colour_and_logo_that_everybody_can_read(company: Company, stack: Stack, opens: Opens) -> None:
    """Contrast as the browser paints it, in both themes."""
    logo = logos.read(encode(scene((480, 160)), "PNG"))
    branding.change(
        company=company,
        support_email="help@example.com",
        colour=PALE,
        logo=logo,
        actor=MasterFactory(company=company),
        now=timezone.now(),
    )
    company.refresh_from_db()
    _session, link = invite(company, stack)
    page = opens()
    page.goto(link)
    page.wait_for_load_state("networkidle")
    image = page.locator(".company img")
    assert image.evaluate("image => [image.naturalWidth, image.width, image.height]") == [480, 144, 48]
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        ground = page.locator("body").evaluate(COLOUR_OF, "backgroundColor")
        button = page.locator("button.button").first
        fill, ink = (button.evaluate(COLOUR_OF, name) for name in ("backgroundColor", "color"))
        assert contrast(ink, fill) >= TEXT
        assert contrast(fill, ground) >= SHAPE
        page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<a class=tried href=/>a link</a>')")
        assert contrast(page.locator("a.tried").first.evaluate(COLOUR_OF, "color"), ground) >= TEXT


def labels(page: Page) -> list[str]:
    return [re.sub(r"\s+", " ", label).strip() for label in page.locator(".field-label").all_inner_texts()]


def test_fields_are_put_in_order_with_the_keyboard_and_by_dragging(company: Company, master: Agent) -> None:
    fields = [ExtraFieldFactory(company=company, label=label, position=at) for at, label in enumerate(("One", "Two", "Three"))]
    page = master.page
    page.goto(f"{master.url}/settings/extra-fields/")
    down = f"#down-{fields[0].pk}"
    page.focus(down)
    for order in (["Two", "One", "Three"], ["Two", "Three", "One"]):
        page.keyboard.press("Enter")
        expect(page.locator(".field-label")).to_have_text(order)
        expect(page.locator(down)).to_be_focused()
    expect(page.locator("[data-moved]")).to_have_text("“One” is now number 3 of 3.")
    expect(phone(page, "light").locator("label").last).to_contain_text("One")
    page.wait_for_load_state("networkidle")  # nothing moves any more under the mouse
    with page.expect_response("**/order/"):
        drag(page, fields[2].pk, onto=fields[1].pk)
    expect(page.locator(".field-label")).to_have_text(["Three", "Two", "One"])
    assert [field.label for field in company.extra_fields.asked()] == ["Three", "Two", "One"]


def drag(page: Page, source: int, *, onto: int) -> None:
    """Take a field by its handle and let it go just above another one."""
    handle, target = (page.locator(f"[data-field='{pk}'] [data-drag]").bounding_box() for pk in (source, onto))
    assert handle
    assert target
    page.mouse.move(handle["x"] + 10, handle["y"] + 20)
    page.mouse.down()
    page.mouse.move(target["x"] + 10, target["y"] + 2, steps=4)
    page.mouse.up()


def test_order_that_a_colleague_changed_meanwhile_is_kept(company: Company, master: Agent) -> None:
    one, two = (ExtraFieldFactory(company=company, label=label, position=at) for at, label in enumerate(("One", "Two")))
    page = master.page
    page.goto(f"{master.url}/settings/extra-fields/")
    extra_fields.remove(field=two, actor=user_of(company), now=timezone.now())
    page.click(f"#down-{one.pk}")
    expect(page.locator("#fields .notice")).to_contain_text("Somebody else has changed the fields meanwhile")
    assert labels(page) == ["One"]


def test_field_is_seen_while_it_is_written(company: Company, master: Agent) -> None:
    page = master.page
    page.goto(f"{master.url}/settings/extra-fields/new/")
    page.fill("#id_label", "Branch")
    page.select_option("#id_type", "CHOICE")
    page.fill("#id_options", "Batumi\nTbilisi")
    expect(phone(page, "dark").locator("select option")).to_have_text(["Please choose", "Batumi", "Tbilisi"])
    page.click("text=Add the field")
    page.wait_for_url("**/extra-fields/")
    assert company.extra_fields.get().options == ["Batumi", "Tbilisi"]
