"""QR codes are drawn, not fetched; what is drawn must be readable."""

from __future__ import annotations

import re

import cv2
import numpy as np

from sessions_app import qr


def test_drawn_code_reads_back_as_the_link() -> None:
    link = "https://verify.example/v/" + "aB3_" * 10 + "x-9/"
    code = qr.draw(link)
    picture = np.full((code.size, code.size), 255, dtype=np.uint8)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", code.path):
        picture[int(y), int(x) : int(x) + int(width)] = 0
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(cv2.resize(picture, None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST))
    assert text == link
