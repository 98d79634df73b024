"""The pages on which a master defines extra fields, and what becomes of sessions meanwhile (R45, R46, R81)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sessions_app import creation
from sessions_app.steps import Step
from settings_app import extra_fields
from settings_app.choices import ExtraFieldType
from settings_app.models import Company, ExtraField, User
from tests.factories import NOW, ExtraFieldFactory, MasterFactory, finished_session
from tests.sessions_app.flow.visitor import Visitor
from tests.sessions_app.panel.conftest import logged_in

LIST, NEW, ORDER, PREVIEW = (reverse(f"panel:extra_{name}") for name in ("fields", "field_new", "fields_order", "fields_preview"))


@pytest.fixture(autouse=True)
def capture_store(settings: Any, tmp_path: Any) -> None:
    settings.CAPTURE_ROOT = tmp_path


@pytest.fixture
def master(company: Company) -> User:
    return MasterFactory(company=company)


@pytest.fixture
def panel(master: User) -> Client:
    return logged_in(master)


def require_city(company: Company, master: User) -> None:
    words = extra_fields.FieldWords("City", ExtraFieldType.TEXT, required=True)
    extra_fields.add(company=company, words=words, actor=master, now=NOW)


def post_new(panel: Client, **values: Any) -> Any:
    return panel.post(NEW, {"label": "Phone", "type": "PHONE", **values})


def asked(company: Company) -> list[str]:
    return [field.label for field in company.extra_fields.asked()]


def two(company: Company) -> tuple[ExtraField, ExtraField]:
    return ExtraFieldFactory(company=company, label="One", position=0), ExtraFieldFactory(company=company, label="Two", position=1)


def test_field_is_added(panel: Client, company: Company) -> None:
    assert post_new(panel, required="on", help_text="With its country code").status_code == 302
    field = company.extra_fields.get()
    assert (field.key, field.label, field.type, field.required) == ("phone", "Phone", "PHONE", True)


def test_choices_are_written_one_a_line(panel: Client, company: Company) -> None:
    post_new(panel, type="CHOICE", options=" Batumi \r\n\r\nTbilisi\r\n")
    assert company.extra_fields.get().options == ["Batumi", "Tbilisi"]


def test_choices_of_another_type_are_forgotten(panel: Client, company: Company) -> None:
    assert post_new(panel, type="TEXT", options="a\nb").status_code == 302
    assert company.extra_fields.get().options == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": ""},
        {"label": "x" * 81},
        {"type": "SECRET"},
        {"help_text": "x" * 201},
        {"type": "CHOICE", "options": ""},
        {"type": "CHOICE", "options": "only one"},
        {"type": "CHOICE", "options": "a\nb\na"},
        {"type": "CHOICE", "options": "\n".join(f"{number}" for number in range(51))},
        {"type": "CHOICE", "options": "a\n" + "x" * 81},
    ],
)
def test_field_that_makes_no_sense_is_refused(panel: Client, company: Company, wrong: dict[str, str]) -> None:
    assert post_new(panel, **wrong).status_code == 422
    assert asked(company) == []


@pytest.mark.parametrize("right", [{"label": "x" * 80}, {"type": "CHOICE", "options": "\n".join(str(number) for number in range(50))}])
def test_field_at_the_limits_is_taken(panel: Client, right: dict[str, str]) -> None:
    assert post_new(panel, **right).status_code == 302


def test_refusal_of_the_domain_stands_in_the_form(panel: Client, company: Company) -> None:
    ExtraFieldFactory(company=company, label="phone")
    answer = post_new(panel)
    assert (answer.status_code, "Another field has this label." in answer.content.decode()) == (422, True)


def test_field_is_changed_under_its_old_key(panel: Client, company: Company) -> None:
    field = ExtraFieldFactory(company=company, key="phone", label="Phone")
    panel.post(reverse("panel:extra_field", args=[field.pk]), {"label": "Mobile", "type": "PHONE", "key": "mobile"})
    field.refresh_from_db()
    assert (field.key, field.label) == ("phone", "Mobile")


@pytest.mark.parametrize("name", ["extra_field", "extra_field_remove"])
def test_field_of_another_company_is_not_found(panel: Client, name: str) -> None:
    """R81: neither by looking nor by writing."""
    foreign = ExtraFieldFactory()
    address = reverse(f"panel:{name}", args=[foreign.pk])
    assert {panel.get(address).status_code, panel.post(address, {"label": "Mine", "type": "TEXT"}).status_code} == {404}
    foreign.refresh_from_db()
    assert foreign.removed_at is None


def test_order_is_saved_at_once(panel: Client, company: Company) -> None:
    one, two_ = two(company)
    panel.post(ORDER, {"seen": f"{one.pk},{two_.pk}", "order": f"{two_.pk},{one.pk}"})
    assert asked(company) == ["Two", "One"]


@pytest.mark.parametrize("order", ["", "1", "x,y", "9" * 30, "1,1"])
def test_order_that_is_none_changes_nothing_and_says_so(panel: Client, company: Company, order: str) -> None:
    one, two_ = two(company)
    answer = panel.post(ORDER, {"seen": f"{one.pk},{two_.pk}", "order": order}, follow=True)
    assert "Somebody else has changed the fields meanwhile" in answer.content.decode()
    assert asked(company) == ["One", "Two"]


def test_order_answers_scripts_with_the_list_alone(panel: Client, company: Company) -> None:
    one, two_ = two(company)
    values = {"seen": f"{one.pk},{two_.pk}", "order": f"{two_.pk},{one.pk}"}
    answer = panel.post(ORDER, values, headers={"HX-Request": "true"}).content.decode()
    assert answer.lstrip().startswith('<form id="fields"')
    assert f'name="seen" value="{two_.pk},{one.pk}"' in answer


def test_removed_field_keeps_naming_what_sessions_hold(panel: Client, company: Company) -> None:
    """In the list, on the details page and in files."""
    field = ExtraFieldFactory(company=company, key="phone", label="Phone")
    session = finished_session(company=company, extra_values={"phone": "+995555123456"})
    panel.post(reverse("panel:extra_field_remove", args=[field.pk]))
    assert asked(company) == []
    assert "+995555123456" in panel.get(reverse("panel:session_list")).content.decode()
    details = panel.get(reverse("panel:session_details", args=[session.public_id])).content.decode()
    assert ("Phone" in details, "+995555123456" in details) == (True, True)
    export = b"".join(panel.get(reverse("panel:session_export"))).decode("utf-8-sig")
    assert "Phone: +995555123456" in export


def test_removed_field_is_offered_and_taken_no_more(panel: Client, company: Company) -> None:
    ExtraFieldFactory(company=company, key="phone", label="Phone no more", removed_at=NOW)
    assert "Phone no more" not in panel.get(reverse("panel:session_new")).content.decode()
    with pytest.raises(creation.UnknownExtraField):
        creation.create_session(company=company, created_by=None, now=NOW, extra_values={"phone": "1"})


def test_removed_field_does_not_hold_people_up(company: Company) -> None:
    ExtraFieldFactory(company=company, required=True, removed_at=NOW)
    visitor = Visitor(company=company)
    visitor.post("consent", answer="yes")
    assert visitor.step is Step.DOCUMENT_CHOICE


def test_required_field_that_is_added_stops_nobody_who_took_a_picture(company: Company, master: User) -> None:
    """R5: nobody is led back."""
    visitor = Visitor(company=company).go_to(Step.SELFIE)
    require_city(company, master)
    assert visitor.step is Step.SELFIE


def test_required_field_that_is_added_is_not_asked_of_who_filled_in_the_page(company: Company, master: User) -> None:
    ExtraFieldFactory(company=company, key="phone")
    visitor = Visitor(company=company).go_to(Step.DOCUMENT_CHOICE)
    require_city(company, master)
    assert visitor.step is Step.DOCUMENT_CHOICE


def test_field_that_is_added_while_somebody_writes_is_asked_with_what_he_wrote(company: Company, master: User) -> None:
    ExtraFieldFactory(company=company, key="phone", label="Phone")
    visitor = Visitor(company=company).go_to(Step.EXTRA_FIELDS)
    require_city(company, master)
    answer = visitor.post("extra", phone="+995 555")
    assert (answer.status_code, "+995 555" in answer.content.decode(), "City" in answer.content.decode()) == (422, True, True)


def test_preview_shows_the_page_as_people_see_it(panel: Client, company: Company) -> None:
    ExtraFieldFactory(company=company, label="Phone", help_text="With its country code")
    page = panel.get(PREVIEW).content.decode()
    assert ("A few details" in page, "Phone" in page, "With its country code" in page) == (True, True, True)


def test_preview_shows_a_field_that_is_not_saved_yet(panel: Client, company: Company) -> None:
    values = {"label": "Branch", "type": "CHOICE", "options": "Batumi\nTbilisi", "required": "on"}
    page = panel.post(PREVIEW, values, headers={"Accept": "application/json"}).json()["page"]
    assert ("Branch" in page, '<option value="Tbilisi">' in page, "(optional)" in page) == (True, True, False)
    assert asked(company) == []


@pytest.mark.parametrize("values", [{}, {"label": "", "type": "WRONG"}, {"type": "CHOICE", "options": ""}, {"label": "<b>" * 60}])
def test_preview_lives_with_a_form_in_the_making(panel: Client, values: dict[str, str]) -> None:
    answer = panel.post(PREVIEW, values)
    assert (answer.status_code, "<b>" in answer.content.decode()) == (200, False)


def test_preview_changes_the_field_in_its_place(panel: Client, company: Company) -> None:
    one, _two = two(company)
    page = panel.post(f"{PREVIEW}?field={one.pk}", {"label": "First of all", "type": "TEXT"}).content.decode()
    assert page.index("First of all") < page.index("Two")
    assert "One" not in page


def test_preview_of_a_foreign_field_is_not_found(panel: Client) -> None:
    """R81"""
    assert panel.post(f"{PREVIEW}?field={ExtraFieldFactory().pk}", {"label": "x", "type": "TEXT"}).status_code == 404


def test_values_are_escaped_in_the_list(panel: Client, company: Company) -> None:
    ExtraFieldFactory(company=company, label="<script>alert(1)</script>")
    assert "<script>alert(1)" not in panel.get(LIST).content.decode()
