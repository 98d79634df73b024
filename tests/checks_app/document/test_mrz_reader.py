"""The reader on drawn photographs: specimens of Utopia on a desk."""

from __future__ import annotations

from datetime import date
from functools import cache

import cv2
import numpy as np
import pytest

from checks_app.document import mrz, mrz_reader, mrz_tesseract
from checks_app.document.mrz_layouts import MrzFormat
from checks_app.document.mrz_reader import ACCEPT_AGREED, ACCEPT_CHECKED, ACCEPT_MIXED, required
from checks_app.imaging import RgbImage
from checks_app.results import DocumentKind, MrzField, MrzReading
from tests.checks_app.document.lines_of_text import draw_lines, drawn_line
from tests.images import Scene, photograph
from verifyportal.dev import specimens
from verifyportal.dev.portraits import astronaut_portrait

TODAY = date(2026, 11, 22)
PITCH = 20  # pixels per character
SIZE = (1024, 768)  # smaller than a telephone's picture, so harder to read and quicker to draw
FORMATS = {
    "TD2": ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"),
    "MRVA": ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"),
    "MRVB": ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<"),
    "TD1": ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<"),
}


@cache
def specimen(kind: DocumentKind, seed: int) -> tuple[RgbImage, tuple[str, ...]]:
    person = specimens.invent_person(seed, today=TODAY)
    passport = kind is DocumentKind.PASSPORT
    picture = specimens.draw_passport(person, astronaut_portrait()) if passport else specimens.draw_card_back(person)
    return picture, specimens.mrz_lines(person, kind)


def drawn(lines: tuple[str, ...]) -> RgbImage:
    return np.repeat(draw_lines(lines, pitch=PITCH)[..., None], 3, axis=2)


def accepted(image: RgbImage) -> MrzReading:
    reading = mrz_reader.read(image)
    assert reading is not None
    assert reading.accepted
    return reading


@pytest.mark.parametrize("kind", list(DocumentKind))
@pytest.mark.parametrize("seed", range(2))
def test_a_photographed_document_is_read_to_the_letter(kind: DocumentKind, seed: int) -> None:
    """R30."""
    document, lines = specimen(kind, seed)
    assert accepted(photograph(document, Scene(seed=seed, size=SIZE)).image).lines == lines


@pytest.mark.parametrize(
    "scene",
    [
        Scene(seed=1, size=SIZE, rotation=14, fill=0.8),
        Scene(seed=2, size=SIZE, rotation=-100),
        Scene(seed=3, size=SIZE, rotation=180, noise=8.0),
        Scene(seed=4, size=SIZE, tilt=25),
        Scene(seed=5, size=SIZE, fill=0.5),
        Scene(seed=6, size=SIZE, blur=0.6),
        Scene(seed=7, size=SIZE, exposure=0.45),
        Scene(seed=8, size=SIZE, rotation=24, fill=0.8),
        Scene(seed=9, size=SIZE, rotation=66, fill=0.8),
    ],
    ids=lambda scene: f"scene-{scene.seed}",
)
def test_a_passport_is_read_however_it_lies(scene: Scene) -> None:
    """R30."""
    document, lines = specimen(DocumentKind.PASSPORT, 4)
    assert accepted(photograph(document, scene).image).lines == lines


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_named(name: str) -> None:
    """R30."""
    reading = accepted(drawn(FORMATS[name]))
    assert (reading.format, reading.lines) == (name, FORMATS[name])


@pytest.mark.parametrize(("code", "is_accepted"), [("UTP", True), ("132", False)])
def test_a_state_that_nobody_knows_is_read_but_digits_are_no_code_at_all(code: str, is_accepted: bool) -> None:
    """R30: the field is wrong and says so, the reading is not; a field of letters that holds digits keeps no rule of ICAO 9303."""
    printed = (FORMATS["TD2"][0], FORMATS["TD2"][1].replace("UTO", code))
    reading = mrz_reader.read(drawn(printed))
    assert reading is not None
    assert (reading.lines, reading.accepted) == (printed, is_accepted)


