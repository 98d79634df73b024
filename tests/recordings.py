"""Camera recordings of a challenge: a person who follows it, and the ways in which somebody may only pretend to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from checks_app.imaging import RgbImage
from checks_app.liveness.challenge import FRAMES_PER_SECOND, Challenge, Frame, Move, phases, step_at
from tests import heads

CAMERA_FPS = 30
JPEG_QUALITY = 90
MARGIN_MS = 1_500  # the recording goes on for so long after the challenge: the page may start its clock late
REACTION_MS = (250, 500)  # until the head begins to move
TURNING_MS = (350, 600)  # until it has turned
YAW_DEGREES = (22.0, 30.0)
PRINT_YAW_DEGREES = (20.0, 45.0)
PRINT_BENDS_DEGREES = (20.0, 30.0, 40.0, 50.0)
GRAIN_ROOM = 64  # pixels by which the pattern of sensor noise is larger than a frame, so that it falls elsewhere each time


class Attack(StrEnum):
    """Ways to pretend. All but SWAPPED show the right face all the time."""

    FLAT = "flat"  # a print, turned by hand as the head should turn
    BENT = "bent"  # the same, rolled a little around a bottle
    STILL = "still"  # one frame again and again, with fresh sensor noise
    SLIDES = "slides"  # three stills, left, straight, right, shown at the right time
    MIRRORED = "mirrored"  # a real head that turns the other way
    REPLAYED = "replayed"  # a real head that follows another challenge
    SWAPPED = "swapped"  # another person's head from the second move on


@dataclass(frozen=True, slots=True)
class Acting:
    """How this person, or this forger, behaves; drawn once per recording."""

    yaw: float
    reaction_ms: float
    turning_ms: float
    bend: float
    sway: tuple[float, float, float]  # phases of the slow movements of head and hand, radians


class Camera:
    """A camera in front of one person, or of one forger, who acts out one challenge."""

    def __init__(self, challenge: Challenge, attack: Attack | None, seed: int, size: tuple[int, int], face: str) -> None:
        self._challenge, self._attack, self._size, self._face = challenge, attack, size, face
        self._chance = np.random.default_rng(seed)
        self._acting = _acting(self._chance, attack)
        self._moves = _acted_moves(challenge.moves, attack)
        self._grain = self._chance.normal(0, 2.0, (size[1] + GRAIN_ROOM, size[0] + GRAIN_ROOM, 3)).astype(np.float32)

    def take(self, at_ms: float) -> RgbImage:
        """Take one frame at a time since the challenge began; before it the person looks straight."""
        scene = self._scene(at_ms)
        if self._attack not in (Attack.STILL, Attack.SLIDES):
            scene = _swayed(scene, at_ms, self._acting)
        x, y = self._chance.integers(0, GRAIN_ROOM, 2)
        grain = self._grain[y : y + self._size[1], x : x + self._size[0]]
        return np.asarray(np.clip(scene + grain, 0, 255), dtype=np.uint8)

    def _scene(self, at_ms: float) -> RgbImage:
        yaw = _yaw(self._moves, self._challenge, at_ms, self._acting)
        if self._attack in (Attack.FLAT, Attack.BENT):
            return heads.turned_print(yaw, size=self._size, bend=self._acting.bend, face=self._face)
        if self._attack is Attack.STILL:
            yaw = 0.0
        if self._attack is Attack.SLIDES:
            yaw = self._acting.yaw * round(yaw / self._acting.yaw)
        swapped = self._attack is Attack.SWAPPED and at_ms >= phases(self._challenge)[2].end_ms
        return heads.head(yaw, size=self._size, face="stranger" if swapped else self._face)


def challenge_video(
    challenge: Challenge, *, attack: Attack | None = None, seed: int = 0, size: tuple[int, int] = (640, 480), face: str = "astronaut"
) -> Iterator[RgbImage]:
    """Draw the recording of a challenge at 30 frames a second, beginning with the challenge and going on a little after it."""
    camera = Camera(challenge, attack, seed, size, face)
    for number in range((challenge.duration_ms + MARGIN_MS) * CAMERA_FPS // 1000):
        yield camera.take(number * 1000 / CAMERA_FPS)


def challenge_frames(
    challenge: Challenge,
    *,
    attack: Attack | None = None,
    seed: int = 0,
    late_ms: int = 0,
    size: tuple[int, int] = (640, 480),
    face: str = "astronaut",
) -> list[Frame]:
    """Take the frames that the page would send, five a second, as JPEG. late_ms: how far the person is behind the page's clock."""
    camera = Camera(challenge, attack, seed, size, face)
    times = range(0, challenge.duration_ms, 1000 // FRAMES_PER_SECOND)
    return [Frame(_reopened(camera.take(at_ms - late_ms)), step_at(challenge, at_ms), at_ms) for at_ms in times]


def write_mjpeg(path: Path, frames: Iterable[RgbImage]) -> None:
    """Write JPEGs one after the other, as Chromium's fake camera reads them (it plays 30 a second and starts again at the end)."""
    with path.open("wb") as stream:
        for frame in frames:
            stream.write(_jpeg(frame))


def _acting(chance: np.random.Generator, attack: Attack | None) -> Acting:
    yaw = PRINT_YAW_DEGREES if attack in (Attack.FLAT, Attack.BENT) else YAW_DEGREES
    return Acting(
        yaw=float(chance.uniform(*yaw)),
        reaction_ms=float(chance.uniform(*REACTION_MS)),
        turning_ms=float(chance.uniform(*TURNING_MS)),
        bend=float(chance.choice(PRINT_BENDS_DEGREES)) if attack is Attack.BENT else 0.0,
        sway=tuple(chance.uniform(0, 2 * np.pi, 3)),
    )


def _acted_moves(moves: Sequence[Move], attack: Attack | None) -> list[Move]:
    other = {Move.LEFT: Move.RIGHT, Move.RIGHT: Move.LEFT}
    if attack is Attack.MIRRORED:
        return [other[move] for move in moves]
    if attack is Attack.REPLAYED:
        return [*moves[:-1], other[moves[-1]]]
    return list(moves)


def _yaw(moves: Sequence[Move], challenge: Challenge, at_ms: float, acting: Acting) -> float:
    """Return the angle at a time in degrees: out after a reaction, held with a tremor, back after another reaction."""
    yaw = 0.0
    for phase in phases(challenge):
        if phase.step > 0:
            out = _eased((at_ms - phase.start_ms - acting.reaction_ms) / acting.turning_ms)
            back = _eased((at_ms - phase.end_ms - acting.reaction_ms) / acting.turning_ms)
            yaw += (out - back) * acting.yaw * (1 if moves[phase.step - 1] is Move.LEFT else -1)
    return yaw + float(np.sin(at_ms / 210 + acting.sway[0])) * 0.6


def _eased(share: float) -> float:
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def _swayed(scene: RgbImage, at_ms: float, acting: Acting) -> RgbImage:
    """Move the whole picture a little, as a hand that holds a telephone does."""
    first, second, third = acting.sway
    x = 5 * np.sin(at_ms / 700 + first) + 2 * np.sin(at_ms / 190 + second)
    y = 4 * np.sin(at_ms / 900 + second) + 2 * np.sin(at_ms / 230 + third)
    centre = (scene.shape[1] / 2, scene.shape[0] / 2)
    moved = cv2.getRotationMatrix2D(centre, 1.5 * np.sin(at_ms / 1100 + third), 1.03)
    moved[:, 2] += (x, y)
    size = (scene.shape[1], scene.shape[0])
    return np.asarray(cv2.warpAffine(scene, moved, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)


def _jpeg(image: RgbImage) -> bytes:
    done, encoded = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise ValueError("The frame could not be encoded")
    return bytes(encoded)


def _reopened(image: RgbImage) -> RgbImage:
    with Image.open(BytesIO(_jpeg(image))) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.uint8)
