"""R33, R41: what each match level costs, and which ones apply here."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from checks_app.face import match_level
from checks_app.face.match_level import Calibration
from sessions_app.panel.match_levels import Line
from settings_app.models import Company, ThresholdSet
from tests import findings as given
from tests.factories import checked_session


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


def test_levels_of_another_company_are_not_shown(panel: Client, stranger: Client, company: Company, calibration: Calibration) -> None:
    """R81."""
    ThresholdSet.objects.create(company=company, face_review_level=5, face_match_level=6)
    assert marks(stranger) == {2: ["review from here"], 4: ["accepted from here"]}


def test_page_names_its_data(panel: Client, calibration: Calibration) -> None:
    page = panel.get("/match-levels/").content.decode()
    for text in ("Drawn people", "1,234 people", "2,000,000", "555", "drawn-faces 1", "22 Nov 2026", "1 in 200,000"):
        assert text in page


def test_face_match_card_leads_to_the_page(panel: Client, company: Company) -> None:
    assert 'href="/match-levels/"' in panel.get(f"/sessions/{checked_session(company=company).public_id}/").content.decode()
