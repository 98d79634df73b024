"""The style page shows what there is, in development alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from verifyportal.dev import style_page


@pytest.fixture
def development(settings: Any) -> None:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "verifyportal.dev"]


@pytest.mark.parametrize("address", ["/styleguide/", "/styleguide/flow/"])
def test_every_component_stands_in_the_light_and_in_the_dark(development: None, client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    assert page.count('data-theme="light"') == page.count('data-theme="dark"') > 4


def test_every_colour_of_the_tokens_is_shown(development: None, client: Client) -> None:
    page = client.get("/styleguide/").content.decode()
    colours = style_page.tokens()["colour"]
    assert len(colours) > 20
    assert [name for name in colours if f'fill="var(--{name})"' not in page] == []


@pytest.mark.parametrize("name", style_page.ERROR_PAGES)
def test_pages_of_errors_can_be_looked_at_without_an_error(development: None, client: Client, name: str) -> None:
    assert "<h1" in client.get(f"/styleguide/errors/{name}/").content.decode()


def test_no_other_template_is_shown_as_an_error(development: None, client: Client) -> None:
    assert client.get("/styleguide/errors/base/").status_code == 404
