"""What a master enters to invite somebody, and what the invited person enters to join."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from settings_app.choices import Role
from settings_app.models import Invitation, User


class InviteForm(forms.Form):
    """Whom to ask, and as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.AGENT)


class RoleForm(forms.Form):
    """What a colleague may do."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class JoinForm(forms.Form):
    """The name that colleagues read, and a password that only the person knows."""

    full_name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validation.password_validators_help_text_html,
    )
    again = forms.CharField(label=_("Password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def __init__(self, data: Any = None, *, invitation: Invitation) -> None:
        super().__init__(data)
        self.invitation = invitation

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        password, again = given.get("password"), given.get("again")
        if password is None:
            return given
        if again is not None and password != again:
            self.add_error("again", _("The two passwords differ."))
        try:
            person = User(email=self.invitation.email, full_name=given.get("full_name", ""))
            password_validation.validate_password(password, user=person)
        except forms.ValidationError as refusal:
            self.add_error("password", refusal)
        return given
