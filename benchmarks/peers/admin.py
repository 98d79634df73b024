"""What Django's admin gives for a few lines: columns, search, filters, the number of everything."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from benchmarks.million import LARGEST
from sessions_app.models import VerificationSession


class SessionAdmin(admin.ModelAdmin):
    """One company's sessions, 25 a page, as the panel shows them."""

    list_display = ("first_name", "last_name", "created_at", "document_kind", "liveness_passed", "outcome", "extra_values")
    list_filter = ("document_kind", "outcome", "digital_spoof", "not_full_id", "low_far", "created_at")
    search_fields = ("first_name", "last_name", "personal_number", "document_number")
    ordering = ("-created_at",)
    list_per_page = 25

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(company__name=LARGEST)


site = admin.AdminSite(name="peer")
site.register(VerificationSession, SessionAdmin)
