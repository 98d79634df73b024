import argparse

from django.core.management.base import BaseCommand, CommandError

from sessions_app.metrics import recount
from settings_app.models import Company


class Command(BaseCommand):
    """The counts keep themselves; this proves it, and mends what somebody changed past the portal."""

    help = "Count the finished sessions of every company, or of one, from scratch and say how many daily counts were not right."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--company", help="name of the company; without it, all of them")

    def handle(self, *args: object, **options: str | None) -> None:
        companies = Company.objects.order_by("pk")
        if options["company"]:
            companies = companies.filter(name=options["company"])
            if not companies:
                raise CommandError(f"There is no company {options['company']}.")
        for company in companies:
            was_counted = company.counted_zone == company.time_zone
            wrong = recount.recount(company=company)
            said = "were not right" if was_counted else "made: it was not counted in this time zone yet"
            self.stdout.write(f"{company.name}: {wrong:,} counts {said}")
