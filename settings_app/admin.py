"""What operators keep in order: companies and their people. Thresholds, journal and audit trail they can only read."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from settings_app import keys, origins
from settings_app.choices import DocumentChoice
from settings_app.models import AuditEvent, Company, ExtraField, ThresholdChange, ThresholdSet, User

MOST_ORIGINS = 50
LEAST_INACTIVITY, MOST_INACTIVITY = 5, 90 * 24 * 60  # minutes: time to fetch a passport, and the longest life of a link

admin.site.site_header = admin.site.site_title = "VerifyPortal"
admin.site.index_title = _("Operators")
admin.site.unregister(Group)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows, changes nothing."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class OriginsField(forms.CharField):
    """Origins, one a line; each is kept in its one spelling."""

    widget = forms.Textarea(attrs={"rows": 4, "cols": 60, "spellcheck": "false"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        cleaned: dict[str, None] = {}  # in the operator's order, each once
        refusals = []
        for written in super().clean(value).split():
            try:
                cleaned[origins.clean(written)] = None
            except origins.NotAnAddress as refusal:
                refusals.append(str(refusal))
        if len(cleaned) > MOST_ORIGINS:
            refusals.append(_("At most %(most)s can be allowed.") % {"most": MOST_ORIGINS})
        if refusals:
            raise forms.ValidationError(refusals)
        return list(cleaned)


class CompanyForm(forms.ModelForm):
    """A company: accepted documents as check boxes, origins one a line, and bounds that make sense."""

    allowed_documents = forms.MultipleChoiceField(
        label=_("accepted documents"), choices=DocumentChoice.choices, widget=forms.CheckboxSelectMultiple
    )
    allowed_return_origins = OriginsField(
        label=_("allowed return origins"),
        required=False,
        help_text=_(
            "Where sessions may lead people when they are done. One a line, as https://shop.example or https://shop.example:8443: exactly"
            " this scheme, host and port, no path. http:// is for this machine alone. What is taken away is followed no more, not even by"
            " sessions that exist already. Empty: nobody is led anywhere."
        ),
    )
    inactivity_minutes = forms.IntegerField(
        label=_("minutes without activity until a started session is abandoned"),
        required=False,
        min_value=LEAST_INACTIVITY,
        max_value=MOST_INACTIVITY,
        help_text=_("5 minutes to 90 days (129600). Empty: a started session stays open as long as its link. Counts from the last step."),
    )

    class Meta:
        exclude = ("languages", "brand_colour", "allow_uploads", "face_first", "retention_days")  # the company's own pages have these
        help_texts: ClassVar[dict[str, Any]] = {
            "link_days": _("1 to 90. Of sessions created from now on; those that exist keep their end."),
            "max_retries": _("0 to 50. After the first attempt; of sessions created from now on."),
            "transfer_minutes": _("5 to 1440. Counted from the scan of the QR code, and never longer than the link is valid."),
        }

    def clean_time_zone(self) -> str:
        written: str = self.cleaned_data["time_zone"]
        if written not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone. Write it as Asia/Tbilisi."))
        return written


class ExtraFieldInline(admin.TabularInline):
    model = ExtraField
    extra = 0


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    """A new company gets its key here; without one nothing of it could be stored."""

    form = CompanyForm
    inlines = (ExtraFieldInline,)
    list_display = ("name", "time_zone", "public_id", "created_at")
    search_fields = ("name",)
    readonly_fields = ("public_id", "created_at")
    ordering = ("name",)

    def save_model(self, request: HttpRequest, obj: Company, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.created_at = timezone.now()
            keys.give_key(obj)
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Company | None = None) -> bool:
        return False  # its sessions and its audit trail are kept


class NewUserForm(AdminUserCreationForm):
    """The account of a person; an operator has no company and no role."""

    class Meta:
        model = User
        fields = ("email", "full_name", "company", "role", "is_staff")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    add_form = NewUserForm
    fieldsets = (
        (None, {"fields": ("email", "full_name", "password")}),
        (_("Company"), {"fields": ("company", "role")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "is_superuser", "last_login")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "full_name", "company", "role", "is_staff", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("last_login",)
    list_display = ("email", "full_name", "company", "role", "is_staff", "is_active")
    list_filter = ("role", "is_staff", "is_active", "company")
    list_select_related = ("company",)
    search_fields = ("email", "full_name")
    ordering = ("email",)
    filter_horizontal = ()


@admin.register(ThresholdSet)
class ThresholdSetAdmin(ReadOnlyAdmin):
    list_display = ("company", "market")
    list_filter = ("company",)
    list_select_related = ("company",)


@admin.register(ThresholdChange)
class ThresholdChangeAdmin(ReadOnlyAdmin):
    list_display = ("at", "company", "market", "name", "old", "new", "reason", "actor", "saved_together", "replay")
    list_filter = ("company",)
    list_select_related = ("company", "actor")
    ordering = ("-at",)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "company", "number", "kind", "actor", "session_public_id")
    list_filter = ("kind", "company")
    list_select_related = ("company", "actor")
    search_fields = ("session_public_id__exact",)
    show_full_result_count = False
    ordering = ("-at",)
