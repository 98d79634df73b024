"""Thresholds as a master user changes them in the panel."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from sessions_app.panel.threshold_forms import note_of
from settings_app import thresholds
from settings_app.models import Company, User
from tests.factories import NOW, MasterFactory

PAGE, REVIEW, SAVE, MATRIX = (reverse(f"panel:{name}") for name in ("thresholds", "threshold_review", "threshold_save", "threshold_matrix"))
STRICTER = {"liveness_decline": "0.45", "liveness_approve": "0.75"}
LOOSER = {"liveness_decline": "0.3", "liveness_approve": "0.65"}
OTHER = {"photocopy_decline": "0.2", "photocopy_approve": "0.6"}


@pytest.fixture
def master(company: Company) -> User:
    found: User = MasterFactory(company=company, full_name="Nino Kapanadze")
    return found


@pytest.fixture
def browser(master: User) -> Client:
    client = Client()
    client.force_login(master)
    return client


def entered(company: Company, values: dict[str, str], market: str = "", **more: str) -> dict[str, str]:
    """What the page sends when somebody opened it now and entered `values`."""
    standing = thresholds.standing(company=company, market=market)
    own = {name: "" if value is None else str(value) for name, (value, _applied) in standing.items()}
    return own | values | {"market": market, "seen": note_of(standing), **more}


def store(company: Company, values: dict[str, str], market: str = "", actor: User | None = None) -> None:
    """What a colleague saves."""
    numbers = {name: float(value) for name, value in values.items()}
    thresholds.change(company=company, market=market, values=numbers, reason="Of a colleague", actor=actor, now=NOW)


def directions(response: Any) -> dict[str, str]:
    """What the step before saving says of each threshold."""
    return {line.label: line.direction.value for group in response.context["review"].groups for line in group.lines}


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def text(response: Any) -> str:
    content: str = response.content.decode()
    return content
