"""Do two statements of identity agree: the two sides of a card (R30), and the document with the person whom the company expects (R36)."""

from __future__ import annotations

import unicodedata

from checks_app.results import Check, CheckResult, DocumentFields, DocumentFindings, Engine, Expectations, Reason, Status

ENGINE = Engine("printed-text", "1")
PERSON_RULES = Engine("rules", "1")


def plain_letters(text: str) -> str:
    """Reduce a name or number to what an MRZ can hold: A-Z and 0-9, without accents, spaces and signs."""
    decomposed = unicodedata.normalize("NFKD", text.upper())
    return "".join(sign for sign in decomposed if sign.isascii() and sign.isalnum())


def judge_sides(front: DocumentFindings | None, back: DocumentFindings | None) -> CheckResult:
    """Compare the printed front of a card with the MRZ on its back.

    Passed when the document number, or both the surname and the birth date, stand on the front. Printed text that names none of them
    is unclear, not failed: reading print is weaker evidence than a check digit.
    """
    if front is None or back is None or back.fields is None or not front.printed_text:
        return _result(Check.SIDES_AGREE, Status.UNCLEAR, Reason.SIDES_NOT_COMPARED, engine=ENGINE)
    if front.fields is not None and front.fields.document_number != back.fields.document_number:
        return _result(Check.SIDES_AGREE, Status.FAILED, Reason.SIDES_DIFFER, engine=ENGINE)
    printed, stated = plain_letters(front.printed_text), back.fields
    number_found = bool(stated.document_number) and stated.document_number in printed
    name_found = bool(stated.last_name) and plain_letters(stated.last_name) in printed
    birth_found = stated.birth_date is not None and any(form in printed for form in _printed_dates(stated))
    if number_found or (name_found and birth_found):
        return _result(Check.SIDES_AGREE, Status.PASSED, engine=ENGINE)
    return _result(Check.SIDES_AGREE, Status.UNCLEAR, Reason.SIDES_DIFFER, engine=ENGINE)


def judge_expected_person(fields: DocumentFields | None, expectations: Expectations) -> CheckResult:
    """Compare the document with the name and birth date that the company gave at creation.

    A different birth date fails. A different name is unclear, because transliterations and middle names differ honestly.
    """
    if fields is None:
        return _result(Check.EXPECTED_PERSON, Status.UNCLEAR, Reason.MRZ_NOT_READ, engine=PERSON_RULES)
    if expectations.birth_date and fields.birth_date and expectations.birth_date != fields.birth_date:
        return _result(Check.EXPECTED_PERSON, Status.FAILED, Reason.PERSON_DIFFERS, engine=PERSON_RULES)
    names = ((expectations.first_name, fields.first_name), (expectations.last_name, fields.last_name))
    differs = any(expected and not _same_name(expected, stated) for expected, stated in names)
    if differs or (expectations.birth_date and fields.birth_date is None):
        return _result(Check.EXPECTED_PERSON, Status.UNCLEAR, Reason.PERSON_DIFFERS, engine=PERSON_RULES)
    return _result(Check.EXPECTED_PERSON, Status.PASSED, engine=PERSON_RULES)


def _same_name(expected: str, stated: str) -> bool:
    """A name in a script that an MRZ cannot hold is reduced to nothing, and nothing equals nothing: that is no agreement."""
    letters = plain_letters(expected)
    return bool(letters) and letters == plain_letters(stated)


def _printed_dates(fields: DocumentFields) -> tuple[str, ...]:
    born = fields.birth_date
    if born is None:
        return ()
    return (f"{born:%d%m%Y}", f"{born:%Y%m%d}", f"{born:%m%d%Y}", f"{born:%d%b%Y}".upper())


def _result(check: Check, status: Status, *reasons: Reason, engine: Engine) -> CheckResult:
    return CheckResult(
        check=check, status=status, score=None, decline_below=None, approve_from=None, reasons=reasons, engine=engine, took_ms=0
    )
