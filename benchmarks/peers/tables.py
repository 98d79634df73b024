"""What django-tables2 and django-filter give as their guides show it: icontains, COUNT, OFFSET, the library's rendering."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Q, QuerySet
from django_filters.views import FilterView

from sessions_app.models import VerificationSession
from settings_app.models import User


class SessionTable(django_tables2.Table):
    class Meta:
        model = VerificationSession
        fields = ("first_name", "last_name", "created_at", "document_kind", "liveness_passed", "outcome", "extra_values")
        order_by = "-created_at"


class SessionFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="Search")
    created_at = django_filters.DateFromToRangeFilter()

    class Meta:
        model = VerificationSession
        fields = ("document_kind", "outcome", "digital_spoof", "not_full_id", "low_far")

    def search(self, sessions: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        anywhere = Q(first_name__icontains=text) | Q(last_name__icontains=text)
        return sessions.filter(anywhere | Q(personal_number__icontains=text) | Q(document_number__icontains=text))


class SessionList(LoginRequiredMixin, django_tables2.SingleTableMixin, FilterView):
    model = VerificationSession
    table_class = SessionTable
    filterset_class = SessionFilter
    template_name = "peer_list.html"

    def get_queryset(self) -> QuerySet[Any]:
        assert isinstance(self.request.user, User)
        return super().get_queryset().filter(company=self.request.user.company)
