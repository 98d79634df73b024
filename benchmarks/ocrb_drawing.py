"""Draws lines of OCR-B as a camera might see them: worn print, patterned paper, blur, noise and compression."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from checks_app.document.mrz_layouts import CHARACTERS, DIGITS, FILLER, LETTERS
from checks_app.document.mrz_strips import TextLine

FONTS = Path("/usr/share/fonts/opentype/ocr-b")
OTHER_FONTS = ("dejavu/DejaVuSans.ttf", "dejavu/DejaVuSerif-Bold.ttf", "dejavu/DejaVuSansMono.ttf")
_FONT_SHARES = {"OCRB": 0.47, "OCRBS": 0.45, "OCRBL": 0.08}
_DRAWN_PITCH = 36  # pixels per character before the camera
_EM = _DRAWN_PITCH / 0.723  # OCR-B's characters are 0.723 em wide
_CAP_HEIGHT = 0.745 * _EM  # mean of capitals (0.70 em) and digits (0.79 em)
Picture = NDArray[Any]
"""Height x width: light or ink, 0..1 as floats, or grey levels 0..255 once the sensor has seen it."""


@dataclass(frozen=True, slots=True)
class Camera:
    """How lines are seen. pitches: pixels per character, the least and the most, for lines from near and, if so, from afar.

    far: share of the lines seen from afar. blur: largest sigma, motion: longest smear, both in pixels.
    """

    near: tuple[float, float]
    blur: float
    motion: float
    afar: tuple[float, float] | None = None
    far: float = 0.0


CAMERAS = (
    Camera(near=(4.6, 26.0), blur=0.95, motion=2.0),
    Camera(near=(9.0, 26.0), blur=0.85, motion=1.6, afar=(4.8, 9.0), far=0.55),
)
"""The second sees more than half of its lines small, because what is small is hard: a passport 240 pixels wide has 4.8 per character."""


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A degraded picture of one line, where the line lies in it, and what it says."""

    grey: Picture
    line: TextLine
    text: str


def random_text(chance: Generator, length: int) -> str:
    """Invent text with the mixture of an MRZ: words, numbers and runs of fillers, every character about equally often."""
    text = ""
    while len(text) < length:
        run = int(chance.integers(1, 12))
        alphabet = (LETTERS, DIGITS, CHARACTERS, FILLER)[chance.choice(4, p=(0.32, 0.28, 0.28, 0.12))]
        text += "".join(chance.choice(list(alphabet), run))
    return text[:length]


def draw(chance: Generator, camera: Camera, *, length: int = 32) -> DrawnLine:
    """Draw one random line of OCR-B and put it through a random camera."""
    text = random_text(chance, length)
    ink = _print(chance, text)
    nearness = camera.afar if camera.afar and chance.random() <= camera.far else camera.near
    pitch = float(np.exp(chance.uniform(*np.log(nearness))))
    scale = pitch / _DRAWN_PITCH
    grey = _sensor(chance, _sharpened(chance, _through_lens(chance, camera, _on_paper(chance, ink), scale)))
    middle, border = ink.shape[0] * scale / 2, 3 * pitch
    return DrawnLine(grey, TextLine((border, middle), (border + length * pitch, middle), _CAP_HEIGHT * scale), text)


def draw_clutter(chance: Generator, camera: Camera, *, length: int = 32) -> DrawnLine:
    """Draw a line that is no OCR-B at all: another typeface in another size, or a pattern."""
    name = str(chance.choice(OTHER_FONTS))
    size = _EM * chance.uniform(0.4, 2)
    font = ImageFont.truetype(f"/usr/share/fonts/truetype/{name}", size)
    sheet = Image.new("L", (_DRAWN_PITCH * (length + 6), _DRAWN_PITCH * 4), 0)
    words = "".join(chance.choice(list("abcdefghijklmnopqrstuvwxyz ABCDEFG ,.-/0123"), length * 3))
    ImageDraw.Draw(sheet).text((0, 72 - size * chance.uniform(0, 1.2)), words, fill=255, font=font)
    ink = np.asarray(sheet, dtype=np.float32) / 255 * (chance.random() < 0.7)
    scale = chance.uniform(6, 26) / _DRAWN_PITCH
    grey = _sensor(chance, _through_lens(chance, camera, _on_paper(chance, ink), scale))
    middle, pitch = ink.shape[0] * scale / 2, _DRAWN_PITCH * scale
    return DrawnLine(grey, TextLine((3 * pitch, middle), ((3 + length) * pitch, middle), _CAP_HEIGHT * scale), "")


def _print(chance: Generator, text: str) -> Picture:
    """Print the characters one by one, each a little out of place and unevenly inked. Ink is 1."""
    name = str(chance.choice(list(_FONT_SHARES), p=list(_FONT_SHARES.values())))
    font = ImageFont.truetype(str(FONTS / f"{name}.otf"), _EM)
    sheet = Image.new("L", (_DRAWN_PITCH * (len(text) + 6), _DRAWN_PITCH * 4), 0)
    pen = ImageDraw.Draw(sheet)
    wobble = chance.uniform(0, 0.03) * _DRAWN_PITCH
    base_line = 2 * _DRAWN_PITCH + _CAP_HEIGHT / 2
    for place, character in enumerate(text):
        x, y = (place + 3) * _DRAWN_PITCH + chance.normal(0, wobble), base_line + chance.normal(0, wobble)
        pen.text((x, y), character, fill=int(chance.uniform(200, 256)), font=font, anchor="ls")
    return _worn(chance, _resized(chance, np.asarray(sheet, dtype=np.float32) / 255))


