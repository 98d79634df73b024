"""The form of a company's extra fields, as the person sees it: in the flow, and in the preview of whoever defines them (R45)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import pycountry
from django import forms
from django.utils.translation import gettext_lazy as _

from sessions_app.phone_field import PhoneField
from settings_app.choices import ExtraFieldType
from settings_app.models import ExtraField

LONGEST_ANSWER = 200


class ExtraForm(forms.Form):
    """The fields that a company added to its sessions, filled with what it knows already. market: of the session, or empty."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, fields: Iterable[ExtraField], given: Mapping[str, str], market: str) -> None:
        super().__init__(data, initial=dict(given), label_suffix="")
        for field in fields:
            self.fields[field.key] = _field(field, market)

    def values(self) -> dict[str, str]:
        """Return every answer as text, dates as YYYY-MM-DD; what was left empty is an empty text."""
        return {key: value.isoformat() if isinstance(value, date) else str(value or "") for key, value in self.cleaned_data.items()}


def _field(field: ExtraField, market: str) -> forms.Field:
    make: dict[str, Callable[..., forms.Field]] = {
        ExtraFieldType.TEXT: lambda **shared: forms.CharField(max_length=LONGEST_ANSWER, **shared),
        ExtraFieldType.PHONE: lambda **shared: PhoneField(region=_region(market), **shared),
        ExtraFieldType.EMAIL: lambda **shared: forms.EmailField(
            max_length=LONGEST_ANSWER, widget=forms.EmailInput(attrs={"autocomplete": "email"}), **shared
        ),
        ExtraFieldType.DATE: lambda **shared: forms.DateField(
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), input_formats=["%Y-%m-%d"], **shared
        ),
        ExtraFieldType.CHOICE: lambda **shared: forms.ChoiceField(
            choices=[("", _("Please choose")), *((option, option) for option in field.options)], **shared
        ),
    }
    return make[field.type](label=field.label, help_text=field.help_text, required=field.required)


def _region(market: str) -> str | None:
    """Turn a market (ISO 3166 alpha-3) into the region in which a number without country code is dialled."""
    country = pycountry.countries.get(alpha_3=market) if market else None
    return country.alpha_2 if country else None
