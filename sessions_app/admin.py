"""What operators see of sessions: that they exist and how they ended, never who was verified (R80)."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from sessions_app.models import VerificationSession


@admin.register(VerificationSession)
class VerificationSessionAdmin(admin.ModelAdmin):
    """Read-only and without photos, names, numbers, references, extra fields and addresses."""

    fields = (
        "public_id",
        "company",
        "outcome",
        "reasons",
        "created_at",
        "expires_at",
        "opened_at",
        "last_activity_at",
        "closed_at",
        "market",
        "language",
        "document_kind",
        "max_retries",
        "forced_retries",
        "result_attempt",
        "device",
        "browser",
        "os",
    )
    readonly_fields = fields
    list_display = ("public_id", "company", "outcome", "created_at", "closed_at", "market")
    list_filter = ("outcome", "company")
    list_select_related = ("company",)
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("public_id__exact",)
    search_help_text = "Session ID"
    ordering = ("-created_at", "-id")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: VerificationSession | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: VerificationSession | None = None) -> bool:
        return False
