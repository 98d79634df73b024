from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from settings_app.choices import DocumentChoice, ExtraFieldType, Role
from settings_app.models import User
from settings_app.models.threshold_set import SCORES, ThresholdSet
from tests.factories import CompanyFactory, ExtraFieldFactory, MasterFactory, OperatorFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_new_company_has_the_settings_of_the_requirements() -> None:
    """R3, R4, R22: seven days, five retries, manual review on, both documents."""
    company = CompanyFactory()
    assert (company.link_days, company.max_retries, company.manual_review) == (7, 5, True)
    assert sorted(company.allowed_documents) == sorted(DocumentChoice.values)


@pytest.mark.parametrize(
    "wrong", [{"link_days": 0}, {"max_retries": 51}, {"minimum_age": 0}, {"minimum_age": 121}, {"allowed_documents": []}]
)
def test_database_refuses_a_company_that_cannot_work(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CompanyFactory(**wrong)


def test_company_knows_its_time_zone() -> None:
    assert CompanyFactory(time_zone="Asia/Tbilisi").zone == ZoneInfo("Asia/Tbilisi")


def test_two_companies_cannot_share_a_name() -> None:
    company = CompanyFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        CompanyFactory(name=company.name)


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": ""},
        {"role": "KING"},
        {"company": None},
        {"is_staff": True},
    ],
)
def test_database_refuses_a_member_without_role_or_company_or_with_an_operators_rights(wrong: dict[str, Any]) -> None:
    """R80, R81: an operator belongs to no company, a member has a role in one."""
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(**wrong)


def test_operator_has_neither_company_nor_role() -> None:
    operator = OperatorFactory()
    assert (operator.company, operator.role, operator.is_master) == (None, "", False)


def test_only_a_master_is_master() -> None:
    """R46: only the master user changes settings."""
    assert (MasterFactory().is_master, UserFactory().is_master) == (True, False)


def test_address_is_stored_in_small_letters_and_unique_in_any_case() -> None:
    user = UserFactory(email="Nino@Example.COM")
    assert user.email == "nino@example.com"
    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="NINO@example.com", company=user.company, role=Role.AGENT).save()


def test_password_is_hashed_and_opens() -> None:
    user = UserFactory(password="a long and quiet one")
    assert "quiet" not in user.password
    assert user.check_password("a long and quiet one")


def test_superuser_is_an_operator() -> None:
    user = User.objects.create_superuser("root@example.com", "a long and quiet one")
    assert (user.is_staff, user.is_superuser, user.company) == (True, True, None)


@pytest.mark.parametrize("wrong", [{"type": ExtraFieldType.CHOICE, "options": []}, {"type": ExtraFieldType.TEXT, "options": ["a"]}])
def test_only_a_choice_has_options_and_it_has_some(wrong: dict[str, Any]) -> None:
    """R45: types of extra fields."""
    with pytest.raises(IntegrityError), transaction.atomic():
        ExtraFieldFactory(**wrong)


def test_extra_field_keys_are_unique_within_a_company_alone() -> None:
    """R45, R81: two companies may use the same key."""
    field = ExtraFieldFactory(key="plan")
    ExtraFieldFactory(key="plan")
    with pytest.raises(IntegrityError), transaction.atomic():
        ExtraFieldFactory(key="plan", company=field.company)


def test_every_score_of_the_thresholds_can_be_set() -> None:
    """R40: a score without its two columns could not be tuned."""
    columns = {field.name for field in ThresholdSet._meta.get_fields()}
    assert {f"{score}_{edge}" for score in SCORES for edge in ("decline", "approve")} <= columns
