"""What the pages' scripts say. The scripts hold no text of their own: they get it as JSON, in the user's language."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sessions_app.choices import CaptureKind
from settings_app.choices import DocumentChoice

Words = dict[str, str | Promise]

NOTES: Words = {"elsewhere": _("That step is already done. Please go on here.")}
TOLD_FROM = 3
"""The try from which on one is told how many are left; before, it would only worry."""

LOOKING: Words = {
    "sending": _("Sending…"),
    "checking": _("Checking the picture…"),
    "slow": _("Still checking. It takes longer than usual, and nothing is lost."),
    "good": _("Looks good"),
    "offline": _("No connection, trying again…"),
    "failed": _("The picture could not be sent. Please try again."),
    "too_large": _("The picture is too large to be sent. Take it with the camera of this page, or choose a smaller one."),
    "trouble": _("Something went wrong on our side. Please try again in a moment."),
}

DOCUMENT_HINTS: Words = {
    "search": _("Place the document inside the frame"),
    "dark": _("Too dark: find more light"),
    "glare": _("Tilt to lose the glare"),
    "closer": _("Move closer"),
    "blurred": _("Wait until it is sharp…"),
    "still": _("Hold still…"),
    "good": _("Good. Hold it like this…"),
}

SELFIE_HINTS: Words = {
    "search": _("Place your face inside the oval"),
    "dark": _("Too dark: turn towards the light"),
    "bright": _("Too bright: turn away from the light"),
    "closer": _("Move closer"),
    "still": _("Hold still…"),
    "good": _("Good. Hold it like this…"),
}

ALLOW = _("Please allow the camera")

MOVES: Words = {
    "STRAIGHT": _("Look straight ahead"),
    "BACK": _("Good. Look straight ahead"),
    "LEFT": _("Turn your head a little to the left"),
    "RIGHT": _("Turn your head a little to the right"),
    "UP": _("Raise your chin a little"),
    "DOWN": _("Lower your chin a little"),
    "CLOSER": _("Come closer to the camera"),
    "BEFORE_LIGHT": _("Good. Now the coloured light"),
    "LIGHT": _("Keep looking straight ahead"),
    "done": _("Thank you, that is all"),
}

CAMERA_ERRORS: Words = {
    "denied": _("The camera is not allowed on this page."),
    "dismissed": _("The camera was not allowed."),
    "system": _("This device does not let the browser use the camera."),
    "missing": _("We find no camera on this device."),
    "gone": _("The camera was disconnected."),
    "lost": _("The camera has stopped."),
    "busy": _("Another app is using the camera."),
    "silent": _("The camera does not answer."),
    "unsupported": _("This browser gives the page no camera."),
    "insecure": _("The camera works only on a secure (https) address."),
    "unknown": _("The camera could not be started."),
}

REMEDIES: dict[str, Words] = {
    "android": {
        "denied": _("Tap the sign to the left of the address, then Permissions, allow the camera and try again."),
        "system": _("Open Settings, then Apps, your browser, Permissions, allow the camera and try again."),
        "missing": _("Choose a photo instead, or open the link on another phone."),
        "busy": _("Close other apps that use the camera, also video calls, and try again."),
        "unsupported": _("Open the link in Chrome, or choose a photo instead."),
    },
    "ios": {
        "denied": _("Open Settings, then Apps, Safari, Camera, choose Allow and try again."),
        "system": _("Open Settings, then Privacy, Camera, allow your browser and try again."),
        "missing": _("Choose a photo instead, or open the link on another phone."),
        "busy": _("Close other apps that use the camera, also video calls, and try again."),
        "unsupported": _("Open the link in Safari, or choose a photo instead."),
    },
    "desktop": {
        "denied": _("Click the camera sign beside the address, allow the camera and try again."),
        "system": _("Allow the camera for your browser in the privacy settings of this computer, and try again."),
        "missing": _("Connect a camera, open the link on your phone, or choose a photo instead."),
        "busy": _("Close other programs and tabs that use the camera, and try again."),
        "unsupported": _("Open the link in a current Chrome, Edge, Firefox or Safari, or choose a photo instead."),
    },
}
ANYWHERE: Words = {
    "dismissed": _("Choose “Try again”, then “Allow”. If the browser does not ask, reload this page."),
    "gone": _("Connect it again: this page then goes on by itself."),
    "lost": _("Another app may have taken it, or the phone was locked. Please try again."),
    "silent": _("If the browser asks for your permission, allow it. Else close other apps that use the camera, and try again."),
    "insecure": _("Open the link exactly as you received it, or choose a photo instead."),
    "unknown": _("Reload the page and try again, or choose a photo instead."),
}
CAMERA_ONLY: dict[str, Words] = {
    "android": {
        "missing": _("Open the link on another phone, or on a computer with a camera."),
        "unsupported": _("Open the link in Chrome."),
    },
    "ios": {
        "missing": _("Open the link on another phone, or on a computer with a camera."),
        "unsupported": _("Open the link in Safari."),
    },
    "desktop": {
        "missing": _("Connect a camera, or open the link on your phone."),
        "unsupported": _("Open the link in a current Chrome, Edge, Firefox or Safari, or on your phone."),
    },
}
"""Instead of the remedies that name a photo, where the company takes no files (R47)."""

CAMERA_ONLY_ANYWHERE: Words = {
    "insecure": _("Open the link exactly as you received it."),
    "unknown": _("Reload the page and try again, or use another device."),
}
ANOTHER_PHONE = _("Choose “Go on at this computer instead” on the computer, and scan the new code with another phone.")
"""For a phone without a camera that carries a computer's session: it has no link to open elsewhere."""

