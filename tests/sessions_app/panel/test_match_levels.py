"""R33, R41: what each match level costs, and which ones apply here."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from checks_app.face import match_level
from checks_app.face.match_level import Calibration, GroupRates, Interval, LevelRates
from sessions_app.panel.match_levels import Line
from settings_app.models import Company, ThresholdSet
from tests import findings as given
from tests.factories import MasterFactory, checked_session
from tests.sessions_app.panel.conftest import logged_in


@pytest.fixture
def calibration(monkeypatch: pytest.MonkeyPatch) -> Calibration:
    levels = tuple(replace(level, evidenced=level.level < 6) for level in given.CALIBRATION.levels)
    measured = replace(given.CALIBRATION, levels=levels, dataset="Drawn people", people=1_234, impostor_pairs=2_000_000, genuine_pairs=555)
    monkeypatch.setattr(match_level, "load_calibration", lambda *_: measured)
    return measured


def lines(panel: Client) -> dict[int, Line]:
    return {line.level: line for line in panel.get("/match-levels/").context["lines"]}


def marks(panel: Client) -> dict[int, list[str]]:
    return {level: [str(badge.word) for badge in line.badges] for level, line in lines(panel).items() if line.badges}


def test_every_level_tells_what_it_costs(panel: Client, calibration: Calibration) -> None:
    found = lines(panel)
    assert [line.one_in for line in found.values()] == ["100", "250", "500", "1,000", "10,000", "100,000", "500,000"]
    assert (found[4].rejected, found[4].low, found[4].high) == ("10.0", "10.0", "10.0")


def test_levels_six_and_seven_warn(panel: Client, calibration: Calibration) -> None:
    assert [level for level, line in lines(panel).items() if any("special cases" in str(warning) for warning in line.warnings)] == [6, 7]


def test_level_that_the_data_cannot_show_says_so(panel: Client, calibration: Calibration) -> None:
    assert [level for level, line in lines(panel).items() if any("Not evidenced" in str(warning) for warning in line.warnings)] == [6, 7]


def test_levels_in_use_are_marked(panel: Client, calibration: Calibration) -> None:
    assert marks(panel) == {2: ["review from here"], 4: ["accepted from here"]}


def test_market_with_levels_of_its_own_is_named(panel: Client, company: Company, calibration: Calibration) -> None:
    """R41."""
    ThresholdSet.objects.create(company=company, face_review_level=3, face_match_level=3)
    ThresholdSet.objects.create(company=company, market="TUR", face_review_level=3, face_match_level=5)
    ThresholdSet.objects.create(company=company, market="ESP", liveness_decline=0.5, liveness_approve=0.8)
    assert marks(panel) == {3: ["accepted from here", "review from here · Türkiye"], 5: ["accepted from here · Türkiye"]}


@pytest.mark.parametrize(
    ("markets", "said"), [(["ESP", "GEO", "TUR"], "Spain, Georgia, Türkiye"), (["DEU", "ESP", "GEO", "TUR"], "4 markets")]
)
def test_few_markets_are_named_and_many_are_counted(
    panel: Client, company: Company, calibration: Calibration, markets: list[str], said: str
) -> None:
    for market in markets:
        ThresholdSet.objects.create(company=company, market=market, face_review_level=5, face_match_level=5)
    assert marks(panel)[5] == [f"accepted from here · {said}"]


def test_levels_of_another_company_are_not_shown(panel: Client, stranger: Client, company: Company, calibration: Calibration) -> None:
    """R81."""
    ThresholdSet.objects.create(company=company, face_review_level=5, face_match_level=6)
    assert marks(stranger) == {2: ["review from here"], 4: ["accepted from here"]}


def test_page_names_its_data(panel: Client, calibration: Calibration) -> None:
    page = panel.get("/match-levels/").content.decode()
    for text in ("Drawn people", "1,234 people", "2,000,000", "555", "drawn-faces 1", "22 Nov 2026", "1 in 200,000"):
        assert text in page


def test_agent_sees_the_page_and_no_settings(panel: Client) -> None:
    assert 'class="settings-nav"' not in panel.get("/match-levels/").content.decode()


def test_master_finds_the_page_among_his_settings(company: Company) -> None:
    assert 'class="settings-nav"' in logged_in(MasterFactory(company=company)).get("/match-levels/").content.decode()


def test_shipped_engine_tells_how_much_groups_differ(panel: Client) -> None:
    """R33: the differential is disclosed with its numbers."""
    page = panel.get("/match-levels/").content.decode()
    assert "1/13" in page
    assert "89 people, 3,916 pairs" in page


def test_other_engine_says_that_nothing_is_known_about_groups(panel: Client, calibration: Calibration) -> None:
    page = panel.get("/match-levels/").content.decode()
    assert "Nothing was measured about groups" in page
    assert "1/13" not in page


def test_own_calibration_shows_its_own_groups(panel: Client, calibration: Calibration, monkeypatch: pytest.MonkeyPatch) -> None:
    rates = LevelRates(4, 0.4, 1_000, 5, 0.02, Interval(0.0, 0.04), 0.9, Interval(0.8, 1.0), False)
    own = replace(calibration, groups=(GroupRates("over 60", 40, 780, 12, (rates,)),))
    monkeypatch.setattr(match_level, "load_calibration", lambda *_: own)
    page = panel.get("/match-levels/").content.decode()
    for text in ("over 60: 40 people, 780 pairs of strangers", "1/50", "1/25 to none", "90.0\u00a0%"):
        assert text in page


def test_limits_of_the_other_checks_are_those_of_the_company(panel: Client, company: Company) -> None:
    """R40, R41."""
    ThresholdSet.objects.create(company=company, liveness_decline=0.45, liveness_approve=0.875)
    bands = {band.evidence.part: (band.fails_below, band.passes_from) for band in panel.get("/match-levels/").context["bands"]}
    assert (bands["liveness"], bands["photocopy"]) == (("0.45", "0.875"), ("0.10", "0.50"))


def test_page_says_how_many_people_show_a_level(panel: Client) -> None:
    """As docs/calibration.md has it."""
    assert panel.get("/match-levels/").context["people_needed"] == [(4, "142"), (5, "448"), (6, "1,415"), (7, "3,163")]


def test_face_match_card_leads_to_the_page(panel: Client, company: Company) -> None:
    assert 'href="/match-levels/"' in panel.get(f"/sessions/{checked_session(company=company).public_id}/").content.decode()
