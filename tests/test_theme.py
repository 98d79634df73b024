"""Light or dark: the system's choice, unless the cookie of the user menu says otherwise."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_choice_is_in_the_page_from_its_first_byte(client: Client, theme: str) -> None:
    client.cookies["theme"] = theme
    assert f'data-theme="{theme}"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("theme", ["", "midnight", '"><script>'])
def test_any_other_value_leaves_it_to_the_system(client: Client, theme: str) -> None:
    client.cookies["theme"] = theme
    assert "data-theme" not in client.get("/accounts/login/").content.decode()
