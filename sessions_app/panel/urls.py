from django.urls import path

from sessions_app.panel import thumbnail_views, views

app_name = "panel"
urlpatterns = [
    path("match-levels/", views.match_levels, name="match_levels"),
    path("sessions/", views.session_list, name="session_list"),
    path("sessions/rows/", views.session_rows, name="session_rows"),
    path("sessions/thumbnails/", thumbnail_views.session_thumbnails, name="session_thumbnails"),
    path("sessions/new/", views.session_new, name="session_new"),
    path("sessions/<uuid:public_id>/", views.session_details, name="session_details"),
    path("sessions/<uuid:public_id>/menu/", views.session_menu, name="session_menu"),
    path("sessions/<uuid:public_id>/ready/", views.session_ready, name="session_ready"),
    path("sessions/<uuid:public_id>/link/", views.session_link, name="session_link"),
    path("sessions/<uuid:public_id>/cancel/", views.session_cancel, name="session_cancel"),
    path("sessions/<uuid:public_id>/photos/<uuid:capture_id>/<int:position>/", views.session_photo, name="session_photo"),
]
