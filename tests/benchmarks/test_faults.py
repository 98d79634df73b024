"""What the fault bench counts: requests in and outside an outage, forms as a browser sends them, and the interval of a percentile."""

from __future__ import annotations

from email import message_from_bytes
from typing import Any

import pytest

from benchmarks.faults_parts import AFTERMATH, FAULTS, Struck, in_outage
from benchmarks.faults_visitor import Asked, form
from benchmarks.outcome import interval

OUTAGE = Struck(FAULTS[3], began=100.0, ended=110.0)


@pytest.mark.parametrize(
    ("at", "seconds", "inside"),
    [(98, 1, False), (98, 2, True), (105, 1, True), (110 + AFTERMATH, 1, True), (110 + AFTERMATH + 0.1, 1, False)],
)
def test_request_belongs_to_an_outage_when_they_touch(at: float, seconds: float, inside: bool) -> None:
    assert in_outage(Asked(at, seconds, 503, "read"), OUTAGE) is inside


def test_broker_and_workers_excuse_no_request_that_fails() -> None:
    """Only where the database or the disk is away may a request be answered with an error."""
    assert [fault.name for fault in FAULTS if not fault.leaves_requests_alone] == ["PostgreSQL: immediate restart", "disk full for 8 s"]


def test_form_with_a_picture_is_what_a_browser_sends() -> None:
    body, content_type = form({"kind": "SELFIE"}, [b"\xff\xd8picture"])
    parts: Any = message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body).get_payload()
    assert [(part["Content-Disposition"].split("; ")[1], part.get_payload(decode=True)) for part in parts] == [
        ('name="kind"', b"SELFIE"),
        ('name="image"', b"\xff\xd8picture"),
    ]


def test_interval_of_a_percentile_encloses_it() -> None:
    """By order statistics: of 1 to 200 the 95th percentile is 190."""
    low, high = interval(list(range(1, 201)))
    assert (low < 190 < high, low > 180, high < 200) == (True, True, True)
