"""Hebrew and Arabic on paper, which knows no direction: letters joined, and each line in the order in which it is seen.

A part of the Unicode bidirectional algorithm (UAX #9) that is enough for names, notes and addresses: runs of one direction, numbers
inside them, neutral signs between them, mirrored brackets. Embedded levels beyond that are not followed.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import groupby

RIGHT, LEFT = "R", "L"
RIGHT_CLASSES, LEFT_CLASSES = {"R", "AL"}, {"L", "EN", "AN"}
MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
PRESENTATION_FORMS = (*range(0xFB50, 0xFDC8), *range(0xFE70, 0xFEFD))
LAM_ALEF = 2  # letters of the ligatures that Arabic always makes


def is_right_to_left(text: str) -> bool:
    """Whether the text holds a letter that is written from right to left."""
    return any(unicodedata.bidirectional(letter) in RIGHT_CLASSES for letter in text)


def seen(line: str) -> str:
    """Return one line as it is seen from left to right."""
    if not is_right_to_left(line):
        return line
    joined = join_letters(line)
    base = next(side for side in map(_side, joined) if side)
    sides = _resolved([_side(letter) for letter in joined], base)
    runs = [
        (side, "".join(letter for _, letter in run)) for side, run in groupby(zip(sides, joined, strict=True), key=lambda pair: pair[0])
    ]
    ordered = reversed(runs) if base == RIGHT else runs
    return "".join(run[::-1].translate(MIRRORED) if side == RIGHT else run for side, run in ordered)


def join_letters(text: str) -> str:
    """Replace Arabic letters by the forms that they take beside their neighbours."""
    out: list[str] = []
    letters = [letter for letter in text if not unicodedata.combining(letter)]
    at = 0
    while at < len(letters):
        pair = "".join(letters[at : at + LAM_ALEF])
        letter = pair if len(pair) == LAM_ALEF and pair in _forms() else letters[at]
        forms = _forms().get(letter, {})
        before = at > 0 and "<initial>" in _forms().get(letters[at - 1], {})
        after_at = at + len(letter)
        after = after_at < len(letters) and "<final>" in _forms().get(letters[after_at], {}) and "<initial>" in forms
        wanted = {(True, True): "<medial>", (True, False): "<final>", (False, True): "<initial>", (False, False): "<isolated>"}
        out.append(forms.get(wanted[before and "<final>" in forms, after], letter))
        at = after_at
    return "".join(out)


@cache
def _forms() -> dict[str, dict[str, str]]:
    """From a letter, or lam and alef together, to its forms, as the character database lists them."""
    forms: dict[str, dict[str, str]] = {}
    for code in PRESENTATION_FORMS:
        form, _, base = unicodedata.decomposition(chr(code)).partition(" ")
        letters = "".join(chr(int(part, 16)) for part in base.split())
        if form.startswith("<") and (len(letters) == 1 or (letters[0] == "ل" and letters[1:] in "آأإا")):
            forms.setdefault(letters, {}).setdefault(form, chr(code))
    return forms


def _side(letter: str) -> str:
    kind = unicodedata.bidirectional(letter)
    return RIGHT if kind in RIGHT_CLASSES else LEFT if kind in LEFT_CLASSES else ""


def _resolved(sides: list[str], base: str) -> list[str]:
    """Give signs without a direction that of their neighbours where both agree, else that of the line."""
    resolved = list(sides)
    for at, side in enumerate(sides):
        if not side:
            before = next((other for other in reversed(sides[:at]) if other), base)
            after = next((other for other in sides[at:] if other), base)
            resolved[at] = before if before == after else base
    return resolved
