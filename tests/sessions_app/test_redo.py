"""R5, R22: what a retry asks for again."""

from __future__ import annotations

from checks_app.results import Check
from sessions_app.redo import CAPTURES_OF_CHECK


def test_every_check_names_the_pictures_that_a_retry_asks_for() -> None:
    assert set(CAPTURES_OF_CHECK) == set(Check)
    assert all(CAPTURES_OF_CHECK.values())
