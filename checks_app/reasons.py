"""Why a capture must be retaken, or a check did not pass: the closed list of codes (R25)."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Why a capture must be retaken or a check did not pass. Texts for user and staff: `sessions_app.reasons`."""

    # quality of a picture, answered at capture
    TOO_SMALL = "TOO_SMALL"
    TOO_DARK = "TOO_DARK"
    TOO_BRIGHT = "TOO_BRIGHT"
    BLURRED = "BLURRED"
    GLARE = "GLARE"
    NO_DOCUMENT = "NO_DOCUMENT"
    DOCUMENT_TOO_FAR = "DOCUMENT_TOO_FAR"
    CORNER_MISSING = "CORNER_MISSING"
    COVERED = "COVERED"
    PORTRAIT_COVERED = "PORTRAIT_COVERED"
    MRZ_COVERED = "MRZ_COVERED"
    WRONG_DOCUMENT_TYPE = "WRONG_DOCUMENT_TYPE"
    NO_FACE = "NO_FACE"
    SEVERAL_FACES = "SEVERAL_FACES"
    FACE_TOO_FAR = "FACE_TOO_FAR"
    FACE_NOT_FRONTAL = "FACE_NOT_FRONTAL"
    FACE_CUT_OFF = "FACE_CUT_OFF"
    EYES_HIDDEN = "EYES_HIDDEN"
    GLASSES_GLARE = "GLASSES_GLARE"
    # conclusions of checks
    MRZ_NOT_READ = "MRZ_NOT_READ"
    MRZ_CHECK_DIGITS_WRONG = "MRZ_CHECK_DIGITS_WRONG"
    MRZ_FIELD_WRONG = "MRZ_FIELD_WRONG"  # read with certainty, but it says something impossible
    DOCUMENT_TYPE_NOT_ACCEPTED = "DOCUMENT_TYPE_NOT_ACCEPTED"
    VISA = "VISA"
    DIFFERENT_COUNTRY = "DIFFERENT_COUNTRY"
    SPECIMEN = "SPECIMEN"
    SHOWN_ON_SCREEN = "SHOWN_ON_SCREEN"
    SCREEN_SUSPECTED = "SCREEN_SUSPECTED"
    PHOTOCOPY = "PHOTOCOPY"
    PHOTOCOPY_SUSPECTED = "PHOTOCOPY_SUSPECTED"
    SIDES_DIFFER = "SIDES_DIFFER"
    SIDES_NOT_COMPARED = "SIDES_NOT_COMPARED"
    PRINT_DIFFERS = "PRINT_DIFFERS"
    PRINT_NOT_READ = "PRINT_NOT_READ"
    PERSONAL_NUMBER_WRONG = "PERSONAL_NUMBER_WRONG"
    DOCUMENT_EXPIRED = "DOCUMENT_EXPIRED"
    EXPIRY_NOT_READ = "EXPIRY_NOT_READ"
    PERSON_DIFFERS = "PERSON_DIFFERS"
    TOO_YOUNG = "TOO_YOUNG"
    BIRTH_DATE_NOT_READ = "BIRTH_DATE_NOT_READ"
    NO_PORTRAIT = "NO_PORTRAIT"
    FACES_DIFFER = "FACES_DIFFER"
    FACES_BARELY_ALIKE = "FACES_BARELY_ALIKE"
    CHALLENGE_NOT_FOLLOWED = "CHALLENGE_NOT_FOLLOWED"
    FLAT_FACE = "FLAT_FACE"
    FACE_CHANGED = "FACE_CHANGED"
    FACE_LOST = "FACE_LOST"
    FRAMES_REPEATED = "FRAMES_REPEATED"
    FACE_SCREEN_SUSPECTED = "FACE_SCREEN_SUSPECTED"  # signs of a picture, such as stills shown in turn: a doubt, never a verdict
    FLASH_NOT_REFLECTED = "FLASH_NOT_REFLECTED"  # the face did not take on the colours that the screen showed
    ATTACK_SUSPECTED = "ATTACK_SUSPECTED"  # the operator's own model for presentation attacks says so
    BURST_MISSING = "BURST_MISSING"  # the camera sent a picture without the moments before it
    NOT_LIVE_CAPTURE = "NOT_LIVE_CAPTURE"  # uploaded as a file, so nothing shows that a person was there
    DUPLICATE_FACE = "DUPLICATE_FACE"
    CHECK_CRASHED = "CHECK_CRASHED"
    CAPTURE_MISSING = "CAPTURE_MISSING"
