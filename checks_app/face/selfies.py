"""Judges a selfie at capture (R35) and describes its face, over the moments around it as far as they show the same one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from time import perf_counter

from checks_app.face.averaging import mean_embedding
from checks_app.face.detection import describe, elapsed_ms
from checks_app.face.selfie_quality import QUALITY_ENGINE, judge_face
from checks_app.faces import Embedding, FaceBox, FaceEngine, Point
from checks_app.imaging import RgbImage
from checks_app.results import Measure, Reason, SelfieFindings

SECOND_FACE_SHARE = 0.35
"""A further face counts when it is at least so wide, against the first: people in the background do not stop anybody."""

MOST_DESCRIBED = 1
"""Frames of the burst that are described, the best ones. A second one moves nothing that can be measured (docs/matching.md)."""


def inspect_selfie_image(image: RgbImage, engine: FaceEngine, burst: Sequence[RgbImage] = ()) -> SelfieFindings:
    """Judge whether a selfie can be compared. `problems` is empty when it can; a face with problems is described all the same.

    burst: small frames of the moments around the selfie, with the same field of view. The best of them that show the same face well are
    averaged into its description; another face in one of them is the problem FACE_CHANGED.
    """
    started = perf_counter()
    faces = engine.detect(image)
    if not faces:
        return SelfieFindings((Reason.NO_FACE,), Measure(0.0, QUALITY_ENGINE, elapsed_ms(started), (Reason.NO_FACE,)), 0, None)
    face = faces[0]
    counted = _counted(faces)
    score, problems, details = judge_face(image, face)
    if len(counted) > 1:
        problems = (Reason.SEVERAL_FACES, *problems)
    judged_ms, described_from = elapsed_ms(started), perf_counter()
    found = describe(image, face, engine, described_from)
    others = [] if problems else _describe_best(image, face, burst, engine)
    if any(engine.distance(other, found.embedding) > engine.same_sitting_distance for other in others):
        problems, others = (Reason.FACE_CHANGED,), []
    # the selfie was described with its mirror image, a glance is half of that, so it counts half
    found = replace(found, embedding=mean_embedding([found.embedding, found.embedding, *others]), took_ms=elapsed_ms(described_from))
    quality = Measure(score, QUALITY_ENGINE, judged_ms, problems, details)
    return SelfieFindings(problems, quality, len(counted), found, frames=1 + len(others))


def _describe_best(image: RgbImage, face: FaceBox, burst: Sequence[RgbImage], engine: FaceEngine) -> list[Embedding]:
    found = sorted(_usable(image, face, burst, engine), key=lambda usable: -usable[0])
    alone = ((frame, there) for _, frame, there in found if len(_counted(engine.detect(frame))) == 1)
    return [engine.glance(frame, there) for frame, there in islice(alone, MOST_DESCRIBED)]


def _counted(faces: Sequence[FaceBox]) -> list[FaceBox]:
    return [face for face in faces if face.width >= SECOND_FACE_SHARE * faces[0].width]


def _usable(image: RgbImage, face: FaceBox, burst: Sequence[RgbImage], engine: FaceEngine) -> Iterator[tuple[float, RgbImage, FaceBox]]:
    """Yield the frames in which a face is good enough to be compared, each with its score and the face."""
    for frame in burst:
        there = engine.track(frame, _scaled(face, image, frame))
        if there is None:  # it moved, or it is another one
            there = next(iter(engine.detect(frame)), None)
        if there is not None:
            score, problems, _ = judge_face(frame, there)
            if not problems:
                yield score, frame, there


def _scaled(face: FaceBox, image: RgbImage, frame: RgbImage) -> FaceBox:
    """Place a face of the selfie in a smaller frame of the same view."""
    across, down = frame.shape[1] / image.shape[1], frame.shape[0] / image.shape[0]

    def place(point: Point) -> Point:
        return point[0] * across, point[1] * down

    return FaceBox(
        face.left * across, face.top * down, face.right * across, face.bottom * down,
        left_eye=place(face.left_eye), right_eye=place(face.right_eye), nose=place(face.nose),
        landmarks=tuple(place(point) for point in face.landmarks),
    )  # fmt: skip
