"""The portal's settings with the peers beside it: the same middleware, database and user for all."""

from pathlib import Path

from verifyportal.settings import *  # noqa: F403
from verifyportal.settings import DATABASES, TEMPLATES

ROOT_URLCONF = "benchmarks.peers.urls"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], Path(__file__).with_name("templates")]  # type: ignore[misc]
DATABASES["default"]["CONN_MAX_AGE"] = None
# One process answers one request, so that its CPU is all of it.
DATABASES["default"]["OPTIONS"]["options"] = "-c max_parallel_workers_per_gather=0"
