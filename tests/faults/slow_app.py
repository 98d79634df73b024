"""The portal's workers with an inspection that never ends: it says in the file FAULT_MARKER which process works, and waits to be killed."""

import os
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

from verifyportal.celery import app

__all__ = ["app"]


@app.on_after_finalize.connect
def hang(sender: Any, **_: Any) -> None:
    from sessions_app import verification

    def never_ends(capture: Any) -> Any:
        Path(os.environ["FAULT_MARKER"]).write_text(str(os.getpid()))
        time.sleep(600)

    verification._inspect = never_ends
