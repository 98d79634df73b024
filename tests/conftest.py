"""The services behind the tests: those that DATABASE_URL and REDIS_URL name, else our own, started when a test first needs them."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from pytest_django import DjangoDbBlocker

from tests import emptying
from verifyportal import env
from verifyportal.celery import app
from verifyportal.dev import lock, postgres, translations, valkey

HOME = Path(env.text("TEST_HOME", str(settings.BASE_DIR / "var" / "test")))


translations.compile_changed(Path(settings.BASE_DIR) / "locale")


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """Start PostgreSQL and Valkey for the first test with a database, unless they are given."""
    started = ExitStack()
    share: list[int] = []
    if not {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys():
        try:
            share.append(lock.hold(HOME / "lock").descriptor)
        except lock.AlreadyHeld as held:
            pytest.exit(f"Process {held.note.get('pid')} runs tests in {HOME}. Wait for it, or set DATABASE_URL and REDIS_URL.", 1)
    if "DATABASE_URL" not in os.environ:
        database = postgres.start(HOME / "postgres", log=HOME / "log" / "postgres.log", durable=False, keep_open=share)
        started.callback(database.stop)
        os.environ["DATABASE_URL"] = database.url  # for the processes that tests start
        connections["default"].settings_dict.update(env.database("DATABASE_URL"))
    if "REDIS_URL" not in os.environ:
        broker = valkey.start(HOME / "valkey", log=HOME / "log" / "valkey.log", keep_open=share)
        started.callback(broker.stop)
        os.environ["REDIS_URL"] = broker.url
        use_broker(broker.url)
    with started:
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The tests' database, whose tables may all be emptied between two tests."""
    with django_db_blocker.unblock():
        emptying.set_triggers("DISABLE")


def use_broker(url: str) -> None:
    """Point the queue and the heartbeat at `url`; settings were read before it was known."""
    settings.REDIS_URL = settings.CELERY_BROKER_URL = url
    app.conf.update(broker_url=url, broker_read_url=url, broker_write_url=url)


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Login limits count in the cache: no test inherits another's count."""
    yield
    cache.clear()
