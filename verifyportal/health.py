"""Whether the portal lives (/healthz) and whether it can do its work (/readyz)."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import redis
import structlog
from celery import shared_task
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from verifyportal import pulse

log = structlog.get_logger()

PROBE = bytes(4096)  # a whole block, so that a full disk says so

_migrated: set[str] = set()  # databases seen fully migrated: for one release that stays true, and asking again costs 50 ms


@shared_task(soft_time_limit=5, time_limit=10)
def heartbeat() -> None:
    """It takes beat, the broker and a worker together to renew it."""
    pulse.note_served()
    pulse.forget_the_dead()


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    missing = not_ready()
    answer = JsonResponse({"ready": not missing, "not_ready": missing}, status=503 if missing else 200)
    setattr(answer, "_has_been_logged", True)  # noqa: B010 - Django would write an error at every poll; who polls is told already
    return answer


def not_ready() -> dict[str, str]:
    """Return what is missing, each part with a sentence; empty when everything answers."""
    missing: dict[str, str] = {}
    for name, check in CHECKS.items():
        try:
            missing |= dict(check())
        except (DatabaseError, redis.RedisError, OSError) as error:
            log.warning("not_ready", part=name, error=type(error).__name__)  # its text may hold an address or a user
            missing[name] = SILENT[name]
    return missing


def _database() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    name = str(connection.settings_dict["NAME"])
    if name in _migrated:
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "database", "Migrations are missing: manage.py migrate."
    else:
        _migrated.add(name)


def _queue() -> Iterator[tuple[str, str]]:
    """Tell a dead worker from a dead beat: each gives signs of its own."""
    found = pulse.read()
    beat_lives = found.beat is not None and found.beat.is_fresh
    if not any(worker.is_fresh for worker in found.workers):
        yield "worker", f"No worker has given a sign of life for {pulse.LASTS} s. Start one, or look at its log."
    elif found.unserved:
        yield "queues", f"No living worker serves: {', '.join(found.unserved)}. Start one with these --queues."
    elif beat_lives and found.served_ago is None:
        yield "tasks", f"Beat and worker live, but no task of beat was done for {pulse.LASTS} s: every worker is busy, or hangs."
    if not beat_lives:
        yield "beat", f"Beat has sent nothing for {pulse.LASTS} s. Start it: nobody closes sessions or finds lost work meanwhile."


def _captures() -> Iterator[tuple[str, str]]:
    root = Path(settings.CAPTURE_ROOT)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryFile(dir=root, buffering=0) as probe:
        probe.write(PROBE)
    yield from ()


CHECKS: dict[str, Callable[[], Iterator[tuple[str, str]]]] = {"database": _database, "broker": _queue, "captures": _captures}
SILENT = {
    "database": "It does not answer.",
    "broker": "It does not answer.",
    "captures": "CAPTURE_ROOT cannot be written: it is full, read-only, or belongs to somebody else. No picture can be taken.",
}
"""What it means when a check cannot even ask."""
