"""Each reason in two texts: for the user what to do next time, for staff what was measured (R25)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from checks_app.results import Reason
from sessions_app.choices import OutcomeReason, ReviewReason

Text = str | Promise

CONFIRMED = _("Your identity is confirmed.")
"""After an approval by a person, whatever convinced him."""

TEXTS: dict[str, tuple[Text, Text]] = {
    Reason.TOO_SMALL: (_("The picture is too small. Move closer, or use a better camera."), _("Too few pixels to read")),
    Reason.TOO_DARK: (_("It is too dark. Go to a window or switch on a lamp."), _("Picture too dark")),
    Reason.TOO_BRIGHT: (_("It is too bright. Turn away from the light, or go into the shade."), _("Picture too bright")),
    Reason.BLURRED: (_("The picture is blurred. Wipe the lens, hold still, and wait until it is sharp."), _("Picture blurred")),
    Reason.GLARE: (_("There is glare on the document. Tilt it a little, or move away from the lamp."), _("Glare on the document")),
    Reason.NO_DOCUMENT: (_("We cannot see the document. Lay it flat on a dark table and fill the frame with it."), _("No document found")),
    Reason.DOCUMENT_TOO_FAR: (
        _("The document is too far away. Move closer until it fills the frame."),
        _("Document too small in the picture"),
    ),
    Reason.CORNER_MISSING: (
        _("A corner is cut off. Move back a little, so that all four corners are inside the frame."),
        _("A corner lies outside the picture"),
    ),
    Reason.COVERED: (
        _("Something covers the document. Lay it on a table, or hold it only by its edge."),
        _("Part of the document is covered"),
    ),
    Reason.PORTRAIT_COVERED: (
        _("Something covers the photo on the document. Lay it on a table, or hold it only by its edge."),
        _("The portrait is covered"),
    ),
    Reason.MRZ_COVERED: (
        _("Something covers the lines at the bottom. Lay it on a table, or hold it by its upper edge."),
        _("The machine-readable zone is covered"),
    ),
    Reason.WRONG_DOCUMENT_TYPE: (
        _("This is another kind of document than you chose. Show the one that you chose, or choose another document."),
        _("Document type differs from the user's choice"),
    ),
    Reason.NO_FACE: (_("We cannot see your face. Look straight into the camera, with light from the front."), _("No face found")),
    Reason.SEVERAL_FACES: (_("There is more than one face. Please be alone in the picture."), _("Several faces in the picture")),
    Reason.FACE_TOO_FAR: (_("Your face is too far away. Move closer until it fills the oval."), _("Face too small in the picture")),
    Reason.FACE_NOT_FRONTAL: (
        _("Your head is turned. Hold the camera at the height of your eyes and look straight into it."),
        _("Face not frontal"),
    ),
    Reason.FACE_CUT_OFF: (_("Part of your face is outside the picture. Keep it inside the oval."), _("Face cut off by the picture's edge")),
    Reason.EYES_HIDDEN: (
        _("We cannot see your eyes. Take off sunglasses and move hair or hands away."),
        _("Eyes covered or not visible"),
    ),
    Reason.GLASSES_GLARE: (
        _("Your glasses reflect the light. Turn a little away from it, or take them off."),
        _("Glare on the glasses"),
    ),
    Reason.MRZ_NOT_READ: (
        _("We could not read the lines of letters and signs at the bottom. Hold still, avoid glare and show them whole."),
        _("Machine-readable zone not read with certainty"),
    ),
    Reason.MRZ_CHECK_DIGITS_WRONG: (
        _("The lines at the bottom could not be confirmed. Show the original document, sharp and without glare."),
        _("Check digits of the machine-readable zone are wrong"),
    ),
    Reason.MRZ_FIELD_WRONG: (
        _("The lines at the bottom say something that cannot be right. Please use another document."),
        _("A field of the machine-readable zone says something impossible"),
    ),
    Reason.VISA: (_("This is a visa. Please show your passport or identity card."), _("Visa, not an identity document")),
    Reason.DOCUMENT_TYPE_NOT_ACCEPTED: (
        _("This kind of document is not accepted here. Please use another one."),
        _("Document type not accepted by the company"),
    ),
    Reason.DIFFERENT_COUNTRY: (
        _("The document comes from another country than you chose. Choose the country that issued it."),
        _("Issuing state differs from the user's choice"),
    ),
    Reason.SPECIMEN: (_("This is a specimen, not a real document. Please use your own."), _("Specimen document of Utopia")),
    Reason.SHOWN_ON_SCREEN: (
        _("This is a document on a screen. Please show the document itself, not a picture of it."),
        _("Document shown on a screen"),
    ),
    Reason.SCREEN_SUSPECTED: (
        _("It looks as if the document were shown on a screen. Show the document itself, in even light."),
        _("Signs of a screen, not conclusive"),
    ),
    Reason.PHOTOCOPY: (_("This looks like a copy. Please show the original document."), _("Document is a photocopy or print")),
    Reason.PHOTOCOPY_SUSPECTED: (
        _("This may be a copy. Please show the original document in good light."),
        _("Signs of a photocopy, not conclusive"),
    ),
    Reason.SIDES_DIFFER: (
        _("Front and back do not seem to belong together. Show both sides of the same card."),
        _("Front and back do not name the same document"),
    ),
    Reason.SIDES_NOT_COMPARED: (
        _("The front could not be read well. Hold still and avoid glare."),
        _("Front and back could not be compared"),
    ),
    Reason.PRINT_DIFFERS: (
        _("The document does not say the same in all places. Show it sharp and without glare, or use another one."),
        _("Print and machine-readable zone disagree"),
    ),
    Reason.PRINT_NOT_READ: (
        _("The print on the document could not be read well. Hold still and avoid glare."),
        _("Print not read, so it could not be compared with the machine-readable zone"),
    ),
    Reason.PERSONAL_NUMBER_WRONG: (
        _("The personal number on the document could not be confirmed. Show it sharp and without glare."),
        _("Personal number is not one that its issuer gives"),
    ),
    Reason.DOCUMENT_EXPIRED: (_("The document has expired. Please use a valid one."), _("Document expired")),
    Reason.EXPIRY_NOT_READ: (_("The expiry date could not be read. Hold still and avoid glare."), _("Expiry date not read")),
    Reason.PERSON_DIFFERS: (
        _("The document does not name the person whom the company expects. Please use your own document and your own link."),
        _("Name or birth date differs from what was expected"),
    ),
    Reason.TOO_YOUNG: (_("You are not old enough for this service."), _("Holder younger than the minimum age")),
    Reason.BIRTH_DATE_NOT_READ: (_("The birth date could not be read. Hold still and avoid glare."), _("Birth date not read")),
    Reason.NO_PORTRAIT: (
        _("We cannot see the photo on the document. Show it whole and without glare."),
        _("No portrait found on the document"),
    ),
    Reason.FACES_DIFFER: (
        _("Your face and the photo on the document do not seem to match. Take the selfie in good light, without glasses or hat."),
        _("Face match below the review level"),
    ),
    Reason.FACES_BARELY_ALIKE: (
        _("Your face and the photo on the document are hard to compare. Take the selfie in good light, without glasses or hat."),
        _("Face match below the accepted level"),
    ),
    Reason.CHALLENGE_NOT_FOLLOWED: (
        _("The moves were not as asked. Do as the signs show, one after the other, and look straight ahead in between."),
        _("Head movements not as asked"),
    ),
    Reason.FLAT_FACE: (
        _("Only the picture seemed to move. Hold the camera still and turn your head itself, slowly and visibly."),
        _("The face moves like a flat picture"),
    ),
    Reason.FACE_CHANGED: (
        _("The face was not the same all the time. Take the selfie and do the head movements yourself, without a break."),
        _("Not the same face throughout"),
    ),
    Reason.FACE_LOST: (
        _("Your face left the picture. Stay inside the oval, and turn only as far as it asks."),
        _("Face not found in enough frames"),
    ),
    Reason.FRAMES_REPEATED: (
        _("The camera did not send a live picture. Please try another browser or another phone."),
        _("Frames repeat: not a live camera"),
    ),
    Reason.FACE_SCREEN_SUSPECTED: (
        _("It looks as if a picture were shown. Please show your own face, in even light."),
        _("Signs of a picture in place of the face, not conclusive"),
    ),
    Reason.FLASH_NOT_REFLECTED: (
        _("The light of the screen did not reach your face. Go to a darker place and hold the screen closer."),
        _("The face did not reflect the colours of the screen"),
    ),
    Reason.ATTACK_SUSPECTED: (
        _("We could not be sure that it is you yourself. Take the pictures in even light, with nothing before the camera."),
        _("The model for presentation attacks suspects one"),
    ),
    Reason.DUPLICATE_FACE: (
        _("We could not check this automatically. Please ask the company."),
        _("The same face stands in another session under another identity"),
    ),
    Reason.BURST_MISSING: (
        _("The camera sent a single picture only. Allow the camera on this page, or try another browser."),
        _("Picture came without the frames before it: not shown to be live"),
    ),
    Reason.NOT_LIVE_CAPTURE: (
        _("A file was sent instead of a camera picture. Allow the camera and take the picture on this page."),
        _("Uploaded as a file, not live"),
    ),
    Reason.CHECK_CRASHED: (_("We could not check this automatically. Please ask the company."), _("A check did not finish")),
    Reason.CAPTURE_MISSING: (
        _("A picture could not be checked automatically. Please ask the company."),
        _("A capture is missing or could not be inspected"),
    ),
    OutcomeReason.RETRIES_EXHAUSTED: (_("There are no tries left. Please ask the company for another way."), _("All attempts used")),
    OutcomeReason.MALICIOUS_UPLOAD: (
        _("A file could not be accepted. Please take the pictures with the camera."),
        _("Malicious file uploaded"),
    ),
    ReviewReason.DOCUMENT_GENUINE: (CONFIRMED, _("Reviewer: the document is genuine")),
    ReviewReason.SAME_PERSON: (CONFIRMED, _("Reviewer: the faces are the same person's")),
    ReviewReason.LIVE_PERSON: (CONFIRMED, _("Reviewer: a live person is seen")),
    ReviewReason.CONFIRMED_OTHERWISE: (CONFIRMED, _("Reviewer: confirmed in another way")),
    ReviewReason.DOCUMENT_FORGED: (_("We could not confirm your document."), _("Reviewer: the document is forged or altered")),
    ReviewReason.DOCUMENT_NOT_ACCEPTED: (
        _("This kind of document is not accepted here. Please use another one."),
        _("Reviewer: the document is not accepted here"),
    ),
    ReviewReason.DOCUMENT_UNREADABLE: (
        _("Your document could not be read well. Show it in good light and without glare."),
        _("Reviewer: the document cannot be read"),
    ),
    ReviewReason.OTHER_PERSON: (
        _("Your face could not be compared with the photo on the document."),
        _("Reviewer: the faces are different people's"),
    ),
    ReviewReason.NOT_LIVE: (
        _("The pictures of your face could not be confirmed. Please take them yourself, in good light."),
        _("Reviewer: no live person is seen"),
    ),
    ReviewReason.DUPLICATE: (_("We could not confirm your details."), _("Reviewer: the same person under another identity")),
    ReviewReason.OTHER: (_("We could not confirm your identity."), _("Reviewer: another reason, in the note")),
}


def user_text(code: str) -> Text:
    """Return what the user should do next time. Raises KeyError for an unknown code."""
    return TEXTS[code][0]


def staff_text(code: str) -> Text:
    """Return what was measured, in the words of staff. Raises KeyError for an unknown code."""
    return TEXTS[code][1]
