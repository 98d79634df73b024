"""Does what a document says agree: print with MRZ (R30), and the holder with what the company expects and asks for (R36)."""

from __future__ import annotations

from datetime import date

from checks_app.document import ocr
from checks_app.document.visual_zone import Verdict, compare_print, is_confirmed
from checks_app.names import Comparison, Likeness, compare
from checks_app.results import Check, CheckResult, DocumentFields, DocumentFindings, Engine, Expectations, Reason, Status

PERSON_RULES = Engine("rules", "2")

SCORES = {Verdict.AGREES: 1.0, Verdict.DOUBTFUL: 0.5, Verdict.DIFFERS: 0.0}
"""How a comparison is kept with the check."""

Conclusion = tuple[Status, tuple[Reason, ...]]


def judge_sides(front: DocumentFindings | None, back: DocumentFindings | None, expectations: Expectations) -> CheckResult:
    """Compare the front of a card with the MRZ on its back.

    A front with an MRZ of another document fails. Print passes when it names the same document or the same holder. Print that
    contradicts is unclear, not failed: reading print is weaker evidence than a check digit.
    """
    stated = back.fields if back else None
    if front is not None and front.fields and stated and front.fields.document_number != stated.document_number:
        return _result(Check.SIDES_AGREE, Status.FAILED, Reason.SIDES_DIFFER, engine=ocr.ENGINE)
    return _judge_print(Check.SIDES_AGREE, front, stated, expectations, Reason.SIDES_DIFFER, Reason.SIDES_NOT_COMPARED)


def judge_print(page: DocumentFindings | None, expectations: Expectations) -> CheckResult:
    """Compare the print on a passport's data page with the MRZ below it, as `judge_sides` does."""
    stated = page.fields if page else None
    return _judge_print(Check.PRINT_AGREES, page, stated, expectations, Reason.PRINT_DIFFERS, Reason.PRINT_NOT_READ)


def _judge_print(
    check: Check,
    printed: DocumentFindings | None,
    stated: DocumentFields | None,
    expectations: Expectations,
    differs: Reason,
    not_read: Reason,
) -> CheckResult:
    """details: as in SCORES; what was not seen is absent."""
    if printed is None or stated is None:
        return _result(check, Status.UNCLEAR, not_read, engine=ocr.ENGINE)
    compared = compare_print(stated, ocr.Print(printed.printed_text, printed.printed_surely), today=expectations.today)
    details = {field.name: SCORES[field.verdict] for field in compared if field.verdict in SCORES}
    reasons: tuple[Reason, ...] = () if is_confirmed(compared) else (not_read,)
    if 0.0 in details.values():
        reasons = (differs,)
    status = Status.UNCLEAR if reasons else Status.PASSED
    return _result(check, status, *reasons, engine=ocr.ENGINE, details=details, took_ms=printed.print_took_ms)


def age_on(day: date, *, born: date) -> int:
    """Return the completed years. Who was born on 29 February turns a year older on 1 March where there is no such day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def judge_age(fields: DocumentFields | None, expectations: Expectations) -> CheckResult:
    """Tell whether the holder is as old as the company asks on the day of the check. details: the age in years."""
    if fields is None or fields.birth_date is None or expectations.minimum_age is None:
        return _result(Check.MINIMUM_AGE, Status.UNCLEAR, Reason.BIRTH_DATE_NOT_READ)
    age = age_on(expectations.today, born=fields.birth_date)
    details = {"age": float(age), "minimum_age": float(expectations.minimum_age)}
    if age < expectations.minimum_age:
        return _result(Check.MINIMUM_AGE, Status.FAILED, Reason.TOO_YOUNG, details=details)
    return _result(Check.MINIMUM_AGE, Status.PASSED, details=details)


def judge_expected_person(fields: DocumentFields | None, expectations: Expectations) -> CheckResult:
    """Compare the holder with the name and birth date that the company gave at creation. details: how alike the names are, 0..1.

    Another birth date fails, and so do names that are both somebody else's. One that differs is unclear: people marry.
    """
    if fields is None:
        return _result(Check.EXPECTED_PERSON, Status.UNCLEAR, Reason.MRZ_NOT_READ)
    names = _compare_names(fields, expectations)
    details = {name: comparison.score for name, comparison in names.items()}
    status, reasons = _place_person(fields, expectations, names)
    return _result(Check.EXPECTED_PERSON, status, *reasons, details=details)


def _place_person(fields: DocumentFields, expectations: Expectations, names: dict[str, Comparison]) -> Conclusion:
    if expectations.birth_date and fields.birth_date and expectations.birth_date != fields.birth_date:
        return Status.FAILED, (Reason.PERSON_DIFFERS,)
    likeness = [comparison.likeness for comparison in names.values()]
    if len(likeness) > 1 and set(likeness) == {Likeness.OTHER}:
        return Status.FAILED, (Reason.PERSON_DIFFERS,)
    if expectations.birth_date and fields.birth_date is None:
        return Status.UNCLEAR, (Reason.BIRTH_DATE_NOT_READ,)
    if set(likeness) <= {Likeness.SAME}:
        return Status.PASSED, ()
    return Status.UNCLEAR, (Reason.PERSON_DIFFERS,)


def _compare_names(fields: DocumentFields, expectations: Expectations) -> dict[str, Comparison]:
    """Compare first with first and last with last; where that fails, all with all, because the order of names differs by country."""
    strict, cut = expectations.strict_names, fields.names_cut
    pairs = {
        name: (getattr(expectations, name), getattr(fields, name)) for name in ("first_name", "last_name") if getattr(expectations, name)
    }
    names = {name: compare(expected, stated, strict=strict, cut=cut) for name, (expected, stated) in pairs.items()}
    if len(pairs) == 1 or strict or all(comparison.likeness is Likeness.SAME for comparison in names.values()):
        return names
    (first, stated_first), (last, stated_last) = pairs.values()
    swapped = {"first_name": compare(first, stated_last, cut=cut), "last_name": compare(last, stated_first, cut=cut)}
    return swapped if all(comparison.likeness is Likeness.SAME for comparison in swapped.values()) else names


def _result(
    check: Check,
    status: Status,
    *reasons: Reason,
    engine: Engine = PERSON_RULES,
    details: dict[str, float] | None = None,
    took_ms: int = 0,
) -> CheckResult:
    return CheckResult(
        check=check,
        status=status,
        score=None,
        decline_below=None,
        approve_from=None,
        reasons=reasons,
        engine=engine,
        took_ms=took_ms,
        details=details or {},
    )
