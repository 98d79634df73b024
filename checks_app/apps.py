"""Makes the checks known to Django, which needs it for the commands and the system checks alone."""

from django.apps import AppConfig


class ChecksAppConfig(AppConfig):
    """The image checks: arrays and numbers in, findings out."""

    name = "checks_app"
    verbose_name = "Image checks"

    def ready(self) -> None:
        """Register the system checks."""
        from checks_app import system_checks  # noqa: F401
