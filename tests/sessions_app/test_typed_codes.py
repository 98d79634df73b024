"""R13: a code that people can copy without mistakes."""

from __future__ import annotations

import pytest

from sessions_app import typed_codes


def test_a_code_has_eight_characters_of_the_alphabet() -> None:
    codes = {typed_codes.draw() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {typed_codes.LENGTH}
    assert set("".join(codes)) <= set(typed_codes.ALPHABET)


def test_the_alphabet_has_no_look_alikes() -> None:
    assert len(set(typed_codes.ALPHABET)) == 32
    assert not set(typed_codes.ALPHABET) & set("ILOU")


@pytest.mark.parametrize(
    "typed",
    ["K7M2-AB01", "k7m2ab01", " k7m2 - ab01 ", "K7M2–ABOI", "k7m2abol", "К7М2-АВ01", "Ｋ７Ｍ２ＡＢ０１", "K7M2\u00a0AB01\n"],
)
def test_case_spaces_dashes_and_look_alikes_are_forgiven(typed: str) -> None:
    assert typed_codes.cleaned(typed) == "K7M2AB01"


def test_what_is_shown_reads_as_what_was_drawn() -> None:
    code = typed_codes.draw()
    assert typed_codes.shown(code)[4] == "-"
    assert typed_codes.hash_code(typed_codes.shown(code).lower()) == typed_codes.hash_code(code)


def test_the_stored_hash_needs_our_secret(settings: pytest.FixtureRequest) -> None:
    before = typed_codes.hash_code("K7M2AB01")
    settings.SECRET_KEY = "another secret"  # type: ignore[attr-defined]
    assert typed_codes.hash_code("K7M2AB01") != before


def test_endless_input_is_cut() -> None:
    assert len(typed_codes.cleaned("7" * 10_000)) == 100
