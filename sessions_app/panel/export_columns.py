"""The 24 columns of the export as PostgreSQL computes them (R65). What is unknown is NULL, which COPY writes as an empty cell."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import BooleanField, Case, CharField, DateTimeField, F, Func, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import NullIf

from sessions_app.panel.labels import FinalStatus, outcomes_of
from settings_app.choices import DocumentChoice
from settings_app.models import Company, ExtraField

BLANK = r"\u0001-\u0020\u0085\u00a0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
"""What a spreadsheet may skip before it looks at a cell: controls, spaces of every width, marks without width."""

FORMULA = rf"^'*([\t\n\r]|[{BLANK}']*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b])"
"""A text that a spreadsheet may take for a formula. Apostrophes before it count too, so that one apostrophe taken away always
gives back what was there."""

SEPARATOR = "; "
TEXTS = ("Personal Number", "First Name", "Last Name", "Document Number", "Partner", "Extra", "Browser", "OS", "Model")
"""What may look like a number or a date and is none, such as 01001012345."""


def columns(company: Company, extra_fields: Iterable[ExtraField]) -> dict[str, Combinable]:
    """Return the columns in their order. extra_fields: those of the company, in its order.

    Partner is the company's name, as the guide to this list has it: an export holds the sessions of one company, and files of
    several are told apart by it.
    """
    return {
        "Personal Number": text("personal_number"),
        "First Name": text("first_name"),
        "Last Name": text("last_name"),
        "Document Number": text("document_number"),
        "Birth Date": F("birth_date"),
        "Nationality": text("nationality"),
        "Sex": _first_of(male=Q(sex="M"), female=Q(sex="F")),
        "Expiration Date": Func(F("expiry_date"), Value("MM-DD-YY"), function="to_char", output_field=CharField()),
        "Verified": _first_of(TRUE=_has(FinalStatus.SUCCESS), FALSE=_has(FinalStatus.FAILED)),
        "Document Valid": _first_of(TRUE=Q(document_valid=True), FALSE=Q(document_valid=False)),
        "Liveness Status": _first_of(**{"1": Q(liveness_passed=True), "0": Q(liveness_passed=False)}),
        "Match Level": F("match_level"),
        "Creation time": _local("created_at", company),
        "Completion time": _local("closed_at", company),
        "Partner": safe(Value(company.name)),
        "Session ID": F("public_id"),
        "Extra": _extra(extra_fields),
        "Document type": _first_of(passport=_shows(DocumentChoice.PASSPORT), ID=_shows(DocumentChoice.ID_CARD)),
        "Client IP": F("client_ip"),
        "Device": _filled(F("device")),
        "Browser": text("browser"),
        "OS": text("os"),
        "Model": text("device_model"),
        "Attempts": F("result_attempt"),
    }


def text(column: str) -> Combinable:
    return safe(F(column))


def safe(value: Combinable) -> Combinable:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before one that it might."""
    risky = Func(value, Value(FORMULA), template="(%(expressions)s)", arg_joiner=" ~ ", output_field=BooleanField())
    return Case(When(risky, then=_joined(Value("'"), value)), default=_filled(value), output_field=TextField())


def _extra(fields: Iterable[ExtraField]) -> Combinable:
    """'Label: value; Label: value'. It begins with a label, so that no value needs protection; a label of the company may."""
    known = [(f"{field.label}: ", KeyTextTransform(field.key, "extra_values")) for field in fields]
    if not known:
        return Value(None, output_field=TextField())
    pairs = [_joined(Value(label), _filled(value)) for label, value in known]
    cell = _filled(Func(Value(SEPARATOR), *pairs, function="concat_ws", output_field=TextField()))
    return safe(cell) if any(re.match(FORMULA, label) for label, _ in known) else cell


def _filled(value: Combinable) -> NullIf:
    """NULL for an empty text."""
    return NullIf(value, Value(""), output_field=TextField())


def _joined(*texts: Combinable) -> Func:
    return Func(*texts, template="(%(expressions)s)", arg_joiner=" || ", output_field=TextField())


def _first_of(**words: Q) -> Case:
    """The word whose condition holds; none may."""
    return Case(*(When(holds, then=Value(word)) for word, holds in words.items()), output_field=CharField())


def _has(status: FinalStatus) -> Q:
    return Q(outcome__in=outcomes_of(status))


def _shows(kind: DocumentChoice) -> Q:
    """What was read counts; before anything was read, what the user chose."""
    return Q(document_kind=kind) | Q(document_kind="", chosen_document=kind)


def _local(column: str, company: Company) -> Func:
    """A moment on the clocks of the company, without fractions of a second."""
    there = Func(Value(company.time_zone), F(column), function="timezone", output_field=DateTimeField())
    return Func(Value("second"), there, function="date_trunc", output_field=DateTimeField())
