"""Lines of a zone beside each other."""

from __future__ import annotations

import numpy as np
import pytest

from checks_app.document.mrz_alignment import LATE, ReadLine, begin_together
from checks_app.document.mrz_strips import MARGIN, PITCH, TextLine

CHARACTERS, PER_CHARACTER = 30, 20  # pixels of the picture


def line(number: int, *, late: float = 0.0) -> ReadLine:
    """A line of a zone that begins so many characters late."""
    at = TextLine((100 + late * PER_CHARACTER, 50.0 * number), (100 + (CHARACTERS + late) * PER_CHARACTER, 50.0 * number), 14)
    return ReadLine(at, np.arange(CHARACTERS) * PITCH + MARGIN * PITCH, 0.0)


@pytest.mark.parametrize(
    ("late", "together"), [(-LATE - 0.01, False), (-LATE + 0.01, True), (0.0, True), (LATE - 0.01, True), (LATE + 0.01, False)]
)
@pytest.mark.parametrize("which", [0, 1, 2])
def test_line_that_begins_a_character_late_has_lost_one(which: int, late: float, together: bool) -> None:
    """R30: both readers can miss the first letter of a name; the other lines show where it stood."""
    assert begin_together([line(number, late=late if number == which else 0.0) for number in range(3)]) is together


def test_first_character_lies_in_its_line() -> None:
    x, y = line(1).begins
    assert 100 < x < 100 + PER_CHARACTER
    assert y == 50
