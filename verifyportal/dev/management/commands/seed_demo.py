"""Fill an empty portal with demo data, and write what a newcomer needs to walk through the flow."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from settings_app.models import Company
from verifyportal.dev import handout, seed

PAST = 10
"""For so many sessions with pictures, one without on each working day of the weeks before."""


class Command(BaseCommand):
    help = "Fill an empty portal with demo data: companies, people, sessions with drawn pictures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sessions", type=int, default=300)
        parser.add_argument("--seed", type=int, default=7, help="The same number gives the same demo data.")

    def handle(self, *args: Any, **options: Any) -> None:
        if Company.objects.exists():
            raise CommandError("This portal is not empty; demo data are only put into an empty one.")
        try:
            sessions = options["sessions"]
            access = seed.seed(sessions=sessions, number=options["seed"], now=timezone.now(), past_a_day=sessions / PAST)
        except seed.SpecimensRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        path = handout.write_access(json.dumps(access.as_dict(), indent=2))
        handout.write_specimens(today=timezone.now().date())
        self.stdout.write(f"{options['sessions']} sessions; logins and a link in {path}")
