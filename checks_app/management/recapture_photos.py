"""Photographs of things and of screens, in folders by place and device: what the detector says, and what texture can tell at best.

A photo may be there in several views (a reduced one, a crop), told apart by the end of the file's name; it counts once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from checks_app.document import recapture
from checks_app.management import texture
from checks_app.management.discriminant import learn
from checks_app.management.labelled_folder import open_upright
from checks_app.results import Quad

SUFFIXES = {".jpg", ".jpeg", ".png"}
WHOLE_PICTURE = Quad(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
RESAMPLES, SEED = 2000, 20  # of the bootstrap

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Photo:
    """One photograph. score: the lowest of its views, None when none could be measured; texture: numbers by view."""

    screen: bool
    folder: str
    name: str
    score: float | None
    texture: dict[str, Table]


def read_photos(folder: Path, views: Sequence[str], *, screen: bool) -> list[Photo]:
    """Measure all photographs below a folder, in the order of their names. views: ends of files' names that are views of one photo."""
    by_photo: dict[tuple[str, str], dict[str, Path]] = {}
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES):
        view = next((view for view in views if path.stem.endswith(view)), "")
        by_photo.setdefault((path.parent.name, path.stem.removesuffix(view)), {})[view] = path
    return [_measured(place, name, files, screen=screen) for (place, name), files in by_photo.items()]


def _measured(place: str, name: str, files: dict[str, Path], *, screen: bool) -> Photo:
    images = {view: open_upright(path) for view, path in files.items()}
    scores = [recapture.judge_screen_replay(image, WHOLE_PICTURE).score for image in images.values()]
    known = [score for score in scores if score is not None]
    numbers = {view: texture.describe_texture(image, WHOLE_PICTURE) for view, image in images.items()}
    return Photo(screen, place, name, min(known, default=None), {view: one for view, one in numbers.items() if one is not None})


def pairs_held_out(photos: Sequence[Photo]) -> tuple[Table, Table]:
    """Compare every thing with every screen under a classifier that has seen neither of their two folders.

    Returns wins (things x screens: 1 where the screen scores higher, 0.5 at a tie) and the mean score of every photo, in the order
    of `photos`, under the classifiers that have not seen its folder. One classifier per view; a photo's score is the mean of its views'.
    """
    rows = {photo: number for number, photo in enumerate(map(id, photos))}
    wins = np.zeros((sum(not photo.screen for photo in photos), sum(photo.screen for photo in photos)))
    things, screens = ([photo for photo in photos if photo.screen is kind] for kind in (False, True))
    totals, times = np.zeros(len(photos)), np.zeros(len(photos))
    for left_out in _folder_pairs(photos):
        seen = [photo for photo in photos if (photo.screen, photo.folder) not in left_out]
        hidden = [photo for photo in photos if (photo.screen, photo.folder) in left_out]
        scores = dict(zip(map(id, hidden), texture_scores(seen, hidden), strict=True))
        for one, score in scores.items():
            totals[rows[one]] += score
            times[rows[one]] += 1
        for row, thing in enumerate(things):
            for column, screen in enumerate(screens):
                if id(thing) in scores and id(screen) in scores:
                    wins[row, column] = _win(scores[id(thing)], scores[id(screen)])
    return wins, totals / times


def _folder_pairs(photos: Sequence[Photo]) -> Iterator[set[tuple[bool, str]]]:
    places, devices = (sorted({photo.folder for photo in photos if photo.screen is kind}) for kind in (False, True))
    for place in places:
        for device in devices:
            yield {(False, place), (True, device)}


def texture_scores(seen: Sequence[Photo], hidden: Sequence[Photo]) -> list[float]:
    """Return how much each hidden photo looks like a screen to classifiers learnt from the seen ones: above 0 like one."""
    views = sorted({view for photo in seen for view in photo.texture})
    learnt = {}
    for view in views:
        there = [photo for photo in seen if view in photo.texture]
        learnt[view] = learn(np.array([photo.texture[view] for photo in there]), np.array([photo.screen for photo in there]))
    return [float(np.mean([learnt[view].score(numbers[None])[0] for view, numbers in photo.texture.items()])) for photo in hidden]


def _win(thing: float, screen: float) -> float:
    return 1.0 if screen > thing else 0.5 if screen == thing else 0.0


def wins_of(things: Sequence[float], screens: Sequence[float]) -> Table:
    """Compare scores that are higher for screens; returns things x screens."""
    return np.array([[_win(thing, screen) for screen in screens] for thing in things])


def area(wins: Table, things: Sequence[Photo], screens: Sequence[Photo]) -> dict[str, float]:
    """Return the area under the curve with 95 % intervals of two bootstraps: over photographs, and over whole folders."""
    chance = np.random.default_rng(SEED)
    photos, folders = [], []
    groups = [_by_folder(kind) for kind in (things, screens)]
    for _ in range(RESAMPLES):
        picked = [chance.integers(0, side, side) for side in wins.shape]
        photos.append(wins[np.ix_(*picked)].mean())
        drawn = [np.concatenate([group[number] for number in chance.integers(0, len(group), len(group))]) for group in groups]
        folders.append(wins[np.ix_(*drawn)].mean())
    (low, high), (widest, highest) = (np.percentile(values, (2.5, 97.5)) for values in (photos, folders))
    named = {"value": wins.mean(), "low": low, "high": high, "folders_low": widest, "folders_high": highest}
    return {name: round(float(value), 3) for name, value in named.items()}


def _by_folder(photos: Sequence[Photo]) -> list[NDArray[np.int64]]:
    names = np.array([photo.folder for photo in photos])
    return [np.flatnonzero(names == name) for name in sorted(set(names))]
