"""Every address of the portal, everybody who may come, and what he gets. An address that is missing here fails (R80, R81, R1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from sessions_app import answers
from sessions_app.choices import CaptureKind
from sessions_app.models import Capture, SessionBatch, VerificationSession
from settings_app.models import ExtraField, User
from tests import findings
from tests.captures import CLIENT
from tests.drifts import alert_of
from tests.factories import (
    CompanyFactory,
    ExtraFieldFactory,
    MasterFactory,
    OperatorFactory,
    SessionBatchFactory,
    SessionFactory,
    UserFactory,
    picture,
    store_inspected,
)

CAST = ("anonymous", "holder", "agent", "master", "stranger_agent", "stranger_master", "operator")
"""holder: an end user with the link of the session. Strangers belong to another company. Operators belong to none."""

# One status for each of CAST, in that order.
ADDRESSES: dict[str, tuple[str, str]] = {
    "healthz": ("GET", "200 200 200 200 200 200 200"),
    "readyz": ("GET", "503 503 503 503 503 503 503"),
    # the company panel: strangers have their own lists and find nothing of others; operators have no company
    "": ("GET", "302 302 302 302 302 302 302"),
    "match-levels/": ("GET", "302 302 200 200 200 200 404"),
    "metrics/": ("GET", "302 302 200 200 200 200 404"),
    "metrics/drift/": ("GET", "302 302 200 200 200 200 404"),
    "metrics/drift/<int:alert_id>/acknowledge/": ("GET", "302 302 403 200 403 404 404"),
    "metrics/table.csv": ("GET", "302 302 404 404 404 404 404"),  # without the name of a table
    "settings/": ("GET", "302 302 302 302 302 302 302"),
    "settings/thresholds/": ("GET", "302 302 403 200 403 200 404"),
    "settings/journal/": ("GET", "302 302 403 200 403 200 404"),
    "settings/journal/export.csv": ("GET", "302 302 403 200 403 200 404"),
    "settings/thresholds/review/": ("POST", "302 302 403 302 403 302 404"),
    "settings/thresholds/save/": ("POST", "302 302 403 422 403 422 404"),
    "settings/thresholds/matrix/": ("GET", "302 302 403 200 403 200 404"),
    "settings/replays/": ("POST", "302 302 403 422 403 422 404"),
    "settings/replays/<uuid:public_id>/": ("GET", "302 302 403 404 403 404 404"),
    "settings/replays/<uuid:public_id>/cancel/": ("POST", "302 302 403 404 403 404 404"),
    "settings/replays/<uuid:public_id>/sessions/": ("GET", "302 302 403 404 403 404 404"),
    "settings/sessions/": ("GET", "302 302 403 200 403 200 404"),
    "settings/sessions/changes/": ("GET", "302 302 403 200 403 200 404"),
    "settings/branding/": ("GET", "302 302 403 200 403 200 404"),
    "settings/branding/preview/": ("GET", "302 302 403 200 403 200 404"),
    "settings/extra-fields/": ("GET", "302 302 403 200 403 200 404"),
    "settings/extra-fields/new/": ("GET", "302 302 403 200 403 200 404"),
    "settings/extra-fields/order/": ("POST", "302 302 403 302 403 302 404"),
    "settings/extra-fields/preview/": ("GET", "302 302 403 200 403 200 404"),
    "settings/extra-fields/<int:field_id>/": ("GET", "302 302 403 200 403 404 404"),
    "settings/extra-fields/<int:field_id>/remove/": ("GET", "302 302 403 200 403 404 404"),
    "review/": ("GET", "302 302 200 200 200 200 404"),
    "review/badge/": ("GET", "302 302 200 200 200 200 404"),
    "review/start/": ("POST", "302 302 302 302 302 302 404"),
    "review/selected/": ("POST", "302 302 302 302 302 302 404"),
    "sessions/": ("GET", "302 302 200 200 200 200 404"),
    "sessions/count/": ("GET", "302 302 200 200 200 200 404"),
    "sessions/rows/": ("GET", "302 302 204 204 204 204 404"),
    "sessions/thumbnails/": ("GET", "302 302 200 200 200 200 404"),
    "sessions/export.csv": ("GET", "302 302 200 200 200 200 404"),
    "sessions/export/<uuid:export_id>/progress/": ("GET", "302 302 404 404 404 404 404"),  # found by whoever began it alone
    "sessions/export/<uuid:export_id>/cancel/": ("POST", "302 302 404 404 404 404 404"),
    "sessions/views/": ("GET", "302 302 200 200 200 200 404"),
    "sessions/views/<int:view_id>/rename/": ("POST", "302 302 404 404 404 404 404"),
    "sessions/views/<int:view_id>/delete/": ("POST", "302 302 404 404 404 404 404"),
    "sessions/new/": ("GET", "302 302 200 200 200 200 404"),
    "sessions/bulk/": ("GET", "302 302 200 200 200 200 404"),
    "sessions/bulk/columns.csv": ("GET", "302 302 200 200 200 200 404"),
    "sessions/batches/": ("GET", "302 302 200 200 200 200 404"),
    "sessions/batches/<uuid:batch_id>/": ("GET", "302 302 200 200 404 404 404"),
    "sessions/batches/<uuid:batch_id>/links.csv": ("POST", "302 302 200 200 404 404 404"),
    "sessions/<uuid:public_id>/": ("GET", "302 302 200 200 404 404 404"),
    "sessions/<uuid:public_id>/menu/": ("GET", "302 302 200 200 404 404 404"),
    "sessions/<uuid:public_id>/ready/": ("GET", "302 302 200 200 404 404 404"),
    "sessions/<uuid:public_id>/link/": ("POST", "302 302 200 200 404 404 404"),
    "sessions/<uuid:public_id>/cancel/": ("POST", "302 302 302 302 404 404 404"),
    "sessions/<uuid:public_id>/claim/": ("POST", "302 302 302 302 404 404 404"),
    "sessions/<uuid:public_id>/release/": ("POST", "302 302 302 302 404 404 404"),
    "sessions/<uuid:public_id>/keep/": ("POST", "302 302 200 200 404 404 404"),
    "sessions/<uuid:public_id>/approve/": ("GET", "302 302 200 200 404 404 404"),
    "sessions/<uuid:public_id>/decline/": ("GET", "302 302 200 200 404 404 404"),
    "sessions/<uuid:public_id>/undo/": ("POST", "302 302 302 302 404 404 404"),
    "sessions/<uuid:public_id>/redo/": ("GET", "302 302 200 200 404 404 404"),
    "sessions/<uuid:public_id>/correct/": ("GET", "302 302 200 200 404 404 404"),
    "sessions/<uuid:public_id>/report.pdf": ("GET", "302 302 200 200 404 404 404"),
    "sessions/<uuid:public_id>/notes/": ("GET", "302 302 200 200 404 404 404"),
    "sessions/<uuid:public_id>/photos/<uuid:capture_id>/<int:position>/": ("GET", "302 302 200 200 404 404 404"),
    "settings/people/": ("GET", "302 302 403 200 403 200 404"),
    "settings/people/invitations/<uuid:public_id>/renew/": ("POST", "302 302 403 404 403 404 404"),  # nobody was invited here
    "settings/people/invitations/<uuid:public_id>/withdraw/": ("POST", "302 302 403 404 403 404 404"),
    "settings/people/<int:person_id>/role/": ("POST", "302 302 403 302 403 404 404"),
    "settings/people/<int:person_id>/deactivate/": ("POST", "302 302 403 302 403 404 404"),
    "settings/people/<int:person_id>/reactivate/": ("POST", "302 302 403 302 403 404 404"),
    # where an invited person joins: every link leads to one page, and a link that is none looks as one that is over
    "join/": ("GET", "404 404 404 404 404 404 404"),
    "join/<str:token>/": ("GET", "302 302 302 302 302 302 302"),
    # the hosted flow: the link opens it for whoever holds it, and nothing else does
    "v/<str:token>/": ("GET", "302 302 302 302 302 302 302"),
    "verify/<slug:handle>/": ("GET", "404 200 404 404 404 404 404"),
    "verify/<slug:handle>/consent/": ("POST", "404 302 404 404 404 404 404"),
    "verify/<slug:handle>/extra/": ("POST", "404 302 404 404 404 404 404"),
    "verify/<slug:handle>/document/": ("POST", "404 302 404 404 404 404 404"),
    "verify/<slug:handle>/captures/": ("POST", "404 422 404 404 404 404 404"),
    "verify/<slug:handle>/captures/<uuid:public_id>/": ("GET", "404 200 404 404 404 404 404"),
    "verify/<slug:handle>/captures/<uuid:public_id>/image/": ("GET", "404 200 404 404 404 404 404"),
    "verify/<slug:handle>/captures/<uuid:public_id>/keep/": ("POST", "404 302 404 404 404 404 404"),
    "verify/<slug:handle>/retake/": ("POST", "404 302 404 404 404 404 404"),
    "verify/<slug:handle>/challenge/": ("POST", "404 302 404 404 404 404 404"),
    "verify/<slug:handle>/submit/": ("POST", "404 302 404 404 404 404 404"),
    "verify/<slug:handle>/progress/": ("GET", "404 200 404 404 404 404 404"),
    "verify/<slug:handle>/language/": ("POST", "404 302 404 404 404 404 404"),
    "brand/<slug:colour>.css": ("GET", "200 200 200 200 200 200 200"),  # a colour, of nobody in particular
    "brand/<slug:digest>.png": ("GET", "404 404 404 404 404 404 404"),  # a logo, for whoever was told its digest: nobody can guess one
    "verify/<slug:handle>/phone/": ("GET", "404 200 404 404 404 404 404"),
    "verify/<slug:handle>/phone/code/": ("POST", "404 200 404 404 404 404 404"),
    "verify/<slug:handle>/phone/take-back/": ("POST", "404 302 404 404 404 404 404"),
    # where a phone comes in with a code: nobody is known here yet, and everybody sees the same
    "phone/": ("GET", "200 200 200 200 200 200 200"),
    "phone/connect/": ("GET", "302 302 302 302 302 302 302"),
    "phone/<str:token>/": ("GET", "302 302 302 302 302 302 302"),
    # everybody's own account
    "accounts/login/": ("GET", "200 200 302 302 302 302 302"),
    "accounts/logout/": ("GET", "302 302 200 200 200 200 200"),
    "accounts/signup/": ("GET", "200 200 302 302 302 302 302"),
    "accounts/inactive/": ("GET", "200 200 200 200 200 200 200"),
    "accounts/password/reset/": ("GET", "200 200 200 200 200 200 200"),
    "accounts/password/reset/done/": ("GET", "200 200 200 200 200 200 200"),
    # for development; a portal that serves people has no such page
    "styleguide/": ("GET", "404 404 404 404 404 404 404"),
    "styleguide/flow/": ("GET", "404 404 404 404 404 404 404"),
    "styleguide/errors/<slug:name>/": ("GET", "404 404 404 404 404 404 404"),
    "i18n/setlang/": ("POST", "302 302 302 302 302 302 302"),
}
OWN_ACCOUNT = re.compile(r"accounts/\^?(email/|reauthenticate/|confirm-email|password/(change|set|reset/key)|login/code|2fa/).*")
"""Pages of the account library about the visitor's own account: they name nobody else, whoever opens them."""

