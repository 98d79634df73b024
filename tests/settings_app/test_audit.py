from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import AuditEvent, Company
from tests.concurrency import finish_connection
from tests.factories import NOW, CompanyFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    """A company with five events of every shape."""
    user = UserFactory()
    session = SessionFactory(company=user.company)
    for number in range(4):
        audit.record(
            company=user.company,
            kind=AuditKind.LINK_SHOWN,
            now=NOW + timedelta(microseconds=number),
            actor=user if number % 2 else None,
            session_id=session.public_id,
            changes=number,
            market="ქართ",
        )
    return user.company


def rewrite(statement: str, values: list[Any]) -> None:
    """Change the table as somebody with all rights over the database could."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE settings_app_auditevent DISABLE TRIGGER audit_append_only")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE settings_app_auditevent ENABLE TRIGGER audit_append_only")


def test_chain_is_intact_and_gapless(company: Company) -> None:
    assert audit.first_broken(company) is None
    assert list(company.audit_events.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_empty_chain_is_intact() -> None:
    assert audit.first_broken(CompanyFactory()) is None


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'PHOTO_VIEWED'",
        "actor_id = CASE WHEN actor_id IS NULL THEN (SELECT min(id) FROM settings_app_user) END",
        "details = '{}'",
        "at = at + interval '1 microsecond'",
        "session_public_id = gen_random_uuid()",
        "seal = repeat('0', 64)",
        "number = number + 100",
    ],
)
@pytest.mark.parametrize("number", [2, 3, 5])
def test_altered_row_is_found(company: Company, change: str, number: int) -> None:
    """R42, R81: who did what cannot be rewritten unnoticed."""
    rewrite(f"UPDATE settings_app_auditevent SET {change} WHERE company_id = %s AND number = %s", [company.pk, number])
    broken = audit.first_broken(company)
    assert broken is not None
    assert broken.number in (number, number + 1, number + 100)


@pytest.mark.parametrize("number", [1, 2, 4])
def test_row_that_was_taken_out_is_found_at_the_one_after_it(company: Company, number: int) -> None:
    rewrite("DELETE FROM settings_app_auditevent WHERE company_id = %s AND number = %s", [company.pk, number])
    broken = audit.first_broken(company)
    assert broken is not None
    assert broken.number == number + 1


def test_row_moved_to_another_company_is_found(company: Company) -> None:
    """R81: the chain names its company."""
    other = CompanyFactory()
    rewrite("UPDATE settings_app_auditevent SET company_id = %s WHERE company_id = %s", [other.pk, company.pk])
    assert audit.first_broken(other) is not None


def test_application_can_neither_change_nor_delete_an_event(company: Company) -> None:
    """The database refuses it, whatever the code says."""
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        company.audit_events.update(kind=AuditKind.PHOTO_VIEWED)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        company.audit_events.all().delete()
    assert audit.first_broken(company) is None


def test_companies_have_chains_of_their_own(company: Company) -> None:
    event = audit.record(company=CompanyFactory(), kind=AuditKind.LINK_SHOWN, now=NOW)
    assert event.number == 1


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_keep_the_chain_gapless() -> None:
    """Two numbers alike or a fork of the chain would look like tampering."""
    company = CompanyFactory()

    def write(number: int) -> None:
        with finish_connection():
            audit.record(company=company, kind=AuditKind.LINK_SHOWN, now=NOW, turn=number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert sorted(AuditEvent.objects.values_list("number", flat=True)) == list(range(1, 41))
    assert audit.first_broken(company) is None
