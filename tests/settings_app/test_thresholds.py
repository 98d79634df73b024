from collections.abc import Mapping
from typing import Any

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
    company: Company, values: Mapping[str, float | None], *, market: str = "", reason: str = "", actor: User | None = None, **more: Any
) -> list[ThresholdChange]:
    return thresholds.change(company=company, market=market, values=values, reason=reason, actor=actor, now=NOW, **more)


def a_step(name: str, step: int) -> dict[str, float]:
    """The defaults of the check that a threshold belongs to, with this one a step looser (-1), as it is (0), or a step stricter (+1)."""
    part = thresholds.parts_of([name])[0]
    values = {edge: thresholds.applied(DEFAULTS)[edge] for edge in thresholds.PARTS[part]}
    return values | {name: round(values[name] + step * (1 if name in thresholds.LEVELS else 0.01), 2)}


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


@pytest.mark.parametrize("name", thresholds.NAMES)
@pytest.mark.parametrize("step", [-1, 0, 1])
def test_a_step_down_of_any_threshold_needs_a_reason_and_no_other_does(company: Company, name: str, step: int) -> None:
    """R42: higher is stricter, for scores and for levels."""
    if step < 0:
        with pytest.raises(thresholds.ReasonRequired):
            change(company, a_step(name, step))
    assert change(company, a_step(name, step), reason="Older cameras" if step < 0 else "")


def test_market_that_goes_below_a_stricter_company_loosens(company: Company) -> None:
    """R41, R42: compared with what the market inherited, not with the default."""
    change(company, STRICTER)
    with pytest.raises(thresholds.ReasonRequired):
        change(company, {"liveness_decline": 0.45, "liveness_approve": 0.9}, market="GEO")


def test_several_checks_at_once_must_be_confirmed(company: Company) -> None:
    """R42: changing several at once warns; the refusal says which."""
    both = STRICTER | {"face_review_level": 3, "face_match_level": 5}
    with pytest.raises(thresholds.SeveralAtOnce) as refusal:
        change(company, both)
    assert refusal.value.parts == ("liveness", "face_match")
    assert not company.threshold_sets.exists()
    assert len(change(company, both, several_confirmed=True)) == 4


def test_both_edges_of_one_band_are_one_change(company: Company) -> None:
    assert len(change(company, STRICTER)) == 2


def test_checks_that_stay_as_they_are_do_not_count_as_several(company: Company) -> None:
    change(company, STRICTER)
    untouched = dict.fromkeys(thresholds.NAMES) | STRICTER
    assert len(change(company, untouched | {"photocopy_decline": 0.2, "photocopy_approve": 0.6})) == 2


@pytest.mark.parametrize(
    ("part", "values"),
    [
        ("liveness", {"liveness_decline": 0.5}),
        ("liveness", {"liveness_decline": 0.6, "liveness_approve": 0.5}),
        ("liveness", {"liveness_decline": 0.6, "liveness_approve": 1.01}),
        ("liveness", {"liveness_decline": -0.01, "liveness_approve": 0.8}),
        ("liveness", {"liveness_decline": float("nan"), "liveness_approve": 0.8}),
        ("liveness", {"liveness_decline": 0.5, "liveness_approve": float("inf")}),
        ("face_match", {"face_review_level": 0, "face_match_level": 4}),
        ("face_match", {"face_review_level": 2, "face_match_level": 8}),
        ("face_match", {"face_review_level": 2, "face_match_level": 4.5}),
        ("face_match", {"face_review_level": 5, "face_match_level": 4}),
        ("face_match", {"face_match_level": 4}),
    ],
)
def test_what_is_no_band_is_refused_with_its_check(company: Company, part: str, values: dict[str, float]) -> None:
    """R22: halves, disorder and values beyond the scale."""
    with pytest.raises(thresholds.NotABand) as refusal:
        change(company, values, reason="whatever")
    assert refusal.value.part == part
    assert not ThresholdChange.objects.exists()


def test_change_of_what_somebody_else_changed_meanwhile_is_refused(company: Company) -> None:
    """R42: nothing is overwritten unseen."""
    seen = thresholds.standing(company=company, market="")
    change(company, STRICTER)
    with pytest.raises(thresholds.ChangedMeanwhile) as refusal:
        change(company, {"photocopy_decline": 0.2, "photocopy_approve": 0.6}, seen=seen)
    assert refusal.value.parts == ("liveness",)
    assert company.threshold_changes.count() == 2


def test_market_learns_that_what_it_inherits_has_changed(company: Company) -> None:
    """R41: what was a stricter value for the market may be a looser one now."""
    seen = thresholds.standing(company=company, market="GEO")
    change(company, STRICTER)
    with pytest.raises(thresholds.ChangedMeanwhile):
        change(company, {"liveness_decline": 0.45, "liveness_approve": 0.75}, market="GEO", reason="whatever", seen=seen)


def test_same_change_sent_twice_is_made_once(company: Company) -> None:
    """A double click: the second finds everything done, and what it saw before does not matter."""
    seen = thresholds.standing(company=company, market="")
    assert len(change(company, STRICTER, seen=seen)) == 2
    assert change(company, STRICTER, seen=seen) == []


def test_everything_that_one_save_changed_stands_together_with_its_replay(company: Company) -> None:
    """R42: who, when, old and new, and what the replay had shown."""
    first = change(company, STRICTER, replay={"sessions": 401})
    second = change(company, {"photocopy_decline": 0.2, "photocopy_approve": 0.6})
    assert len({row.saved_together for row in first}) == 1
    assert {row.saved_together for row in first}.isdisjoint(row.saved_together for row in second)
    assert [row.replay for row in (*first, *second)] == [{"sessions": 401}] * 2 + [None] * 2


def test_change_that_is_none_leaves_no_empty_set(company: Company) -> None:
    assert change(company, dict.fromkeys(thresholds.NAMES), market="GEO") == []
    assert not company.threshold_sets.exists()


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
