"""Is the document shown on a screen: what the kinds of evidence say together.

*Pattern*: a display's lattice or its moire, on the document or across its border (`lattice`), or moving over it (`burst`).
*Device*: a dark frame around the document (`bezel`), or light of its own (`glow`). Cloth and fine print make patterns, dark folders
and velvet look like devices: each alone is doubt. Strong are a pattern within a frame, one that crosses the border and moves or
glows, and frames that repeat. Nothing is added up.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from checks_app.document import bezel, glow, lattice
from checks_app.document.burst import judge_burst
from checks_app.document.rectify import in_pixels, side_lengths
from checks_app.imaging import RgbImage
from checks_app.results import Engine, Measure, Quad, Reason

ENGINE = Engine("recapture", "2")

MIN_DOCUMENT_SIDE = 400  # pixels of the longer side; a smaller picture has lost the lattice
ORDINARY_PEAK, LATTICE_PEAK, EVERYWHERE_PEAK = 1.5, 5.2, 4.7  # see `lattice.Peaks`
CROSSING_PEAK = 3.3  # see `lattice.crossing_peak`
GLOW = 100.0  # times; see `glow.glow`
REPLAYED_SCORE, STRONG_SCORE, DOUBT_SCORE, ORDINARY_SCORE = 0.0, 0.05, 0.3, 0.7
"""Default bands: below 0.10 fails, from 0.50 passes."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was seen, each kind for itself."""

    pattern: bool  # on the document in the still picture
    crossing: bool  # a pattern across the document's border
    moving: bool  # a pattern that moves, or pulses of light, in the burst
    framed: bool  # by a device's dark frame
    glowing: bool  # much brighter than what lies beside it


NOTHING = Evidence(pattern=False, crossing=False, moving=False, framed=False, glowing=False)


def judge_screen_replay(image: RgbImage, quad: Quad | None, burst: Sequence[RgbImage] = ()) -> Measure:
    """Score whether the document is a thing and not a display: 1 no sign, 0 sure; None when the picture is too small to tell.

    image: height x width x 3, RGB, as sharp as the camera gave it. burst: small pictures taken just before it, oldest first; they
    count only where they could be measured. Details: lattice, everywhere, crossing (peaks, see `lattice`), frame_sides (0..4), glow
    (times brighter than its surroundings), and those of `burst.judge_burst`. Areas: the device's frame.
    """
    start = time.perf_counter()
    seen = judge_burst(burst, quad) if burst else None
    details = dict(seen.details) if seen else {}

    def answer(score: float | None, *reasons: Reason, areas: tuple[Quad, ...] = ()) -> Measure:
        return Measure(score, ENGINE, round((time.perf_counter() - start) * 1000), reasons, details, areas)

    if seen and Reason.FRAMES_REPEATED in seen.reasons:
        return answer(REPLAYED_SCORE, Reason.FRAMES_REPEATED)
    if quad is None or max(side_lengths(in_pixels(quad, image))) < MIN_DOCUMENT_SIDE:
        return answer(None)
    peaks = lattice.lattice_peaks(image, quad)
    if peaks is None:
        return answer(None)
    crossing, shine = lattice.crossing_peak(image, quad), glow.glow(image, quad)
    sides, frame = bezel.find_bezel(image, quad)
    details |= {"lattice": round(peaks.mean, 2), "everywhere": round(peaks.everywhere, 2), "frame_sides": sides}
    details |= {name: round(value, 2) for name, value in (("crossing", crossing), ("glow", shine)) if value is not None}
    evidence = Evidence(
        pattern=peaks.mean >= LATTICE_PEAK or peaks.everywhere >= EVERYWHERE_PEAK,
        crossing=crossing is not None and crossing >= CROSSING_PEAK,
        moving=seen is not None and Reason.SCREEN_SUSPECTED in seen.reasons,
        framed=frame is not None,
        glowing=shine is not None and shine >= GLOW,
    )
    areas = () if frame is None else (frame,)
    if is_strong(evidence):
        return answer(STRONG_SCORE, Reason.SHOWN_ON_SCREEN, areas=areas)
    if evidence != NOTHING:
        return answer(DOUBT_SCORE, Reason.SCREEN_SUSPECTED, areas=areas)
    return answer(float(np.interp(peaks.mean, (ORDINARY_PEAK, LATTICE_PEAK), (1.0, ORDINARY_SCORE))))


def is_strong(evidence: Evidence) -> bool:
    """True when two kinds agree that have hardly an innocent cause in common.

    Fine print may make a pattern whose moire moves, even on black velvet, but it ends at the border; cloth passes below a document.
    """
    patterned = evidence.pattern or evidence.crossing or evidence.moving
    return (evidence.framed and patterned) or (evidence.crossing and (evidence.moving or evidence.glowing))
