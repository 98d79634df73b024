"""What operators see of sessions: that they exist and how they ended, never who was verified (R80)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sessions_app import erasure
from sessions_app.models import VerificationSession

if TYPE_CHECKING:
    from settings_app.models import User


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
    actions = ("erase_pictures",)

    @admin.action(description=_("Erase pictures and faces"))
    def erase_pictures(self, request: HttpRequest, queryset: QuerySet[VerificationSession]) -> TemplateResponse | None:
        """Ask first: what is erased cannot be brought back. Sessions whose pictures are still needed are left alone and counted."""
        if "confirmed" not in request.POST:
            return TemplateResponse(request, "admin/erase_pictures.html", self._question(request, queryset))
        erased = refused = 0
        for session in queryset:
            try:
                erased += erasure.erase_pictures(session=session, actor=cast("User", request.user), now=timezone.now())
            except erasure.PicturesStillNeeded:
                refused += 1
        self.message_user(request, ngettext("Pictures of %d session erased.", "Pictures of %d sessions erased.", erased) % erased)
        if refused:
            left = ngettext(
                "%d session is open or in review: nothing erased.", "%d sessions are open or in review: nothing erased.", refused
            )
            self.message_user(request, left % refused, messages.WARNING)
        return None

    def _question(self, request: HttpRequest, queryset: QuerySet[VerificationSession]) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": _("Erase pictures and faces"),
            "opts": self.model._meta,
            "sessions": queryset,
            "checkbox": ACTION_CHECKBOX_NAME,
        }

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: VerificationSession | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: VerificationSession | None = None) -> bool:
        return False
