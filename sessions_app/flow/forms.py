"""The user's input as clean values."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from checks_app.liveness.challenge import FLASH_STEP
from sessions_app import extra_form, ingest
from sessions_app.choices import CaptureKind, CaptureSource
from sessions_app.flow import countries
from sessions_app.models import VerificationSession
from sessions_app.submission import Upload
from settings_app.choices import DocumentChoice

FURTHEST_STEP = 2 * FLASH_STEP
LONGEST_CHALLENGE_MS = 120_000
KEY = RegexValidator(r"\A[A-Za-z0-9-]{16,64}\Z")
"""What a page gives an upload or a submission, so that the same one repeated is known again."""


class ExtraFieldsForm(extra_form.ExtraForm):
    """What a company asks of the person of this session."""

    def __init__(self, data: Any = None, *, session: VerificationSession) -> None:
        fields = session.company.extra_fields.asked()
        super().__init__(data, fields=fields, given=session.extra_values, market=session.market)


class DocumentForm(forms.Form):
    """Which document the user will show; only what the company accepts can be chosen."""

    country = forms.ChoiceField(label=_("Issuing country"))
    document = forms.ChoiceField(label=_("Document"), widget=forms.RadioSelect)
    use_required_attribute = False

    def __init__(self, data: Any = None, *, session: VerificationSession) -> None:
        initial = {"country": session.chosen_country or session.market, "document": session.chosen_document}
        super().__init__(data, initial=initial, label_suffix="")
        offered = countries.choices(with_specimen=settings.ACCEPT_SPECIMENS)
        self.fields["country"].choices = [("", _("Please choose")), *offered]  # type: ignore[attr-defined]
        accepted = [choice for choice in DocumentChoice.choices if choice[0] in session.company.allowed_documents]
        self.fields["document"].choices = accepted  # type: ignore[attr-defined]
        if len(accepted) == 1:
            self.initial["document"] = accepted[0][0]


class SubmitForm(forms.Form):
    """Nothing but the key of the submission."""

    submit_key = forms.CharField(validators=[KEY], required=False)


class CaptureForm(forms.Form):
    """One picture, or the frames of a challenge with when each was taken."""

    kind = forms.ChoiceField(choices=CaptureKind.choices)
    source = forms.ChoiceField(choices=CaptureSource.choices)
    upload_key = forms.CharField(validators=[KEY])
    nonce = forms.CharField(max_length=43, required=False)
    frames = forms.CharField(max_length=4000, required=False)

    def clean_frames(self) -> list[tuple[int, int]]:
        """`frames` tells (step, milliseconds) of each file, in their order, as JSON."""
        try:
            told = json.loads(self.cleaned_data["frames"] or "[]")
            return [(_whole(step, -FLASH_STEP, FURTHEST_STEP), _whole(at_ms, 0, LONGEST_CHALLENGE_MS)) for step, at_ms in told]
        except (ValueError, TypeError, RecursionError) as error:
            raise forms.ValidationError("frames") from error

    def clean(self) -> dict[str, Any]:
        files, told = self.files.getlist("image"), self.cleaned_data.get("frames", [])
        if not files or (told and len(told) != len(files)):
            raise forms.ValidationError("files")
        return self.cleaned_data

    def uploads(self) -> list[Upload]:
        """Read the files. Raises UnreadableImage before a file that is too large comes into memory."""
        files, told = self.files.getlist("image"), self.cleaned_data["frames"]
        if not told:
            return [Upload(_bytes(file)) for file in files]
        return [Upload(_bytes(file), step=step, at_ms=at_ms) for file, (step, at_ms) in zip(files, told, strict=True)]


def _bytes(file: UploadedFile) -> bytes:
    if (file.size or 0) > ingest.MAX_BYTES:
        raise ingest.UnreadableImage(ingest.Refusal.TOO_LARGE)
    return bytes(file.read())


def _whole(number: object, least: int, most: int) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
        raise ValueError(number)
    return number


class CodeForm(forms.Form):
    """The short code that a computer shows, typed on the phone."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "autofocus": True,
                "dir": "ltr",
                "enterkeyhint": "go",
                "spellcheck": "false",
            }
        ),
    )
