"""What one gets without thinking about it: Celery with its defaults, which forgets a task when it begins, and nothing but the queue."""

import os
import time
from pathlib import Path

from celery import Celery

WORK_SECONDS = 1.0  # about as long as a picture takes to be inspected, without its cost

app = Celery("naive", broker=os.environ.get("REDIS_URL"), set_as_current=False)


@app.task
def work(number: int) -> None:
    """Stand for one inspection, and write down that it came to its end."""
    time.sleep(WORK_SECONDS)
    with Path(os.environ["FAULTS_NAIVE"]).open("a") as done:
        done.write(f"{number}\n")
