"""What a master says of an extra field, and of the order of all of them (R45)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from settings_app.choices import ExtraFieldType
from settings_app.extra_fields import MOST_OPTIONS, FieldWords
from settings_app.models import ExtraField

LONGEST_LABEL, LONGEST_HELP, LONGEST_OPTION = 80, 200, 80
LONGEST_ORDER = 1000
IN_THE_MAKING = _("Label")
"""Stands in the preview for a label that is not written yet."""


class ExtraFieldForm(forms.Form):
    """One field. Options are written one a line and count for a choice only."""

    label = forms.CharField(
        label=_("Label"),
        max_length=LONGEST_LABEL,
        help_text=_("What the person reads, in one language for all: such as “Customer number”."),
    )
    type = forms.ChoiceField(label=_("Type"), choices=ExtraFieldType.choices, initial=ExtraFieldType.TEXT)
    options = forms.CharField(
        label=_("Choices"),
        required=False,
        max_length=MOST_OPTIONS * (LONGEST_OPTION + 2),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line, in the order in which they are offered. For a list only."),
    )
    required = forms.BooleanField(label=_("Required"), required=False, help_text=_("The person cannot go on without it."))
    help_text = forms.CharField(
        label=_("Help"), required=False, max_length=LONGEST_HELP, help_text=_("A sentence below the field. May be left out.")
    )

    @classmethod
    def about(cls, field: ExtraField) -> dict[str, Any]:
        """What the form begins with."""
        given = {name: getattr(field, name) for name in ("label", "type", "required", "help_text")}
        return {**given, "options": "\n".join(field.options)}

    def clean_label(self) -> str:
        return " ".join(self.cleaned_data["label"].split())

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        is_choice = given.get("type") == ExtraFieldType.CHOICE
        given["options"] = _lines(given.get("options", "")) if is_choice else []
        if is_choice and "options" not in self.errors:
            self._require_options(given["options"])
        return given

    def _require_options(self, options: list[str]) -> None:
        if len(set(options)) < 2:
            self.add_error("options", _("Write at least two different choices, one a line."))
        elif len(set(options)) < len(options):
            self.add_error("options", _("Each choice may stand here once."))
        elif len(options) > MOST_OPTIONS:
            self.add_error("options", _("At most %(most)s choices.") % {"most": MOST_OPTIONS})
        elif any(len(option) > LONGEST_OPTION for option in options):
            self.add_error("options", _("A choice may have at most %(most)s characters.") % {"most": LONGEST_OPTION})

    def words(self) -> FieldWords:
        given = self.cleaned_data
        return FieldWords(
            label=given["label"],
            type=ExtraFieldType(given["type"]),
            required=given["required"],
            help_text=given["help_text"],
            options=tuple(given["options"]),
        )

    def draft(self, field: ExtraField | None) -> ExtraField:
        """The field as far as it is written, to be looked at and never saved."""
        written = {name: str(self[name].value() or "").strip() for name in ("label", "type", "help_text", "options")}
        kind = written["type"] if written["type"] in ExtraFieldType.values else ExtraFieldType.TEXT
        return ExtraField(
            pk=field.pk if field else None,
            key=field.key if field else "draft",
            label=written["label"][:LONGEST_LABEL] or str(IN_THE_MAKING),
            type=kind,
            required=bool(self["required"].value()),
            help_text=written["help_text"][:LONGEST_HELP],
            options=_lines(written["options"])[:MOST_OPTIONS],
        )


class OrderForm(forms.Form):
    """seen: the fields in the order that the page showed; order: in the one that is wanted. Numbers with commas between them."""

    seen = forms.CharField(max_length=LONGEST_ORDER, required=False)
    order = forms.CharField(max_length=LONGEST_ORDER, required=False)

    def clean_seen(self) -> list[int]:
        return _numbers(self.cleaned_data["seen"])

    def clean_order(self) -> list[int]:
        return _numbers(self.cleaned_data["order"])


def _lines(text: str) -> list[str]:
    return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]


def _numbers(text: str) -> list[int]:
    try:
        return [int(number) for number in text.split(",") if number]
    except ValueError as error:
        raise forms.ValidationError(_("This is no order.")) from error
