"""One colour of a company made fit to be read and seen in both themes of the flow: WCAG 2.2, level AA (1.4.3 and 1.4.11).

Colours are texts of the form "#rrggbb", in lower case.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

TEXT, SHAPE = 4.5, 3.0
"""The least contrast of words, and of edges and signs."""

WHITE, BLACK = "#ffffff", "#000000"
INKS = (WHITE, "#16202a", BLACK)
"""On a button, in the order of preference. One of them always reaches TEXT: where white does not, black does."""

PALE_SHARE = 0.14  # of the colour in a pale ground, over which the theme's own ink is written
HOVER_SHARES = (0.16, 0.08)  # how far a button moves away from its ground under a pointer: the first that its ink allows, else it
HOVER_BACK = 0.12  # moves back, where its words are what is seen
FINEST = 256  # steps of a correction: as fine as the eight bits of a channel


@dataclass(frozen=True, slots=True)
class Ground:
    """What a theme shows its colours on. away: the end towards which a colour gains contrast. The grounds are those of tokens.css."""

    grounds: tuple[str, ...]
    paper: str
    away: str


LIGHT = Ground(("#ffffff", "#f5f7f9", "#eef2f5"), "#ffffff", BLACK)
DARK = Ground(("#11171d", "#0c1116", "#19222b"), "#11171d", WHITE)


@dataclass(frozen=True, slots=True)
class Accent:
    """The accent in one theme.

    link: words and lines. fill: buttons and other shapes, with the ink on them and their look under a pointer. pale: a ground.
    """

    link: str
    fill: str
    hover: str
    ink: str
    pale: str
    link_contrast: float
    fill_contrast: float
    ink_contrast: float


@dataclass(frozen=True, slots=True)
class Scheme:
    """A colour in both themes. given_light, given_dark: the least contrast of the colour as it was given."""

    given: str
    light: Accent
    dark: Accent
    given_light: float
    given_dark: float


@lru_cache(maxsize=256)
def scheme_of(colour: str) -> Scheme:
    """Return what the flow shows for a company's colour, corrected no further than legibility asks."""
    return Scheme(
        given=colour,
        light=_accent(colour, LIGHT),
        dark=_accent(colour, DARK),
        given_light=least_contrast(colour, LIGHT.grounds),
        given_dark=least_contrast(colour, DARK.grounds),
    )


def luminance(colour: str) -> float:
    """Return the relative luminance, 0..1, as WCAG's glossary defines it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, 1..21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(colour: str, grounds: Iterable[str]) -> float:
    return min(contrast(colour, ground) for ground in grounds)


def mixed(colour: str, other: str, share: float) -> str:
    """Return `colour` with a share (0..1) of another in it."""
    parts = (mine + (theirs - mine) * share for mine, theirs in zip(_parts(colour), _parts(other), strict=True))
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _accent(colour: str, theme: Ground) -> Accent:
    link, fill = _moved(colour, theme, TEXT), _moved(colour, theme, SHAPE)
    ink = next(ink for ink in INKS if contrast(ink, fill) >= TEXT)
    hovers = [mixed(fill, theme.away, share) for share in HOVER_SHARES]
    return Accent(
        link=link,
        fill=fill,
        hover=next((hover for hover in hovers if contrast(ink, hover) >= TEXT), mixed(fill, theme.paper, HOVER_BACK)),
        ink=ink,
        pale=mixed(theme.paper, colour, PALE_SHARE),
        link_contrast=least_contrast(link, theme.grounds),
        fill_contrast=least_contrast(fill, theme.grounds),
        ink_contrast=contrast(ink, fill),
    )


def _moved(colour: str, theme: Ground, ratio: float) -> str:
    """Return the colour mixed with as little black or white as gives it this contrast on every ground of the theme."""
    steps = (mixed(colour, theme.away, step / FINEST) for step in range(FINEST + 1))
    return next(step for step in steps if least_contrast(step, theme.grounds) >= ratio)


def _parts(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue, each 0..1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
