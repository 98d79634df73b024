"""A company's colour can be read and seen by everybody, in the light and in the dark (R47)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from settings_app import colours
from settings_app.colours import DARK, LIGHT, SHAPE, TEXT
from tests.test_tokens import THEMES

colour = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#ff0000", "#ffffff", 4.0)])
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    """Reference values from WCAG 2.2's own examples and definition."""
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize(("theme", "name"), [(LIGHT, "light"), (DARK, "dark")])
def test_grounds_are_those_of_the_style_sheet(theme: colours.Ground, name: str) -> None:
    """A change of tokens.css must reach the corrections."""
    assert theme.grounds == tuple(THEMES[name][ground] for ground in ("paper", "ground", "hover"))


@given(colour)
@settings(max_examples=60, deadline=None)
def test_every_colour_becomes_legible_in_both_themes(given: str) -> None:
    scheme = colours.scheme_of(given)
    for accent, theme, ink in ((scheme.light, LIGHT, THEMES["light"]["ink"]), (scheme.dark, DARK, THEMES["dark"]["ink"])):
        assert colours.least_contrast(accent.link, theme.grounds) >= TEXT
        assert colours.least_contrast(accent.fill, theme.grounds) >= SHAPE
        assert min(colours.contrast(accent.ink, accent.fill), colours.contrast(accent.ink, accent.hover)) >= TEXT
        assert colours.contrast(ink, accent.pale) >= TEXT


@pytest.mark.parametrize("good", ["#0b4f6e", "#b3261e", "#1d5c2f"])
def test_legible_colour_is_left_alone(good: str) -> None:
    assert colours.scheme_of(good).light.link == colours.scheme_of(good).light.fill == good


def test_pale_colour_is_darkened_for_words_and_less_for_shapes() -> None:
    light = colours.scheme_of("#ffd400").light
    assert colours.luminance(light.link) < colours.luminance(light.fill) < colours.luminance("#ffd400")


def test_correction_stops_at_the_first_step_that_is_enough() -> None:
    """The company's colour is changed as little as can be."""
    assert TEXT <= colours.scheme_of("#ffd400").light.link_contrast < TEXT + 0.15


def test_pale_colour_stays_as_it_is_in_the_dark() -> None:
    dark = colours.scheme_of("#ffd400").dark
    assert (dark.link, dark.fill) == ("#ffd400", "#ffd400")