OPERATORS_ONLY = re.compile(r"admin/.*")


@dataclass(frozen=True)
class Stage:
    """What the addresses are about, and a browser of each of the cast."""

    session: VerificationSession
    token: str
    capture: Capture
    batch: SessionBatch
    field: ExtraField
    browsers: dict[str, Client]

    def path_of(self, route: str) -> str:
        values = {
            "<str:token>": self.token,
            "<slug:handle>": self.session.handle,
            "<slug:name>": "500",
            "<uuid:export_id>": str(self.session.public_id),
            "<uuid:capture_id>": str(self.capture.public_id),
            "<int:position>": "0",
            "<uuid:batch_id>": str(self.batch.public_id),
            "<int:view_id>": "0",
            "<int:person_id>": str(self.session.company.users.earliest("pk").pk),  # the agent
            "<int:alert_id>": str(self.session.company.drift_alerts.get().pk),
            "<int:field_id>": str(self.field.pk),
            "<slug:colour>": "0b6e6e",
            "<slug:digest>": "0" * 64,
            "<uuid:public_id>": str((self.capture if "captures/" in route else self.session).public_id),
        }
        for pattern, value in values.items():
            route = route.replace(pattern, value)
        return f"/{route}"

    def statuses(self, method: str, path: str) -> dict[str, int]:
        return {name: self._status(browser, method, path) for name, browser in self.browsers.items()}

    def _status(self, browser: Client, method: str, path: str) -> int:
        """Ask, and undo whatever the answer changed, so that the next one finds the same stage."""
        with transaction.atomic():
            answer = browser.generic(method, path)
            transaction.set_rollback(True)
        return int(answer.status_code)


