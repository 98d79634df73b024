"""What the list and the export read: results and fields flattened into the columns of a session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from checks_app.document import ocr, visual_zone
from checks_app.results import Check, CheckResult, DocumentFields, SessionFindings, Status
from sessions_app import search
from sessions_app.models import VerificationSession

DOCUMENT_CHECKS = (
    Check.DOCUMENT,
    Check.MRZ,
    Check.FULL_DOCUMENT,
    Check.SCREEN_REPLAY,
    Check.PHOTOCOPY,
    Check.SIDES_AGREE,
    Check.PRINT_AGREES,
    Check.EXPIRY,
)


def from_results(found: SessionFindings, results: Iterable[CheckResult]) -> dict[str, Any]:
    """Return the result columns of a session. What was not identified stays empty, never a guess (R63)."""
    by_check = {result.check: result for result in results}
    fields, spelled = fields_of(found), _with_accents(found)
    face = by_check.get(Check.FACE_MATCH)
    level = face.details.get("level") if face else None
    documents = [by_check[check] for check in DOCUMENT_CHECKS if check in by_check]
    return {
        **_field_columns(spelled),
        "document_presented": any(side is not None and side.quad is not None for side in (found.front, found.back)),
        "document_valid": bool(documents) and all(result.status is Status.PASSED for result in documents),
        "liveness_passed": _status(by_check, Check.LIVENESS) is Status.PASSED,
        "match_level": None if level is None else int(level),
        "digital_spoof": _status(by_check, Check.SCREEN_REPLAY) is Status.FAILED,
        "not_full_id": _status(by_check, Check.FULL_DOCUMENT) is Status.FAILED,
        "low_far": level is not None and face is not None and level < face.details["accepted_level"],
        "search_text": search.search_text(
            both(spelled.first_name, fields.first_name),
            both(spelled.last_name, fields.last_name),
            fields.personal_number,
            fields.document_number,
        ),
    }


def of_all_attempts(session: VerificationSession, results: Iterable[CheckResult]) -> dict[str, list[str]]:
    """Return which checks were judged, failed, or were unclear and never failed, in the attempts so far and in this one (R50)."""
    by_status: dict[Status, set[str]] = {status: set() for status in Status}
    for result in results:
        by_status[result.status].add(result.check.value)
    failed = by_status[Status.FAILED].union(session.failed_checks)
    return {
        "judged_checks": sorted(set().union(session.judged_checks, *by_status.values())),
        "failed_checks": sorted(failed),
        "unclear_checks": sorted(by_status[Status.UNCLEAR].union(session.unclear_checks) - failed),
    }


def fields_of(found: SessionFindings) -> DocumentFields:
    """Return the identity that an attempt's documents state, empty when none was read."""
    for side in (found.back, found.front):
        if side is not None and side.fields is not None:
            return side.fields
    return DocumentFields()


def _with_accents(found: SessionFindings) -> DocumentFields:
    """Spell the names as they are printed: MUELLER of the zone is MÜLLER where the print shows it."""
    fields = fields_of(found)
    printed = ocr.Print(found.front.printed_text, found.front.printed_surely) if found.front else ocr.Print()
    return replace(
        fields,
        first_name=visual_zone.restored(fields.first_name, printed),
        last_name=visual_zone.restored(fields.last_name, printed),
    )


def both(spelled: str, plain: str) -> str:
    """A name is found in both its spellings."""
    return spelled if spelled == plain else f"{spelled} {plain}"


def _field_columns(fields: DocumentFields) -> dict[str, Any]:
    return {
        "document_kind": fields.kind.value if fields.kind else "",
        "issuing_state": fields.issuing_state,
        "first_name": fields.first_name,
        "last_name": fields.last_name,
        "personal_number": fields.personal_number,
        "document_number": fields.document_number,
        "birth_date": fields.birth_date,
        "nationality": fields.nationality,
        "sex": fields.sex,
        "expiry_date": fields.expiry_date,
    }


def _status(by_check: dict[Check, CheckResult], check: Check) -> Status | None:
    return by_check[check].status if check in by_check else None
