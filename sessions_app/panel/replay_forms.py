"""Which change is tried, and on which sessions (R43)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sessions_app.panel.threshold_forms import ThresholdForm
from sessions_app.replay.runs import NEWEST, Wanted
from settings_app.models import Company


class ReplayForm(ThresholdForm):
    """A change of thresholds with the sessions that it is tried on: so many of the newest, or those of some days."""

    def __init__(self, data: Any = None, *, company: Company) -> None:
        super().__init__(data, company=company)
        choices = [(str(number), f"{number:,}") for number in NEWEST]
        self.fields["newest"] = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, choices=choices)
        self.fields["from_day"] = forms.DateField(required=False)
        self.fields["to_day"] = forms.DateField(required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        first, last = given.get("from_day"), given.get("to_day")
        if given.get("newest") is None and not (first and last) and not self.errors:
            raise forms.ValidationError(_("Choose how many of the newest sessions, or a first and a last day."))
        if first and last and first > last:
            self.add_error("from_day", _("The first day cannot come after the last."))
        return given

    def wanted(self) -> Wanted:
        """Days win over a number, which is the choice that a form brings along."""
        first, last = self.cleaned_data["from_day"], self.cleaned_data["to_day"]
        return Wanted(from_day=first, to_day=last) if first and last else Wanted(newest=self.cleaned_data["newest"])

    @property
    def refusals(self) -> list[str]:
        return [str(error) for errors in self.errors.values() for error in errors]
