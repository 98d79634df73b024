"""Camera recordings of a challenge: a person who follows it, and the ways in which somebody may only pretend to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random

import cv2
import numpy as np
from PIL import Image

from checks_app.imaging import RgbImage
from checks_app.liveness.challenge import FLASH_STEP, FRAMES_PER_SECOND, Challenge, Frame, Move, draw, phases, step_at
from tests import heads

CAMERA_FPS = 30
MARGIN_MS = 1_500  # the recording goes on for so long after the challenge: the page may start its clock late
REACTION_MS = (250, 600)  # until the head begins to move
TURNING_MS = (350, 650)  # until it has turned
YAW_DEGREES, PITCH_DEGREES, ZOOM = (15.0, 30.0), (13.0, 20.0), (1.24, 1.4)  # what people do when asked for a move
PRINT_DEGREES, PRINT_ZOOM = (15.0, 45.0), (1.2, 1.5)
PRINT_BENDS_DEGREES = (-40.0, -30.0, -20.0, 20.0, 30.0, 40.0, 50.0)
JPEG_QUALITIES = (75, 92)
LIGHT = (0.7, 1.1)
GRAIN_GREYS = (1.0, 3.0)  # sigma of the sensor's noise
GRAIN_ROOM = 64  # pixels by which the pattern of sensor noise is larger than a frame, so that it falls elsewhere each time
TREMOR_DEGREES = 0.6
FLASH_SHARE = 0.12  # of its brightness that a face near the screen gains from a full channel of it
LOOP_MS = (6_000, 11_000)


class Attack(StrEnum):
    """Ways to pretend. All but SWAPPED show the right face all the time."""

    FLAT = "flat"  # a print, turned, tilted and brought closer by hand as the head should move
    BENT = "bent"  # the same, rolled a little around a bottle
    CUT_OUT = "cut-out"  # the same as FLAT, cut out along the head, before a room that moves
    SCREEN = "screen"  # the same as FLAT on a screen with a dark frame and a reflected lamp
    STILL = "still"  # one frame again and again, with fresh sensor noise
    SHAKEN = "shaken"  # the same, encoded anew and moved as by a hand
    SLIDES = "slides"  # stills of all moves, shown at the right time
    MIRRORED = "mirrored"  # a real head that does the opposite
    REPLAYED = "replayed"  # a real head that follows another challenge
    LOOPED = "looped"  # a virtual camera that plays the right person's moves again and again
    SWAPPED = "swapped"  # another person's head from the second move on


PRINTS = {Attack.FLAT: "sheet", Attack.BENT: "sheet", Attack.CUT_OUT: "head", Attack.SCREEN: "screen"}
PLAYED = (Attack.STILL, Attack.SHAKEN, Attack.SLIDES, Attack.REPLAYED, Attack.LOOPED)
OPPOSITE = {Move.LEFT: Move.RIGHT, Move.RIGHT: Move.LEFT, Move.UP: Move.DOWN, Move.DOWN: Move.UP, Move.CLOSER: Move.CLOSER}


@dataclass(frozen=True, slots=True)
class Acting:
    """How this person, or this forger, behaves, and before which camera; drawn once per recording."""

    yaw: float
    pitch: float
    zoom: float
    reaction_ms: float
    turning_ms: float
    bend: float
    light: float
    hand: float  # how much the hand with the telephone moves: 0 = it stands on a table
    quality: int
    sway: tuple[float, float, float]  # phases of the slow movements of head and hand, radians


class Camera:
    """A camera in front of one person, or of one forger, who acts out one challenge."""

    def __init__(
        self, challenge: Challenge, attack: Attack | None, seed: int, size: tuple[int, int], face: str, other: str = "stranger"
    ) -> None:
        self._challenge, self._attack, self._size, self._face, self._other = challenge, attack, size, face, other
        self._chance = np.random.default_rng(seed)
        self.acting = _acting(self._chance, attack)
        self._moves = _acted_moves(challenge.moves, attack, Random(seed))
        self._loop_ms = float(self._chance.uniform(*LOOP_MS))
        noise = self._chance.normal(0, self._chance.uniform(*GRAIN_GREYS), (size[1] + GRAIN_ROOM, size[0] + GRAIN_ROOM, 3))
        self._grain = noise.round().astype(np.int16)

    def take(self, at_ms: float) -> RgbImage:
        """Take one frame at a time since the challenge began; before it the person looks straight."""
        scene = self._flashed(self._scene(at_ms), at_ms)
        if self._attack not in (Attack.STILL, Attack.SLIDES):
            scene = _swayed(scene, at_ms, self.acting)
        x, y = self._chance.integers(0, GRAIN_ROOM, 2)
        grain = self._grain[y : y + self._size[1], x : x + self._size[0]]
        lit = cv2.convertScaleAbs(scene, alpha=self.acting.light * (1 + 0.03 * np.sin(at_ms / 1700 + self.acting.sway[1])))
        return np.asarray(cv2.add(lit, grain, dtype=cv2.CV_8U), dtype=np.uint8)

    def _scene(self, at_ms: float) -> RgbImage:
        if self._attack is Attack.LOOPED:
            at_ms = (at_ms + self._loop_ms / 3) % self._loop_ms
        pose = _pose(self._moves, self._challenge, at_ms, self.acting)
        if self._attack in PRINTS:
            bend, shape = self.acting.bend, PRINTS[self._attack]
            wall = self._room(at_ms) if self._attack is Attack.CUT_OUT else None
            scene = heads.turned_print(*pose, size=self._size, bend=bend, face=self._face, shape=shape, wall=wall)
            return np.asarray(cv2.add(scene, _lamp(self._size)), np.uint8) if self._attack is Attack.SCREEN else scene
        if self._attack in (Attack.STILL, Attack.SHAKEN):
            pose = (0.0, 0.0, 1.0)
        if self._attack is Attack.SLIDES:
            acting, nearer = self.acting, self.acting.zoom - 1
            yaw, pitch = acting.yaw * round(pose[0] / acting.yaw), acting.pitch * round(pose[1] / acting.pitch)
            pose = yaw, pitch, 1 + nearer * round((pose[2] - 1) / nearer)
        swapped = self._attack is Attack.SWAPPED and at_ms >= phases(self._challenge)[2].end_ms
        return heads.head(*pose, size=self._size, face=self._other if swapped else self._face)

    def _flashed(self, scene: RgbImage, at_ms: float) -> RgbImage:
        """Let the screen's colour fall on what is before the camera; a recording that is played to the page knows nothing of it."""
        step = step_at(self._challenge, round(at_ms))
        if step < FLASH_STEP or self._attack in PLAYED:
            return scene
        colour = self._challenge.flashes[step - FLASH_STEP]
        light = [1 + FLASH_SHARE * int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        height, width = scene.shape[:2]
        lit, near = scene.copy(), (slice(height // 8, height * 7 // 8), slice(width // 4, width * 3 // 4))
        lit[near] = np.clip(scene[near] * np.array(light), 0, 255).astype(np.uint8)
        return lit

    def _room(self, at_ms: float) -> RgbImage:
        """The background of a cut-out: another picture without its head, drawn past."""
        room = cv2.GaussianBlur(heads.turned_print(0.0, 0.0, 1.5, size=self._size), (0, 0), 9)
        return np.asarray(np.roll(room, round(40 * float(np.sin(at_ms / 800))), axis=1), dtype=np.uint8)


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
    other: str = "stranger",
    times: Sequence[int] | None = None,
) -> list[Frame]:
    """Take the frames that the page would send, five a second, as JPEG. late_ms: how far the person is behind the page's clock.

    other: the face that comes in the middle of SWAPPED. times: take frames only then, in milliseconds.
    """
    camera = Camera(challenge, attack, seed, size, face, other)
    times = page_times(challenge) if times is None else times
    return [Frame(_reopened(camera.take(at_ms - late_ms), camera.acting.quality), step_at(challenge, at_ms), at_ms) for at_ms in times]


def page_times(challenge: Challenge) -> Sequence[int]:
    """Return when the page takes its frames, in milliseconds since the challenge began."""
    return range(0, challenge.duration_ms, 1000 // FRAMES_PER_SECOND)


def write_mjpeg(path: Path, frames: Iterable[RgbImage]) -> None:
    """Write JPEGs one after the other, as Chromium's fake camera reads them (it plays 30 a second and starts again at the end)."""
    with path.open("wb") as stream:
        for frame in frames:
            stream.write(_jpeg(frame))


def _acting(chance: np.random.Generator, attack: Attack | None) -> Acting:
    printed = attack in PRINTS
    return Acting(
        yaw=float(chance.uniform(*(PRINT_DEGREES if printed else YAW_DEGREES))),
        pitch=float(chance.uniform(*(PRINT_DEGREES if printed else PITCH_DEGREES))),
        zoom=float(chance.uniform(*(PRINT_ZOOM if printed else ZOOM))),
        reaction_ms=float(chance.uniform(*REACTION_MS)),
        turning_ms=float(chance.uniform(*TURNING_MS)),
        bend=float(chance.choice(PRINT_BENDS_DEGREES)) if attack is Attack.BENT else 0.0,
        light=float(chance.uniform(*LIGHT)),
        hand=float(chance.uniform(0.2, 1.3)),
        quality=int(chance.integers(*JPEG_QUALITIES)),
        sway=tuple(chance.uniform(0, 2 * np.pi, 3)),
    )


def _acted_moves(moves: Sequence[Move], attack: Attack | None, chance: Random) -> list[Move]:
    if attack is Attack.MIRRORED:
        return [OPPOSITE[move] for move in moves]
    if attack in (Attack.REPLAYED, Attack.LOOPED):
        return list(next(other for other in iter(lambda: draw(chance).moves, ()) if other != tuple(moves)))
    return list(moves)


def _pose(moves: Sequence[Move], challenge: Challenge, at_ms: float, acting: Acting) -> tuple[float, float, float]:
    """Return yaw, pitch and zoom at a time: out after a reaction, held with a tremor, back after another reaction."""
    yaw = TREMOR_DEGREES * float(np.sin(at_ms / 210 + acting.sway[0]))
    pitch = TREMOR_DEGREES * float(np.sin(at_ms / 260 + acting.sway[1]))
    zoom = 1 + 0.02 * float(np.sin(at_ms / 1300 + acting.sway[2]))
    for phase in phases(challenge):
        if 0 < phase.step <= len(moves):
            out = _eased((at_ms - phase.start_ms - acting.reaction_ms) / acting.turning_ms)
            way = out - _eased((at_ms - phase.end_ms - acting.reaction_ms) / acting.turning_ms)
            move = moves[phase.step - 1]
            yaw += way * acting.yaw * ((move is Move.LEFT) - (move is Move.RIGHT))
            pitch += way * acting.pitch * ((move is Move.UP) - (move is Move.DOWN))
            zoom += way * (acting.zoom - 1) * (move is Move.CLOSER)
    return yaw, pitch, zoom


def _eased(share: float) -> float:
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def _swayed(scene: RgbImage, at_ms: float, acting: Acting) -> RgbImage:
    """Move the whole picture a little, as a hand that holds a telephone does."""
    first, second, third = acting.sway
    x = acting.hand * (5 * np.sin(at_ms / 700 + first) + 2 * np.sin(at_ms / 190 + second))
    y = acting.hand * (4 * np.sin(at_ms / 900 + second) + 2 * np.sin(at_ms / 230 + third))
    centre = (scene.shape[1] / 2, scene.shape[0] / 2)
    moved = cv2.getRotationMatrix2D(centre, 1.5 * acting.hand * np.sin(at_ms / 1100 + third), 1.03)
    moved[:, 2] += (x, y)
    size = (scene.shape[1], scene.shape[0])
    return np.asarray(cv2.warpAffine(scene, moved, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)


@cache
def _lamp(size: tuple[int, int]) -> RgbImage:
    """A lamp that a screen reflects: bright, without colour, somewhere over the forehead."""
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    spot = 130 * np.exp(-(((columns - 0.6 * size[0]) / (0.05 * size[0])) ** 2) - ((rows - 0.22 * size[1]) / (0.06 * size[1])) ** 2)
    return np.repeat(spot.astype(np.uint8)[..., None], 3, axis=2)


def _jpeg(image: RgbImage, quality: int = 90) -> bytes:
    done, encoded = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("The frame could not be encoded")
    return bytes(encoded)


def _reopened(image: RgbImage, quality: int) -> RgbImage:
    with Image.open(BytesIO(_jpeg(image, quality))) as picture:
        return np.asarray(picture.convert("RGB"), dtype=np.uint8)
