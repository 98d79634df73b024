"""The faces that the liveness bench lays on the drawn head, and its recordings of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from checks_app.faces import FaceEngine
from checks_app.imaging import RgbImage
from checks_app.liveness.challenge import Challenge, Frame, draw
from checks_app.liveness.signals import spread
from tests import heads
from tests.recordings import Attack, challenge_frames, page_times

DELAY_MS = (-300, 800)
"""The person may be so far behind the page's clock, or ahead of it when the page or the network is slow."""

MOST_TURNED = 0.1
"""Nose off the middle between the eyes, in eye distances, up to which a photograph counts as frontal."""

PICTURES = ("*.jpg", "*.jpeg", "*.png")


@dataclass(frozen=True, slots=True)
class Recording:
    """What the page would send of one presentation. frames: those at which the check looks; the others change nothing."""

    challenge: Challenge
    frames: list[Frame]


def find_photographs(folder: Path, names: str) -> list[Path]:
    """List the photographs of a folder in an order drawn once. names: the range of first letters, such as "M-Z"."""
    first, last = names.split("-")
    files = sorted(path for pattern in PICTURES for path in folder.rglob(pattern) if first <= path.name[:1].upper() <= last)
    Random(0).shuffle(files)
    return files


def record(attack: Attack | None, number: int, faces: list[Path], engine: FaceEngine) -> Recording | None:
    """Draw recording `number` of a kind, always the same one. None: the photograph is not frontal, or no face is found in it."""
    chance = Random(f"{attack} {number}")
    face, other = "astronaut", "stranger"
    if faces:
        face, other = "face", "other"
        heads.drop_face(face)
        laid = [_lay(name, faces[(number + shift) % len(faces)], engine) for name, shift in ((face, 0), (other, len(faces) // 2))]
        if not laid[0] or (attack is Attack.SWAPPED and not laid[1]):
            return None
    challenge = draw(chance)
    times = spread(page_times(challenge))
    late_ms = chance.randint(*DELAY_MS)
    seed = chance.getrandbits(32)
    return Recording(challenge, challenge_frames(challenge, attack=attack, seed=seed, late_ms=late_ms, face=face, other=other, times=times))


def _lay(name: str, path: Path, engine: FaceEngine) -> bool:
    picture: RgbImage = np.asarray(Image.open(path).convert("RGB"), dtype=np.uint8)
    found = engine.detect(picture)
    if not found or abs(found[0].nose_offset) > MOST_TURNED:
        return False
    heads.add_face(name, picture, (found[0].right_eye, found[0].left_eye), found[0].nose)
    return bool(engine.detect(heads.head(0.0, face=name)))
