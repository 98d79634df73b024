"""Thresholds in plain language: what is measured, what follows below, between and above, and what strictness does (R40)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks_app.document import countries
from sessions_app.panel.labels import type_of_text
from settings_app import journal
from settings_app.thresholds import FACE_MATCH


@dataclass(frozen=True, slots=True)
class Words:
    """What the page says about one check."""

    title: type_of_text
    measures: type_of_text
    fails: type_of_text
    passes: type_of_text
    strictness: type_of_text


WORDS: dict[str, Words] = {
    "full_document": Words(
        title=_("Full document"),
        measures=_("How surely all four corners are in the picture and nothing covers the document."),
        fails=_("A corner is missing or something covers the document."),
        passes=_("The whole document is visible."),
        strictness=_("Stricter: more good pictures are taken again. Looser: cut and covered documents pass more often."),
    ),
    "screen_replay": Words(
        title=_("Not on a screen"),
        measures=_("How surely the document itself lies before the camera, and not its picture on a screen."),
        fails=_("The document is shown on a screen."),
        passes=_("No sign of a screen."),
        strictness=_(
            "Stricter: more honest documents go to review, above all under glare. Looser: pictures on good screens pass more often."
        ),
    ),
    "photocopy": Words(
        title=_("Not a photocopy"),
        measures=_("How surely the document is an original, and not a print or a copy of one."),
        fails=_("The document is a photocopy or a print."),
        passes=_("No sign of a copy."),
        strictness=_("Stricter: more worn and pale originals go to review. Looser: good prints pass more often."),
    ),
    "liveness": Words(
        title=_("Liveness"),
        measures=_("How surely a living person in front of the camera made the moves that were asked."),
        fails=_("No live person made the moves."),
        passes=_("A live person made the moves."),
        strictness=_("Stricter: more people in bad light try again. Looser: photographs and recordings pass more often."),
    ),
    FACE_MATCH: Words(
        title=_("Face match"),
        measures=_(
            "How alike the live face and the portrait on the document are. A level says how rare such a likeness is among strangers."
        ),
        fails=_("The faces are too different."),
        passes=_("The faces are alike enough."),
        strictness=_("Stricter: fewer strangers pass, and more of the right people are turned away. Looser: the reverse."),
    ),
}


def title_of(part: str) -> str:
    return str(WORDS[part].title)


def titles_of(parts: tuple[str, ...]) -> str:
    """Several checks in one breath."""
    return ", ".join(title_of(part) for part in parts)


def place_of(market: str) -> str:
    """Whom thresholds concern: the company, or a market by its name."""
    if not market:
        return gettext("The whole company")
    return countries.name_or_code(market)


def written(name: str, value: float) -> str:
    """A threshold as pages print it."""
    return journal.shown(name, value, inherited=value)