def _resized(chance: Generator, ink: Picture) -> Picture:
    """Make the characters a little higher or lower than the standard's, about the middle of the line."""
    height, width = ink.shape
    grown = float(np.exp(chance.normal(0, 0.05)))
    matrix = np.array([[1, 0, 0], [0, grown, (1 - grown) * height / 2]])
    return np.asarray(cv2.warpAffine(ink, matrix, (width, height)))


def _worn(chance: Generator, ink: Picture) -> Picture:
    """Make strokes thin, thick, soaked into the paper, worn, or rows of needle dots."""
    weight = int(chance.integers(-3, 7))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(weight) + 1, abs(weight) + 1))
    ink = cv2.dilate(ink, kernel) if weight > 0 else cv2.erode(ink, kernel)
    kind = chance.random()
    if kind < 0.25:  # worn
        grain = cv2.GaussianBlur(chance.random(ink.shape, dtype=np.float32), (0, 0), chance.uniform(1, 4))
        ink = ink * (grain > np.quantile(grain, chance.uniform(0, 0.25)))
    elif kind < 0.35:  # soaked
        bled = cv2.GaussianBlur(ink, (0, 0), chance.uniform(1, 3.5))
        ink = np.clip(bled * chance.uniform(1, 2), 0, 1)
    elif kind < 0.42:  # needles
        rows, columns = np.mgrid[: ink.shape[0], : ink.shape[1]] * (2 * np.pi / chance.uniform(3, 5))
        ink = ink * (np.cos(rows) + np.cos(columns) > chance.uniform(-1, 0.2))
    return np.asarray(ink, dtype=np.float32)


def _on_paper(chance: Generator, ink: Picture) -> Picture:
    """Lay ink over patterned, unevenly lit paper. Light is 1."""
    height, width = ink.shape
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    paper = np.full(ink.shape, chance.uniform(0.45, 1), np.float32)
    darkness = chance.uniform(0.22, 1)
    for _ in range(int(chance.integers(0, 4))):  # the waves of a security print
        bend = chance.uniform(0, 12) * np.sin(columns / chance.uniform(40, 200) + chance.uniform(0, 6))
        wave = np.sin((columns * chance.normal() + (rows + bend) * chance.normal()) / chance.uniform(2, 14))
        paper -= chance.uniform(0, 0.15) * darkness * (wave > chance.uniform(0, 0.9))
    paper += chance.uniform(0, 0.2) * (columns / width - 0.5) * chance.choice((-1, 1))
    soft = cv2.resize(chance.random((6, 40), dtype=np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    paper += chance.uniform(0, 0.3) * darkness * (soft - 0.5)
    scene = paper * (1 - darkness * ink)
    if chance.random() < 0.08:  # glare, which does not spare the ink
        x, y, radius = chance.uniform(0, width), chance.uniform(0, height), chance.uniform(1, 5) * _DRAWN_PITCH
        scene += chance.uniform(0.1, 0.6) * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * radius**2))
    return np.asarray(scene, dtype=np.float32)


def _through_lens(chance: Generator, camera: Camera, scene: Picture, scale: float) -> Picture:
    """Tilt, slant and blur a scene and scale it by `scale`; blur is given in pixels of the scaled picture."""
    height, width = scene.shape
    turn, slant = np.radians(chance.normal(0, 0.4)), chance.normal(0, 0.05)
    middle = np.array([width / 2, height / 2])
    matrix = np.array([[np.cos(turn), slant], [np.sin(turn), np.cos(turn)]])
    shift = middle - matrix @ middle
    seen = cv2.warpAffine(scene, np.column_stack([matrix, shift]), (width, height), borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.GaussianBlur(seen, (0, 0), chance.uniform(0.2, camera.blur) / scale)
    if chance.random() < 0.2:
        length = max(1, round(chance.uniform(0, camera.motion) / scale))
        kernel = np.zeros((length, length), np.float32)
        cv2.line(kernel, (0, int(chance.integers(length))), (length - 1, int(chance.integers(length))), 1.0)
        seen = cv2.filter2D(seen, -1, kernel / max(kernel.sum(), 1))
    return np.asarray(cv2.resize(seen, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA))


def _sharpened(chance: Generator, scene: Picture) -> Picture:
    """Sharpen as cameras and makers of thumbnails do, or enlarge again what was small, or leave it."""
    kind = chance.random()
    if kind < 0.3:
        amount, reach = chance.uniform(0.3, 1.3), chance.uniform(0.6, 1.6)
        return np.asarray(scene + amount * (scene - cv2.GaussianBlur(scene, (0, 0), reach)))
    if kind < 0.4:
        height, width = scene.shape
        small = cv2.resize(scene, None, fx=chance.uniform(0.75, 1), fy=chance.uniform(0.75, 1), interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))
    return scene


def _sensor(chance: Generator, scene: Picture) -> Picture:
    noisy = scene + chance.normal(0, 0.05 * chance.random() ** 2, scene.shape)
    grey = np.clip(noisy * 255, 0, 255).astype(np.uint8)
    if chance.random() < 0.3:
        return grey
    _, packed = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(25, 96))])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE))
