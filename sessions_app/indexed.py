"""Expressions that have an index of their own. A query uses the index only when it repeats the expression exactly, so both read it here."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, F, Func, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Collate, Lower, NullIf

BEYOND_EVERY_NAME = "\U0010ffff"
"""Sorts after any name, so that unidentified people come last in both directions."""

FLAGS = ("digital_spoof", "not_full_id", "low_far")


def name_key(column: str, *, descending: bool) -> Collate:
    """What a name sorts by: without case, in the order of Unicode, unidentified people last."""
    last = Value(BEYOND_EVERY_NAME, output_field=CharField())
    return Collate(Lower(F(column) if descending else Coalesce(NullIf(F(column), Value("")), last)), "C")


def facets() -> Func:
    """A session as a list of words that filters ask for: 'company 7', 'outcome APPROVE', 'level 4' …

    One inverted index over it finds any combination of filters, the rarest word first. The company's number is a word like the
    others: as a number it would be compared as an integer, and an index over bigints would be passed over without a word.
    """
    document = Coalesce(NullIf(F("document_kind"), Value("")), F("chosen_document"))
    words = [
        _word("company", Cast(F("company_id"), TextField())),
        _word("outcome", F("outcome")),
        _word("document", document),
        _word("market", F("market")),
        _word("level", Cast(F("match_level"), TextField())),
        *(Case(When(**{flag: True}, then=Value(flag)), output_field=TextField()) for flag in FLAGS),
    ]
    return Func(*words, template="(ARRAY[%(expressions)s])", output_field=ArrayField(TextField()))


def _word(dimension: str, value: F | Func) -> Func:
    # in the order of the alphabet, as migrations write them: Django takes another order for another expression
    return Func(Value(f"{dimension} "), value, arg_joiner=" || ", output_field=TextField(), template="(%(expressions)s)")
