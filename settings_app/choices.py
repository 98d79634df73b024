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


class DocumentChoice(TextChoices):
    """R30: the documents that a company can accept. The values are those of `checks_app.results.DocumentKind`."""

    PASSPORT = "PASSPORT", _("Passport")
    ID_CARD = "ID_CARD", _("ID card")


class AuditKind(TextChoices):
    """What the audit trail records."""

    SESSION_CREATED = "SESSION_CREATED", _("Session created")
    LINK_SHOWN = "LINK_SHOWN", _("Link shown")
    PHOTO_VIEWED = "PHOTO_VIEWED", _("Photo viewed")
    SESSION_VIEWED = "SESSION_VIEWED", _("Session viewed")
    SESSION_CANCELLED = "SESSION_CANCELLED", _("Session cancelled")
    PICTURES_ERASED = "PICTURES_ERASED", _("Pictures erased")
    THRESHOLDS_CHANGED = "THRESHOLDS_CHANGED", _("Thresholds changed")
    KEYS_ROTATED = "KEYS_ROTATED", _("Keys rotated")
