"""Logging: one line an event, for people or as JSON, without personal data and without secrets.

Events carry ids. As a second line of defence, fields that name a person are dropped and the token in a link is blotted out.
"""

import re
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

PERSONAL = frozenset({"name", "first_name", "last_name", "email", "username", "password", "phone", "ip_address", "birth_date"})
PERSONAL |= {"personal_number", "document_number", "token", "link", "url"}
LINK_TOKEN = re.compile(r"(/(?:v|phone|join)/)[\w~-]{16,}")  # the links of sessions, of phones to them, and of invitations


def without_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Drop personal fields and replace tokens in every text."""
    kept = {key: value for key, value in event.items() if key not in PERSONAL}
    return {key: LINK_TOKEN.sub(r"\1…", value) if isinstance(value, str) else value for key, value in kept.items()}


def configuration(*, as_json: bool, level: str) -> dict[str, Any]:
    """Configure structlog and return Django's LOGGING, so that the libraries' lines look like ours."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_personal_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Processor = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    last: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": structlog.stdlib.ProcessorFormatter, "foreign_pre_chain": shared, "processors": last}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "celery.app.trace": {"level": "WARNING"},  # a line for every heartbeat tells nothing
            "celery.worker.strategy": {"level": "WARNING"},
            "axes": {"level": "ERROR"},  # its lines name the person who failed to log in
        },
    }
