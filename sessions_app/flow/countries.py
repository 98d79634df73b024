"""Who issues documents, named in the user's language."""

from __future__ import annotations

import gettext
import unicodedata
from functools import cache

import pycountry
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from checks_app.document import countries

BEYOND_ISO = {
    "EUE": _("European Union"),
    "RKS": _("Kosovo"),
    "UNA": _("United Nations agency"),
    "UNK": _("United Nations Mission in Kosovo"),
    "UNO": _("United Nations"),
    "UTO": _("Utopia (specimen)"),
    "XBA": _("African Development Bank"),
    "XCC": _("Caribbean Community"),
    "XCE": _("Council of Europe"),
    "XCO": _("Common Market for Eastern and Southern Africa"),
    "XEC": _("Economic Community of West African States"),
    "XIM": _("African Export-Import Bank"),
    "XOM": _("Sovereign Military Order of Malta"),
    "XPO": _("INTERPOL"),
}


def choices(*, with_specimen: bool) -> list[tuple[str, str]]:
    """Return (ICAO code, name) in the active language, by name. with_specimen: also Utopia."""
    spoken = translation.get_language() or "en"
    named = [(code, name_in(spoken, code, english)) for code, english in countries.choices(with_specimen=with_specimen)]
    return sorted(named, key=lambda choice: unicodedata.normalize("NFKD", choice[1]).casefold())


def name_in(language: str, code: str, english: str) -> str:
    return str(BEYOND_ISO[code]) if code in BEYOND_ISO else _iso_names(language).gettext(english)


@cache
def _iso_names(language: str) -> gettext.NullTranslations:
    return gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
