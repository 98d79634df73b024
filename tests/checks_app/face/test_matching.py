"""The live face is compared with the portrait, and only within one engine."""

import numpy as np
import pytest

from checks_app.face.detection import find_face
from checks_app.face.engine import DEFAULT_ENGINE, load_engine
from checks_app.face.match_level import load_calibration
from checks_app.face.matching import DifferentEngines, FaceMatch, compare, compare_faces
from checks_app.results import Engine, FaceFindings
from tests import heads

CALIBRATION = load_calibration(DEFAULT_ENGINE)


def face(*values: float, engine: Engine = CALIBRATION.engine) -> FaceFindings:
    return FaceFindings((0.1, 0.1, 0.9, 0.9), values, engine, 1)


def test_identical_faces_reach_the_highest_level() -> None:
    """R33."""
    match = compare((0.5, 0.5), (0.5, 0.5), CALIBRATION)
    assert match == FaceMatch(distance=0.0, level=7, false_acceptance_one_in=CALIBRATION.evidenced_one_in)
    assert match.score == 1.0


def test_order_of_the_faces_does_not_matter() -> None:
    """R33."""
    assert compare((0.1, 0.2), (0.4, 0.3), CALIBRATION) == compare((0.4, 0.3), (0.1, 0.2), CALIBRATION)


def test_score_of_faces_far_apart_is_zero() -> None:
    """R33."""
    match = compare((0.0,), (1.7,), CALIBRATION)
    assert (match.score, match.level) == (0.0, 0)


def test_faces_of_different_engines_are_never_compared() -> None:
    """R37."""
    with pytest.raises(DifferentEngines):
        compare_faces(face(0.1), face(0.1, engine=Engine("other", "1")), CALIBRATION)


def test_embeddings_of_different_length_are_refused() -> None:
    """R33."""
    with pytest.raises(ValueError, match="dimension"):
        compare((0.1,), (0.1, 0.2), CALIBRATION)


def test_what_is_no_number_is_no_distance() -> None:
    """R22: it must be unclear, not a stranger and not a match."""
    with pytest.raises(ValueError, match="no number"):
        compare((float("nan"),), (0.2,), CALIBRATION)


def test_same_person_turned_a_little_is_accepted_and_a_stranger_is_not() -> None:
    """R33: the astronaut against herself at 15 degrees, and against the remodelled face."""
    engine = load_engine()
    found = [find_face(image, engine) for image in (heads.portrait(), heads.head(15), heads.head(0, face="stranger"))]
    portrait, herself, stranger = (one for one in found if one is not None)
    assert compare_faces(herself, portrait, CALIBRATION).level >= 4
    assert compare_faces(stranger, portrait, CALIBRATION).level == 0
    assert np.all(np.array(portrait.box) >= 0)
