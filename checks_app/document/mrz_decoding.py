"""From character probabilities to an MRZ: the most probable text in which every check digit is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from checks_app.document import countries
from checks_app.document.mrz import WEIGHTS, character_value
from checks_app.document.mrz_layouts import CHARACTERS, DIGITS, FILLER, LAYOUTS, STATES, FieldLayout, Layout, MrzFormat
from checks_app.document.trellis import FORBIDDEN, Decoded, Floats, Indices, Step, decode

_MODULUS = 10
_STATES = _MODULUS * _MODULUS  # sum of the current field x sum of the composite
_FILLER = CHARACTERS.index(FILLER)
_NAME_STATES = 4  # fillers in a row: 0, 1, 2, and 3 after which nothing but fillers follows
_NUMBER_PRIOR = {"O": 0.03} | dict.fromkeys("ABCDEFGHIJKLMNPQRSTUVWXYZ", 0.3)
"""How much rarer than a digit each letter is in numbers and optional data. Few states print the letter O there, because it
looks like a zero; without this, two zeros taken for O can satisfy a check digit."""
_UNLISTED = 0.002  # how much rarer than a listed code one is that nobody has; with digits in it, as rare again
_MOST_OVERFLOW = 12  # characters of a document number beyond the ninth

Place = tuple[int, int]
"""Line and column."""


@dataclass(frozen=True, slots=True)
class DecodedMrz:
    """Text in which every check digit is right, and what the classifier alone would have read.

    probabilities: of each character of `lines`, given the rules, 0..1. seen: the text without the rule of check digits.
    repaired: characters in which the two differ. evidence: share of the classifier's belief that keeps the check digits, 0..1;
    next to nothing when clear print carries wrong digits.
    """

    lines: tuple[str, ...]
    probabilities: tuple[tuple[float, ...], ...]
    seen: tuple[str, ...]
    repaired: int
    evidence: float


def decode_mrz(format_: MrzFormat, log_probabilities: Sequence[Floats]) -> DecodedMrz:
    """Decode the lines of one format.

    log_probabilities: one array of width x 37 for each line, over CHARACTERS.
    """
    layout = LAYOUTS[format_]
    stacked = _with_priors(layout, np.stack(log_probabilities))
    places, ruled = _decode_checked(layout, stacked)
    symbols, seen = np.full(stacked.shape[:2], _FILLER), np.full(stacked.shape[:2], _FILLER)
    sure = np.ones(stacked.shape[:2])
    rows, columns = np.array(places).T
    symbols[rows, columns], seen[rows, columns], sure[rows, columns] = ruled.symbols, ruled.unruled, ruled.posteriors
    for field in layout.fields:
        if (field.line, field.start) not in places:
            span = (field.line, slice(field.start, field.end))
            symbols[span], seen[span], sure[span] = _decode_unchecked(field, stacked[span])
    probabilities = tuple(tuple(map(float, line)) for line in sure)
    return DecodedMrz(_text(symbols), probabilities, _text(seen), int((symbols != seen).sum()), ruled.probability)


def _with_priors(layout: Layout, stacked: Floats) -> Floats:
    """Weigh letters down where a number under a check digit stands; other fields have their alphabet or their list."""
    expected = stacked.copy()
    prior = np.log([_NUMBER_PRIOR.get(character, 1.0) for character in CHARACTERS])
    for field in layout.fields:
        if field.alphabet == CHARACTERS and (field.check_at is not None or layout.composite_at is not None):
            expected[field.line, field.start : field.end] += prior
    return expected


def _text(symbols: Indices) -> tuple[str, ...]:
    return tuple("".join(CHARACTERS[symbol] for symbol in line) for line in symbols)


def _decode_checked(layout: Layout, stacked: Floats) -> tuple[tuple[Place, ...], Decoded]:
    """Decode everything that a check digit covers, with the document number as short or as long as fits best."""
    best: tuple[tuple[Place, ...], Decoded] | None = None
    for overflow in _overflows(layout, stacked):
        places, steps = _checked_steps(layout.format, overflow)
        rows, columns = np.array(places).T
        decoded = decode(steps, stacked[rows, columns], states=_STATES)
        if best is None or decoded.probability > best[1].probability:
            best = places, decoded
    if best is None:
        raise AssertionError("_overflows yields at least one possibility")
    return best


def _overflows(layout: Layout, stacked: Floats) -> Iterator[int]:
    """Yield how many characters the document number may have beyond nine: 0, or 1 to 12 when a filler stands for its digit."""
    number = layout.field("document_number")
    if not layout.number_may_overflow or stacked[number.line, number.end].argmax() != _FILLER:
        yield 0
        return
    optional = layout.field("optional_data")
    room = optional.end - optional.start - 1
    yield from range(1, min(_MOST_OVERFLOW, room) + 1)


@cache
def _checked_steps(format_: MrzFormat, overflow: int) -> tuple[tuple[Place, ...], tuple[Step, ...]]:
    """Return the places that check digits cover, in the composite's order, and the rule for each."""
    layout = LAYOUTS[format_]
    weights, checks = _field_weights(layout, overflow)
    alphabets = {(field.line, column): field.alphabet for field in layout.fields for column in range(field.start, field.end)}
    if layout.composite_at is None:
        places = sorted(weights.keys() | checks)
    else:
        places = [(line, column) for line, start, end in layout.composite_spans for column in range(start, end)]
    steps = []
    for order, place in enumerate(places):
        composite_weight = WEIGHTS[order % 3] if layout.composite_at is not None else 0
        if place in checks:
            empty_allowed = format_ is MrzFormat.TD3 and place == (1, layout.field("optional_data").check_at)
            steps.append(_check_step(composite_weight, empty_allowed=empty_allowed))
        else:
            forced = FILLER if place in _forced_fillers(layout, overflow) else alphabets.get(place, CHARACTERS)
            steps.append(_sum_step(forced, weights.get(place, 0), composite_weight))
    if layout.composite_at is not None:
        places.append(layout.composite_at)
        steps.append(_composite_step())
    return tuple(places), tuple(steps)