IN_AN_APP: dict[str, str | Promise] = {
    "android": _("You are inside another app, whose own browser may not use the camera. Open this link in Chrome:"),
    "ios": _("You are inside another app, whose own browser may not use the camera. Open this link in Safari:"),
}
IN_AN_APP_FOR_COMPUTER = _(
    "You are inside another app, whose own browser may not use the camera. Choose “Go on at this computer instead” on the"
    " computer, then the phone again, and scan the new code with the camera app of your phone."
)
"""Instead of what to allow: inside an app nothing on the page helps."""

OUTSIDE_THE_PAGE = ("denied", "system", "silent", "unsupported", "unknown")


def note(code: str) -> str | Promise:
    """Return the sentence for a code from the address; nothing for a code that we do not know."""
    return NOTES.get(code, "")


def tries(number: int, *, left: int) -> str:
    """Say which try this is and how many could follow, where that helps; else nothing."""
    if left <= 0:
        return gettext("This is the last try, so take your time. Good light and a clean lens help most.")
    if number < TOLD_FROM:
        return ""
    return gettext("This is try %(number)s of %(all)s. There is no hurry, and nothing is lost in between.") % {
        "number": number,
        "all": number + left,
    }


def for_camera(kind: CaptureKind, *, system: str, in_app: bool, for_computer: bool, files: bool) -> dict[str, Any]:
    """Return everything that the camera pages may have to say on this kind of device.

    in_app: in the browser of another app. for_computer: on a phone that carries a computer's session, whose link nobody can open twice.
    files: the company takes them as well.
    """
    hints = DOCUMENT_HINTS if kind in (CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK) else SELFIE_HINTS
    platform = _platform(system)
    remedies = ANYWHERE | REMEDIES[platform]
    if not files:
        remedies |= CAMERA_ONLY_ANYWHERE | CAMERA_ONLY[platform] | ({"missing": ANOTHER_PHONE} if for_computer else {})
    if in_app and platform in IN_AN_APP:
        remedies |= dict.fromkeys(OUTSIDE_THE_PAGE, IN_AN_APP_FOR_COMPUTER if for_computer else IN_AN_APP[platform])
    errors = {code: {"what": what, "remedy": remedies[code]} for code, what in CAMERA_ERRORS.items()}
    return {**LOOKING, "hints": hints, "moves": MOVES, "errors": errors, "allow": ALLOW}


def of_capture(kind: CaptureKind, document: str) -> dict[str, Any]:
    """Return title, what to do and the shape of the overlay for one picture."""
    card = document == DocumentChoice.ID_CARD
    if kind == CaptureKind.SELFIE:
        return {"title": _("Take a selfie"), "advice": _("Good light, no hat, no sunglasses."), "shape": "face", "short": _("Selfie")}
    if kind == CaptureKind.LIVENESS:
        advice = _("We ask you to move your head, so that nobody else can use your photo.")
        return {"title": _("Show that it is you"), "advice": advice, "shape": "face", "short": _("Head movements")}
    if kind == CaptureKind.DOCUMENT_BACK:
        advice = _("Turn the card over. All four corners, no glare.")
        return {"title": _("Back of your card"), "advice": advice, "shape": "card", "short": _("Back side")}
    if card:
        advice = _("The side with your photo. All four corners, no glare.")
        return {"title": _("Front of your card"), "advice": advice, "shape": "card", "short": _("Front side")}
    advice = _("The page with your photo and the two lines of letters at the bottom. No glare.")
    return {"title": _("Photo page of your passport"), "advice": advice, "shape": "passport", "short": _("Passport")}


def _platform(system: str) -> str:
    if system.startswith("Android"):
        return "android"
    return "ios" if system.startswith(("iOS", "iPadOS")) else "desktop"
