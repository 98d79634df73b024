"""The services behind the tests: those that DATABASE_URL and REDIS_URL name, else our own, started when a test first needs them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections

HOME = Path(settings.BASE_DIR) / "var" / "test"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Start PostgreSQL and Valkey for the first test with a database, unless they are given."""
    if "DATABASE_URL" not in os.environ:
        from verifyportal import env
        from verifyportal.dev import postgres

        database = postgres.start(HOME / "postgres", log=HOME / "log" / "postgres.log", durable=False)
        request.addfinalizer(database.stop)
        os.environ["DATABASE_URL"] = database.url  # for the processes that tests start
        connections["default"].settings_dict.update(env.database("DATABASE_URL"))
    if "REDIS_URL" not in os.environ:
        from verifyportal.dev import valkey

        broker = valkey.start(HOME / "valkey", log=HOME / "log" / "valkey.log")
        request.addfinalizer(broker.stop)
        os.environ["REDIS_URL"] = broker.url
        use_broker(broker.url)


def use_broker(url: str) -> None:
    """Point the queue and the heartbeat at `url`; settings were read before it was known."""
    from verifyportal.celery import app

    settings.REDIS_URL = settings.CELERY_BROKER_URL = url
    app.conf.broker_url = app.conf.broker_read_url = app.conf.broker_write_url = url


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Login limits count in the cache: no test inherits another's count."""
    yield
    cache.clear()
