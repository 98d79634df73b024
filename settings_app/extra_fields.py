"""The one door through which a company's extra fields change (R45)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anyascii import anyascii
from django.db import transaction

from settings_app import audit
from settings_app.choices import AuditKind, ExtraFieldType
from settings_app.models import Company, ExtraField, User

MOST_FIELDS = 20
"""Of one company at a time: people fill them in on a phone."""

MOST_OPTIONS = 50
LONGEST_KEY = 40
WORDS = ("label", "type", "required", "help_text", "options")
RESERVED = frozenset({"csrfmiddlewaretoken"})
"""Names that the form of the flow needs for itself."""


class TooManyFields(ValueError):
    """The company asks for as many fields as it may."""


class LabelTaken(ValueError):
    """Another field has this label: nobody could tell them apart in the list or in a file."""


class OrderChanged(Exception):
    """Somebody else added, removed or moved a field since the order was seen."""


@dataclass(frozen=True, slots=True)
class FieldWords:
    """What a master says of a field. options: of a choice, in their order; else none."""

    label: str
    type: ExtraFieldType
    required: bool
    help_text: str = ""
    options: tuple[str, ...] = ()


@transaction.atomic
def add(*, company: Company, words: FieldWords, actor: User, now: datetime) -> ExtraField:
    """Add a field at the end. Raises TooManyFields or LabelTaken."""
    _lock(company)
    asked = list(company.extra_fields.asked())
    if len(asked) >= MOST_FIELDS:
        raise TooManyFields
    _require_free(asked, words.label)
    position = max((field.position for field in asked), default=-1) + 1
    field = ExtraField(company=company, key=_free_key(company, words.label), position=position)
    return _store(field, words, act="added", actor=actor, now=now)


@transaction.atomic
def edit(*, field: ExtraField, words: FieldWords, actor: User, now: datetime) -> ExtraField:
    """Change everything of a field but its key, under which sessions hold values. Raises LabelTaken."""
    _lock(field.company)
    _require_free([other for other in field.company.extra_fields.asked() if other.pk != field.pk], words.label)
    return _store(field, words, act="edited", actor=actor, now=now)


@transaction.atomic
def remove(*, field: ExtraField, actor: User | None, now: datetime) -> None:
    """Ask for a field no more. The values that sessions hold stay, under its label."""
    _lock(field.company)
    if field.company.extra_fields.filter(pk=field.pk, removed_at=None).update(removed_at=now):
        _trace(field.company, act="removed", field=field.key, actor=actor, now=now)


@transaction.atomic
def reorder(*, company: Company, seen: Sequence[int], order: Sequence[int], actor: User, now: datetime) -> bool:
    """Put the fields into another order. seen: the ids in the order that the page showed. Returns whether anything moved.

    Raises OrderChanged when the fields are no longer as seen, so that nobody undoes what a colleague did meanwhile.
    """
    _lock(company)
    fields = {field.pk: field for field in company.extra_fields.asked()}
    if list(fields) != list(seen) or sorted(fields) != sorted(order):
        raise OrderChanged
    if list(seen) == list(order):
        return False
    for position, pk in enumerate(order):
        fields[pk].position = position
    ExtraField.objects.bulk_update(fields.values(), ["position"])
    _trace(company, act="reordered", field="", actor=actor, now=now)
    return True


def key_for(label: str) -> str:
    """Make a key of a label, in letters of every script: "Kundennummer (alt)" becomes "kundennummer-alt"."""
    plain = anyascii(label).lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_KEY].strip("-") or "field"


def _free_key(company: Company, label: str) -> str:
    """A key that no field of the company has or had: values under it would show up as the new field's."""
    taken, key = RESERVED.union(company.extra_fields.values_list("key", flat=True)), key_for(label)
    numbered = (f"{key[: LONGEST_KEY - 4].rstrip('-')}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (key, *numbered) if one not in taken)


def _require_free(others: Sequence[ExtraField], label: str) -> None:
    if label.casefold() in {other.label.casefold() for other in others}:
        raise LabelTaken(label)


def _store(field: ExtraField, words: FieldWords, *, act: str, actor: User, now: datetime) -> ExtraField:
    for name in WORDS:
        setattr(field, name, getattr(words, name))
    field.options = list(words.options)
    field.save(update_fields=None if field.pk is None else WORDS)  # never the position, which a colleague may have changed
    _trace(field.company, act=act, field=field.key, actor=actor, now=now)
    return field


def _trace(company: Company, *, act: str, field: str, actor: User | None, now: datetime) -> None:
    audit.record(company=company, kind=AuditKind.EXTRA_FIELDS_CHANGED, actor=actor, now=now, act=act, field=field)


def _lock(company: Company) -> None:
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)
