"""The parts of the installation: database, broker, beat, workers by queue, and the disk of the pictures."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import celery
import django
import redis
import structlog
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from sessions_app.choices import AttemptState, CaptureState
from sessions_app.models import Attempt, Capture
from sessions_app.operators.figures import Figure, counted, span, type_of_text
from verifyportal import pulse
from verifyportal.pulse import Pulse, Sign

log = structlog.get_logger(__name__)

MOST = 1000
"""Rows that are counted; beyond that the number changes nothing about what to do."""

LONG_WAIT = 30
"""Seconds that a person waits for his picture to be looked at before he doubts."""

LEAST_FREE = 20 * 1024**3
"""Bytes, or a tenth of a small disk: time to make room, well before uploads fail."""

QUEUES = {
    "inspect": _("Its workers look at each picture while the person takes the next one."),
    "verify": _("Its workers decide what was submitted."),
    "sweeps": _("Its workers do what beat calls for."),
}


def read_pulse() -> Pulse | None:
    """None: the broker does not answer."""
    try:
        return pulse.read()
    except redis.RedisError as error:
        log.warning("no_pulse", error=type(error).__name__)
        return None


def parts(found: Pulse | None) -> Iterator[Figure]:
    yield Figure(_("Database"), _("answers"), _("Without it this page would not come at all; then ask /readyz."))
    yield _broker(found)
    yield _beat(found)
    if found is not None:
        yield _served(found)
    yield _disk()


def _broker(found: Pulse | None) -> Figure:
    means = _("Redis or Valkey carries tasks to the workers. What it loses is found again in the database.")
    if found is None:
        advice = _("Start Redis or Valkey, or look at REDIS_URL. People can go on taking pictures; they wait until it is back.")
        return Figure(_("Broker"), _("does not answer"), means, advice)
    return Figure(_("Broker"), _("answers"), means)


def _beat(found: Pulse | None) -> Figure:
    means = _("Beat calls the sweeps. Expired links stay closed without it; only outcomes and lost work wait.")
    if found is None:
        return Figure(_("Beat"), _("unknown"), means)
    if found.beat is None or not found.beat.is_fresh:
        value = _("never seen") if found.beat is None else _("silent for %(span)s") % {"span": span(found.beat.ago)}
        advice = _("Start beat. Until then run “manage.py sweep” every minute: it does the same work by hand.")
        return Figure(_("Beat"), value, means, advice)
    return Figure(_("Beat"), _("sent a task %(span)s ago") % {"span": span(found.beat.ago)}, means)


def queues(found: Pulse | None, *, now: datetime) -> Iterator[Figure]:
    """For each queue: who serves it, what waits in the broker, and what waits in the database, which is the truth."""
    captures = Capture.objects.current().filter(state=CaptureState.WAITING)
    attempts = Attempt.objects.filter(state=AttemptState.PROCESSING)
    yield _queue("inspect", found, *_waiting(captures, "created_at", now=now))
    yield _queue("verify", found, *_waiting(attempts, "submitted_at", now=now))
    yield _queue("sweeps", found, None, 0.0)


def _waiting(work: QuerySet[Capture] | QuerySet[Attempt], since: str, *, now: datetime) -> tuple[int, float]:
    """How much waits, and for how many seconds the oldest does."""
    oldest = work.order_by(since).values_list(since, flat=True).first()
    return work[: MOST + 1].count(), (now - oldest).total_seconds() if oldest else 0.0


def _queue(name: str, found: Pulse | None, waiting: int | None, longest: float) -> Figure:
    said: list[type_of_text] = []
    if found is not None:
        said += [_served_by([worker for worker in found.workers if name in worker.queues])]
        said += [_("%(number)s in the broker") % {"number": f"{found.waiting[name]:,}"}]
    if waiting is not None:
        said.append(_("%(number)s in the database") % {"number": counted(waiting, most=MOST)})
    if waiting:
        said.append(_("the oldest for %(span)s") % {"span": span(longest)})
    return Figure(name, ", ".join(map(str, said)), QUEUES[name], _help_for(name, found, longest))


def _served_by(workers: list[Sign]) -> type_of_text:
    if not workers:
        return _("no worker")
    alive = sum(worker.is_fresh for worker in workers)
    if alive > 1:
        return _("%(number)s workers answer") % {"number": alive}
    return _("%(name)s answered %(span)s ago") % {"name": workers[0].name, "span": span(workers[0].ago)}


def _help_for(name: str, found: Pulse | None, longest: float) -> str:
    if found is not None and name in found.unserved:
        return str(_("Start a worker with --queues %(queue)s, or look at its log. What waits is not lost.") % {"queue": name})
    if longest > LONG_WAIT:
        return str(_("People are waiting. Start more workers, or look for one that hangs."))
    return ""


def _served(found: Pulse) -> Figure:
    means = _("A small task of beat, done every few seconds: it takes beat, the broker and a worker together.")
    if found.served_ago is not None:
        return Figure(_("Tasks"), _("the last of beat done %(span)s ago") % {"span": span(found.served_ago)}, means)
    lives = any(worker.is_fresh for worker in found.workers) and found.beat is not None and found.beat.is_fresh
    advice = _("Beat and worker live, but do nothing: every child is busy, or hangs. Add workers; restart the one that hangs.")
    return Figure(_("Tasks"), _("none done for %(span)s") % {"span": span(pulse.LASTS)}, means, advice if lives else "")


def _disk() -> Figure:
    means = _("CAPTURE_ROOT, where the encrypted pictures lie.")
    try:
        usage = shutil.disk_usage(Path(settings.CAPTURE_ROOT))
    except OSError:
        advice = _("Mount CAPTURE_ROOT, or create it. No picture can be taken or looked at.")
        return Figure(_("Pictures"), _("not to be found"), means, advice)
    value = _("%(free)s of %(total)s free") % {"free": filesizeformat(usage.free), "total": filesizeformat(usage.total)}
    if usage.free < min(LEAST_FREE, usage.total / 10):
        return Figure(_("Pictures"), value, means, _("Make room or enlarge the disk: when it is full, nobody can take a picture."))
    return Figure(_("Pictures"), value, means)


def versions() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (postgres,) = cursor.fetchone()
    return (
        f"Python {platform.python_version()} · Django {django.get_version()} · Celery {celery.__version__} · "
        f"PostgreSQL {postgres.split()[0]} · {settings.FACE_ENGINE}"
    )
