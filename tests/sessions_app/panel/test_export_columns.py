"""R65: the 24 columns, each with its edges, and cells that would do harm."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from sessions_app.choices import Outcome
from sessions_app.models import VerificationSession
from settings_app.models import Company
from tests.factories import CompanyFactory, ExtraFieldFactory, UserFactory, finished_session
from tests.sessions_app.panel.conftest import logged_in
from tests.sessions_app.panel.exports import HEADER, download, rows_of, unprotected

GOLDEN = Path(__file__).with_name("golden_export.csv")
BORN = datetime(2026, 3, 9, 20, 59, 59, 999_999, tzinfo=UTC)  # 10 March 00:59:59 in Tbilisi


def identified(company: Company, **columns: Any) -> VerificationSession:
    """A session of which everything is known."""
    given: dict[str, Any] = {
        "now": BORN, "closed_at": BORN + timedelta(minutes=7), "document_kind": "PASSPORT", "first_name": "ნინო", "last_name": "ბერიძე",
        "personal_number": "01001012345", "document_number": "0012AB345", "birth_date": date(1990, 2, 1), "nationality": "GEO", "sex": "F",
        "expiry_date": date(2031, 12, 5), "document_valid": True, "liveness_passed": True, "match_level": 7, "client_ip": "2001:db8::7",
        "device": "Mobile", "browser": "Chrome Mobile 142", "os": "Android 16", "device_model": "Pixel 9", "result_attempt": 2,
    }  # fmt: skip
    return finished_session(**{"company": company, **given, **columns})


def cells(panel: Client) -> dict[str, str]:
    """The only session of the file."""
    (row,) = rows_of(download(panel))
    return row


def test_file_is_to_the_byte_what_it_was(panel: Client, company: Company) -> None:
    """R65: all 24 columns in order and spelling, byte order mark, CRLF, quotes, unknown cells empty."""
    ExtraFieldFactory(company=company, key="phone", label="Phone", position=2)
    ExtraFieldFactory(company=company, key="note", label="Note", position=1)
    ids = [f"00000000-0000-4000-8000-00000000000{number}" for number in range(3)]
    identified(company, public_id=ids[0], extra_values={"phone": "+995 555 12 34 56", "note": 'said "yes", twice\nand left'})
    identified(company, public_id=ids[1], now=BORN - timedelta(days=1), outcome=Outcome.DECLINE, first_name="=cmd|' /C calc'!A0", sex="M",
               document_kind="ID_CARD", document_valid=False, liveness_passed=False, match_level=0, device="PC",
               extra_values={})  # fmt: skip
    finished_session(Outcome.PENDING, company=company, now=BORN - timedelta(days=2), public_id=ids[2])
    assert download(panel) == GOLDEN.read_bytes()


def test_header_has_the_columns_in_order_and_spelling(panel: Client) -> None:
    """R65: also when nothing else is in the file."""
    assert download(panel) == b"\xef\xbb\xbf" + HEADER.encode() + b"\r\n"


@pytest.mark.parametrize(
    ("outcome", "verified"),
    [("APPROVE", "TRUE"), ("DECLINE", "FALSE"), ("ABANDONED", "FALSE"), ("EXPIRED", "FALSE"), ("CANCELLED", "FALSE"), ("PENDING", ""),
     ("REVIEW", "")],
)  # fmt: skip
def test_verified_is_unknown_until_somebody_decides(panel: Client, company: Company, outcome: str, verified: str) -> None:
    """R63, R65."""
    finished_session(Outcome(outcome), company=company)
    assert cells(panel)["Verified"] == verified


@pytest.mark.parametrize(
    ("columns", "column", "cell"),
    [
        ({"document_valid": True}, "Document Valid", "TRUE"),
        ({"document_valid": False}, "Document Valid", "FALSE"),
        ({"document_valid": None}, "Document Valid", ""),
        ({"liveness_passed": True}, "Liveness Status", "1"),
        ({"liveness_passed": False}, "Liveness Status", "0"),
        ({"liveness_passed": None}, "Liveness Status", ""),
        ({"match_level": 0}, "Match Level", "0"),
        ({"match_level": 7}, "Match Level", "7"),
        ({"match_level": None}, "Match Level", ""),
        ({"sex": "M"}, "Sex", "male"),
        ({"sex": "F"}, "Sex", "female"),
        ({"sex": "X"}, "Sex", ""),
        ({"document_kind": "PASSPORT"}, "Document type", "passport"),
        ({"document_kind": "ID_CARD"}, "Document type", "ID"),
        ({"document_kind": "ID_CARD", "chosen_document": "PASSPORT"}, "Document type", "ID"),
        ({"document_kind": "", "chosen_document": "PASSPORT"}, "Document type", "passport"),
        ({"document_kind": "", "chosen_document": ""}, "Document type", ""),
        ({"device": "Mobile"}, "Device", "Mobile"),
        ({"device": "PC"}, "Device", "PC"),
        ({"result_attempt": 0}, "Attempts", "0"),
        ({"result_attempt": 6}, "Attempts", "6"),
        ({"birth_date": date(1901, 1, 9)}, "Birth Date", "1901-01-09"),
        ({"expiry_date": date(2099, 12, 31)}, "Expiration Date", "12-31-99"),
        ({"expiry_date": None}, "Expiration Date", ""),
        ({"client_ip": "198.51.100.7"}, "Client IP", "198.51.100.7"),
        ({"client_ip": None}, "Client IP", ""),
        ({"personal_number": "00000000001"}, "Personal Number", "00000000001"),
        ({"document_number": "007"}, "Document Number", "007"),
    ],
)  # fmt: skip
def test_cell_follows_its_rule(panel: Client, company: Company, columns: dict[str, Any], column: str, cell: str) -> None:
    """R65: unknown is empty, leading zeros stay."""
    identified(company, **columns)
    assert cells(panel)[column] == cell


@pytest.mark.parametrize(
    ("zone", "created"),
    [("Asia/Tbilisi", "2026-03-10 00:59:59"), ("UTC", "2026-03-09 20:59:59"), ("America/New_York", "2026-03-09 16:59:59")],
)
def test_times_are_those_of_the_company_without_fractions(panel: Client, company: Company, zone: str, created: str) -> None:
    """R65: cut, not rounded, so that no session ends on the next day."""
    Company.objects.update(time_zone=zone)
    identified(company)
    assert cells(panel)["Creation time"] == created


def test_session_that_is_open_has_no_completion(panel: Client, company: Company) -> None:
    finished_session(Outcome.PENDING, company=company)
    assert cells(panel)["Completion time"] == ""


def test_extra_fields_stand_in_the_order_of_the_company(panel: Client, company: Company) -> None:
    """R45, R65: empty ones are left out."""
    for position, key in ((3, "a"), (1, "b"), (2, "c")):
        ExtraFieldFactory(company=company, key=key, label=f"Field {key}", position=position)
    finished_session(company=company, extra_values={"a": "1", "b": "2", "c": ""})
    assert cells(panel)["Extra"] == "Field b: 2; Field a: 1"


def test_partner_is_the_company(panel: Client, company: Company) -> None:
    finished_session(company=company)
    assert cells(panel)["Partner"] == "Demo Bank"


HARMFUL = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\u3000=1", "\u200b=1", "\ufeff=1", "\x0b=1", "＝1+1", "＋1",
    "－1", "＠A1", " ＝1", "\tplain", "\rplain", "\nplain", "'=1", "''@1", "' =1", "  \t -1",
)  # fmt: skip


def test_no_cell_begins_like_a_formula(panel: Client, company: Company) -> None:
    """R65: an apostrophe goes before it, and taken away gives back what was there."""
    written = first_names(panel, company, HARMFUL)
    assert [(cell[0], unprotected(cell)) for cell in written] == [("'", value) for value in HARMFUL]


def first_names(panel: Client, company: Company, values: Iterable[str]) -> list[str]:
    """Sessions with these first names, the newest with the first, as the file has them."""
    for number, value in enumerate(values):
        identified(company, now=BORN - timedelta(minutes=number), first_name=value)
    return [row["First Name"] for row in rows_of(download(panel))]


FOREIGN = ("personal_number", "first_name", "last_name", "document_number", "browser", "os", "device_model")


def test_every_text_that_somebody_else_wrote_is_protected(panel: Client, company: Company) -> None:
    """R65: what a document prints and what a browser claims."""
    identified(company, **dict.fromkeys(FOREIGN, "=1+1"))
    assert list(cells(panel).values()).count("'=1+1") == len(FOREIGN)


@pytest.mark.django_db
def test_label_and_company_that_begin_like_formulas_are_protected() -> None:
    """R65: Extra begins with a label, Partner is the company's name."""
    company = CompanyFactory(name="=Bank")
    ExtraFieldFactory(company=company, key="a", label="@ home")
    finished_session(company=company, extra_values={"a": "yes"})
    row = cells(logged_in(UserFactory(company=company)))
    assert (row["Extra"], row["Partner"]) == ("'@ home: yes", "'=Bank")


HARMLESS = (
    'quote " and "" more', "comma, semicolon; tab\tinside", "line\nbreak", "carriage\r\nreturn", "\x01\x1b\x7f control", "x" * 120,
    "محمد حداد",    "👩🏽‍💻 emoji", "0012", "'t Hooft", "O'Neill", "\\.", "\\N", "NULL", "TRUE", "1e5", "2026-03-10", "trailing blank ",
    "ნინო", "é", "a=1",
    "\u202eright to left", '"', '""', ",", "#N/A", "İ",
)  # fmt: skip


def test_values_come_back_unchanged(panel: Client, company: Company) -> None:
    """R65: whatever a cell holds, the reader of any language gets it back."""
    assert first_names(panel, company, HARMLESS) == list(HARMLESS)
