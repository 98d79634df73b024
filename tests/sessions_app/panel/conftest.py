from __future__ import annotations

import pytest
from django.test import Client

from settings_app.models import Company, User
from tests.factories import CompanyFactory, UserFactory


@pytest.fixture
def company(db: None) -> Company:
    return CompanyFactory(name="Demo Bank", time_zone="Asia/Tbilisi")


@pytest.fixture
def agent(company: Company) -> User:
    return UserFactory(company=company)


@pytest.fixture
def panel(agent: User) -> Client:
    """The browser of an agent of `company`."""
    return logged_in(agent)


@pytest.fixture
def stranger(db: None) -> Client:
    """The browser of an agent of another company."""
    return logged_in(UserFactory())


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
