"""What the request tells about the user's device (R65, R70)."""

from __future__ import annotations

import ua_parser
from django.http import HttpRequest

from sessions_app.choices import DeviceKind
from sessions_app.clients import ClientFacts

TOUCH_COOKIE = "vp_touch"
"""How many fingers the screen can tell apart, set by the page's script: the only trace by which an iPad differs from a Mac."""

MOBILE_SYSTEMS = frozenset({"Android", "iOS", "iPadOS", "HarmonyOS", "KaiOS", "Windows Phone", "BlackBerry OS", "Tizen"})
IN_APP = ("; wv)", "FBAN", "FBAV", "Instagram", "Line/", "MicroMessenger", "Snapchat", "TikTok", "Viber", "Telegram")
"""Marks of browsers inside other apps, which often open what a code or a message leads to, and often have no camera."""

NO_MODEL = frozenset({"K", "Other", "Mac", "Smartphone", "Tablet", "Generic Smartphone", "Generic Tablet"})
"""What browsers say instead of a model: Chrome on Android calls every device "K"."""


def facts(request: HttpRequest) -> ClientFacts:
    """Read address, device, browser, system and model. Whatever a header does not tell is empty, never a guess."""
    agent = ua_parser.parse(request.headers.get("User-Agent", "")[:1000])
    family, system = (agent.os.family, _named(agent.os.family, agent.os.major, agent.os.minor)) if agent.os else ("", "")
    if family == "Mac OS X" and request.COOKIES.get(TOUCH_COOKIE, "0") not in ("0", "1"):
        family = system = "iPadOS"  # it asks for desktop pages and calls itself a Mac; no Mac has a touch screen
    mobile = family in MOBILE_SYSTEMS or request.headers.get("Sec-CH-UA-Mobile") == "?1"
    browser = _named(agent.user_agent.family, agent.user_agent.major) if agent.user_agent else ""
    return ClientFacts(
        ip=request.META.get("REMOTE_ADDR") or None,
        device=DeviceKind.MOBILE if mobile else DeviceKind.PC,
        browser=browser[:60],
        os=system[:60],
        model="iPad" if family == "iPadOS" else _model(request, agent)[:80],
    )


def is_looked_at(request: HttpRequest) -> bool:
    """False for HEAD and for browsers that fetch ahead of a tap: nobody has opened the link then."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "") + request.headers.get("X-Moz", "")
    return request.method == "GET" and "prefetch" not in purpose.lower() and "preview" not in purpose.lower()


def is_in_app(request: HttpRequest) -> bool:
    """Whether the page stands in the browser of another app. On an iPhone only browsers of their own say "Safari"."""
    agent = request.headers.get("User-Agent", "")
    return any(mark in agent for mark in IN_APP) or ("iPhone" in agent and "Safari/" not in agent)


def _named(family: str, major: str | None, minor: str | None = None) -> str:
    """Family and version as people say them: "Chrome 126", "iOS 17.5"."""
    return f"{family} {'.'.join(part for part in (major, minor) if part)}".strip()


def _model(request: HttpRequest, agent: ua_parser.Result) -> str:
    hint = request.headers.get("Sec-CH-UA-Model", "").strip('" ')
    stated = (agent.device.model or "") if agent.device else ""
    return hint or ("" if stated in NO_MODEL else stated)
