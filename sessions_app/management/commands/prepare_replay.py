from django.core.management.base import BaseCommand

from sessions_app.replay import preparation
from sessions_app.replay.preparation import Made


class Command(BaseCommand):
    """To be run once, after an update to the version that can replay changes of thresholds."""

    help = "Make past attempts ready for replays of threshold changes, from what is stored of them. It can be broken off and run again."

    def handle(self, *args: object, **options: object) -> None:
        counted = preparation.prepare()
        for made in Made:
            if made is Made.LINE or counted[made]:
                self.stdout.write(f"{counted[made]:,} attempts {made}")
