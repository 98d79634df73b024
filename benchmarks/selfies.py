"""How often the selfie gate (R35) stops a good picture, and how often it tells a spoilt one: python -m benchmarks.selfies DIR [--n 300].

DIR: pictures `Name_NNNN.jpg` of faces, cropped closely. Looked at: the first picture of each person of the second half of the people
(`--half second --seed 20`; the first half found the weights and the limits), if it is frontal, laid on a plain ground of 640 x 480.
Faults are drawn from a seed. "told": any problem or no face, so the user is asked to take it again; "named": the problem that was drawn.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from time import process_time

import cv2
import numpy as np
from numpy.random import Generator
from PIL import Image

from benchmarks import occlusions
from checks_app.face.acceptance import wilson
from checks_app.face.engine import load_engine
from checks_app.face.selfie_quality import MAX_NOSE_OFFSET, judge_face
from checks_app.faces import FaceBox, FaceEngine
from checks_app.imaging import RgbImage
from checks_app.management.labelled_faces import half_of_people, list_pictures, person_of
from checks_app.results import Reason

SEED = 20
SIZE, FACE_SIDE = (640, 480), 300  # the selfie, and the side of the crop that is laid on it
CHIN_CUT, FOREHEAD_CUT, SIDE_CUT = (1.0, 1.3), (0.1, 0.4), (0.2, 0.55)
"""Where the picture ends, in eye distances below, above and beside the middle of the eyes; the mouth lies at 1.1."""

Spoil = Callable[[RgbImage, FaceBox, Generator], RgbImage]


def _covered(cover: Callable[[occlusions.Canvas, Generator], None]) -> Spoil:
    return lambda image, face, chance: occlusions.covered(image, face, cover, chance)


def _cut(image: RgbImage, face: FaceBox, chance: Generator) -> RgbImage:
    """End the picture within the face: below, above or at one side."""
    x, y = (int((one + other) / 2) for one, other in zip(face.left_eye, face.right_eye, strict=True))
    below, above, side = (int(face.eye_distance * chance.uniform(*cut)) for cut in (CHIN_CUT, FOREHEAD_CUT, SIDE_CUT))
    cuts = (image[: y + below], image[max(0, y - above) :], image[:, max(0, x - side) :], image[:, : x + side])
    return np.ascontiguousarray(cuts[chance.integers(4)])


def _side_light(image: RgbImage, face: FaceBox, chance: Generator) -> RgbImage:
    """Leave 5 to 25 % of the light on one half of the face."""
    across = (np.arange(image.shape[1]) - face.centre[0]) / face.width * chance.choice([-1, 1])
    least = chance.uniform(0.05, 0.25)
    light = least + (1 - least) / (1 + np.exp(-8 * across))
    return np.asarray(image * light[None, :, None], dtype=np.uint8)


KINDS: dict[str, tuple[Spoil, tuple[Reason, ...]]] = {
    "as it is": (lambda image, face, chance: image, ()),
    "half the light": (lambda image, face, chance: (image * 0.5).astype(np.uint8), ()),
    "in warm colours": (lambda image, face, chance: (image * np.array([1.0, 0.8, 0.65])).astype(np.uint8), ()),
    "dark glasses": (_covered(occlusions.dark_glasses), (Reason.EYES_HIDDEN,)),
    "hand over both eyes": (_covered(occlusions.hand), (Reason.EYES_HIDDEN,)),
    "hand over one eye": (_covered(occlusions.hand_on_one_eye), (Reason.EYES_HIDDEN,)),
    "hair over one eye": (_covered(occlusions.hair), (Reason.EYES_HIDDEN,)),
    "highlights on lenses": (_covered(occlusions.highlights), (Reason.GLASSES_GLARE,)),
    "face cut off": (_cut, (Reason.FACE_CUT_OFF,)),
    "light from one side": (_side_light, (Reason.TOO_DARK,)),
}


def frontal(folder: Path, engine: FaceEngine) -> Iterator[tuple[RgbImage, FaceBox]]:
    """Yield the frontal pictures, one a person, as selfies with the face that was found."""
    seen: set[str] = set()
    for path in half_of_people(list_pictures(folder), folder, "second", SEED):
        if (name := person_of(path, folder)) in seen:
            continue
        seen.add(name)
        with Image.open(path) as picture:
            crop = np.asarray(picture.convert("RGB").resize((FACE_SIDE, FACE_SIDE), Image.Resampling.LANCZOS), dtype=np.uint8)
        image = np.full((SIZE[1], SIZE[0], 3), crop.mean(axis=(0, 1)).astype(np.uint8), dtype=np.uint8)
        left, top = (SIZE[0] - FACE_SIDE) // 2, (SIZE[1] - FACE_SIDE) // 2
        image[top : top + FACE_SIDE, left : left + FACE_SIDE] = crop
        faces = engine.detect(image)
        if faces and abs(faces[0].nose_offset) <= MAX_NOSE_OFFSET:
            yield image, faces[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--n", type=int, default=300, help="pictures of each fault")
    parser.add_argument("--good", type=int, default=1000, help="pictures without one")
    parser.add_argument("--only", nargs="*", choices=KINDS, help="only these kinds")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    engine = load_engine()
    selfies = list(islice(frontal(options.folder, engine), max(options.n, options.good)))
    for kind in options.only or KINDS:
        spoil, expected = KINDS[kind]
        _print_kind(kind, selfies[: options.n if expected else options.good], spoil, expected, engine)


def _print_kind(kind: str, selfies: list[tuple[RgbImage, FaceBox]], spoil: Spoil, expected: tuple[Reason, ...], engine: FaceEngine) -> None:
    chance, told, counted, spent = np.random.default_rng(SEED), 0, Counter[Reason](), 0.0
    for image, face in selfies:
        spoilt = spoil(image, face, chance)
        faces = engine.detect(spoilt)
        started = process_time()
        problems = judge_face(spoilt, faces[0]).problems if faces else (Reason.NO_FACE,)
        spent += process_time() - started
        told += bool(problems)
        counted.update(problems)
    n, named = len(selfies), sum(counted[reason] for reason in expected)
    rates = f"told {_share(told, n)}" + (f"  named {_share(named, n)}" if expected else "")
    print(f"{kind:<22}n {n:>5}  {rates}  {1000 * spent / n:.1f} CPU-ms  {dict(counted.most_common())}", flush=True)


def _share(count: int, n: int) -> str:
    interval = wilson(count, n)
    return f"{count / n:6.1%} ({interval.low:.1%} to {interval.high:.1%})"


if __name__ == "__main__":
    main()
