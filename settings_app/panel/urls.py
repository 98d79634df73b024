from django.urls import include, path
from django.views.generic import RedirectView

from settings_app.panel import join_views, settings_urls

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="panel:session_list"), name="home"),
    path("join/", join_views.join, name="join"),
    path("join/<str:token>/", join_views.join_enter, name="join_enter"),
    path("settings/", include(settings_urls)),
]
