"""Hebrew and Arabic on paper, which knows no direction: letters joined, and each line in the order in which it is seen.

The order is that of the Unicode bidirectional algorithm (UAX #9) for one line without explicit marks of direction, which names, notes
and addresses are: the rules W2 to W7 as far as numbers go, N0 for pairs of brackets, N1, N2, I1, I2, L2 and L4.
"""

from __future__ import annotations

import unicodedata
from functools import cache

RIGHT, LEFT, NUMBER, NEUTRAL = "R", "L", "N", ""
CLASSES: dict[str, str] = {"R": RIGHT, "AL": RIGHT, "L": LEFT, "EN": NUMBER, "AN": NUMBER}
BRACKETS = {")": "(", "]": "[", "}": "{"}
MIRRORED = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))
PRESENTATION_FORMS = (*range(0xFB50, 0xFDC8), *range(0xFE70, 0xFEFD))
LAM_ALEF = 2  # letters of the ligatures that Arabic always makes


def is_right_to_left(text: str) -> bool:
    """Whether the text holds a letter that is written from right to left."""
    return any(CLASSES.get(unicodedata.bidirectional(letter)) == RIGHT for letter in text)


def seen(line: str) -> str:
    """Return one line as it is seen from left to right."""
    if not is_right_to_left(line):
        return line
    joined = join_letters(line)
    known = (CLASSES.get(unicodedata.bidirectional(letter)) for letter in joined)
    base = next(side for side in known if side in (RIGHT, LEFT))
    sides = _with_neutrals(_with_brackets(joined, _with_numbers(joined, base), base), base)
    level_of = {RIGHT: 1, LEFT: 2 if base == RIGHT else 0, NUMBER: 2}
    levels = [level_of[side] for side in sides]
    letters = [MIRRORED.get(letter, letter) if level % 2 else letter for letter, level in zip(joined, levels, strict=True)]
    return "".join(letters[at] for at in _reordered(levels))


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


def _with_numbers(line: str, base: str) -> list[str]:
    """The side of each letter. Numbers take in the signs inside and beside them, and after Latin letters they count as those."""
    kinds = [unicodedata.bidirectional(letter) for letter in line]
    strong = ""
    for at, kind in enumerate(kinds):
        strong = kind if kind in ("L", "R", "AL") else strong
        kinds[at] = "AN" if kind == "EN" and strong == "AL" else kind
    for at in range(1, len(kinds) - 1):
        number, same = kinds[at - 1], kinds[at - 1] == kinds[at + 1]
        if same and (kinds[at], number) in {("CS", "EN"), ("CS", "AN"), ("ES", "EN")}:
            kinds[at] = number
    numbers = [kind == "EN" for kind in kinds]
    for at, kind in enumerate(kinds):
        if kind == "ET" and any(numbers[max(0, at - 1) : at + 2]):
            kinds[at] = "EN"
    sides, strong = list[str](), base
    for kind in kinds:
        side = CLASSES.get(kind, NEUTRAL)
        strong = side if side in (RIGHT, LEFT) else strong
        sides.append(LEFT if side == NUMBER and strong == LEFT else side)
    return sides


def _with_brackets(line: str, sides: list[str], base: str) -> list[str]:
    """Give both brackets of a pair one side: the line's when it is found inside, else that of what stands before."""
    resolved, opened = list(sides), list[int]()
    for at, letter in enumerate(line):
        if letter in BRACKETS.values():
            opened.append(at)
        elif letter in BRACKETS and opened and line[opened[-1]] == BRACKETS[letter]:
            start = opened.pop()
            inside = {_strength(side) for side in sides[start:at]} - {NEUTRAL}
            if inside:
                before = next((_strength(side) for side in reversed(resolved[:start]) if side), base)
                resolved[start] = resolved[at] = base if base in inside else before
    return resolved


def _with_neutrals(sides: list[str], base: str) -> list[str]:
    """Give signs without a side that of their neighbours where both agree, else that of the line."""
    resolved = list(sides)
    for at, side in enumerate(sides):
        if side == NEUTRAL:
            before = next((_strength(other) for other in reversed(sides[:at]) if other), base)
            after = next((_strength(other) for other in sides[at:] if other), base)
            resolved[at] = before if before == after else base
    return resolved


def _strength(side: str) -> str:
    """Numbers pull the signs around them to the right-to-left side."""
    return RIGHT if side == NUMBER else side


def _reordered(levels: list[int]) -> list[int]:
    """Places in the order in which they are seen: every run of a level and above is reversed, the highest first."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = None
        for at in range(len(levels) + 1):
            inside = at < len(levels) and levels[order[at]] >= level
            if inside and start is None:
                start = at
            elif not inside and start is not None:
                order[start:at] = reversed(order[start:at])
                start = None
    return order
