"""The small drawing beside a reason: it says what to do without a word."""

from __future__ import annotations

from collections.abc import Iterable

from checks_app.results import Reason

DRAWINGS: dict[str, str] = {
    Reason.TOO_DARK: "light",
    Reason.TOO_BRIGHT: "light",
    Reason.GLARE: "tilt",
    Reason.GLASSES_GLARE: "eyes",
    Reason.EYES_HIDDEN: "eyes",
    Reason.TOO_SMALL: "frame",
    Reason.NO_DOCUMENT: "frame",
    Reason.DOCUMENT_TOO_FAR: "frame",
    Reason.CORNER_MISSING: "frame",
    Reason.NO_PORTRAIT: "frame",
    Reason.COVERED: "edge",
    Reason.PORTRAIT_COVERED: "edge",
    Reason.MRZ_COVERED: "edge",
    Reason.BLURRED: "still",
    Reason.MRZ_NOT_READ: "strip",
    Reason.MRZ_CHECK_DIGITS_WRONG: "strip",
    Reason.SHOWN_ON_SCREEN: "original",
    Reason.SCREEN_SUSPECTED: "original",
    Reason.PHOTOCOPY: "original",
    Reason.PHOTOCOPY_SUSPECTED: "original",
    Reason.SIDES_DIFFER: "sides",
    Reason.SIDES_NOT_COMPARED: "sides",
    Reason.NO_FACE: "face",
    Reason.SEVERAL_FACES: "face",
    Reason.FACE_TOO_FAR: "face",
    Reason.FACE_NOT_FRONTAL: "face",
    Reason.FACE_CUT_OFF: "face",
    Reason.FACE_LOST: "face",
    Reason.FACES_DIFFER: "face",
    Reason.FACE_CHANGED: "face",
    Reason.CHALLENGE_NOT_FOLLOWED: "turn",
    Reason.FLAT_FACE: "turn",
}


def drawing(codes: Iterable[str]) -> str:
    """Return the template of the drawing for the first reason that has one, or nothing."""
    return next((f"flow/help/_{DRAWINGS[code]}.svg" for code in codes if code in DRAWINGS), "")
