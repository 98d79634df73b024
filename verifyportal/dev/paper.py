"""The paper of a specimen: a tinted ground with guilloche lines, an emblem, and text placed in millimetres."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from checks_app.imaging import RgbImage

MM_PER_INCH = 25.4
MRZ_HEIGHT_MM = 23.2  # ICAO 9303-3, 4.1: the zone at the lower edge
FONT_ROOT = Path("/usr/share/fonts")
FONTS = {
    "sans": "truetype/dejavu/DejaVuSans.ttf",
    "sans-bold": "truetype/dejavu/DejaVuSans-Bold.ttf",
    "serif-bold": "truetype/dejavu/DejaVuSerif-Bold.ttf",
    "ocr-b": "opentype/ocr-b/OCRB.otf",
}
FONT_PACKAGES = "fonts-dejavu-core fonts-ocr-b"

Colour = tuple[int, int, int]
INK: Colour = (28, 36, 58)
LABEL_INK: Colour = (22, 106, 116)
GROUND: tuple[Colour, ...] = ((196, 230, 214), (204, 226, 244), (246, 222, 204))  # mint, sky, peach: left to right
LINE_INKS: tuple[Colour, ...] = ((36, 140, 128), (64, 108, 188), (214, 118, 82))


class FontMissing(Exception):
    """A font that specimens are set in is not installed on this machine."""


@lru_cache(maxsize=64)
def font(name: str, pixels: float) -> ImageFont.FreeTypeFont:
    """Load a font of FONTS at a size in pixels. Raises FontMissing with the packages to install."""
    path = FONT_ROOT / FONTS[name]
    if not path.exists():
        raise FontMissing(f"{path} is missing: install the packages {FONT_PACKAGES}")
    return ImageFont.truetype(str(path), pixels)


class Paper:
    """A document page to draw on; every position and size is in millimetres from its top left corner."""

    def __init__(self, width_mm: float, height_mm: float, dots_per_inch: int, *, with_mrz: bool) -> None:
        self.width_mm, self.height_mm = width_mm, height_mm
        self._per_mm = dots_per_inch / MM_PER_INCH
        size = round(width_mm * self._per_mm), round(height_mm * self._per_mm)
        self._sheet = Image.fromarray(_ground(*size, self._per_mm, with_mrz))
        self._draw = ImageDraw.Draw(self._sheet)

    def text(self, x: float, y: float, words: str, *, height: float, face: str = "sans", ink: Colour = INK, anchor: str = "ls") -> None:
        """Write words with a font size of `height`; (x, y) is the left end of the base line unless `anchor` says otherwise."""
        self._draw.text(self._at(x, y), words, fill=ink, font=font(face, height * self._per_mm), anchor=anchor)

    def labelled(self, x: float, y: float, label: str, value: str, *, height: float = 3.1) -> None:
        """Write a field of the visual zone: the small label, and the value below it."""
        self.text(x, y, label, height=1.65, ink=LABEL_INK)
        self.text(x, y + height * 1.02, value, height=height, face="sans-bold")

    def mrz(self, lines: tuple[str, ...], *, left: float) -> None:
        """Set the lines in OCR-B, 10 characters per inch, 6.35 mm apart, in the middle of the zone (ICAO 9303-3, 4.1 and 4.2)."""
        size = font("ocr-b", 100)
        pixels = MM_PER_INCH / 10 * self._per_mm / size.getlength("0") * 100
        pitch, spacing = MM_PER_INCH / 10, MM_PER_INCH / 4
        first = self.height_mm - MRZ_HEIGHT_MM / 2 - (len(lines) - 1) * spacing / 2
        for row, line in enumerate(lines):
            for column, character in enumerate(line):
                position = self._at(left + column * pitch, first + row * spacing)
                self._draw.text(position, character, fill=(18, 18, 22), font=font("ocr-b", pixels), anchor="lm")

    def picture(self, image: RgbImage, x: float, y: float, width: float, height: float) -> None:
        """Paste an image scaled to width x height."""
        size = round(width * self._per_mm), round(height * self._per_mm)
        corner = self._at(x, y)
        self._sheet.paste(Image.fromarray(image).resize(size, Image.Resampling.LANCZOS), (round(corner[0]), round(corner[1])))

    def overprint(self, words: str, *, centre: tuple[float, float], height: float, angle: float, strength: float) -> None:
        """Write pale words across the page; draw before the text and the portrait so that both stay readable."""
        mask = _slanted(words, self._sheet.size, self._at(*centre), height * self._per_mm, angle, strength)
        self._sheet.paste((206, 52, 92), (0, 0), mask)

    def emblem(self, x: float, y: float, radius: float, ink: Colour = LABEL_INK) -> None:
        """Draw the sun over the sea of Utopia, an invented coat of arms."""
        self._disc(x, y, radius, ink)
        self._disc(x, y, radius * 0.9, (250, 250, 244))
        self._disc(x, y, radius * 0.82, ink)
        self._disc(x, y - radius * 0.12, radius * 0.3, (250, 206, 92))
        for turn in np.linspace(np.pi, 2 * np.pi, 9):
            near, far = radius * 0.38, radius * 0.62
            ray = [self._at(x + reach * np.cos(turn), y - radius * 0.12 + reach * np.sin(turn)) for reach in (near, far)]
            self._stroke(ray, (250, 206, 92), radius * 0.05)
        for row, share in ((0.22, 0.6), (0.4, 0.54), (0.58, 0.4)):
            steps = np.linspace(-share, share, 40)
            wave = [self._at(x + step * radius, y + (row + 0.05 * np.sin(step * 18)) * radius) for step in steps]
            self._stroke(wave, (250, 250, 244), radius * 0.055)

    def signature(self, x: float, y: float, width: float, seed: int) -> None:
        """Draw a scribble that belongs to nobody."""
        chance = np.random.default_rng(seed)
        time = np.linspace(0, 1, 160)
        swing = sum(chance.uniform(0.3, 1) / step * np.sin(2 * np.pi * (step * 2.3 * time + chance.random())) for step in range(1, 5))
        drift = 0.06 * np.sin(2 * np.pi * 5 * time + chance.random())
        points = [
            self._at(x + width * (t + d), y + 1.5 * s * (1 - 0.6 * t)) for t, d, s in zip(time, drift, np.asarray(swing), strict=True)
        ]
        self._stroke(points, (30, 44, 120), 0.13)

    def block(self, x: float, y: float, width: float, height: float, ink: Colour, radius: float = 0) -> None:
        """Fill a rectangle."""
        self._draw.rounded_rectangle((*self._at(x, y), *self._at(x + width, y + height)), radius * self._per_mm, fill=ink)

    def chip(self, x: float, y: float) -> None:
        """Draw the contact plate of a chip card, 12.5 x 10.5 mm."""
        self.block(x, y, 12.5, 10.5, (196, 154, 62), radius=1.6)
        self.block(x + 0.3, y + 0.3, 11.9, 9.9, (232, 196, 108), radius=1.4)
        for row in (3.5, 7.0):
            self.block(x, y + row - 0.12, 12.5, 0.24, (176, 136, 52))
        self.block(x + 4, y + 2, 4.5, 6.5, (232, 196, 108), radius=1)
        for column in (4.0, 8.5):
            self.block(x + column - 0.12, y, 0.24, 10.5, (176, 136, 52))

    def image(self) -> RgbImage:
        """Return the page as drawn so far."""
        return np.asarray(self._sheet).copy()

    def _stroke(self, points: list[tuple[float, float]], ink: Colour, thickness: float) -> None:
        """Draw a line through points in pixels, smoothed by OpenCV because Pillow's lines are jagged; thickness in millimetres."""
        canvas = np.asarray(self._sheet).copy()
        _line(canvas, np.array(points), ink, max(1, round(thickness * self._per_mm)))
        self._sheet.paste(Image.fromarray(canvas))

    def _disc(self, x: float, y: float, radius: float, ink: Colour) -> None:
        self._draw.ellipse((*self._at(x - radius, y - radius), *self._at(x + radius, y + radius)), fill=ink)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return float(x * self._per_mm), float(y * self._per_mm)


