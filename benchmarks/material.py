"""Drawn pictures to measure with: documents on a desk, a head, and recordings of a challenge. Drawn before the clock runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import cv2
import numpy as np

from checks_app.imaging import RgbImage
from checks_app.liveness.challenge import Challenge, Frame, Move
from tests import hands, heads
from tests.images import Scene, photograph
from tests.recordings import challenge_frames
from verifyportal.dev.specimens import Person, draw_card_back, draw_card_front, draw_passport

SIZE = (1280, 960)
BURST, BURST_WIDTH = 6, 960  # what the page takes before the picture of a document
SELFIE_BURST = 5
DIFFERENT = 10  # pictures of each kind; more would only cost time to draw
HOLDER = Person(expiry_date=datetime.now(UTC).date() + timedelta(days=700))
MOVES = ((Move.LEFT, Move.UP, Move.RIGHT), (Move.RIGHT, Move.CLOSER, Move.LEFT), (Move.DOWN, Move.LEFT, Move.UP))


@lru_cache(maxsize=DIFFERENT)
def _passport(seed: int) -> RgbImage:
    return photograph(draw_passport(HOLDER, heads.portrait()), Scene(seed=seed, size=SIZE)).image


@lru_cache(maxsize=DIFFERENT)
def _card_front(seed: int) -> RgbImage:
    return photograph(draw_card_front(HOLDER, heads.portrait()), Scene(seed=seed, size=SIZE)).image


@lru_cache(maxsize=DIFFERENT)
def _card_back(seed: int) -> RgbImage:
    return photograph(draw_card_back(HOLDER), Scene(seed=seed, size=SIZE)).image


@lru_cache(maxsize=len(MOVES))
def _challenge(seed: int) -> tuple[list[Frame], Challenge]:
    asked = Challenge(MOVES[seed], "0" * 32)
    return challenge_frames(asked, seed=seed), asked


def passport(number: int) -> RgbImage:
    return _passport(number % DIFFERENT)


def card_front(number: int) -> RgbImage:
    return _card_front(number % DIFFERENT)


def card_back(number: int) -> RgbImage:
    return _card_back(number % DIFFERENT)


@lru_cache(maxsize=3 * DIFFERENT)
def _burst(draw: Callable[[int], RgbImage], seed: int) -> list[RgbImage]:
    small = cv2.resize(draw(seed), (BURST_WIDTH, BURST_WIDTH * SIZE[1] // SIZE[0]), interpolation=cv2.INTER_AREA)
    return hands.held(np.asarray(small, dtype=np.uint8), BURST, seed=seed)


def burst(draw: Callable[[int], RgbImage], number: int) -> list[RgbImage]:
    """The moments before one of the pictures of a document above."""
    return _burst(draw, number % DIFFERENT)


def selfie(number: int) -> RgbImage:
    """The head at rest, turned by a hair so that no two are the same."""
    return heads.head(number % DIFFERENT * 0.5 - 2, size=SIZE)


def selfie_burst(number: int) -> list[RgbImage]:
    """The moments before a selfie."""
    return _burst(selfie, number % DIFFERENT)[:SELFIE_BURST]


def few_frames(number: int, count: int) -> tuple[list[Frame], Challenge]:
    """So many frames of a challenge, spread evenly over it."""
    frames, asked = challenge(number)
    return [frames[round(place * (len(frames) - 1) / (count - 1))] for place in range(count)], asked


def challenge(number: int) -> tuple[list[Frame], Challenge]:
    return _challenge(number % len(MOVES))


def prepare(n: int) -> None:
    """Draw everything that `n` measurements of each kind look at."""
    for number in range(min(n, DIFFERENT)):
        for draw in (passport, card_front, card_back, selfie, challenge):
            draw(number)
        for draw in (passport, card_front, card_back, selfie):
            burst(draw, number)
