"""Hebrew and Arabic on paper."""

from __future__ import annotations

import pytest

from sessions_app.panel.report import right_to_left

LAM_ALEF_ISOLATED = "\ufefb"


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("Nino (1990)", "Nino (1990)"),
        ("שלום", "םולש"),
        ("שלום עולם", "םלוע םולש"),
        ("Mr שלום", "Mr םולש"),
        ("שלום 123", "123 םולש"),
        ("שלום (Anna)", "(Anna) םולש"),
        ("שלום (Anna) 12", "12 (Anna) םולש"),
        ("Anna שלום (עולם) ok", "Anna (םלוע) םולש ok"),
        ("Anna (שלום)", "Anna (םולש)"),
        ("tel שלום 12.5 ok", "tel 12.5 םולש ok"),
        ("שלום 5% 12:30", "12:30 5% םולש"),
        ("שלום a1 b2", "a1 b2 םולש"),
        ("12 שלום", "םולש 12"),
        ("שלום «א» 5-3", "5-3 «א» םולש"),
        ("محمد 5%", "%5 \ufeaa\ufee4\ufea4\ufee3"),  # after Arabic letters the sign does not stick to the number
        ("", ""),
    ],
)
def test_line_stands_as_it_is_seen(line: str, seen: str) -> None:
    assert right_to_left.seen(line) == seen


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("محمد", "\ufee3\ufea4\ufee4\ufeaa"),  # initial meem, medial hah, medial meem, final dal
        ("دار", "\ufea9\ufe8d\ufead"),  # none of these joins what follows
        ("لا", LAM_ALEF_ISOLATED),
        ("م", "\ufee1"),
        ("abc", "abc"),
    ],
)
def test_arabic_letters_take_the_form_of_their_place(word: str, forms: str) -> None:
    assert right_to_left.join_letters(word) == forms


@pytest.mark.parametrize(("text", "answer"), [("ნინო", False), ("Anna", False), ("حداد", True), ("a א", True), ("", False)])
def test_right_to_left_is_recognised(text: str, answer: bool) -> None:
    assert right_to_left.is_right_to_left(text) is answer
