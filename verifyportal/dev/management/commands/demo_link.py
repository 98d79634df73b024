"""Print a fresh verification link of the demo bank."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from verifyportal.dev import seed


class Command(BaseCommand):
    help = "Create a session of the demo bank and print its link."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(seed.demo_link(now=timezone.now()))
