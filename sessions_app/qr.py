"""QR codes as one SVG path: drawn by the template, so that no style and no image request is needed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
"""Modules of white around the code: ISO/IEC 18004 asks for four."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """A code of `size` x `size` modules including its quiet zone; `path` draws the dark ones in the same unit."""

    size: int
    path: str


def draw(text: str) -> QrCode:
    """Encode a text, with a seventh of the code redundant (level M)."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    matrix = code.get_matrix()
    return QrCode(size=len(matrix), path="".join(_row(y, line) for y, line in enumerate(matrix)))


def _row(y: int, line: list[bool]) -> str:
    runs = groupby(range(len(line)), key=lambda x: line[x])
    return "".join(f"M{start} {y}h{len(rest) + 1}v1h-{len(rest) + 1}z" for dark, (start, *rest) in runs if dark)
