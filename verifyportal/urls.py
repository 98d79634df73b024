"""Every address of the portal, by who opens it."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from sessions_app.operators.views import portal_state
from verifyportal import health
from verifyportal.dev.style_page import error_page, style_page

setattr(admin.site, "login", secure_admin_login(admin.site.login))  # noqa: B010 - operators log in where everybody does, second factor included

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("admin/state/", portal_state, name="portal_state"),
    path("admin/", admin.site.urls),
    path("styleguide/", style_page, {"front": "panel"}, name="styleguide"),
    path("styleguide/flow/", style_page, {"front": "flow"}, name="styleguide_flow"),
    path("styleguide/errors/<slug:name>/", error_page, name="styleguide_error"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("settings_app.panel.urls")),
    path("", include("sessions_app.panel.urls")),
    path("", include("sessions_app.flow.urls")),
]

handler500 = "sessions_app.flow.trouble.server_error"
