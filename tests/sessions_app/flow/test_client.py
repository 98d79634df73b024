"""What is noted about the device (R65): an address, PC or Mobile, browser, system and model, or nothing."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from sessions_app.flow import client

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
TABLET = "Mozilla/5.0 (Linux; Android 13; SM-X710) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"


@pytest.mark.parametrize(
    ("agent", "headers", "device", "browser", "system", "model"),
    [
        (IPHONE, {}, "Mobile", "Mobile Safari 17", "iOS 17.5", "iPhone"),
        (ANDROID, {}, "Mobile", "Chrome Mobile 126", "Android 10", ""),
        (ANDROID, {"Sec-CH-UA-Model": '"Pixel 8"'}, "Mobile", "Chrome Mobile 126", "Android 10", "Pixel 8"),
        (TABLET, {}, "Mobile", "Chrome 126", "Android 13", "SM-X710"),
        (MAC, {}, "PC", "Safari 17", "Mac OS X 10.15", ""),
        (MAC, {"Cookie": "vp_touch=5"}, "Mobile", "Safari 17", "iPadOS", "iPad"),
        (WINDOWS, {}, "PC", "Firefox 127", "Windows 10", ""),
        ("", {}, "PC", "", "", ""),
        ("x" * 100_000, {"Sec-CH-UA-Model": "y" * 5000}, "PC", "", "", "y" * 80),
    ],
)
def test_the_device_is_named_as_people_name_it(
    agent: str, headers: dict[str, str], device: str, browser: str, system: str, model: str
) -> None:
    """R65: a tablet is a Mobile, also an iPad that calls itself a Mac."""
    facts = client.facts(RequestFactory().get("/", headers={"User-Agent": agent, **headers}))
    assert (facts.device, facts.browser, facts.os, facts.model) == (device, browser, system, model)


def test_the_address_is_that_of_the_connection() -> None:
    """R65: which proxies to trust was decided before; a header that anybody can write counts for nothing here."""
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7", headers={"X-Forwarded-For": "198.51.100.1"})
    assert client.facts(request).ip == "203.0.113.7"
