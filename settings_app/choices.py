"""The closed lists of this app, stored upper-case."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """R80: what a user may do in the panel of his company. Operators have no company and no role."""

    MASTER = "MASTER", _("Master user")
    AGENT = "AGENT", _("Agent")


class ExtraFieldType(TextChoices):
    """R45: what an extra field holds."""

    TEXT = "TEXT", _("Text")
    PHONE = "PHONE", _("Phone number")
    EMAIL = "EMAIL", _("E-mail address")
    DATE = "DATE", _("Date")
    CHOICE = "CHOICE", _("One of a list")


class LogoPlate(TextChoices):
    """What a logo with a transparent background needs behind it to be seen; empty: nothing."""

    PALE = "PALE", _("A pale plate in the dark theme")
    DARK = "DARK", _("A dark plate in the light theme")


class DocumentChoice(TextChoices):
    """R30: the documents that a company can accept. The values are those of `checks_app.results.DocumentKind`."""

    PASSPORT = "PASSPORT", _("Passport")
    ID_CARD = "ID_CARD", _("ID card")


class AuditKind(TextChoices):
    """What the audit trail records."""

    SESSION_CREATED = "SESSION_CREATED", _("Session created")
    SESSIONS_CREATED = "SESSIONS_CREATED", _("Batch of sessions created")
    LINK_SHOWN = "LINK_SHOWN", _("Link shown")
    LINKS_DOWNLOADED = "LINKS_DOWNLOADED", _("Links of a batch downloaded")
    PHOTO_VIEWED = "PHOTO_VIEWED", _("Photo viewed")
    SESSION_VIEWED = "SESSION_VIEWED", _("Session viewed")
    SESSION_CANCELLED = "SESSION_CANCELLED", _("Session cancelled")
    PICTURES_ERASED = "PICTURES_ERASED", _("Pictures erased")
    THUMBNAILS_VIEWED = "THUMBNAILS_VIEWED", _("Thumbnails viewed")
    SESSIONS_EXPORTED = "SESSIONS_EXPORTED", _("Sessions exported")
    EXPORT_ENDED = "EXPORT_ENDED", _("Export ended")
    REPORT_MADE = "REPORT_MADE", _("Report made")
    NOTE_ADDED = "NOTE_ADDED", _("Note added")
    REVIEW_CLAIMED = "REVIEW_CLAIMED", _("Review claimed")
    REVIEW_RELEASED = "REVIEW_RELEASED", _("Review released")
    SESSION_REVIEWED = "SESSION_REVIEWED", _("Session reviewed")
    REVIEW_UNDONE = "REVIEW_UNDONE", _("Review undone")
    REDO_ASKED = "REDO_ASKED", _("A step asked again")
    FIELDS_EDITED = "FIELDS_EDITED", _("Fields corrected")
    THRESHOLDS_CHANGED = "THRESHOLDS_CHANGED", _("Thresholds changed")
    REPLAY_STARTED = "REPLAY_STARTED", _("Change replayed")
    JOURNAL_EXPORTED = "JOURNAL_EXPORTED", _("Journal exported")
    METRICS_EXPORTED = "METRICS_EXPORTED", _("Metrics exported")
    DRIFT_ACKNOWLEDGED = "DRIFT_ACKNOWLEDGED", _("Drift acknowledged")
    SETTINGS_CHANGED = "SETTINGS_CHANGED", _("Session settings changed")
    BRANDING_CHANGED = "BRANDING_CHANGED", _("Branding changed")
    EXTRA_FIELDS_CHANGED = "EXTRA_FIELDS_CHANGED", _("Extra fields changed")
    PERSON_INVITED = "PERSON_INVITED", _("Person invited")
    INVITATION_WITHDRAWN = "INVITATION_WITHDRAWN", _("Invitation withdrawn")
    PERSON_JOINED = "PERSON_JOINED", _("Person joined")
    PERSON_CHANGED = "PERSON_CHANGED", _("Role or access of a person changed")
    KEYS_ROTATED = "KEYS_ROTATED", _("Keys rotated")


SETTINGS_KINDS = (AuditKind.SETTINGS_CHANGED, AuditKind.BRANDING_CHANGED)
"""What the page of changes shows, and what the trail has an index of its own for."""
