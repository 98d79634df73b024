"""Whether the portal lives (/healthz) and whether it can do its work (/readyz)."""

import time
from collections.abc import Callable

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

log = structlog.get_logger()

HEARTBEAT_KEY = "heartbeat"
HEARTBEAT_LASTS = 30  # seconds; beat sends one every 5, and a worker may be busy with a capture
BROKER_PATIENCE = 0.5  # seconds

_migrated: set[str] = set()  # databases seen fully migrated: for one release that stays true, and asking again costs 50 ms


@shared_task(soft_time_limit=5, time_limit=10)
def heartbeat() -> None:
    """Leave a trace that soon fades. It takes beat, the broker and a worker together to renew it."""
    _redis().set(settings.REDIS_PREFIX + HEARTBEAT_KEY, int(time.time()), ex=HEARTBEAT_LASTS)


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
    checks: tuple[tuple[str, Callable[[], str | None]], ...] = (
        ("database", _database),
        ("broker", _broker),
    )
    missing: dict[str, str] = {}
    for name, check in checks:
        try:
            problem = check()
        except (DatabaseError, redis.RedisError) as error:
            log.warning("not_ready", part=name, error=type(error).__name__)  # its text may hold an address or a user
            problem = "It does not answer."
        if problem:
            missing[name] = problem
    return missing


def _database() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    name = str(connection.settings_dict["NAME"])
    if name in _migrated:
        return None
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return "Migrations are missing: manage.py migrate."
    _migrated.add(name)
    return None


def _broker() -> str | None:
    if _redis().exists(settings.REDIS_PREFIX + HEARTBEAT_KEY):
        return None
    return f"It answers, but no worker has served a task of beat within {HEARTBEAT_LASTS} s."


def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=BROKER_PATIENCE, socket_timeout=BROKER_PATIENCE)
