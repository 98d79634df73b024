"""Phone numbers, however they are written: the same in the flow, in the panel and in files."""

from __future__ import annotations

from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy as _


class PhoneField(forms.CharField):
    """A phone number, returned as E.164 ("+995555123456")."""

    default_error_messages = {"phone": _("Please give the number with its country code, for example +995 555 12 34 56.")}

    def __init__(self, *, region: str | None, **kwargs: Any) -> None:
        self.region = region
        widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})
        super().__init__(widget=widget, max_length=40, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, self.region)
        except phonenumbers.NumberParseException as error:
            raise forms.ValidationError(self.error_messages["phone"], code="phone") from error
        if not phonenumbers.is_valid_number(number):
            raise forms.ValidationError(self.error_messages["phone"], code="phone")
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
