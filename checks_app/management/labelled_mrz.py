"""Folders of pictures with known MRZ text, and how readers fare on them."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
from PIL import Image

from checks_app.document import mrz, mrz_reader
from checks_app.imaging import RgbImage
from checks_app.management.labelled_folder import open_upright, read_rows, share

LINES = ("mrz_line1", "mrz_line2", "mrz_line3")
COLUMNS = ("file", *LINES)
PORTAL, OWN = "VerifyPortal", "own recogniser alone"


class UnreadablePicture(ValueError):
    """A picture of the manifest is missing, is no picture, or has no text to compare with; the message tells which."""


@dataclass(frozen=True, slots=True)
class Specimen:
    """A picture, the text that its MRZ holds, and whether the printed check digits are right at all."""

    file: str
    lines: tuple[str, ...]
    check_digits_ok: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader says. accepted: it would be used as an identity."""

    lines: tuple[str, ...]
    accepted: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one reader made of one picture. characters_right: share of the true characters, 0..1. cpu_seconds: its programs included."""

    reader: str
    file: str
    check_digits_ok: bool
    accepted: bool
    exact: bool
    lines_exact: int
    characters_right: float
    cpu_seconds: float
    lines: tuple[str, ...]
    truth: tuple[str, ...]


Reader = Callable[[RgbImage], Mapping[str, Answer]]


def read_manifest(folder: Path) -> list[Specimen]:
    """Read the truth of a folder; the column check_digits_ok may be missing and is then computed. Raises BadManifest."""
    return [_specimen(row) for row, _ in read_rows(folder, COLUMNS) if any(row.get(name) for name in COLUMNS)]


def _specimen(row: Mapping[str, str | None]) -> Specimen:
    lines = tuple(text for name in LINES if (text := (row[name] or "").strip()))
    told = (row.get("check_digits_ok") or "").strip().lower()
    return Specimen((row["file"] or "").strip(), lines, told == "true" if told else digits_hold(lines))


def digits_hold(lines: Sequence[str]) -> bool:
    """Tell whether text is an MRZ in which all check digits are right."""
    try:
        return mrz.check_digits_hold(mrz.parse(lines))
    except (mrz.UnknownMrzFormat, mrz.InvalidMrzCharacter):
        return False


def load(folder: Path, specimen: Specimen) -> RgbImage:
    """Open the picture of a specimen, upright. Raises UnreadablePicture."""
    if not specimen.lines:
        raise UnreadablePicture(f"{specimen.file}: the manifest has no text for it")
    try:
        return open_upright(folder / specimen.file)
    except (OSError, ValueError, Image.DecompressionBombError) as refusal:
        raise UnreadablePicture(f"{specimen.file}: {refusal}") from refusal


def portal(image: RgbImage) -> dict[str, Answer]:
    """Read as the product does; also tell what its own recogniser saw before any rule repaired it."""
    examined = mrz_reader.examine(image)
    reading = examined.reading
    said = Answer(reading.lines, reading.accepted) if reading else Answer((), accepted=False)
    return {PORTAL: said, OWN: Answer(examined.own_lines, digits_hold(examined.own_lines))}


def examine(specimen: Specimen, image: RgbImage, reader: Reader) -> list[Outcome]:
    """Let a reader read a picture and compare."""
    started = _cpu_seconds()
    answers = reader(image)
    seconds = round(_cpu_seconds() - started, 3)
    return [_outcome(name, specimen, answer, seconds) for name, answer in answers.items()]


def _outcome(name: str, specimen: Specimen, answer: Answer, seconds: float) -> Outcome:
    pairs = list(zip(specimen.lines, answer.lines, strict=False))
    right = sum(block.size for pair in pairs for block in SequenceMatcher(None, *pair, autojunk=False).get_matching_blocks())
    return Outcome(
        reader=name,
        file=specimen.file,
        check_digits_ok=specimen.check_digits_ok,
        accepted=answer.accepted,
        exact=answer.lines == specimen.lines,
        lines_exact=sum(truth == said for truth, said in pairs),
        characters_right=right / sum(map(len, specimen.lines)),
        cpu_seconds=seconds,
        lines=answer.lines,
        truth=specimen.lines,
    )


def _cpu_seconds() -> float:
    """Return the CPU time of this process and of the programs that it started and that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def report(outcomes: Sequence[Outcome]) -> list[str]:
    """Tell the figures of every reader, then each picture that VerifyPortal did not read exactly."""
    lines = []
    for reader in dict.fromkeys(outcome.reader for outcome in outcomes):
        lines += _figures(reader, [outcome for outcome in outcomes if outcome.reader == reader])
    for outcome in outcomes:
        if outcome.reader == PORTAL and not (outcome.accepted and outcome.exact):
            state = "ACCEPTED BUT WRONG" if outcome.accepted else "refused" if outcome.lines else "not found"
            lines.append(f"  {outcome.file}: {state}, {outcome.characters_right:.1%} of characters right")
    return lines


def _figures(reader: str, outcomes: Sequence[Outcome]) -> list[str]:
    sound = [outcome for outcome in outcomes if outcome.check_digits_ok]
    unsound = [outcome for outcome in outcomes if not outcome.check_digits_ok]
    seconds = [outcome.cpu_seconds for outcome in outcomes]
    return [
        f"{reader}: {len(outcomes)} pictures, {len(sound)} of them with right check digits",
        f"  accepted and exact   {share(sum(outcome.accepted and outcome.exact for outcome in sound), len(sound))}",
        f"  accepted but wrong   {share(sum(outcome.accepted and not outcome.exact for outcome in outcomes), len(outcomes))}",
        f"  refused or not read  {share(sum(not outcome.accepted for outcome in sound), len(sound))}",
        f"  wrong digits printed, refused  {share(sum(not outcome.accepted for outcome in unsound), len(unsound))}",
        f"  lines exact          {share(sum(o.lines_exact for o in outcomes), sum(len(o.truth) for o in outcomes))}",
        f"  characters right     {np.mean([outcome.characters_right for outcome in outcomes]):.2%}",
        f"  CPU seconds          median {np.median(seconds):.2f}, 95th percentile {np.percentile(seconds, 95):.2f}",
    ]
