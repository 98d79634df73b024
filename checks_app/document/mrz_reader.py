"""Reads the machine-readable zone of a document in a picture: find lines, read characters, decode under check digits.

Accepts strictly, because a wrong identity is worse than none. Figures and what they were measured on: docs/mrz.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from checks_app.document import mrz
from checks_app.document.mrz_alignment import ReadLine, align, probabilities, read_line
from checks_app.document.mrz_decoding import DecodedMrz, decode_mrz
from checks_app.document.mrz_layouts import CHARACTERS, LAYOUTS, MrzFormat
from checks_app.document.mrz_lines import find_groups
from checks_app.document.mrz_strips import TextLine
from checks_app.imaging import GreyImage, RgbImage, fit_within, to_grey
from checks_app.results import Engine, MrzReading, Quad

ENGINE = Engine(name="ocrb-mlp", version="1.0")

LONGEST_SIDE = 2000  # pixels; a passport that fills half of it still has 20 pixels per character
WORKING_SIDES = (800, 500, 1200)  # pixels; where zones are looked for, the likeliest first
_GROUPS_EACH = 6  # candidate zones tried per size and orientation
_HOPELESS = -2.5  # mean log-probability per character below which a group of lines is no MRZ
_PROMISING = -0.9  # from here on no other candidate is tried before this one is decoded

ACCEPT_MEAN_LOG_PROBABILITY = -0.15
ACCEPT_REPAIRED = 2
ACCEPT_CHARACTER = 0.5  # probability of the least sure character, given the rules


@dataclass(frozen=True, slots=True)
class _Zone:
    """Lines that were read as a zone, top to bottom in reading direction, in pixels of `grey`, a turned picture or not."""

    grey: GreyImage
    quarter_turns: int
    lines: tuple[ReadLine, ...]

    @property
    def score(self) -> float:
        return float(np.mean([line.score for line in self.lines]))


def read(image: RgbImage) -> MrzReading | None:
    """Read the MRZ of a document photographed upright, on its side or upside down, up to about 15 degrees askew.

    Returns the first accepted reading, else the likeliest one with `accepted` False, whose lines are as seen and not repaired;
    None when nothing looks like an MRZ.
    """
    best: MrzReading | None = None
    for zone in _zones(to_grey(fit_within(image, LONGEST_SIDE))):
        reading = _decode(zone)
        if reading is not None and reading.accepted:
            return reading
        if reading is not None and (best is None or reading.confidence > best.confidence):
            best = reading
    return best


def _zones(grey: GreyImage) -> Iterator[_Zone]:
    """Yield what may be a zone, likeliest places first; each is only looked for when all before it were not accepted."""
    turned = {0: grey, 1: np.ascontiguousarray(np.rot90(grey))}
    for working_side in WORKING_SIDES:
        for quarter_turns, upright in turned.items():
            for group in find_groups(upright, working_side=working_side)[:_GROUPS_EACH]:
                zone = _read_group(upright, quarter_turns, group.lines)
                if zone is not None:
                    yield zone


def _read_group(grey: GreyImage, quarter_turns: int, lines: Sequence[TextLine]) -> _Zone | None:
    """Read a group of lines both ways up in every width that its number of lines allows; None when it is no MRZ."""
    best: _Zone | None = None
    for width in sorted({layout.width for layout in LAYOUTS.values() if layout.lines == len(lines)}, reverse=True):
        for ordered in (tuple(lines), tuple(line.turned() for line in reversed(lines))):
            first = read_line(grey, ordered[-1], width)
            if first.score < _HOPELESS:
                continue
            zone = _Zone(grey, quarter_turns, (*(read_line(grey, line, width) for line in ordered[:-1]), first))
            if best is None or zone.score > best.score:
                best = zone
            if zone.score > _PROMISING:
                return zone
    return best if best is not None and best.score > _HOPELESS else None


def _decode(zone: _Zone) -> MrzReading | None:
    aligned = _Zone(zone.grey, zone.quarter_turns, tuple(align(zone.grey, line) for line in zone.lines))
    beliefs = [probabilities(zone.grey, line) for line in aligned.lines]
    format_ = _format(len(beliefs), len(beliefs[0]), CHARACTERS[int(beliefs[0][0].argmax())])
    decoded = decode_mrz(format_, beliefs)
    if decoded is None:
        return None
    mean = float(np.mean([np.log(np.maximum(line, 1e-9)).mean() for line in decoded.probabilities]))
    accepted = _acceptable(decoded, mean)
    lines = decoded.lines if accepted else decoded.seen
    return MrzReading(
        format=format_,
        lines=lines,
        fields=mrz.parse(lines, decoded.probabilities),
        confidence=float(np.exp(mean)),
        repaired=decoded.repaired,
        accepted=accepted,
        region=_region(aligned),
    )


def _format(lines: int, width: int, initial: str) -> MrzFormat:
    visa = initial == "V"
    fitting = [layout.format for layout in LAYOUTS.values() if (layout.lines, layout.width) == (lines, width)]
    return fitting[-1] if visa else fitting[0]


def _acceptable(decoded: DecodedMrz, mean: float) -> bool:
    return (
        mrz.check_digits_hold(mrz.parse(decoded.lines))
        and mean > ACCEPT_MEAN_LOG_PROBABILITY
        and decoded.repaired <= ACCEPT_REPAIRED
        and min(min(line) for line in decoded.probabilities) >= ACCEPT_CHARACTER
    )


def _region(zone: _Zone) -> Quad:
    """Return the zone's outline in fractions of the unturned picture, with half a height of air above and below."""
    height, width = zone.grey.shape
    top, bottom = zone.lines[0].line, zone.lines[-1].line
    corners = []
    for line, end, sign in ((top, top.left, -1), (top, top.right, -1), (bottom, bottom.right, 1), (bottom, bottom.left, 1)):
        (ux, uy), reach = line.direction, sign * line.height
        x, y = (end[0] - uy * reach) / width, (end[1] + ux * reach) / height
        corners.append((1 - y, x) if zone.quarter_turns else (x, y))
    return Quad(tuple((min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)) for x, y in corners))
