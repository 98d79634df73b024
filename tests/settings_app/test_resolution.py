"""R41: a market overrides its company, a company overrides the defaults; everything else is inherited."""

import pytest

from checks_app.thresholds import DEFAULTS, Band
from settings_app import resolution
from settings_app.models import Company, ThresholdSet
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    company = CompanyFactory()
    ThresholdSet.objects.create(
        company=company,
        liveness_decline=0.3,
        liveness_approve=0.8,
        photocopy_decline=0.2,
        photocopy_approve=0.6,
        face_review_level=3,
        face_match_level=5,
    )
    ThresholdSet.objects.create(company=company, market="GEO", liveness_decline=0.45, liveness_approve=0.95)
    return company


def test_company_without_thresholds_has_the_defaults() -> None:
    """R40: balanced defaults."""
    assert resolution.thresholds_for(company=CompanyFactory(), market="GEO") == DEFAULTS


@pytest.mark.parametrize("market", ["", "ESP"])
def test_company_overrides_the_defaults_where_no_market_does(company: Company, market: str) -> None:
    applied = resolution.thresholds_for(company=company, market=market)
    assert (applied.liveness, applied.photocopy) == (Band(0.3, 0.8), Band(0.2, 0.6))
    assert (applied.screen_replay, applied.full_document) == (DEFAULTS.screen_replay, DEFAULTS.full_document)
    assert (applied.face_review_level, applied.face_match_level) == (3, 5)


def test_market_overrides_one_band_and_inherits_the_rest(company: Company) -> None:
    applied = resolution.thresholds_for(company=company, market="GEO")
    assert applied.liveness == Band(0.45, 0.95)
    assert (applied.photocopy, applied.face_match_level) == (Band(0.2, 0.6), 5)
    assert applied.screen_replay == DEFAULTS.screen_replay


def test_market_overrides_the_levels(company: Company) -> None:
    ThresholdSet.objects.create(company=company, market="ESP", face_review_level=1, face_match_level=2)
    applied = resolution.thresholds_for(company=company, market="ESP")
    assert (applied.face_review_level, applied.face_match_level) == (1, 2)


def test_thresholds_of_another_company_never_apply(company: Company) -> None:
    """R81: companies are sealed from each other."""
    assert resolution.thresholds_for(company=CompanyFactory(), market="GEO") == DEFAULTS


def test_band_that_declines_from_zero_is_not_taken_for_an_empty_one(company: Company) -> None:
    ThresholdSet.objects.create(company=company, market="ESP", liveness_decline=0.0, liveness_approve=0.0)
    assert resolution.thresholds_for(company=company, market="ESP").liveness == Band(0.0, 0.0)


CHANGES: list[tuple[str, dict[str, float | None]]] = [
    ("", {"liveness_decline": 0.1, "liveness_approve": 0.2}),
    ("", {"photocopy_decline": None, "photocopy_approve": None, "face_review_level": 1, "face_match_level": 7}),
    ("GEO", {"liveness_decline": None, "liveness_approve": None}),
    ("ESP", {"full_document_decline": 0.0, "full_document_approve": 1.0}),
]


@pytest.mark.parametrize(("market", "values"), CHANGES)
def test_change_that_is_not_saved_applies_as_if_it_were(company: Company, market: str, values: dict[str, float | None]) -> None:
    """R43: in every market, those that inherit among them."""
    tried = resolution.ThresholdsOf(company, (market, values))
    ThresholdSet.objects.update_or_create(company=company, market=market, defaults=values)
    for place in ("", "GEO", "ESP", "DEU"):
        assert tried.in_market(place) == resolution.thresholds_for(company=company, market=place)


def test_trying_a_change_stores_nothing(company: Company) -> None:
    before = resolution.ThresholdsOf(company).everywhere()
    assert resolution.ThresholdsOf(company, CHANGES[0]).everywhere() != before
    assert resolution.ThresholdsOf(company).everywhere() == before
