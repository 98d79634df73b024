"""The two servers behind the portal: those that DATABASE_URL and REDIS_URL name, else our own in the portal's directory."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from verifyportal.dev import postgres, secret_values, valkey

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def running(home: Path, *, keep_open: Sequence[int] = ()) -> Iterator[dict[str, str]]:
    """Run what is not given, and yield the environment in which the portal's processes start."""
    with ExitStack() as started:
        environment = {**base_environment(home), **os.environ}
        if "DATABASE_URL" not in os.environ:
            database = postgres.start(home / "postgres", log=home / "log" / "postgres.log", keep_open=keep_open)
            started.callback(database.stop)
            environment["DATABASE_URL"] = database.url
        if "REDIS_URL" not in os.environ:
            broker = valkey.start(home / "valkey", log=home / "log" / "valkey.log", keep_open=keep_open)
            started.callback(broker.stop)
            environment["REDIS_URL"] = broker.url
        yield environment


def base_environment(home: Path) -> dict[str, str]:
    """Return what a portal in `home` needs to know besides its servers; the caller's own variables take precedence."""
    values = secret_values.load(home / "secrets.env")
    return {
        "SECRET_KEY": values["SECRET_KEY"],
        "MASTER_KEYS": values["MASTER_KEYS"],
        "CAPTURE_ROOT": str(home / "captures"),
        "DEMO_ROOT": str(home / "demo"),
        "STATIC_ROOT": str(home / "static"),
        "LOG_JSON": "0",
        "ACCEPT_SPECIMENS": "1",  # a demonstration: its people show documents of Utopia
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "verifyportal.settings",
        "OMP_NUM_THREADS": "1",  # as many processes as cores, so one thread in each
    }


def worker_environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, "DATABASE_CONN_MAX_AGE": "0"}
