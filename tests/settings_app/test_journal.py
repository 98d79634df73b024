"""R42: the journal tells who changed what when and why, and what it meant for what applied."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from checks_app.thresholds import DEFAULTS
from settings_app import journal, thresholds
from settings_app.journal import Direction, Line
from settings_app.models import Company, ThresholdChange, ThresholdSet, User
from settings_app.thresholds import LEVELS, NAMES
from tests.factories import NOW, CompanyFactory, MasterFactory

pytestmark = pytest.mark.django_db

STRICT = {"liveness_decline": 0.5, "liveness_approve": 0.9}
LOOSE = {"liveness_decline": 0.1, "liveness_approve": 0.2}
DAY = date(2026, 11, 22)


@pytest.fixture
def company() -> Company:
    return CompanyFactory(time_zone="Asia/Tbilisi")


def change(
    company: Company, values: Mapping[str, float | None], *, market: str = "", at: datetime = NOW, actor: User | None = None
) -> list[ThresholdChange]:
    return thresholds.change(company=company, market=market, values=values, reason="Because", actor=actor, now=at)


def row(company: Company, name: str, old: float | None, new: float | None, *, together: UUID | None = None) -> ThresholdChange:
    """A line as it stands in the table, apart from what applies."""
    return ThresholdChange.objects.create(company=company, name=name, old=old, new=new, saved_together=together, at=NOW)


def lines(company: Company) -> list[Line]:
    return [line for entry in journal.entries(company) for line in entry.lines]


def test_company_without_changes_has_an_empty_journal(company: Company) -> None:
    assert journal.entries(company) == []


def test_what_one_save_changed_is_one_entry(company: Company) -> None:
    together = uuid4()
    row(company, "liveness_decline", None, 0.5, together=together)
    row(company, "liveness_approve", None, 0.9, together=together)
    assert [[line.name for line in entry.lines] for entry in journal.entries(company)] == [["liveness_decline", "liveness_approve"]]


def test_rows_from_before_saves_were_marked_stand_alone(company: Company) -> None:
    row(company, "liveness_decline", None, 0.5)
    row(company, "liveness_approve", None, 0.9)
    assert [[line.name for line in entry.lines] for entry in journal.entries(company)] == [["liveness_approve"], ["liveness_decline"]]


def test_entry_names_who_when_where_and_why() -> None:
    master = MasterFactory()
    change(master.company, STRICT, market="GEO", actor=master)
    entry = journal.entries(master.company)[0]
    assert (entry.actor, entry.at, entry.market, entry.reason, entry.replay) == (master, NOW, "GEO", "Because", None)


def test_newest_stands_first(company: Company) -> None:
    for hours in (3, 1, 2):
        ThresholdChange.objects.create(company=company, name="liveness_approve", new=0.9, at=NOW + timedelta(hours=hours))
    assert [entry.at - NOW for entry in journal.entries(company)] == [timedelta(hours=hours) for hours in (3, 2, 1)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("step", "expected"), [(1, Direction.TIGHTENED), (-1, Direction.LOOSENED), (0, Direction.UNCHANGED)])
def test_first_value_is_compared_with_the_default(company: Company, name: str, step: int, expected: Direction) -> None:
    """R42: what applied before anybody set it was the default."""
    score, _, edge = name.rpartition("_")
    default = getattr(DEFAULTS, name) if name in LEVELS else getattr(getattr(DEFAULTS, score), edge)
    row(company, name, None, default + step * (1 if name in LEVELS else 0.05))
    assert [line.direction for line in lines(company)] == [expected]


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [(STRICT, LOOSE, Direction.LOOSENED), (LOOSE, STRICT, Direction.TIGHTENED), (STRICT, dict.fromkeys(STRICT), Direction.LOOSENED)],
)
def test_later_value_is_compared_with_the_one_before(
    company: Company, first: Mapping[str, float], then: Mapping[str, float | None], expected: Direction
) -> None:
    change(company, first)
    change(company, then, at=NOW + timedelta(days=1))
    assert [line.direction for line in lines(company)[:2]] == [expected, expected]


def test_market_is_compared_with_the_company_as_it_stood_then(company: Company) -> None:
    """R41: what the company changes later does not turn an old tightening into a loosening."""
    change(company, LOOSE)
    change(company, {"liveness_decline": 0.3, "liveness_approve": 0.4}, market="GEO", at=NOW + timedelta(days=1))
    change(company, STRICT, at=NOW + timedelta(days=2))
    of_market = [(line.applied_before, line.direction) for entry in journal.entries(company, market="GEO") for line in entry.lines]
    assert sorted(of_market) == [(0.1, Direction.TIGHTENED), (0.2, Direction.TIGHTENED)]


def test_values_that_were_set_without_the_journal_count_too(company: Company) -> None:
    """A restored or seeded set has no line; what applied is known all the same."""
    ThresholdSet.objects.create(company=company, liveness_decline=0.8, liveness_approve=0.9)
    change(company, {"face_review_level": 3, "face_match_level": 5})
    change(company, {"liveness_decline": 0.7, "liveness_approve": 0.8}, market="GEO")
    assert {line.direction for entry in journal.entries(company, market="GEO") for line in entry.lines} == {Direction.LOOSENED}


def test_inherited_values_say_what_they_came_to(company: Company) -> None:
    row(company, "liveness_approve", None, 0.9)
    row(company, "face_match_level", 5, None)
    assert [(line.before, line.after) for line in lines(company)] == [
        ("5", "inherited (4)"),
        ("inherited (0.70)", "0.90"),
    ]


@pytest.mark.parametrize(("value", "text"), [(0.5, "0.50"), (0.125, "0.125"), (1.0, "1.00"), (0.0, "0.00"), (0.65, "0.65")])
def test_scores_are_written_with_two_or_three_digits(value: float, text: str) -> None:
    assert journal.shown("liveness_approve", value, inherited=0.7) == text


def test_entries_are_found_by_market_and_by_threshold(company: Company) -> None:
    change(company, STRICT)
    change(company, {"face_review_level": 2, "face_match_level": 5}, market="GEO")
    assert {entry.market for entry in journal.entries(company, market="")} == {""}
    assert {entry.market for entry in journal.entries(company, names=["face_match_level"])} == {"GEO"}
    assert journal.entries(company, market="GEO", names=["liveness_approve"]) == []


def test_journal_of_another_company_is_not_read(company: Company) -> None:
    """R81."""
    change(CompanyFactory(), STRICT)
    assert journal.entries(company) == []
    assert journal.markers(company, market=None, first=DAY, last=DAY) == []


def mixed(company: Company) -> None:
    """Fourteen saves, hour by hour, of the company and of two markets, some of which inherit again."""
    for hour in range(14):
        values: Mapping[str, float | None] = STRICT if hour % 3 else dict.fromkeys(STRICT)
        if hour % 4 == 3:
            values = {"face_review_level": 1 + hour % 5, "face_match_level": 6}
        change(company, values, market=("", "GEO", "ESP")[hour % 5 % 3], at=NOW + timedelta(hours=hour))


@pytest.mark.parametrize(("first", "last"), [(0, 13), (3, 5), (0, 0), (13, 13), (7, 12), (14, 20)])
def test_part_of_the_journal_tells_what_the_whole_one_tells(company: Company, first: int, last: int) -> None:
    """What applied then does not depend on how much is read."""
    mixed(company)
    since, until = NOW + timedelta(hours=first), NOW + timedelta(hours=last)
    whole = [entry for entry in journal.entries(company) if since <= entry.at <= until]
    assert journal.entries(company, since=since, until=until) == whole


@pytest.mark.parametrize(
    "wanted", [{}, {"market": ""}, {"market": "GEO"}, {"names": LEVELS}, {"market": "ESP", "names": ["liveness_approve"]}]
)
def test_saves_are_the_entries_in_their_order(company: Company, wanted: dict[str, Any]) -> None:
    mixed(company)
    row(company, "liveness_approve", 0.1, 0.2)
    found = [(entry.key, entry.at) for entry in journal.entries(company, **wanted)]
    assert list(journal.saves(company, **wanted)) == found


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-11-21T19:59:59+00:00", date(2026, 11, 21)),
        ("2026-11-21T20:00:00+00:00", date(2026, 11, 22)),
        ("2026-11-22T19:59:59+00:00", date(2026, 11, 22)),
        ("2026-11-22T20:00:00+00:00", date(2026, 11, 23)),
    ],
)
def test_marker_stands_on_the_day_of_the_company(company: Company, at: str, day: date) -> None:
    """R50: Tbilisi is four hours ahead."""
    change(company, {"face_review_level": 2, "face_match_level": 5}, at=datetime.fromisoformat(at))
    assert {marker.day for marker in journal.markers(company, market=None, first=day, last=day)} == {day}
    assert journal.markers(company, market=None, first=day + timedelta(1), last=day + timedelta(9)) == []
    assert journal.markers(company, market=None, first=day - timedelta(9), last=day - timedelta(1)) == []


@pytest.mark.parametrize(("market", "seen"), [("GEO", {"GEO"}), ("ESP", {""}), ("", {""}), (None, {"", "GEO"})])
def test_marker_of_the_company_stands_where_no_market_overrides_it(company: Company, market: str | None, seen: set[str]) -> None:
    """R41, R50: a chart shows the changes that reached its sessions."""
    change(company, STRICT, market="GEO")
    change(company, STRICT, at=NOW + timedelta(hours=1))
    assert {marker.market for marker in journal.markers(company, market=market, first=DAY, last=DAY)} == seen


def test_database_refuses_to_rewrite_the_journal(company: Company) -> None:
    """R42: neither the application nor whoever types SQL."""
    row(company, "liveness_approve", None, 0.9)
    for statement in ("UPDATE settings_app_thresholdchange SET reason = 'x'", "DELETE FROM settings_app_thresholdchange"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert journal.entries(company)[0].reason == ""
