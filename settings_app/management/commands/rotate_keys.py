from django.core.management.base import BaseCommand
from django.utils import timezone

from settings_app import keys
from settings_app.models import Company


class Command(BaseCommand):
    """Rewraps every company's key under the first key of MASTER_KEYS, so that an older one can be retired."""

    help = "Rewrap every company's key under the first key of MASTER_KEYS. Stored files stay as they are."

    def handle(self, *args: object, **options: object) -> None:
        companies = Company.objects.order_by("pk")
        rotated = sum(keys.rotate(company=company, now=timezone.now()) for company in companies)
        self.stdout.write(f"{rotated} of {companies.count()} company keys rewrapped")
