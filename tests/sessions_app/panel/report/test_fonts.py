"""The fonts of the report, and what they cannot show."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessions_app.panel.report import fonts


@pytest.fixture(autouse=True)
def registered() -> None:
    fonts.register()


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("ნინო Ñ Ж", "ნინო Ñ Ж"),
        ("ᲜᲘᲜᲝ", "ნინო"),  # Georgian capitals as the small letters that they stand for
        ("e\u0301", "é"),
        ("Ｎｉｎｏ", "Nino"),  # full-width letters as plain ones
        ("a\tb\nc", "a b\nc"),
        ("a\u202eb\u0000", "ab"),
    ],
)
def test_text_is_printed_as_well_as_the_fonts_can(text: str, printed: str) -> None:
    assert fonts.shown(text) == (printed, set())


def test_letters_without_a_shape_are_reported() -> None:
    assert fonts.shown("A山") == (f"A{fonts.UNKNOWN}", {"山"})


def test_missing_fonts_say_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", (tmp_path,))
    with pytest.raises(fonts.FontsMissing, match="fonts-dejavu-core"):
        fonts.register.__wrapped__()
