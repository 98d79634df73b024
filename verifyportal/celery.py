"""The task queue. PostgreSQL is its truth: what Redis loses, the sweeps enqueue again."""

import os
import signal
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from verifyportal.lifeline import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "verifyportal.settings")
os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # tesseract's threads only wait for each other: with them a card costs 2.6 times the CPU

app = Celery("verifyportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["verifyportal"], related_name="health")


@worker_process_init.connect
def end_with_the_worker(**_: Any) -> None:
    """A pool child whose worker was killed would wait for work for ever."""
    end_with_parent(signal.SIGKILL, os.getppid())