@pytest.fixture
def stage(db: None, settings: Any, tmp_path: Path) -> Stage:
    settings.CAPTURE_ROOT = tmp_path
    now = timezone.now() - timedelta(minutes=5)
    company = CompanyFactory()
    session, token = SessionFactory.with_token(company=company, now=now)
    answers.open_link(session=session, client=CLIENT, now=now)
    capture = store_inspected(session, CaptureKind.SELFIE, findings.selfie(), pictures=[picture()])
    people: dict[str, User] = {
        "agent": UserFactory(company=company),
        "master": MasterFactory(company=company),
        "stranger_agent": UserFactory(),
        "stranger_master": MasterFactory(),
        "operator": OperatorFactory(),
    }
    browsers = {name: Client(raise_request_exception=True) for name in CAST}
    for name, user in people.items():
        browsers[name].force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    browsers["holder"].get(f"/v/{token}/")
    batch = SessionBatchFactory(company=company, created_at=now)
    alert_of(company)
    field = ExtraFieldFactory(company=company)
    return Stage(session, token, capture, batch, field, browsers)


def routes() -> list[str]:
    return sorted(set(_routes(get_resolver().url_patterns, "")))


def _routes(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route


def test_every_address_stands_in_the_table() -> None:
    """R81: whoever adds an address says who may open it."""
    unknown = [route for route in routes() if route not in ADDRESSES and not OWN_ACCOUNT.match(route) and not OPERATORS_ONLY.match(route)]
    assert unknown == []


def test_the_table_names_no_address_that_is_gone() -> None:
    assert [route for route in ADDRESSES if route not in routes()] == []


@pytest.mark.parametrize("route", ADDRESSES)
def test_address_answers_everybody_as_the_table_says(route: str, stage: Stage) -> None:
    """R80, R81: a stranger's company is a 404, never a 403; without the link there is no flow."""
    method, expected = ADDRESSES[route]
    assert stage.statuses(method, stage.path_of(route)) == dict(zip(CAST, map(int, expected.split()), strict=True))


@pytest.mark.parametrize("route", [route for route in routes() if OPERATORS_ONLY.match(route)])
def test_admin_is_open_to_operators_only(route: str, stage: Stage) -> None:
    """R80: everybody else is sent away, to the login or with a refusal."""
    path = "/" + re.sub(r"<[^>]+>|\^?\(\?P.*", "1", route).rstrip("$")
    got = stage.statuses("GET", path)
    assert {name: status for name, status in got.items() if name != "operator" and status not in (302, 403, 404)} == {}


def test_admin_shows_operators_no_person(stage: Stage) -> None:
    """R80: operators see that a session exists, never who was verified."""
    VerificationSession.objects.filter(pk=stage.session.pk).update(first_name="NINO", last_name="BERIDZE", document_number="12AB34567")
    page = stage.browsers["operator"].get(f"/admin/sessions_app/verificationsession/{stage.session.pk}/change/")
    assert page.status_code == 200
    assert not [word for word in ("NINO", "BERIDZE", "12AB34567") if word in page.content.decode()]


def test_anonymous_visitor_of_the_panel_is_sent_to_the_login(stage: Stage) -> None:
    answer = stage.browsers["anonymous"].get("/sessions/")
    assert answer.headers["Location"].startswith("/accounts/login/")
