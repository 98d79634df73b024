from django.urls import path
from django.views.generic import RedirectView

from settings_app.panel import people_views, session_views

app_name = "settings"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="panel:thresholds"), name="home"),
    path("sessions/", session_views.sessions, name="sessions"),
    path("sessions/changes/", session_views.session_changes, name="session_changes"),
    path("people/", people_views.people_list, name="people"),
    path("people/invitations/<uuid:public_id>/renew/", people_views.invitation_renew, name="invitation_renew"),
    path("people/invitations/<uuid:public_id>/withdraw/", people_views.invitation_withdraw, name="invitation_withdraw"),
    path("people/<int:person_id>/role/", people_views.person_role, name="person_role"),
    path("people/<int:person_id>/deactivate/", people_views.person_access, {"active": False}, name="person_deactivate"),
    path("people/<int:person_id>/reactivate/", people_views.person_access, {"active": True}, name="person_reactivate"),
]
