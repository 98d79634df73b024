"""R37: where in a picture the findings lie."""

from __future__ import annotations

from dataclasses import replace

from checks_app.results import Quad, Reason
from sessions_app.panel import evidence
from tests import findings as given

CORNER = Quad(((0.8, 0.8), (0.9, 0.8), (0.9, 0.9), (0.8, 0.9)))


def test_good_passport_shows_its_outline_its_zone_and_its_portrait() -> None:
    marks = evidence.marks_of(given.passport())
    assert [(mark.kind, mark.points) for mark in marks] == [
        ("document", "100,100 900,100 900,900 100,900"),
        ("zone", "100,800 900,800 900,950 100,950"),
        ("portrait", "300,200 700,200 700,800 300,800"),
    ]


def test_place_of_a_fault_lies_on_top() -> None:
    covered = replace(given.measure(0.1, Reason.COVERED), areas=(CORNER,))
    assert evidence.marks_of(given.passport(full_document=covered))[-1] == evidence.Mark(
        "800,800 900,800 900,900 800,900", "fault", evidence.WORDS["fault"], ("FULL_DOCUMENT",)
    )


def test_picture_without_a_document_has_no_marks() -> None:
    assert evidence.marks_of(given.passport(quad=None, mrz=None, portrait=None)) == []


def test_selfie_shows_its_face() -> None:
    assert [(mark.kind, mark.checks) for mark in evidence.marks_of(given.selfie())] == [("face", ("FACE_MATCH", "DUPLICATE_FACE"))]


def test_picture_whose_inspection_crashed_has_no_marks() -> None:
    assert evidence.marks_of(None) == []


def test_each_mark_names_the_checks_that_rest_on_it() -> None:
    """R37: a check is shown with its own evidence alone."""
    on_screen = replace(given.measure(0.1, Reason.SHOWN_ON_SCREEN), areas=(CORNER,))
    marks = evidence.marks_of(given.passport(screen_replay=on_screen))
    assert [mark.kind for mark in marks if "SCREEN_REPLAY" in mark.checks] == ["document", "fault"]
    assert [mark.kind for mark in marks if "MRZ" in mark.checks] == ["zone"]
