"""Two readers, one belief: what the second reader says is laid beside the first one's characters and counted as a vote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from checks_app.document.mrz_layouts import CHARACTERS, FILLER, LAYOUTS, MrzFormat
from checks_app.document.trellis import Floats, Indices

NO_VOTE = -1
VOTE = 5.0  # how much more probable a character becomes when the second reader names it
_LOST = -3.0  # log-probability of a character that the second reader left out or made up
_FLOOR = -4.0  # log-probability below which a disagreement costs no more: better two votes against than two gaps
_BESIDE = 0.5  # share of a line's characters that must have a vote for it; below, it is another line
_FILLER = CHARACTERS.index(FILLER)


def votes(beliefs: Sequence[Floats], said: Sequence[str]) -> tuple[Indices, ...]:
    """Find for every line of the first reader what the second one said of it.

    beliefs: per line characters x 37 log-probabilities. said: lines in the same order, perhaps fewer or more. Returns per line
    an index into CHARACTERS for each character, or NO_VOTE.
    """
    chosen, next_ = [], 0
    for line in beliefs:
        best, taken = np.full(len(line), NO_VOTE), None
        for number in range(next_, len(said)):
            aligned = _aligned(line, said[number])
            if _agreement(line, aligned) > max(_agreement(line, best), _BESIDE):
                best, taken = aligned, number
        chosen.append(best)
        next_ = next_ if taken is None else taken + 1
    return tuple(chosen)


def combine(beliefs: Sequence[Floats], cast: Sequence[Indices]) -> list[Floats]:
    """Make every character that has a vote VOTE times as probable."""
    return [_raised(line, votes_) for line, votes_ in zip(beliefs, cast, strict=True)]


def agreement(text: str, cast: Indices) -> tuple[bool, ...]:
    """Tell of each character whether the second reader says the same; of fillers it may say nothing, because it miscounts them."""
    pairs = zip(text, cast, strict=True)
    return tuple(vote == CHARACTERS.index(character) or (vote == NO_VOTE and character == FILLER) for character, vote in pairs)


def contradicted(format_: MrzFormat, lines: Sequence[str], cast: Sequence[Indices]) -> Iterator[tuple[int, int]]:
    """Yield line and column of each letter or digit without check digit for which the second reader names another one of its alphabet."""
    for field in LAYOUTS[format_].fields:
        for column in range(field.start, field.end) if field.check_at is None else ():
            read, vote = lines[field.line][column], int(cast[field.line][column])
            said = FILLER if vote == NO_VOTE else CHARACTERS[vote]
            if said != read and FILLER not in (read, said) and said in field.alphabet:
                yield field.line, column


def _raised(line: Floats, cast: Indices) -> Floats:
    raised = np.exp(line)
    voted = np.flatnonzero(cast != NO_VOTE)
    raised[voted, cast[voted]] *= VOTE
    return np.asarray(np.log(raised / raised.sum(axis=1, keepdims=True)))


def _agreement(line: Floats, cast: Indices) -> float:
    """Return the share of characters on which both readers say the same, 0..1."""
    return float((line.argmax(axis=1) == cast).mean())


def _aligned(line: Floats, said: str) -> Indices:
    """Lay a text beside the characters of a line so that it fits best, with characters left out or made up (Needleman-Wunsch)."""
    said = said[: 2 * len(line)]
    symbols = np.array([CHARACTERS.index(character) for character in said], dtype=np.int64)
    fits = np.maximum(line[:, symbols], _FLOOR).tolist()  # lists, because single numbers of arrays are slow
    rows, columns = len(line), len(said)
    best = [[column * _LOST for column in range(columns + 1)]]
    for row in range(rows):
        above, current = best[-1], [(row + 1) * _LOST]
        for column in range(columns):
            current.append(max(above[column] + fits[row][column], above[column + 1] + _LOST, current[column] + _LOST))
        best.append(current)
    cast = np.full(rows, NO_VOTE)
    row, column = rows, columns
    while row and column:
        if best[row][column] == best[row - 1][column - 1] + fits[row - 1][column - 1]:
            row, column = row - 1, column - 1
            cast[row] = symbols[column]
        elif best[row][column] == best[row - 1][column] + _LOST:
            row -= 1
        else:
            column -= 1
    return cast
