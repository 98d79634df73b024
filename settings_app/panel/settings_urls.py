from django.urls import path
from django.views.generic import RedirectView

from settings_app.panel import session_views

app_name = "settings"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="panel:thresholds"), name="home"),
    path("sessions/", session_views.sessions, name="sessions"),
]
