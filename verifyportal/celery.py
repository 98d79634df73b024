"""The task queue. PostgreSQL is its truth: what Redis loses, the sweeps enqueue again."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "verifyportal.settings")

app = Celery("verifyportal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["verifyportal"], related_name="health")
