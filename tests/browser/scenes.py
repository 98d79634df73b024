"""What stands before the fake camera: documents on a desk, a head, and a head that follows a challenge."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from checks_app.imaging import RgbImage
from checks_app.liveness.challenge import Challenge, Move
from tests import hands, heads
from tests.images import Scene, photograph
from tests.recordings import MARGIN_MS, Attack, Camera
from verifyportal.dev.specimens import Person, draw_card_back, draw_card_front, draw_passport

SIZE = (1280, 960)
MOVING_SIZE = (640, 480)  # what the page sends of a challenge

STILL_FRAMES = 8
HELD_FRAMES = 30  # two seconds: longer than the burst that the page takes, so that no moment comes twice
EVERY_MS, PLAYED_TWICE = 1000 / 15, 2  # Chromium plays 30 frames a second; 15 different ones are enough for a head
JPEG_QUALITY = 92

Recording = bytes
"""JPEGs one after the other."""


class FakeCamera:
    """The file that Chromium takes for a camera. What is shown counts from the next time that a page opens the camera."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.show(still(np.full((*reversed(SIZE), 3), 60, np.uint8)))

    def show(self, recording: Recording) -> None:
        part = self.path.with_suffix(".part")
        part.write_bytes(recording)
        part.replace(self.path)


def still(image: RgbImage, frames: int = STILL_FRAMES, each: int = 1) -> Recording:
    """Something that does not move, with the grain of a sensor."""
    chance = np.random.default_rng(0)
    return _joined((np.clip(image + chance.normal(0, 1.5, image.shape), 0, 255).astype(np.uint8) for _ in range(frames)), each)


def in_hand(image: RgbImage) -> Recording:
    """Something before a camera that somebody holds."""
    return _joined(hands.held(image, HELD_FRAMES), each=PLAYED_TWICE)


def frozen(image: RgbImage) -> Recording:
    """A picture fed to the browser in place of a camera."""
    return _joined([image])


def passport_photo(person: Person, face: str = "astronaut") -> RgbImage:
    return photograph(draw_passport(person, heads.portrait(face)), Scene(seed=1, size=SIZE)).image


@cache
def passport(person: Person, face: str = "astronaut") -> Recording:
    return in_hand(passport_photo(person, face))


@cache
def card_front(person: Person) -> Recording:
    return in_hand(photograph(draw_card_front(person, heads.portrait()), Scene(seed=2, size=SIZE)).image)


@cache
def card_back(person: Person) -> Recording:
    return in_hand(photograph(draw_card_back(person), Scene(seed=3, size=SIZE)).image)


@cache
def selfie(face: str = "astronaut") -> Recording:
    return still(heads.head(0, size=SIZE, face=face), frames=HELD_FRAMES, each=PLAYED_TWICE)


def following(moves: list[str], flashes: list[str], *, attack: Attack | None = None, face: str = "astronaut") -> Recording:
    """A person, or an attack, that answers a challenge with these moves, in the light of a screen that flashes in these colours."""
    challenge = Challenge(tuple(Move(move) for move in moves), "0" * 32, tuple(flashes))
    camera = Camera(challenge, attack, 1, MOVING_SIZE, face)
    times = np.arange(0, challenge.duration_ms + MARGIN_MS, EVERY_MS)
    return _joined((camera.take(float(at)) for at in times), each=PLAYED_TWICE)


def _joined(frames: Iterable[RgbImage], each: int = 1) -> Recording:
    return b"".join(_jpeg(frame) * each for frame in frames)


def _jpeg(image: RgbImage) -> bytes:
    return bytes(cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1])
