"""Addresses of the hosted flow: `/v/<token>/` is the link; the rest is addressed by the handle and opened by the cookie."""

from django.urls import path

from sessions_app.flow import capture_views, views

app_name = "flow"

urlpatterns = [
    path("v/<str:token>/", views.enter, name="enter"),
    path("verify/<slug:handle>/", views.page, name="page"),
    path("verify/<slug:handle>/consent/", views.consent, name="consent"),
    path("verify/<slug:handle>/extra/", views.extra, name="extra"),
    path("verify/<slug:handle>/document/", views.document, name="document"),
    path("verify/<slug:handle>/captures/", capture_views.upload, name="captures"),
    path("verify/<slug:handle>/captures/<uuid:public_id>/", capture_views.state, name="capture"),
    path("verify/<slug:handle>/captures/<uuid:public_id>/image/", capture_views.image, name="image"),
    path("verify/<slug:handle>/captures/<uuid:public_id>/keep/", capture_views.keep, name="keep"),
    path("verify/<slug:handle>/retake/", capture_views.retake, name="retake"),
    path("verify/<slug:handle>/challenge/", capture_views.challenge, name="challenge"),
    path("verify/<slug:handle>/submit/", views.submit, name="submit"),
    path("verify/<slug:handle>/progress/", views.progress, name="progress"),
    path("verify/<slug:handle>/language/", views.language, name="language"),
]
