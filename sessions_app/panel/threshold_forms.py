"""What a master user enters to tune thresholds, of the company or of one market (R40, R41, R42)."""

from __future__ import annotations

import json
from functools import cache
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from checks_app.document import countries
from checks_app.thresholds import HIGHEST_LEVEL, LOWEST_LEVEL
from settings_app import thresholds
from settings_app.models import Company
from settings_app.thresholds import LEVELS, NAMES, PARTS, Standing

LONGEST_SEEN = 2_000
"""Characters of the note of what was shown; that of ten thresholds has some four hundred."""


def _score_field() -> forms.FloatField:
    wrong = _("Write a number from 0 to 1, with up to three decimals, such as 0.65.")
    errors = dict.fromkeys(("invalid", "min_value", "max_value", "step_size"), wrong)
    return forms.FloatField(required=False, min_value=0, max_value=1, step_size=0.001, error_messages=errors)


def _level_field() -> forms.TypedChoiceField:
    levels = [(str(level), str(level)) for level in range(LOWEST_LEVEL, HIGHEST_LEVEL + 1)]
    wrong = _("A level is a whole number from 1 to 7.")
    return forms.TypedChoiceField(required=False, coerce=int, empty_value=None, choices=levels, error_messages={"invalid_choice": wrong})


class ThresholdForm(forms.Form):
    """Every threshold of the company (market empty) or of one market; where both edges of a check are empty, it inherits them."""

    def __init__(self, data: Any = None, *, company: Company, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.company = company
        self.fields["market"] = forms.CharField(required=False, max_length=3)
        for name in NAMES:
            self.fields[name] = _level_field() if name in LEVELS else _score_field()

    def clean_market(self) -> str:
        market = str(self.cleaned_data["market"]).upper()
        if not is_market(market, self.company):
            raise forms.ValidationError(_("“%(market)s” is no market."), params={"market": market})
        return market

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        for low, high in PARTS.values():
            if low in self.errors or high in self.errors:
                continue
            if (given[low] is None) != (given[high] is None):
                self.add_error(low if given[low] is None else high, _("Give both limits, or leave both empty."))
            elif given[low] is not None and given[low] > given[high]:
                self.add_error(low, _("This cannot lie above the limit from which it passes."))
        return given

    @property
    def market(self) -> str:
        return str(self.cleaned_data["market"])

    def thresholds(self) -> dict[str, float | None]:
        """By name; None inherits."""
        return {name: self.cleaned_data[name] for name in NAMES}


class TuningForm(ThresholdForm):
    """A change on its way to be saved: with its reason, and with what was shown when it was made."""

    def __init__(self, data: Any = None, *, company: Company, **kwargs: Any) -> None:
        super().__init__(data, company=company, **kwargs)
        self.fields["reason"] = forms.CharField(label=_("Reason"), required=False, max_length=thresholds.REASON_LENGTH)
        self.fields["several_confirmed"] = forms.BooleanField(required=False)
        self.fields["replay"] = forms.CharField(required=False)
        self.fields["seen"] = forms.CharField(required=False, max_length=LONGEST_SEEN)

    def clean_replay(self) -> UUID | None:
        """None for what is no id: a change without a replay is saved all the same."""
        try:
            return UUID(self.cleaned_data["replay"])
        except ValueError:
            return None

    def clean_seen(self) -> Standing:
        try:
            noted = json.loads(self.cleaned_data["seen"])
            return {name: (noted[name][0], noted[name][1]) for name in NAMES}
        except (ValueError, KeyError, TypeError, IndexError, RecursionError):
            raise forms.ValidationError(_("This form is not one of ours. Please open the page again.")) from None


def note_of(standing: Standing) -> str:
    """What the page keeps of the values that it shows, so that two people do not overwrite each other."""
    return json.dumps(standing, separators=(",", ":"))


def is_market(code: str, company: Company) -> bool:
    """Whether thresholds can be kept for it: the company as a whole, a country, or a market that has its own already."""
    return not code or code in market_names() or company.threshold_sets.filter(market=code).exists()


@cache
def market_names() -> dict[str, str]:
    return dict(countries.choices(with_specimen=True))
