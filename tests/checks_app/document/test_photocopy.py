"""Photocopies: grey copies in coloured scenes fail, originals pass under any light, and doubt stays doubt."""

from __future__ import annotations

import numpy as np
import pytest

from checks_app.document.photocopy import judge_photocopy
from checks_app.imaging import RgbImage, to_grey
from checks_app.results import Reason, Status
from checks_app.thresholds import DEFAULTS
from tests.forgeries import photocopy
from tests.images import Scene, photograph


@pytest.mark.parametrize("warmth", [-0.15, 0.0, 0.25])
def test_an_original_passes_under_any_light(card_back: RgbImage, warmth: float) -> None:
    """R31"""
    shot = photograph(card_back, Scene(seed=61, warmth=warmth))
    measure = judge_photocopy(shot.image, shot.quad)
    assert DEFAULTS.photocopy.status(measure.score) is Status.PASSED
    assert measure.reasons == ()


@pytest.mark.parametrize("warmth", [-0.15, 0.0, 0.15])
def test_a_grey_copy_in_a_coloured_scene_fails_under_any_light(passport: RgbImage, warmth: float) -> None:
    """R31: light that tints the whole copy gives it no colours of its own."""
    shot = photograph(photocopy(passport, 62), Scene(seed=62, desk="clutter", warmth=warmth, exposure=0.8))
    measure = judge_photocopy(shot.image, shot.quad)
    assert DEFAULTS.photocopy.status(measure.score) is Status.FAILED
    assert measure.reasons == (Reason.PHOTOCOPY,)


def test_in_a_grey_picture_a_copy_is_only_suspected(card_front: RgbImage) -> None:
    """R22, R31: a camera without colour makes originals look like copies."""
    shot = photograph(card_front, Scene(seed=64))
    grey = np.repeat(to_grey(shot.image)[..., None], 3, axis=2)
    measure = judge_photocopy(grey, shot.quad)
    assert DEFAULTS.photocopy.status(measure.score) is Status.UNCLEAR
    assert measure.reasons == (Reason.PHOTOCOPY_SUSPECTED,)


def test_a_document_of_few_pixels_is_not_assessed(card_front: RgbImage) -> None:
    """R22: not measurable is None, not a guess."""
    shot = photograph(card_front, Scene(seed=65, size=(320, 240)))
    assert judge_photocopy(shot.image, shot.quad).score is None


def test_without_a_document_nothing_is_assessed(card_front: RgbImage) -> None:
    """R22"""
    assert judge_photocopy(card_front, None).score is None
