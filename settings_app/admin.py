"""What operators keep in order: companies and their people. Thresholds, journal and audit trail they can only read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from settings_app import company_settings, extra_fields, keys
from settings_app.models import AuditEvent, Company, ExtraField, ThresholdChange, ThresholdSet, User

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


class CompanyForm(forms.ModelForm):
    """A company: its name, and at first its time zone. Everything else is its master users' to say, and stands in its audit trail."""

    class Meta:
        model = Company
        fields = ("name", "time_zone")

    def clean_time_zone(self) -> str:
        written: str = self.cleaned_data["time_zone"]
        if written not in company_settings.time_zones():
            raise forms.ValidationError(_("There is no such time zone. Write it as Asia/Tbilisi."))
        return written


class ExtraFieldForm(forms.ModelForm):
    """A field's key is fixed once sessions may hold values under it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].disabled = self.instance.pk is not None


class ExtraFields(forms.BaseInlineFormSet):
    """The fields that are asked now; what is deleted here is asked no more, and the values that there are keep its label."""

    def get_queryset(self) -> QuerySet[ExtraField]:
        return super().get_queryset().asked()  # type: ignore[attr-defined]

    def delete_existing(self, obj: ExtraField, commit: bool = True) -> None:
        extra_fields.remove(field=obj, actor=None, now=timezone.now())


class ExtraFieldInline(admin.TabularInline):
    model = ExtraField
    form = ExtraFieldForm
    formset = ExtraFields
    extra = 0


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    """A new company gets its key here; without one nothing of it could be stored."""

    form = CompanyForm
    inlines = (ExtraFieldInline,)
    list_display = ("name", "time_zone", "public_id", "created_at")
    search_fields = ("name",)
    ordering = ("name",)

    def get_fields(self, request: HttpRequest, obj: Company | None = None) -> tuple[str, ...]:
        return ("name", "time_zone") if obj is None else ("name", *self.get_readonly_fields(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Company | None = None) -> tuple[str, ...]:
        """Operators see how a company's sessions go, so that they can help; they do not change it."""
        return () if obj is None else (*company_settings.NAMES, "support_email", "public_id", "created_at")

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
