"""The session settings as a form (R47): strings become clean values, bounds are told in words."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from settings_app import company_settings, origins
from settings_app.choices import DocumentChoice
from settings_app.company_settings import BOUNDS, LISTS, MAY_BE_EMPTY, MOST_ORIGINS, NAMES, SWITCHES
from settings_app.panel.session_words import LANGUAGE_NAMES, SETTINGS

LONGEST_SEEN = 16_000
"""Characters of the note of what was shown: fifty origins of two hundred characters, and the rest."""

LONGEST_ORIGINS = 20_000
YES, NO = "yes", "no"


class OriginsField(forms.CharField):
    """Origins, one a line; each is kept in its one spelling."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "none", "dir": "ltr"})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        cleaned: dict[str, None] = {}  # in the order in which they were written, each once
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


class SessionSettingsForm(forms.Form):
    """Every session setting of a company. `seen`: what the page had shown. `erase_after`: the days whose erasing was confirmed."""

    use_required_attribute = False
    seen = forms.CharField(max_length=LONGEST_SEEN, widget=forms.HiddenInput)
    erase_after = forms.IntegerField(required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        for name in NAMES:
            self.fields[name] = _field(name)

    def clean_seen(self) -> dict[str, Any]:
        try:
            noted = json.loads(self.cleaned_data["seen"])
            return {name: noted[name] for name in NAMES}
        except (ValueError, KeyError, TypeError, RecursionError):
            raise forms.ValidationError(_("This form is not one of ours. Please open the page again.")) from None

    def clean_time_zone(self) -> str:
        written = str(self.cleaned_data["time_zone"])
        if written not in company_settings.time_zones():
            raise forms.ValidationError(_("There is no such time zone. Write it as Asia/Tbilisi."))
        return written

    def given(self) -> dict[str, Any]:
        """The arguments for `company_settings.change`. A tick counts for the number of days beside which it stood."""
        clean = self.cleaned_data
        confirmed = clean["erase_after"] is not None and clean["erase_after"] == clean["retention_days"]
        return {"values": {name: clean[name] for name in NAMES}, "seen": clean["seen"], "erasure_confirmed": confirmed}


def note_of(standing: dict[str, Any]) -> str:
    """What the page keeps of the values that it shows, so that two people do not overwrite each other."""
    return json.dumps(standing, separators=(",", ":"))


def _field(name: str) -> forms.Field:
    words = SETTINGS[name]
    if name in BOUNDS:
        return _number(name)
    if name in SWITCHES:
        options = [(YES if value else NO, words.options[value]) for value in words.order]
        return forms.TypedChoiceField(
            label=words.title, choices=options, coerce=lambda given: given == YES, empty_value=None, widget=forms.RadioSelect
        )
    if name in LISTS:
        named = dict(DocumentChoice.choices) | LANGUAGE_NAMES
        errors = {"required": _("Choose at least one.")}
        choices = [(code, named[code]) for code in LISTS[name]]
        return forms.MultipleChoiceField(label=words.title, choices=choices, widget=forms.CheckboxSelectMultiple, error_messages=errors)
    if name == "time_zone":
        return forms.CharField(label=words.title, max_length=64, widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}))
    return OriginsField(label=words.title, required=False, max_length=LONGEST_ORIGINS)


def _number(name: str) -> forms.Field:
    least, most = BOUNDS[name]
    empty = name in MAY_BE_EMPTY
    words = (
        _("Write a whole number from %(least)s to %(most)s, or nothing.")
        if empty
        else _("Write a whole number from %(least)s to %(most)s.")
    )
    wrong = words % {"least": f"{least:,}", "most": f"{most:,}"}
    errors = dict.fromkeys(("invalid", "required", "min_value", "max_value"), wrong)
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(
        label=SETTINGS[name].title, required=not empty, min_value=least, max_value=most, widget=widget, error_messages=errors
    )


def initial_of(standing: dict[str, Any]) -> dict[str, Any]:
    """The stored values as the form's controls show them."""
    return {name: (YES if value else NO) if name in SWITCHES else value for name, value in standing.items()}


def default_data(name: str) -> Any:
    """A setting's default as its control sends it."""
    return initial_of({name: company_settings.default_of(name)})[name]
