"""Pictures and everything that was measured of a face leave together; what the session concluded stays.

The rows go first, and with them the keys of the files: whatever happens next, nothing can be read any more. The files follow once
that is stored; a second run removes what a crash left behind.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from sessions_app import lifecycle, storage
from sessions_app.choices import CaptureState, EventKind
from sessions_app.models import CaptureImage, VerificationSession
from sessions_app.querysets import STILL_NEEDED
from settings_app import audit
from settings_app.choices import AuditKind
from settings_app.models import User


class PicturesStillNeeded(Exception):
    """The session is open, being checked or in review."""


@transaction.atomic
def erase_pictures(*, session: VerificationSession, actor: User, now: datetime) -> bool:
    """Erase the pictures, findings and faces of a closed session. False: they were erased before. Raises PicturesStillNeeded.

    Possible duplicates that were named stay: they are codes, not faces. Nobody finds this face again.
    """
    return _erase(lifecycle.lock(session.pk), actor=actor, now=now)


@transaction.atomic
def erase_when_old(*, session: VerificationSession, now: datetime) -> bool:
    """Erase the pictures of a session if its company keeps those of its age no longer, by what stands now (R47). False: nothing to do.

    Raises PicturesStillNeeded, or InUse when somebody works on the session at this moment.
    """
    locked = lifecycle.lock(session.pk, wait=False)
    days = locked.company.retention_days
    if days is None or locked.closed_at is None or now < locked.closed_at + timedelta(days=days):
        return False
    return _erase(locked, actor=None, now=now)


def _erase(locked: VerificationSession, *, actor: User | None, now: datetime) -> bool:
    try:
        lifecycle.require_unchecked(locked)
    except lifecycle.BeingChecked as busy:
        raise PicturesStillNeeded(locked.pk) from busy
    if locked.outcome in STILL_NEEDED:
        raise PicturesStillNeeded(locked.pk)
    transaction.on_commit(partial(storage.discard_folder, locked))
    CaptureImage.objects.filter(capture__session=locked).delete()
    captures = locked.captures.exclude(state=CaptureState.ERASED)
    erased = captures.update(state=CaptureState.ERASED, findings_sealed=None, face_sealed=None, face_engine="", thumbnail_sealed=None)
    if not erased:
        return False
    lifecycle.note(session=locked, kind=EventKind.PICTURES_ERASED, actor=actor, now=now)
    audit.record(company=locked.company, kind=AuditKind.PICTURES_ERASED, actor=actor, session_id=locked.public_id, now=now, captures=erased)
    return True
