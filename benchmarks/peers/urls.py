from django.urls import include, path

from benchmarks.peers.admin import site
from benchmarks.peers.csv_export import export
from benchmarks.peers.tables import SessionList

urlpatterns = [
    path("peer/admin/", site.urls),
    path("peer/tables/", SessionList.as_view()),
    path("peer/export.csv", export),
    path("", include("verifyportal.urls")),
]
