"""Portraits for specimens: one photograph that is in the public domain, and drawn heads for demo data."""

from __future__ import annotations

import random
from functools import lru_cache
from importlib import resources
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from checks_app.imaging import RgbImage

SIZE = (420, 540)  # pixels, 35:45 as ICAO 9303-3 asks of a portrait
OVERSAMPLING = 3
ASTRONAUT_BOX = (122, 12, 325, 273)  # face with shoulders in scikit-image's 512 x 512 picture, 35:45
SELFIE_SIZE = (960, 1280)
SELFIE_BOX = (106, 0, 346, 320)  # the same with more around it, 3:4 as a phone takes it

Colour = tuple[int, int, int]

BACKDROPS: tuple[Colour, ...] = ((222, 231, 236), (232, 227, 218), (219, 232, 224), (230, 223, 236), (236, 229, 214))
SKINS: tuple[Colour, ...] = ((255, 224, 196), (242, 201, 165), (224, 172, 130), (189, 134, 95), (141, 94, 64), (96, 63, 46))
HAIR: tuple[Colour, ...] = ((38, 30, 28), (74, 48, 34), (122, 79, 44), (191, 140, 74), (222, 190, 122), (150, 62, 38), (168, 168, 170))
CLOTHES: tuple[Colour, ...] = ((46, 92, 138), (166, 61, 64), (56, 122, 98), (104, 78, 140), (216, 146, 54), (62, 66, 78))


@lru_cache(maxsize=1)
def astronaut_portrait() -> RgbImage:
    """Return Eileen Collins (NASA, public domain) as a passport portrait, 540 x 420 x 3."""
    return _astronaut(SIZE, ASTRONAUT_BOX)


@lru_cache(maxsize=1)
def astronaut_selfie() -> RgbImage:
    """Return the same picture as a phone would take it, 1280 x 960 x 3."""
    return _astronaut(SELFIE_SIZE, SELFIE_BOX)


def _astronaut(size: tuple[int, int], box: tuple[int, int, int, int]) -> RgbImage:
    """Read it from the installed scikit-image package, so that no photograph lives in this repository."""
    picture = Image.open(BytesIO((resources.files("skimage") / "data" / "astronaut.png").read_bytes()))
    shown = np.asarray(picture.convert("RGB").resize(size, Image.Resampling.LANCZOS, box=box))
    shown.flags.writeable = False
    return shown


def drawn_portrait(seed: int, *, man: bool = True) -> RgbImage:
    """Draw a friendly head in flat colours, 540 x 420 x 3; the same seed gives the same head. Only men may wear a beard."""
    chance = random.Random(seed)
    sheet = Image.new("RGB", (SIZE[0] * OVERSAMPLING, SIZE[1] * OVERSAMPLING), chance.choice(BACKDROPS))
    pen = _Pen(ImageDraw.Draw(sheet))
    skin, hair, clothes = chance.choice(SKINS), chance.choice(HAIR), chance.choice(CLOTHES)
    style = chance.choice(("short", "long", "bun", "curly", "bald", "parted"))
    _draw_hair_behind(pen, style, hair)
    _draw_shoulders(pen, skin, clothes, collar=chance.random() < 0.6)
    _draw_head(pen, skin)
    _draw_hair_in_front(pen, style, hair)
    _draw_face(pen, skin, hair, beard=chance.random() < 0.4 and man and style in ("short", "bald"), glasses=chance.random() < 0.3)
    return np.asarray(sheet.resize(SIZE, Image.Resampling.LANCZOS).filter(ImageFilter.SMOOTH))


