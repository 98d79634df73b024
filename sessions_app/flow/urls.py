"""Addresses of the hosted flow: `/v/<token>/` is the link; the rest is addressed by the handle and opened by the cookie.

`/phone/` is where a phone takes a session over; then it has a handle and a cookie of its own.
"""

from django.urls import path

from sessions_app.flow import brand_views, capture_views, handover_views, views

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
    path("verify/<slug:handle>/phone/", handover_views.handover, name="handover"),
    path("verify/<slug:handle>/phone/code/", handover_views.code, name="handover_code"),
    path("verify/<slug:handle>/phone/take-back/", handover_views.take_back, name="take_back"),
    path("brand/<slug:colour>.css", brand_views.colours, name="colours"),
    path("brand/<slug:digest>.png", brand_views.logo, name="logo"),
    path("phone/", handover_views.phone, name="phone"),
    path("phone/connect/", handover_views.phone_connect, name="phone_connect"),
    path("phone/<str:token>/", handover_views.phone_enter, name="phone_enter"),
]
