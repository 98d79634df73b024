"""The task queue. PostgreSQL is its truth: what Redis loses, the sweeps enqueue again."""

import os
import signal
from functools import partial
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from verifyportal.lifeline import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "verifyportal.settings")
os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # tesseract's threads only wait for each other: with them a card costs 2.6 times the CPU

RECONNECT_EVERY = 3  # seconds


class Portal(Celery):
    """Celery whose workers come back soon after their broker: left alone, they ask more and more rarely, at last every 30 s."""

    def connection_for_read(self, *args: Any, **kwargs: Any) -> Any:
        connection = super().connection_for_read(*args, **kwargs)
        connection.ensure_connection = partial(connection.ensure_connection, interval_max=RECONNECT_EVERY)  # type: ignore[method-assign]
        return connection


app = Portal("verifyportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["verifyportal"], related_name="health")


@worker_process_init.connect
def end_with_the_worker(**_: Any) -> None:
    """A pool child whose worker was killed would wait for work for ever."""
    end_with_parent(signal.SIGKILL, os.getppid())
