"""Drop what a kill left behind: encrypted pictures whose rows were never stored, half-written files, codes and replays whose time is over.

Every step asks "is this older than a day?", and no upload takes that long: a file that is being stored is never touched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from sessions_app.models import CaptureImage, ReplayRun, SweepRun, TransferCode
from sessions_app.sweeps import runs
from sessions_app.sweeps.runs import BATCH, Sweep
from settings_app.models import Company

Item = TypeVar("Item")

AGE = timedelta(days=1)

REPLAYS_KEPT = timedelta(days=7)
"""Afterwards what a change would have done is no news; the journal keeps the counts of those that were saved."""

SEEN_AGAIN = timedelta(days=1)
"""Folders that changed so long before the last look are looked into once more: clocks of file servers differ, and a look takes its time."""

SECONDS = 200
"""Of one run: a million folders on a slow shared disk. The time limits of its task are longer."""

MOST_UNKNOWN = BATCH // 2
"""Kills leave some files behind, not half of them. More means that another installation's database looks at these files."""


class TooManyUnknownFiles(Exception):
    """Most files have no row. Nothing is dropped, since this is more likely the wrong database, or an old one, than dirt."""


def drop_leftovers(*, now: datetime, seconds: float = SECONDS) -> int:
    """Drop codes, replays and files. Returns how many."""
    since = _since()
    with runs.begin(Sweep.LEFTOVERS, now=now, seconds=seconds) as run:
        run.each(_batches(runs.in_batches(TransferCode.objects.filter(expires_at__lte=now - AGE), by="expires_at")), _drop_codes)
        run.each(_batches(runs.in_batches(ReplayRun.objects.filter(created_at__lte=now - REPLAYS_KEPT), by="created_at")), _drop_replays)
        run.each(_batches(_aged_files(since, now - AGE)), _drop_files)
    return run.handled


def _since() -> datetime | None:
    """Folders that have not changed since then were looked into by the last run. None: look everywhere."""
    last = SweepRun.objects.filter(name=Sweep.LEFTOVERS, finished_at__isnull=False).first()
    if last is None or last.finished_at is None or (runs.MORE in last.failure and last.failed_at and last.failed_at >= last.started_at):
        return None
    return last.finished_at - AGE - SEEN_AGAIN


def _drop_codes(codes: list[TransferCode]) -> int:
    return TransferCode.objects.filter(pk__in=[code.pk for code in codes]).delete()[0]


def _drop_replays(replays: list[ReplayRun]) -> int:
    return ReplayRun.objects.filter(pk__in=[replay.pk for replay in replays]).delete()[0]


def _drop_files(paths: list[str]) -> int:
    """paths: relative to CAPTURE_ROOT. Half-written files never have a row."""
    known = set(CaptureImage.objects.filter(path__in=paths).values_list("path", flat=True))
    unknown = [path for path in paths if path not in known]
    if sum(path.endswith(".bin") for path in unknown) > MOST_UNKNOWN:
        raise TooManyUnknownFiles
    for path in unknown:
        (Path(settings.CAPTURE_ROOT) / path).unlink(missing_ok=True)  # another sweeper may have been faster
    return len(unknown)


def _aged_files(since: datetime | None, until: datetime) -> Iterator[str]:
    """Files of our own companies that were last written before `until`, in folders that changed after `since`."""
    for company in Company.objects.order_by("pk").values_list("public_id", flat=True):
        for folder in _entries(Path(settings.CAPTURE_ROOT) / str(company)):
            if folder.is_dir(follow_symlinks=False) and (since is None or _changed(folder) > since.timestamp()):
                for file in _entries(Path(folder.path)):
                    if file.is_file(follow_symlinks=False) and _changed(file) <= until.timestamp():
                        yield f"{company}/{folder.name}/{file.name}"


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        yield from entries


def _changed(entry: os.DirEntry[str]) -> float:
    """Seconds since the epoch; for ever later, and so never of interest, when it is gone already."""
    try:
        return entry.stat(follow_symlinks=False).st_mtime
    except FileNotFoundError:
        return float("inf")


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(islice(items, BATCH)):
        yield batch
