import pytest
import redis
from django.conf import settings
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from pytest_django import Settings

from verifyportal import health

CLOSED_PORT = "redis://127.0.0.1:1/0"


@pytest.fixture
def no_heartbeat(db: None) -> None:
    redis.Redis.from_url(settings.REDIS_URL).delete(settings.REDIS_PREFIX + health.HEARTBEAT_KEY)


def test_healthz_answers_without_a_database(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


@pytest.mark.usefixtures("no_heartbeat")
def test_readyz_is_ready_after_a_heartbeat(client: Client) -> None:
    health.heartbeat()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "not_ready": {}})


@pytest.mark.usefixtures("no_heartbeat")
def test_readyz_names_a_silent_worker(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert list(answer.json()["not_ready"]) == ["broker"]
    assert "worker" in answer.json()["not_ready"]["broker"]


@pytest.mark.usefixtures("db")
def test_readyz_names_a_dead_broker_without_its_address(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = CLOSED_PORT
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["not_ready"] == {"broker": "It does not answer."}


@pytest.mark.usefixtures("no_heartbeat")
def test_readyz_names_missing_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", set())
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [("a", False)])
    assert "Migrations" in client.get("/readyz").json()["not_ready"]["database"]


def test_the_heartbeat_fades(no_heartbeat: None) -> None:
    health.heartbeat()
    lasts = redis.Redis.from_url(settings.REDIS_URL).ttl(settings.REDIS_PREFIX + health.HEARTBEAT_KEY)
    assert 0 < int(lasts) <= health.HEARTBEAT_LASTS
