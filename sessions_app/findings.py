"""Findings of an inspection, sealed at rest: they hold names, numbers and face embeddings."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import Any

from cattrs.preconf.json import JsonConverter, make_converter

from checks_app.results import DocumentFindings, LivenessFindings, SelfieFindings
from sessions_app.choices import CaptureKind
from sessions_app.models import Capture
from settings_app import keys
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


def read(capture: Capture) -> Findings | None:
    """Return the findings of a capture, or None when its inspection has not finished or crashed."""
    if capture.findings_sealed is None:
        return None
    plain = crypto.unseal(keys.key_of(capture.session.company), bytes(capture.findings_sealed), context=_context(capture))
    findings: Findings = _converter().structure(json.loads(plain), FINDINGS_OF_KIND[capture.kind])
    return findings


def _context(capture: Capture) -> str:
    return f"findings:{capture.public_id}"


@cache
def _converter() -> JsonConverter:
    converter = make_converter()
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    return converter
