"""The door through which extra fields change (R45)."""

from __future__ import annotations

from typing import Any

import pytest

from settings_app import extra_fields
from settings_app.choices import AuditKind, ExtraFieldType
from settings_app.extra_fields import FieldWords
from settings_app.models import Company, ExtraField, User
from tests.factories import NOW, ExtraFieldFactory, MasterFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def master() -> User:
    return MasterFactory()


def company_of(master: User) -> Company:
    assert master.company
    return master.company


def words(label: str = "Phone", **more: Any) -> FieldWords:
    return FieldWords(**{"label": label, "type": ExtraFieldType.TEXT, "required": False, **more})


def add(master: User, label: str = "Phone", **more: Any) -> ExtraField:
    return extra_fields.add(company=company_of(master), words=words(label, **more), actor=master, now=NOW)


def labels(master: User) -> list[str]:
    return [field.label for field in company_of(master).extra_fields.asked()]


def reorder(master: User, seen: list[ExtraField], order: list[ExtraField]) -> bool:
    return extra_fields.reorder(
        company=company_of(master), seen=[field.pk for field in seen], order=[field.pk for field in order], actor=master, now=NOW
    )


def test_new_field_comes_last(master: User) -> None:
    add(master, "Phone")
    add(master, "City")
    assert labels(master) == ["Phone", "City"]


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Customer number (old)", "customer-number-old"),
        ("Straße", "strasse"),
        ("ტელეფონი", "teleponi"),
        ("Город", "gorod"),
        ("!?", "field"),
        ("x" * 80, "x" * 40),
    ],
)
def test_key_is_made_from_the_label_in_any_script(label: str, key: str) -> None:
    assert extra_fields.key_for(label) == key


def test_key_stays_when_the_label_changes(master: User) -> None:
    """Sessions hold their values under it."""
    field = add(master, "Phone")
    extra_fields.edit(field=field, words=words("Telephone"), actor=master, now=NOW)
    assert (ExtraField.objects.get().key, labels(master)) == ("phone", ["Telephone"])


def test_key_of_a_removed_field_is_not_used_again(master: User) -> None:
    """Old values would appear as the new field's."""
    extra_fields.remove(field=add(master, "Phone"), actor=master, now=NOW)
    assert add(master, "Phone").key == "phone-2"


def test_name_that_the_form_needs_is_never_a_key(master: User) -> None:
    assert add(master, "csrfmiddlewaretoken").key == "csrfmiddlewaretoken-2"


def test_long_labels_that_begin_alike_get_different_keys(master: User) -> None:
    keys = {add(master, f"{'x' * 60}{number}").key for number in range(3)}
    assert (len(keys), max(map(len, keys))) == (3, 40)


def test_label_is_taken_once_whatever_its_case(master: User) -> None:
    add(master, "Phone")
    with pytest.raises(extra_fields.LabelTaken):
        add(master, "PHONE")


def test_field_may_keep_its_own_label(master: User) -> None:
    field = add(master, "Phone")
    extra_fields.edit(field=field, words=words("Phone", required=True), actor=master, now=NOW)
    assert ExtraField.objects.get().required


def test_company_asks_for_twenty_fields_and_no_more(master: User) -> None:
    for number in range(extra_fields.MOST_FIELDS):
        ExtraFieldFactory(company=company_of(master), position=number)
    with pytest.raises(extra_fields.TooManyFields):
        add(master)


def test_removed_fields_leave_room(master: User) -> None:
    for number in range(extra_fields.MOST_FIELDS):
        ExtraFieldFactory(company=company_of(master), position=number, removed_at=NOW)
    assert add(master).key == "phone"


def test_removed_field_is_remembered_behind_the_others(master: User) -> None:
    first, _second = add(master, "Phone"), add(master, "City")
    extra_fields.remove(field=first, actor=master, now=NOW)
    assert labels(master) == ["City"]
    assert [field.label for field in company_of(master).extra_fields.ever_asked()] == ["City", "Phone"]


def test_fields_are_put_in_order(master: User) -> None:
    one, two, three = add(master, "1"), add(master, "2"), add(master, "3")
    assert reorder(master, [one, two, three], [three, one, two])
    assert labels(master) == ["3", "1", "2"]


def test_order_of_fields_that_moved_meanwhile_changes_nothing(master: User) -> None:
    """Nobody undoes what a colleague did."""
    one, two = add(master, "1"), add(master, "2")
    reorder(master, [one, two], [two, one])
    with pytest.raises(extra_fields.OrderChanged):
        reorder(master, [one, two], [one, two])
    assert labels(master) == ["2", "1"]


def test_order_that_misses_or_repeats_a_field_is_refused(master: User) -> None:
    one, two = add(master, "1"), add(master, "2")
    for order in ([one], [one, one], [one, two, two], []):
        with pytest.raises(extra_fields.OrderChanged):
            reorder(master, [one, two], order)


def test_field_of_another_company_cannot_be_ordered(master: User) -> None:
    """R81"""
    one, foreign = add(master, "1"), ExtraFieldFactory()
    with pytest.raises(extra_fields.OrderChanged):
        reorder(master, [one], [foreign])


def test_edit_with_an_old_page_keeps_the_order(master: User) -> None:
    one, two = add(master, "1"), add(master, "2")
    reorder(master, [one, two], [two, one])
    extra_fields.edit(field=one, words=words("One"), actor=master, now=NOW)
    assert labels(master) == ["2", "One"]


def test_every_act_is_audited_without_what_was_written(master: User) -> None:
    one, two = add(master, "Phone"), add(master, "City")
    extra_fields.edit(field=one, words=words("Telephone"), actor=master, now=NOW)
    reorder(master, [one, two], [two, one])
    extra_fields.remove(field=one, actor=master, now=NOW)
    told = [(event.kind, event.details["act"], event.details["field"]) for event in company_of(master).audit_events.order_by("number")]
    acts = [("added", "phone"), ("added", "city"), ("edited", "phone"), ("reordered", ""), ("removed", "phone")]
    assert told == [(AuditKind.EXTRA_FIELDS_CHANGED, *act) for act in acts]
