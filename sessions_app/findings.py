"""Findings of an inspection, sealed at rest: they hold names, numbers and face embeddings."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import numpy as np
from cattrs.preconf.json import JsonConverter, make_converter

from checks_app.results import DocumentFindings, Engine, LivenessFindings, SelfieFindings
from sessions_app.choices import CaptureKind
from sessions_app.models import Capture
from settings_app import keys
from settings_app.models import Company
from verifyportal import crypto

Findings = DocumentFindings | SelfieFindings | LivenessFindings

FINDINGS_OF_KIND: dict[str, type[Any]] = {
    CaptureKind.DOCUMENT_FRONT: DocumentFindings,
    CaptureKind.DOCUMENT_BACK: DocumentFindings,
    CaptureKind.SELFIE: SelfieFindings,
    CaptureKind.LIVENESS: LivenessFindings,
}


def seal(capture: Capture, findings: Findings) -> bytes:
    """Turn findings into the blob that is stored with the capture."""
    plain = json.dumps(_converter().unstructure(findings)).encode()
    return crypto.seal(keys.key_of(capture.session.company), plain, context=_context(capture))


def columns_of(capture: Capture, findings: Findings) -> dict[str, Any]:
    """What the capture's row keeps of its inspection: the findings, and the face of a selfie once more alone, for the search of duplicates.

    The face is little-endian float32, so that a hundred thousand of them can be compared without reading JSON.
    """
    face = findings.face if isinstance(findings, SelfieFindings) else None
    columns = {"findings_sealed": seal(capture, findings), "face_sealed": None, "face_engine": ""}
    if face is None:
        return columns
    plain = np.asarray(face.embedding, dtype="<f4").tobytes()
    sealed = crypto.seal(keys.key_of(capture.session.company), plain, context=_face_context(capture.public_id))
    return columns | {"face_sealed": sealed, "face_engine": engine_name(face.engine)}


def face_opener(company: Company) -> Callable[[UUID | str, bytes], bytes]:
    """Return what opens the sealed faces of a company: (public id of the capture, sealed) to float32. It raises crypto.DoesNotOpen."""
    unseal = crypto.unsealer(keys.key_of(company))
    return lambda public_id, sealed: unseal(sealed, _face_context(public_id))


def engine_name(engine: Engine) -> str:
    """Name and version in one: faces are comparable where this is the same."""
    return f"{engine.name} {engine.version}"


def read(capture: Capture) -> Findings | None:
    """Return the findings of a capture, or None when its inspection has not finished or crashed."""
    if capture.findings_sealed is None:
        return None
    plain = crypto.unseal(keys.key_of(capture.session.company), bytes(capture.findings_sealed), context=_context(capture))
    findings: Findings = _converter().structure(json.loads(plain), FINDINGS_OF_KIND[capture.kind])
    return findings


def _context(capture: Capture) -> str:
    return f"findings:{capture.public_id}"


def _face_context(public_id: UUID | str) -> str:
    return f"face:{public_id}"


@cache
def _converter() -> JsonConverter:
    converter = make_converter()
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    return converter
