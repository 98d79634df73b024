"""What the branding page shows: the corrected colour in words, and the preview with whatever of the form is clean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from sessions_app.choices import Outcome
from sessions_app.extra_form import ExtraForm
from sessions_app.panel import flow_preview
from sessions_app.panel.branding_forms import BrandingForm
from settings_app import branding
from settings_app.colours import SHAPE, TEXT, Accent, scheme_of
from settings_app.models import Company

FIRST, EXTRA, LAST = "welcome", "extra", "done"
"""The pages of the preview, by their templates."""

PHASES = {FIRST: 1, EXTRA: 1, LAST: 4}


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
    return f"{int(contrast * 10) / 10:g}:1"  # cut, not rounded: 4.46 is not 4.5


def form_of(request: HttpRequest, company: Company) -> BrandingForm:
    pages = {FIRST: _("First page"), EXTRA: _("Extra fields"), LAST: _("Last page")}
    if not company.extra_fields.asked().exists():
        del pages[EXTRA]
    if request.method == "POST":
        return BrandingForm(request.POST, request.FILES, pages=pages)
    return BrandingForm(initial={"colour": company.brand_colour, "support_email": company.support_email, "page": FIRST}, pages=pages)


def preview_of(request: HttpRequest, company: Company, form: BrandingForm) -> str:
    """Render the page that the form asks for. What is not clean in it shows as it is stored."""
    clean = form.clean_parts()
    page, context = clean.get("page") or FIRST, _context(clean.get("page", ""), company)
    shown = flow_preview.candidate(
        company,
        support_email=clean.get("support_email", company.support_email),
        colour=clean.get("colour", company.brand_colour),
        logo=clean.get("logo"),
        keeps_logo=not clean.get("drops_logo"),
        stored=branding.logo_of(company),
    )
    theme = request.GET.get("theme", "")
    return flow_preview.page_of(request, page, company=shown, phase=PHASES[page], theme=theme, logo=clean.get("logo"), **context)


def _context(page: str, company: Company) -> dict[str, Any]:
    """What the template of a page asks for."""
    if page == EXTRA:
        return {"form": ExtraForm(fields=company.extra_fields.asked(), given={}, market="")}
    return {"outcome": Outcome.APPROVE, "reasons": []} if page == LAST else {}


def context_of(company: Company, form: BrandingForm) -> dict[str, Any]:
    """What the page and its live part show beside the form."""
    colour = form.clean_parts().get("colour", company.brand_colour)
    return {"form": form, "logo": branding.logo_of(company), "notes": notes_of(colour), "themes": flow_preview.THEMES}
