"""R33, R37: what the panel says was measured is what docs/ say, figure by figure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checks_app.face.match_level import load_calibration
from sessions_app.panel import measured
from sessions_app.panel.measured import CHECKS, GROUPS, HELD_OUT, CheckEvidence, Counted, KeptLevel
from settings_app.thresholds import PARTS

DOCS = Path(__file__).parents[3] / "docs"
COUNTED = [(check, one) for check in CHECKS for one in check.counted]


def page(name: str) -> str:
    """A page with every interval written in one way."""
    return plain((DOCS / name).read_text("utf-8").replace(" to ", "–"))


def plain(text: str) -> str:
    """Without signs of per cent, and with the ends of the scale as whole numbers."""
    return " ".join(re.sub(r"(?<![\d.])(0|100)\.0\b|\s%", r"\1", text).split())


@pytest.mark.parametrize(("check", "one"), COUNTED, ids=[f"{check.part}-{one.n}-of-{one.of}" for check, one in COUNTED])
def test_count_and_interval_stand_in_the_docs(check: CheckEvidence, one: Counted) -> None:
    text, bounds = page(check.page), plain(one.interval)
    assert bounds in text
    forms = f"{one.n} of {one.of}", f"| {one.n} ({bounds}", f"| {one.n} = ", f"| {one.of} | APCER {plain(f'{one.n}.0')} "
    assert any(form in text for form in forms)


@pytest.mark.parametrize("level", [*HELD_OUT, *GROUPS], ids=lambda level: f"{level.first.strangers} {level.second.strangers}")
def test_level_on_other_people_stands_in_the_docs(level: KeptLevel) -> None:
    """R33: never invented, and never older than the page."""
    row = next(row for row in (DOCS / "calibration.md").read_text("utf-8").splitlines() if figures(level) <= words(row))
    assert row.startswith(f"| {level.level} | {level.promised} |")


def figures(level: KeptLevel) -> set[str]:
    kept = (level.first, level.second)
    return {word for one in kept for text in (one.strangers, one.between, one.accepted) for word in words(text)}


def words(text: str) -> set[str]:
    return {word.strip("():;,") for word in text.split()}


def test_figures_of_people_belong_to_the_engine_that_ships() -> None:
    """Another engine, or the same one on other data, gets none of them."""
    assert measured.of_shipped(load_calibration("dlib-20-unit"))


def test_every_check_with_thresholds_says_what_they_rest_on() -> None:
    """R40: the face match has its levels."""
    assert [check.part for check in CHECKS] == [part for part in PARTS if part != "face_match"]
