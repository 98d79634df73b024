"""The same face under another identity: a selfie against the faces of the company's other sessions (R36).

How alike two faces must be depends on how many there are. At level 6 one stranger in 100,000 is as alike, so a search among 10,000
faces names a stranger in one of ten sessions. That is as often as people should be asked; above 10,000 faces level 7 is needed, where
it is one session in fifty at 10,000 faces, one in five at 100,000. A returning customer is no doubt: who states the same document, or
the same name and birth date, is nobody else.

Whoever submits later sees the earlier one: a face is sealed when it is inspected, before its attempt exists, and an attempt is stored
before it is judged. Of two sessions that are submitted in the same moment at least one therefore finds the other.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Exists, OuterRef, TextField
from django.db.models.functions import Cast

from checks_app import names
from checks_app.face.match_level import Calibration
from checks_app.results import DocumentFields, DocumentFindings, DuplicateFace, DuplicateSearch, FaceFindings
from sessions_app import findings
from sessions_app.choices import AttemptState, CaptureKind
from sessions_app.models import Attempt, Capture, PossibleDuplicate, VerificationSession

LEVEL, STRICTER_LEVEL = 6, 7
MOST_FACES = 10_000
"""Up to so many faces `LEVEL` is enough."""

MOST_NAMED = 20
"""Other sessions that one search names, the most alike first; nobody reads more."""

BATCH = 5_000
"""Faces that are opened at a time: 3 MB."""


def level_needed(faces: int) -> int:
    """The match level from which a face counts as the same among so many."""
    return LEVEL if faces <= MOST_FACES else STRICTER_LEVEL


def search(*, session: VerificationSession, face: FaceFindings, stated: DocumentFields, calibration: Calibration) -> DuplicateSearch:
    """Compare a session's face with those of the company's other sessions.

    stated: the identity of this session. Raises CalibrationForAnotherVersion, and crypto.DoesNotOpen when somebody altered a stored
    face: a search that leaves one out says nothing.
    """
    began = time.perf_counter()
    calibration.require(face.engine)
    with transaction.atomic():  # so that the rows can stream
        compared, near = _near(session, face, within=calibration.levels[LEVEL - 1].distance)
    needed = level_needed(compared)
    near = {pk: distance for pk, distance in near.items() if calibration.level(distance) >= needed}
    found = tuple(islice(_under_another_identity(session, near, stated, calibration), MOST_NAMED))
    took_ms = round((time.perf_counter() - began) * 1000)
    return DuplicateSearch(compared=compared, level_needed=needed, found=found, engine=face.engine, took_ms=took_ms)


def record(*, attempt: Attempt, found: DuplicateSearch | None) -> None:
    """Keep what the search of an attempt named. Call in the transaction of its decision."""
    named = {one.session: one for one in found.found} if found else {}
    others = attempt.session.company.sessions.filter(public_id__in=list(named))
    PossibleDuplicate.objects.bulk_create(
        PossibleDuplicate(attempt=attempt, other=other, level=named[key].level, one_in=named[key].one_in)
        for other in others
        if (key := str(other.public_id))
    )


def _near(session: VerificationSession, face: FaceFindings, *, within: float) -> tuple[int, dict[int, float]]:
    """How many faces were compared, and the distance of each session whose face is at most `within` away."""
    probe = np.asarray(face.embedding, dtype=np.float32)
    open_face = findings.face_opener(session.company)
    rows = _faces_of_others(session, findings.engine_name(face.engine))
    compared, near = 0, dict[int, float]()
    while batch := list(islice(rows, BATCH)):
        compared += len(batch)
        faces = np.frombuffer(b"".join(open_face(public_id, sealed) for _, public_id, sealed in batch), dtype=np.float32)
        distances = np.linalg.norm(faces.reshape(len(batch), -1) - probe, axis=1)
        for place in np.flatnonzero(distances <= within):
            near[batch[place][0]] = float(distances[place])
    return compared, near


def _faces_of_others(session: VerificationSession, engine: str) -> Iterator[tuple[int, str, bytes]]:
    """The latest face of each other session of the company that submitted an attempt, as (session, capture's public id, sealed)."""
    submitted = Exists(Attempt.objects.filter(session=OuterRef("session_id")))
    faces = Capture.objects.filter(submitted, session__company=session.company_id, face_engine=engine, face_sealed__isnull=False)
    latest = faces.exclude(session=session.pk).order_by("session_id", "-pk").distinct("session_id")
    as_text = latest.annotate(as_text=Cast("public_id", TextField()))  # half of the time went into making UUIDs
    rows: Any = as_text.values_list("session_id", "as_text", "face_sealed")  # never null: see the filter
    return iter(rows.iterator(chunk_size=BATCH))


def _under_another_identity(
    session: VerificationSession, near: dict[int, float], stated: DocumentFields, calibration: Calibration
) -> Iterator[DuplicateFace]:
    """The near ones that state another identity, the most alike first. Who states none is not said to be somebody else."""
    being_checked = Exists(Attempt.objects.filter(session=OuterRef("pk"), state=AttemptState.PROCESSING))
    others = session.company.sessions.filter(pk__in=list(near)).annotate(being_checked=being_checked)
    for other in sorted(others, key=lambda other: near[other.pk]):
        theirs = _stated_by(other)
        if _is_identity(theirs) and not is_same_person(stated, theirs):
            distance = near[other.pk]
            one_in = calibration.false_acceptance_one_in(distance) or 0.0
            yield DuplicateFace(session=str(other.public_id), level=calibration.level(distance), one_in=one_in)


def is_same_person(one: DocumentFields, other: DocumentFields) -> bool:
    """Tell whether two sessions state one identity: the same document, or the same name and birth date. Without an identity: False."""
    if one.document_number and (one.document_number, one.issuing_state) == (other.document_number, other.issuing_state):
        return True
    if one.birth_date is None or one.birth_date != other.birth_date:
        return False
    both = [f"{fields.first_name} {fields.last_name}" for fields in (one, other)]
    return names.compare(*both, strict=True).likeness is names.Likeness.SAME


def _is_identity(fields: DocumentFields) -> bool:
    return bool(fields.document_number or fields.first_name or fields.last_name)


def _stated_by(session: VerificationSession) -> DocumentFields:
    """The identity that another session states; from its documents themselves while an attempt of it is with the checks."""
    if session.being_checked:  # type: ignore[attr-defined]  # annotated by the only caller
        return _read_from_documents(session)
    return DocumentFields(
        issuing_state=session.issuing_state,
        document_number=session.document_number,
        first_name=session.first_name,
        last_name=session.last_name,
        birth_date=session.birth_date,
    )


def _read_from_documents(session: VerificationSession) -> DocumentFields:
    documents = session.captures.filter(kind__in=[CaptureKind.DOCUMENT_FRONT, CaptureKind.DOCUMENT_BACK]).order_by("-pk")
    for capture in documents:
        found = findings.read(capture)
        if isinstance(found, DocumentFindings) and found.fields is not None:
            return found.fields
    return DocumentFields()
