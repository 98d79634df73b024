"""Draws lines of OCR-B for the tests of the MRZ reader."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from checks_app.document.mrz_strips import TextLine
from checks_app.imaging import GreyImage
from verifyportal.dev.paper import FONT_ROOT, FONTS

LINE_SPACING = 2.5  # pitches; 6.35 mm at 10 characters per inch
BORDER = 3  # pitches around the text
_ADVANCE, _CAP_HEIGHT = 0.723, 0.745  # em


def draw_lines(lines: tuple[str, ...], *, pitch: int = 20) -> GreyImage:
    """Draw lines of equal length on plain paper, dark on light; pitch in pixels."""
    font = ImageFont.truetype(str(FONT_ROOT / FONTS["ocr-b"]), pitch / _ADVANCE)
    size = pitch * (len(lines[0]) + 2 * BORDER), round(pitch * (LINE_SPACING * len(lines) + 2 * BORDER))
    sheet = Image.new("L", size, 240)
    for number, line in enumerate(lines):
        ImageDraw.Draw(sheet).text((BORDER * pitch, _base(number, pitch)), line, fill=30, font=font, anchor="ls")
    return np.asarray(sheet, dtype=np.uint8)


def drawn_line(number: int, characters: int, *, pitch: int = 20) -> TextLine:
    """Tell where the line of this number stands in such a drawing."""
    height = _CAP_HEIGHT * pitch / _ADVANCE
    middle = _base(number, pitch) - height / 2
    return TextLine((BORDER * pitch, middle), ((BORDER + characters) * pitch, middle), height)


def _base(number: int, pitch: int) -> float:
    return (BORDER + 1 + LINE_SPACING * number) * pitch
