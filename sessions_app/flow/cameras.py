"""What the camera pages offer on this device: the words for what may go wrong, a phone beside a computer, a way out of another app."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from sessions_app.choices import CaptureKind, DeviceKind
from sessions_app.flow import client, words
from sessions_app.flow.access import COOKIE, FlowRequest


def around(request: FlowRequest, kind: CaptureKind) -> dict[str, Any]:
    """Return what a camera page shows besides its picture. handover_url: empty on a phone, which never sees a code to scan (R10)."""
    device, in_app = client.facts(request), client.is_in_app(request)
    is_phone = request.transfer is not None or device.device == DeviceKind.MOBILE
    return {
        "words": words.for_camera(kind, system=device.os, in_app=in_app, for_computer=request.transfer is not None),
        "handover_url": "" if is_phone else reverse("flow:handover", args=[request.handle]),
        "own_link": _own_link(request) if in_app and request.transfer is None else "",
    }


def _own_link(request: FlowRequest) -> str:
    """The link by which this browser came, for another browser of the same phone. Its holder sees it again, and nobody else."""
    return f"{settings.PUBLIC_BASE_URL}{reverse('flow:enter', args=[request.COOKIES.get(COOKIE, '')])}"
