"""R46, R47: one door for how a company's sessions go."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from settings_app import audit, company_settings
from settings_app.choices import AuditKind
from settings_app.company_settings import BOUNDS, LISTS, MAY_BE_EMPTY, NAMES, SWITCHES
from settings_app.models import Company
from tests.concurrency import race
from tests.factories import NOW, CompanyFactory, MasterFactory

pytestmark = pytest.mark.django_db


def change(company: Company, **values: Any) -> tuple[str, ...]:
    how = {name: values.pop(name) for name in ("actor", "seen", "erasure_confirmed") if name in values}
    changed = company_settings.change(company=company, values=values, now=NOW, **{"actor": None, **how})
    company.refresh_from_db()
    return changed


EDGES = [(name, value) for name, edges in BOUNDS.items() for value in edges]


@pytest.mark.parametrize(("name", "value"), EDGES)
def test_bounds_themselves_are_allowed(name: str, value: int) -> None:
    company = CompanyFactory()
    change(company, **{name: value}, erasure_confirmed=True)
    assert getattr(company, name) == value


@pytest.mark.parametrize(("name", "value"), EDGES)
def test_one_beyond_a_bound_is_refused_and_one_within_is_not(name: str, value: int) -> None:
    """R47: whoever asks, the form or anything else."""
    company = CompanyFactory()
    outwards = -1 if value == BOUNDS[name][0] else 1
    with pytest.raises(company_settings.NotAllowed, match=name):
        change(company, **{name: value + outwards}, erasure_confirmed=True)
    change(company, **{name: value - outwards}, erasure_confirmed=True)
    assert getattr(company, name) == value - outwards


@pytest.mark.parametrize("name", BOUNDS)
def test_only_what_has_no_limit_without_a_number_may_be_empty(name: str) -> None:
    company = CompanyFactory(**{name: BOUNDS[name][1]})
    if name in MAY_BE_EMPTY:
        assert change(company, **{name: None}) == (name,)
    else:
        with pytest.raises(company_settings.NotAllowed):
            change(company, **{name: None})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("link_days", True),
        ("link_days", "7"),
        ("link_days", 7.5),
        ("manual_review", 1),
        ("manual_review", None),
        ("languages", []),
        ("languages", ["en", "xx"]),
        ("languages", "en"),
        ("allowed_documents", []),
        ("allowed_documents", ["DRIVING_LICENCE"]),
        ("time_zone", "Tbilisi"),
        ("time_zone", "localtime"),
        ("time_zone", ["UTC"]),
        ("allowed_return_origins", ["https://Shop.example"]),
        ("allowed_return_origins", ["https://shop.example/path"]),
        ("allowed_return_origins", [f"https://shop{number}.example" for number in range(51)]),
        ("allowed_return_origins", "https://shop.example"),
    ],
)
def test_value_of_another_kind_is_refused(name: str, value: Any) -> None:
    company = CompanyFactory()
    before = company_settings.standing(company)
    with pytest.raises(company_settings.NotAllowed):
        change(company, **{name: value})
    assert company_settings.standing(company) == before


def test_name_that_is_no_setting_is_refused() -> None:
    with pytest.raises(KeyError):
        change(CompanyFactory(), counted_zone="UTC")


def test_nothing_is_stored_when_one_of_several_is_refused() -> None:
    company = CompanyFactory()
    with pytest.raises(company_settings.NotAllowed):
        change(company, max_retries=1, link_days=91)
    assert company.max_retries == 5


def others_than(standing: dict[str, Any]) -> dict[str, Any]:
    """For every setting a value that is not its default."""
    numbers = {name: BOUNDS[name][1] for name in BOUNDS}
    written = {"allowed_return_origins": ["https://a.example"], "time_zone": "Asia/Tbilisi"}
    return numbers | {name: not standing[name] for name in SWITCHES} | {name: list(LISTS[name][:1]) for name in LISTS} | written


def test_every_setting_can_be_changed_and_changed_back() -> None:
    """R47: all of them, and none by another name."""
    company = CompanyFactory()
    defaults = company_settings.standing(company)
    others = others_than(defaults)
    assert change(company, **others, erasure_confirmed=True) == NAMES
    assert company_settings.standing(company) == others
    assert change(company, **defaults) == NAMES
    assert company_settings.standing(company) == defaults


def test_lists_are_kept_in_one_order_each_once() -> None:
    company = CompanyFactory()
    change(company, languages=["ru", "en", "ru"])
    assert company.languages == ["en", "ru"]


def test_order_in_which_a_list_was_stored_is_no_change() -> None:
    company = CompanyFactory(allowed_documents=["ID_CARD", "PASSPORT"])
    assert change(company, allowed_documents=["PASSPORT", "ID_CARD"]) == ()


def test_change_stands_in_the_audit_trail_with_what_was_there_and_what_is() -> None:
    """R46: an auditor reads who, when, old and new."""
    company, actor = CompanyFactory(), MasterFactory()
    change(company, actor=actor, link_days=9, minimum_age=18, allowed_return_origins=["https://shop.example"])
    (trace,) = company.audit_events.filter(kind=AuditKind.SETTINGS_CHANGED)
    values = {"link_days": [7, 9], "minimum_age": [None, 18], "allowed_return_origins": [[], ["https://shop.example"]]}
    assert (trace.actor, trace.at, trace.details) == (actor, NOW, {"changed": values})


def test_every_setting_in_the_trail_keeps_its_seal() -> None:
    """What the database gives back seals as what was put in."""
    company = CompanyFactory()
    defaults = company_settings.standing(company)
    change(company, **others_than(defaults), erasure_confirmed=True)
    change(company, **defaults)
    assert audit.first_broken(company) is None


def test_nothing_changed_leaves_no_trace() -> None:
    company = CompanyFactory()
    assert change(company, **company_settings.standing(company)) == ()
    assert not company.audit_events.exists()


def test_another_company_is_not_touched() -> None:
    """R81."""
    other = CompanyFactory()
    change(CompanyFactory(), link_days=9)
    other.refresh_from_db()
    assert other.link_days == 7


def test_what_a_colleague_changed_meanwhile_is_not_overwritten() -> None:
    company = CompanyFactory()
    seen = company_settings.standing(company)
    change(company, link_days=3)
    with pytest.raises(company_settings.ChangedMeanwhile) as refusal:
        change(company, **{**seen, "link_days": 30, "max_retries": 1}, seen=seen)
    assert refusal.value.names == ("link_days",)
    assert (company.link_days, company.max_retries) == (3, 5)


def test_changes_of_different_settings_do_not_stand_in_each_others_way() -> None:
    """What somebody left alone keeps what a colleague gave it."""
    company = CompanyFactory()
    seen = company_settings.standing(company)
    change(company, link_days=3)
    assert change(company, **{**seen, "max_retries": 1}, seen=seen) == ("max_retries",)
    assert (company.link_days, company.max_retries) == (3, 1)


def test_same_change_of_two_colleagues_is_no_quarrel() -> None:
    company = CompanyFactory()
    seen = company_settings.standing(company)
    change(company, link_days=3)
    assert change(company, **{**seen, "link_days": 3}, seen=seen) == ()


@pytest.mark.parametrize(
    ("before", "after", "asks"), [(None, 30, True), (30, 29, True), (30, 30, False), (30, 31, False), (30, None, False)]
)
def test_keeping_pictures_for_a_shorter_time_has_to_be_confirmed(before: int | None, after: int | None, asks: bool) -> None:
    """R47: it cannot be undone."""
    company = CompanyFactory(retention_days=before)
    if asks:
        with pytest.raises(company_settings.ErasureNotConfirmed):
            change(company, retention_days=after)
        assert company.retention_days == before
    change(company, retention_days=after, erasure_confirmed=True)
    assert company.retention_days == after


@pytest.mark.django_db(transaction=True)
def test_two_who_save_at_once_do_not_lose_each_others_work() -> None:
    company = CompanyFactory()
    seen = company_settings.standing(company)

    def saves(**values: Any) -> Any:
        with transaction.atomic():
            return company_settings.change(company=company, values={**seen, **values}, actor=None, now=NOW, seen=seen)

    told = race(lambda: saves(link_days=3), lambda: saves(link_days=30), lambda: saves(max_retries=1))
    assert sorted(type(one).__name__ for one in told) == ["ChangedMeanwhile", "tuple", "tuple"]
    company.refresh_from_db()
    assert (company.link_days in (3, 30), company.max_retries) == (True, 1)
