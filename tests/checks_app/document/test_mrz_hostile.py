"""Pictures and texts that nobody should send: the reader and the parser must stand them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks_app.document import mrz, mrz_reader
from checks_app.imaging import RgbImage
from tests.checks_app.document.lines_of_text import draw_lines

GARBLED = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "0" * 44)
MEGABYTE = 1_000_000


def refused(image: RgbImage) -> bool:
    reading = mrz_reader.read(image)
    return reading is None or not reading.accepted


@settings(max_examples=12, deadline=None)
@given(st.integers(1, 160), st.integers(1, 160), st.integers(0, 2**32 - 1), st.sampled_from((0, 1, 40, 255)))
def test_small_noise_is_never_accepted(height: int, width: int, seed: int, swing: int) -> None:
    """R30."""
    chance = np.random.default_rng(seed)
    assert refused((128 + swing * (chance.random((height, width, 3)) - 0.5)).astype(np.uint8))


@pytest.mark.parametrize("shape", [(1, 1), (1, 9000), (9000, 1), (2, 2), (5000, 7), (4000, 3000)])
@pytest.mark.parametrize("grey", [0, 255])
def test_plain_pictures_of_odd_shapes_hold_nothing(shape: tuple[int, int], grey: int) -> None:
    """R30."""
    assert mrz_reader.read(np.full((*shape, 3), grey, np.uint8)) is None


@pytest.mark.parametrize("seed", range(3))
def test_stripes_and_boards_are_never_accepted(seed: int) -> None:
    """R30."""
    chance = np.random.default_rng(seed)
    rows, columns = np.mgrid[:500, :700]
    pattern = np.sin(rows * chance.uniform(0.1, 1)) * np.sin(columns * chance.uniform(0.1, 1)) > chance.uniform(-0.5, 0.5)
    assert refused(np.repeat((pattern * 255).astype(np.uint8)[..., None], 3, axis=2))


def test_a_zone_of_nonsense_is_read_and_refused() -> None:
    """R30."""
    assert refused(np.repeat(draw_lines(GARBLED)[..., None], 3, axis=2))


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_is_parsed_or_refused_by_name(lines: list[str]) -> None:
    """R30."""
    try:
        fields = mrz.parse(lines)
    except (mrz.UnknownMrzFormat, mrz.InvalidMrzCharacter):
        return
    assert {"names", "document_number"} <= {field.name for field in fields}


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<", min_size=72, max_size=132), st.sampled_from((30, 36, 44)))
def test_any_characters_of_an_mrz_give_fields_that_hold_them_all(text: str, width: int) -> None:
    """R30."""
    lines = tuple(text[start : start + width] for start in range(0, len(text) - width + 1, width))
    if mrz.recognise_format(lines) is not None:
        assert all(set(field.raw) <= set(text) for field in mrz.parse(lines))


@pytest.mark.parametrize("lines", [["<" * MEGABYTE], ["A" * MEGABYTE] * 3, list("\n" * MEGABYTE), ["P<" + "é" * MEGABYTE, "0" * 44]])
def test_a_megabyte_of_text_is_no_mrz(lines: list[str]) -> None:
    """R30."""
    assert mrz.recognise_format(lines) is None
    with pytest.raises(mrz.UnknownMrzFormat):
        mrz.parse(lines)


def test_a_megabyte_has_a_check_digit_like_any_field() -> None:
    """R30."""
    assert mrz.check_digit("A" * MEGABYTE) == (10 * sum(mrz.WEIGHTS) * (MEGABYTE // 3) + 70) % 10
    assert mrz.check_digit("9" * (MEGABYTE + 1)) == (9 * sum(mrz.WEIGHTS) * (MEGABYTE // 3) + 9 * (7 + 3)) % 10
    with pytest.raises(mrz.InvalidMrzCharacter):
        mrz.check_digit("9" * MEGABYTE + "\0")
