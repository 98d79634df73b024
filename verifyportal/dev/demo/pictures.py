"""The pictures of demo data: a specimen lying on a desk, a drawn person before a camera, and the frames of head turns."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from io import BytesIO
from multiprocessing import get_context

import cv2
import numpy as np
from PIL import Image

from checks_app.imaging import RgbImage
from checks_app.results import DocumentKind, Quad
from sessions_app.ingest import Picture
from verifyportal.dev.portraits import drawn_portrait
from verifyportal.dev.specimens import Person, draw_card_back, draw_card_front, draw_passport, invent_person

SCENE = (1280, 960)  # width, height in pixels
SELFIE = (480, 640)
FRAME = (240, 320)
TURNS = (0.0, 0.16, -0.16)  # of the three frames kept of a challenge: by how much the far cheek is shorter
JPEG_QUALITY = 82
DRAWERS = 2  # processes

Colour = tuple[int, int, int]
DESKS: tuple[Colour, ...] = ((96, 72, 54), (58, 66, 78), (128, 100, 74), (46, 74, 70))


Box = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of a document."""

Corners = tuple[tuple[float, float], ...]
"""Fractions of a picture, clockwise from the document's top left."""


@dataclass(frozen=True, slots=True)
class DocumentPicture:
    """A document on a desk and where it lies."""

    picture: Picture
    corners: Corners

    def place(self, box: Box = (0, 0, 1, 1)) -> Quad:
        """Tell where in the picture a box on the document lies."""
        origin, right, _, down = np.array(self.corners)
        left, top, far, bottom = box
        points = [origin + x * (right - origin) + y * (down - origin) for x, y in ((left, top), (far, top), (far, bottom), (left, bottom))]
        return Quad(tuple((float(x), float(y)) for x, y in points))


@dataclass(frozen=True, slots=True)
class Holder:
    """A person of the demo data with the pictures that he or she sends."""

    person: Person
    kind: DocumentKind
    face: int  # the same number, the same face
    front: DocumentPicture
    back: DocumentPicture | None
    selfie: Picture
    frames: tuple[Picture, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Who is to be drawn: the same draft, the same pictures."""

    number: int
    today: date
    kind: DocumentKind
    expired: bool = False
    face: int | None = None  # of another person, who lends it; None: his or her own


@contextmanager
def drawing(drafts: Iterable[Draft]) -> Iterator[Callable[[Draft], Holder]]:
    """Draw them in a few processes, the first ones first; yields what waits for one of them."""
    fresh = get_context("spawn")  # OpenCV keeps threads, and a fork would inherit their locks
    with ProcessPoolExecutor(DRAWERS, mp_context=fresh) as pool:
        drawn = {draft: pool.submit(draw_holder, draft) for draft in dict.fromkeys(drafts)}
        yield lambda draft: drawn[draft].result()


def draw_holder(draft: Draft) -> Holder:
    cv2.setNumThreads(1)
    person = invent_person(draft.number, today=draft.today)
    if draft.expired:
        person = replace(person, expiry_date=draft.today - timedelta(days=100 + draft.number % 400))
    face = draft.number if draft.face is None else draft.face
    portrait = drawn_portrait(face, man=person.sex == "M" and draft.face is None)
    is_card = draft.kind is DocumentKind.ID_CARD
    front = draw_card_front(person, portrait) if is_card else draw_passport(person, portrait)
    live = selfie(portrait, draft.number)
    return Holder(
        person=person,
        kind=draft.kind,
        face=face,
        front=photographed(front, draft.number),
        back=photographed(draw_card_back(person), draft.number + 1) if is_card else None,
        selfie=as_picture(live),
        frames=tuple(as_picture(turned(live, share)) for share in TURNS),
    )


def photographed(document: RgbImage, seed: int) -> DocumentPicture:
    seen, corners = on_desk(document, seed)
    return DocumentPicture(as_picture(seen), corners)


def on_desk(document: RgbImage, seed: int) -> tuple[RgbImage, Corners]:
    """Lay a document (height x width x 3) slightly turned on a plain desk: 960 x 1280 x 3, and where its corners are."""
    chance = random.Random(seed)
    width, height = SCENE
    desk = _desk(chance.choice(DESKS)).copy()
    scale = min(width * 0.8 / document.shape[1], height * 0.8 / document.shape[0])
    turn = cv2.getRotationMatrix2D((document.shape[1] / 2, document.shape[0] / 2), chance.uniform(-3, 3), scale)
    turn[:, 2] += width / 2 - document.shape[1] / 2, height / 2 - document.shape[0] / 2
    seen = np.asarray(cv2.warpAffine(document, turn, SCENE, desk, cv2.INTER_AREA, cv2.BORDER_TRANSPARENT), dtype=np.uint8)
    flat = np.array([(0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)]) * (document.shape[1], document.shape[0], 1)
    corners = flat @ turn.T / SCENE
    return seen, tuple((float(x), float(y)) for x, y in corners)


@lru_cache(maxsize=len(DESKS))
def _desk(colour: Colour) -> RgbImage:
    width, height = SCENE
    light = np.linspace(1.12, 0.88, width)[None, :, None] * np.linspace(1.06, 0.94, height)[:, None, None]
    return np.asarray((np.array(colour) * light).clip(0, 255), dtype=np.uint8)


def selfie(portrait: RgbImage, seed: int) -> RgbImage:
    """Show a drawn person before a camera, a little off the middle and in another light than on the document: 640 x 480 x 3."""
    chance = random.Random(seed)
    width, height = SELFIE
    scale = 0.92 * width / portrait.shape[1]
    place = np.array([[scale, 0, chance.uniform(0, 0.08) * width], [0, scale, height - scale * portrait.shape[0]]])
    seen = cv2.warpAffine(portrait, place, SELFIE, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray((seen * chance.uniform(0.86, 1.0)).astype(np.uint8))


def turned(face: RgbImage, share: float) -> RgbImage:
    """Show a face as if the head turned: one side `share` shorter. Enough for a thumbnail; no liveness check would take it."""
    height, width = face.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    far = corners.copy()
    side = (1, 2) if share > 0 else (0, 3)
    far[side[0], 1] += abs(share) * height / 2
    far[side[1], 1] -= abs(share) * height / 2
    seen = cv2.warpPerspective(face, cv2.getPerspectiveTransform(corners, far), (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(seen, FRAME, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def as_picture(image: RgbImage) -> Picture:
    """Encode an image as the portal stores it."""
    out = BytesIO()
    Image.fromarray(image).save(out, "JPEG", quality=JPEG_QUALITY)
    return Picture(jpeg=out.getvalue(), width=image.shape[1], height=image.shape[0])
