"""R65: the export opens right in a spreadsheet: LibreOffice reads it and writes what it understood."""

from __future__ import annotations

import csv
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from settings_app.models import Company
from tests.factories import NOW, ExtraFieldFactory, finished_session
from tests.sessions_app.panel.exports import download, rows_of

QUOTED_AS_TEXT = "CSV:44,34,UTF8,1,,0,true,false"
"""How to open it, as the dialog of LibreOffice writes it: comma, quotes, UTF-8, from line 1, what is quoted is text."""

TO_TEXT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
NAMES = (
    "ნინო",
    "محمد",
    "=1+1",
    "@SUM(A1)",
    "＝1+1",
    "\t=1",
    'quote " and, comma',
    "two\nlines",
    "👩🏽‍💻",
    "0012",
    "'t Hooft",
    "1e5",
    "TRUE",
    "3/4",
)


def converted(file: Path) -> list[list[str]]:
    """The cells as LibreOffice shows them. Without LibreOffice this fails: `./run test` installs it."""
    profile = file.with_name("profile").as_uri()
    out = file.with_name("out")
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", f"--infilter={QUOTED_AS_TEXT}", "--convert-to", TO_TEXT]
    subprocess.run([*command, "--outdir", str(out), str(file)], check=True, capture_output=True, timeout=120)
    with (out / file.name).open(encoding="utf-8-sig", newline="") as shown:
        return list(csv.reader(shown))


@pytest.mark.slow
def test_spreadsheet_shows_every_cell_as_it_was_written(panel: Client, company: Company, tmp_path: Path) -> None:
    """R65: no cell is computed, moved to another column, cut, or loses its zeros."""
    ExtraFieldFactory(company=company, key="note", label="Note")
    for number, name in enumerate(NAMES):
        finished_session(
            company=company, now=NOW + timedelta(minutes=number), first_name=name, personal_number="01001012345", match_level=7,
            document_valid=True, extra_values={"note": "a; b, \"c\"\nd"},
        )  # fmt: skip
    file = tmp_path / "export.csv"
    file.write_bytes(download(panel))
    written = rows_of(file.read_bytes())
    shown = converted(file)
    assert shown[0] == list(written[0])
    assert [dict(zip(shown[0], cells, strict=True)) for cells in shown[1:]] == written
