"""What the document says as two tables: its machine-readable zone field by field, and that zone against the print (R30, R70)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from checks_app.document.mrz_faults import FaultKind, faults
from checks_app.document.ocr import Print
from checks_app.document.visual_zone import FieldComparison, Verdict, compare_print
from checks_app.results import DocumentFindings, MrzField, Side
from sessions_app.panel.labels import Badge, mrz_field_label, truth_badge, type_of_text

FAULTS: dict[FaultKind, type_of_text] = {
    FaultKind.CHECK_DIGIT_WRONG: _("The check digit contradicts the field."),
    FaultKind.UNKNOWN_CODE: _("No issuer has this code."),
    FaultKind.IMPOSSIBLE_DATE: _("There is no such day."),
    FaultKind.NOT_ALLOWED_CHARACTER: _("Holds a character that has no place here."),
    FaultKind.EMPTY: _("Is empty and must not be."),
    FaultKind.UNSURE: _("Was not read with certainty."),
}

VERDICTS = {
    Verdict.AGREES: Badge("approve", _("agrees")),
    Verdict.DIFFERS: Badge("decline", _("differs")),
    Verdict.DOUBTFUL: Badge("review", _("doubtful")),
    Verdict.NOT_SEEN: Badge("abandoned", _("not seen")),
}


@dataclass(frozen=True, slots=True)
class MrzLine:
    """One field of the machine-readable zone; the text only when the whole zone was read with certainty."""

    name: type_of_text
    raw: str
    badge: Badge
    confidence: int  # per cent
    faults: list[type_of_text]


@dataclass(frozen=True, slots=True)
class PrintLine:
    """One field as the zone states it and as it is printed; `printed` is empty when it was not seen."""

    name: type_of_text
    stated: str
    printed: str
    badge: Badge


def mrz_lines(documents: Collection[DocumentFindings], *, today: date) -> list[MrzLine]:
    """The zone that was read best, field by field."""
    zones = sorted((found.mrz for found in documents if found.mrz is not None), key=lambda zone: not zone.accepted)
    if not zones:
        return []
    wrong = faults(zones[0], today=today)
    return [
        _mrz_line(part, accepted=zones[0].accepted, kinds=[fault.kind for fault in wrong if fault.field == part.name])
        for part in zones[0].fields
    ]


def print_lines(documents: Collection[DocumentFindings], *, today: date) -> list[PrintLine]:
    """What the front prints against what the zone states; nothing when either was not read."""
    stated = next((found.fields for found in documents if found.fields is not None), None)
    front = next((found for found in documents if found.side is Side.FRONT and found.printed_text), None)
    if stated is None or front is None:
        return []
    return [_print_line(compared) for compared in compare_print(stated, Print(front.printed_text, front.printed_surely), today=today)]


def _mrz_line(part: MrzField, *, accepted: bool, kinds: list[FaultKind]) -> MrzLine:
    none = Badge("abandoned", _("no check digit"))
    return MrzLine(
        name=mrz_field_label(part.name),
        raw=part.raw if accepted else "",
        badge=none if part.check_digit_ok is None else truth_badge(part.check_digit_ok, yes=_("right"), no=_("wrong")),
        confidence=round(part.confidence * 100),
        faults=[FAULTS[kind] for kind in kinds],
    )


def _print_line(compared: FieldComparison) -> PrintLine:
    return PrintLine(mrz_field_label(compared.name), compared.stated, compared.printed, VERDICTS[compared.verdict])
