"""The portal's workers with an inspection, or a replay after its first slice, that does not end by itself.

It appends to the file FAULT_MARKER which process works. Then, as FAULT says, it goes on when the file FAULT_RELEASE is there ("hang"), or
kills the process that it runs in ("kill").
"""

import os
import signal
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

from verifyportal.celery import app

__all__ = ["app"]


@app.on_after_finalize.connect
def slow_down(sender: Any, **_: Any) -> None:
    from sessions_app import verification
    from sessions_app.replay import reading, slices

    inspect, ended = verification._inspect, reading.ended

    def slow_inspection(capture: Any) -> Any:
        fail()
        return inspect(capture)

    def slow_replay(window: Any, place: Any, **given: Any) -> Any:
        if place is not None:
            fail()
        return ended(window, place, **given)

    verification._inspect = slow_inspection
    reading.ended = slow_replay
    slices.CHUNK, slices.SECONDS = 1, 0.0


def fail() -> None:
    with Path(os.environ["FAULT_MARKER"]).open("a") as marker:
        marker.write(f"{os.getpid()}\n")
    if os.environ["FAULT"] == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    while not Path(os.environ["FAULT_RELEASE"]).exists():
        time.sleep(0.02)
