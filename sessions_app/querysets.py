"""Named questions to the tables; nothing here changes a row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import DateTimeField, DurationField, Exists, ExpressionWrapper, F, FilteredRelation, OuterRef, Q, Value

from sessions_app.choices import AttemptState, CaptureKind, CaptureState, Outcome

if TYPE_CHECKING:
    from sessions_app.models import Capture, VerificationSession

LISTED = (
    "public_id",
    "company_id",
    "created_at",
    "expires_at",
    "opened_at",
    "outcome",
    "first_name",
    "last_name",
    "document_kind",
    "chosen_document",
    "liveness_passed",
    "extra_values",
)
"""The columns of which a row of the list is made."""

STILL_NEEDED = (Outcome.PENDING, Outcome.REVIEW)
"""The user goes on, or people have yet to look: both need the pictures."""

MINUTE = Value(timedelta(minutes=1), output_field=DurationField())


def unheld(now: datetime) -> Q:
    """The rule for leased work that was lost: nobody holds it, or the lease has run out, and it was not enqueued again a moment ago."""
    return Q(lease_until=None) | Q(lease_until__lte=now)


class SessionQuerySet(models.QuerySet["VerificationSession"]):
    """Questions about verification sessions."""

    def newest_first(self) -> SessionQuerySet:
        return self.order_by("-created_at", "-id")

    def for_listing(self) -> SessionQuerySet:
        """What a row of the list shows, in one query: `selfie_id` is its current selfie, `being_checked` names an attempt in work.

        A selfie that was erased is none.

        Constraints keep both relations to one row at most, so no session appears twice.
        """
        selfie = Q(captures__kind=CaptureKind.SELFIE, captures__replaced_at=None) & ~Q(captures__state=CaptureState.ERASED)
        processing = Q(attempts__state=AttemptState.PROCESSING)
        return (
            self.alias(selfie=FilteredRelation("captures", condition=selfie))
            .alias(processing=FilteredRelation("attempts", condition=processing))
            .annotate(selfie_id=F("selfie__public_id"), being_checked=F("processing__id"))
            .defer("token_sealed", "search_text")
        )

    def for_rows(self) -> SessionQuerySet:
        """The same with nothing that the list does not print: a fifth of the columns is read in half the time."""
        return self.for_listing().only(*LISTED)

    def expired(self, now: datetime) -> SessionQuerySet:
        """Open sessions whose link is over, and that are not being checked (R23)."""
        return self._left(expires_at__lte=now)

    def inactive_since(self, deadline: datetime) -> SessionQuerySet:
        """Open sessions whose user was last there at `deadline` or before, and that are not being checked (R23)."""
        return self._left(last_activity_at__lte=deadline)

    def keeping_pictures(self, *, closed_by: datetime) -> SessionQuerySet:
        """Sessions that ended at `closed_by` or before, need their pictures no more, and have them still (R47)."""
        captures = apps.get_model("sessions_app", "Capture")._default_manager.exclude(state=CaptureState.ERASED)
        ended = self.filter(closed_at__lte=closed_by).exclude(outcome__in=STILL_NEEDED)
        return ended.filter(Exists(captures.filter(session=OuterRef("pk"))))

    def _left(self, **over: datetime) -> SessionQuerySet:
        return self.filter(**over, outcome=Outcome.PENDING).exclude(attempts__state=AttemptState.PROCESSING)

    def overdue(self, now: datetime) -> SessionQuerySet:
        """Open sessions whose time is over: the link expired, or the user is away for longer than the company allows.

        A session that is being checked is never overdue (R23). For one session at a time: no index serves the limit of every company.
        """
        idle = ExpressionWrapper(F("company__inactivity_minutes") * MINUTE, output_field=DurationField())
        deadline = ExpressionWrapper(Value(now, output_field=DateTimeField()) - idle, output_field=DateTimeField())
        over = Q(expires_at__lte=now) | Q(company__inactivity_minutes__isnull=False, last_activity_at__lte=deadline)
        return self.filter(over, outcome=Outcome.PENDING).exclude(attempts__state=AttemptState.PROCESSING)


class CaptureQuerySet(models.QuerySet["Capture"]):
    """Questions about captures."""

    def current(self) -> CaptureQuerySet:
        """Those that count: not replaced by a newer one of the same kind."""
        return self.filter(replaced_at=None)

    def waiting(self, now: datetime) -> CaptureQuerySet:
        """Those that no worker holds although they are not inspected yet."""
        return self.filter(unheld(now), state=CaptureState.WAITING, replaced_at=None)
