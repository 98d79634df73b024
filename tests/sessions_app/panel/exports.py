"""What tests of the export share: its file as a spreadsheet reads it, and the protection taken away again."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from django.test import Client

HEADER = (
    "Personal Number,First Name,Last Name,Document Number,Birth Date,Nationality,Sex,Expiration Date,Verified,Document Valid,"
    "Liveness Status,Match Level,Creation time,Completion time,Partner,Session ID,Extra,Document type,Client IP,Device,Browser,OS,"
    "Model,Attempts"
)
PROTECTED = re.compile(r"'(?='*(?:[\t\n\r]|[\s\x01-\x20'\u200b-\u200f\ufeff]*[=+\-@＝＋－＠]))")


def download(panel: Client, **query: Any) -> bytes:
    """The whole file."""
    answer = panel.get("/sessions/export.csv", query)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def rows_of(file: bytes) -> list[dict[str, str]]:
    """The sessions of a file by column, read by Python's own reader."""
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))


def unprotected(cell: str) -> str:
    """What stood there before a protective apostrophe was put in front."""
    return cell[1:] if PROTECTED.match(cell) else cell
