"""The composition root: settings, addresses, the task queue, and what every page shares."""

from verifyportal.celery import app as celery_app

__all__ = ["celery_app"]
