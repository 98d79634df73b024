"""Sessions as a CSV file of any length: PostgreSQL writes the cells, we pass them on (R65).

One COPY is one snapshot: what a download shows is what was there when it began, however long it takes. Nothing is locked, and one
row is held at a time. The transaction lasts as long as the download, so a slow reader keeps one connection.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.expressions import Combinable
from django.utils.translation import gettext

from sessions_app.export_progress import Progress
from sessions_app.models import VerificationSession
from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import Company, User

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Tells spreadsheets that the file is UTF-8."""

LINE_END = b"\r\n"
CHUNK = 32 * 1024
"""Bytes that are sent at a time: what one step of the web server costs is spread over some hundred rows."""

Columns = Mapping[str, Combinable]


@dataclass(frozen=True, slots=True)
class Export:
    """One file for one person. id: chosen by the page, so that it can ask how far the file is.

    texts: columns that are always in quotes, for spreadsheets that are told to take what is quoted as text.
    """

    id: UUID
    company: Company
    actor: User
    sessions: QuerySet[VerificationSession]
    columns: Columns
    texts: tuple[str, ...] = ()

    @property
    def progress(self) -> Progress:
        return Progress(company_id=self.company.pk, user_id=self.actor.pk, export_id=self.id)


def begin(export: Export, *, filters: list[str], searched: bool, now: datetime) -> None:
    """Leave the trace of an export, which stands before its first byte. filters: the names of those that are set, not their values."""
    audit.record(
        company=export.company,
        kind=AuditKind.SESSIONS_EXPORTED,
        actor=export.actor,
        now=now,
        export=str(export.id),
        filters=" ".join(filters),
        searched=searched,
    )
    export.progress.begin()


def stream(export: Export, *, clock: Callable[[], datetime]) -> Iterator[bytes]:
    """Yield the file and record how it ended.

    A web server may end the answer properly after an error, and then half a file would look whole. So whatever breaks it off
    also writes a last line that says so. clock: the end is minutes after the beginning.
    """
    rows, complete, progress = 0, False, export.progress
    try:
        with closing(copied(export)) as chunks:
            yield BYTE_ORDER_MARK + ",".join(export.columns).encode() + LINE_END
            for chunk, rows in chunks:
                if progress.report(rows):
                    break
                yield chunk
            else:
                complete = True
        if not complete:
            yield broken_off(rows)
    except Exception:
        yield broken_off(rows)
        raise
    finally:
        progress.end(rows, complete=complete)
        audit.record(
            company=export.company,
            kind=AuditKind.EXPORT_ENDED,
            actor=export.actor,
            now=clock(),
            export=str(export.id),
            rows=rows,
            complete=complete,
        )


def copied(export: Export) -> Generator[tuple[bytes, int], None, None]:
    """Yield the lines of all sessions in chunks, each with the number of rows up to its end."""
    try:
        statement, parameters = statement_of(export)
    except EmptyResultSet:  # nothing can match: Django sees it without asking the database
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL DateStyle TO ISO")
        with cursor.copy(statement, parameters) as copy:
            chunk, rows = bytearray(), 0
            for rows, line in enumerate(copy, start=1):  # PostgreSQL sends each row as one message, ended by a line feed
                chunk += line
                chunk[-1:] = LINE_END
                if len(chunk) >= CHUNK:
                    yield bytes(chunk), rows
                    chunk.clear()
            if chunk:
                yield bytes(chunk), rows


def statement_of(export: Export) -> tuple[str, tuple[Any, ...]]:
    """Return the COPY and its parameters. Raises EmptyResultSet when nothing can match."""
    aliases = {name: f"column_{number}" for number, name in enumerate(export.columns)}
    cells = export.sessions.annotate(**{aliases[name]: cell for name, cell in export.columns.items()}).values_list(*aliases.values())
    query, parameters = cells.query.sql_with_params()
    quoted = f", FORCE_QUOTE ({', '.join(aliases[name] for name in export.texts)})" if export.texts else ""
    return f"COPY ({query}) TO STDOUT (FORMAT csv, ENCODING 'UTF8'{quoted})", tuple(parameters)


def broken_off(rows: int) -> bytes:
    """The last line of a file that is not whole."""
    told = gettext("INCOMPLETE: the export broke off after about %(rows)s sessions. Please export again.") % {"rows": f"{rows:,}"}
    return f'"{told}"'.encode() + LINE_END
