"""A phone that scans or types what a visitor's computer shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse

from sessions_app.models import Transfer
from tests.sessions_app.flow.visitor import Visitor

ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"


class Companion:
    """A phone beside a visitor's computer."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.client = Client(HTTP_USER_AGENT=ANDROID)

    def scan(self, link: str | None = None) -> Any:
        """Follow the link of the code to wherever it leads."""
        return self.client.get(urlsplit(link or shown(self.visitor)["link"]).path, follow=True)

    def type(self, code: str | None = None) -> Any:
        return self.client.post(reverse("flow:phone"), {"code": code or shown(self.visitor)["typed"]})

    @property
    def transfer(self) -> Transfer:
        return Transfer.objects.filter(session=self.visitor.session).latest("pk")

    def url(self, name: str, *more: object) -> str:
        return reverse(f"flow:{name}", args=[self.transfer.handle, *more])

    def get(self, name: str = "page", **headers: Any) -> Any:
        return self.client.get(self.url(name), **headers)

    def post(self, name: str, *, json: bool = False, **data: Any) -> Any:
        return self.client.post(self.url(name), data, headers={"Accept": "application/json"} if json else {})


def shown(visitor: Visitor) -> dict[str, Any]:
    """What the computer's page shows: link and typed code."""
    page = visitor.client.get(visitor.url("handover"))
    assert page.status_code == 200
    return {"link": page.context["link"], "typed": page.context["typed"]}


def progress(visitor: Visitor) -> Any:
    return visitor.client.get(visitor.url("progress")).json()
