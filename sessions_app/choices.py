"""The closed lists of a verification session, stored upper-case."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    """R20 and R8. The first five are the primary outcomes; the last two stay outside every rate."""

    PENDING = "PENDING", _("Pending")
    APPROVE = "APPROVE", _("Approved")
    REVIEW = "REVIEW", _("In review")
    DECLINE = "DECLINE", _("Declined")
    ABANDONED = "ABANDONED", _("Abandoned")
    EXPIRED = "EXPIRED", _("Expired")
    CANCELLED = "CANCELLED", _("Cancelled")


class OutcomeReason(TextChoices):
    """Why a session ended, beyond the reasons of its checks (R21)."""

    RETRIES_EXHAUSTED = "RETRIES_EXHAUSTED", _("No retries left")
    MALICIOUS_UPLOAD = "MALICIOUS_UPLOAD", _("Malicious file")


class ReviewReason(TextChoices):
    """R24: why a person approved or declined a session in review."""

    DOCUMENT_GENUINE = "DOCUMENT_GENUINE", _("The document is genuine")
    SAME_PERSON = "SAME_PERSON", _("The faces are the same person's")
    LIVE_PERSON = "LIVE_PERSON", _("A live person is seen")
    CONFIRMED_OTHERWISE = "CONFIRMED_OTHERWISE", _("Confirmed in another way")
    DOCUMENT_FORGED = "DOCUMENT_FORGED", _("The document is forged or altered")
    DOCUMENT_NOT_ACCEPTED = "DOCUMENT_NOT_ACCEPTED", _("The document is not accepted here")
    DOCUMENT_UNREADABLE = "DOCUMENT_UNREADABLE", _("The document cannot be read")
    OTHER_PERSON = "OTHER_PERSON", _("The faces are different people's")
    NOT_LIVE = "NOT_LIVE", _("No live person is seen")
    DUPLICATE = "DUPLICATE", _("The same person under another identity")
    OTHER = "OTHER", _("Another reason, in the note")


class RedoStep(TextChoices):
    """R24: which step a reviewer may ask the person to do again."""

    DOCUMENT = "DOCUMENT", _("Document")
    SELFIE = "SELFIE", _("Selfie")
    LIVENESS = "LIVENESS", _("Head movements")


class CaptureKind(TextChoices):
    """What a capture shows."""

    DOCUMENT_FRONT = "DOCUMENT_FRONT", _("Document, front")
    DOCUMENT_BACK = "DOCUMENT_BACK", _("Document, back")
    SELFIE = "SELFIE", _("Selfie")
    LIVENESS = "LIVENESS", _("Liveness challenge")


class CaptureSource(TextChoices):
    """How a capture came to us; a file proves nothing about the moment."""

    CAMERA = "CAMERA", _("Camera")
    FILE = "FILE", _("File")


class CaptureState(TextChoices):
    """Where the inspection of a capture stands."""

    WAITING = "WAITING", _("Waiting")
    INSPECTED = "INSPECTED", _("Inspected")
    CRASHED = "CRASHED", _("Could not be inspected")
    ERASED = "ERASED", _("Erased")


class AttemptState(TextChoices):
    """Where an attempt stands."""

    PROCESSING = "PROCESSING", _("Being checked")
    DECIDED = "DECIDED", _("Decided")


class TransferEnd(TextChoices):
    """Why a phone no longer carries a session (R11-R14)."""

    COMPLETED = "COMPLETED", _("The session has its outcome")
    TAKEN_BACK = "TAKEN_BACK", _("Taken back to the first device")
    EXPIRED = "EXPIRED", _("Its time was over")


class DeviceKind(TextChoices):
    """R65: a tablet is a Mobile."""

    PC = "PC", _("PC")
    MOBILE = "Mobile", _("Mobile")


class EventKind(TextChoices):
    """Everything that can happen to a session; the timeline of the details page."""

    CREATED = "CREATED", _("Session created")
    OPENED = "OPENED", _("Link opened")
    CONSENTED = "CONSENTED", _("Consent given")
    CONSENT_REFUSED = "CONSENT_REFUSED", _("Consent refused")
    EXTRA_FILLED = "EXTRA_FILLED", _("Extra fields filled")
    DOCUMENT_CHOSEN = "DOCUMENT_CHOSEN", _("Document chosen")
    CAPTURED = "CAPTURED", _("Picture taken")
    RETAKE_ASKED = "RETAKE_ASKED", _("Retake asked")
    SUBMITTED = "SUBMITTED", _("Submitted for checking")
    RETRY_ASKED = "RETRY_ASKED", _("Another attempt asked")
    APPROVED = "APPROVED", _("Approved")
    SENT_TO_REVIEW = "SENT_TO_REVIEW", _("Sent to review")
    DECLINED = "DECLINED", _("Declined")
    ABANDONED = "ABANDONED", _("Abandoned")
    EXPIRED = "EXPIRED", _("Expired")
    CANCELLED = "CANCELLED", _("Cancelled")
    PICTURES_ERASED = "PICTURES_ERASED", _("Pictures erased")
    REDO_ASKED = "REDO_ASKED", _("A step asked again")
    REVIEW_UNDONE = "REVIEW_UNDONE", _("Review undone")
    FIELDS_EDITED = "FIELDS_EDITED", _("Fields corrected")
    NOTE_ADDED = "NOTE_ADDED", _("Note added")
    PHONE_CONNECTED = "PHONE_CONNECTED", _("Phone connected")
    PHONE_REFUSED = "PHONE_REFUSED", _("Second phone refused")
    PHONE_TAKEN_BACK = "PHONE_TAKEN_BACK", _("Taken back from the phone")
    PHONE_ENDED = "PHONE_ENDED", _("Connection to the phone ended")

    @classmethod
    def for_outcome(cls, outcome: Outcome) -> EventKind:
        return {
            Outcome.PENDING: cls.REDO_ASKED,  # the only way back
            Outcome.APPROVE: cls.APPROVED,
            Outcome.REVIEW: cls.SENT_TO_REVIEW,
            Outcome.DECLINE: cls.DECLINED,
            Outcome.ABANDONED: cls.ABANDONED,
            Outcome.EXPIRED: cls.EXPIRED,
            Outcome.CANCELLED: cls.CANCELLED,
        }[outcome]


class ReplayState(TextChoices):
    """How far a replay has come (R43)."""

    WAITING = "WAITING", _("Waiting")
    RUNNING = "RUNNING", _("Running")
    DONE = "DONE", _("Done")
    CANCELLED = "CANCELLED", _("Cancelled")
    FAILED = "FAILED", _("Failed")
