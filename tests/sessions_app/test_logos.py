"""Logos as strangers' files: honest ones become small PNGs, the others get a sentence (R47)."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from sessions_app import logos
from sessions_app.ingest import Refusal
from settings_app.choices import LogoPlate
from tests import files
from tests.files import encode, jpeg, scene

CLEAR = (0, 0, 0, 0)


def drawn(ink: tuple[int, int, int], *, half: tuple[int, int, int] | None = None) -> bytes:
    """A bar on a transparent background; half: its lower half in another colour."""
    picture = Image.new("RGBA", (600, 200), CLEAR)
    picture.paste((*ink, 255), (60, 40, 540, 160))
    if half:
        picture.paste((*half, 255), (60, 100, 540, 160))
    return encode(picture, "PNG")


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


HOSTILE = {
    "nothing": (b"", Refusal.EMPTY),
    "too many bytes": (jpeg() + bytes(logos.MAX_BYTES), Refusal.TOO_LARGE),
    "a bomb": (files.png_header(18_000, 18_000), Refusal.TOO_MANY_PIXELS),
    "10,000 pixels wide": (files.png_header(10_000, 40), Refusal.TOO_MANY_PIXELS),
    "half a PNG": (encode(scene(), "PNG")[:-300], Refusal.TRUNCATED),
    "a moving PNG": (files.animated("PNG"), Refusal.ANIMATED),
    "a moving WebP": (files.animated("WEBP"), Refusal.ANIMATED),
    "a GIF": (encode(scene(), "GIF"), Refusal.NOT_AN_IMAGE),
    "one pixel": (encode(Image.new("RGB", (1, 1)), "PNG"), Refusal.TOO_SMALL),
    "nothing to see": (encode(Image.new("RGBA", (64, 64), CLEAR), "PNG"), Refusal.NOTHING_SEEN),
    "HEIC": (files.heic_header(), Refusal.HEIC),
    "HTML": (b"<!DOCTYPE html><script>alert(1)</script>", Refusal.NOT_AN_IMAGE),
}


@pytest.mark.parametrize(("data", "why"), HOSTILE.values(), ids=HOSTILE.keys())
def test_file_that_is_no_logo_is_refused_in_its_own_words(data: bytes, why: Refusal) -> None:
    with pytest.raises(logos.LogoRefused) as refused:
        logos.read(data)
    assert str(refused.value) == str(logos.WORDS[why])


def test_svg_is_refused_with_the_reason() -> None:
    with pytest.raises(logos.LogoRefused, match="can hold programs"):
        logos.read(b"<?xml version='1.0'?><SVG xmlns='http://www.w3.org/2000/svg'/>")


def test_every_refusal_has_words_for_logos() -> None:
    assert set(logos.WORDS) == set(Refusal)


def test_polyglot_loses_everything_but_its_picture() -> None:
    """A file that is a picture and a program at once becomes a picture."""
    png = logos.read(encode(scene(), "PNG") + b"PK\x03\x04<script>alert(1)</script>").png
    assert b"script" not in png


def test_logo_says_nothing_of_who_made_it() -> None:
    png = logos.read(files.talkative_png()).png
    assert b"Secret" not in png
    assert opened(png).info == {}


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_logo_becomes_a_small_png(form: str) -> None:
    logo = logos.read(encode(scene((1200, 300)), form))
    image = opened(logo.png)
    assert (image.format, image.size, (logo.width, logo.height)) == ("PNG", (480, 120), (480, 120))


def test_transparent_background_is_kept() -> None:
    image = opened(logos.read(drawn((200, 30, 30))).png)
    assert (image.getpixel((2, 2))[3], image.getpixel((240, 80))[3]) == (0, 255)  # type: ignore[index]


def test_small_logo_is_not_blown_up() -> None:
    logo = logos.read(encode(scene((64, 32)), "PNG"))
    assert (logo.width, logo.height) == (64, 32)


@pytest.mark.parametrize(
    ("data", "plate"),
    [
        (drawn((10, 20, 60)), LogoPlate.PALE),
        (drawn((250, 250, 240)), LogoPlate.DARK),
        (drawn((200, 60, 40)), None),
        (drawn((0, 0, 0), half=(255, 255, 255)), None),
        (encode(Image.new("RGB", (300, 100), "black"), "PNG"), None),
    ],
    ids=["dark", "pale", "of middle shade", "dark and pale", "dark with a background of its own"],
)
def test_logo_gets_a_plate_where_a_theme_would_swallow_it(data: bytes, plate: LogoPlate | None) -> None:
    assert logos.read(data).plate == plate
