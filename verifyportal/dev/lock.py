"""One portal per directory. The lock is held by every process of a portal, so it is free only when the last of them is gone."""

import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AFTERMATH_SECONDS = 20  # how long the children of a killed portal may take to end
POLL_SECONDS = 0.2


class AlreadyHeld(Exception):
    """Another portal holds the lock; `note` is what it wrote about itself, empty while it starts."""

    def __init__(self, note: dict[str, Any]) -> None:
        super().__init__("another portal is running here")
        self.note = note


@dataclass(frozen=True)
class Lock:
    """A held lock. Children inherit `descriptor` and with it their share of the lock."""

    descriptor: int

    def write(self, note: dict[str, Any]) -> None:
        """Tell whoever finds the lock held who we are and where our services listen. Only our own user can read it."""
        text = json.dumps({"pid": os.getpid(), **note}).encode()
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, text, 0)

    def release(self) -> None:
        os.ftruncate(self.descriptor, 0)
        os.close(self.descriptor)


def hold(path: Path) -> Lock:
    """Take the lock at `path`, or raise AlreadyHeld. Children of a killed portal are given a moment to end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + AFTERMATH_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note = read(path)
            if not note or _lives(note["pid"]) or time.monotonic() > deadline:
                os.close(descriptor)
                raise AlreadyHeld(note) from None
            time.sleep(POLL_SECONDS)
        else:
            lock = Lock(descriptor)
            lock.write({})
            return lock


def read(path: Path) -> dict[str, Any]:
    """Return the note in the lock file, empty when there is none."""
    try:
        note: dict[str, Any] = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return note


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
