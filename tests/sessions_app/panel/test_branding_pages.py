"""The page on which a master gives the flow its look, and its preview (R46, R47, R81)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from settings_app import branding
from settings_app.models import Company, Logo, User
from tests.factories import NOW, ExtraFieldFactory, MasterFactory
from tests.files import encode, scene
from tests.sessions_app.panel.conftest import logged_in

PAGE, PREVIEW = reverse("panel:branding"), reverse("panel:branding_preview")


@pytest.fixture
def master(company: Company) -> User:
    return MasterFactory(company=company)


@pytest.fixture
def panel(master: User) -> Client:
    return logged_in(master)


def logo(data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.png", encode(scene(), "PNG") if data is None else data)


def post(panel: Client, address: str = PAGE, **values: Any) -> Any:
    return panel.post(address, {"colour": "", "support_email": "", **values})


def preview(panel: Client, **values: Any) -> dict[str, str]:
    answer = panel.post(PREVIEW, {"colour": "", "support_email": "", **values}, headers={"Accept": "application/json"})
    return dict(answer.json())


def test_saved_branding_is_the_company_s(panel: Client, company: Company) -> None:
    assert post(panel, colour="#1A5FB4", support_email="help@example.com", logo=logo()).status_code == 302
    company.refresh_from_db()
    assert (company.brand_colour, company.support_email, company.logo.width) == ("#1a5fb4", "help@example.com", 213)


@pytest.mark.parametrize(("written", "stored"), [("1a5fb4", "#1a5fb4"), ("#ABC", "#aabbcc"), (" #1a5fb4 ", "#1a5fb4"), ("", "")])
def test_colour_may_be_written_in_several_ways(panel: Client, company: Company, written: str, stored: str) -> None:
    post(panel, colour=written)
    company.refresh_from_db()
    assert company.brand_colour == stored


@pytest.mark.parametrize("written", ["blue", "#12345", "#1234567", "#gggggg", "#fff;}", "red url(//x)"])
def test_what_is_no_colour_is_refused_and_nothing_is_saved(panel: Client, company: Company, written: str) -> None:
    answer = post(panel, colour=written, support_email="help@example.com")
    company.refresh_from_db()
    assert (answer.status_code, company.brand_colour, company.support_email) == (422, "", "")


def test_file_that_is_no_logo_is_refused_beside_its_field(panel: Client) -> None:
    answer = post(panel, logo=logo(b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
    assert answer.status_code == 422
    assert "can hold programs" in answer.content.decode()
    assert not Logo.objects.exists()


def test_logo_can_be_removed(panel: Client, company: Company) -> None:
    post(panel, logo=logo())
    post(panel, drops_logo="on")
    assert not Logo.objects.exists()


def test_branding_of_another_company_is_untouched(panel: Client) -> None:
    """R81: the page knows one company, that of whoever asks."""
    other = MasterFactory()
    post(panel, colour="#1a5fb4", logo=logo())
    other.company.refresh_from_db()
    assert (other.company.brand_colour, branding.logo_of(other.company)) == ("", None)


def test_page_says_what_is_corrected_and_how_well_it_can_be_read(panel: Client, company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(brand_colour="#ffd400")
    page = panel.get(PAGE).content.decode()
    assert "#ffd400 is too pale here: 1.2:1, and 4.5:1 is the least." in page
    assert "#826c00" in page


def test_preview_shows_what_is_stored(panel: Client, company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(brand_colour="#1a5fb4", support_email="help@example.com")
    page = panel.get(PREVIEW, {"theme": "dark"}).content.decode()
    assert reverse("flow:colours", args=["1a5fb4"]) in page
    assert ("help@example.com" in page, 'data-theme="dark"' in page, "Verify your identity" in page) == (True, True, True)


def test_preview_shows_what_is_not_saved_and_saves_nothing(panel: Client, company: Company) -> None:
    told = preview(panel, colour="#ffd400", support_email="new@example.com", logo=logo())
    assert reverse("flow:colours", args=["ffd400"]) in told["page"]
    assert ("new@example.com" in told["page"], "data:image/png;base64," in told["page"]) == (True, True)
    assert "#826c00" in told["notes"]
    company.refresh_from_db()
    assert (company.brand_colour, company.support_email, Logo.objects.count()) == ("", "", 0)
    assert not company.audit_events.exists()


def test_preview_of_a_removed_logo_shows_the_name(panel: Client) -> None:
    post(panel, logo=logo())
    assert 'class="logo' in preview(panel)["page"]
    assert 'class="logo' not in preview(panel, drops_logo="on")["page"]


def test_preview_keeps_what_is_stored_where_the_form_is_wrong(panel: Client, company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(brand_colour="#1a5fb4")
    told = preview(panel, colour="#12", logo=logo(b"no picture"))
    assert reverse("flow:colours", args=["1a5fb4"]) in told["page"]
    assert ("six digits" in told["notes"], "no picture that can be read" in told["notes"]) == (True, True)


@pytest.mark.parametrize(
    ("page", "heading"), [("welcome", "Verify your identity"), ("extra", "A few details"), ("done", "You are verified")]
)
def test_preview_has_several_pages(panel: Client, company: Company, page: str, heading: str) -> None:
    ExtraFieldFactory(company=company)
    assert heading in preview(panel, page=page)["page"]


def test_preview_speaks_a_language_of_the_flow(panel: Client, company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(languages=["es"])
    page = panel.get(PREVIEW).content.decode()
    assert ('<html lang="es"' in page, 'class="languages"' in page) == (True, False)


def test_preview_runs_nothing_and_takes_no_focus(panel: Client) -> None:
    page = panel.get(PREVIEW).content.decode()
    assert ("<script" in page, "autofocus" in page) == (False, False)


def test_only_the_preview_may_stand_in_a_frame(panel: Client) -> None:
    """And in a frame of ours alone."""
    framed, page = panel.get(PREVIEW), panel.get(PAGE)
    assert (framed.headers["X-Frame-Options"], page.headers["X-Frame-Options"]) == ("SAMEORIGIN", "DENY")
    assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "style-src 'self';" in framed.headers["Content-Security-Policy"]


def test_company_that_keeps_its_logo_needs_no_file(panel: Client, company: Company) -> None:
    branding.change(
        company=company,
        support_email="",
        colour="",
        actor=company.users.get(),
        now=NOW,
        logo=branding.NewLogo(png=b"x", width=40, height=20, plate=None),
    )
    post(panel, colour="#1a5fb4")
    assert bytes(Logo.objects.get().png) == b"x"


def shown(panel: Client) -> dict[str, str]:
    """What the page sends when nothing is touched."""
    page = panel.get(PAGE).content.decode()
    found = {
        name: re.search(f'<input[^>]* name="{name}"[^>]*>', page)
        for name in ("colour", "support_email", "initial-colour", "initial-support_email")
    }
    values = {name: re.search(r'value="([^"]*)"', tag[0]) for name, tag in found.items() if tag}
    return {name: value[1] if value else "" for name, value in values.items()}


def test_what_a_colleague_changed_meanwhile_stays(panel: Client, company: Company) -> None:
    """Two tabs at once: each keeps what the other one saved elsewhere on the page."""
    first, second = shown(panel), shown(panel)
    panel.post(PAGE, {**first, "colour": "#1a5fb4"})
    panel.post(PAGE, {**second, "support_email": "help@example.com"})
    company.refresh_from_db()
    assert (company.brand_colour, company.support_email) == ("#1a5fb4", "help@example.com")


def test_emptied_colour_and_address_are_gone(panel: Client, company: Company) -> None:
    post(panel, colour="#1a5fb4", support_email="help@example.com")
    panel.post(PAGE, {**shown(panel), "colour": "", "support_email": ""})
    company.refresh_from_db()
    assert (company.brand_colour, company.support_email) == ("", "")