class _Pen:
    """Draws in the coordinates of the finished portrait on the larger sheet."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self._draw = draw

    def oval(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self._draw.ellipse(self._box(x, y, width, height), fill=colour)

    def ring(self, x: float, y: float, width: float, height: float, colour: Colour, thickness: float) -> None:
        self._draw.ellipse(self._box(x, y, width, height), outline=colour, width=round(thickness * OVERSAMPLING))

    def arc(self, x: float, y: float, width: float, height: float, angles: tuple[int, int], colour: Colour, thickness: float) -> None:
        self._draw.arc(self._box(x, y, width, height), *angles, fill=colour, width=round(thickness * OVERSAMPLING))

    def pie(self, x: float, y: float, width: float, height: float, angles: tuple[int, int], colour: Colour) -> None:
        self._draw.chord(self._box(x, y, width, height), *angles, fill=colour)

    def block(self, x: float, y: float, width: float, height: float, colour: Colour, radius: float = 0) -> None:
        self._draw.rounded_rectangle(self._box(x, y, width, height), radius * OVERSAMPLING, fill=colour)

    def shape(self, points: list[tuple[float, float]], colour: Colour) -> None:
        self._draw.polygon([(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points], fill=colour)

    @staticmethod
    def _box(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
        """Turn a centre and a size into the corners that Pillow wants."""
        left, top = (x - width / 2) * OVERSAMPLING, (y - height / 2) * OVERSAMPLING
        return left, top, left + width * OVERSAMPLING, top + height * OVERSAMPLING


def _shade(colour: Colour, factor: float) -> Colour:
    red, green, blue = (min(255, round(channel * factor)) for channel in colour)
    return red, green, blue


def _draw_hair_behind(pen: _Pen, style: str, hair: Colour) -> None:
    if style == "long":
        pen.block(210, 300, 256, 340, _shade(hair, 0.85), radius=110)
    elif style == "bun":
        pen.oval(210, 92, 96, 90, _shade(hair, 0.85))
    elif style == "curly":
        for x, y in ((110, 200), (100, 255), (112, 308), (310, 200), (320, 255), (308, 308)):
            pen.oval(x, y, 92, 92, _shade(hair, 0.85))


def _draw_shoulders(pen: _Pen, skin: Colour, clothes: Colour, *, collar: bool) -> None:
    pen.block(210, 570, 372, 260, clothes, radius=110)
    pen.block(210, 410, 84, 120, _shade(skin, 0.86), radius=30)
    pen.oval(210, 462, 118, 56, _shade(skin, 0.86))
    if collar:
        for side in (-1, 1):
            pen.shape([(210 + side * 74, 436), (210 + side * 6, 500), (210 + side * 78, 512)], _shade(clothes, 1.35))


def _draw_head(pen: _Pen, skin: Colour) -> None:
    for side in (-1, 1):
        pen.oval(210 + side * 94, 270, 34, 54, _shade(skin, 0.9))
    pen.oval(210, 262, 188, 248, skin)


def _draw_hair_in_front(pen: _Pen, style: str, hair: Colour) -> None:
    if style == "bald":
        return
    pen.pie(210, 236, 202, 210, (184, 356), hair)
    if style == "parted":
        pen.pie(150, 200, 120, 130, (110, 320), hair)
        pen.pie(282, 202, 90, 140, (220, 70), hair)
    elif style == "curly":
        for x, y in ((128, 176), (166, 146), (210, 136), (254, 146), (292, 176)):
            pen.oval(x, y, 74, 70, hair)
    elif style == "long":
        for side in (-1, 1):
            pen.shape([(210, 140), (210 + side * 104, 190), (210 + side * 108, 330), (210 + side * 84, 240)], hair)


def _draw_face(pen: _Pen, skin: Colour, hair: Colour, *, beard: bool, glasses: bool) -> None:
    if beard:
        pen.pie(210, 310, 166, 152, (0, 180), hair)
        pen.oval(210, 326, 76, 40, skin)
    for side in (-1, 1):
        x = 210 + side * 42
        pen.oval(x, 258, 34, 22, (252, 252, 250))
        pen.oval(x, 258, 18, 20, (52, 46, 50))
        pen.oval(x + 4, 254, 6, 6, (255, 255, 255))
        pen.arc(x, 240, 50, 30, (205, 335), _shade(hair, 0.8), 6)
        pen.oval(210 + side * 58, 300, 36, 24, _shade(skin, 0.95))
        if glasses:
            pen.ring(x, 258, 66, 54, (58, 54, 60), 5)
    if glasses:
        pen.block(210, 254, 20, 5, (58, 54, 60))
    pen.arc(210, 288, 34, 26, (20, 160), _shade(skin, 0.76), 5)
    pen.arc(210, 318, 62, 38, (25, 155), (168, 78, 78), 7)