def _field_weights(layout: Layout, overflow: int) -> tuple[dict[Place, int], set[Place]]:
    """Return the weight of each character in its own field's check digit, and where these digits stand."""
    weights: dict[Place, int] = {}
    checks: set[Place] = set()
    for field in layout.fields:
        if field.check_at is None:
            continue
        places = [(field.line, column) for column in range(field.start, field.end)]
        check = (field.line, field.check_at)
        if overflow and field.name == "document_number":
            optional = layout.field("optional_data")
            places += [(optional.line, optional.start + further) for further in range(overflow)]
            check = (optional.line, optional.start + overflow)
        weights |= {place: WEIGHTS[order % 3] for order, place in enumerate(places)}
        checks.add(check)
    return weights, checks


def _forced_fillers(layout: Layout, overflow: int) -> set[Place]:
    """Return where a long document number demands fillers: in place of its check digit and after the real one."""
    if not overflow:
        return set()
    number, optional = layout.field("document_number"), layout.field("optional_data")
    after = optional.start + overflow + 1
    return {(number.line, number.end)} | ({(optional.line, after)} if after < optional.end else set())


@cache
def _sum_step(alphabet: str, field_weight: int, composite_weight: int) -> Step:
    symbols = np.array([CHARACTERS.index(character) for character in alphabet])
    values = np.array([character_value(character) for character in alphabet])[:, None, None]
    fields, composites = np.mgrid[:_MODULUS, :_MODULUS]
    after = (fields + field_weight * values) % _MODULUS * _MODULUS + (composites + composite_weight * values) % _MODULUS
    return Step(symbols, after.reshape(len(alphabet), _STATES))


@cache
def _check_step(composite_weight: int, *, empty_allowed: bool) -> Step:
    """Allow only the digit that equals the field's sum, then begin a new field; perhaps also a filler for an empty field."""
    alphabet = DIGITS + (FILLER if empty_allowed else "")
    symbols = np.array([CHARACTERS.index(character) for character in alphabet])
    values = np.array([character_value(character) for character in alphabet])[:, None, None]
    fields, composites = np.mgrid[:_MODULUS, :_MODULUS]
    after = np.where(fields == values, (composites + composite_weight * values) % _MODULUS, FORBIDDEN)
    return Step(symbols, after.reshape(len(alphabet), _STATES))


@cache
def _composite_step() -> Step:
    symbols = np.array([CHARACTERS.index(digit) for digit in DIGITS])
    composites = np.mgrid[:_MODULUS, :_MODULUS][1]
    after = np.where(composites == np.arange(_MODULUS)[:, None, None], 0, FORBIDDEN)
    return Step(symbols, after.reshape(_MODULUS, _STATES))


def _decode_unchecked(field: FieldLayout, rows: Floats) -> tuple[Indices, Indices, Floats]:
    """Decode a field without check digit by its own rule: names end in fillers, states are known, the rest stands alone.

    Returns the symbols, those that count as seen, and their probabilities. The end of a name is no repair: print is not in doubt
    there. The code of a state is one, because the list of states plays the part of the check digit.
    """
    if field.name in STATES:
        return _decode_state(rows)
    is_name = field.name == "names"
    ruled = decode(_name_steps(len(rows)) if is_name else _free_steps(field), rows, states=_NAME_STATES if is_name else _STATES)
    return ruled.symbols, ruled.symbols, ruled.posteriors


@cache
def _free_steps(field: FieldLayout) -> tuple[Step, ...]:
    first = _sum_step(field.initials or field.alphabet, 0, 0)
    return (first, *[_sum_step(field.alphabet, 0, 0)] * (field.end - field.start - 1))


@cache
def _name_steps(length: int) -> tuple[Step, ...]:
    letters = np.array([CHARACTERS.index(character) for character in CHARACTERS if character.isalpha()])
    symbols = np.append(letters, _FILLER)
    successors = np.zeros((len(symbols), _NAME_STATES), np.int64)
    successors[:-1, _NAME_STATES - 1] = FORBIDDEN
    successors[-1] = (1, 2, 3, 3)
    return (Step(symbols, successors),) * length


def _decode_state(rows: Floats) -> tuple[Indices, Indices, Floats]:
    """Choose the most probable code, one that is listed unless the print is plain; each character is as probable as the code.

    A code that nobody has stays what was printed if it is plain to see: a listed one in its place would be a guess.
    """
    letters = rows[:, len(DIGITS) :].argmax(axis=1) + len(DIGITS)
    plain = rows.argmax(axis=1)
    codes = np.vstack([_state_codes(), letters, plain])
    scores = rows[np.arange(3), codes].sum(axis=1)
    scores[-2:] += np.log(_UNLISTED) * np.array([1, 2])
    best = int(scores.argmax())
    other = (codes != codes[best]).any(axis=1)
    against = float(np.exp(scores[other] - scores[best]).sum())
    return codes[best], plain if best == len(codes) - 1 else letters, np.full(3, 1 / (1 + against))


@cache
def _state_codes() -> Indices:
    return np.array([[CHARACTERS.index(character) for character in code] for code in countries.printed_codes()])
