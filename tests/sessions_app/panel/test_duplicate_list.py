"""R36, R70: the details page names the sessions that show the same face under another identity."""

from __future__ import annotations

import pytest
from django.test import Client

from checks_app.results import Check
from sessions_app.models import CheckRecord, PossibleDuplicate, VerificationSession
from sessions_app.panel.check_cards import card_of
from sessions_app.panel.duplicate_list import Duplicate
from settings_app.models import Company
from tests.factories import checked_session, finished_session


def name_duplicate(session: VerificationSession, other: VerificationSession, *, level: int = 6, one_in: float = 123_456.0) -> None:
    PossibleDuplicate.objects.create(attempt=session.attempts.latest("number"), other=other, level=level, one_in=one_in)


def listed(panel: Client, session: VerificationSession) -> list[Duplicate]:
    duplicates: list[Duplicate] = panel.get(f"/sessions/{session.public_id}/").context["duplicates"]
    return duplicates


def test_other_session_is_named_as_the_list_names_it(panel: Client, company: Company) -> None:
    session, other = checked_session(company=company), finished_session(company=company, first_name="Ana", last_name="")
    name_duplicate(session, other)
    page = " ".join(panel.get(f"/sessions/{session.public_id}/").content.decode().split())
    assert f'<a href="/sessions/{other.public_id}/">Ana ******</a>' in page
    assert "Level 6 (1 in 100,000) · as alike as 1 in 120,000 pairs of strangers" in page


def test_earlier_session_tells_of_the_later_one(panel: Client, company: Company) -> None:
    """It was approved before the face came again."""
    earlier, later = checked_session(company=company), checked_session(company=company)
    name_duplicate(later, earlier)
    assert [duplicate.public_id for duplicate in listed(panel, earlier)] == [later.public_id]


def test_each_session_is_named_once_and_the_most_alike_first(panel: Client, company: Company) -> None:
    session, near, nearer = (checked_session(company=company) for _ in range(3))
    name_duplicate(session, near, level=6, one_in=100_000)
    name_duplicate(near, session, level=6, one_in=100_000)
    name_duplicate(session, nearer, level=7, one_in=500_000)
    assert [duplicate.public_id for duplicate in listed(panel, session)] == [nearer.public_id, near.public_id]


def test_session_without_duplicates_says_nothing_of_them(panel: Client, company: Company) -> None:
    session = checked_session(company=company)
    assert "Possible duplicates" not in panel.get(f"/sessions/{session.public_id}/").content.decode()


def test_duplicate_of_another_company_would_not_be_shown(panel: Client, company: Company) -> None:
    """R81: the search never finds one; even if a row stood there, its names would stay hidden."""
    session = checked_session(company=company)
    name_duplicate(session, checked_session())
    assert listed(panel, session) == []


def test_stranger_cannot_follow_the_link(stranger: Client, company: Company) -> None:
    """R81."""
    session, other = checked_session(company=company), checked_session(company=company)
    name_duplicate(session, other)
    assert stranger.get(f"/sessions/{other.public_id}/").status_code == 404


@pytest.mark.parametrize(
    ("details", "measured"),
    [
        ({"compared": 12_345.0, "level_needed": 7.0, "found": 0.0}, ["12,345 faces compared", "named from Level 7 (1 in 500,000)"]),
        ({"compared": 1.0, "level_needed": 6.0, "found": 0.0}, ["1 face compared", "named from Level 6 (1 in 100,000)"]),
        ({}, []),
    ],
)
def test_card_tells_how_many_faces_were_compared(details: dict[str, float], measured: list[str]) -> None:
    """R37."""
    record = CheckRecord(check_name=Check.DUPLICATE_FACE, status="PASSED", engine="e", engine_version="1", took_ms=0, details=details)
    assert card_of(record).measured == measured
