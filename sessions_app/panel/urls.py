from django.urls import path

from sessions_app.choices import Outcome
from sessions_app.panel import export_views, note_views, report_views, review_views, saved_view_views, thumbnail_views, views

app_name = "panel"
urlpatterns = [
    path("match-levels/", views.match_levels, name="match_levels"),
    path("review/", review_views.review_list, name="review_list"),
    path("review/badge/", review_views.review_badge, name="review_badge"),
    path("review/start/", review_views.review_start, name="review_start"),
    path("review/selected/", review_views.review_bulk_act, name="review_bulk"),
    path("sessions/", views.session_list, name="session_list"),
    path("sessions/count/", views.session_count, name="session_count"),
    path("sessions/rows/", views.session_rows, name="session_rows"),
    path("sessions/thumbnails/", thumbnail_views.session_thumbnails, name="session_thumbnails"),
    path("sessions/views/", saved_view_views.view_list, name="view_list"),
    path("sessions/views/<int:view_id>/rename/", saved_view_views.view_rename, name="view_rename"),
    path("sessions/views/<int:view_id>/delete/", saved_view_views.view_delete, name="view_delete"),
    path("sessions/export.csv", export_views.session_export, name="session_export"),
    path("sessions/export/<uuid:export_id>/progress/", export_views.session_export_progress, name="session_export_progress"),
    path("sessions/export/<uuid:export_id>/cancel/", export_views.session_export_cancel, name="session_export_cancel"),
    path("sessions/new/", views.session_new, name="session_new"),
    path("sessions/<uuid:public_id>/", views.session_details, name="session_details"),
    path("sessions/<uuid:public_id>/menu/", views.session_menu, name="session_menu"),
    path("sessions/<uuid:public_id>/ready/", views.session_ready, name="session_ready"),
    path("sessions/<uuid:public_id>/link/", views.session_link, name="session_link"),
    path("sessions/<uuid:public_id>/cancel/", views.session_cancel, name="session_cancel"),
    path("sessions/<uuid:public_id>/claim/", review_views.session_claim, name="session_claim"),
    path("sessions/<uuid:public_id>/release/", review_views.session_release, name="session_release"),
    path("sessions/<uuid:public_id>/keep/", review_views.session_keep, name="session_keep"),
    path("sessions/<uuid:public_id>/approve/", review_views.session_decide, {"outcome": Outcome.APPROVE}, name="session_approve"),
    path("sessions/<uuid:public_id>/decline/", review_views.session_decide, {"outcome": Outcome.DECLINE}, name="session_decline"),
    path("sessions/<uuid:public_id>/undo/", review_views.session_undo, name="session_undo"),
    path("sessions/<uuid:public_id>/redo/", review_views.session_redo, name="session_redo"),
    path("sessions/<uuid:public_id>/correct/", review_views.session_correct, name="session_correct"),
    path("sessions/<uuid:public_id>/notes/", note_views.session_notes, name="session_notes"),
    path("sessions/<uuid:public_id>/report.pdf", report_views.session_report, name="session_report"),
    path("sessions/<uuid:public_id>/photos/<uuid:capture_id>/<int:position>/", views.session_photo, name="session_photo"),
]
