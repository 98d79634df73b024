import pytest
from django.test import Client
from pytest_django import Settings

from settings_app.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough phrase"


def _log_in(client: Client, email: str, password: str) -> int:
    return client.post("/accounts/login/", {"login": email, "password": password}).status_code


@pytest.fixture
def email(settings: Settings) -> str:
    settings.ACCOUNT_RATE_LIMITS = False  # they would answer before the lock that is meant here
    user = UserFactory()
    user.set_password(PASSWORD)
    user.save()
    return str(user.email)


def test_people_log_in_with_their_address_in_any_case(client: Client, email: str) -> None:
    assert _log_in(client, email.upper(), PASSWORD) == 302


def test_guessing_locks_the_address_out_even_with_the_right_password(client: Client, email: str, settings: Settings) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        _log_in(client, email, "a wrong guess")
    assert _log_in(client, email, PASSWORD) == 429


def test_a_lock_hits_the_guesser_alone(client: Client, email: str, settings: Settings) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        _log_in(client, email, "a wrong guess")
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert _log_in(elsewhere, email, PASSWORD) == 302


def test_nobody_opens_an_account_for_himself(client: Client) -> None:
    client.post("/accounts/signup/", {"email": "stranger@example.org", "password1": PASSWORD})
    assert not User.objects.exists()


def test_the_admin_has_no_login_of_its_own(client: Client) -> None:
    answer = client.get("/admin/login/?next=/admin/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
