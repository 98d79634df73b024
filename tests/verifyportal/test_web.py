"""One view, one address: page or live part."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from verifyportal.web import wants_fragment


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, False),
        ({"HX-Request": "true"}, True),
        ({"HX-Request": "true", "HX-Boosted": "true"}, False),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, False),
        ({"HX-Request": "false"}, False),
    ],
)
def test_fragment_is_for_htmx_that_swaps_a_part(headers: dict[str, str], wanted: bool) -> None:
    assert wants_fragment(RequestFactory().get("/", headers=headers)) is wanted
