"""Reads the machine-readable zone of a document in a picture: find lines, read characters, decode under check digits.

Accepts strictly, because a wrong identity is worse than none. Figures and what they were measured on: docs/mrz.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
_HEIGHTS = (1.0, 0.82)  # shares of the measured height
_HOPELESS = -2.5  # mean log-probability per character below which a group of lines is no MRZ
_LEGIBLE = 0.85  # mean probability per character below which lines are not worth a second, slower look
_MOST_LEGIBLE = 2  # legible zones without right check digits after which the search ends: the print is wrong or spoilt
_PROMISING = -0.9  # from here on no other width is tried

ACCEPT_MEAN_LOG_PROBABILITY = -0.15
ACCEPT_REPAIRED = 2
ACCEPT_EVIDENCE = 0.08  # share of belief that keeps the check digits: clear print with wrong digits must not be "repaired"
ACCEPT_CHECKED = 0.65  # probability of the least sure character of a field with a check digit, given the rules
ACCEPT_UNCHECKED = 0.85  # the same where nothing but the print speaks: names, states, sex


@dataclass(frozen=True, slots=True)
class _Zone:
    """Lines that were read as a zone, top to bottom in reading direction, in pixels of `grey`, a turned picture or not."""

    grey: GreyImage
    quarter_turns: int
    lines: tuple[ReadLine, ...]


def read(image: RgbImage) -> MrzReading | None:
    """Read the MRZ of a document photographed upright, on its side or upside down, up to about 15 degrees askew.

    Returns the first accepted reading, else the likeliest one with `accepted` False, whose lines are as seen and not repaired;
    None when nothing looks like an MRZ.
    """
    best: MrzReading | None = None
    legible = 0
    for zone in _zones(to_grey(fit_within(image, LONGEST_SIDE))):
        reading = _decode(zone)
        if not reading.accepted and reading.confidence >= _LEGIBLE:
            reading = _decode(_Zone(zone.grey, zone.quarter_turns, tuple(align(zone.grey, line) for line in zone.lines)))
            legible += 1
        if reading.accepted:
            return reading
        if reading.confidence >= _LEGIBLE and (best is None or reading.confidence > best.confidence):
            best = reading
        if legible == _MOST_LEGIBLE:
            break
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
    """Read a group of lines in the width, the height and the way up that fit one of its lines best; None when it is no MRZ."""
    tried: list[tuple[ReadLine, tuple[TextLine, ...]]] = []
    for width in sorted({layout.width for layout in LAYOUTS.values() if layout.lines == len(lines)}, reverse=True):
        tried += [(read_line(grey, ordered[0], width), ordered) for ordered in _ways_to_read(lines)]
        if max(first.score for first, _ in tried) > _PROMISING:
            break
    first, ordered = max(tried, key=lambda attempt: attempt[0].score)
    if first.score < _HOPELESS:
        return None
    return _Zone(grey, quarter_turns, (first, *(read_line(grey, line, len(first.windows)) for line in ordered[1:])))


def _ways_to_read(lines: Sequence[TextLine]) -> Iterator[tuple[TextLine, ...]]:
    """Yield lines as found and upside down, each as high as measured and less, because blur makes print look higher."""
    for share in _HEIGHTS:
        upright = tuple(replace(line, height=line.height * share) for line in lines)
        yield upright
        yield tuple(line.turned() for line in reversed(upright))


def _decode(zone: _Zone) -> MrzReading:
    beliefs = [probabilities(zone.grey, line) for line in zone.lines]
    format_ = _format(len(beliefs), len(beliefs[0]), CHARACTERS[int(beliefs[0][0].argmax())])
    decoded = decode_mrz(format_, beliefs)
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
        region=_region(zone),
    )


def _format(lines: int, width: int, initial: str) -> MrzFormat:
    visa = initial == "V"
    fitting = [layout.format for layout in LAYOUTS.values() if (layout.lines, layout.width) == (lines, width)]
    return fitting[-1] if visa else fitting[0]


def _acceptable(decoded: DecodedMrz, mean: float) -> bool:
    fields = mrz.parse(decoded.lines, decoded.probabilities)
    return (
        mrz.check_digits_hold(fields)
        and mean > ACCEPT_MEAN_LOG_PROBABILITY
        and decoded.repaired <= ACCEPT_REPAIRED
        and decoded.evidence >= ACCEPT_EVIDENCE
        and all(field.confidence >= (ACCEPT_UNCHECKED if field.check_digit_ok is None else ACCEPT_CHECKED) for field in fields)
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
