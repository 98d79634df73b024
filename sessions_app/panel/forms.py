"""What an agent fills in to open a session for a person (R7, R45)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from checks_app.document import countries
from sessions_app import creation
from sessions_app.models import VerificationSession
from sessions_app.phone_field import PhoneField
from settings_app.choices import ExtraFieldType
from settings_app.models import ExtraField

EXTRA_PREFIX = "extra-"
EXTRA_LENGTH = 200
NAME_LENGTH = 120
ISO = "%Y-%m-%d"
MOST_BYTES = 5 * 1024 * 1024
OLDEST_BIRTH = date(1900, 1, 1)


class DayInput(forms.DateInput):
    """A day, chosen in the browser's calendar."""

    def __init__(self) -> None:
        super().__init__(format=ISO, attrs={"type": "date"})


class NewSessionForm(forms.Form):
    """Everything is optional: a session needs nothing but its company. Extra fields that stay empty are asked in the flow."""

    reference = forms.CharField(
        label=_("Reference"),
        max_length=120,
        required=False,
        help_text=_("Your own number for this person or case."),
    )
    market = forms.ChoiceField(
        label=_("Market"),
        required=False,
        help_text=_("Decides which thresholds apply."),
        error_messages={"invalid_choice": _("“%(value)s” is no market. Write a code of three letters, such as GEO.")},
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        help_text=_("The person can change it."),
        error_messages={"invalid_choice": _("“%(value)s” is no language of your flow.")},
    )
    return_url = forms.URLField(
        label=_("Return address"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("Where the person goes when done."),
    )
    expected_first_name = forms.CharField(label=_("First name"), max_length=NAME_LENGTH, required=False)
    expected_last_name = forms.CharField(label=_("Last name"), max_length=NAME_LENGTH, required=False)
    expected_birth_date = forms.DateField(label=_("Birth date"), required=False, input_formats=[ISO], widget=DayInput)

    def __init__(self, *args: Any, extra_fields: list[ExtraField], languages: Collection[str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expected_birth_date"].validators = [
            MinValueValidator(OLDEST_BIRTH, _("Nobody who is alive was born then.")),
            MaxValueValidator(today, _("This day is still to come.")),
        ]
        self.fields["market"].choices = [("", _("Not stated")), *countries.choices(with_specimen=True)]  # type: ignore[attr-defined]
        offered = [choice for choice in settings.LANGUAGES if choice[0] in languages]
        self.fields["language"].choices = [("", _("As the person's browser")), *offered]  # type: ignore[attr-defined]
        for field in extra_fields:
            self.fields[f"{EXTRA_PREFIX}{field.key}"] = _form_field(field)

    @classmethod
    def like(cls, session: VerificationSession) -> dict[str, Any]:
        """What the form begins with when a session is to be made again; an address that is allowed no longer is left out."""
        extra = {f"{EXTRA_PREFIX}{key}": value for key, value in session.extra_values.items()}
        given = {name: getattr(session, name) for name in cls.base_fields}
        return {**given, "return_url": creation.return_address(session), **extra}

    def values(self) -> dict[str, Any]:
        """The arguments for `creation.create_session`."""
        given = {name: value for name, value in self.cleaned_data.items() if not name.startswith(EXTRA_PREFIX)}
        extra = {name.removeprefix(EXTRA_PREFIX): value for name, value in self.cleaned_data.items() if name.startswith(EXTRA_PREFIX)}
        return {**given, "extra_values": {key: str(value) for key, value in extra.items() if value}}

    @property
    def about_session(self) -> list[forms.BoundField]:
        return [self[name] for name in ("reference", "market", "language", "return_url")]

    @property
    def about_person(self) -> list[forms.BoundField]:
        return [self[name] for name in ("expected_first_name", "expected_last_name", "expected_birth_date")]

    @property
    def about_extra(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(EXTRA_PREFIX)]


def _form_field(field: ExtraField) -> forms.Field:
    """The input of an extra field. Never required here: what the company does not give, the person is asked."""
    common: dict[str, Any] = {"label": field.label, "help_text": field.help_text, "required": False}
    if field.type == ExtraFieldType.CHOICE:
        refusal = format_lazy("{} {}", _("“%(value)s” cannot be chosen. Choices are:"), ", ".join(field.options).replace("%", "%%"))
        choices = [("", "—"), *((option, option) for option in field.options)]
        return forms.ChoiceField(choices=choices, error_messages={"invalid_choice": refusal}, **common)
    if field.type == ExtraFieldType.DATE:
        return forms.DateField(input_formats=[ISO], widget=DayInput, **common)
    if field.type == ExtraFieldType.EMAIL:
        return forms.EmailField(max_length=EXTRA_LENGTH, **common)
    if field.type == ExtraFieldType.PHONE:
        phone = PhoneField(region=None, **common)
        phone.widget.attrs["autocomplete"] = "off"  # it is not the agent's own
        return phone
    return forms.CharField(max_length=EXTRA_LENGTH, **common)


class BatchForm(forms.Form):
    """A file of sessions. key: drawn for each page, so that one page makes one batch of a file. checked: the file that was looked at."""

    file = forms.FileField(error_messages={"required": _("Choose a file of at most 5 MB.")})  # one that is far too large does not arrive
    key = forms.UUIDField(widget=forms.HiddenInput)
    checked = forms.CharField(required=False)
    confirmed = forms.BooleanField(required=False)

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Create the sessions in several batches."))
        return file
