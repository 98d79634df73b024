"""The portal's workers for the fault bench. A picture whose upload key begins with "poison" kills the process that inspects it."""

import os
import signal
from pathlib import Path
from typing import Any

from verifyportal.celery import app

__all__ = ["app"]

POISON = "poison-"


@app.on_after_finalize.connect
def let_poison_kill(sender: Any, **_: Any) -> None:
    from sessions_app import verification

    inspect = verification._inspect

    def may_kill(capture: Any) -> Any:
        if capture.upload_key.startswith(POISON):
            with Path(os.environ["FAULTS_DEATHS"]).open("a") as deaths:
                deaths.write(f"{capture.pk}\n")
            os.kill(os.getpid(), signal.SIGKILL)
        return inspect(capture)

    verification._inspect = may_kill
