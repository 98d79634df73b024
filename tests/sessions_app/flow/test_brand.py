"""A company's colour and logo in the flow, and the addresses at which browsers find them (R47)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sessions_app import lifecycle
from settings_app import branding
from settings_app.branding import NewLogo
from settings_app.choices import LogoPlate
from settings_app.models import Company
from tests.factories import NOW, MasterFactory
from tests.sessions_app.flow.visitor import Visitor

pytestmark = pytest.mark.django_db

LOGO = NewLogo(png=b"\x89PNG", width=480, height=160, plate=LogoPlate.PALE)


@pytest.fixture
def company() -> Company:
    master = MasterFactory()
    branding.change(company=master.company, support_email="help@example.com", colour="#ffd400", logo=LOGO, actor=master, now=NOW)
    return Company.objects.get(pk=master.company_id)


def test_flow_shows_logo_colour_and_where_to_ask(company: Company) -> None:
    page = Visitor(company=company).get().content.decode()
    assert f'href="{reverse("flow:colours", args=["ffd400"])}"' in page
    assert f'src="{reverse("flow:logo", args=[LOGO.sha256])}"' in page
    assert f'alt="{company.name}"' in page
    assert 'href="mailto:help@example.com"' in page


def test_end_of_a_link_is_branded_too(company: Company) -> None:
    visitor = Visitor(company=company)
    lifecycle.cancel(session=visitor.session, actor=company.users.get(), now=timezone.now())
    page = visitor.get()
    assert (page.status_code, reverse("flow:logo", args=[LOGO.sha256]) in page.content.decode()) == (410, True)


def test_company_without_branding_adds_nothing_to_a_page() -> None:
    page = Visitor().get().content.decode()
    assert ("/brand/" in page, "<img" in page) == (False, False)


def test_page_of_a_bad_link_names_no_company(company: Company, client: Client) -> None:
    """R1"""
    page = client.get(reverse("flow:enter", args=["0" * 43])).content.decode()
    assert ("/brand/" in page, company.name in page) == (False, False)


def test_logo_is_kept_by_browsers_and_never_guessed_at(company: Company, client: Client) -> None:
    answer = client.get(reverse("flow:logo", args=[LOGO.sha256]))
    assert (answer.content, answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == (LOGO.png, "image/png", "nosniff")
    assert "immutable" in answer.headers["Cache-Control"]
    assert not answer.cookies


@pytest.mark.parametrize("digest", ["0" * 64, "1", "logo"])
def test_other_addresses_hold_no_logo(company: Company, client: Client, digest: str) -> None:
    assert client.get(reverse("flow:logo", args=[digest])).status_code == 404


def test_colours_are_a_style_sheet_for_both_themes(client: Client) -> None:
    answer = client.get(reverse("flow:colours", args=["ffd400"]))
    style = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert style.startswith(":root{--accent:#826c00;")
    assert "--accent-fill:light-dark(#a58900,#ffd400);" in style


def test_colours_never_touch_how_a_result_is_judged(client: Client) -> None:
    style = client.get(reverse("flow:colours", args=["ff0000"])).content.decode()
    assert not [name for name in ("approve", "review", "decline", "pending", "ink-soft", "paper") if f"--{name}" in style]


@pytest.mark.parametrize("colour", ["fff", "FFD400", "ffd4000", "red", "ffd40g"])
def test_what_is_no_colour_has_no_style_sheet(client: Client, colour: str) -> None:
    assert client.get(f"/brand/{colour}.css").status_code == 404
