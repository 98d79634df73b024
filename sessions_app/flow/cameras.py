"""What the camera pages offer on this device: the words for what may go wrong, a phone beside a computer, a way out of another app."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from sessions_app.choices import CaptureKind, DeviceKind
from sessions_app.flow import client, words
from sessions_app.flow.access import COOKIE, FlowRequest


def around(request: FlowRequest, kind: CaptureKind) -> dict[str, Any]:
    """Return what a camera page shows besides its picture."""
    device, in_app, company = client.facts(request), client.is_in_app(request), request.verification.company
    for_computer, to_phone = request.transfer is not None, handover_url(request)
    leads_elsewhere = in_app or not (company.allow_uploads or to_phone)
    return {
        "words": words.for_camera(kind, system=device.os, in_app=in_app, for_computer=for_computer, files=company.allow_uploads),
        "handover_url": to_phone,
        "own_link": _own_link(request) if leads_elsewhere and not for_computer else "",
    }


def handover_url(request: FlowRequest) -> str:
    """Where the code for a phone is shown; nothing on a phone, which never sees one (R10)."""
    is_phone = request.transfer is not None or client.facts(request).device == DeviceKind.MOBILE
    return "" if is_phone else reverse("flow:handover", args=[request.handle])


def no_files(request: FlowRequest) -> str:
    """Why a file was not taken, and what to do."""
    company = {"company": request.verification.company.name}
    if handover_url(request):
        return _("%(company)s takes no files. Please use the camera of this page, or continue on your phone.") % company
    return _("%(company)s takes no files. Please use the camera of this page.") % company


def _own_link(request: FlowRequest) -> str:
    """The link by which this browser came, for another browser or another device. Its holder sees it again, and nobody else."""
    return f"{settings.PUBLIC_BASE_URL}{reverse('flow:enter', args=[request.COOKIES.get(COOKIE, '')])}"
