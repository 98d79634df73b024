import os
import subprocess
import sys

from verifyportal.celery import app
from verifyportal.dev.services import ROOT


def test_beat_asks_only_for_tasks_that_exist_on_queues_that_workers_serve() -> None:
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["queue"] in app.conf.task_queues


def test_every_task_is_served_by_a_queue_of_ours() -> None:
    app.loader.import_default_modules()
    ours = {name for name in app.tasks if not name.startswith("celery.")}
    assert {app.amqp.router.route({}, name)["queue"].name for name in ours} == {"inspect", "verify", "sweeps"}
    assert set(app.conf.task_routes) <= ours


def test_a_pool_child_ends_with_its_worker() -> None:
    """A process that forks a child, which takes the promise as pool children do, and is then killed."""
    script = """
import os, signal, sys, time
from verifyportal.celery import end_with_the_worker
child = os.fork()
if child == 0:
    end_with_the_worker()
    print("promised", flush=True)
    time.sleep(600)
time.sleep(600)
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert parent.stdout
    assert parent.stdout.readline() == b"promised\n"
    parent.kill()
    assert parent.stdout.read() == b""  # the pipe closes only when the child, too, is gone
