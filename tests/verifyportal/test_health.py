"""/healthz and /readyz: what is missing, each part by its own sentence."""

from __future__ import annotations

import errno
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
import redis
from celery.signals import after_task_publish, beat_init
from django.conf import settings as django_settings
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from pytest_django import Settings

from verifyportal import health, pulse

CLOSED_PORT = "redis://127.0.0.1:1/0"
QUEUES = tuple(django_settings.CELERY_TASK_QUEUES)


@pytest.fixture(autouse=True)
def silence(settings: Settings, tmp_path: Path) -> None:
    """Nobody has given a sign of life yet."""
    settings.REDIS_PREFIX = f"{settings.REDIS_PREFIX}health:"
    settings.CAPTURE_ROOT = tmp_path / "captures"
    for key in (pulse.SIGNS, pulse.SERVED):
        pulse.broker().delete(settings.REDIS_PREFIX + key)


@pytest.fixture
def everything_lives(db: None) -> None:
    pulse.give_sign("celery@one", QUEUES)
    pulse.give_sign(pulse.BEAT)
    health.heartbeat()


def missing(client: Client) -> dict[str, str]:
    answer = client.get("/readyz")
    assert answer.status_code == (503 if answer.json()["not_ready"] else 200)
    assert answer.json()["ready"] is not bool(answer.json()["not_ready"])
    return answer.json()["not_ready"]


def fell_silent(name: str, queues: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """The last sign of a process is as old as it may not be."""
    with monkeypatch.context() as past:
        moment = time.time() - pulse.LASTS - 1
        past.setattr(time, "time", lambda: moment)
        pulse.give_sign(name, queues)


def test_healthz_answers_without_a_database(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


@pytest.mark.usefixtures("everything_lives")
def test_readyz_is_ready_when_everything_lives(client: Client) -> None:
    assert missing(client) == {}


@pytest.mark.usefixtures("everything_lives")
def test_readyz_tells_a_dead_worker_from_a_dead_beat(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    fell_silent("celery@one", QUEUES, monkeypatch)
    assert list(missing(client)) == ["worker"]


@pytest.mark.usefixtures("everything_lives")
def test_readyz_tells_a_dead_beat_from_a_dead_worker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    fell_silent(pulse.BEAT, (), monkeypatch)
    assert list(missing(client)) == ["beat"]


@pytest.mark.usefixtures("db")
def test_readyz_names_both_where_nothing_ever_ran(client: Client) -> None:
    assert list(missing(client)) == ["worker", "beat"]


@pytest.mark.usefixtures("everything_lives")
def test_readyz_names_the_queue_that_no_living_worker_serves(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    pulse.give_sign("celery@one", ("inspect", "sweeps"))
    fell_silent("celery@two", ("verify",), monkeypatch)
    assert missing(client) == {"queues": "No living worker serves: verify. Start one with these --queues."}


@pytest.mark.usefixtures("everything_lives")
def test_readyz_names_workers_that_live_and_do_nothing(client: Client) -> None:
    pulse.broker().delete(django_settings.REDIS_PREFIX + pulse.SERVED)
    assert list(missing(client)) == ["tasks"]


@pytest.mark.usefixtures("everything_lives")
def test_readyz_names_a_dead_broker_without_its_address(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = CLOSED_PORT
    assert missing(client) == {"broker": "It does not answer."}


@pytest.mark.usefixtures("everything_lives")
def test_readyz_names_missing_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", set())
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [("a", False)])
    assert "Migrations" in missing(client)["database"]


@pytest.mark.usefixtures("everything_lives")
def test_readyz_names_a_store_of_pictures_that_is_no_folder(client: Client, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    settings.CAPTURE_ROOT = tmp_path / "file" / "captures"
    assert list(missing(client)) == ["captures"]


@pytest.mark.usefixtures("everything_lives")
def test_readyz_names_a_full_disk(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    assert "full" in missing(client)["captures"]


@pytest.mark.usefixtures("everything_lives")
def test_probe_of_the_store_leaves_nothing_behind(client: Client, settings: Settings) -> None:
    missing(client)
    assert list(Path(settings.CAPTURE_ROOT).iterdir()) == []


def test_the_heartbeat_fades() -> None:
    health.heartbeat()
    lasts = pulse.broker().ttl(django_settings.REDIS_PREFIX + pulse.SERVED)
    assert 0 < int(lasts) <= pulse.LASTS


def test_worker_that_was_silent_for_a_week_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "KEPT", 0)
    fell_silent("celery@gone", QUEUES, monkeypatch)
    pulse.forget_the_dead()
    assert pulse.read().workers == ()


def test_sign_of_life_without_a_broker_stops_nobody(settings: Settings) -> None:
    settings.REDIS_URL = CLOSED_PORT
    pulse.give_sign("celery@one", QUEUES)
    with pytest.raises(redis.RedisError):
        pulse.read()


def test_beat_gives_a_sign_whenever_it_sends_a_task() -> None:
    """Only in its own process: other processes send tasks too."""
    after_task_publish.send(sender="any task")
    assert pulse.read().beat is None
    beat_init.send(sender=None)
    try:
        after_task_publish.send(sender="any task")
        beat = pulse.read().beat
        assert beat is not None
        assert beat.is_fresh
    finally:
        after_task_publish.disconnect(pulse.beat_lives)


def test_worker_names_the_queues_that_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    class Heart:
        class eventer:
            hostname = "celery@one"

    pulse.worker_lives(sender=Heart)
    (worker,) = pulse.read().workers
    assert (worker.name, worker.queues) == ("celery@one", QUEUES)
