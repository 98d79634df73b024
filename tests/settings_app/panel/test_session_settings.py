"""R46, R47: the page of the session settings."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sessions_app.choices import CaptureKind, Outcome
from settings_app import company_settings
from settings_app.choices import AuditKind
from settings_app.company_settings import BOUNDS, NAMES
from settings_app.models import Company
from settings_app.panel.session_forms import initial_of, note_of
from settings_app.panel.session_words import GROUPS, SETTINGS
from tests import findings as drawn
from tests.captures import add_capture
from tests.factories import CompanyFactory, MasterFactory, UserFactory, finished_session

pytestmark = pytest.mark.django_db
PAGE = "/settings/sessions/"


@pytest.fixture
def company() -> Company:
    return CompanyFactory(name="Demo Bank")


@pytest.fixture
def master(company: Company) -> Client:
    client = Client()
    client.force_login(MasterFactory(company=company))
    return client


def shown(company: Company) -> dict[str, Any]:
    """What the page sends when nothing is touched."""
    company.refresh_from_db()
    standing = company_settings.standing(company)
    sent = {name: "\n".join(value) if name == "allowed_return_origins" else value for name, value in initial_of(standing).items()}
    return {name: "" if value is None else value for name, value in sent.items()} | {"seen": note_of(standing)}


def save(master: Client, company: Company, **values: Any) -> Any:
    response = master.post(PAGE, {**shown(company), **values})
    company.refresh_from_db()
    return response


def errors(response: Any) -> list[str]:
    assert response.status_code == 422
    return list(response.context["form"].errors)


def test_every_setting_has_its_place_on_the_page(master: Client) -> None:
    """R47."""
    assert sorted(name for group in GROUPS for name in group.names) == sorted(NAMES) == sorted(SETTINGS)
    page = master.get(PAGE).content.decode()
    assert [name for name in NAMES if f'id="setting-{name}"' not in page] == []


def test_setting_tells_its_bounds_default_and_what_it_touches(master: Client) -> None:
    page = re.sub(r"\s+", " ", master.get(PAGE).content.decode())
    part = page[page.index('id="setting-link_days"') : page.index('id="setting-max_retries"')]
    for words in ("1 to 90", "default: 7", "Sessions created from now on", "Longer: a link that goes astray"):
        assert words in part


def test_page_as_it_came_saves_nothing(master: Client, company: Company) -> None:
    before = shown(company)
    assert save(master, company).status_code == 302
    assert shown(company) == before
    assert not company.audit_events.filter(kind=AuditKind.SETTINGS_CHANGED).exists()


def test_saved_settings_stand_there_and_are_named(master: Client, company: Company) -> None:
    response = master.post(PAGE, {**shown(company), "link_days": "9", "face_first": "yes", "languages": ["ka", "ru"]}, follow=True)
    company.refresh_from_db()
    assert (company.link_days, company.face_first, company.languages) == (9, True, ["ka", "ru"])
    assert "Saved: Days a link stays valid, Order of the pictures, Languages of the flow." in response.content.decode()
    changed = company.audit_events.get(kind=AuditKind.SETTINGS_CHANGED).details["changed"]
    assert changed["link_days"] == [7, 9]
    assert sorted(changed) == ["face_first", "languages", "link_days"]


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize("wrong", ["least", "most"])
def test_number_beyond_its_bounds_is_told_beside_it_and_kept(master: Client, company: Company, name: str, wrong: str) -> None:
    least, most = BOUNDS[name]
    value = least - 1 if wrong == "least" else most + 1
    response = save(master, company, **{name: value, "max_retries" if name != "max_retries" else "link_days": "8"})
    assert errors(response) == [name]
    assert f'value="{value}"' in response.content.decode()
    assert (company.max_retries, company.link_days) == (5, 7)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("link_days", "7.5"),
        ("link_days", "１e3"),
        ("link_days", ""),
        ("link_days", "9" * 5000),
        ("link_days", "\x00"),
        ("manual_review", "maybe"),
        ("manual_review", ""),
        ("languages", "xx"),
        ("languages", []),
        ("allowed_documents", "../../etc"),
        ("time_zone", "Tbilisi"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", ""),
        ("allowed_return_origins", "javascript:alert(1)"),
        ("allowed_return_origins", "https://a.example/path"),
        ("allowed_return_origins", "http://b.example"),
        ("allowed_return_origins", "https://" + "a" * 20_000),
        ("seen", "{}"),
        ("seen", ""),
        ("seen", "[" * 9000),
        ("seen", "[1]"),
        ("seen", '{"link_days": NaN}'),
    ],
)
def test_hostile_input_is_refused_in_words_and_stores_nothing(master: Client, company: Company, name: str, value: Any) -> None:
    before = shown(company)
    response = save(master, company, **{name: value, "max_retries": "9"})
    assert errors(response) == [name]
    assert shown(company) == before


def test_text_of_a_stranger_is_printed_as_text(master: Client, company: Company) -> None:
    page = save(master, company, time_zone='"><script>alert(1)</script>').content.decode()
    assert "<script>alert" not in page


def test_origins_are_kept_in_one_spelling_each_once(master: Client, company: Company) -> None:
    """One a line, whatever separates them."""
    written = "https://Shop.example/\r\n\r\n  https://shop.example:443 https://shop.example:8443\r\nhttp://localhost:8000"
    assert save(master, company, allowed_return_origins=written).status_code == 302
    assert company.allowed_return_origins == ["https://shop.example", "https://shop.example:8443", "http://localhost:8000"]
    assert "https://shop.example\nhttps://shop.example:8443\nhttp://localhost:8000</textarea>" in master.get(PAGE).content.decode()


def test_every_entry_that_is_no_origin_is_named(master: Client, company: Company) -> None:
    response = save(master, company, allowed_return_origins="https://a.example/path\nhttp://b.example\nhttps://c.example")
    refusals = response.context["form"].errors["allowed_return_origins"]
    assert [refusal.split("”")[0] for refusal in refusals] == ["“https://a.example/path", "“http://b.example"]


@pytest.mark.parametrize(("number", "fits"), [(49, True), (50, True), (51, False)])
def test_number_of_origins_is_limited(master: Client, company: Company, number: int, fits: bool) -> None:
    written = "\n".join(f"https://shop{place}.example" for place in range(number))
    assert save(master, company, allowed_return_origins=written).status_code == (302 if fits else 422)


def test_default_is_put_back_without_saving_and_the_rest_is_kept(master: Client, company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(link_days=30, languages=["ka"])
    for name, value in (("link_days", "7"), ("languages", ["en", "es", "ka", "ru"])):
        response = master.post(PAGE, {**shown(company), "max_retries": "1", "reset": name})
        form = response.context["form"]
        assert (response.status_code, form[name].value(), form["max_retries"].value()) == (200, value, "1")
    company.refresh_from_db()
    assert (company.link_days, company.languages, company.max_retries) == (30, ["ka"], 5)


def test_way_back_to_the_default_is_offered_only_where_it_leads_somewhere(master: Client, company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(link_days=30, manual_review=False)
    page = master.get(PAGE)
    offered = [setting.name for _group, settings in page.context["groups"] for setting in settings if not setting.is_default]
    assert offered == ["link_days", "manual_review"]


def test_colleagues_change_is_told_beside_ones_own(master: Client, company: Company) -> None:
    """Nothing is lost: neither what the colleague saved nor what was typed here."""
    old = shown(company)
    Company.objects.filter(pk=company.pk).update(link_days=3)
    response = master.post(PAGE, {**old, "link_days": "30"})
    page = re.sub(r"\s+", " ", response.content.decode())
    assert response.status_code == 422
    assert "a colleague changed Days a link stays valid" in page
    assert "Stands now: 3" in page
    assert 'value="30"' in page
    again = master.post(PAGE, {**old, "link_days": "30", "seen": response.context["seen"]})
    company.refresh_from_db()
    assert (again.status_code, company.link_days) == (302, 30)


def ended(company: Company, days: float) -> None:
    session = finished_session(Outcome.APPROVE, company=company, now=timezone.now() - timedelta(days=days))
    add_capture(session, CaptureKind.SELFIE, drawn.selfie())


def test_shorter_time_tells_how_many_sessions_the_next_run_erases(master: Client, company: Company) -> None:
    """R47: and waits for a tick, because it cannot be undone."""
    for days in (29, 31, 60):
        ended(company, days)
    ended(CompanyFactory(), 90)
    response = save(master, company, retention_days="30", link_days="9")
    page = re.sub(r"\s+", " ", response.content.decode())
    assert response.status_code == 422
    assert "2 sessions ended more than 30 days ago and still have their pictures." in page
    assert (company.retention_days, company.link_days) == (None, 7)
    assert save(master, company, retention_days="30", link_days="9", erase_after="30").status_code == 302
    assert (company.retention_days, company.link_days) == (30, 9)


def test_tick_counts_for_the_days_beside_which_it_stood(master: Client, company: Company) -> None:
    ended(company, 10)
    response = save(master, company, retention_days="5", erase_after="30")
    assert response.status_code == 422
    assert "1 session ended more than 5 days ago" in re.sub(r"\s+", " ", response.content.decode())
    assert company.retention_days is None


def test_agent_is_refused(company: Company) -> None:
    """R46."""
    client = Client()
    client.force_login(UserFactory(company=company))
    assert [client.get(PAGE).status_code, client.post(PAGE, {**shown(company), "link_days": "9"}).status_code] == [403, 403]
    company.refresh_from_db()
    assert company.link_days == 7


def test_master_changes_his_own_company_alone(company: Company) -> None:
    """R81."""
    client = Client()
    client.force_login(MasterFactory())
    client.post(PAGE, {**shown(company), "link_days": "9"})
    company.refresh_from_db()
    assert company.link_days == 7


def test_page_is_never_stored(master: Client) -> None:
    assert master.get(PAGE)["Cache-Control"] == "private, no-store"


def test_note_of_what_was_shown_fits_the_form() -> None:
    """Fifty origins as long as one may be."""
    longest = [f"https://{number:02}{'a' * 56}.{'b' * 60}.{'c' * 60}.example:8443" for number in range(50)]
    company = CompanyFactory(allowed_return_origins=longest)
    assert len(json.dumps(company_settings.standing(company))) < 16_000


def test_refusal_writes_bounds_as_the_page_does(master: Client, company: Company) -> None:
    response = save(master, company, inactivity_minutes="2")
    assert response.context["form"].errors["inactivity_minutes"] == ["Write a whole number from 5 to 129,600, or nothing."]
