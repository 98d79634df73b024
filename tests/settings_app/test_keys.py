from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from settings_app import audit, keys
from settings_app.choices import AuditKind
from settings_app.models import Company
from tests.factories import NOW, CompanyFactory
from verifyportal import crypto

pytestmark = pytest.mark.django_db


@pytest.fixture
def master_keys(settings: Any) -> dict[str, bytes]:
    settings.MASTER_KEYS = {"old": crypto.new_key()}
    return dict(settings.MASTER_KEYS)


def test_each_company_has_a_key_of_its_own() -> None:
    """R81: companies are sealed from each other."""
    assert keys.key_of(CompanyFactory()) != keys.key_of(CompanyFactory())


def test_key_is_not_in_the_database_in_the_clear() -> None:
    company = Company.objects.get(pk=CompanyFactory().pk)
    assert keys.key_of(company) not in bytes(company.wrapped_key)


def test_wrapped_key_copied_from_another_company_does_not_open() -> None:
    """R81: also when somebody rewrites the table."""
    company, other = CompanyFactory(), CompanyFactory()
    company.wrapped_key = other.wrapped_key
    with pytest.raises(crypto.DoesNotOpen):
        keys.key_of(company)


def test_rotation_keeps_the_key_and_lets_the_old_master_key_go(master_keys: dict[str, bytes], settings: Any) -> None:
    company = CompanyFactory()
    key = keys.key_of(company)
    settings.MASTER_KEYS = {"new": crypto.new_key(), **master_keys}
    assert keys.rotate(company=company, now=NOW)
    del settings.MASTER_KEYS["old"]
    assert keys.key_of(Company.objects.get(pk=company.pk)) == key


def test_rotation_is_audited_once_and_a_second_one_changes_nothing(master_keys: dict[str, bytes], settings: Any) -> None:
    company = CompanyFactory()
    settings.MASTER_KEYS = {"new": crypto.new_key(), **master_keys}
    assert [keys.rotate(company=company, now=NOW) for _ in range(2)] == [True, False]
    assert list(company.audit_events.values_list("kind", "details")) == [(AuditKind.KEYS_ROTATED, {"master_key": "new"})]
    assert audit.first_broken(company) is None


def test_rotation_without_the_old_master_key_changes_nothing(master_keys: dict[str, bytes], settings: Any) -> None:
    company = CompanyFactory()
    settings.MASTER_KEYS = {"new": crypto.new_key()}
    with pytest.raises(crypto.MasterKeyMissing):
        keys.rotate(company=company, now=NOW)
    assert Company.objects.get(pk=company.pk).master_key_id == "old"


def test_command_rewraps_every_company_and_says_how_many(master_keys: dict[str, bytes], settings: Any) -> None:
    CompanyFactory.create_batch(2)
    settings.MASTER_KEYS = {"new": crypto.new_key(), **master_keys}
    CompanyFactory()
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert out.getvalue() == "2 of 3 company keys rewrapped\n"
    assert set(Company.objects.values_list("master_key_id", flat=True)) == {"new"}
