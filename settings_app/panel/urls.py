from django.urls import include, path
from django.views.generic import RedirectView

from settings_app.panel import settings_urls

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="panel:session_list"), name="home"),
    path("settings/", include(settings_urls)),
]
