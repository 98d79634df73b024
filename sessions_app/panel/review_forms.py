"""What a reviewer fills in: a decision, a step to do again, corrected fields, a note (R24)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from checks_app.document import countries
from sessions_app import corrections, notes, review
from sessions_app.choices import Outcome, RedoStep, ReviewReason
from sessions_app.corrections import Value
from sessions_app.models import VerificationSession
from sessions_app.panel.labels import type_of_text

OLDEST = timedelta(days=365.25 * 130)
LONGEST_VALID = timedelta(days=365.25 * 50)

SEXES = [("", _("Not stated")), ("M", _("male")), ("F", _("female"))]


class DecisionForm(forms.Form):
    """Why a session is approved or declined. `attempt` is the one that the reviewer looks at."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=review.NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For your colleagues; the person never sees it."),
    )
    attempt = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, outcome: Outcome, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(reason.value, reason.label) for reason in review.REASONS[outcome]]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Arguments for `review.decide`."""
        given = self.cleaned_data
        return {"reason": ReviewReason(given["reason"]), "note": given["note"], "attempt": given["attempt"]}


class BulkDeclineForm(DecisionForm):
    """One reason for several sessions; each session's attempt is kept beside its id."""

    attempt = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, outcome=Outcome.DECLINE, **kwargs)

    def values(self) -> dict[str, Any]:
        return {"reason": ReviewReason(self.cleaned_data["reason"]), "note": self.cleaned_data["note"]}


class RedoForm(forms.Form):
    """Which step the person does again."""

    step = forms.ChoiceField(label=_("Step"), choices=RedoStep.choices, widget=forms.RadioSelect)


class NoteForm(forms.Form):
    """A note about a session."""

    text = forms.CharField(
        label=_("Add a note"),
        max_length=notes.LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Seen by your company alone. A note cannot be changed later."),
    )


def _text(label: Any, length: int, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=False, show_hidden_initial=True, strip=False, **more)


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=False, show_hidden_initial=True, widget=widget)


class CorrectionForm(forms.Form):
    """The read fields. Beside each input the page keeps what it showed, so that two people do not overwrite each other."""

    first_name = _text(_("First name"), 120)
    last_name = _text(_("Last name"), 120)
    personal_number = _text(_("Personal number"), 40)
    document_number = _text(_("Document number"), 40)
    birth_date = _day(_("Birth date"))
    nationality = _text(_("Nationality"), 3, help_text=_("Three letters as the document prints them, like GEO."))
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, required=False, show_hidden_initial=True)
    expiry_date = _day(_("Expiration date"))

    def __init__(self, data: Any = None, *, session: VerificationSession, today: date) -> None:
        super().__init__(data, initial=corrections.fields_of(session))
        self.today = today

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = {
            name: " ".join(value.split()) if isinstance(value, str) else value for name, value in self.cleaned_data.items()
        }
        given["nationality"] = given.get("nationality", "").upper()
        if given["nationality"] and not countries.is_known(given["nationality"]):
            self.add_error("nationality", _("No country or nationality has this code."))
        born, expires = given.get("birth_date"), given.get("expiry_date")
        if born and not self.today - OLDEST <= born <= self.today:
            self.add_error("birth_date", _("This cannot be the birth date of a living person."))
        if expires and (expires > self.today + LONGEST_VALID or (born and expires <= born)):
            self.add_error("expiry_date", _("No document expires on this day."))
        return given

    def shown(self) -> dict[str, Value]:
        """What the page showed before the reviewer changed it. Raises ValidationError when it was tampered with."""
        found: dict[str, Value] = {}
        for name in corrections.FIELDS:
            field = self.fields[name]
            raw = field.hidden_widget().value_from_datadict(self.data, MultiValueDict(), self[name].html_initial_name)
            found[name] = field.to_python(raw)
        return found

    def values(self) -> dict[str, Value]:
        return {name: self.cleaned_data[name] for name in corrections.FIELDS}

    def meet(self, current: Mapping[str, Value]) -> None:
        """Show what others made of the fields meanwhile, beside what was entered here; saving again replaces it."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        for name, value in current.items():
            self.data[self[name].html_initial_name] = "" if value is None else str(value)  # type: ignore[index]
            words = _("Meanwhile a colleague corrected this to “%(value)s”. Save again to replace it by what you entered.")
            self.add_error(name, words % {"value": value or "–"})


def field_label(name: str) -> type_of_text:
    """The name of a field that may be corrected."""
    label: type_of_text = CorrectionForm.base_fields[name].label or name
    return label
