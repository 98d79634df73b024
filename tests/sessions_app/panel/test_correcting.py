"""R24: the form in which misread fields are corrected."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from sessions_app.models import VerificationSession
from settings_app.models import Company, User
from tests.factories import UserFactory
from tests.reviews import load, waiting
from tests.sessions_app.panel.conftest import logged_in

READ: dict[str, Any] = {"first_name": "NIN0", "last_name": "BERIDZE", "birth_date": date(1990, 4, 17), "nationality": "GEO"}


def form_of(session: VerificationSession) -> str:
    return f"/sessions/{session.public_id}/correct/"


def correction(panel: Client, session: VerificationSession, **changes: str) -> dict[str, str]:
    """What the browser sends of the form that it was shown."""
    form = panel.get(form_of(session)).context["form"]
    data: dict[str, str] = {}
    for field in form:
        value = field.initial
        text = "" if value is None else str(value)
        data |= {field.html_name: text, field.html_initial_name: text}
    return data | changes


def test_fields_are_corrected_and_listed_for_colleagues(panel: Client, company: Company, agent: User) -> None:
    session = waiting(company=company, **READ)
    panel.post(form_of(session), correction(panel, session, first_name="  Nino  Maria ", nationality="ukr", birth_date=""))
    stored = load(session)
    assert (stored.first_name, stored.nationality, stored.birth_date) == ("Nino Maria", "UKR", None)
    page = panel.get(f"/sessions/{session.public_id}/").content.decode()
    for said in ("Corrections", "NIN0", "Nino Maria", "Georgia (GEO)", "Ukraine (UKR)", "1990-04-17"):
        assert said in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", "x" * 121),
        ("last_name", "x" * 121),
        ("personal_number", "x" * 41),
        ("document_number", "x" * 41),
        ("first_name", "a\x00b"),
        ("nationality", "XQX"),
        ("nationality", "GE"),
        ("sex", "X"),
        ("birth_date", "17.04.1990"),
        ("birth_date", "2999-01-01"),
        ("birth_date", "1850-01-01"),
        ("expiry_date", "2999-01-01"),
        ("expiry_date", "1990-04-17"),
    ],
)
def test_impossible_correction_is_refused_beside_its_field(panel: Client, company: Company, field: str, value: str) -> None:
    session = waiting(company=company, **READ)
    answer = panel.post(form_of(session), correction(panel, session, **{field: value}))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert load(session).first_name == "NIN0"


def test_correction_shows_what_a_colleague_made_of_it_meanwhile(panel: Client, company: Company) -> None:
    session = waiting(company=company, **READ)
    mine = correction(panel, session, first_name="NINA")
    colleague = logged_in(UserFactory(company=company))
    colleague.post(form_of(session), correction(colleague, session, first_name="NINO"))
    answer = panel.post(form_of(session), mine)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "a colleague corrected this to “NINO”" in text
    assert 'value="NINA"' in text
    assert load(session).first_name == "NINO"
    again = mine | {"initial-first_name": "NINO"}
    assert 'name="initial-first_name" value="NINO"' in text
    assert panel.post(form_of(session), again).status_code == 302
    assert load(session).first_name == "NINA"


def test_correction_with_a_form_that_is_not_ours_changes_nothing(panel: Client, company: Company) -> None:
    session = waiting(company=company, **READ)
    answer = panel.post(form_of(session), correction(panel, session) | {"first_name": "X", "initial-birth_date": "yesterday"})
    assert answer.status_code == 422
    assert load(session).first_name == "NIN0"
