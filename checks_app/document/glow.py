"""Light that does not belong to the scene: a document that shines while everything beside it is darker than light could leave it.

The blackest ordinary things send back some 3 to 5 % of the light, white paper 80 %. What lies right beside a document gets the same
light; if it is a hundred times darker, the document has light of its own. Black velvet, and a torch that lights nothing else, exist.
"""

from __future__ import annotations

import cv2
import numpy as np

from checks_app.document.rectify import in_pixels
from checks_app.imaging import RgbImage, fit_within, to_grey
from checks_app.results import Quad

STUDY_SIDE = 480  # pixels
RING, GAP = 0.12, 0.015  # width of the surroundings that are looked at, and of the border that is not, share of the document's width
MIN_RING = 0.02  # of the picture
GAMMA = 2.2  # of pictures, nearly (IEC 61966-2-1)
BRIGHT_PART, DARK_PART = 95, 75  # percentiles: of the document, its paper; of the surroundings, all but some lit things


def glow(image: RgbImage, quad: Quad) -> float | None:
    """Return how many times brighter (in light, not in grey levels) the document's paper is than most of what lies around it.

    None when too little of the surroundings is in the picture, or the paper is blown out, so that the ratio means nothing.
    """
    grey = to_grey(fit_within(image, STUDY_SIDE))
    corners = np.round(in_pixels(quad, grey[..., None])).astype(np.int32)
    document = np.zeros(grey.shape, np.uint8)
    cv2.fillConvexPoly(document, corners, 1)
    width = float(np.linalg.norm(corners[1] - corners[0]))
    near, far = (
        cv2.dilate(document, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) for reach in (max(1, int(GAP * width)), int(RING * width))
    )
    ring = (far > 0) & (near == 0)
    if ring.mean() < MIN_RING or not document.any():
        return None
    paper = np.percentile(grey[document > 0], BRIGHT_PART)
    around = np.percentile(grey[ring], DARK_PART)
    return float(((paper + 1) / (around + 1)) ** GAMMA)
