"""R41: each threshold's value and where it comes from, for the company and for its markets."""

import pytest

from checks_app.thresholds import DEFAULTS
from settings_app import inheritance, resolution, thresholds
from settings_app.inheritance import Inheritance, Source
from settings_app.models import Company, ThresholdSet
from settings_app.thresholds import FACE_MATCH, NAMES, PARTS
from tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db

OF_COMPANY = {part: (2.0, 5.0) if part == FACE_MATCH else (0.21, 0.81) for part in PARTS}
OF_MARKET = {part: (3.0, 6.0) if part == FACE_MATCH else (0.22, 0.92) for part in PARTS}
OF_NOBODY = {part: tuple(thresholds.applied(DEFAULTS)[name] for name in edges) for part, edges in PARTS.items()}


@pytest.fixture
def company() -> Company:
    return CompanyFactory()


def give(company: Company, market: str, part: str, edges: tuple[float, float]) -> None:
    ThresholdSet.objects.create(company=company, market=market, **dict(zip(PARTS[part], edges, strict=True)))


def found(company: Company, market: str, part: str) -> Inheritance:
    return inheritance.row_of(company=company, market=market).parts[part]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("by_company", "by_market", "expected"),
    [
        # (of the company: edges, source, own), (of the market: edges, source, own)
        (False, False, ((OF_NOBODY, Source.DEFAULT, False), (OF_NOBODY, Source.DEFAULT, False))),
        (True, False, ((OF_COMPANY, Source.COMPANY, True), (OF_COMPANY, Source.COMPANY, False))),
        (False, True, ((OF_NOBODY, Source.DEFAULT, False), (OF_MARKET, Source.MARKET, True))),
        (True, True, ((OF_COMPANY, Source.COMPANY, True), (OF_MARKET, Source.MARKET, True))),
    ],
)
def test_threshold_comes_from_the_nearest_who_set_it(
    company: Company,
    part: str,
    by_company: bool,
    by_market: bool,
    expected: tuple[tuple[dict[str, tuple[float, float]], Source, bool], ...],
) -> None:
    if by_company:
        give(company, "", part, OF_COMPANY[part])
    if by_market:
        give(company, "GEO", part, OF_MARKET[part])
    for market, (edges, source, own) in zip(("", "GEO"), expected, strict=True):
        one = found(company, market, part)
        assert (one.edges, one.source, one.own) == (edges[part], source, own)


@pytest.mark.parametrize("part", PARTS)
def test_one_check_set_by_a_market_leaves_the_others_inherited(company: Company, part: str) -> None:
    give(company, "GEO", part, OF_MARKET[part])
    own = {name for name, one in inheritance.row_of(company=company, market="GEO").parts.items() if one.own}
    assert own == {part}


@pytest.mark.parametrize("part", PARTS)
def test_market_shows_what_it_would_inherit_without_its_own(company: Company, part: str) -> None:
    give(company, "", part, OF_COMPANY[part])
    give(company, "GEO", part, OF_MARKET[part])
    one = found(company, "GEO", part)
    assert (one.inherited, one.inherited_from) == (OF_COMPANY[part], Source.COMPANY)
    of_company = found(company, "", part)
    assert (of_company.inherited, of_company.inherited_from) == (OF_NOBODY[part], Source.DEFAULT)


def test_values_are_those_that_judge_sessions(company: Company) -> None:
    """One truth: the page shows what the checks apply."""
    give(company, "", "liveness", (0.1, 0.9))
    give(company, "GEO", FACE_MATCH, (1, 7))
    for row in inheritance.matrix(company=company, markets=["GEO", "ESP"]):
        shown = {name: value for name, (_own, value) in row.standing.items()}
        assert shown == thresholds.applied(resolution.thresholds_for(company=company, market=row.market))


def test_matrix_has_the_company_then_markets_with_own_values_or_asked_for(company: Company) -> None:
    give(company, "TUR", "liveness", (0.5, 0.8))
    ThresholdSet.objects.create(company=company, market="DEU")  # everything was given back
    give(CompanyFactory(), "USA", "liveness", (0.5, 0.8))
    rows = inheritance.matrix(company=company, markets=["GEO", "", "TUR"])
    assert [(row.market, row.has_own) for row in rows] == [("", False), ("GEO", False), ("TUR", True)]


def test_standing_of_a_row_is_what_the_door_compares(company: Company) -> None:
    """R42: what a page notes of its values is what is compared when they are saved."""
    give(company, "GEO", "photocopy", (0.2, 0.6))
    standing = inheritance.row_of(company=company, market="GEO").standing
    assert standing == thresholds.standing(company=company, market="GEO")
    assert list(standing) == list(NAMES)
