"""Search by name or number, in any script, from the first character on (R61)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import groupby

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from sessions_app.models import VerificationSession

INSIDE_FROM = 3
"""Characters from which a word is found anywhere, not only where a word starts: what a trigram index can serve."""

MAX_WORDS = 8
"""More words than any name and number together have; each costs a condition."""

_APOSTROPHES = frozenset("'’‘`´ʻʼʹ′")
_PLAIN = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h"})
"""Letters that Unicode does not take apart, as documents print them in their machine-readable zone."""


def search_text(first_name: str, last_name: str, personal_number: str, document_number: str) -> str:
    """Return what is stored for searching: normalised words with a blank around each, so that ' ni' finds where a word starts.

    Blanks inside a number are dropped: it is found however it is grouped.
    """
    numbers = ("".join(number.split()) for number in (personal_number, document_number))
    words = [word for text in (first_name, last_name, *numbers) for word in normalise(text)]
    return f" {' '.join(words)} " if words else ""


def normalise(text: str) -> list[str]:
    """Split a text into words without case, accents and punctuation. A word with a digit is a number: its parts stay together."""
    folded = _without_marks(text.casefold()).casefold().translate(_PLAIN)
    return [word for written in folded.split() for word in _parts(written)]


def matching(queryset: QuerySet[VerificationSession], text: str) -> QuerySet[VerificationSession]:
    """Return the sessions that contain every word of `text`; none for text without a letter or digit, all for blank text."""
    if not text.strip():
        return queryset
    return queryset.filter(rule(patterns(text))) if patterns(text) else queryset.none()


def patterns(text: str) -> list[str]:
    """What the stored text has to contain, one for each word: a short word where a word starts, a longer one anywhere."""
    return [word if len(word) >= INSIDE_FROM else f" {word}" for word in normalise(text)[:MAX_WORDS]]


def rule(wanted: Iterable[str]) -> Q:
    """The rule, tried row by row: no index serves it, so that a short word is never looked up in a list of half of all sessions."""
    return Q(*(GreaterThan(StrIndex(F("search_text"), Value(pattern)), 0) for pattern in wanted))


def lookup(wanted: Iterable[str]) -> Q:
    """The same rule as the index of trigrams serves it."""
    return Q(*(Q(search_text__contains=pattern) for pattern in wanted))


def _without_marks(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def _parts(written: str) -> list[str]:
    if any(sign.isdigit() for sign in written):
        return ["".join(sign for sign in written if sign.isalnum())]
    letters = (sign for sign in written if sign not in _APOSTROPHES)
    return ["".join(run) for is_word, run in groupby(letters, _is_word_sign) if is_word]


def _is_word_sign(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign).startswith("M")  # vowel signs of Indic scripts stay in their word
