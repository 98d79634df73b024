"""What was measured of this product besides the calibration file, as it stands in docs/: nothing here is computed or guessed.

A test compares every figure with the page that it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from checks_app.face.acceptance import wilson
from checks_app.face.match_level import Calibration
from checks_app.results import Engine
from sessions_app.panel.labels import type_of_text
from sessions_app.panel.shares import spread


@dataclass(frozen=True, slots=True)
class Counted:
    """So many of so many."""

    what: type_of_text
    n: int
    of: int

    @property
    def interval(self) -> str:
        """Wilson's 95 % interval in per cent."""
        return spread(wilson(self.n, self.of))


@dataclass(frozen=True, slots=True)
class CheckEvidence:
    """What the thresholds of one check rest on. part: its name in `thresholds.PARTS`; page: of docs/."""

    part: str
    label: type_of_text
    data: type_of_text
    counted: tuple[Counted, ...]
    not_known: type_of_text
    command: str
    page: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What a level was worth to some people: one stranger in so many, with the interval, and the share of right people accepted."""

    strangers: str
    between: str
    accepted: str


@dataclass(frozen=True, slots=True)
class KeptLevel:
    """A level among two sets of people."""

    level: int
    promised: str
    first: Kept
    second: Kept


def of_shipped(calibration: Calibration) -> bool:
    """Whether the engine in use is the one that was measured here, on the data that were measured here."""
    return (calibration.engine, calibration.impostor_pairs) == (Engine("dlib-20-unit", "20.0.1"), 2_500_966)


GROUPS = (
    KeptLevel(1, "1/100", Kept("1/4", "1/3 to 1/5", "100 %"), Kept("1/102", "1/95 to 1/108", "98.6 %")),
    KeptLevel(2, "1/250", Kept("1/6", "1/5 to 1/8", "100 %"), Kept("1/266", "1/243 to 1/287", "96.9 %")),
    KeptLevel(3, "1/500", Kept("1/9", "1/6 to 1/12", "100 %"), Kept("1/561", "1/505 to 1/618", "95.7 %")),
    KeptLevel(4, "1/1,000", Kept("1/13", "1/9 to 1/19", "100 %"), Kept("1/1,209", "1/1,066 to 1/1,351", "93.7 %")),
    KeptLevel(5, "1/10,000", Kept("1/48", "1/30 to 1/92", "91 %"), Kept("1/18,447", "1/12,805 to 1/27,115", "79.8 %")),
    KeptLevel(6, "1/100,000", Kept("1/326", "1/138 to 1/1,938", "83 %"), Kept("1/288,235", "1/135,578 to 1/2,304,801", "58.6 %")),
)
"""Among 89 people with Chinese, Japanese, Korean or Vietnamese names, and among the 2,148 others; docs/calibration.md, "Groups"."""

HELD_OUT = (
    KeptLevel(1, "1/100", Kept("1/108", "1/99 to 1/119", "98.5 %"), Kept("1/94", "1/85 to 1/104", "98.9 %")),
    KeptLevel(2, "1/250", Kept("1/283", "1/250 to 1/318", "96.5 %"), Kept("1/227", "1/202 to 1/261", "97.6 %")),
    KeptLevel(3, "1/500", Kept("1/577", "1/489 to 1/683", "95.7 %"), Kept("1/438", "1/372 to 1/519", "96.2 %")),
    KeptLevel(4, "1/1,000", Kept("1/1,146", "1/915 to 1/1,457", "93.9 %"), Kept("1/884", "1/738 to 1/1,079", "94.0 %")),
    KeptLevel(5, "1/10,000", Kept("1/15,257", "1/8,013 to 1/32,893", "79.6 %"), Kept("1/7,016", "1/4,603 to 1/12,744", "81.1 %")),
    KeptLevel(6, "1/100,000", Kept("1/156,380", "1/52,082 to none", "58.3 %"), Kept("1/69,378", "1/30,395 to 1/1,313,438", "61.6 %")),
    KeptLevel(7, "1/500,000", Kept("no pair", "at most 1/162,835", "43.2 %"), Kept("1/312,202", "1/77,977 to none", "51.4 %")),
)
"""The second half of the people by the first's levels, and the first by the second's; docs/calibration.md."""

CHECKS = (
    CheckEvidence(
        "full_document",
        _("Full document"),
        _("Drawn photographs of drawn passports and cards. No photograph of a real document was measured."),
        (
            Counted(_("Ordinary pictures that were asked for again or did not pass"), 3, 300),
            Counted(_("A corner outside the picture: asked for again"), 100, 100),
            Counted(_("The tip of a corner outside: asked for again"), 29, 30),
            Counted(_("A finger on a corner: does not pass"), 93, 100),
            Counted(_("A pen, coin, note or fingers over the portrait: does not pass"), 22, 30),
        ),
        _(
            "A cover of the ground's or the paper's own colour is not seen. How often real cameras, hands and desks are judged wrongly"
            " is not known."
        ),
        "python -m benchmarks.documents --case CASE --shots N --seed 52000",
        "documents.md",
    ),
    CheckEvidence(
        "screen_replay",
        _("Document on a screen"),
        _(
            "Photographs by one photographer with one phone, of rooms and objects instead of documents; and drawn displays with the frames"
            " of the moment before the picture. No such frames of a real display were at hand."
        ),
        (
            Counted(_("Photographs of things that were doubted"), 1, 43),
            Counted(_("Photographs of screens and printouts that passed, judged by a single picture"), 33, 46),
            Counted(_("Drawn displays that passed on a single picture"), 7, 36),
            Counted(_("Drawn displays that passed with their frames"), 0, 36),
            Counted(_("One picture fed to the camera again and again: passed"), 0, 12),
        ),
        _(
            "Most screens pass on a single picture, so this check alone stops nobody who takes care. How often real displays pass"
            " with their frames is not known."
        ),
        "manage.py evaluate_recapture REAL_DIR SCREEN_DIR",
        "recapture.md",
    ),
    CheckEvidence(
        "photocopy",
        _("Photocopy"),
        _("Drawn originals, copies and printouts. No photograph of a real copy was measured."),
        (
            Counted(_("Originals that did not pass"), 0, 24),
            Counted(_("Monochrome copies that passed"), 0, 24),
            Counted(_("Colour printouts that passed"), 1, 8),
        ),
        _("Photo prints without dots, inkjet printouts and printouts of text alone are not recognised, or were not measured."),
        "python -m benchmarks.recapture --case CASE --shots N",
        "recapture.md",
    ),
    CheckEvidence(
        "liveness",
        _("Liveness"),
        _(
            "Recordings that were drawn in three dimensions on one head, with the faces of people whom no threshold had seen. It is no"
            " test after ISO/IEC 30107-3."
        ),
        (
            Counted(_("Flat prints, turned and tilted: passed"), 0, 300),
            Counted(_("Prints bent around a bottle: passed"), 0, 300),
            Counted(_("Another person from the second move on: passed"), 0, 300),
            Counted(_("People taken for an attack"), 2, 300),
            Counted(_("People asked to do the moves again at once"), 9, 300),
        ),
        _("Live deepfakes, masks and injected streams pass. How often real people fail on real cameras is not known."),
        "./run bench liveness --faces DIR --names M-Z --n 300",
        "liveness.md",
    ),
)
