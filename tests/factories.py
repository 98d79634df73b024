"""The least that is valid of each model. Sessions are born through `creation`, as in the product."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from sessions_app import creation
from sessions_app.choices import Outcome
from sessions_app.models import VerificationSession
from settings_app import keys
from settings_app.choices import Role
from settings_app.models import Company, ExtraField, User

NOW = datetime(2026, 11, 22, 10, 5, tzinfo=UTC)
PASSWORD = "a quiet instrument"


class CompanyFactory(DjangoModelFactory):
    """A company with its key."""

    class Meta:
        model = Company

    name = factory.Sequence(lambda number: f"Company {number}")
    created_at = NOW

    @classmethod
    def _create(cls, model_class: type[Company], *args: Any, **kwargs: Any) -> Company:
        company = model_class(*args, **kwargs)
        keys.give_key(company)
        company.save(force_insert=True)
        return company


class UserFactory(DjangoModelFactory):
    """An agent of a company of his own; `MasterFactory` and `OperatorFactory` for the others."""

    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"user{number}@example.com")
    company = factory.SubFactory(CompanyFactory)
    role = Role.AGENT

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **{"password": PASSWORD, **kwargs})


class MasterFactory(UserFactory):
    role = Role.MASTER


class OperatorFactory(UserFactory):
    company = None
    role = ""
    is_staff = True
    is_superuser = True


class ExtraFieldFactory(DjangoModelFactory):
    class Meta:
        model = ExtraField

    company = factory.SubFactory(CompanyFactory)
    key = factory.Sequence(lambda number: f"field-{number}")
    label = factory.Sequence(lambda number: f"Field {number}")


class SessionFactory(DjangoModelFactory):
    """An unopened session. `SessionFactory.with_token(...)` also returns the secret of its link."""

    class Meta:
        model = VerificationSession

    company = factory.SubFactory(CompanyFactory)
    created_by = None
    now = NOW

    @classmethod
    def _create(cls, model_class: type[VerificationSession], *args: Any, **kwargs: Any) -> VerificationSession:
        return creation.create_session(**kwargs)[0]

    @classmethod
    def with_token(cls, **kwargs: Any) -> tuple[VerificationSession, str]:
        return creation.create_session(
            **{"company": kwargs.pop("company", None) or CompanyFactory(), "created_by": None, "now": NOW, **kwargs}
        )


def finished_session(outcome: Outcome = Outcome.APPROVE, **columns: Any) -> VerificationSession:
    """A session as the list meets it, with its outcome and result columns, without the captures that led there."""
    born = {name: columns.pop(name) for name in ("company", "now", "market", "reference", "extra_values") if name in columns}
    session = SessionFactory(**born)
    defaults: dict[str, Any] = {"outcome": outcome, "opened_at": session.created_at, "closed_at": session.created_at}
    if outcome == Outcome.PENDING:
        defaults["closed_at"] = None
    if outcome == Outcome.EXPIRED:
        defaults["opened_at"] = None
    VerificationSession.objects.filter(pk=session.pk).update(**{**defaults, **columns})
    session.refresh_from_db()
    return session
