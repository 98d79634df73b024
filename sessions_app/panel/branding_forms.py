"""What a master says of the flow's looks (R47)."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from sessions_app import logos
from settings_app.branding import NewLogo

COLOUR = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.IGNORECASE)


class BrandingForm(forms.Form):
    """Logo, colour and support address; `page` is which page the preview shows."""

    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        allow_empty_file=True,  # said in words of our own
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPEG or WebP, at most 2 MB; 480 x 160 pixels are enough. A transparent background is kept."),
    )
    drops_logo = forms.BooleanField(label=_("Remove the logo; the company's name stands in its place"), required=False)
    colour = forms.CharField(
        label=_("Colour"),
        required=False,
        show_hidden_initial=True,
        max_length=20,
        widget=forms.TextInput(attrs={"placeholder": "#0b6e6e", "spellcheck": "false", "autocomplete": "off", "class": "code"}),
        help_text=_("Of buttons and links, such as #0b6e6e. Empty: the portal's own."),
    )
    support_email = forms.EmailField(
        label=_("Support address"),
        required=False,
        show_hidden_initial=True,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("At the foot of every page of the flow: where people write who need help. Empty: none is shown."),
    )
    page = forms.ChoiceField(label=_("Page"), required=False, widget=forms.RadioSelect(attrs={"form": "branding"}))

    def __init__(self, *args: Any, pages: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["page"].choices = list(pages.items())  # type: ignore[attr-defined]

    def clean_parts(self) -> dict[str, Any]:
        """Whatever is right of what was posted, also where something else is wrong."""
        return self.cleaned_data if self.is_bound and (self.is_valid() or self.errors) else {}

    def values(self) -> dict[str, Any]:
        """The arguments for `branding.change`: without what stands there as the page had shown it, so that a colleague's change stays."""
        written = [name for name in ("colour", "support_email") if name in self.changed_data]
        return {name: self.cleaned_data[name] for name in ("logo", "drops_logo", *written)}

    def clean_logo(self) -> NewLogo | None:
        file: UploadedFile | None = self.cleaned_data["logo"]
        if not file:
            return None
        if (file.size or 0) > logos.MAX_BYTES:
            raise forms.ValidationError(str(logos.TOO_LARGE))
        try:
            return logos.read(file.read())
        except logos.LogoRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_colour(self) -> str:
        written = self.cleaned_data["colour"].strip()
        found = COLOUR.fullmatch(written)
        if written and not found:
            raise forms.ValidationError(_("Write the colour as # and six digits from 0 to 9 and a to f, such as #1a5fb4."))
        digits = found[1].lower() if found else ""
        return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)) if digits else ""
