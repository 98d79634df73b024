from django.apps import AppConfig


class SettingsAppConfig(AppConfig):
    """Who the company is and how strict it is."""

    name = "settings_app"
    verbose_name = "Companies and settings"
    default_auto_field = "django.db.models.BigAutoField"
