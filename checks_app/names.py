"""Do two spellings name one person: across accents, transliterations, middle names, double surnames and names cut off in an MRZ."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from checks_app.document.transliteration import loose_key, plain, spellings

LETTERS_PER_SLIP = 6  # one wrong letter is forgiven in every six: BERIDSE is BERIDZE, but MARIO is not MARIA
FORGIVEN = 0.9  # the most that a word with a slip, or a word cut off, is alike
FOREIGN = 0.6  # below this likeness, of its best word, a name is another one
_TELLING = 3  # letters: shorter words ("DE", "VAN" is long enough) prove nothing alone
_MOST_WORDS = 12  # of one name; what comes after says nothing more


class Likeness(StrEnum):
    """How two names compare. OTHER: not a word of one resembles the other."""

    SAME = "SAME"
    UNSURE = "UNSURE"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict with the likeness that led to it, 0..1, over the words of the shorter name."""

    likeness: Likeness
    score: float


def compare(expected: str, stated: str, *, strict: bool = False, cut: bool = False) -> Comparison:
    """Compare the name that somebody expects with the one that a document states.

    expected: in any script. stated: as read, A-Z or with its accents. strict: only a spelling that transliteration allows is the
    same; else slips, word order and missing further names are forgiven. cut: the stated names may be cut off (9303-3, 4.6).
    A name that cannot be written in Latin letters is never the same as another.
    """
    if not plain(expected) or not plain(stated):
        return Comparison(Likeness.UNSURE, 0.0)
    if _spelled_alike(expected, stated):
        return Comparison(Likeness.SAME, 1.0)
    scores = _word_scores(expected, stated, cut=cut)
    score = sum(likeness for likeness, _ in scores) / len(scores)
    all_found = all(likeness >= FORGIVEN for likeness, _ in scores) and any(letters >= _TELLING for _, letters in scores)
    joined = loose_key(plain(expected).replace(" ", "")) == loose_key(plain(stated).replace(" ", ""))
    if not strict and (all_found or joined):
        return Comparison(Likeness.SAME, 1.0 if joined else score)
    foreign = max(likeness for likeness, _ in scores) < FOREIGN
    return Comparison(Likeness.OTHER if foreign else Likeness.UNSURE, score)


def _spelled_alike(expected: str, stated: str) -> bool:
    return not set(spellings(expected)).isdisjoint((plain(stated), *spellings(stated)))


def _word_scores(expected: str, stated: str, *, cut: bool) -> list[tuple[float, int]]:
    """Return for each word of the shorter name its best likeness in the other and its length; no word is used twice."""
    wanted, given = plain(expected).split()[:_MOST_WORDS], plain(stated).split()[:_MOST_WORDS]
    pairs = sorted(((_alike(one, other, cut=cut), row, column) for row, one in enumerate(wanted) for column, other in enumerate(given)))
    scores: list[tuple[float, int]] = []
    used: tuple[set[int], set[int]] = set(), set()
    for likeness, row, column in reversed(pairs):
        if row not in used[0] and column not in used[1]:
            used[0].add(row)
            used[1].add(column)
            scores.append((likeness, len(wanted[row])))
    return scores


def _alike(expected: str, stated: str, *, cut: bool) -> float:
    """Compare two words in A-Z. Returns 1 for one word, FORGIVEN for a slip or a cut, else less the more letters differ."""
    one, other = loose_key(expected), loose_key(stated)
    if expected == stated or one == other:
        return 1.0
    if cut and expected.startswith(stated):
        return FORGIVEN
    slips = Levenshtein.distance(one, other)
    if slips <= min(len(one), len(other)) // LETTERS_PER_SLIP:
        return FORGIVEN
    return min(FORGIVEN - 0.01, Levenshtein.normalized_similarity(one, other))
