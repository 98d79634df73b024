"""Signs of life that workers and beat leave in the broker, each for itself, so that it is known which of them is missing."""

import json
import time
from dataclasses import dataclass
from typing import Any

import redis
import structlog
from celery import current_app
from celery.signals import after_task_publish, beat_init, heartbeat_sent
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

LASTS = 30  # seconds; workers give a sign every 2, beat every 5, and a worker may be busy with a capture
KEPT = 7 * 24 * 3600  # seconds; who was silent for longer is forgotten
PATIENCE = 0.5  # seconds

SIGNS = "pulse"
"""A hash: who gave a sign, and when, in seconds since the epoch."""
SERVED = "heartbeat"
"""Written by a task of beat: it takes beat, the broker and a worker together."""
BEAT = "beat"


@dataclass(frozen=True, slots=True)
class Sign:
    """The last sign of life of a process. ago: seconds. queues: those that a worker serves; none for beat."""

    name: str
    ago: float
    queues: tuple[str, ...] = ()

    @property
    def is_fresh(self) -> bool:
        return self.ago <= LASTS


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the broker knows: signs of workers, the last freshest first, and of beat; age of the last task of beat; tasks in each queue."""

    workers: tuple[Sign, ...]
    beat: Sign | None
    served_ago: float | None
    waiting: dict[str, int]

    @property
    def unserved(self) -> list[str]:
        """Queues that no living worker serves."""
        served = {queue for worker in self.workers if worker.is_fresh for queue in worker.queues}
        return [queue for queue in self.waiting if queue not in served]


def broker() -> redis.Redis:
    """A client that would rather fail than wait."""
    patience = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
    return redis.Redis.from_url(settings.REDIS_URL, retry=Retry(NoBackoff(), 0), **patience)


def read() -> Pulse:
    """Ask the broker. Raises redis.RedisError."""
    queues, prefix = list(settings.CELERY_TASK_QUEUES), settings.REDIS_PREFIX
    asked = broker().pipeline(transaction=False)
    asked.hgetall(prefix + SIGNS).get(prefix + SERVED)
    for queue in queues:
        asked.llen(prefix + queue)
    found, served, *lengths = asked.execute()
    now = time.time()
    signs = [Sign(name.decode(), max(0.0, now - given["at"]), tuple(given["queues"])) for name, given in _parsed(found)]
    return Pulse(
        workers=tuple(sorted((sign for sign in signs if sign.name != BEAT), key=lambda sign: sign.ago)),
        beat=next((sign for sign in signs if sign.name == BEAT), None),
        served_ago=None if served is None else max(0.0, now - float(served)),
        waiting=dict(zip(queues, map(int, lengths), strict=True)),
    )


def note_served() -> None:
    """Leave the trace of a task of beat. It fades by itself."""
    broker().set(settings.REDIS_PREFIX + SERVED, int(time.time()), ex=LASTS)


def give_sign(name: str, queues: tuple[str, ...] = ()) -> None:
    """Say that a process lives. When nobody listens, its silence is the message."""
    try:
        broker().hset(settings.REDIS_PREFIX + SIGNS, name, json.dumps({"at": time.time(), "queues": queues}))
    except redis.RedisError as error:
        log.warning("no_sign_of_life_given", process=name, error=type(error).__name__)


def forget_the_dead() -> None:
    """Containers come with new names; the old ones need not be kept for ever."""
    key, limit = settings.REDIS_PREFIX + SIGNS, time.time() - KEPT
    gone = [name for name, given in _parsed(broker().hgetall(key)) if given["at"] < limit]
    if gone:
        broker().hdel(key, *gone)


def _parsed(found: Any) -> list[tuple[bytes, dict[str, Any]]]:
    return [(name, json.loads(given)) for name, given in found.items()]


@heartbeat_sent.connect
def worker_lives(sender: Any, **_: Any) -> None:
    """Called by a worker's main process every two seconds, however busy its children are."""
    give_sign(sender.eventer.hostname, tuple(current_app.amqp.queues.consume_from))


@beat_init.connect
def watch_beat(**_: Any) -> None:
    after_task_publish.connect(beat_lives)


def beat_lives(**_: Any) -> None:
    """Called in beat's process alone, whenever it has sent a task."""
    give_sign(BEAT)
