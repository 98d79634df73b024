"""Somebody logged in, and whole requests through the portal's middleware without a network in between."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.test import Client
from django.test.client import RequestFactory

from benchmarks.million import LARGEST

OPERATOR = "operator@portal.example"


@dataclass(frozen=True, slots=True)
class Browser:
    """One person's browser. Asks as a page's first visit does, never for a fragment."""

    handler: WSGIHandler
    cookie: str

    @classmethod
    def of_agent(cls) -> Browser:
        from settings_app.models import User

        return cls._of(User.objects.filter(company__name=LARGEST, role="AGENT").get())

    @classmethod
    def of_operator(cls) -> Browser:
        from settings_app.models import User

        return cls._of(User.objects.filter(email=OPERATOR).first() or User.objects.create_superuser(OPERATOR))

    @classmethod
    def _of(cls, user: Any) -> Browser:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return cls(WSGIHandler(), "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()))

    def get(self, address: str) -> bytes:
        return b"".join(self.stream(address))

    def stream(self, address: str) -> Generator[bytes, None, None]:
        """Yield the body as a web server takes it. Anything but 200 is an error: it would be measured as a quick page."""
        parts = urlsplit(address)
        request = RequestFactory(HTTP_COOKIE=self.cookie, HTTP_HOST="127.0.0.1", HTTP_ACCEPT_ENCODING="gzip")
        environ = {
            **request._base_environ(),  # type: ignore[attr-defined]
            "REQUEST_METHOD": "GET", "PATH_INFO": parts.path, "QUERY_STRING": quote(parts.query, safe="=&%+"),
            "wsgi.input": BytesIO(),
        }  # fmt: skip
        told: list[str] = []
        body = self.handler(environ, lambda status, headers: told.append(status))  # type: ignore[arg-type]
        try:
            if told != ["200 OK"]:
                raise RuntimeError(f"{address} answered {told}")
            yield from body
        finally:
            body.close()

    def rows(self) -> int:
        return self._sessions().count()

    def place_of(self, page: int) -> str:
        """The public id of the last session before a page, or of one in the middle when there are not so many."""
        return str(self._sessions().newest_first()[min(page * 25, self.rows() // 2) - 1].public_id)

    def a_personal_number(self) -> str:
        found = self._sessions().exclude(personal_number="").order_by("id").values_list("personal_number", flat=True)[self.rows() // 3]
        return str(found)

    def _sessions(self) -> Any:
        from settings_app.models import Company

        return Company.objects.get(name=LARGEST).sessions
