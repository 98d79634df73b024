"""Names in A to Z: how states write them in an MRZ (ICAO 9303-3, section 6), and when two spellings can be one name.

Letters of other scripts that 9303-3 does not list follow `anyascii`, which writes Georgian as Georgia's passports do.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

LONGEST = 200  # characters of a name; what is longer is no name

_EXPANDED = {"Ä": "AE", "Å": "AA", "Ö": "OE", "Ø": "OE", "Ü": "UE", "Ñ": "NXX", "Þ": "TH", "Ĳ": "IJ", "Đ": "DJ"}
"""Latin letters that 9303-3 (6.A) lets states write as several; the other accented letters simply lose their accents."""

_CYRILLIC = {
    "Ё": "E", "Ж": "ZH", "Й": "I", "Х": "KH", "Ц": "TS", "Ч": "CH", "Ш": "SH", "Щ": "SHCH", "Ъ": "IE", "Ы": "Y", "Ь": "",
    "Э": "E", "Ю": "IU", "Я": "IA", "Ѓ": "G", "Ђ": "D", "Є": "IE", "Ї": "I", "Ј": "J", "Љ": "LJ", "Њ": "NJ", "Ќ": "K",
    "Ћ": "C", "Џ": "DZ", "Ў": "U", "Ґ": "G",
}  # fmt: skip
"""Where 9303-3 (6.B) differs from `anyascii`."""

_NATIONAL = {"Щ": "SHT", "Ъ": "A", "Г": "H", "И": "Y", "Ђ": "DJ", "Ћ": "C", "Х": "H", "Ц": "C", "Ж": "Z", "Ш": "S", "Ч": "C"}
"""What Bulgaria, Ukraine and the Serbian Latin alphabet write instead; each on its own would be one more system."""

_GREEK = (("ΟΥ", "OU"), ("ΑΥ", "AV"), ("ΕΥ", "EV"), ("ΜΠ", "B"), ("ΝΤ", "NT"), ("ΓΓ", "NG"))
_ALIKE = tuple(
    (re.compile(pattern), one)
    for pattern, one in (("([AOU])E", r"\1"), ("IJ|[YJ]", "I"), ("KH|X", "H"), ("TS|TZ", "C"), ("[WF]", "V"), (r"(.)\1+", r"\1"))
)
"""Groups of letters that differ between systems of transliteration, with what stands for all of them."""


def plain(text: str) -> str:
    """Return a name in A-Z, 0-9 and single spaces: accents lost, other scripts transliterated, apostrophes dropped."""
    return _spaced(anyascii(_greek(_folded(text[:LONGEST]))))


@lru_cache(maxsize=4096)
def spellings(text: str) -> tuple[str, ...]:
    """Return every way to write a name in an MRZ that 9303-3 or a state knows, without repetition, the plain one first."""
    folded = _folded(text[:LONGEST])
    systems: tuple[dict[str, str], ...] = ({}, _EXPANDED, {"Ü": "UXX", "Å": "AA"}, _CYRILLIC, _CYRILLIC | _NATIONAL)
    written = [plain(text), *(_spaced(anyascii(_replaced(folded, system))) for system in systems)]
    return tuple(dict.fromkeys(spelling for spelling in written if spelling))


@lru_cache(maxsize=4096)
def loose_key(word: str) -> str:
    """Reduce a word in A-Z to what its transliterations have in common: MUELLER and MULLER, IULIIA and YULIA become the same."""
    for alike, one in _ALIKE:
        word = alike.sub(one, word)
    return word


def has_marks(text: str) -> bool:
    """Tell whether a text holds a Latin letter beyond A to Z, such as Ü or Ł."""
    return any(sign.isalpha() and not sign.isascii() and "LATIN" in unicodedata.name(sign, "") for sign in text)


def _folded(text: str) -> str:
    """Upper case with composed accents, so that one letter is one character."""
    return unicodedata.normalize("NFC", text.replace("ß", "SS").upper())


def _replaced(text: str, system: dict[str, str]) -> str:
    return "".join(system.get(sign, sign) for sign in text)


def _greek(text: str) -> str:
    for pair, latin in _GREEK:
        text = text.replace(pair, latin)
    return text


def _spaced(latin: str) -> str:
    """Apostrophes vanish; hyphens and every other sign become a space (9303-3, 4.6)."""
    without = re.sub("['’`´ʼ]", "", latin.upper())
    return " ".join(re.sub("[^A-Z0-9]", " ", without).split())
