"""What the branding page shows: the corrected colour in words, and the preview with whatever of the form is clean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from sessions_app.panel import flow_preview
from sessions_app.panel.branding_forms import PAGES, BrandingForm
from settings_app import branding
from settings_app.colours import SHAPE, TEXT, Accent, scheme_of
from settings_app.models import Company

SHOWN: dict[str, tuple[int, dict[str, Any]]] = {"welcome": (1, {}), "done": (4, {"outcome": "APPROVE", "reasons": []})}
"""Of each page of the preview: the phase of its dots and what its template asks for."""


@dataclass(frozen=True, slots=True)
class Use:
    """One use of the colour in one theme: the colour that is shown for it, its contrast, and what had to be done."""

    name: str
    colour: str
    contrast: str
    words: str
    corrected: bool


@dataclass(frozen=True, slots=True)
class ThemeNotes:
    name: str
    uses: list[Use]


def notes_of(colour: str) -> list[ThemeNotes]:
    """Say for both themes what becomes of a colour ("#rrggbb"); nothing without one."""
    if not colour:
        return []
    scheme = scheme_of(colour)
    return [
        ThemeNotes(_("Light"), _uses(colour, scheme.light, scheme.given_light, dark=False)),
        ThemeNotes(_("Dark"), _uses(colour, scheme.dark, scheme.given_dark, dark=True)),
    ]


def _uses(given: str, accent: Accent, before: float, *, dark: bool) -> list[Use]:
    links = _use(_("Links"), given, accent.link, accent.link_contrast, before, TEXT, dark=dark)
    shapes = _use(_("Buttons"), given, accent.fill, accent.fill_contrast, before, SHAPE, dark=dark)
    words = _("Written on the buttons.")
    return [links, shapes, Use(_("Words on buttons"), accent.ink, _ratio(accent.ink_contrast), words, corrected=False)]


def _use(name: str, given: str, shown: str, contrast: float, before: float, wanted: float, *, dark: bool) -> Use:
    if shown == given:
        words = _("As you chose it.")
    elif dark:
        words = _("%(given)s is too dark here: %(before)s, and %(wanted)s is the least.")
    else:
        words = _("%(given)s is too pale here: %(before)s, and %(wanted)s is the least.")
    told = {"given": given, "before": _ratio(before), "wanted": _ratio(wanted)}
    return Use(name, shown, _ratio(contrast), words % told if shown != given else words, corrected=shown != given)


def _ratio(contrast: float) -> str:
    return f"{int(contrast * 10) / 10:.1f}:1"  # cut, not rounded: 4.46 is not 4.5


def form_of(request: HttpRequest, company: Company) -> BrandingForm:
    if request.method == "POST":
        return BrandingForm(request.POST, request.FILES)
    page = request.GET.get("page", "")
    return BrandingForm(
        initial={"colour": company.brand_colour, "support_email": company.support_email, "page": page if page in PAGES else "welcome"}
    )


def preview_of(request: HttpRequest, company: Company, form: BrandingForm) -> str:
    """Render the page that the form asks for. What is not clean in it shows as it is stored."""
    clean = form.clean_parts()
    name = clean.get("page") or str(form.get_initial_for_field(form.fields["page"], "page") or "welcome")
    phase, context = SHOWN[name]
    shown = flow_preview.candidate(
        company,
        support_email=clean.get("support_email", company.support_email),
        colour=clean.get("colour", company.brand_colour),
        logo=clean.get("logo"),
        keeps_logo=not clean.get("drops_logo"),
        stored=branding.logo_of(company),
    )
    theme = request.GET.get("theme", "")
    return flow_preview.page_of(request, name, company=shown, phase=phase, theme=theme, logo=clean.get("logo"), **context)


def context_of(company: Company, form: BrandingForm) -> dict[str, Any]:
    """What the page and its live part show beside the form."""
    colour = form.clean_parts().get("colour", company.brand_colour)
    return {"form": form, "logo": branding.logo_of(company), "notes": notes_of(colour), "themes": flow_preview.THEMES}
