"""Reads the machine-readable zone of a document in a picture: find lines, read characters, decode under check digits.

Accepts strictly, because a wrong identity is worse than none. Figures and what they were measured on: docs/mrz.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from checks_app.document import mrz, mrz_tesseract
from checks_app.document.mrz_alignment import ReadLine, align, begin_together, probabilities, read_line
from checks_app.document.mrz_decoding import DecodedMrz, decode_mrz
from checks_app.document.mrz_layouts import CHARACTERS, LAYOUTS, STATES, MrzFormat
from checks_app.document.mrz_lines import find_groups
from checks_app.document.mrz_strips import CAP_HEIGHT, PITCH, TextLine
from checks_app.document.mrz_voting import agreement, combine, contradicted, votes
from checks_app.document.trellis import Floats, Indices
from checks_app.imaging import GreyImage, RgbImage, fit_within, to_grey
from checks_app.results import Engine, MrzField, MrzReading, Quad

ENGINE = Engine(name="ocrb-mlp+tesseract", version="2.0")

LONGEST_SIDE = 2000  # pixels; a passport that fills half of it still has 20 pixels per character
SEARCHES = ((800, 0), (800, 90), (500, 0), (500, 90), (1200, 0), (1200, 90), (800, 22), (800, -22), (800, 112), (800, 68))
"""Longer side in pixels and turn in degrees in which zones are looked for, the likeliest first."""

_GROUPS_EACH = 6  # candidate zones tried per size and orientation
_HEIGHTS = (1.0, 0.82)  # shares of the measured height
_AS_MEASURED = (0.6, 1.35)  # characters that a line's length and height suggest, per character that it has: blur makes it high
_HOPELESS = -1.3  # mean log-probability per character below which a group of lines is no MRZ
_LEGIBLE = 0.8  # mean probability per character below which lines are not worth a second, slower look
_MOST_LEGIBLE = 2  # legible zones without right check digits after which the search ends: the print is wrong or spoilt
_PROMISING = -0.9  # from here on no other width is tried

ACCEPT_MEAN_LOG_PROBABILITY = -0.15
ACCEPT_REPAIRED = 2
ACCEPT_EVIDENCE = 0.08  # share of belief that keeps the check digits: clear print with wrong digits must not be "repaired"
ACCEPT_CHECKED = 0.65  # probability of the least sure character of a field of digits with a check digit, given the rules
ACCEPT_MIXED = 0.95  # the same with letters: to a check digit 0 and U, F and P, G and Q are alike, because it counts modulo 10
ACCEPT_UNCHECKED = 0.9  # the same where nothing but the print speaks: names, states, sex, read by one reader
ACCEPT_AGREED = 0.95  # the same where the second reader says the same, which has raised it already
ACCEPT_DISPUTED = 0.9  # the same where the second reader says something else or nothing, which has lowered it
ACCEPT_CONTRADICTED, ACCEPT_STILL_CONTRADICTED = 0.98, 0.9
"""Probability of a letter or digit without check digit for which the second reader names another: at the first look, and after a second,
better aligned one."""


@dataclass(frozen=True, slots=True)
class _Zone:
    """Lines that were read as a zone, top to bottom in reading direction, in pixels of `grey`."""

    grey: GreyImage
    lines: tuple[ReadLine, ...]


@dataclass(frozen=True, slots=True)
class Examination:
    """A reading, and the lines as the first reader alone saw them: no second reader, no check digits, no rule of any field."""

    reading: MrzReading | None
    own_lines: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        return self.reading is not None and self.reading.accepted

    @property
    def confidence(self) -> float:
        return self.reading.confidence if self.reading else 0.0


def read(image: RgbImage) -> MrzReading | None:
    """Read the MRZ of a document photographed upright, on its side or upside down, up to about 25 degrees askew.

    Returns the first accepted reading, else the likeliest one with `accepted` False, whose lines are as seen and not repaired;
    None when nothing looks like an MRZ.
    """
    return examine(image).reading


def examine(image: RgbImage) -> Examination:
    """Read as `read` does, and also tell what the first reader alone saw."""
    best = Examination(None, ())
    legible = 0
    for zone in _zones(to_grey(fit_within(image, LONGEST_SIDE))):
        beliefs = _beliefs(zone)
        if _legibility(beliefs) < _LEGIBLE:
            continue
        examined = _examine(zone, beliefs, contradicted_from=ACCEPT_CONTRADICTED)
        if not examined.accepted:
            zone = replace(zone, lines=tuple(align(zone.grey, line) for line in zone.lines))
            examined = _examine(zone, _beliefs(zone), contradicted_from=ACCEPT_STILL_CONTRADICTED)
            legible += 1
        if examined.accepted:
            return examined
        best = max(best, examined, key=lambda examination: examination.confidence)
        if legible == _MOST_LEGIBLE:
            break
    return best


def _zones(grey: GreyImage) -> Iterator[_Zone]:
    """Yield what may be a zone, likeliest places first; each is only looked for when all before it were not accepted."""
    for working_side, turn in SEARCHES:
        for group in find_groups(grey, working_side=working_side, turn=turn)[:_GROUPS_EACH]:
            zone = _read_group(grey, group.lines)
            if zone is not None:
                yield zone


def _read_group(grey: GreyImage, lines: Sequence[TextLine]) -> _Zone | None:
    """Read a group of lines in the width, the height and the way up that fit one of its lines best; None when it is no MRZ."""
    tried: list[tuple[ReadLine, tuple[TextLine, ...]]] = []
    for width in _widths(lines):
        tried += [(read_line(grey, ordered[0], width), ordered) for ordered in _ways_to_read(lines)]
        if max(first.score for first, _ in tried) > _PROMISING:
            break
    first, ordered = max(tried, key=lambda attempt: attempt[0].score, default=(None, ()))
    if first is None or first.score < _HOPELESS:
        return None
    return _Zone(grey, (first, *(read_line(grey, line, len(first.windows)) for line in ordered[1:])))


def _widths(lines: Sequence[TextLine]) -> list[int]:
    """Return how many characters the lines may have by the shape of OCR-B, most first."""
    characters = lines[0].length / lines[0].height * CAP_HEIGHT / PITCH
    possible = {layout.width for layout in LAYOUTS.values() if layout.lines == len(lines)}
    low, high = _AS_MEASURED
    return sorted((width for width in possible if low * width <= characters <= high * width), reverse=True)


def _ways_to_read(lines: Sequence[TextLine]) -> Iterator[tuple[TextLine, ...]]:
    """Yield lines as found and upside down, each as high as measured and less, because blur makes print look higher."""
    for share in _HEIGHTS:
        upright = tuple(replace(line, height=line.height * share) for line in lines)
        yield upright
        yield tuple(line.turned() for line in reversed(upright))


def _beliefs(zone: _Zone) -> list[Floats]:
    return [probabilities(zone.grey, line) for line in zone.lines]


def _legibility(beliefs: Sequence[Floats]) -> float:
    """Return the mean probability of the likeliest characters, 0..1, before any rule."""
    return float(np.exp(np.mean([line.max(axis=1) for line in beliefs])))


def _examine(zone: _Zone, beliefs: Sequence[Floats], *, contradicted_from: float) -> Examination:
    """Ask the second reader, too, and decode what both believe."""
    said = mrz_tesseract.read_lines(zone.grey, [line.line for line in zone.lines], len(beliefs[0]))
    format_ = _format(len(beliefs), len(beliefs[0]), CHARACTERS[int(beliefs[0][0].argmax())])
    cast = None if said is None else votes(beliefs, said)
    decoded = decode_mrz(format_, beliefs if cast is None else combine(beliefs, cast))
    mean = float(np.mean([np.log(np.maximum(line, 1e-9)).mean() for line in decoded.probabilities]))
    disputed = () if cast is None else contradicted(format_, decoded.lines, cast)
    stands = all(decoded.probabilities[line][column] >= contradicted_from for line, column in disputed)
    accepted = stands and begin_together(zone.lines) and _acceptable(decoded, format_, mean, cast)
    lines = decoded.lines if accepted else decoded.seen
    reading = MrzReading(
        format=format_,
        lines=lines,
        fields=_fields(lines, decoded, cast),
        confidence=float(np.exp(mean)),
        repaired=decoded.repaired,
        accepted=accepted,
        region=_region(zone),
    )
    return Examination(reading, tuple("".join(CHARACTERS[best] for best in line.argmax(axis=1)) for line in beliefs))


def _fields(lines: Sequence[str], decoded: DecodedMrz, cast: Sequence[Indices] | None) -> tuple[MrzField, ...]:
    agreed = None if cast is None else [agreement(line, votes_) for line, votes_ in zip(lines, cast, strict=True)]
    return mrz.parse(lines, decoded.probabilities, agreed)


def _format(lines: int, width: int, initial: str) -> MrzFormat:
    visa = initial == "V"
    fitting = [layout.format for layout in LAYOUTS.values() if (layout.lines, layout.width) == (lines, width)]
    return fitting[-1] if visa else fitting[0]


def _acceptable(decoded: DecodedMrz, format_: MrzFormat, mean: float, cast: Sequence[Indices] | None) -> bool:
    fields = _fields(decoded.lines, decoded, cast)
    return (
        mrz.check_digits_hold(fields)
        and mean > ACCEPT_MEAN_LOG_PROBABILITY
        and decoded.repaired <= ACCEPT_REPAIRED
        and decoded.evidence >= ACCEPT_EVIDENCE
        and all(field.confidence >= required(field, format_) for field in fields)
        and not any(character.isdigit() for field in fields if field.name in STATES for character in field.raw)
    )


def required(field: MrzField, format_: MrzFormat) -> float:
    """Return how sure the least sure character of a field must be."""
    if field.check_digit_ok is not None:
        alphabets = [layout.alphabet for layout in LAYOUTS[format_].fields if layout.name == field.name]
        return ACCEPT_MIXED if any(alphabet == CHARACTERS for alphabet in alphabets) else ACCEPT_CHECKED
    return {True: ACCEPT_AGREED, False: ACCEPT_DISPUTED, None: ACCEPT_UNCHECKED}[field.agreed]


def _region(zone: _Zone) -> Quad:
    """Return the zone's outline in fractions of the unturned picture, with half a height of air above and below."""
    height, width = zone.grey.shape
    top, bottom = zone.lines[0].line, zone.lines[-1].line
    corners = []
    for line, end, sign in ((top, top.left, -1), (top, top.right, -1), (bottom, bottom.right, 1), (bottom, bottom.left, 1)):
        (ux, uy), reach = line.direction, sign * line.height
        x, y = (end[0] - uy * reach) / width, (end[1] + ux * reach) / height
        corners.append((min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)))
    return Quad(tuple(corners))
