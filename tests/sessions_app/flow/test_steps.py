"""From consent to submission: the server owns the step, and nothing is asked twice (R5, R12, R45)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sessions_app.choices import CaptureKind
from sessions_app.flow.pages import CONSENT_VERSION
from sessions_app.steps import Step
from settings_app.choices import DocumentChoice, ExtraFieldType
from tests.factories import CompanyFactory, ExtraFieldFactory
from tests.sessions_app.flow.visitor import Visitor

pytestmark = pytest.mark.django_db

HEADINGS = {
    Step.CONSENT: "Verify your identity",
    Step.DOCUMENT_CHOICE: "Choose your document",
    Step.DOCUMENT_FRONT: "Front of your card",
    Step.DOCUMENT_BACK: "Back of your card",
    Step.SELFIE: "Take a selfie",
    Step.LIVENESS: "Show that it is you",
    Step.OVERVIEW: "Is everything readable?",
    Step.CHECKING: "We are checking",
}


@pytest.mark.parametrize("step", HEADINGS)
def test_the_link_resumes_at_the_exact_step_in_any_browser(step: Step) -> None:
    """R5"""
    visitor = Visitor().go_to(step, DocumentChoice.ID_CARD)
    visitor.client = Client()
    assert HEADINGS[step] in visitor.client.get(visitor.link, follow=True).content.decode()


def test_consent_is_recorded_with_version_language_and_time() -> None:
    """R5: what was agreed to can be shown later."""
    visitor = Visitor(language="ka")
    before = timezone.now()
    assert visitor.post("consent", answer="yes")["Location"] == visitor.page
    session = visitor.fresh()
    assert (session.consent_version, session.consent_language) == (CONSENT_VERSION, "ka")
    assert session.consented_at is not None
    assert session.consented_at >= before


@pytest.mark.parametrize(
    ("days", "said"),
    [(None, "You may ask Demo Bank for the exact time"), (1, "erased 1 day after"), (2, "erased 2 days after")],
)
def test_whoever_agrees_reads_how_long_pictures_are_kept(days: int | None, said: str) -> None:
    """R47: what the company has set, and nothing that it has not."""
    assert said in Visitor(company=CompanyFactory(name="Demo Bank", retention_days=days)).get().content.decode()


def test_a_no_ends_kindly_and_can_be_taken_back() -> None:
    """R8: nothing is closed by a refusal."""
    visitor = Visitor()
    visitor.post("consent", answer="no")
    page = visitor.get().content.decode()
    assert "That is all right" in page
    assert "I have changed my mind" in page
    assert "I agree" in visitor.get("?again").content.decode()
    visitor.post("consent", answer="yes")
    assert visitor.step is Step.DOCUMENT_CHOICE


def test_an_answer_that_is_neither_yes_nor_no_changes_nothing() -> None:
    visitor = Visitor()
    assert visitor.post("consent", answer="perhaps").status_code == 302
    assert visitor.step is Step.CONSENT
    assert visitor.session.consent_refused_at is None


def _extra_fields() -> Visitor:
    company = CompanyFactory()
    ExtraFieldFactory(company=company, key="phone", label="Phone", type=ExtraFieldType.PHONE, required=True)
    ExtraFieldFactory(company=company, key="mail", label="Mail", type=ExtraFieldType.EMAIL)
    ExtraFieldFactory(company=company, key="day", label="Day", type=ExtraFieldType.DATE)
    ExtraFieldFactory(company=company, key="branch", label="Branch", type=ExtraFieldType.CHOICE, options=["Tbilisi", "Batumi"])
    ExtraFieldFactory(company=company, key="note", label="Note")
    return Visitor(company=company, market="GEO", extra_values={"note": "known already"}).go_to(Step.EXTRA_FIELDS)


def test_extra_fields_become_clean_texts() -> None:
    """R45: a number dialled at home is stored with its country."""
    visitor = _extra_fields()
    visitor.post("extra", phone="555 12 34 56", mail="nino@example.com", day="2026-11-22", branch="Batumi", note="x")
    assert visitor.fresh().extra_values == {
        "phone": "+995555123456",
        "mail": "nino@example.com",
        "day": "2026-11-22",
        "branch": "Batumi",
        "note": "x",
    }
    assert visitor.step is Step.DOCUMENT_CHOICE


def test_extra_fields_begin_with_what_the_company_knows() -> None:
    """R5, R45"""
    assert "known already" in _extra_fields().get().content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("phone", "", "This field is required."),
        ("phone", "12", "with its country code"),
        ("phone", "\x00", "Null characters are not allowed."),
        ("mail", "nobody", "Enter a valid email address."),
        ("day", "yesterday", "Enter a valid date."),
        ("day", "22/11/2026", "Enter a valid date."),
        ("branch", "Kutaisi", "Select a valid choice."),
        ("note", "x" * 201, "at most 200 characters"),
    ],
)
def test_an_unclear_extra_field_is_named_and_nothing_is_lost(field: str, value: str, sentence: str) -> None:
    """R45"""
    visitor = _extra_fields()
    answers: dict[str, Any] = {"phone": "+995555123456", "mail": "nino@example.com", field: value}
    response = visitor.post("extra", **answers)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert field == "mail" or "nino@example.com" in page
    assert visitor.step is Step.EXTRA_FIELDS


def test_only_the_documents_of_the_company_can_be_chosen() -> None:
    """R47"""
    visitor = Visitor(company=CompanyFactory(allowed_documents=[DocumentChoice.PASSPORT])).go_to(Step.DOCUMENT_CHOICE)
    assert "ID card" not in visitor.get().content.decode()
    assert visitor.post("document", country="GEO", document="ID_CARD").status_code == 422
    assert visitor.step is Step.DOCUMENT_CHOICE


@pytest.mark.parametrize("country", ["", "XYZ", "geo", "GEO\x00", "UTO"])
def test_an_unknown_country_is_refused(country: str) -> None:
    """R30: Utopia is known in demonstrations alone."""
    visitor = Visitor().go_to(Step.DOCUMENT_CHOICE)
    assert visitor.post("document", country=country, document="PASSPORT").status_code == 422


def test_a_document_that_was_not_chosen_is_told_where_it_is_missing() -> None:
    """Whoever hears the page learns of it with the choice itself."""
    page = Visitor().go_to(Step.DOCUMENT_CHOICE).post("document", country="GEO").content.decode()
    assert ('aria-describedby="id_document_error"' in page, 'id="id_document_error"' in page) == (True, True)


def test_another_document_can_be_chosen_until_the_end() -> None:
    """R5: the face is not asked again."""
    visitor = Visitor().go_to(Step.OVERVIEW)
    assert "Choose your document" in visitor.get("?change=document").content.decode()
    visitor.post("document", country="GEO", document="ID_CARD")
    assert visitor.step is Step.DOCUMENT_FRONT
    assert set(visitor.session.captures.current().values_list("kind", flat=True)) == {"SELFIE", "LIVENESS"}


ACTS = [
    ("consent", {"answer": "yes"}),
    ("consent", {"answer": "no"}),
    ("extra", {}),
    ("retake", {"kind": "SELFIE"}),
    ("challenge", {}),
    ("submit", {}),
]


@pytest.mark.parametrize(("name", "data"), ACTS)
@pytest.mark.parametrize("step", [Step.DOCUMENT_CHOICE, Step.SELFIE, Step.CHECKING])
def test_an_act_out_of_turn_leads_to_the_current_step(name: str, data: dict[str, Any], step: Step) -> None:
    """R5: a second tab, a step back or a forged request goes on where the user really is."""
    visitor = Visitor().go_to(step)
    response = visitor.post(name, **data)
    assert (response.status_code, response["Location"].split("?")[0]) == (302, visitor.page)
    assert visitor.step is step


def test_the_later_of_two_tabs_is_told_calmly() -> None:
    """R5"""
    visitor = Visitor()
    visitor.post("consent", answer="yes")
    response = visitor.client.post(visitor.url("consent"), {"answer": "yes"}, follow=True)
    assert "That step is already done. Please go on here." in response.content.decode()


def test_the_overview_shows_every_picture_and_takes_each_again() -> None:
    """R4: a retake before submitting is no attempt."""
    visitor = Visitor().go_to(Step.OVERVIEW, DocumentChoice.ID_CARD)
    assert visitor.get().content.decode().count("/image/") == 4
    visitor.post("retake", kind=CaptureKind.DOCUMENT_BACK)
    assert visitor.step is Step.DOCUMENT_BACK
    assert not visitor.session.attempts.exists()


def test_submitting_twice_makes_one_attempt() -> None:
    """R4"""
    visitor = Visitor().go_to(Step.OVERVIEW)
    visitor.post("submit")
    visitor.post("submit")
    assert visitor.session.attempts.count() == 1
    assert visitor.client.get(visitor.url("progress")).json() == {"step": "checking", "next": visitor.page, "phone": None}


def submit_key_of(page: str) -> str:
    return page.split('name="submit_key" value="')[1].split('"')[0]


def test_submission_that_arrives_again_after_the_retry_uses_no_attempt() -> None:
    """R4: the answer to the first request was lost on the way, and the line came back minutes later."""
    visitor = Visitor().go_to(Step.OVERVIEW)
    key = submit_key_of(visitor.get().content.decode())
    visitor.post("submit", submit_key=key)
    visitor.session.attempts.update(state="DECIDED", verdict="RETRY", decided_at=timezone.now())
    again = visitor.post("submit", submit_key=key)
    assert (again.status_code, again["Location"]) == (302, visitor.page)
    assert visitor.session.attempts.count() == 1
    assert submit_key_of(visitor.get().content.decode()) != key


@pytest.mark.parametrize("key", ["short", "k" * 65, "a key with spaces in it", "nul-inside-\0-is-refused"])
def test_key_of_a_strange_form_submits_nothing_and_leads_on(key: str) -> None:
    visitor = Visitor().go_to(Step.OVERVIEW)
    assert visitor.post("submit", submit_key=key)["Location"] == f"{visitor.page}?note=elsewhere"
    assert not visitor.session.attempts.exists()


@pytest.mark.parametrize("name", ["consent", "extra", "document", "captures", "retake", "challenge", "submit", "language"])
def test_no_act_is_done_by_following_a_link(name: str) -> None:
    assert Visitor().client.get(Visitor().url(name)).status_code == 405
