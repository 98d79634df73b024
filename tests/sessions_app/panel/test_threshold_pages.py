"""R40, R41, R42: the pages on which a master user tunes thresholds, up to the step before saving."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from checks_app.thresholds import DEFAULTS
from sessions_app.choices import Outcome
from sessions_app.panel.threshold_cards import PLAIN_DEFAULTS
from sessions_app.panel.threshold_words import WORDS
from settings_app import resolution
from settings_app.models import Company, ThresholdSet, User
from settings_app.thresholds import NAMES, PARTS
from tests.factories import CompanyFactory
from tests.replays import GOOD, past
from tests.tuning import MATRIX, OTHER, PAGE, REVIEW, SAVE, STRICTER, browser, directions, entered, master, said, store, text

__all__ = ["browser", "master"]


# The page of sliders


def test_page_shows_what_is_inherited_and_from_where(browser: Client, company: Company) -> None:
    """R41: own numbers stand in the fields, inherited ones show through."""
    store(company, STRICTER)
    store(company, {"photocopy_decline": "0.2", "photocopy_approve": "0.7"}, market="TUR")
    cards = {card.part: card for card in browser.get(PAGE, {"market": "TUR"}).context["cards"]}
    shown = {part: (card.low.given, card.low.shown, card.source.value, card.is_own) for part, card in cards.items()}
    assert shown["liveness"] == ("", "0.45", "COMPANY", False)
    assert shown["photocopy"] == ("0.20", "0.20", "MARKET", True)
    assert shown["full_document"] == ("", "0.35", "DEFAULT", False)


@pytest.mark.parametrize("code", ["QQQ", "ge", "GEORGIA", "<b>", "XXA"])
@pytest.mark.parametrize("address", [PAGE, REVIEW, SAVE])
def test_unknown_market_has_no_page_and_gets_nothing(browser: Client, company: Company, code: str, address: str) -> None:
    ask = browser.get if address == PAGE else browser.post
    assert ask(address, {"market": code, **STRICTER}).status_code == 404
    assert not company.threshold_sets.exists()


def test_market_of_a_strangers_company_is_none_of_ours(browser: Client, company: Company) -> None:
    """R81: a code that only another company has is unknown here, and its values stay unseen."""
    ThresholdSet.objects.create(company=CompanyFactory(), market="ZZZ", liveness_decline=0.5, liveness_approve=0.8)
    assert browser.get(PAGE, {"market": "ZZZ"}).status_code == 404
    assert "ZZZ" not in text(browser.get(MATRIX))


@pytest.mark.parametrize("address", [PAGE, REVIEW, SAVE, MATRIX])
def test_agent_may_neither_look_nor_change(panel: Client, company: Company, address: str) -> None:
    """R46: a page of refusal in his own company."""
    ask = panel.get if address in (PAGE, MATRIX) else panel.post
    assert ask(address, entered(company, STRICTER)).status_code == 403
    assert not company.threshold_changes.exists()


@pytest.mark.parametrize(("button", "expected"), [("inherit", ("", "")), ("default", ("0.40", "0.70"))])
def test_buttons_of_a_card_work_without_scripts(browser: Client, company: Company, button: str, expected: tuple[str, str]) -> None:
    """R40: back to what is inherited, or to the default; nothing is saved and the rest stays entered."""
    response = browser.post(PAGE, entered(company, STRICTER | OTHER, "GEO", **{button: "liveness"}))
    cards = {card.part: card for card in response.context["cards"]}
    assert (cards["liveness"].low.given, cards["liveness"].high.given) == expected
    assert cards["photocopy"].low.given == "0.2"
    assert not company.threshold_changes.exists()


def test_levels_tell_what_they_cost(browser: Client) -> None:
    """R33, R40: expected false acceptance and expected rejection, with warnings at the end of the scale."""
    levels = browser.get(PAGE).context["levels"]
    assert [level.one_in for level in levels] == ["100", "250", "500", "1,000", "10,000", "100,000", "500,000"]
    assert [level.level for level in levels if level.warnings] == ["6", "7"]
    assert all(float(level.low) <= float(level.rejected) <= float(level.high) for level in levels)


HOSTILE = [
    ({"liveness_decline": "NaN", "liveness_approve": "0.7"}, "liveness_decline"),
    ({"liveness_decline": "inf", "liveness_approve": "0.7"}, "liveness_decline"),
    ({"liveness_decline": "0.4", "liveness_approve": "1e400"}, "liveness_approve"),
    ({"liveness_decline": "-0.01", "liveness_approve": "0.7"}, "liveness_decline"),
    ({"liveness_decline": "0.4", "liveness_approve": "1.001"}, "liveness_approve"),
    ({"liveness_decline": "0.71", "liveness_approve": "0.7"}, "liveness_decline"),
    ({"liveness_decline": "0.40001", "liveness_approve": "0.7"}, "liveness_decline"),
    ({"liveness_decline": "0.4", "liveness_approve": ""}, "liveness_approve"),
    ({"liveness_decline": "", "liveness_approve": "0.7"}, "liveness_decline"),
    ({"liveness_decline": "<script>", "liveness_approve": "0.7"}, "liveness_decline"),
    ({"face_review_level": "0", "face_match_level": "4"}, "face_review_level"),
    ({"face_review_level": "2", "face_match_level": "8"}, "face_match_level"),
    ({"face_review_level": "2.5", "face_match_level": "4"}, "face_review_level"),
    ({"face_review_level": "5", "face_match_level": "4"}, "face_review_level"),
    ({"face_review_level": "2", "face_match_level": ""}, "face_match_level"),
]


@pytest.mark.parametrize(("values", "wrong"), HOSTILE)
@pytest.mark.parametrize("address", [REVIEW, SAVE])
def test_what_is_no_band_comes_back_with_everything_entered(
    browser: Client, company: Company, values: dict[str, str], wrong: str, address: str
) -> None:
    """R22: a clear word beside the field; errors lose no input."""
    response = browser.post(address, entered(company, values | OTHER, reason="Because"))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [wrong]
    assert "<script>" not in text(response).split("<main")[1]
    assert {name: response.context["form"][name].value() for name in (*values, *OTHER)} == values | OTHER
    assert not company.threshold_changes.exists()


@pytest.mark.parametrize("seen", ["", "{", "[]", "{}", '{"liveness_decline": 1}', "[" * 2_000, "null"])
def test_save_without_our_note_of_what_was_seen_is_refused(browser: Client, company: Company, seen: str) -> None:
    response = browser.post(SAVE, entered(company, STRICTER) | {"seen": seen})
    assert response.status_code == 422
    assert "Please open the page again" in text(response)
    assert not company.threshold_changes.exists()


# The step before saving


def test_review_says_of_each_threshold_what_becomes_of_it(browser: Client, company: Company) -> None:
    """R42: old and new, looser or stricter in words."""
    response = browser.post(REVIEW, entered(company, {"liveness_decline": "0.3", "liveness_approve": "0.8"}))
    assert directions(response) == {"Liveness: decline below": "loosened", "Liveness: approve from": "tightened"}
    assert "Reason (required" in text(response)
    assert not company.threshold_changes.exists()


def test_review_of_a_stricter_change_asks_for_no_reason(browser: Client, company: Company) -> None:
    page = text(browser.post(REVIEW, entered(company, STRICTER)))
    assert "Reason (optional)" in page
    assert "Several checks at once" not in page


def test_review_of_nothing_says_so_and_goes_back(browser: Client, company: Company) -> None:
    response = browser.post(REVIEW, entered(company, {}, "GEO"))
    assert response.headers["Location"] == f"{PAGE}?market=GEO"
    assert "Nothing was changed" in said(response)


def test_review_of_the_company_names_the_markets_that_it_does_not_reach(browser: Client, company: Company) -> None:
    """R41: a market with values of its own keeps them."""
    store(company, STRICTER, market="TUR")
    store(company, OTHER, market="ESP")
    assert browser.post(REVIEW, entered(company, STRICTER)).context["review"].spared == ["Türkiye"]


def test_go_on_changing_brings_everything_back_unsaved(browser: Client, company: Company) -> None:
    response = browser.post(PAGE, entered(company, STRICTER, "GEO", reason="Because"))
    cards = {card.part: card for card in response.context["cards"]}
    assert (response.status_code, cards["liveness"].low.given, cards["liveness"].high.given) == (200, "0.45", "0.75")
    assert not company.threshold_changes.exists()


# All markets


def test_matrix_says_in_words_where_every_value_comes_from(browser: Client, company: Company) -> None:
    """R41: never by weight or colour alone."""
    store(company, STRICTER)
    store(company, OTHER, market="TUR")
    response = browser.get(MATRIX)
    lines = {line.market: line for line in (response.context["company_line"], *response.context["lines"])}
    parts = list(PARTS)
    sources = {market: {part: cell.source for part, cell in zip(parts, line.cells, strict=True)} for market, line in lines.items()}
    assert sources["TUR"] == {
        "full_document": "default",
        "screen_replay": "default",
        "photocopy": "own",
        "liveness": "from the company",
        "face_match": "default",
    }
    assert sources[""]["liveness"] == "own"


def test_removing_all_values_of_a_market_goes_through_the_same_step(browser: Client, company: Company) -> None:
    """R42: giving up what was stricter loosens, and needs a reason like everything else."""
    store(company, STRICTER, market="TUR")
    response = browser.post(REVIEW, {"market": "TUR"})
    assert set(directions(response).values()) == {"loosened"}
    asked = dict(response.context["hidden"])
    assert browser.post(SAVE, asked).status_code == 422
    assert browser.post(SAVE, asked | {"reason": "One rule for all"}).status_code == 302
    assert resolution.thresholds_for(company=company, market="TUR") == DEFAULTS
    assert company.threshold_changes.filter(market="TUR", reason="One rule for all", new=None).count() == 2


def test_queries_of_the_pages_do_not_grow_with_markets(browser: Client, company: Company, django_assert_max_num_queries: Any) -> None:
    for market in ("TUR", "ESP", "GEO", "DEU", "USA"):
        store(company, STRICTER, market=market)
    with django_assert_max_num_queries(14):
        browser.get(MATRIX)
    with django_assert_max_num_queries(14):
        browser.get(PAGE, {"market": "TUR"})


def test_words_stand_for_every_check() -> None:
    assert set(WORDS) == set(PARTS)
    assert set(PLAIN_DEFAULTS) == set(NAMES)


def test_card_tells_who_changed_it_last_and_why(browser: Client, company: Company, master: User) -> None:
    """R42: of this place alone; the rest stands in the journal."""
    store(company, STRICTER, actor=master)
    store(company, OTHER, market="GEO", actor=master)
    page = text(browser.get(PAGE))
    assert page.count("Last changed") == 1
    assert "Of a colleague" in page.split('id="liveness"')[1].split("</section>")[0]


def test_card_counts_the_newest_scores_on_each_side_of_its_limits(browser: Client, company: Company) -> None:
    """A score on the limit passes it, as in judging; the bars stand for every score."""
    for liveness in (0.39, 0.4, 0.69, 0.7, 1.0):
        past(company, GOOD._replace(liveness=liveness), outcome=Outcome.REVIEW)
    cards = {card.part: card for card in browser.get(PAGE).context["cards"]}
    assert cards["liveness"].lately == (1, 2, 2)
    assert [bar.x for bar in cards["liveness"].bars] == ["38%", "40%", "68%", "70%", "98%"]
