"""The reader on drawn photographs: specimens of Utopia on a desk."""

from __future__ import annotations

from datetime import date
from functools import cache

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from checks_app.document import mrz, mrz_reader
from checks_app.imaging import RgbImage
from checks_app.results import DocumentKind, MrzReading
from tests.images import Scene, photograph
from verifyportal.dev import specimens
from verifyportal.dev.paper import FONT_ROOT, FONTS
from verifyportal.dev.portraits import astronaut_portrait

TODAY = date(2026, 11, 22)
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


def drawn(lines: tuple[str, ...], *, pitch: int = 20) -> RgbImage:
    """Draw lines at 10 characters per inch, 6.35 mm apart, on plain paper; pitch in pixels."""
    font = ImageFont.truetype(str(FONT_ROOT / FONTS["ocr-b"]), pitch / 0.723)
    sheet = Image.new("RGB", (pitch * (len(lines[0]) + 6), pitch * 16), "white")
    for number, line in enumerate(lines):
        ImageDraw.Draw(sheet).text((3 * pitch, (7 + 2.5 * number) * pitch), line, fill=(20, 20, 30), font=font)
    return np.asarray(sheet, dtype=np.uint8)


def accepted(image: RgbImage) -> MrzReading:
    reading = mrz_reader.read(image)
    assert reading is not None
    assert reading.accepted
    return reading


@pytest.mark.parametrize("kind", list(DocumentKind))
@pytest.mark.parametrize("seed", range(3))
def test_a_photographed_document_is_read_to_the_letter(kind: DocumentKind, seed: int) -> None:
    """R30."""
    document, lines = specimen(kind, seed)
    assert accepted(photograph(document, Scene(seed=seed)).image).lines == lines


@pytest.mark.parametrize(
    "scene",
    [
        Scene(seed=1, rotation=14, fill=0.75),
        Scene(seed=2, rotation=-14, fill=0.75),
        Scene(seed=3, rotation=90),
        Scene(seed=4, rotation=180),
        Scene(seed=5, rotation=-95),
        Scene(seed=6, tilt=25),
        Scene(seed=7, fill=0.5, size=(1600, 1200)),
        Scene(seed=9, noise=8.0),
        Scene(seed=10, blur=0.6),
        Scene(seed=11, exposure=0.45),
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
    image = photograph(document, Scene(seed=5)).image
    assert mrz_reader.read(image) == mrz_reader.read(image)


@pytest.mark.parametrize("quarter_turns", range(4))
def test_the_region_outlines_the_zone_clockwise_from_its_reading_start(quarter_turns: int) -> None:
    """R37."""
    pitch, lines = 20, FORMATS["TD2"]
    image = np.ascontiguousarray(np.rot90(drawn(lines, pitch=pitch), quarter_turns))
    region = accepted(image).region
    assert region is not None
    width, height = 42 * pitch, 16 * pitch
    expected: list[tuple[float, float]] = [(3 * pitch, 7 * pitch), (39 * pitch, 7 * pitch), (39 * pitch, 10.8 * pitch), (3 * pitch, 10.8 * pitch)]
    for _ in range(quarter_turns):
        expected = [(y, width - x) for x, y in expected]
        width, height = height, width
    corners = np.array(region.corners) * (width, height)
    assert np.abs(corners - np.array(expected)).max() < 2 * pitch


def test_a_field_without_check_digit_says_so() -> None:
    """R30."""
    reading = accepted(drawn(FORMATS["TD2"]))
    assert {field.name for field in reading.fields if field.check_digit_ok is None} >= {"names", "sex", "nationality"}
    assert mrz.check_digits_hold(reading.fields)
