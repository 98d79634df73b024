"""The colours of static/css/tokens.css can be read by everybody, in the light and in the dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[1] / "static" / "css" / "tokens.css").read_text("utf-8")
PLAIN = re.compile(r"^  --([\w-]+): (#[0-9a-f]{6});", re.MULTILINE)
PAIRED = re.compile(r"^    --([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", re.MULTILINE)
FALLBACK = dict(PLAIN.findall(TOKENS))
THEMES = {
    "light": {name: light for name, light, _dark in PAIRED.findall(TOKENS)},
    "dark": {name: dark for name, _light, dark in PAIRED.findall(TOKENS)},
}
JUDGEMENTS = ("approve", "review", "decline", "pending", "abandoned")
GROUNDS = ("paper", "ground", "hover")
TEXT, SHAPE = 4.5, 3.0  # the least contrast of words, and of edges and signs: WCAG 2.2, 1.4.3 and 1.4.11, level AA

WORDS = [
    *[(ink, ground) for ink in ("ink", "ink-soft", "accent") for ground in GROUNDS],
    ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"),
    ("accent-strong", "accent-pale"),
    ("ink", "accent-pale"),
    ("paper", "ink"),
    ("decline", "paper"),
    ("decline", "ground"),
    ("decline", "hover"),
    *[(f"{judgement}-ink", ground) for judgement in JUDGEMENTS for ground in (f"{judgement}-pale", "paper")],
]
SIGNS = [
    *[("line-strong", ground) for ground in ("paper", "ground")],
    *[(judgement, ground) for judgement in JUDGEMENTS for ground in (f"{judgement}-pale", "paper", "ground")],
]


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, 0..1: WCAG 2.2, glossary."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_greatest_contrast_there_is() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), WORDS)
def test_words_can_be_read(ink: str, ground: str, theme: str) -> None:
    assert contrast(THEMES[theme][ink], THEMES[theme][ground]) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("sign", "ground"), SIGNS)
def test_edges_and_signs_can_be_seen(sign: str, ground: str, theme: str) -> None:
    assert contrast(THEMES[theme][sign], THEMES[theme][ground]) >= SHAPE


def test_every_colour_is_the_same_for_browsers_that_know_one_theme() -> None:
    """A browser without light-dark() reads the first list."""
    assert THEMES["light"] == FALLBACK
