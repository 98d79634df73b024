"""The list of extra fields with the way of each up and down, and their preview (R45)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sessions_app.extra_form import ExtraForm
from sessions_app.panel import flow_preview
from sessions_app.panel.extra_field_forms import ExtraFieldForm, OrderForm
from settings_app import extra_fields
from settings_app.access import PanelRequest
from settings_app.models import Company, ExtraField


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field in the list. up, down: the whole order after it was moved by one; at an end, the order as it is."""

    field: ExtraField
    number: int
    up: str
    down: str
    is_first: bool
    is_last: bool


def rows_of(fields: list[ExtraField]) -> list[FieldRow]:
    ids, last = [field.pk for field in fields], len(fields) - 1
    return [
        FieldRow(field, at + 1, _moved(ids, at, max(at - 1, 0)), _moved(ids, at, min(at + 1, last)), at == 0, at == last)
        for at, field in enumerate(fields)
    ]


def context_of(company: Company) -> dict[str, Any]:
    fields = list(company.extra_fields.asked())
    seen = ",".join(str(field.pk) for field in fields)
    return {"rows": rows_of(fields), "seen": seen, "most": extra_fields.MOST_FIELDS, "themes": flow_preview.THEMES}


def put_in_order(request: PanelRequest, form: OrderForm, **when: Any) -> None:
    """Move the fields as asked, or tell why not."""
    try:
        if not form.is_valid():
            raise extra_fields.OrderChanged
        extra_fields.reorder(company=request.company, actor=request.user, **form.cleaned_data, **when)
    except extra_fields.OrderChanged:
        messages.warning(request, _("Somebody else has changed the fields meanwhile. This is how they stand now; please look again."))


def add_error(form: ExtraFieldForm, refusal: ValueError) -> None:
    if isinstance(refusal, extra_fields.LabelTaken):
        form.add_error("label", _("Another field has this label."))
    else:
        form.add_error(None, _("There are %(most)s fields already, which is the most.") % {"most": extra_fields.MOST_FIELDS})


def preview_of(request: HttpRequest, company: Company, form: ExtraFieldForm | None, field: ExtraField | None) -> str:
    """Render the page of extra fields; with a form, as if what it holds were stored already."""
    fields = list(company.extra_fields.asked())
    if form is not None:
        draft = form.draft(field)
        fields = [draft if other.pk == draft.pk else other for other in fields] if field else [*fields, draft]
    shown = ExtraForm(fields=fields, given={}, market="")
    return flow_preview.page_of(request, "extra", company=company, phase=1, theme=request.GET.get("theme", ""), form=shown)


def _moved(ids: list[int], source: int, target: int) -> str:
    moved = [*ids[:source], *ids[source + 1 :]]
    moved.insert(target, ids[source])
    return ",".join(map(str, moved))
