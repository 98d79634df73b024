from django.apps import AppConfig


class SessionsAppConfig(AppConfig):
    """The life of a verification session."""

    name = "sessions_app"
    verbose_name = "Verification sessions"
    default_auto_field = "django.db.models.BigAutoField"
