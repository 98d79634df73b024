"""Small CSV files that any spreadsheet opens rightly: marked as UTF-8, and without anything that it would take for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from sessions_app.export import BYTE_ORDER_MARK
from sessions_app.panel.export_columns import FORMULA

RISKY = re.compile(FORMULA)


def answer(name: str, header: Sequence[str], rows: Iterable[Sequence[str]] = ()) -> HttpResponse:
    """Answer with a file to save. Every cell is in quotes, so that a spreadsheet can be told to leave leading zeros alone."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    csv.writer(out).writerow(header)
    writer.writerows([protected(cell) for cell in row] for row in rows)
    file = HttpResponse(BYTE_ORDER_MARK + out.getvalue().encode(), content_type="text/csv; charset=utf-8")
    file["Content-Disposition"] = content_disposition_header(True, name)  # names in every script
    file["Cache-Control"] = "private, no-store"
    return file


def protected(cell: str) -> str:
    """Put an apostrophe before what may be taken for a formula, as the export does."""
    return f"'{cell}" if RISKY.match(cell) else cell
