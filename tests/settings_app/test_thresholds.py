from collections.abc import Mapping

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from checks_app.thresholds import DEFAULTS, Band
from settings_app import audit, resolution, thresholds
from settings_app.choices import AuditKind
from settings_app.models import Company, ThresholdChange, ThresholdSet, User
from tests.factories import NOW, CompanyFactory, MasterFactory

pytestmark = pytest.mark.django_db

STRICTER = {"liveness_decline": 0.5, "liveness_approve": 0.9}
LOOSER = {"liveness_decline": 0.1, "liveness_approve": 0.2}


@pytest.fixture
def company() -> Company:
    return CompanyFactory()


def change(
    company: Company, values: Mapping[str, float | None], *, market: str = "", reason: str = "", actor: User | None = None
) -> list[ThresholdChange]:
    return thresholds.change(company=company, market=market, values=values, reason=reason, actor=actor, now=NOW)


def test_stricter_threshold_needs_no_reason_and_applies(company: Company) -> None:
    change(company, STRICTER)
    assert resolution.thresholds_for(company=company, market="").liveness == Band(0.5, 0.9)


@pytest.mark.parametrize("reason", ["", "   "])
def test_looser_threshold_without_a_reason_is_refused_and_nothing_changes(company: Company, reason: str) -> None:
    """R42: loosening requires a written reason."""
    with pytest.raises(thresholds.ReasonRequired):
        change(company, LOOSER, reason=reason)
    assert resolution.thresholds_for(company=company, market="") == DEFAULTS
    assert not ThresholdChange.objects.exists()
    assert not company.audit_events.exists()


@pytest.mark.parametrize(
    ("values", "loosens"),
    [
        ({"face_review_level": 2, "face_match_level": 5}, False),
        ({"face_review_level": 2, "face_match_level": 4}, False),
        ({"face_review_level": 2, "face_match_level": 3}, True),
        ({"face_review_level": 1, "face_match_level": 4}, True),
        ({"liveness_decline": 0.4, "liveness_approve": 0.699}, True),
        ({"liveness_decline": 0.399, "liveness_approve": 0.7}, True),
        ({"liveness_decline": 0.4, "liveness_approve": 0.7}, False),
    ],
)
def test_loosening_is_told_by_what_applied_before(company: Company, values: dict[str, float | None], loosens: bool) -> None:
    """R42: compared with the default while nothing is set."""
    if loosens:
        with pytest.raises(thresholds.ReasonRequired):
            change(company, values)
    assert len(change(company, values, reason="Older cameras")) == 2


def test_giving_up_a_stricter_market_loosens_it(company: Company) -> None:
    """R41, R42: going back to what is inherited may be looser too."""
    change(company, STRICTER, market="GEO")
    with pytest.raises(thresholds.ReasonRequired):
        change(company, dict.fromkeys(STRICTER), market="GEO")


def test_each_change_is_journalled_with_old_and_new_value() -> None:
    """R42: who, when, old and new is kept for ever."""
    master = MasterFactory()
    change(master.company, STRICTER, actor=master)
    change(master.company, {"liveness_approve": 0.8}, actor=master, reason="Too many reviews")
    last = ThresholdChange.objects.order_by("-pk")[0]
    assert (last.name, last.old, last.new, last.reason, last.actor, last.at) == (
        "liveness_approve",
        0.9,
        0.8,
        "Too many reviews",
        master,
        NOW,
    )
    assert ThresholdChange.objects.count() == 3


def test_change_is_audited_once_with_its_size(company: Company) -> None:
    change(company, STRICTER, market="GEO")
    event = company.audit_events.get()
    assert (event.kind, event.details) == (AuditKind.THRESHOLDS_CHANGED, {"market": "GEO", "changes": 2})
    assert audit.first_broken(company) is None


def test_setting_what_is_set_already_leaves_no_trace(company: Company) -> None:
    change(company, STRICTER)
    assert change(company, STRICTER) == []
    assert company.audit_events.count() == 1


def test_unknown_threshold_is_an_error(company: Company) -> None:
    with pytest.raises(KeyError, match="smile"):
        change(company, {"smile": 0.5})


def test_journal_can_neither_be_changed_nor_deleted(company: Company) -> None:
    """R42: kept for ever."""
    change(company, STRICTER)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ThresholdChange.objects.update(new=0.1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ThresholdChange.objects.all().delete()


@pytest.mark.parametrize(
    "values",
    [
        {"liveness_decline": 0.5},
        {"liveness_approve": 0.5},
        {"liveness_decline": 0.6, "liveness_approve": 0.5},
        {"liveness_decline": -0.1, "liveness_approve": 0.5},
        {"liveness_decline": 0.5, "liveness_approve": 1.1},
        {"face_match_level": 4},
        {"face_review_level": 2},
        {"face_match_level": 8, "face_review_level": 2},
        {"face_match_level": 4, "face_review_level": 0},
        {"face_match_level": 2, "face_review_level": 4},
    ],
)
def test_database_refuses_half_a_band_and_one_out_of_order(company: Company, values: dict[str, float]) -> None:
    """R22: half a band would stand in the settings and never apply."""
    with pytest.raises(IntegrityError), transaction.atomic():
        ThresholdSet.objects.create(company=company, **values)


def test_one_set_per_company_and_market(company: Company) -> None:
    ThresholdSet.objects.create(company=company, market="GEO")
    with pytest.raises(IntegrityError), transaction.atomic():
        ThresholdSet.objects.create(company=company, market="GEO")
