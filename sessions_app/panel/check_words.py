"""The checks in the words of staff: a title, and a sentence for each conclusion (R25)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from checks_app.results import Check, Reason, Status
from sessions_app.panel.labels import type_of_text

TITLES: dict[str, type_of_text] = {
    Check.DOCUMENT: _("Document"),
    Check.MRZ: _("Machine-readable zone"),
    Check.FULL_DOCUMENT: _("Full document"),
    Check.SCREEN_REPLAY: _("Not on a screen"),
    Check.PHOTOCOPY: _("Not a photocopy"),
    Check.SIDES_AGREE: _("Front and back agree"),
    Check.PRINT_AGREES: _("Print agrees"),
    Check.EXPIRY: _("Still valid"),
    Check.MINIMUM_AGE: _("Minimum age"),
    Check.EXPECTED_PERSON: _("Expected person"),
    Check.FACE_MATCH: _("Face match"),
    Check.LIVENESS: _("Liveness"),
    Check.DUPLICATE_FACE: _("No duplicate face"),
}

SENTENCES: dict[tuple[str, str], type_of_text] = {
    (Check.DOCUMENT, Status.PASSED): _("A document of the chosen kind and country is presented."),
    (Check.DOCUMENT, Status.UNCLEAR): _("Which document is presented could not be settled."),
    (Check.DOCUMENT, Status.FAILED): _("The document is not one that is accepted here."),
    (Check.MRZ, Status.PASSED): _("The zone was read and all its check digits are right."),
    (Check.MRZ, Status.UNCLEAR): _("The zone was not read with certainty, or says something that people must look at."),
    (Check.MRZ, Status.FAILED): _("The check digits contradict the text of the zone."),
    (Check.FULL_DOCUMENT, Status.PASSED): _("All corners are visible and nothing covers the document."),
    (Check.FULL_DOCUMENT, Status.UNCLEAR): _("Whether the whole document is visible could not be settled."),
    (Check.FULL_DOCUMENT, Status.FAILED): _("A corner is missing or part of the document is covered."),
    (Check.SCREEN_REPLAY, Status.PASSED): _("No sign that the document is shown on a screen."),
    (Check.SCREEN_REPLAY, Status.UNCLEAR): _("Whether the document is shown on a screen could not be settled."),
    (Check.SCREEN_REPLAY, Status.FAILED): _("The document is shown on a screen."),
    (Check.PHOTOCOPY, Status.PASSED): _("No sign of a photocopy or print."),
    (Check.PHOTOCOPY, Status.UNCLEAR): _("Whether the document is an original could not be settled."),
    (Check.PHOTOCOPY, Status.FAILED): _("The document is a photocopy or print."),
    (Check.SIDES_AGREE, Status.PASSED): _("Both sides name the same document."),
    (Check.SIDES_AGREE, Status.UNCLEAR): _("Whether both sides name the same document could not be settled."),
    (Check.SIDES_AGREE, Status.FAILED): _("The two sides do not name the same document."),
    (Check.PRINT_AGREES, Status.PASSED): _("The page prints what its machine-readable zone says."),
    (Check.PRINT_AGREES, Status.UNCLEAR): _("Whether the page prints what its machine-readable zone says could not be settled."),
    (Check.PRINT_AGREES, Status.FAILED): _("The page prints something else than its machine-readable zone says."),
    (Check.EXPIRY, Status.PASSED): _("The document had not expired on the day of the check."),
    (Check.EXPIRY, Status.UNCLEAR): _("The day of expiry could not be read."),
    (Check.EXPIRY, Status.FAILED): _("The document had expired on the day of the check."),
    (Check.MINIMUM_AGE, Status.PASSED): _("The holder was old enough on the day of the check."),
    (Check.MINIMUM_AGE, Status.UNCLEAR): _("The holder's age could not be read."),
    (Check.MINIMUM_AGE, Status.FAILED): _("The holder was younger than this company asks."),
    (Check.EXPECTED_PERSON, Status.PASSED): _("The document names the person whom the company expects."),
    (Check.EXPECTED_PERSON, Status.UNCLEAR): _("Whether the document names the expected person could not be settled."),
    (Check.EXPECTED_PERSON, Status.FAILED): _("The document names somebody else than the company expects."),
    (Check.FACE_MATCH, Status.PASSED): _("The live face is as much like the portrait as this company requires."),
    (Check.FACE_MATCH, Status.UNCLEAR): _("The faces are alike, but not enough for this company's setting."),
    (Check.FACE_MATCH, Status.FAILED): _("The live face and the portrait are too different."),
    (Check.LIVENESS, Status.PASSED): _("The person followed the challenge with a head, not with a picture."),
    (Check.LIVENESS, Status.UNCLEAR): _("Whether a live person followed the challenge could not be settled."),
    (Check.LIVENESS, Status.FAILED): _("The challenge was not followed by the live person of the selfie."),
    (Check.DUPLICATE_FACE, Status.PASSED): _("No other person's session of this company shows this face."),
    (Check.DUPLICATE_FACE, Status.UNCLEAR): _("The same face may stand in another session under another identity."),
    (Check.DUPLICATE_FACE, Status.FAILED): _("The same face stands in another session under another identity."),
}

NOT_RUN: dict[str, tuple[type_of_text, type_of_text]] = {
    Reason.CHECK_CRASHED: (
        _("Crashed"),
        _("The check crashed or ran out of time before it came to a result. Nothing was concluded, so people must look."),
    ),
    Reason.CAPTURE_MISSING: (
        _("Did not run"),
        _("A picture that this check needs is missing or could not be inspected. Nothing was concluded, so people must look."),
    ),
}
"""A word and a sentence for a check that came to no result of its own."""

OPTIONAL = (Check.MINIMUM_AGE, Check.EXPECTED_PERSON, Check.DUPLICATE_FACE)
"""Checks that a company asks for or not."""
