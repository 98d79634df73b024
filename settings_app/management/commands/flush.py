from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from psycopg.errors import RestrictViolation


class Command(flush.Command):
    """Django's own, with the reason why it does not work on a portal's database."""

    def handle(self, **options: Any) -> None:
        try:
            super().handle(**options)
        except CommandError as failure:
            refused = failure.__cause__.__cause__ if failure.__cause__ else None
            if not isinstance(refused, RestrictViolation):
                raise
            raise CommandError(
                "Nothing was emptied: the audit trail and the tuning journal are append-only, and the database keeps them. "
                "For an empty portal, make a new database."
            ) from failure
