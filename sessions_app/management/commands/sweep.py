import argparse
import math
from collections.abc import Callable
from datetime import datetime

from django.core.management.base import BaseCommand
from django.utils import timezone

from sessions_app import sweeps
from sessions_app.models import SweepRun
from sessions_app.sweeps import Sweep

SWEEPS: dict[Sweep, Callable[..., int]] = {
    Sweep.CLOSE: sweeps.close_overdue_sessions,
    Sweep.RECOVER: sweeps.recover_overdue,
    Sweep.TRANSFERS: sweeps.end_transfers,
    Sweep.WATCH: sweeps.watch_for_stuck,
    Sweep.LEFTOVERS: sweeps.drop_leftovers,
    Sweep.OLD_PICTURES: sweeps.erase_old_pictures,
    Sweep.DRIFT: sweeps.watch_for_drift,
    Sweep.CATCH_UP: sweeps.catch_up,
}


class Command(BaseCommand):
    """For operators whose beat is dead, or who do not want to wait for it."""

    help = "Run the sweeps that beat calls for, all or those named, and print what they did."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", type=Sweep, metavar="NAME", help=", ".join(Sweep))

    def handle(self, *args: object, **options: list[Sweep]) -> None:
        for sweep in options["names"] or Sweep:
            self.stdout.write(f"{sweep}: {self._run(sweep, began=timezone.now())}")

    def _run(self, sweep: Sweep, *, began: datetime) -> str:
        handled = SWEEPS[sweep](now=began, seconds=math.inf)  # until nothing is left
        run = SweepRun.objects.filter(name=sweep).first()
        if run is None or run.started_at < began:
            return "another process does it at this moment"
        failure = f", but: {run.failure}" if run.failed_at and run.failed_at >= began else ""
        return f"{handled:,} handled in {(timezone.now() - began).total_seconds():.1f} s{failure}"
