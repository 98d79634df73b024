"""What the server asks the person to do in front of the camera, and when the flow shows it.

The flow shows "look straight", then each move, with "look straight" in between, and sends about five frames a second. Left
and right are the person's own; frames are never mirrored, so a turn to the left moves the nose to the right of the picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from random import Random

from checks_app.imaging import RgbImage

MOVES_PER_CHALLENGE = 3
FIRST_STRAIGHT_MS = 1_500
MOVE_MS = 2_300
STRAIGHT_MS = 1_100
FRAMES_PER_SECOND = 5
NONCE_BITS = 128
FLASH_MS = 400  # at most three changes of light a second (WCAG 2.3.1)
FLASH_STEP = 100
FLASH_COLOURS = ("#ff0000", "#00ff00", "#0000ff", "#00ffff", "#ff00ff", "#ffff00")
"""Each differs from every other in at least one whole channel of light."""


class Move(StrEnum):
    """One thing to do with the head, named from the person's own point of view."""

    LEFT = "LEFT"
    RIGHT = "RIGHT"
    UP = "UP"
    DOWN = "DOWN"
    CLOSER = "CLOSER"


@dataclass(frozen=True, slots=True)
class Challenge:
    """The moves in order, and a nonce (32 hexadecimal digits) that makes each challenge good for one answer.

    flashes: colours of FLASH_COLOURS that the page shows around the face after the last move; usually none.
    """

    moves: tuple[Move, ...]
    nonce: str
    flashes: tuple[str, ...] = ()

    @property
    def duration_ms(self) -> int:
        """How long the flow takes to show the whole challenge."""
        return phases(self)[-1].end_ms


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the challenge. step: 0 = straight before the first move, k = during move k (from 1), -k = straight after move k.

    FLASH_STEP + i: while flash i (from 0) is shown.
    """

    step: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One camera frame. at_ms: since the challenge began. step: see `Phase`, as the flow showed it when the frame was taken."""

    image: RgbImage
    step: int
    at_ms: int


def draw(rng: Random, flashes: int = 0) -> Challenge:
    """Draw a challenge; the server passes `secrets.SystemRandom()`. flashes: how many colours, of which no two neighbours are alike.

    Never the same move twice in a row, at least one turn to a side and CLOSER at most once: coming closer shows no relief, which
    is what tells a head from a picture of one. Each of the challenges that are left is as likely as every other.
    """
    while True:
        moves = tuple(rng.choice(tuple(Move)) for _ in range(MOVES_PER_CHALLENGE))
        if _drawable(moves):
            break
    colours: list[str] = []
    for _ in range(flashes):
        colours.append(rng.choice([colour for colour in FLASH_COLOURS if colour not in colours[-1:]]))
    return Challenge(moves, f"{rng.getrandbits(NONCE_BITS):0{NONCE_BITS // 4}x}", tuple(colours))


def phases(challenge: Challenge) -> tuple[Phase, ...]:
    """Lay out the challenge in time, from 0 ms, without gaps; after the last move the head comes back as well."""
    return tuple(_phases(challenge))


def step_at(challenge: Challenge, at_ms: int) -> int:
    """Name the step shown at a time; before the start it is the first, after the end the last."""
    shown = [phase.step for phase in phases(challenge) if phase.start_ms <= at_ms]
    return shown[-1] if shown else 0


def _drawable(moves: tuple[Move, ...]) -> bool:
    repeated = any(one is other for one, other in pairwise(moves))
    return not repeated and moves.count(Move.CLOSER) <= 1 and not {Move.LEFT, Move.RIGHT}.isdisjoint(moves)


def _phases(challenge: Challenge) -> Iterator[Phase]:
    yield Phase(0, 0, FIRST_STRAIGHT_MS)
    start = FIRST_STRAIGHT_MS
    for number in range(1, len(challenge.moves) + 1):
        yield Phase(number, start, start + MOVE_MS)
        yield Phase(-number, start + MOVE_MS, start + MOVE_MS + STRAIGHT_MS)
        start += MOVE_MS + STRAIGHT_MS
    for number in range(len(challenge.flashes)):
        yield Phase(FLASH_STEP + number, start + number * FLASH_MS, start + (number + 1) * FLASH_MS)
