"""Machine-readable zones as text: format, fields and check digits (ICAO 9303-3 and parts 4 to 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checks_app.document.mrz_layouts import CHARACTERS, DIGITS, FILLER, LAYOUTS, FieldLayout, Layout, MrzFormat
from checks_app.results import MrzField

WEIGHTS = (7, 3, 1)
_VALUES = {character: int(character, 36) for character in CHARACTERS if character != FILLER} | {FILLER: 0}
_TALLEST, _WIDEST = 3, 44  # lines and characters; anything beyond is refused before it is looked at


class InvalidMrzCharacter(ValueError):
    """A character that no MRZ can hold: neither A-Z nor 0-9 nor the filler '<'."""


class UnknownMrzFormat(ValueError):
    """The number of lines or their lengths belong to no format of ICAO 9303."""


def character_value(character: str) -> int:
    """Return the value 0..35 that a character has in a check digit; the filler counts 0.

    Raises InvalidMrzCharacter.
    """
    try:
        return _VALUES[character]
    except KeyError:
        raise InvalidMrzCharacter("An MRZ holds only A-Z, 0-9 and '<'") from None


def check_digit(characters: str) -> int:
    """Compute the ICAO 9303-3 (4.9) check digit: weights 7, 3, 1, modulo 10.

    characters: upper-case MRZ field, A-Z, 0-9 and the filler '<'. Returns 0..9.
    Raises InvalidMrzCharacter for anything else, because a guessed character would make a wrong digit look right.
    """
    for character in set(characters):
        character_value(character)
    thirds = zip(
        WEIGHTS, (characters[start :: len(WEIGHTS)] for start in range(len(WEIGHTS))), strict=True
    )  # counted: long text stays quick
    return sum(weight * value * third.count(character) for weight, third in thirds for character, value in _VALUES.items()) % 10


def recognise_format(lines: Sequence[str]) -> MrzFormat | None:
    """Tell the format by the number of lines, their length and the first letter (V for visas); None when it is no MRZ."""
    if not 2 <= len(lines) <= _TALLEST or any(len(line) > _WIDEST for line in lines):
        return None
    visa = lines[0][:1] == "V"
    shapes = {
        (3, 30): MrzFormat.TD1,
        (2, 36): MrzFormat.MRVB if visa else MrzFormat.TD2,
        (2, 44): MrzFormat.MRVA if visa else MrzFormat.TD3,
    }
    lengths = {len(line) for line in lines}
    return shapes.get((len(lines), lengths.pop())) if len(lengths) == 1 else None


def parse(
    lines: Sequence[str],
    confidences: Sequence[Sequence[float]] | None = None,
    agreed: Sequence[Sequence[bool]] | None = None,
) -> tuple[MrzField, ...]:
    """Split an MRZ into its fields and verify every check digit; what the fields mean is read in `fields`.

    lines: as printed, upper case. confidences: probability 0..1 of each character of each line; absent means certain.
    agreed: whether a second reader says the same, of each character; absent means that there was none. Returns document_code,
    issuing_state, document_number, birth_date, sex, expiry_date, nationality, names, optional_data (TD1 also optional_data_2)
    and composite (not for visas); raw keeps the fillers. A field is as sure as its least sure character. Raises
    UnknownMrzFormat or InvalidMrzCharacter; an impossible date is not this function's business.
    """
    found = recognise_format(lines)
    if found is None:
        raise UnknownMrzFormat("No format of ICAO 9303 has lines of this number and length")
    if any(character not in _VALUES for line in lines for character in line):
        raise InvalidMrzCharacter("An MRZ holds only A-Z, 0-9 and '<'")
    layout = LAYOUTS[found]
    overflow = _overflow(lines, layout)
    judged = [_judged(_parse_field(lines, field, overflow), confidences, agreed, field) for field in layout.fields]
    composite = [_judged(_composite(lines, layout), confidences, agreed, _place(layout))] if layout.composite_at else []
    return (*judged, *composite)


def check_digits_hold(fields: Sequence[MrzField]) -> bool:
    """Tell whether every check digit is right; False when there is none at all."""
    verdicts = [field.check_digit_ok for field in fields if field.check_digit_ok is not None]
    return bool(verdicts) and all(verdicts)


def _overflow(lines: Sequence[str], layout: Layout) -> str:
    """Return the rest of a long document number with its check digit, or "" when the number fits its nine columns."""
    number, optional = layout.field("document_number"), layout.field("optional_data")
    if not layout.number_may_overflow or lines[number.line][number.end] != FILLER:
        return ""
    return lines[optional.line][optional.start : optional.end].split(FILLER, 1)[0]


def _judged(
    parsed: MrzField, confidences: Sequence[Sequence[float]] | None, agreed: Sequence[Sequence[bool]] | None, field: FieldLayout
) -> MrzField:
    span = slice(field.start, field.end)
    sure = min(confidences[field.line][span]) if confidences else 1.0
    return replace(parsed, confidence=sure, agreed=all(agreed[field.line][span]) if agreed else None)


def _parse_field(lines: Sequence[str], field: FieldLayout, overflow: str) -> MrzField:
    raw = lines[field.line][field.start : field.end]
    check = lines[field.line][field.check_at] if field.check_at is not None else None
    if overflow and field.name == "document_number":
        raw, check = raw + overflow[:-1], overflow[-1]
    elif overflow and field.name == "optional_data":
        raw = raw[len(overflow) :]
    return MrzField(field.name, raw, _verdict(field.name, raw, check), 1.0)


def _verdict(name: str, raw: str, check: str | None) -> bool | None:
    if check is None:
        return None
    if check == FILLER:  # 9303-4 (4.2.2.2) lets an empty personal number go without a check digit; nothing else may
        return name == "optional_data" and not raw.strip(FILLER)
    return check in DIGITS and int(check) == check_digit(raw)


def _composite(lines: Sequence[str], layout: Layout) -> MrzField:
    place = _place(layout)
    printed = lines[place.line][place.start]
    covered = "".join(lines[row][start:end] for row, start, end in layout.composite_spans)
    return MrzField(place.name, printed, printed in DIGITS and int(printed) == check_digit(covered), 1.0)


def _place(layout: Layout) -> FieldLayout:
    """Return where the composite check digit stands. Raises UnknownMrzFormat for visas, which have none."""
    if layout.composite_at is None:
        raise UnknownMrzFormat("Visas have no composite check digit")
    line, column = layout.composite_at
    return FieldLayout("composite", line, column, column + 1)