@lru_cache(maxsize=4)
def _slanted(words: str, size: tuple[int, int], centre: tuple[float, float], height: float, angle: float, strength: float) -> Image.Image:
    """Draw words across an empty mask; the same on every document of a kind."""
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).text(centre, words, fill=round(255 * strength), font=font("sans-bold", height), anchor="mm")
    return mask.rotate(angle, Image.Resampling.BICUBIC, center=centre)


@lru_cache(maxsize=4)
def _ground(width: int, height: int, per_mm: float, with_mrz: bool) -> RgbImage:
    """Draw the tinted ground with its guilloche, calmer in the machine readable zone if there is one."""
    across = np.linspace(0, len(GROUND) - 1, width)
    tint = np.stack([np.interp(across, range(len(GROUND)), [colour[channel] for colour in GROUND]) for channel in range(3)], axis=-1)
    plain = np.broadcast_to(tint, (height, width, 3)).astype(np.uint8)
    lined = _guilloche(plain.copy(), per_mm)
    down = np.arange(height)[:, None, None]
    calm = np.clip((down - (height - MRZ_HEIGHT_MM * per_mm)) / per_mm, 0, 1) * with_mrz  # 0 above the zone, 1 within it, 1 mm to change
    lines_strength = 0.42 * (1 - calm) + 0.10 * calm
    ground = plain + (lined.astype(np.float64) - plain) * lines_strength
    return np.asarray((ground + (250 - ground) * 0.55 * calm).round(), dtype=np.uint8)


def _guilloche(canvas: RgbImage, per_mm: float) -> RgbImage:
    """Draw waves over the whole canvas and two rosettes."""
    height, width = canvas.shape[:2]
    along = np.linspace(0, width, 400)
    for number, top in enumerate(np.arange(-4, height / per_mm + 4, 1.15)):
        swell = 2.2 * np.sin(along / width * 2 * np.pi * 1.5 + number * 0.11) + 0.8 * np.sin(along / width * 2 * np.pi * 4 - number * 0.23)
        _line(canvas, np.stack([along, (top + swell) * per_mm], axis=-1), LINE_INKS[number % 2])
    turn = np.linspace(0, 2 * np.pi, 900)
    for centre, petals, ink in (((0.7, 0.36), 9, LINE_INKS[2]), ((0.2, 0.55), 12, LINE_INKS[1])):
        for phase in np.linspace(0, np.pi, 14, endpoint=False):
            reach = height * (0.2 + 0.075 * np.sin(petals * turn + phase) + 0.05 * np.sin(3 * turn - phase))
            points = np.stack([centre[0] * width + reach * np.cos(turn), centre[1] * height + reach * np.sin(turn)], axis=-1)
            _line(canvas, points, ink)
    return canvas


def _line(canvas: RgbImage, points: NDArray[np.float64], ink: Colour, thickness: int = 1) -> None:
    cv2.polylines(canvas, [(points * 16).astype(np.int32)], False, ink, thickness, cv2.LINE_AA, shift=4)