def test_an_impossible_date_with_right_check_digits_is_read_as_printed() -> None:
    """R30."""
    birth = "741332"
    number_and_state, _, rest = FORMATS["TD2"][1].partition("7408122")
    covered = f"{number_and_state[:10]}{birth}{mrz.check_digit(birth)}{rest[1:15]}"
    printed = (FORMATS["TD2"][0], f"{number_and_state}{birth}{mrz.check_digit(birth)}{rest[:-1]}{mrz.check_digit(covered)}")
    assert accepted(drawn(printed)).lines == printed


def test_two_readers_agree_on_clean_print_and_one_alone_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """R30."""
    assert {field.agreed for field in accepted(drawn(FORMATS["TD2"])).fields} == {True}
    monkeypatch.setattr(mrz_tesseract, "read_lines", lambda *_: None)
    assert {field.agreed for field in accepted(drawn(FORMATS["TD2"])).fields} == {None}


def test_print_with_a_wrong_check_digit_is_refused_as_it_stands() -> None:
    """R30."""
    printed = (FORMATS["TD2"][0], "D231458907UTO7408123F1204159<<<<<<<6")
    reading = mrz_reader.read(drawn(printed))
    assert reading is not None
    assert not reading.accepted
    assert reading.lines == printed
    assert {field.name for field in reading.fields if field.check_digit_ok is False} == {"birth_date", "composite"}


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((960, 1280, 3), np.uint8),
        np.full((1, 1, 3), 255, np.uint8),
        np.full((3, 2000, 3), 200, np.uint8),
        np.random.default_rng(0).integers(0, 256, (600, 800, 3)).astype(np.uint8),
        np.repeat(np.tile(np.array([0, 255], np.uint8), (900, 600))[..., None], 3, axis=2),
        astronaut_portrait(),
    ],
    ids=["black", "one-pixel", "thread", "noise", "stripes", "face"],
)
def test_a_picture_without_mrz_gives_nothing(image: RgbImage) -> None:
    """R30."""
    assert mrz_reader.read(image) is None


def test_the_front_of_a_card_has_no_mrz() -> None:
    """R30."""
    front = specimens.draw_card_front(specimens.invent_person(1, today=TODAY), astronaut_portrait())
    reading = mrz_reader.read(front)
    assert reading is None or not reading.accepted


def test_unreadable_print_is_never_accepted() -> None:
    """R30."""
    document, _ = specimen(DocumentKind.PASSPORT, 2)
    reading = mrz_reader.read(cv2.GaussianBlur(document, (0, 0), 14).astype(np.uint8))
    assert reading is None or not reading.accepted


def test_the_same_picture_gives_the_same_reading() -> None:
    """R37."""
    document, _ = specimen(DocumentKind.ID_CARD, 5)
    image = photograph(document, Scene(seed=5, size=SIZE)).image
    assert mrz_reader.read(image) == mrz_reader.read(image)


@pytest.mark.parametrize("quarter_turns", range(4))
def test_the_region_outlines_the_zone_clockwise_from_its_reading_start(quarter_turns: int) -> None:
    """R37."""
    upright = drawn(FORMATS["TD2"])
    region = accepted(np.ascontiguousarray(np.rot90(upright, quarter_turns))).region
    assert region is not None
    height, width = upright.shape[:2]
    top, bottom = (drawn_line(number, 36, pitch=PITCH) for number in (0, 1))
    expected = [top.left, top.right, bottom.right, bottom.left]
    for _ in range(quarter_turns):
        expected = [(y, width - x) for x, y in expected]
        width, height = height, width
    assert np.abs(np.array(region.corners) * (width, height) - expected).max() < 1.5 * PITCH


def test_a_field_without_check_digit_says_so() -> None:
    """R30."""
    reading = accepted(drawn(FORMATS["TD2"]))
    assert {field.name for field in reading.fields if field.check_digit_ok is None} >= {"names", "sex", "nationality"}
    assert mrz.check_digits_hold(reading.fields)


@pytest.mark.parametrize(("name", "least"), [("document_number", ACCEPT_MIXED), ("birth_date", ACCEPT_CHECKED), ("names", ACCEPT_AGREED)])
def test_field_is_as_sure_as_what_can_be_mistaken_in_it_asks(name: str, least: float) -> None:
    """R30: a check digit counts modulo 10, so 0 and U are alike to it; days hold digits alone."""
    checked = None if name == "names" else True
    assert required(MrzField(name, "", checked, 1.0, agreed=True), MrzFormat.TD3) == least
